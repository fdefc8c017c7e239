// SPDX-License-Identifier: LGPL-2.1-or-later
#include "info_text.h"

#include <seem/core/exceptions.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <fstream>

namespace seem::commands
{
  namespace
  {
    using nlohmann::json;

    /// A number, or "-" for what was not measured.
    std::string shown(const json &value, const char *format = "{:.4g}")
    {
      return value.is_number() ? fmt::format(fmt::runtime(format), value.get<double>()) : "-";
    }

    std::string report_text(const json &report)
    {
      const json &samples = report.at("samples");
      std::string text =
          fmt::format("Samples: {} of {} glasses\n", samples.at("n_runs").get<long>(),
                      samples.at("n_glasses").get<long>());
      for (const json &label : samples.at("labels"))
        text += fmt::format("  {:<12} {:>5} runs, yield peak {} GPa, end stress {} GPa\n",
                            label.at("label").get<std::string>(), label.at("n_runs").get<long>(),
                            shown(label.at("yield_peak_GPa").at("value")),
                            shown(label.at("end_stress_GPa").at("value")));
      const json &increments = report.at("increments");
      text += fmt::format("Increments: {}, {} of them unloading, of strain {}\n",
                          increments.at("n").get<long>(), increments.at("n_unloading").get<long>(),
                          shown(increments.at("strain")));
      const json &events = report.at("events"), &grid = report.at("grid");
      text +=
          fmt::format("Events ({}): {} increments, {} in the table\n",
                      events.at("definition").get<std::string>(),
                      events.at("event_increments").get<long>(), events.at("in_table").get<long>());
      for (const auto &[name, n] : events.at("by_definition").items())
        text += fmt::format("  by {:<16} {}\n", name, n.get<long>());
      text += fmt::format("Grid: {} bins visited, {} pooled\n", grid.at("n_visited").get<long>(),
                          grid.at("n_pooled").get<long>());
      for (const json &warning : report.at("warnings"))
        text += fmt::format("Warning: {}\n", warning.get<std::string>());
      return text;
    }

    std::string validation_text(const json &validation)
    {
      std::string text =
          fmt::format("Verdict: {}\n", !validation.at("judged").get<bool>()  ? "not judged"
                                       : validation.at("passed").get<bool>() ? "passed"
                                                                             : "not passed");
      for (const json &check : validation.at("checks"))
        text += fmt::format("  {:<32} {:<10} {:>10} {:<4} limit {:>8}  {}\n",
                            check.at("quantity").get<std::string>(),
                            check.at("label").get<std::string>(), shown(check.at("value")),
                            check.at("unit").get<std::string>(), shown(check.at("limit")),
                            !check.at("judged").get<bool>()  ? "not judged"
                            : check.at("passed").get<bool>() ? "passed"
                                                             : "not passed");
      for (const json &result : validation.at("hold_outs"))
      {
        const json &overall = result.at("overall");
        text += fmt::format("Held out {}: {} labels, {} folds; rms of the yield peak {} %, end "
                            "stress {} %, mean stress {} GPa\n",
                            result.at("held_out").get<std::string>(), result.at("labels").size(),
                            result.at("folds").size(),
                            shown(overall.at("yield_peak_rms_percent"), "{:.2f}"),
                            shown(overall.at("end_stress_rms_percent"), "{:.2f}"),
                            shown(overall.at("mean_stress_rms_GPa"), "{:.3f}"));
      }
      text += "Settings:\n";
      for (const auto &[name, value] : validation.at("settings").items())
        text += fmt::format("  {} = {}\n", name, value.get<std::string>());
      return text;
    }
    std::string timings_text(const json &timings)
    {
      std::string text = fmt::format(
          "{} s on {} ranks; {} steps, {} passes, {} events; peak memory {} MB\n",
          shown(timings.at("wall_s"), "{:.1f}"), timings.at("n_ranks").get<long>(),
          timings.at("n_steps").get<long>(), timings.at("n_passes").get<long>(),
          timings.at("n_events").get<long>(), shown(timings.at("peak_memory_MB"), "{:.0f}"));
      for (const auto &[name, part] : timings.at("parts").items())
        text += fmt::format("  {:<16} {:>9} s {:>6} %\n", name, shown(part.at("mean_s"), "{:.2f}"),
                            shown(100.0 * part.at("share").get<double>(), "{:.1f}"));
      return text;
    }
  } // namespace

  std::string json_summary(const std::filesystem::path &path)
  {
    std::ifstream input(path);
    if (input.peek() != '{')
      return {};
    const json document = json::parse(input, nullptr, /*allow_exceptions=*/false);
    if (document.is_discarded())
      throw InputError(
          fmt::format("{}: begins like JSON, but is damaged or cut off", path.string()));
    const std::string kind =
        document.contains("kind") && document["kind"].is_string() ? document["kind"] : "";
    struct Known
    {
      const char *kind, *description;
      std::string (*text)(const json &);
    };
    static constexpr std::array<Known, 3> all = {
        {{"harvest report", "report of seem harvest", &report_text},
         {"validation", "results of seem validate", &validation_text},
         {"run timings", "where the time of seem run went", &timings_text}}};
    const auto known =
        std::find_if(all.begin(), all.end(), [&](const Known &k) { return k.kind == kind; });
    if (known == all.end())
      return {};
    try
    {
      return fmt::format("{}: {}, written by seem {}\n\n{}", path.string(), known->description,
                         document.at("program_version").get<std::string>(), known->text(document));
    }
    catch (const json::exception &error)
    {
      throw InputError(fmt::format("{}: kind \"{}\", but not as seem writes it: {}", path.string(),
                                   kind, error.what()));
    }
  }
} // namespace seem::commands
