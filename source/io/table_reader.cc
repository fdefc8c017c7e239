// SPDX-License-Identifier: LGPL-2.1-or-later
#include "line_reader.h"
#include "run_rows.h"
#include "text.h"

#include <seem/core/exceptions.h>
#include <seem/core/units.h>
#include <seem/io/table_reader.h>

#include <fmt/format.h>
#include <zlib.h>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>

namespace seem::io
{
  namespace
  {
    /// No metal has an energy per atom outside; a total energy taken for one, or the reverse, has.
    constexpr double smallest_energy = 0.05; // [eV per atom]
    constexpr double largest_energy = 50.0;  // [eV per atom]

    /// Events of 4000-atom cells begin near 1e-4 eV of the total energy: digits coarser than this
    /// hide them.
    constexpr double coarsest_resolution = 1e-5; // [eV]

    constexpr std::size_t fewest_rows = 3;

    bool looks_like_a_log(const std::filesystem::path &path)
    {
      std::string name = path.filename().string();
      if (path.extension() == ".gz")
        name = path.stem().string();
      if (text::begins_with(name, "log.") || std::filesystem::path(name).extension() == ".log")
        return true;
      LineReader reader(path);
      for (std::string_view line; reader.next(line);)
        if (!text::trimmed(line).empty())
          return text::begins_with(text::trimmed(line), "LAMMPS (");
      return false;
    }

    bool plausible(const double energy_per_atom)
    {
      return std::abs(energy_per_atom) >= smallest_energy &&
             std::abs(energy_per_atom) <= largest_energy;
    }

    void check_energy(const std::string &place, const double found,
                      const statistics::SampleInfo &info, const TableFormat &format)
    {
      const bool total = format.energy_kind == EnergyKind::total;
      const double per_atom = total ? found / info.n_atoms : found;
      if (plausible(per_atom))
        return;
      std::string cure;
      if (total && plausible(found))
        cure = "the column seems to hold energies per atom: set the energy kind to per atom";
      else if (!total && plausible(found / info.n_atoms))
        cure = "the column seems to hold total energies: set the energy kind to total";
      else
        cure = "check the column, its unit and the number of atoms";
      throw InputError(fmt::format(
          "{}: column '{}': found {}, taken as the {} of {} atoms, that is "
          "{} eV per atom; expected a magnitude between {} and {} eV per "
          "atom; {}",
          place, format.energy_column, found, total ? "total energy" : "energy per atom",
          info.n_atoms, per_atom, smallest_energy, largest_energy, cure));
    }

    void check_format(const std::string &file, const statistics::SampleInfo &info,
                      const TableFormat &format)
    {
      if (format.stress_sign != 1.0 && format.stress_sign != -1.0)
        throw InputError(fmt::format("{}: the sign of the stress column is {}, expected 1 or -1",
                                     file, format.stress_sign));
      if (!(info.n_atoms > 0.0) || !std::isfinite(info.n_atoms))
        throw InputError(fmt::format("{}: the number of atoms is {}, expected a positive number",
                                     file, info.n_atoms));
    }

    void check_strains(const std::string &file, const RunRows &rows)
    {
      for (std::size_t i = 1; i < rows.strain.size(); ++i)
        if (!(rows.strain[i] > rows.strain[i - 1]))
          throw InputError(fmt::format("{}:{}: strain {} follows {} of line {}: expected a growing "
                                       "strain. Are two runs, or a restarted one, in one file?",
                                       file, rows.line[i], rows.strain[i], rows.strain[i - 1],
                                       rows.line[i - 1]));
    }
  } // namespace

  statistics::Trajectory read_trajectory(const std::filesystem::path &path,
                                         const statistics::SampleInfo &info,
                                         const TableFormat &format,
                                         std::vector<std::string> *notices)
  {
    const std::string file = path.string();
    check_readable(path);
    check_format(file, info, format);
    const double stress_factor = format.stress_sign * stress_unit_in_GPa(format.stress_unit);

    const bool is_log = format.layout == FileLayout::lammps_log ||
                        (format.layout == FileLayout::automatic && format.row_prefix.empty() &&
                         looks_like_a_log(path));
    std::vector<std::string> own_notices;
    RunRows rows = is_log ? read_lammps_log(path, format, own_notices) : read_table(path, format);

    if (rows.strain.size() < fewest_rows)
      throw InputError(fmt::format("{}: found {} rows, expected at least {}", file,
                                   rows.strain.size(), fewest_rows));
    check_strains(file, rows);
    for (std::size_t i = 0; i < rows.energy.size(); ++i)
      if (const double e = rows.energy[i];
          !plausible(format.energy_kind == EnergyKind::total ? e / info.n_atoms : e))
        check_energy(fmt::format("{}:{}", file, rows.line[i]), e, info, format);

    const bool total = format.energy_kind == EnergyKind::total;
    const double resolution = std::pow(10.0, -rows.energy_decimals) * (total ? 1.0 : info.n_atoms);
    if (resolution > coarsest_resolution)
      own_notices.push_back(fmt::format(
          "{}: column '{}' is printed in steps of {:.1g} eV of the whole cell: events "
          "that small cannot be seen. Print more digits (in LAMMPS: thermo_modify format "
          "float %.12g)",
          file, format.energy_column, resolution));

    statistics::Trajectory result;
    result.info = info;
    result.info.checksum = file_checksum(path);
    result.strain = std::move(rows.strain);
    result.tau = std::move(rows.stress);
    result.energy = std::move(rows.energy);
    for (double &tau : result.tau)
      tau *= stress_factor;
    if (total)
      for (double &energy : result.energy)
        energy /= info.n_atoms;
    if (notices != nullptr)
      notices->insert(notices->end(), own_notices.begin(), own_notices.end());
    return result;
  }

  std::string file_checksum(const std::filesystem::path &path)
  {
    check_readable(path);
    const std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(std::fopen(path.c_str(), "rb"),
                                                                &std::fclose);
    if (!file)
      throw InputError(fmt::format("{}: cannot be read: {}", path.string(), std::strerror(errno)));

    std::vector<unsigned char> block(1 << 16);
    uLong checksum = crc32(0L, Z_NULL, 0);
    while (const std::size_t n = std::fread(block.data(), 1, block.size(), file.get()))
      checksum = crc32(checksum, block.data(), static_cast<uInt>(n));
    if (std::ferror(file.get()) != 0)
      throw InputError(fmt::format("{}: cannot be read: {}", path.string(), std::strerror(errno)));
    return fmt::format("crc32:{:08x}", checksum);
  }

  double stress_unit_in_GPa(const std::string &unit)
  {
    const std::vector<std::pair<std::string, double>> units = {{"GPa", 1.0},
                                                               {"MPa", 1e-3},
                                                               {"kbar", 0.1},
                                                               {"bar", units::GPa_per_bar},
                                                               {"Pa", 1e-9},
                                                               {"atm", 1.01325e-4},
                                                               {"eV/A3", units::GPa_per_eV_per_A3}};
    for (const auto &[name, factor] : units)
      if (unit == name)
        return factor;
    double factor = 0.0;
    if (text::parse(unit, factor) == text::NumberError::none && std::isfinite(factor) &&
        factor > 0.0)
      return factor;
    throw InputError(
        fmt::format("unknown unit of stress {}: expected GPa, MPa, kbar, bar, atm, Pa, "
                    "eV/A3 or a positive number (GPa per unit of the column)",
                    text::shown(unit)));
  }
} // namespace seem::io
