// SPDX-License-Identifier: LGPL-2.1-or-later
#include "info_text.h"

#include <seem/commands/info_command.h>
#include <seem/commands/replay_command.h>
#include <seem/core/exceptions.h>
#include <seem/database/grid_event_source.h>
#include <seem/database/smooth_event_source.h>
#include <seem/io/database_file.h>
#include <seem/io/hdf5_file.h>

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <set>

namespace seem::commands
{
  namespace
  {
    std::string with_error(const database::FittedNumber &number, const char *unit)
    {
      if (!std::isfinite(number.value))
        return "none (infinite)";
      return number.standard_error > 0.0
                 ? fmt::format("{:.6g} +- {:.2g} {}", number.value, number.standard_error, unit)
                 : fmt::format("{:.6g} {}", number.value, unit);
    }

    std::string samples_text(const database::EventDatabase &database)
    {
      struct Group
      {
        std::size_t n_runs = 0, n_events = 0;
        std::set<std::string> glasses;
        double cooling_rate = 0.0, strain = 0.0, x1 = 0.0, tau = 0.0;
      };
      std::map<std::string, Group> groups;
      for (const database::Sample &sample : database.samples)
      {
        Group &group = groups[sample.label];
        ++group.n_runs;
        group.glasses.insert(sample.glass.empty() ? sample.name : sample.glass);
        group.cooling_rate = sample.cooling_rate;
        group.strain += sample.final_strain;
        group.x1 += sample.initial.x[0];
        group.tau += sample.initial.tau;
      }
      for (const std::uint32_t sample : database.events.sample)
        ++groups[database.samples[sample].label].n_events;

      std::string text =
          fmt::format("Samples: {}\n  {:<12} {:>12} {:>5} {:>8} {:>12} {:>12} {:>14} {:>8}\n",
                      database.samples.size(), "label", "rate [K/s]", "runs", "glasses",
                      "total strain", "initial tau", "initial X1", "events");
      for (const auto &[label, group] : groups)
        text += fmt::format(
            "  {:<12} {:>12.4g} {:>5} {:>8} {:>12.4g} {:>8.4f} GPa {:>9.4f} meV {:>9}\n", label,
            group.cooling_rate, group.n_runs, group.glasses.size(), group.strain,
            group.tau / static_cast<double>(group.n_runs),
            1e3 * group.x1 / static_cast<double>(group.n_runs), group.n_events);
      return text;
    }

    std::string elasticity_text(const database::EventDatabase &database)
    {
      const database::ElasticConstants &constants = database.elasticity;
      std::string text = fmt::format(
          "Elasticity: {}\n  G0    {}\n  uA    {}\n  tauA  {}\n  tauB  {}\n  u0    {:.6f} "
          "eV/atom\n",
          database.elasticity_source.empty() ? "source unknown" : database.elasticity_source,
          with_error(constants.g0, "GPa"), with_error(constants.u_a, "eV/atom"),
          with_error(constants.tau_a, "GPa"), with_error(constants.tau_b, "GPa"), database.u0);
      if (!database.elasticity_table)
        return text;

      const database::ElasticityTable &table = *database.elasticity_table;
      text += fmt::format("  table of the tangent G_t [GPa] (rms standard error {:.1f} %), in the "
                          "place of Eq. (7)\n  {:>16}",
                          100.0 * table.relative_error(), "X1 [meV] tau");
      for (const double tau : table.tau)
        text += fmt::format(" {:>8.4g}", tau);
      text += " GPa\n";
      for (std::size_t j = 0; j < table.x1.size(); ++j)
      {
        text += fmt::format("  {:>16.4f}", 1e3 * table.x1[j]);
        for (std::size_t i = 0; i < table.tau.size(); ++i)
          text += fmt::format(" {:>8.2f}", 1.0 / table.compliance[i + table.tau.size() * j]);
        text += "\n";
      }
      return text;
    }

    /// How the law makes rates and jumps of the bins.
    std::string statistics_text(const database::EventDatabase &database)
    {
      if (database.smoothing)
      {
        const database::SmoothEventSource source(database, *database.smoothing);
        return fmt::format(
            "  {} of {} bins visited; smooth: curvature of rates {:g}, of sizes {:g}, "
            "jumps from {:g} events\n",
            source.n_visited_bins(), database.n_bins(), database.smoothing->rate_curvature,
            database.smoothing->size_curvature, database.smoothing->kernel_events);
      }
      const database::GridEventSource source(database);
      return fmt::format(
          "  {} of {} bins visited, {} of them pooled with their nearest (fewer than "
          "{:g} events)\n",
          source.n_visited_bins(), database.n_bins(), source.n_pooled_bins(),
          database.minimum_events);
    }

    std::string memory_text(const database::EventDatabase &database)
    {
      if (!database.memory)
        return "";
      const database::Memory &memory = *database.memory;
      std::string text =
          fmt::format("Memory: jumps begin at exp({:.3f} +- {:.3f}) of those without memory",
                      memory.mean.value, memory.mean.standard_error);
      if (memory.reference_rate > 0.0)
        text +=
            fmt::format(", {:+.3f} +- {:.3f} per decade above {:.3g} K/s", memory.per_decade.value,
                        memory.per_decade.standard_error, memory.reference_rate);
      return text + fmt::format(", and relax over a plastic strain of {:.3g} +- {:.2g}\n",
                                memory.relaxation_strain.value,
                                memory.relaxation_strain.standard_error);
    }

    std::string database_text(const std::filesystem::path &path)
    {
      const database::EventDatabase database = io::read_database(path);
      std::string text = fmt::format(
          "{}: event database, schema version {}, written by seem {}\n\n", path.string(),
          io::Hdf5Reader(path).integer_attribute("/", "schema_version"), database.program_version);
      text += fmt::format("Material: {}\n", database.material.empty() ? "-" : database.material);
      text += fmt::format("Representative volume: {:.1f} A^3 (edge {:.2f} A), {:g} atoms, {:.4f} "
                          "A^3 per atom\n",
                          database.volume, std::cbrt(database.volume), database.n_atoms,
                          database.atomic_volume());
      text += fmt::format("Strain increment of the runs: {:g}\n", database.strain_increment);
      text += samples_text(database);
      text += elasticity_text(database);
      text += "Grid:\n";
      for (const database::Axis &axis : database.axes)
        text += fmt::format("  {:<5} {} bins from {:.5g} to {:.5g} {}\n", axis.name, axis.n_bins(),
                            axis.edges.front(), axis.edges.back(), axis.unit);
      double exposure = 0.0;
      for (const double e : database.exposure)
        exposure += e;
      text += statistics_text(database);
      text += fmt::format("Events: {} over a forward strain of {:.4g}: {:.1f} per unit strain\n",
                          database.events.size(), exposure,
                          static_cast<double>(database.events.size()) / exposure);
      text += memory_text(database);
      text += "Settings:\n";
      for (const auto &[name, value] : database.settings)
        text += fmt::format("  {} = {}\n", name, value);
      return text;
    }

    std::string point_text(const std::filesystem::path &path)
    {
      const io::Hdf5Reader file(path);
      // Paths of prescribed components are over the pseudo-time.
      const bool over_time = file.has_object("/t");
      const std::vector<double> strain = file.doubles(over_time ? "/t" : "/strain");
      if (strain.empty())
        throw InputError(
            fmt::format("{}: {} is empty", path.string(), over_time ? "/t" : "/strain"));
      std::string text =
          fmt::format("{}: paths of the point model, schema version {}, written by seem {}\n\n",
                      path.string(), file.integer_attribute("/", "schema_version"),
                      file.string_attribute("/", "program_version"));
      text += fmt::format("Database: {} ({})\n", file.string_attribute("/", "database_file"),
                          file.string_attribute("/", "database_checksum"));
      text += fmt::format("{}: {} rows from {:g} to {:g}\n", over_time ? "t" : "Strain",
                          strain.size(), strain.front(), strain.back());
      for (const char *group : {"/aqs", "/model", "/bernoulli"})
      {
        if (!file.has_object(group))
          continue;
        const std::vector<std::string> labels = file.strings(std::string(group) + "/label");
        const std::vector<double> tau = file.doubles(std::string(group) + "/tau");
        if (tau.size() != labels.size() * strain.size())
          throw InputError(fmt::format("{}: {}/tau has {} numbers, expected {} paths of {} rows",
                                       path.string(), group, tau.size(), labels.size(),
                                       strain.size()));
        struct Sum
        {
          std::size_t n = 0, n_at_end = 0;
          double end_stress = 0.0;
        };
        std::map<std::string, Sum> sums;
        for (std::size_t i = 0; i < labels.size(); ++i)
        {
          Sum &sum = sums[labels[i]];
          const double end = tau[(i + 1) * strain.size() - 1];
          ++sum.n;
          if (std::isfinite(end))
          {
            ++sum.n_at_end;
            sum.end_stress += end;
          }
        }
        text += fmt::format("Paths in {}:\n", group);
        for (const auto &[label, sum] : sums)
          text += fmt::format(
              "  {:<12} {:>6} paths, {} of them to the end{}\n", label, sum.n, sum.n_at_end,
              sum.n_at_end == 0 ? ""
                                : fmt::format(", mean stress there {:.4f} GPa",
                                              sum.end_stress / static_cast<double>(sum.n_at_end)));
      }
      text += "Settings:\n";
      for (const std::string &name : file.attribute_names("/settings"))
        if (name != "description")
          text += fmt::format("  {} = {}\n", name, file.string_attribute("/settings", name));
      return text;
    }
  } // namespace

  std::string file_summary(const std::filesystem::path &path)
  {
    const io::FileKind kind = io::file_kind(path);
    if (kind.is_event_database())
      return database_text(path);
    if (kind.kind == "point ensemble")
      return point_text(path);
    if (kind.kind == io::replay_kind)
      return replay_summary(path);
    if (kind.kind == "run history")
      return run_history_summary(path);
    if (kind.kind == "event log")
      return event_log_summary(path);
    if (!kind.is_hdf5)
      for (const auto summary : {json_summary, table_summary, field_series_summary})
        if (const std::string text = summary(path); !text.empty())
          return text;
    throw InputError(fmt::format(
        "{}: {}, expected what seem writes: an event database (seem harvest), the "
        "paths of seem point, history, event log or replay file of seem run, a table (.csv), "
        "report.json, validation.json, timings.json or fields.pvd",
        path.string(),
        !kind.is_hdf5       ? "not a file that seem writes"
        : kind.kind.empty() ? "an HDF5 file that seem did not write"
                            : "found \"" + kind.kind + "\""));
  }

  int info_command(const std::filesystem::path &path)
  {
    fmt::print("{}", file_summary(path));
    return 0;
  }
} // namespace seem::commands
