// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/database/event_database.h>
#include <seem/database/harvested_elasticity.h>
#include <seem/database/state_grid.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace seem::database
{
  namespace
  {
    /// The message is made only if it is needed: there are as many questions as numbers.
    template <typename... Values>
    void require(const bool condition, const fmt::format_string<const Values &...> message,
                 const Values &...values)
    {
      if (!condition)
        throw InputError("event database: " + fmt::format(message, values...));
    }

    void require_size(const std::size_t size, const std::size_t expected, const char *name)
    {
      require(size == expected, "{} has {} entries, {} are expected", name, size, expected);
    }

    void require_finite(const std::vector<double> &values, const char *name)
    {
      for (std::size_t i = 0; i < values.size(); ++i)
        require(std::isfinite(values[i]), "{}[{}] = {} is not a finite number", name, i, values[i]);
    }

    void require_nonnegative(const std::vector<double> &values, const char *name)
    {
      require_finite(values, name);
      for (std::size_t i = 0; i < values.size(); ++i)
        require(values[i] >= 0.0, "{}[{}] = {} is negative", name, i, values[i]);
    }

    void require_positive(const double value, const char *name, const bool may_be_infinite = false)
    {
      require(value > 0.0 && (may_be_infinite || std::isfinite(value)), "{} = {} must be positive",
              name, value);
    }

    void check_table(const EventDatabase &database)
    {
      if (!database.elasticity_table)
        return;
      const ElasticityTable &table = *database.elasticity_table;
      try
      {
        harvested_elasticity(database, database.atomic_volume());
      }
      catch (const InputError &error)
      {
        throw InputError(std::string("event database: ") + error.what());
      }
      require_size(table.standard_error.size(), table.compliance.size(),
                   "elasticity_table.standard_error");
      require_nonnegative(table.standard_error, "elasticity_table.standard_error");
    }

    void check_axes(const EventDatabase &database)
    {
      require(database.axes.size() >= 2, "{} axes: tau and at least X1 are needed",
              database.axes.size());
      try
      {
        const StateGrid grid(database.axes);
      }
      catch (const InputError &error)
      {
        throw InputError(std::string("event database: ") + error.what());
      }
    }

    void check_bins(const EventDatabase &database)
    {
      const std::size_t n = database.n_bins();
      require_size(database.exposure.size(), n, "exposure");
      require_size(database.n_events.size(), n, "n_events");
      require_size(database.n_increments.size(), n, "n_increments");
      require_size(database.rate.size(), n, "rate");
      require_nonnegative(database.exposure, "exposure");
      require_nonnegative(database.n_events, "n_events");
      require_nonnegative(database.n_increments, "n_increments");
      require_nonnegative(database.rate, "rate");

      double n_events = 0.0;
      for (std::size_t i = 0; i < n; ++i)
      {
        require(database.n_events[i] <= database.n_increments[i],
                "bin {}: {} event increments of {} increments", i, database.n_events[i],
                database.n_increments[i]);
        require((database.n_increments[i] > 0.0) == (database.exposure[i] > 0.0),
                "bin {}: {} increments but an exposure of {}", i, database.n_increments[i],
                database.exposure[i]);
        n_events += database.n_events[i];
      }
      require(n_events == static_cast<double>(database.events.size()),
              "the bins count {} events, the event table has {}", n_events, database.events.size());
    }

    void check_events(const EventDatabase &database)
    {
      const EventTable &events = database.events;
      const std::size_t n = events.size();
      const std::size_t n_x = database.n_internal_variables();
      require_size(events.x.size(), n_x, "events.x");
      require_size(events.dx.size(), n_x, "events.dx");
      require_size(events.dtau.size(), n, "events.dtau");
      require_size(events.net_dtau.size(), n, "events.net_dtau");
      require_size(events.strain.size(), n, "events.strain");
      require_size(events.sample.size(), n, "events.sample");
      require_finite(events.tau, "events.tau");
      require_finite(events.dtau, "events.dtau");
      require_finite(events.net_dtau, "events.net_dtau");
      require_finite(events.strain, "events.strain");
      if (!events.plastic_strain.empty() || !events.heat.empty())
      {
        require_size(events.plastic_strain.size(), n, "events.plastic_strain");
        require_size(events.heat.size(), n, "events.heat");
        require_finite(events.plastic_strain, "events.plastic_strain");
        require_finite(events.heat, "events.heat");
      }
      for (std::size_t i = 0; i < n_x; ++i)
      {
        require_size(events.x[i].size(), n, "events.x[i]");
        require_size(events.dx[i].size(), n, "events.dx[i]");
        require_finite(events.x[i], "events.x[i]");
        require_finite(events.dx[i], "events.dx[i]");
      }
      for (std::size_t i = 0; i < n; ++i)
        require(events.sample[i] < database.samples.size(),
                "event {} names sample {}, there are {}", i, events.sample[i],
                database.samples.size());
    }

    /// The visits of the samples add up to the bins.
    void check_visits(const EventDatabase &database)
    {
      const VisitTable &visits = database.visits;
      require_size(visits.bin.size(), visits.size(), "visits.bin");
      require_size(visits.exposure.size(), visits.size(), "visits.exposure");
      require_size(visits.n_increments.size(), visits.size(), "visits.n_increments");
      if (visits.size() == 0)
        return;
      require_nonnegative(visits.exposure, "visits.exposure");
      require_nonnegative(visits.n_increments, "visits.n_increments");

      std::vector<double> exposure(database.n_bins(), 0.0), n_increments(database.n_bins(), 0.0);
      for (std::size_t i = 0; i < visits.size(); ++i)
      {
        require(visits.sample[i] < database.samples.size(),
                "visit {} names sample {}, there are {}", i, visits.sample[i],
                database.samples.size());
        require(visits.bin[i] < database.n_bins(), "visit {} names bin {}, there are {}", i,
                visits.bin[i], database.n_bins());
        require(i == 0 || std::pair(visits.sample[i - 1], visits.bin[i - 1]) <
                              std::pair(visits.sample[i], visits.bin[i]),
                "visit {} is not in the order of samples and bins", i);
        exposure[visits.bin[i]] += visits.exposure[i];
        n_increments[visits.bin[i]] += visits.n_increments[i];
      }
      constexpr double round_off = 1e-9; // of sums in another order
      for (std::size_t bin = 0; bin < exposure.size(); ++bin)
      {
        require(n_increments[bin] == database.n_increments[bin],
                "bin {}: the samples visited it in {} increments, all in all {} are "
                "counted",
                bin, n_increments[bin], database.n_increments[bin]);
        require(std::abs(exposure[bin] - database.exposure[bin]) <=
                    round_off * database.exposure[bin],
                "bin {}: the exposures of the samples add up to {}, expected {}", bin,
                exposure[bin], database.exposure[bin]);
      }
    }

    void check_samples(const EventDatabase &database)
    {
      for (const Sample &sample : database.samples)
      {
        bool finite = std::isfinite(sample.cooling_rate) && std::isfinite(sample.final_strain) &&
                      std::isfinite(sample.initial.tau);
        for (const double x : sample.initial.x)
          finite = finite && std::isfinite(x);
        require(finite, "sample '{}': a number is not finite", sample.name);
        require(sample.n_atoms > 0.0 && sample.volume > 0.0, "sample '{}': {} atoms in {} A^3",
                sample.name, sample.n_atoms, sample.volume);
      }
    }
  } // namespace

  double ElasticityTable::relative_error() const
  {
    double sum = 0.0;
    for (std::size_t i = 0; i < compliance.size(); ++i)
      sum += std::pow(standard_error[i] / compliance[i], 2);
    return std::sqrt(sum / static_cast<double>(compliance.size()));
  }

  double Memory::initial(const double cooling_rate) const
  {
    if (!(reference_rate > 0.0) || !(cooling_rate > 0.0))
      return mean.value;
    return mean.value + per_decade.value * std::log10(cooling_rate / reference_rate);
  }

  double Memory::change(const double s, const double plastic_strain) const
  {
    return s * std::expm1(-std::max(plastic_strain, 0.0) / relaxation_strain.value);
  }

  double event_rate(const double n_events, const double n_increments, const double exposure)
  {
    if (!(n_increments > 0.0) || !(exposure > 0.0))
      return 0.0;
    const double share = std::min(n_events, n_increments - 0.5) / n_increments;
    return -std::log1p(-share) * n_increments / exposure;
  }

  void complete_events(EventDatabase &database)
  {
    EventTable &events = database.events;
    if (events.plastic_strain.size() == events.size() && events.heat.size() == events.size())
      return;
    events.plastic_strain.clear();
    events.heat.clear();
    std::unique_ptr<const law::Elasticity> elasticity;
    for (std::size_t i = 0; i < events.size(); ++i)
    {
      const Sample &sample = database.samples[events.sample[i]];
      if (i == 0 || events.sample[i] != events.sample[i - 1])
        elasticity = harvested_elasticity(database, sample.volume / sample.n_atoms);
      const double after = events.tau[i] + events.net_dtau[i];
      const double before = after + events.dtau[i];
      const double x1 = events.x[0][i], dx1 = events.dx[0][i];
      events.plastic_strain.push_back(elasticity->elastic_strain(before, x1) -
                                      elasticity->elastic_strain(after, x1 + dx1));
      events.heat.push_back(sample.n_atoms * (elasticity->elastic_energy(before, x1) -
                                              elasticity->elastic_energy(after, x1 + dx1) - dx1));
    }
  }

  void check(const EventDatabase &database)
  {
    check_axes(database);
    require_positive(database.n_atoms, "number of atoms");
    require_positive(database.volume, "volume");
    require_positive(database.strain_increment, "strain increment");
    require(std::isfinite(database.u0), "u0 = {} is not a finite number", database.u0);
    require(std::isfinite(database.minimum_events) && database.minimum_events >= 0.0,
            "minimum events = {} is not a count", database.minimum_events);

    const ElasticConstants &elasticity = database.elasticity;
    require_positive(elasticity.g0.value, "G0");
    require_positive(elasticity.u_a.value, "uA", true);
    require_positive(elasticity.tau_a.value, "tauA", true);
    require_positive(elasticity.tau_b.value, "tauB", true);
    check_table(database);

    if (database.smoothing)
    {
      require_positive(database.smoothing->rate_curvature, "rate curvature");
      require_positive(database.smoothing->size_curvature, "size curvature");
      require(database.smoothing->kernel_events >= 1.0 &&
                  std::isfinite(database.smoothing->kernel_events),
              "a kernel of {} events, expected at least 1", database.smoothing->kernel_events);
    }
    if (database.memory)
    {
      require(database.n_internal_variables() >= 2,
              "there is a memory, but no third axis for its variable");
      require_positive(database.memory->relaxation_strain.value, "relaxation strain of the memory");
      require(std::isfinite(database.memory->mean.value) &&
                  std::isfinite(database.memory->per_decade.value),
              "the memory is not a finite number");
    }

    check_bins(database);
    check_events(database);
    check_samples(database);
    check_visits(database);
  }
} // namespace seem::database
