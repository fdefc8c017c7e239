// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_RUN_OUTPUT_H
#define SEEM_COMMANDS_RUN_OUTPUT_H

#include <seem/commands/output_parameters.h>
#include <seem/commands/point_ensemble.h>
#include <seem/commands/run_loading.h>
#include <seem/io/csv_writer.h>
#include <seem/io/hdf5_table.h>
#include <seem/solver/balance_operator.h>
#include <seem/solver/equilibrium.h>
#include <seem/solver/material_points.h>
#include <seem/solver/shear_bands.h>
#include <seem/solver/step_record.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace seem::commands
{
  /// Numbers of rows of the tables of a run at a checkpoint, by file name.
  using RowCounts = std::map<std::string, std::size_t>;

  /// The growing history of a run: history.csv and, on demand, history.h5 with the same columns.
  class HistoryTable
  {
  public:
    HistoryTable(const std::filesystem::path &directory, const std::vector<std::string> &columns,
                 bool with_hdf5, const RowCounts *resume);

    template <typename... Values>
    void row(const Values &...values)
    {
      csv.row(values...);
      if (hdf5)
        hdf5->row(values...);
    }

    /// The row is in history.csv at once, in history.h5 after some seconds at most.
    void flush();

    /// Both files are complete. @throws Error if writing fails
    void finish();

    std::size_t n_rows() const
    {
      return csv.n_rows();
    }

  private:
    io::CsvWriter csv;
    std::unique_ptr<io::Hdf5Table> hdf5;
    std::chrono::steady_clock::time_point flushed = std::chrono::steady_clock::now();
  };

  /**
   * The growing tables of a run, written by one rank: history.csv (physics alone: the same on any
   * number of ranks to round-off), on demand history.h5, timings.csv, avalanches.csv in next-event
   * stepping and, on demand, events.csv.
   */
  class RunTables
  {
  public:
    /// @param[in] resume  if given: go on with the tables that are there, after so many rows
    /// @throws InputError if they are not there
    RunTables(const std::filesystem::path &directory, const RunLoading &loading,
              const OutputParameters &output, const RowCounts *resume);

    /// @p events are those of all ranks that are to be logged.
    void write(const solver::StepRecord &record, const solver::ShearBands &bands,
               const solver::SolverEffort &effort, std::vector<solver::LoggedEvent> &events);

    /// All rows are in the files. @throws Error if writing fails
    void finish();

    /// The rows of all tables, and under "events" the events so far.
    RowCounts n_rows() const;

  private:
    std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
    const RunLoading &loading;
    HistoryTable history;
    io::CsvWriter timings;
    std::unique_ptr<io::CsvWriter> event_log;
    std::unique_ptr<io::CsvWriter> avalanches; ///< in next-event stepping
    unsigned long n_events = 0;                ///< since the start
  };

  /// The growing table reactions.csv: forces and moments on the boundaries that are held or moved.
  class ReactionTable
  {
  public:
    /// @param[in] names   of the boundaries
    /// @param[in] resume  as for RunTables
    ReactionTable(const std::filesystem::path &directory, unsigned int dim,
                  const std::map<std::string, dealii::types::boundary_id> &names,
                  const RowCounts *resume);

    std::size_t n_rows() const
    {
      return table.n_rows();
    }

    /// @p forces are the modes of solver::LoadProgram::unit_motion().
    void write(const solver::StepRecord &record, dealii::types::boundary_id boundary,
               const std::vector<double> &forces);

  private:
    std::map<dealii::types::boundary_id, std::string> names;
    io::CsvWriter table;
  };

  /// A growing table, or the one that is there after its first rows. @throws InputError if it is
  /// not
  io::CsvWriter open_table(const std::filesystem::path &file,
                           const std::vector<std::string> &columns, const RowCounts *resume);

  /// A progress line with the time left, rewritten in place on a terminal, else now and then.
  class Progress
  {
  public:
    /// @param[in] begin  pseudo-time at which this process began
    Progress(const RunLoading &loading, double begin);
    void show(const solver::StepRecord &record);

  private:
    std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
    const RunLoading &loading;
    double begin;
    bool terminal;
    double next_line; ///< time of the next line where lines stay
  };

  /**
   * Write one row per quadrature point of all ranks, sorted by cell and point: position, plastic
   * shear strain, tau, X1, number of events. Called by all ranks; rank 0 writes.
   */
  template <int dim>
  void write_final_field(const std::filesystem::path &file,
                         const std::vector<solver::QuadraturePoint<dim>> &quadrature_points,
                         const solver::MaterialPoints &points, MPI_Comm communicator);

  /// Write mean and standard deviation of a point ensemble.
  void write_point_mean(const std::filesystem::path &file, const PointEnsemble &ensemble);
} // namespace seem::commands

#endif
