// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/database/harvested_elasticity.h>
#include <seem/statistics/event_detection.h>
#include <seem/statistics/increments.h>
#include <seem/statistics/validation_path.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace seem::statistics
{
  namespace
  {
    void append_event(const Trajectory &run, const Increments &increments, const std::size_t i,
                      const law::Elasticity &elasticity, PathEvents &events)
    {
      events.strain.push_back(run.strain[i]);
      events.tau.push_back(run.tau[i]);
      events.x1.push_back(increments.x1[i]);
      events.dtau.push_back(increments.deficit[i]);
      events.heat.push_back(energy_loss(run, increments, elasticity, i));
      events.plastic_strain.push_back(
          elasticity.elastic_strain(run.tau[i], increments.x1[i]) + increments.dgamma[i] -
          elasticity.elastic_strain(run.tau[i + 1], increments.x1[i + 1]));
    }

    PathEvents events_of(const Trajectory &run, const Increments &increments,
                         const law::Elasticity &elasticity, const EventFloors &floors,
                         const HarvestSettings &settings)
    {
      const Flags flags = find_events(increments, settings.event_definition, floors);
      PathEvents events;
      bool previous = false;
      for (std::size_t i = 0; i < flags.size(); ++i)
      {
        const bool event = flags[i] != 0 && run.tau[i] >= 0.0;
        if (event)
        {
          append_event(run, increments, i, elasticity, events);
          if (previous && settings.merge_consecutive)
          {
            // The jumps add up at the place of the first, as in the harvest.
            const std::size_t last = events.size() - 1;
            for (std::vector<double> *column : {&events.dtau, &events.heat, &events.plastic_strain})
            {
              (*column)[last - 1] += (*column)[last];
              column->pop_back();
            }
            for (std::vector<double> *column : {&events.strain, &events.tau, &events.x1})
              column->pop_back();
          }
        }
        previous = event;
      }
      return events;
    }

    /// What the samples of a label have in common.
    struct LabelMean
    {
      State mean;
      double cooling_rate = 0.0;
      double n = 0.0;
    };

    std::map<std::string, LabelMean> label_means(const std::vector<database::Sample> &samples)
    {
      std::map<std::string, LabelMean> labels;
      for (const database::Sample &sample : samples)
      {
        LabelMean &label = labels[sample.label];
        label.n += 1.0;
        label.cooling_rate = sample.cooling_rate;
        for (std::size_t k = 0; k < max_internal_variables; ++k)
          label.mean.x[k] += (sample.initial.x[k] - label.mean.x[k]) / label.n;
      }
      return labels;
    }

    /// The state of the samples that are most like a run that the database does not have.
    State most_like(const SampleInfo &info, const double x1,
                    const database::EventDatabase &database)
    {
      const std::map<std::string, LabelMean> labels = label_means(database.samples);
      if (const auto found = labels.find(info.label); found != labels.end())
        return found->second.mean;
      const bool rates = info.cooling_rate > 0.0 &&
                         std::all_of(labels.begin(), labels.end(),
                                     [](const auto &l) { return l.second.cooling_rate > 0.0; });
      double nearest = std::numeric_limits<double>::infinity();
      State state;
      for (const auto &[label, mean] : labels)
      {
        const double distance = rates ? std::abs(std::log(mean.cooling_rate / info.cooling_rate))
                                      : std::abs(mean.mean.x[0] - x1);
        if (distance < nearest)
        {
          nearest = distance;
          state = mean.mean;
        }
      }
      return state;
    }
  } // namespace

  ValidationPath held_out_path(const Trajectory &trajectory, const Harvest &harvest,
                               const HarvestSettings &settings)
  {
    const auto elasticity =
        database::harvested_elasticity(harvest.database, trajectory.atomic_volume());
    const Increments increments = read_increments(trajectory, *elasticity, harvest.database.u0);

    ValidationPath path;
    path.label = trajectory.info.label;
    path.cluster = trajectory.info.glass;
    path.run = trajectory.info.name;
    path.cooling_rate = trajectory.info.cooling_rate;
    path.strain = trajectory.strain;
    path.tau = trajectory.tau;
    path.x1 = increments.x1;
    path.u = trajectory.energy;
    path.events = events_of(trajectory, increments, *elasticity, harvest.report.floors, settings);
    return path;
  }

  void count_energy_from(const double zero, const double u0, ValidationPath &path)
  {
    for (std::vector<double> *x1 : {&path.x1, &path.events.x1})
      for (double &value : *x1)
        value += u0 - zero;
    for (double &value : path.u)
      value -= zero;
  }

  State initial_state_of(const Trajectory &trajectory, const database::EventDatabase &database)
  {
    const auto elasticity = database::harvested_elasticity(database, trajectory.atomic_volume());
    State state;
    state.tau = trajectory.tau.front();
    state.x[0] = elasticity->inelastic_energy(trajectory.energy.front() - database.u0, state.tau);
    if (database.n_internal_variables() < 2)
      return state;

    const SampleInfo &info = trajectory.info;
    const auto own = std::find_if(
        database.samples.begin(), database.samples.end(), [&](const database::Sample &s) {
          return s.name == info.name && s.label == info.label && s.glass == info.glass;
        });
    if (own == database.samples.end() && database.samples.empty())
      throw InputError(fmt::format("{}: the database has no samples to take internal variables "
                                   "beyond X1 from",
                                   info.name));
    const State like =
        own != database.samples.end() ? own->initial : most_like(info, state.x[0], database);
    for (std::size_t k = 1; k < database.n_internal_variables(); ++k)
      state.x[k] = like.x[k];
    return state;
  }

  std::vector<Curve> curves_of(const std::vector<ValidationPath> &paths, const bool clustered)
  {
    std::vector<Curve> curves;
    for (const ValidationPath &path : paths)
      curves.push_back({path.label, clustered ? path.cluster : "", path.strain, path.tau, path.x1});
    return curves;
  }
} // namespace seem::statistics
