// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/database/flow_map.h>
#include <seem/database/material.h>
#include <seem/database/smooth_event_source.h>
#include <seem/database/state_grid.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

namespace seem::database
{
  namespace
  {
    constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

    Jump mean_jump(const law::EventSource &source, const State &state)
    {
      Jump mean;
      source.for_each_jump(state, [&mean](const Jump &jump, const double probability) {
        mean.dtau += probability * jump.dtau;
        mean.dx[0] += probability * jump.dx[0];
      });
      return mean;
    }

    /// v(a, b) = c0 + c1 a + c2 b + c3 a b in a cell, a along tau and b along X1 from 0 to 1.
    struct Bilinear
    {
      double c0, c1, c2, c3;

      double operator()(const double a, const double b) const
      {
        return c0 + c1 * a + c2 * b + c3 * a * b;
      }

      double scale() const
      {
        return std::abs(c1) + std::abs(c2) + std::abs(c3);
      }
    };

    /// A cell between four nodes of a flow map.
    class Cell
    {
    public:
      Cell(const FlowMap &map, const std::size_t i, const std::size_t j)
          : map(map), i(i), j(j), n_tau(map.tau.size())
      {
      }

      bool visited() const
      {
        return map.visited[node(0, 0)] && map.visited[node(1, 0)] && map.visited[node(0, 1)] &&
               map.visited[node(1, 1)];
      }

      Bilinear of(const std::vector<double> &values) const
      {
        const double v00 = values[node(0, 0)], v10 = values[node(1, 0)], v01 = values[node(0, 1)],
                     v11 = values[node(1, 1)];
        return {v00, v10 - v00, v01 - v00, v11 - v10 - v01 + v00};
      }

      double tau_at(const double a) const
      {
        return map.tau[i] + a * (map.tau[i + 1] - map.tau[i]);
      }

      double x1_at(const double b) const
      {
        return map.x1[j] + b * (map.x1[j + 1] - map.x1[j]);
      }

      std::size_t node(const std::size_t di, const std::size_t dj) const
      {
        return i + di + n_tau * (j + dj);
      }

    private:
      const FlowMap &map;
      std::size_t i, j, n_tau;
    };

    template <typename Visit>
    void for_each_cell(const FlowMap &map, const Visit &visit)
    {
      for (std::size_t j = 0; j + 1 < map.x1.size(); ++j)
        for (std::size_t i = 0; i + 1 < map.tau.size(); ++i)
          if (const Cell cell(map, i, j); cell.visited())
            visit(cell);
    }

    /// Real roots of p + q b + r b^2.
    std::vector<double> roots(const double p, const double q, const double r)
    {
      const double discriminant = q * q - 4.0 * p * r;
      if (discriminant < 0.0)
        return {};
      // Without cancellation; r = 0 leaves the one root p/s.
      const double s = -0.5 * (q + std::copysign(std::sqrt(discriminant), q));
      std::vector<double> result;
      if (s != 0.0)
        result.push_back(p / s);
      if (r != 0.0)
        result.push_back(s / r);
      return result;
    }

    /// A crossing of the zero with the line between two neighbouring nodes: its first node, and
    /// whether the second is the next one along tau.
    using Crossing = std::pair<std::size_t, bool>;

    /// The crossings of all cells, and which is joined to which within a cell.
    class CurveBuilder
    {
    public:
      CurveBuilder(const FlowMap &map, const std::vector<double> &values) : map(map), values(values)
      {
        for_each_cell(map, [this](const Cell &cell) { add(cell); });
      }

      std::vector<PlaneCurve> curves()
      {
        std::vector<PlaneCurve> result;
        // Curves with ends first, then what is left: closed ones.
        for (const std::size_t n_joined : {1, 2})
          for (const auto &[crossing, joined] : neighbours)
            if (joined.size() == n_joined && visited.count(crossing) == 0)
              result.push_back(follow(crossing));
        return result;
      }

    private:
      void add(const Cell &cell)
      {
        // In this order around the cell.
        const std::array<std::pair<std::size_t, std::size_t>, 4> sides = {
            {{cell.node(0, 0), cell.node(1, 0)},
             {cell.node(1, 0), cell.node(1, 1)},
             {cell.node(0, 1), cell.node(1, 1)},
             {cell.node(0, 0), cell.node(0, 1)}}};
        std::vector<Crossing> found;
        for (const auto &[from, to] : sides)
          if ((values[from] < 0.0) != (values[to] < 0.0))
            found.emplace_back(from, to == from + 1);
        // A saddle: as it is, the corners 10 and 01 are cut off; turned by one, the other two are.
        // The corners of the sign of the middle are joined through it.
        if (found.size() == 4 &&
            (cell.of(values)(0.5, 0.5) < 0.0) != (values[cell.node(0, 0)] < 0.0))
          std::rotate(found.begin(), found.begin() + 1, found.end());
        for (std::size_t k = 0; k + 1 < found.size(); k += 2)
        {
          neighbours[found[k]].push_back(found[k + 1]);
          neighbours[found[k + 1]].push_back(found[k]);
        }
      }

      PlaneCurve follow(const Crossing &begin)
      {
        PlaneCurve curve;
        Crossing here = begin;
        append(curve, here);
        for (bool found = true; found;)
        {
          found = false;
          for (const Crossing &next : neighbours[here])
            if (!found && visited.count(next) == 0)
            {
              here = next;
              append(curve, here);
              found = true;
            }
        }
        if (neighbours[begin].size() == 2)
        {
          curve.tau.push_back(curve.tau.front());
          curve.x1.push_back(curve.x1.front());
        }
        return curve;
      }

      void append(PlaneCurve &curve, const Crossing &crossing)
      {
        visited[crossing] = true;
        const std::size_t n_tau = map.tau.size();
        const auto [from, along_tau] = crossing;
        const std::size_t to = along_tau ? from + 1 : from + n_tau;
        const double share = values[from] / (values[from] - values[to]);
        const auto between = [&](const std::vector<double> &axis, const std::size_t a,
                                 const std::size_t b) {
          return axis[a] + share * (axis[b] - axis[a]);
        };
        curve.tau.push_back(between(map.tau, from % n_tau, to % n_tau));
        curve.x1.push_back(between(map.x1, from / n_tau, to / n_tau));
      }

      const FlowMap &map;
      const std::vector<double> &values;
      std::map<Crossing, std::vector<Crossing>> neighbours;
      std::map<Crossing, bool> visited;
    };
  } // namespace

  std::size_t BinMeans::fullest() const
  {
    return static_cast<std::size_t>(
        std::distance(n_events.begin(), std::max_element(n_events.begin(), n_events.end())));
  }

  BinMeans bin_means(const EventDatabase &database)
  {
    BinMeans means;
    means.n_tau = database.axes[0].n_bins();
    means.n_x1 = database.axes[1].n_bins();
    const std::size_t n = means.n_tau * means.n_x1;
    means.exposure.assign(n, 0.0);
    means.n_events.assign(n, 0.0);
    std::vector<double> n_increments(n, 0.0), n_jumps(n, 0.0);
    means.mean_dtau.assign(n, 0.0);
    means.mean_dx1.assign(n, 0.0);
    for (std::size_t bin = 0; bin < database.n_bins(); ++bin)
    {
      means.exposure[bin % n] += database.exposure[bin];
      means.n_events[bin % n] += database.n_events[bin];
      n_increments[bin % n] += database.n_increments[bin];
    }
    const StateGrid grid({database.axes[0], database.axes[1]});
    for (std::size_t e = 0; e < database.events.size(); ++e)
    {
      State state;
      state.tau = database.events.tau[e];
      state.x[0] = database.events.x[0][e];
      const std::size_t bin = grid.clamped_bin(state);
      n_jumps[bin] += 1.0;
      means.mean_dtau[bin] += database.events.dtau[e];
      means.mean_dx1[bin] += database.events.dx[0][e];
    }
    for (std::size_t bin = 0; bin < n; ++bin)
    {
      means.rate.push_back(
          n_increments[bin] > 0.0
              ? event_rate(means.n_events[bin], n_increments[bin], means.exposure[bin])
              : not_a_number);
      for (std::vector<double> *mean : {&means.mean_dtau, &means.mean_dx1})
        (*mean)[bin] = n_jumps[bin] > 0.0 ? (*mean)[bin] / n_jumps[bin] : not_a_number;
    }
    return means;
  }

  FlowMap flow_map(const EventDatabase &database)
  {
    const SmoothEventSource source(database, database.smoothing.value_or(Smoothing{}));
    const auto elasticity = make_elasticity(database);
    const std::vector<double> exposure = bin_means(database).exposure;

    FlowMap map;
    const auto centres = [](const Axis &axis) {
      std::vector<double> result;
      for (std::size_t i = 0; i < axis.n_bins(); ++i)
        result.push_back(0.5 * (axis.edges[i] + axis.edges[i + 1]));
      return result;
    };
    map.tau = centres(database.axes[0]);
    map.x1 = centres(database.axes[1]);
    for (std::size_t j = 0; j < map.x1.size(); ++j)
      for (std::size_t i = 0; i < map.tau.size(); ++i)
      {
        State state; // further variables zero
        state.tau = map.tau[i];
        state.x[0] = map.x1[j];
        const double rate = source.rate(state).rate;
        const Jump jump = mean_jump(source, state);
        map.rate.push_back(rate);
        map.mean_dtau.push_back(jump.dtau);
        map.mean_dx1.push_back(jump.dx[0]);
        map.dtau.push_back(elasticity->tangent(state.tau, state.x[0]) - rate * jump.dtau);
        map.dx1.push_back(rate * jump.dx[0]);
        map.visited.push_back(exposure[i + map.tau.size() * j] > 0.0);
      }
    return map;
  }

  std::vector<PlaneCurve> zero_curves(const FlowMap &map, const std::vector<double> &values)
  {
    return CurveBuilder(map, values).curves();
  }

  std::vector<FixedPoint> fixed_points(const FlowMap &map)
  {
    std::vector<FixedPoint> points;
    for_each_cell(map, [&](const Cell &cell) {
      const Bilinear f = cell.of(map.dtau), g = cell.of(map.dx1);
      // a = -(f0 + f2 b)/(f1 + f3 b) in g = 0: a quadratic in b.
      for (const double b :
           roots(g.c0 * f.c1 - g.c1 * f.c0, g.c0 * f.c3 + g.c2 * f.c1 - g.c1 * f.c2 - g.c3 * f.c0,
                 g.c2 * f.c3 - g.c3 * f.c2))
      {
        const double f_slope = f.c1 + f.c3 * b, g_slope = g.c1 + g.c3 * b;
        // From the equation that depends on a the more clearly.
        const bool by_f = std::abs(f_slope) * g.scale() >= std::abs(g_slope) * f.scale();
        const double a = by_f ? -(f.c0 + f.c2 * b) / f_slope : -(g.c0 + g.c2 * b) / g_slope;
        // Half open, so that a point on the line between two cells is found once.
        if (!(a >= 0.0 && a < 1.0 && b >= 0.0 && b < 1.0))
          continue;
        const double width = cell.tau_at(1.0) - cell.tau_at(0.0),
                     height = cell.x1_at(1.0) - cell.x1_at(0.0);
        const double f_tau = f_slope / width, f_x1 = (f.c2 + f.c3 * a) / height,
                     g_tau = g_slope / width, g_x1 = (g.c2 + g.c3 * a) / height;
        // Both eigenvalues of a 2 x 2 matrix are negative: trace negative, determinant positive.
        points.push_back({cell.tau_at(a), cell.x1_at(b),
                          f_tau + g_x1 < 0.0 && f_tau * g_x1 - f_x1 * g_tau > 0.0});
      }
    });
    std::sort(points.begin(), points.end(),
              [](const FixedPoint &a, const FixedPoint &b) { return a.x1 < b.x1; });
    return points;
  }
} // namespace seem::database
