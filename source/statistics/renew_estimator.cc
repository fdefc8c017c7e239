// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/database/merge.h>
#include <seem/database/subset.h>
#include <seem/statistics/renew_estimator.h>

#include <fmt/format.h>

#include <charconv>
#include <string>

namespace seem::statistics
{
  namespace
  {
    /// The settings of a database by name.
    class Settings
    {
    public:
      explicit Settings(const std::map<std::string, std::string> &settings) : settings(settings)
      {
      }

      /// The text of a setting up to " | ", or @p otherwise.
      std::string text(const std::string &name, const std::string &otherwise) const
      {
        const auto found = settings.find(name);
        return found == settings.end() ? otherwise
                                       : found->second.substr(0, found->second.find(" | "));
      }

      /// A number, or nothing for "auto".
      std::optional<double> number(const std::string &name, const std::string &otherwise) const
      {
        const std::string value = text(name, otherwise);
        if (value == "auto")
          return {};
        double result = 0.0;
        const char *end = value.data() + value.size();
        const auto [last, error] = std::from_chars(value.data(), end, result);
        if (error != std::errc() || last != end)
          throw InputError(fmt::format(
              "the setting \"{}\" of the database is \"{}\", expected a number", name, value));
        return result;
      }

    private:
      const std::map<std::string, std::string> &settings;
    };
  } // namespace

  EstimatorSettings estimator_settings(const database::EventDatabase &database)
  {
    EstimatorSettings result;
    const Settings settings(database.settings);
    if (database.settings.count("estimator") == 0)
    {
      result.kind = database.smoothing ? EstimatorKind::smooth : EstimatorKind::pooled_bins;
      if (database.smoothing)
      {
        result.rate_curvature = database.smoothing->rate_curvature;
        result.size_curvature = database.smoothing->size_curvature;
        result.kernel_events = database.smoothing->kernel_events;
      }
      result.memory = database.memory.has_value();
      return result;
    }
    result.kind = estimator_kind(settings.text("estimator", ""));
    result.rate_curvature = settings.number("rate curvature", "auto");
    result.size_curvature = settings.number("size curvature", "auto");
    result.kernel_events = settings.number("kernel events", "100").value_or(result.kernel_events);
    result.memory = settings.text("memory", "true") == "true";
    result.relaxation_strain = settings.number("relaxation strain", "auto");
    return result;
  }

  EstimatorReport renew_estimator(database::EventDatabase &database)
  {
    const EstimatorSettings settings = estimator_settings(database);
    const Settings others(database.settings);
    const double n_bootstrap = others.number("bootstrap resamples", "0").value_or(0.0),
                 seed = others.number("seed", "1").value_or(1.0);
    database::remove_memory(database);
    database.smoothing.reset();
    EstimatorReport report =
        apply_estimator(database, settings, static_cast<unsigned int>(n_bootstrap),
                        static_cast<std::uint64_t>(seed));
    database::check(database);
    return report;
  }

  database::EventDatabase bootstrap_with_memory(const database::EventDatabase &database,
                                                const std::uint64_t seed)
  {
    database::EventDatabase result = database;
    database::remove_memory(result);
    result = database::bootstrap(result, seed);
    if (!database.memory)
      return result;
    MemorySettings settings;
    settings.relaxation_strain = estimator_settings(database).relaxation_strain;
    database::Memory memory = fit_memory(result, settings).memory;
    memory.mean.standard_error = database.memory->mean.standard_error;
    memory.per_decade.standard_error = database.memory->per_decade.standard_error;
    memory.relaxation_strain.standard_error = database.memory->relaxation_strain.standard_error;
    add_memory(result, memory);
    return result;
  }
} // namespace seem::statistics
