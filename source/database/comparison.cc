// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/database/comparison.h>
#include <seem/database/merge.h>
#include <seem/database/state_grid.h>
#include <seem/database/subset.h>

#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

namespace seem::database
{
  namespace
  {
    constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

    /// Below so many events the number in a bin is not about normal.
    constexpr double fewest_events = 5.0;

    /// What is compared. The jumps have the same index in BinSums::sum.
    enum Quantity : std::size_t
    {
      dtau,
      dx1,
      rate
    };

    /// Sums over the events of a bin, and the strain spent in it.
    struct BinSums
    {
      double n = 0.0, n_increments = 0.0, exposure = 0.0;
      std::array<double, 2> sum = {{0.0, 0.0}}, squares = {{0.0, 0.0}};

      void add(const BinSums &other, const double sign)
      {
        n += sign * other.n;
        n_increments += sign * other.n_increments;
        exposure += sign * other.exposure;
        for (std::size_t k = 0; k < sum.size(); ++k)
        {
          sum[k] += sign * other.sum[k];
          squares[k] += sign * other.squares[k];
        }
      }

      /// The quantity itself.
      double value(const Quantity quantity) const
      {
        return quantity == rate ? event_rate(n, n_increments, exposure) : sum[quantity] / n;
      }

      /// What the quantity is a mean over: its weight.
      double weight(const Quantity quantity) const
      {
        return quantity == rate ? exposure : n;
      }

      /// Variance of the mean jump.
      double variance_of_mean(const Quantity quantity) const
      {
        const double mean = sum[quantity] / n;
        return std::max(0.0, squares[quantity] / n - mean * mean) / (n - 1.0);
      }
    };

    /// A database by bins and glasses.
    struct Counts
    {
      std::vector<BinSums> bins;                           ///< [n_bins]
      std::vector<std::map<std::size_t, BinSums>> glasses; ///< by bin
      double dispersion = 1.0;                             ///< phi
    };

    Counts count(const EventDatabase &database)
    {
      std::map<std::pair<std::string, std::string>, std::size_t> numbers;
      std::vector<std::size_t> glass;
      for (const Sample &sample : database.samples)
        glass.push_back(numbers.emplace(glass_of(sample), numbers.size()).first->second);

      Counts counts;
      counts.bins.resize(database.n_bins());
      counts.glasses.resize(numbers.size());
      for (std::size_t bin = 0; bin < counts.bins.size(); ++bin)
      {
        counts.bins[bin].exposure = database.exposure[bin];
        counts.bins[bin].n_increments = database.n_increments[bin];
      }
      const VisitTable &visits = database.visits;
      for (std::size_t i = 0; i < visits.size(); ++i)
      {
        BinSums &entry = counts.glasses[glass[visits.sample[i]]][visits.bin[i]];
        entry.exposure += visits.exposure[i];
        entry.n_increments += visits.n_increments[i];
      }
      const StateGrid grid(database.axes);
      const EventTable &events = database.events;
      for (std::size_t i = 0; i < events.size(); ++i)
      {
        State state;
        state.tau = events.tau[i];
        for (std::size_t k = 0; k < events.x.size(); ++k)
          state.x[k] = events.x[k][i];
        const std::size_t bin = grid.clamped_bin(state);
        BinSums event;
        event.n = 1.0;
        event.sum = {{events.dtau[i], events.dx[0][i]}};
        event.squares = {{event.sum[0] * event.sum[0], event.sum[1] * event.sum[1]}};
        counts.bins[bin].add(event, 1.0);
        counts.glasses[glass[events.sample[i]]][bin].add(event, 1.0);
      }
      return counts;
    }

    /// phi: Pearson's chi^2 of the glasses over its degrees of freedom.
    double dispersion(const Counts &counts)
    {
      double chi_squared = 0.0, freedom = 0.0;
      std::vector<bool> used(counts.bins.size(), false);
      for (const auto &glass : counts.glasses)
        for (const auto &[bin, sums] : glass)
        {
          const BinSums &all = counts.bins[bin];
          if (all.n < fewest_events)
            continue;
          const double expected = all.n * sums.exposure / all.exposure;
          chi_squared += (sums.n - expected) * (sums.n - expected) / expected;
          freedom += used[bin] ? 1.0 : 0.0;
          used[bin] = true;
        }
      return freedom > 0.0 ? std::max(1.0, chi_squared / freedom) : 1.0;
    }

    /// Sums over the bins of two databases at equal state.
    struct EqualState
    {
      double weight = 0.0, a = 0.0, b = 0.0;

      void add(const BinSums &p, const BinSums &q, const Quantity quantity, const double sign)
      {
        const double x = p.weight(quantity), y = q.weight(quantity);
        if (!(x > 0.0 && y > 0.0))
          return;
        const double w = sign * x * y / (x + y);
        weight += w;
        a += w * p.value(quantity);
        b += w * q.value(quantity);
      }

      double shift() const
      {
        return (b - a) / weight;
      }
    };

    /// Jackknife variance of the shift over the glasses of one side.
    double jackknife_variance(const Counts &p, const Counts &q, const Quantity quantity,
                              const EqualState &all, const bool of_first)
    {
      const auto &glasses = of_first ? p.glasses : q.glasses;
      std::vector<double> shifts;
      for (const auto &glass : glasses)
      {
        EqualState left = all;
        for (const auto &[bin, sums] : glass)
        {
          left.add(p.bins[bin], q.bins[bin], quantity, -1.0);
          BinSums without = of_first ? p.bins[bin] : q.bins[bin];
          without.add(sums, -1.0);
          constexpr double round_off = 1e-12; // of a bin that only this glass visited
          if (without.weight(quantity) > round_off)
            left.add(of_first ? without : p.bins[bin], of_first ? q.bins[bin] : without, quantity,
                     1.0);
        }
        shifts.push_back(left.shift());
      }
      const double n = static_cast<double>(shifts.size());
      if (shifts.size() < 2)
        return not_known;
      double mean = 0.0, sum = 0.0;
      for (const double value : shifts)
        mean += value / n;
      for (const double value : shifts)
        sum += (value - mean) * (value - mean);
      return (n - 1.0) / n * sum;
    }

    ComparedStatistic compared(const std::string &name, const std::string &unit, const Counts &p,
                               const Counts &q, const Quantity quantity, const bool glasses_known)
    {
      ComparedStatistic result;
      result.name = name;
      result.unit = unit;
      EqualState sums;
      for (std::size_t bin = 0; bin < p.bins.size(); ++bin)
      {
        const BinSums &x = p.bins[bin], &y = q.bins[bin];
        sums.add(x, y, quantity, 1.0);
        if (x.n < fewest_events || y.n < fewest_events)
          continue;
        ComparedBin entry = {bin,
                             static_cast<std::size_t>(x.n),
                             static_cast<std::size_t>(y.n),
                             {x.value(quantity), 0.0},
                             {y.value(quantity), 0.0},
                             0.0};
        double variance = 0.0; // of the difference
        if (quantity == rate)
        {
          const double both =
              event_rate(x.n + y.n, x.n_increments + y.n_increments, x.exposure + y.exposure);
          entry.a.standard_error = std::sqrt(p.dispersion * entry.a.value / x.exposure);
          entry.b.standard_error = std::sqrt(q.dispersion * entry.b.value / y.exposure);
          variance = both * (p.dispersion / x.exposure + q.dispersion / y.exposure);
        }
        else
        {
          entry.a.standard_error = std::sqrt(x.variance_of_mean(quantity));
          entry.b.standard_error = std::sqrt(y.variance_of_mean(quantity));
          variance = x.variance_of_mean(quantity) + y.variance_of_mean(quantity);
        }
        if (!(variance > 0.0))
          continue; // jumps that are all the same say nothing of their scatter
        entry.difference = (entry.b.value - entry.a.value) / std::sqrt(variance);
        result.chi_squared += entry.difference * entry.difference;
        result.bins.push_back(entry);
      }
      if (!result.bins.empty())
        result.p_value = boost::math::gamma_q(0.5 * static_cast<double>(result.bins.size()),
                                              0.5 * result.chi_squared);

      if (!(sums.weight > 0.0))
        return result;
      result.mean_a = sums.a / sums.weight;
      result.mean_b = sums.b / sums.weight;
      result.shift = {sums.shift(), glasses_known
                                        ? std::sqrt(jackknife_variance(p, q, quantity, sums, true) +
                                                    jackknife_variance(p, q, quantity, sums, false))
                                        : not_known};
      result.difference =
          result.shift.value == 0.0 ? 0.0 : result.shift.value / result.shift.standard_error;
      return result;
    }

    ComparedNumber compared(const std::string &name, const std::string &unit, const FittedNumber &a,
                            const FittedNumber &b)
    {
      ComparedNumber number{name, unit, a, b, not_known};
      if (a.standard_error > 0.0 && b.standard_error > 0.0)
        number.difference = (b.value - a.value) / std::hypot(a.standard_error, b.standard_error);
      return number;
    }

    bool same_grid(const EventDatabase &a, const EventDatabase &b)
    {
      if (a.axes.size() != b.axes.size())
        return false;
      for (std::size_t i = 0; i < a.axes.size(); ++i)
      {
        if (a.axes[i].name != b.axes[i].name || a.axes[i].n_bins() != b.axes[i].n_bins())
          return false;
        const std::vector<double> &p = a.axes[i].edges, &q = b.axes[i].edges;
        const double round_off = 1e-9 * (p.back() - p.front());
        for (std::size_t k = 0; k < p.size(); ++k)
          if (std::abs(p[k] - q[k]) > round_off)
            return false;
      }
      return true;
    }

    FittedNumber total_rate(const EventDatabase &database, const double dispersion)
    {
      const double exposure =
          std::accumulate(database.exposure.begin(), database.exposure.end(), 0.0);
      const double n = static_cast<double>(database.events.size());
      return exposure > 0.0 ? FittedNumber{n / exposure, std::sqrt(dispersion * n) / exposure}
                            : FittedNumber{};
    }

    std::vector<ComparedNumber> compared_constants(const EventDatabase &a, const EventDatabase &b)
    {
      const ElasticConstants &p = a.elasticity, &q = b.elasticity;
      std::vector<ComparedNumber> numbers = {
          compared("G0", "GPa", p.g0, q.g0),
          compared("uA", "eV", p.u_a, q.u_a),
          compared("tauA", "GPa", p.tau_a, q.tau_a),
          compared("tauB", "GPa", p.tau_b, q.tau_b),
          compared("u0", "eV", {a.u0, 0.0}, {b.u0, 0.0}),
          compared("volume", "A^3", {a.volume, 0.0}, {b.volume, 0.0})};
      if (a.memory && b.memory)
      {
        numbers.push_back(compared("memory", "1", a.memory->mean, b.memory->mean));
        numbers.push_back(compared("per decade", "1", a.memory->per_decade, b.memory->per_decade));
        numbers.push_back(
            compared("relaxation", "1", a.memory->relaxation_strain, b.memory->relaxation_strain));
      }
      return numbers;
    }

    std::vector<ComparedSetting> different_settings(const EventDatabase &a, const EventDatabase &b)
    {
      std::set<std::string> names;
      for (const EventDatabase *database : {&a, &b})
        for (const auto &[name, value] : database->settings)
          names.insert(name);
      const auto value = [](const EventDatabase &database, const std::string &name) {
        const auto found = database.settings.find(name);
        return found == database.settings.end() ? std::string() : found->second;
      };
      std::vector<ComparedSetting> settings;
      for (const std::string &name : names)
        if (value(a, name) != value(b, name))
          settings.push_back({name, value(a, name), value(b, name)});
      return settings;
    }

    std::size_t n_common_runs(const EventDatabase &a, const EventDatabase &b)
    {
      std::set<std::string> known;
      for (const Sample &sample : a.samples)
        known.insert(sample.checksum);
      known.erase("");
      return static_cast<std::size_t>(
          std::count_if(b.samples.begin(), b.samples.end(),
                        [&](const Sample &sample) { return known.count(sample.checksum) > 0; }));
    }
  } // namespace

  Comparison compare(const EventDatabase &a, const EventDatabase &b)
  {
    check(a);
    check(b);
    Comparison result;
    result.constants = compared_constants(a, b);
    result.settings = different_settings(a, b);
    result.n_common_runs = n_common_runs(a, b);

    EventDatabase x = a, y = b;
    remove_memory(x);
    remove_memory(y);
    const bool visits_known = a.visits.size() > 0 && b.visits.size() > 0;
    Counts p = count(x), q = count(y);
    p.dispersion = visits_known ? dispersion(p) : 1.0;
    q.dispersion = visits_known ? dispersion(q) : 1.0;
    result.total_rate =
        compared("rate", "1/strain", total_rate(a, p.dispersion), total_rate(b, q.dispersion));
    result.same_grid = same_grid(x, y);
    if (!result.same_grid)
      return result;
    result.axes = x.axes;
    result.rate = compared("rate", "1/strain", p, q, rate, visits_known);
    result.dtau = compared("mean dtau", "GPa", p, q, dtau, visits_known);
    result.dx1 = compared("mean dX1", "eV", p, q, dx1, visits_known);
    return result;
  }
} // namespace seem::database
