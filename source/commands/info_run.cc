// SPDX-License-Identifier: LGPL-2.1-or-later
#include "info_text.h"

#include <seem/io/hdf5_file.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace seem::commands
{
  std::string run_history_summary(const std::filesystem::path &path)
  {
    const io::Hdf5Reader file(path);
    std::string text = fmt::format("{}: history of seem run, written by seem {}\n\n", path.string(),
                                   file.string_attribute("/", "program_version"));
    if (!file.has_object("/time"))
      return text + "no step yet\n";
    const std::vector<double> time = file.doubles("/time"), strain = file.doubles("/strain"),
                              stress = file.doubles("/stress_GPa");
    if (time.empty())
      return text + "no step yet\n";
    const auto peak = std::max_element(stress.begin(), stress.end());
    text += fmt::format("{} steps, t = {:g} to {:g}, strain {:g} to {:g}\n", time.size(),
                        time.front(), time.back(), strain.front(), strain.back());
    text +=
        fmt::format("largest stress {:.4f} GPa at strain {:.4f}, at the end {:.4f} GPa\n", *peak,
                    strain[static_cast<std::size_t>(peak - stress.begin())], stress.back());
    return text + "one data set per column, its unit as an attribute\n";
  }

  std::string event_log_summary(const std::filesystem::path &path)
  {
    const io::Hdf5Reader file(path);
    std::string text =
        fmt::format("{}: event log of seem run, schema version {}, written by seem {}\n\n",
                    path.string(), file.integer_attribute("/", "schema_version"),
                    file.string_attribute("/", "program_version"));
    text += fmt::format("filter: {}\n", file.string_attribute("/", "filter"));
    const std::vector<double> step = file.field("/events", "step");
    text += fmt::format("{} events of {} states\n", step.size(), file.shape("/states").front());
    if (step.empty())
      return text;
    const auto [first, last] = std::minmax_element(step.begin(), step.end());
    text += fmt::format("steps {:g} to {:g}\n", *first, *last);
    for (const auto &[field, what, unit] :
         {std::array{"dtau_GPa", "stress drop at fixed strain", "GPa"},
          std::array{"plastic_shear", "plastic shear strain", "-"},
          std::array{"heat_GPa", "heat", "GPa"}})
    {
      const std::vector<double> values = file.field("/events", field);
      double sum = 0.0;
      for (const double value : values)
        sum += value;
      const auto [low, high] = std::minmax_element(values.begin(), values.end());
      text += fmt::format("{} [{}]: {:.4g} to {:.4g}, mean {:.4g}\n", what, unit, *low, *high,
                          sum / static_cast<double>(values.size()));
    }
    return text;
  }
} // namespace seem::commands
