// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/core/random_stream.h>
#include <seem/database/state_grid.h>
#include <seem/database/subset.h>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace seem::database
{
  namespace
  {
    /// First entry of each sample in a column that is ordered by samples, [n_samples + 1].
    std::vector<std::size_t> starts(const std::vector<std::uint32_t> &sample,
                                    const std::size_t n_samples)
    {
      std::vector<std::size_t> result(n_samples + 1, 0);
      for (const std::uint32_t s : sample)
        ++result[s + 1];
      for (std::size_t s = 0; s < n_samples; ++s)
        result[s + 1] += result[s];
      return result;
    }

    template <typename T>
    void append(const std::vector<T> &from, const std::size_t begin, const std::size_t end,
                std::vector<T> &to)
    {
      to.insert(to.end(), from.begin() + static_cast<std::ptrdiff_t>(begin),
                from.begin() + static_cast<std::ptrdiff_t>(end));
    }

    void append_events(const EventTable &from, const std::vector<std::size_t> &entries,
                       const std::uint32_t sample, EventTable &to)
    {
      const auto column = [&](const std::vector<double> &a, std::vector<double> &b) {
        for (const std::size_t i : entries)
          b.push_back(a[i]);
      };
      column(from.tau, to.tau);
      column(from.dtau, to.dtau);
      column(from.net_dtau, to.net_dtau);
      column(from.strain, to.strain);
      if (!from.plastic_strain.empty())
      {
        column(from.plastic_strain, to.plastic_strain);
        column(from.heat, to.heat);
      }
      for (std::size_t k = 0; k < from.x.size(); ++k)
      {
        column(from.x[k], to.x[k]);
        column(from.dx[k], to.dx[k]);
      }
      to.sample.insert(to.sample.end(), entries.size(), sample);
    }

    /// Whether all that is asked for is known. @throws InputError naming what is not
    void require_known(const std::set<std::string> &known, const std::vector<std::string> &asked,
                       const char *what)
    {
      for (const std::string &name : asked)
        if (known.count(name) == 0)
          throw InputError(fmt::format("the database has no {} \"{}\"; it has {}", what, name,
                                       fmt::join(known, ", ")));
    }

    bool wanted(const std::vector<std::string> &asked, const std::string &name)
    {
      return asked.empty() || std::find(asked.begin(), asked.end(), name) != asked.end();
    }
  } // namespace

  std::pair<std::string, std::string> glass_of(const Sample &sample)
  {
    return {sample.label, sample.glass.empty() ? sample.name : sample.glass};
  }

  EventDatabase subset(const EventDatabase &database, const std::vector<std::size_t> &samples)
  {
    if (database.visits.size() == 0)
      throw InputError("the database does not say which sample visited which bin (files before "
                       "schema version 3 do not): make it again with seem harvest");
    if (samples.empty())
      throw InputError("no sample is left: a database needs at least one");

    EventDatabase result = database;
    result.samples.clear();
    result.visits = {};
    result.events = {};
    result.events.x.resize(database.events.x.size());
    result.events.dx.resize(database.events.dx.size());
    result.n_atoms = result.volume = 0.0;
    for (std::vector<double> *values :
         {&result.exposure, &result.n_events, &result.n_increments, &result.rate})
      values->assign(database.n_bins(), 0.0);

    const std::vector<std::size_t> visits = starts(database.visits.sample, database.samples.size());
    std::vector<std::vector<std::size_t>> events(database.samples.size());
    for (std::size_t i = 0; i < database.events.size(); ++i)
      events[database.events.sample[i]].push_back(i);

    std::map<std::size_t, unsigned int> n_times;
    for (const std::size_t s : samples)
    {
      if (s >= database.samples.size())
        throw InputError(fmt::format("there is no sample number {}, the database has {}", s,
                                     database.samples.size()));
      const auto number = static_cast<std::uint32_t>(result.samples.size());
      result.samples.push_back(database.samples[s]);
      Sample &sample = result.samples.back();
      if (const unsigned int n = ++n_times[s]; n > 1)
      {
        sample.glass = fmt::format("{} #{}", glass_of(sample).second, n);
        sample.name += fmt::format(" #{}", n);
      }
      append_events(database.events, events[s], number, result.events);
      append(database.visits.bin, visits[s], visits[s + 1], result.visits.bin);
      append(database.visits.exposure, visits[s], visits[s + 1], result.visits.exposure);
      append(database.visits.n_increments, visits[s], visits[s + 1], result.visits.n_increments);
      result.visits.sample.resize(result.visits.bin.size(), number);
      result.n_atoms += sample.n_atoms / static_cast<double>(samples.size());
      result.volume += sample.volume / static_cast<double>(samples.size());
    }

    for (std::size_t i = 0; i < result.visits.size(); ++i)
    {
      result.exposure[result.visits.bin[i]] += result.visits.exposure[i];
      result.n_increments[result.visits.bin[i]] += result.visits.n_increments[i];
    }
    const StateGrid grid(result.axes);
    for (std::size_t i = 0; i < result.events.size(); ++i)
    {
      State state;
      state.tau = result.events.tau[i];
      for (std::size_t k = 0; k < result.events.x.size(); ++k)
        state.x[k] = result.events.x[k][i];
      result.n_events[grid.clamped_bin(state)] += 1.0;
    }
    for (std::size_t bin = 0; bin < result.rate.size(); ++bin)
      result.rate[bin] =
          event_rate(result.n_events[bin], result.n_increments[bin], result.exposure[bin]);
    check(result);
    return result;
  }

  EventDatabase select(const EventDatabase &database, const std::vector<std::string> &labels,
                       const std::vector<std::string> &glasses)
  {
    std::set<std::string> known_labels, known_glasses;
    std::vector<std::size_t> samples;
    for (std::size_t i = 0; i < database.samples.size(); ++i)
    {
      const auto [label, glass] = glass_of(database.samples[i]);
      known_labels.insert(label);
      known_glasses.insert(glass);
      if (wanted(labels, label) && wanted(glasses, glass))
        samples.push_back(i);
    }
    require_known(known_labels, labels, "label");
    require_known(known_glasses, glasses, "glass");
    return subset(database, samples);
  }

  EventDatabase bootstrap(const EventDatabase &database, const std::uint64_t seed)
  {
    // label -> its glasses -> their samples
    std::map<std::string, std::map<std::string, std::vector<std::size_t>>> labels;
    for (std::size_t i = 0; i < database.samples.size(); ++i)
    {
      const auto [label, glass] = glass_of(database.samples[i]);
      labels[label][glass].push_back(i);
    }
    std::vector<std::size_t> samples;
    PointKey key; // the label is the cell
    for (const auto &[label, glasses] : labels)
    {
      std::vector<const std::vector<std::size_t> *> runs;
      for (const auto &[glass, of_glass] : glasses)
        runs.push_back(&of_glass);
      const RandomStream stream(seed, key);
      for (std::size_t k = 0; k < runs.size(); ++k)
      {
        const double u = stream.uniform(static_cast<std::uint32_t>(k), RandomPurpose::resample)[0];
        const std::vector<std::size_t> &pick =
            *runs[static_cast<std::size_t>(u * static_cast<double>(runs.size()))];
        samples.insert(samples.end(), pick.begin(), pick.end());
      }
      ++key.cell;
    }
    return subset(database, samples);
  }
} // namespace seem::database
