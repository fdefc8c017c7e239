// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/statistics/noise_floor.h>
#include <seem/statistics/table_fit.h>

#include <fmt/format.h>

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>

namespace seem::statistics
{
  namespace
  {
    /// T: relative deviation from Eq. (7) that costs one unit if all of the table has it.
    constexpr double deviation_scale = 0.3;

    /// Beyond the lowest and the highest X1 the table goes on for this share of their distance.
    constexpr double x1_margin = 0.25;

    /// Nodes stay above this share of Eq. (7): a step that would cross it is halved.
    constexpr double smallest_compliance = 0.1;

    /// Moduli are not trusted beyond this share of their median, in data without noise.
    constexpr double smallest_spread = 1e-3;

    using Vector = Eigen::VectorXd;
    using Matrix = Eigen::MatrixXd;

    /// The pieces of all runs with their X1.
    struct Points
    {
      std::vector<double> tau, x1, modulus, weight;
    };

    Points points_of(const std::vector<const BranchData *> &runs, const ElasticModel &model,
                     const double u0)
    {
      Points points;
      for (const BranchData *run : runs)
      {
        const auto elasticity = model.elasticity(run->initial.atomic_volume);
        for (const BranchPiece &piece : run->pieces)
        {
          points.tau.push_back(std::abs(piece.tau));
          points.x1.push_back(elasticity->inelastic_energy(piece.energy - u0, piece.tau_of_energy));
          points.modulus.push_back(piece.modulus);
          points.weight.push_back(piece.weight);
        }
      }
      return points;
    }

    std::vector<double> equally_spaced(const double begin, const double end, const std::size_t n)
    {
      std::vector<double> nodes;
      for (std::size_t i = 0; i < n; ++i)
        nodes.push_back(begin +
                        (end - begin) * static_cast<double>(i) / static_cast<double>(n - 1));
      return nodes;
    }

    /// Nodes that cover @p points.
    database::ElasticityTable make_axes(const Points &points,
                                        const std::array<std::size_t, 2> &n_nodes)
    {
      const double tau = *std::max_element(points.tau.begin(), points.tau.end());
      const auto [low, high] = std::minmax_element(points.x1.begin(), points.x1.end());
      if (!(tau > 0.0) || !(*high > *low))
        throw InputError("table fit: all event-free pieces lie at one stress or one X1");
      database::ElasticityTable table;
      table.tau = equally_spaced(0.0, tau, n_nodes[0]);
      const double margin = x1_margin * (*high - *low);
      table.x1 = equally_spaced(*low - margin, *high + margin, n_nodes[1]);
      return table;
    }

    /// Weights of the two nodes around a value; constant beyond the ends.
    struct Hat
    {
      std::size_t index;
      double share; ///< of node index + 1; node index has the rest
    };

    Hat hat(const std::vector<double> &nodes, const double value)
    {
      const double position = (value - nodes.front()) / (nodes.back() - nodes.front()) *
                              static_cast<double>(nodes.size() - 1);
      const double clamped =
          std::clamp(position, 0.0, static_cast<double>(nodes.size() - 1) * (1.0 - 1e-12));
      const double index = std::floor(clamped);
      return {static_cast<std::size_t>(index), clamped - index};
    }

    /// The quadratic form of the penalty on q.
    Matrix penalty_of(const std::array<std::size_t, 2> &n, const double curvature)
    {
      const auto size = static_cast<Eigen::Index>(n[0] * n[1]);
      const double cell = 1.0 / static_cast<double>((n[0] - 1) * (n[1] - 1));
      Matrix penalty = Matrix::Identity(size, size) * cell / (deviation_scale * deviation_scale);
      for (std::size_t node = 0; node < n[0] * n[1]; ++node)
        for (std::size_t axis = 0; axis < 2; ++axis)
        {
          const std::size_t place = axis == 0 ? node % n[0] : node / n[0];
          if (place == 0 || place + 1 == n[axis])
            continue;
          const double inverse_square = std::pow(static_cast<double>(n[axis] - 1), 2.0);
          const std::size_t stride = axis == 0 ? 1 : n[0];
          Vector second = Vector::Zero(size);
          second[static_cast<Eigen::Index>(node - stride)] = inverse_square;
          second[static_cast<Eigen::Index>(node)] = -2.0 * inverse_square;
          second[static_cast<Eigen::Index>(node + stride)] = inverse_square;
          penalty += second * second.transpose() * cell / (curvature * curvature);
        }
      return penalty;
    }

    void check(const std::vector<const BranchData *> &runs, const TableFitSettings &settings)
    {
      std::size_t n_pieces = 0;
      for (const BranchData *run : runs)
        n_pieces += run->pieces.size();
      if (n_pieces == 0)
        throw InputError(fmt::format(
            "table fit: no event-free piece in {} runs; lower the piece strain", runs.size()));
      if (settings.n_nodes[0] < 2 || settings.n_nodes[1] < 2)
        throw InputError(fmt::format("table fit: {} x {} nodes, expected 2 or more along each axis",
                                     settings.n_nodes[0], settings.n_nodes[1]));
      if (!(settings.curvature > 0.0) || !std::isfinite(settings.curvature))
        throw InputError(
            fmt::format("table fit: curvature = {} must be positive", settings.curvature));
    }

    /// The iteration: nodes, their deviations q, and the equations of a step.
    class TableIteration
    {
    public:
      TableIteration(const std::vector<const BranchData *> &runs, const TaylorConstants &prior,
                     const TableFitSettings &settings, const database::ElasticityTable *start)
          : runs(runs), settings(settings), model{prior, {}}
      {
        refresh();
        model.table = start != nullptr ? *start : make_axes(points, settings.n_nodes);
        const law::TaylorElasticity taylor = prior.elasticity(1.0);
        const std::size_t n_tau = model.table->tau.size(), n_x1 = model.table->x1.size();
        taylor_compliance.resize(static_cast<Eigen::Index>(n_tau * n_x1));
        for (std::size_t n = 0; n < n_tau * n_x1; ++n)
          taylor_compliance[static_cast<Eigen::Index>(n)] =
              1.0 / taylor.tangent(model.table->tau[n % n_tau], model.table->x1[n / n_tau]);
        q = Vector::Zero(taylor_compliance.size());
        if (start != nullptr)
          q = Eigen::Map<const Vector>(start->compliance.data(), q.size())
                  .cwiseQuotient(taylor_compliance)
                  .array() -
              1.0;
        penalty = penalty_of({{n_tau, n_x1}}, settings.curvature);
        set_nodes();
        refresh();
      }

      /// One step; the largest change of q.
      double step()
      {
        const double floor = smallest_spread * median(points.modulus);
        const double sigma = std::max(robust_spread(residuals, median(residuals)), floor);
        const double bend = settings.robust_scale * sigma;

        Matrix normal = penalty;
        Vector right = -penalty * q;
        for (std::size_t k = 0; k < points.tau.size(); ++k)
        {
          const double excess = std::abs(residuals[k]);
          const double robust = bend > 0.0 && excess > bend ? bend / excess : 1.0;
          const double weight = points.weight[k] * robust / (sigma * sigma);

          // d(G_t)/dq of the four nodes around the piece.
          const std::size_t n_tau = model.table->tau.size();
          const Hat i = hat(model.table->tau, points.tau[k]);
          const Hat j = hat(model.table->x1, points.x1[k]);
          const double modulus = points.modulus[k] - residuals[k];
          Eigen::Index node[4];
          double slope[4];
          for (std::size_t c = 0; c < 4; ++c)
          {
            node[c] = static_cast<Eigen::Index>(i.index + c % 2 + n_tau * (j.index + c / 2));
            slope[c] = -modulus * modulus * taylor_compliance[node[c]] *
                       (c % 2 == 1 ? i.share : 1.0 - i.share) *
                       (c / 2 == 1 ? j.share : 1.0 - j.share);
          }
          for (std::size_t a = 0; a < 4; ++a)
          {
            right[node[a]] += weight * slope[a] * residuals[k];
            for (std::size_t b = 0; b < 4; ++b)
              normal(node[a], node[b]) += weight * slope[a] * slope[b];
          }
        }

        Vector change = normal.ldlt().solve(right);
        while ((q + change).minCoeff() < smallest_compliance - 1.0)
          change *= 0.5;
        q += change;
        set_nodes();
        refresh();
        return change.cwiseAbs().maxCoeff();
      }

      TableFit result() const
      {
        TableFit fit;
        fit.table = *model.table;
        fit.u0 = u0;
        fit.spread = robust_spread(residuals, median(residuals));
        double total = 0.0;
        for (std::size_t k = 0; k < residuals.size(); ++k)
        {
          fit.bias += points.weight[k] * residuals[k];
          total += points.weight[k];
        }
        fit.bias /= total;
        return fit;
      }

    private:
      void set_nodes()
      {
        const Vector compliance = taylor_compliance.cwiseProduct((q.array() + 1.0).matrix());
        model.table->compliance.assign(compliance.data(), compliance.data() + compliance.size());
        model.table->standard_error.assign(model.table->compliance.size(), 0.0);
      }

      /// u0, X1 of the pieces and residuals with the model as it is.
      void refresh()
      {
        u0 = settings.reference_energy.value_or(lowest_stress_free_energy(runs, model));
        points = points_of(runs, model, u0);
        const auto elasticity = model.elasticity(1.0);
        residuals.clear();
        for (std::size_t k = 0; k < points.tau.size(); ++k)
          residuals.push_back(points.modulus[k] - elasticity->tangent(points.tau[k], points.x1[k]));
      }

      const std::vector<const BranchData *> &runs;
      const TableFitSettings &settings;
      ElasticModel model;
      double u0 = 0.0;
      Points points;
      std::vector<double> residuals; ///< [n_pieces] [GPa]
      Vector taylor_compliance;      ///< [n_nodes] [1/GPa]
      Vector q;                      ///< [n_nodes]
      Matrix penalty;
    };
  } // namespace

  TableFit fit_table(const std::vector<const BranchData *> &runs, const TaylorConstants &prior,
                     const TableFitSettings &settings, const database::ElasticityTable *start)
  {
    check(runs, settings);
    TableIteration iteration(runs, prior, settings, start);
    unsigned int n_iterations = 0;
    bool settled = false;
    for (; n_iterations < settings.max_iterations && !settled; ++n_iterations)
      settled = iteration.step() < settings.tolerance;
    TableFit fit = iteration.result();
    fit.n_iterations = n_iterations;
    fit.settled = settled;
    return fit;
  }
} // namespace seem::statistics
