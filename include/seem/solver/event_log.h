// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_EVENT_LOG_H
#define SEEM_SOLVER_EVENT_LOG_H

#include <seem/core/random_stream.h>
#include <seem/solver/step_record.h>

#include <mpi.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace seem::solver
{
  /// Where a state of the law is, for the event log.
  struct StatePlace
  {
    PointKey key;                   ///< of the state; its copies have the same place
    std::array<double, 3> position; ///< of the quadrature point, or mean of a cell's; z = 0 in
                                    ///< plane strain [nm]
    double volume_ratio = 1.0;      ///< m [-]
  };

  /// Which events are logged: those that meet every condition that is given.
  struct EventFilter
  {
    std::optional<double> smallest_drop;          ///< of tau at fixed strain, Jump::dtau [GPa]
    std::optional<double> smallest_plastic_shear; ///< EventRecord::plastic_shear [-]
    /// Low and high end along x, y, z [nm]: the state is in it, its boundary included. Of a body in
    /// plane strain z is not asked for.
    std::optional<std::array<std::pair<double, double>, 3>> region;
  };

  /// The order of events in a log: by step, pass, cell, quadrature point, copy, number. No two
  /// events are equal in it.
  bool comes_before(const LoggedEvent &a, const LoggedEvent &b);

  /// Applies an EventFilter to the events of one rank.
  class EventSelection
  {
  public:
    /// @param[in] places  of the states of this rank
    EventSelection(const EventFilter &filter, const std::vector<StatePlace> &places);

    /// Those of @p events that are to be logged, sorted by comes_before().
    std::vector<LoggedEvent> select(std::vector<LoggedEvent> events) const;

    /// The states whose events can be logged.
    const std::vector<StatePlace> &places() const
    {
      return inside;
    }

  private:
    bool is_inside(const PointKey &key) const;

    EventFilter filter;
    std::vector<StatePlace> inside; ///< sorted by key if there is a region
  };

  /**
   * The event log of a run as one HDF5 file, which all ranks write together: no rank ever holds the
   * events of another. The dataset `/events` grows; each write appends the events of rank 0, then
   * those of rank 1, ..., each sorted by comes_before(). So on one rank the file is sorted, and on
   * any number of ranks sorting it by (step, pass, cell, quadrature_point, copy, number) gives the
   * same rows: the key is unique.
   *
   *  - `/events` [n] compound: `step`, `pass` (u32), `cell` (u64), `quadrature_point`, `copy`
   *    (u16), `number` (u32), then f64 `path` (0..1 in the pass), `tau_GPa`, `x1_eV` before,
   *    `dtau_GPa`, `dx1_eV` the jump, tau - dtau, x1 + dx1, `heat_GPa` (D), `plastic_shear`, and
   *    `support` (enum inside, outside, forced);
   *  - `/states` [n_states] compound: `cell`, `quadrature_point`, `x_nm`, `y_nm`, `z_nm`,
   *    `volume_ratio`: the places of the states whose events are logged;
   *  - root attributes `kind` = "event log", `schema_version`, `program_version`, `filter`,
   *    `description`; each dataset has `units`, the units of its fields in their order.
   *
   * The file is there from the start under its name, and readable after each flush().
   *
   * It lives here, not in the io layer, because HDF5 writes in parallel through MPI, which that
   * layer does without.
   */
  class EventLogFile
  {
  public:
    /**
     * Called by all ranks, like every other function.
     * @param[in] places       of the states of this rank whose events are logged
     * @param[in] description  of the filter, for the reader of the file
     * @throws Error on all ranks if the file cannot be created, naming it
     */
    EventLogFile(MPI_Comm communicator, const std::string &path,
                 const std::vector<StatePlace> &places, const std::string &description);

    /**
     * Continue a log after a restart: keep its first @p n_events events, drop those after them. The
     * number of ranks may be another.
     * @throws Error on all ranks if there is no such log or it has fewer events
     */
    EventLogFile(MPI_Comm communicator, const std::string &path, unsigned long n_events);

    EventLogFile(const EventLogFile &) = delete;
    EventLogFile &operator=(const EventLogFile &) = delete;
    ~EventLogFile();

    /**
     * Take over the selected events of this rank. They are written when all ranks together hold
     * enough of them.
     * @throws Error on all ranks if they cannot be written
     */
    void append(const std::vector<LoggedEvent> &events);

    /// Write what is held, through to the disk. @throws Error on all ranks if that fails
    void flush();

    /// Events of all ranks, those not yet written included.
    unsigned long n_events() const;

  private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation;
  };
} // namespace seem::solver

#endif
