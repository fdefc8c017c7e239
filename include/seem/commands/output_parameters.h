// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_OUTPUT_PARAMETERS_H
#define SEEM_COMMANDS_OUTPUT_PARAMETERS_H

#include <seem/commands/parameters.h>
#include <seem/solver/event_log.h>
#include <seem/solver/field_output.h>
#include <seem/solver/shear_bands.h>

#include <cstddef>
#include <string>
#include <vector>

namespace seem::commands
{
  /// Section "Output" of `seem run`.
  struct OutputParameters
  {
    // When fields are written; at the end always.
    double field_interval = 0.0;     ///< pseudo-time between two; 0: not by time [-]
    unsigned int field_steps = 0;    ///< steps between two; 0: not by steps
    std::vector<double> field_times; ///< pseudo-times, ascending; a step ends at each [-]
    double peak_drop = 0.0; ///< share of its largest value that the driven stress has lost at the
                            ///< output after the peak; 0: no such output [-]
    solver::FieldSettings fields;

    bool history_hdf5 = false; ///< history.h5 beside history.csv
    bool event_csv = false;    ///< events.csv: gathered on one rank
    bool event_hdf5 = false;   ///< events.h5: written by all ranks
    solver::EventFilter event_filter;
    std::string event_filter_text; ///< for the reader of the log

    solver::ShearBandSettings shear_bands;

    bool figures = true;
    std::size_t n_point_paths = 0; ///< paths of the point model to compare with

    bool logs_events() const
    {
      return event_csv || event_hdf5;
    }

    static void declare(dealii::ParameterHandler &prm);

    /// @throws InputError naming the key that does not fit, and the cure
    static OutputParameters parse(const Parameters &parameters);
  };
} // namespace seem::commands

#endif
