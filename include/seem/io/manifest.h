// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_IO_MANIFEST_H
#define SEEM_IO_MANIFEST_H

#include <seem/io/table_reader.h>
#include <seem/statistics/trajectory.h>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace seem::io
{
  /// One line of a manifest: what is known of one AQS run, and where its rows are.
  struct ManifestEntry
  {
    statistics::SampleInfo info; ///< without the checksum, which read_trajectory() fills in
    std::filesystem::path path;  ///< the file with the rows, relative paths already resolved
    std::size_t line = 0;        ///< line of the manifest, counted from 1

    /// What this line says in the place of the format common to all; empty: nothing.
    std::string strain_column, energy_column, stress_column;
    std::optional<double> strain_sign, stress_sign;

    /// The format of this run's file.
    TableFormat format(const TableFormat &common) const;
  };

  /**
   * Read a manifest: a CSV file with one header line and then one line per AQS run. Blank lines and
   * lines that begin with `#` are skipped; fields may be quoted as in RFC 4180.
   *
   * Required columns, in any order:
   *  - `file`: table or LAMMPS log of the run, relative to the directory of the manifest. With
   * wildcards (`*`, `?`, `[...]`) every match is a run of its own, in alphabetical order; the other
   * columns hold for each of them;
   *  - `atoms`: number of atoms N, a positive whole number;
   *  - `volume_A3`: volume V of the cell [Angstrom^3], positive;
   *  - `label`: name of the preparation;
   *  - `cooling_rate_K_per_s`: [K/s], 0 if unknown.
   *
   * Optional columns:
   *  - `glass` or else `quench`: number or name of the glass among those of one label. The identity
   * of a glass, SampleInfo::glass, is "label/quench". Without these columns every file is a glass
   * of its own;
   *  - `direction`: direction of the shear, free text;
   *  - `strain_sign`, `stress_sign` (1 or -1), `strain_column`, `energy_column`, `stress_column`:
   * instead of those of the TableFormat, for runs sheared in several directions. An empty field
   * changes nothing.
   *
   * Any further column is ignored.
   *
   * @throws InputError naming the manifest, the line and the column, what was found and what was
   * expected: no such file, empty manifest, missing or repeated column, wrong number of fields, not
   * a number, a number out of range, an empty field, the same file twice, a file that is not there
   */
  std::vector<ManifestEntry> read_manifest(const std::filesystem::path &path);
} // namespace seem::io

#endif
