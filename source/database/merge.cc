// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/database/merge.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

namespace seem::database
{
  namespace
  {
    [[noreturn]] void differs(const std::string &what, const std::string &a, const std::string &b)
    {
      throw InputError(fmt::format(
          "the databases cannot be merged: {} is {} in the first and {} in the second. Harvest the "
          "runs of the second again with the elasticity and the grid of the first "
          "(Elasticity/Source = database) and the same definition of an event",
          what, a, b));
    }

    /// Numbers that came from the same file are the same up to how they were computed.
    bool same(const double a, const double b)
    {
      constexpr double round_off = 1e-12;
      return a == b || (std::isfinite(a) && std::isfinite(b) &&
                        std::abs(a - b) <= round_off * std::max(std::abs(a), std::abs(b)));
    }

    bool same(const std::vector<double> &a, const std::vector<double> &b)
    {
      return a.size() == b.size() &&
             std::equal(a.begin(), a.end(), b.begin(),
                        [](const double p, const double q) { return same(p, q); });
    }

    void require_same(const char *what, const double a, const double b)
    {
      if (!same(a, b))
        differs(what, fmt::format("{:.15g}", a), fmt::format("{:.15g}", b));
    }

    void require_same_elasticity(const EventDatabase &a, const EventDatabase &b)
    {
      require_same("u0 [eV]", a.u0, b.u0);
      require_same("G0 [GPa]", a.elasticity.g0.value, b.elasticity.g0.value);
      require_same("uA [eV]", a.elasticity.u_a.value, b.elasticity.u_a.value);
      require_same("tauA [GPa]", a.elasticity.tau_a.value, b.elasticity.tau_a.value);
      require_same("tauB [GPa]", a.elasticity.tau_b.value, b.elasticity.tau_b.value);
      const auto kind = [](const EventDatabase &database) {
        return database.elasticity_table ? "tabulated" : "of Eq. (7)";
      };
      if (a.elasticity_table.has_value() != b.elasticity_table.has_value())
        differs("the elasticity", kind(a), kind(b));
      if (!a.elasticity_table)
        return;
      const ElasticityTable &p = *a.elasticity_table, &q = *b.elasticity_table;
      if (!same(p.tau, q.tau) || !same(p.x1, q.x1) || !same(p.compliance, q.compliance))
        differs("the elasticity table", "one", "another");
    }

    void require_same_grid(const EventDatabase &a, const EventDatabase &b)
    {
      if (a.axes.size() != b.axes.size())
        differs("the number of axes", std::to_string(a.axes.size()), std::to_string(b.axes.size()));
      const auto text = [](const Axis &axis) {
        return fmt::format("{} bins from {:.10g} to {:.10g} {}", axis.n_bins(), axis.edges.front(),
                           axis.edges.back(), axis.unit);
      };
      for (std::size_t i = 0; i < a.axes.size(); ++i)
        if (a.axes[i].name != b.axes[i].name || a.axes[i].unit != b.axes[i].unit ||
            !same(a.axes[i].edges, b.axes[i].edges))
          differs("axis '" + a.axes[i].name + "'", text(a.axes[i]), text(b.axes[i]));
    }

    /// Floors are measured from the runs and never quite equal; events are seldom near them.
    void require_like_floors(const char *key, const EventDatabase &a, const EventDatabase &b)
    {
      constexpr double tolerance = 1.5;
      const auto p = a.settings.find(key), q = b.settings.find(key);
      if (p == a.settings.end() || q == b.settings.end())
        return; // older files do not say
      const double ratio = std::atof(p->second.c_str()) / std::atof(q->second.c_str());
      if (!(ratio < tolerance && ratio > 1.0 / tolerance))
        differs(fmt::format("the {}", key), p->second, q->second);
    }

    /// What decides which increments are events.
    void require_same_events(const EventDatabase &a, const EventDatabase &b)
    {
      for (const char *key : {"event definition", "merge consecutive"})
      {
        const auto p = a.settings.find(key), q = b.settings.find(key);
        if (p != a.settings.end() && q != b.settings.end() && p->second != q->second)
          differs(fmt::format("the setting \"{}\"", key), '"' + p->second + '"',
                  '"' + q->second + '"');
      }
      for (const char *key : {"energy floor in force", "deficit floor in force"})
        require_like_floors(key, a, b);
      constexpr double tolerance = 0.01; // what the harvest takes for equal increments
      if (std::abs(a.strain_increment / b.strain_increment - 1.0) > tolerance)
        differs("the strain increment", fmt::format("{:g}", a.strain_increment),
                fmt::format("{:g}", b.strain_increment));
      if (std::abs(a.n_atoms / b.n_atoms - 1.0) > tolerance)
        differs("the number of atoms", fmt::format("{:g}", a.n_atoms),
                fmt::format("{:g}", b.n_atoms));
    }

    void require_no_duplicates(const EventDatabase &a, const EventDatabase &b)
    {
      // A run without a checksum goes by its name.
      const auto identity = [](const Sample &sample) {
        return sample.checksum.empty() ? "name " + sample.name : "checksum " + sample.checksum;
      };
      std::map<std::string, std::string> known;
      for (const Sample &sample : a.samples)
        known[identity(sample)] = sample.name;
      for (const Sample &sample : b.samples)
        if (const auto found = known.find(identity(sample)); found != known.end())
          throw InputError(fmt::format("the databases cannot be merged: run '{}' of the second is "
                                       "run '{}' of the first ({}); leave it out of one of them "
                                       "(seem database select)",
                                       sample.name, found->second, found->first));
    }

    template <typename T>
    void append(const std::vector<T> &from, std::vector<T> &to)
    {
      to.insert(to.end(), from.begin(), from.end());
    }

    void add_to(const std::vector<double> &from, std::vector<double> &to)
    {
      for (std::size_t i = 0; i < to.size(); ++i)
        to[i] += from[i];
    }

    void append_shifted(const std::vector<std::uint32_t> &from, const std::size_t shift,
                        std::vector<std::uint32_t> &to)
    {
      for (const std::uint32_t sample : from)
        to.push_back(sample + static_cast<std::uint32_t>(shift));
    }
  } // namespace

  void remove_memory(EventDatabase &database)
  {
    if (!database.memory)
      return;
    if (database.axes.size() != 3 || database.axes[2].n_bins() != 1)
      throw InputError("the memory cannot be taken out of a database with several bins along it");
    database.axes.pop_back();
    database.events.x.pop_back();
    database.events.dx.pop_back();
    for (Sample &sample : database.samples)
      sample.initial.x[1] = 0.0;
    database.memory.reset();
  }

  EventDatabase merge(const EventDatabase &first, const EventDatabase &second)
  {
    check(first);
    check(second);
    EventDatabase a = first, b = second;
    remove_memory(a);
    remove_memory(b);
    complete_events(a);
    complete_events(b);
    require_same_elasticity(a, b);
    require_same_grid(a, b);
    require_same_events(a, b);
    require_no_duplicates(a, b);
    if ((a.visits.size() == 0) != (b.visits.size() == 0))
      throw InputError(fmt::format("the databases cannot be merged: the {} does not say which "
                                   "sample visited which bin (files before schema version 3 do "
                                   "not): make it again with seem harvest",
                                   a.visits.size() == 0 ? "first" : "second"));

    EventDatabase result = a;
    if (result.material != b.material)
      result.material += " + " + b.material;
    for (const auto &[key, value] : b.settings)
    {
      const auto found = result.settings.find(key);
      if (found == result.settings.end())
        result.settings[key] = value;
      else if (found->second != value)
        found->second += " | " + value;
    }

    const double n_a = static_cast<double>(a.samples.size()),
                 n_b = static_cast<double>(b.samples.size());
    result.n_atoms = (n_a * a.n_atoms + n_b * b.n_atoms) / (n_a + n_b);
    result.volume = (n_a * a.volume + n_b * b.volume) / (n_a + n_b);
    add_to(b.exposure, result.exposure);
    add_to(b.n_events, result.n_events);
    add_to(b.n_increments, result.n_increments);
    for (std::size_t bin = 0; bin < result.rate.size(); ++bin)
      result.rate[bin] =
          event_rate(result.n_events[bin], result.n_increments[bin], result.exposure[bin]);

    append(b.samples, result.samples);
    append(b.events.tau, result.events.tau);
    append(b.events.dtau, result.events.dtau);
    append(b.events.net_dtau, result.events.net_dtau);
    append(b.events.strain, result.events.strain);
    append(b.events.plastic_strain, result.events.plastic_strain);
    append(b.events.heat, result.events.heat);
    for (std::size_t k = 0; k < result.events.x.size(); ++k)
    {
      append(b.events.x[k], result.events.x[k]);
      append(b.events.dx[k], result.events.dx[k]);
    }
    append_shifted(b.events.sample, a.samples.size(), result.events.sample);
    append_shifted(b.visits.sample, a.samples.size(), result.visits.sample);
    append(b.visits.bin, result.visits.bin);
    append(b.visits.exposure, result.visits.exposure);
    append(b.visits.n_increments, result.visits.n_increments);
    check(result);
    return result;
  }
} // namespace seem::database
