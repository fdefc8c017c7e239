// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_IO_DATABASE_FILE_H
#define SEEM_IO_DATABASE_FILE_H

#include <seem/database/event_database.h>

#include <filesystem>
#include <string>

namespace seem::io
{
  /**
   * Write an event database to one HDF5 file. Equal databases give equal bytes (no times are
   * stored).
   *
   * Every dataset carries the attributes `unit` and `description`, so that `h5dump -A` explains the
   * file:
   *  - root attributes: `kind` = "event database", `schema_version`, `program`, `program_version`,
   * `material`, `n_atoms`, `volume_A3`, `u0_eV`, `strain_increment`, `minimum_events`,
   * `n_internal_variables`, `description`;
   *  - `/grid`: `edges_0`, `edges_1`, ... (attribute `name`: tau, x1, ...), then `exposure`,
   * `n_events`, `n_increments`, `rate`, of shape [n_xM]...[n_x1][n_tau]: tau runs fastest;
   *  - `/events`: `tau`, `x1`..`xM`, `dtau`, `dx1`..`dxM`, `net_dtau`, `strain`, `sample`,
   * `plastic_strain`, `heat`, each [n_events];
   *  - `/elasticity/G0`, `uA`, `tauA`, `tauB`: groups with the attributes `value`,
   * `standard_error`, `unit`; attribute `source` of `/elasticity`: how they were found;
   *  - `/elasticity/table`, if the elasticity is tabulated: `tau` and `x1`, the nodes, `compliance`
   * and `standard_error` of shape [n_x1][n_tau];
   *  - `/samples`: `name`, `label`, `glass`, `direction`, `checksum`, `cooling_rate`, `n_atoms`,
   * `volume`, `final_strain`, `initial_tau`, `initial_x1`..`initial_xM`, each [n_samples];
   *  - `/visits`, if known: `sample`, `bin`, `exposure`, `n_increments`, each [n_visits];
   *  - `/settings`: one string attribute per parameter of the harvest.
   *
   * The file gets its name last: it is written under a temporary name in the same directory and
   * then renamed. If anything fails, the temporary is removed and an older file of that name is
   * left as it was.
   *
   * @throws InputError if the database is inconsistent or the file cannot be created, naming the
   * file
   * @throws Error      if writing fails, naming the file and the object
   */
  void write_database(const std::filesystem::path &path, const database::EventDatabase &database);

  /**
   * Read an event database and check it. Files of schema versions 1 and 2 are read, too: they have
   * no visits, version 1 no table, and database::complete_events() fills in what both have not.
   * @throws InputError naming the file and the object in it: no such file, not HDF5, not a seem
   * database, another schema version, something missing or of the wrong shape, inconsistent content
   */
  database::EventDatabase read_database(const std::filesystem::path &path);

  /// What a file is, for `seem info`.
  struct FileKind
  {
    bool is_hdf5 = false; ///< false: a text file, an image, ...
    std::string kind;     ///< root attribute `kind`, e.g. "event database"; empty if there is none

    bool is_event_database() const;
  };

  /**
   * Tell what a file is.
   * @throws InputError if there is no such file or it cannot be read
   */
  FileKind file_kind(const std::filesystem::path &path);
} // namespace seem::io

#endif
