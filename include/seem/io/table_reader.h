// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_IO_TABLE_READER_H
#define SEEM_IO_TABLE_READER_H

#include <seem/statistics/trajectory.h>

#include <filesystem>
#include <string>
#include <vector>

namespace seem::io
{
  /// What the energy column of a file holds.
  enum class EnergyKind
  {
    total,    ///< potential energy of the whole cell
    per_atom, ///< potential energy per atom
    automatic ///< one of the two, by magnitude: 0.05 to 50 eV per atom
  };

  /// How a file is laid out.
  enum class FileLayout
  {
    automatic, ///< HDF5, .npy or .npz by the first bytes; a LAMMPS log if it begins with "LAMMPS ("
               ///< or is called log.* or *.log, else a table
    table,     ///< one row of numbers per line
    lammps_log ///< a LAMMPS log as it is: thermo tables among other lines
  };

  /// What to do where the strain jumps back: LAMMPS flips a cell that is tilted too far.
  enum class StrainUnwrapping
  {
    never,
    automatic, ///< jumps by half a cell edge and more, if energy and stress go on
    always     ///< all jumps at which energy and stress go on
  };

  /**
   * How to find strain, energy and stress in a file, and their units.
   *
   * A column is given by its name or, where no column has that name, by its number, counted from 1.
   * The strain may also be the ratio of two columns, written "Xy/Ly" (tilt and edge of a LAMMPS
   * box).
   */
  struct TableFormat
  {
    std::string strain_column = "strain";  ///< engineering shear strain [-]
    std::string energy_column = "pe_eV";   ///< potential energy, see energy_unit and energy_kind
    std::string stress_column = "tau_GPa"; ///< shear stress, see stress_unit and stress_sign

    EnergyKind energy_kind = EnergyKind::total;
    std::string energy_unit = "eV"; ///< eV, kcal/mol, kJ/mol, or a number: eV per unit
    std::string stress_unit =
        "GPa"; ///< GPa, MPa, kbar, bar, atm, Pa, eV/A3, or a number: GPa per unit of the column
    double stress_sign = 1.0; ///< +1 or -1; -1 for LAMMPS, which prints pressure: tau = -pxy

    double strain_sign = 1.0; ///< +1 or -1; -1 for a run sheared towards negative strains
    StrainUnwrapping unwrapping = StrainUnwrapping::automatic;

    FileLayout layout = FileLayout::automatic;
    bool accept_unfinished = false; ///< use a log in which a thermo table has no "Loop time"
    std::string row_prefix =
        ""; ///< if set, only lines that begin with it are rows, and it is cut off: "!" for lines
            ///< printed as `print "! ${strain} ${pe} ${tau}"` into a log. Tables only.
  };

  /**
   * Read one AQS run. Plain and gzip'd files are told apart by their content. The file is streamed:
   * memory grows with the rows kept, not with the size of the file.
   *
   * **Tables**: columns separated by blanks or by commas. `#` begins a comment, blank lines are
   * skipped. The columns are named by the last comment line before the data that has as many words
   * as there are columns (if possible one with the columns asked for), or by an unprefixed first
   * line without numbers. Columns that are not asked for are counted but not looked at.
   *
   * **LAMMPS logs**: every `run` and `minimize` prints a table between a line of column names and
   * "Loop time"; its last row is the relaxed state and the only one that counts. Lines that begin
   * with WARNING or do not begin with a number are skipped; thermo_style yaml is read, too. Tables
   * without the columns asked for (from the preparation) are skipped; of consecutive tables at
   * equal strain the last one counts. A table without "Loop time" (the job was killed) is an error,
   * or left out with accept_unfinished.
   *
   * **HDF5**: a group with one-dimensional datasets named as the columns, or a two-dimensional
   * dataset whose attribute `columns` names them (else by number). "all.h5:/run7" means the group
   * or dataset /run7 of all.h5, "all.h5" its root. **.npy**: a two-dimensional array, columns by
   * number, or an array of records. **.npz**: one-dimensional arrays named as the columns.
   *
   * **Strain that jumps back** (a flipped cell): the period is what makes the increment over the
   * jump equal to the one before. Energy and stress go on if they change there by no more than
   * twice the largest change elsewhere.
   *
   * @param[in]  path     file with the rows
   * @param[in]  info     what the manifest says; copied into the result together with the checksum
   * of the file
   * @param[in]  format   columns and units of the file
   * @param[out] notices  if not null, sentences for the user are appended: tables left out,
   * warnings inside the log, energies printed with too few digits to see small events
   * @return strain [-], stress [GPa], energy per atom [eV]; at least three rows, the strain growing
   * strictly
   * @throws InputError naming the file, the line and the column, what was found, what was expected
   * and the cure
   */
  statistics::Trajectory read_trajectory(const std::filesystem::path &path,
                                         const statistics::SampleInfo &info,
                                         const TableFormat &format = TableFormat(),
                                         std::vector<std::string> *notices = nullptr);

  /**
   * Checksum of the bytes of a file as they are (of a .gz: of the compressed bytes), as
   * "crc32:%08x".
   * @throws InputError if the file cannot be read
   */
  std::string file_checksum(const std::filesystem::path &path);

  /**
   * A unit of stress in GPa.
   * @param[in] unit  GPa, MPa, kbar, bar, atm, Pa, eV/A3, or a positive number, which is returned
   * @throws InputError for another name, listing those known
   */
  double stress_unit_in_GPa(const std::string &unit);

  /**
   * A unit of energy in eV.
   * @param[in] unit  eV, kcal/mol, kJ/mol, or a positive number, which is returned
   * @throws InputError for another name, listing those known
   */
  double energy_unit_in_eV(const std::string &unit);

  /**
   * No run may count twice.
   * @throws InputError naming two runs with equal checksums, or with equal rows
   */
  void refuse_repeated_runs(const std::vector<statistics::Trajectory> &runs);
} // namespace seem::io

#endif
