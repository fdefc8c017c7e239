// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/field_schedule.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace seem::commands
{
  FieldSchedule::FieldSchedule(const OutputParameters &parameters, const double begin,
                               const double final_time)
      : parameters(parameters), begin(begin), final_time(final_time),
        round_off(1e-9 * (final_time - begin)), now{begin + parameters.field_interval, 0.0, false}
  {
  }

  std::string FieldSchedule::reasons(const unsigned int step, const double time,
                                     const double driven_stress)
  {
    std::vector<const char *> found;
    const double interval = parameters.field_interval;
    if (interval > 0.0 && time >= now.next_time - round_off)
    {
      found.push_back("interval");
      // From the begin on: sums of intervals would drift.
      now.next_time = begin + interval * (std::floor((time - begin + round_off) / interval) + 1.0);
    }
    if (parameters.field_steps > 0 && step % parameters.field_steps == 0)
      found.push_back("steps");
    const auto &times = parameters.field_times;
    if (std::any_of(times.begin(), times.end(),
                    [&](const double t) { return std::abs(t - time) <= round_off; }))
      found.push_back("time");

    const double stress = std::abs(driven_stress);
    now.largest_stress = std::max(now.largest_stress, stress);
    if (parameters.peak_drop > 0.0 && !now.peak_is_past &&
        stress < (1.0 - parameters.peak_drop) * now.largest_stress)
    {
      now.peak_is_past = true;
      found.push_back("peak");
    }
    if (time >= final_time)
      found.push_back("end");
    return fmt::format("{}", fmt::join(found, "+"));
  }
} // namespace seem::commands
