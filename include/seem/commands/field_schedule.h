// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_FIELD_SCHEDULE_H
#define SEEM_COMMANDS_FIELD_SCHEDULE_H

#include <seem/commands/output_parameters.h>

#include <string>

namespace seem::commands
{
  /// Says after which load steps fields are due, and why. The same on all ranks.
  class FieldSchedule
  {
  public:
    /// @param[in] begin  pseudo-time of the start
    FieldSchedule(const OutputParameters &parameters, double begin, double final_time);

    /**
     * To be asked once after each step.
     * @param[in] driven_stress  [GPa]
     * @return the reasons to write fields, joined by "+": "interval" (a multiple of the interval
     * was reached or passed), "steps", "time" (a listed one), "peak" (the first step at which the
     * absolute driven stress is below its largest value so far by the peak drop: after the peak,
     * not at it), "end"; empty: nothing is due
     */
    std::string reasons(unsigned int step, double time, double driven_stress);

    /// What it remembers, for a restart.
    struct Memory
    {
      double next_time;      ///< of the interval
      double largest_stress; ///< absolute [GPa]
      bool peak_is_past;     ///< fields after it were due
    };

    Memory memory() const
    {
      return now;
    }

    void resume(const Memory &memory)
    {
      now = memory;
    }

  private:
    const OutputParameters &parameters;
    double begin, final_time;
    double round_off; ///< of pseudo-times
    Memory now;
  };
} // namespace seem::commands

#endif
