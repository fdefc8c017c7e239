// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_RUN_RECORDER_H
#define SEEM_COMMANDS_RUN_RECORDER_H

#include "run_body.h"
#include "run_cost.h"
#include "run_output.h"
#include "run_summary.h"

#include <seem/commands/field_schedule.h>
#include <seem/commands/state_data.h>
#include <seem/solver/body.h>
#include <seem/solver/equilibrium.h>
#include <seem/solver/event_log.h>
#include <seem/solver/field_output.h>
#include <seem/solver/material_points.h>
#include <seem/solver/shear_bands.h>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace seem::commands
{
  /**
   * Writes all that a run writes while it goes: tables, fields, event log, progress. All ranks call
   * all functions; an error on one of them is one on all.
   */
  template <int dim>
  class RunRecorder
  {
  public:
    /**
     * References are kept. The files appear now.
     * @param[in] quadrature_points  of this rank
     * @param[in] states             of this rank
     * @param[in] resume             if given, what state() was: go on with the files that are there
     * @throws InputError on all ranks if such a file is not there
     */
    RunRecorder(const RunContext &context, const std::filesystem::path &directory,
                const solver::Body<dim> &body, solver::Equilibrium<dim> &equilibrium,
                const solver::MaterialPoints &points,
                const std::vector<solver::QuadraturePoint<dim>> &quadrature_points,
                const StateData &states, RunClock &clock, MPI_Comm communicator,
                const nlohmann::json *resume = nullptr);

    /// What a checkpoint needs of this object, on all ranks (the rows of the tables on the first);
    /// all rows are in the files. All ranks call it.
    nlohmann::json state();

    /// After an accepted step. @param[in] events  of this rank, if events are logged
    void step(const solver::StepRecord &record, const std::vector<solver::LoggedEvent> &events);

    /// After the last step: the fields of the end, if they are not there yet, and all that was held
    /// back.
    void finish();

    const RunSummary &summary() const
    {
      return sums;
    }

    const solver::StepRecord &last_step() const
    {
      return last;
    }

    /// Files that were written, for the user: "history.csv, ...".
    std::string file_names() const;

  private:
    void restore(const nlohmann::json &state);
    void write_fields(const std::string &reasons);

    const RunContext &context;
    const OutputParameters &parameters;
    std::filesystem::path directory;
    solver::Equilibrium<dim> &equilibrium;
    const solver::MaterialPoints &points;
    RunClock &clock;
    MPI_Comm communicator;
    bool first_rank;
    std::vector<dealii::types::boundary_id> moved; ///< boundaries with reactions

    solver::FieldOutput<dim> fields;
    solver::ShearBandFinder<dim> band_finder;
    FieldSchedule schedule;
    Progress progress;
    solver::EventSelection selection;
    std::unique_ptr<solver::EventLogFile> event_log;
    // On the first rank:
    std::optional<RunTables> tables;
    std::optional<ReactionTable> reactions;
    std::optional<io::CsvWriter> field_index;

    solver::StepRecord last;
    double time_of_fields; ///< pseudo-time of the last ones; NaN before them
    RunSummary sums;
  };
} // namespace seem::commands

#endif
