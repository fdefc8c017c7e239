// SPDX-License-Identifier: LGPL-2.1-or-later
#include "line_reader.h"
#include "run_rows.h"
#include "text.h"

#include <seem/core/exceptions.h>
#include <seem/core/units.h>
#include <seem/io/table_reader.h>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
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
      const std::string begin = first_bytes(path, 512);
      return text::begins_with(
          text::trimmed(begin.substr(std::min(begin.find_first_not_of("\r\n"), begin.size()))),
          "LAMMPS (");
    }

    bool plausible(const double energy_per_atom)
    {
      return std::abs(energy_per_atom) >= smallest_energy &&
             std::abs(energy_per_atom) <= largest_energy;
    }

    [[noreturn]] void fail_energy(const std::string &place, const double found, const double factor,
                                  const statistics::SampleInfo &info, const TableFormat &format,
                                  const bool total)
    {
      const double per_atom = factor * (total ? found / info.n_atoms : found);
      std::string cure;
      if (total && plausible(factor * found))
        cure = "the column seems to hold energies per atom: set the energy kind to per atom";
      else if (!total && plausible(factor * found / info.n_atoms))
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

    /// Whether the energies are those of the whole cell.
    bool holds_total_energy(const std::string &file, const double energy,
                            const statistics::SampleInfo &info, const TableFormat &format)
    {
      if (format.energy_kind != EnergyKind::automatic)
        return format.energy_kind == EnergyKind::total;
      const bool total = plausible(energy / info.n_atoms);
      if (total && plausible(energy))
        throw InputError(fmt::format(
            "{}: column '{}': {} eV may be the energy of {} atoms or of one: say total or per atom",
            file, format.energy_column, energy, info.n_atoms));
      return total;
    }

    std::string shown_checksum(const std::uint32_t checksum)
    {
      return fmt::format("crc32:{:08x}", checksum);
    }

    /// Of the numbers of one run among others in its file.
    std::string checksum_of(const RunRows &rows)
    {
      std::uint32_t checksum = 0;
      for (const std::vector<double> *column : {&rows.strain, &rows.energy, &rows.stress})
        checksum = crc32_of(checksum, column->data(), column->size() * sizeof(double));
      return shown_checksum(checksum);
    }

    void check_format(const std::string &file, const statistics::SampleInfo &info,
                      const TableFormat &format)
    {
      if (format.stress_sign != 1.0 && format.stress_sign != -1.0)
        throw InputError(fmt::format("{}: the sign of the stress column is {}, expected 1 or -1",
                                     file, format.stress_sign));
      if (format.strain_sign != 1.0 && format.strain_sign != -1.0)
        throw InputError(fmt::format("{}: the sign of the strain column is {}, expected 1 or -1",
                                     file, format.strain_sign));
      if (!(info.n_atoms > 0.0) || !std::isfinite(info.n_atoms))
        throw InputError(fmt::format("{}: the number of atoms is {}, expected a positive number",
                                     file, info.n_atoms));
    }

    double largest_change(const std::vector<double> &values, const std::vector<double> &strain)
    {
      double largest = 0.0;
      for (std::size_t i = 1; i < values.size(); ++i)
        if (strain[i] > strain[i - 1])
          largest = std::max(largest, std::abs(values[i] - values[i - 1]));
      return largest;
    }

    /// Add the periods by which the strain jumps back, see read_trajectory().
    void unwrap_strain(const std::string &file, RunRows &rows, const TableFormat &format,
                       std::vector<std::string> &notices)
    {
      constexpr double smallest_period = 0.5; // of `automatic`: cells are flipped by a whole edge
      constexpr double margin = 2.0;
      std::vector<double> &strain = rows.strain;
      if (format.unwrapping == StrainUnwrapping::never ||
          std::is_sorted(strain.begin(), strain.end(), std::less_equal<double>()))
        return;
      const double energy = margin * largest_change(rows.energy, strain),
                   stress = margin * largest_change(rows.stress, strain);
      double shift = 0.0;
      for (std::size_t i = 1; i < strain.size(); ++i)
      {
        strain[i] += shift;
        if (i < 2 || strain[i] > strain[i - 1])
          continue;
        const double increment = strain[i - 1] - strain[i - 2];
        const double period = increment + strain[i - 1] - strain[i];
        const bool large = format.unwrapping == StrainUnwrapping::always
                               ? strain[i] < strain[i - 1]
                               : period >= smallest_period;
        if (!large || !(increment > 0.0) ||
            std::abs(rows.energy[i] - rows.energy[i - 1]) > energy ||
            std::abs(rows.stress[i] - rows.stress[i - 1]) > stress)
          continue;
        notices.push_back(fmt::format(
            "{}: the strain jumps from {} back to {} while energy and stress go on: taken for a "
            "flipped cell, {:.9g} added from here on",
            rows.place(file, i), strain[i - 1] - shift, strain[i] - shift, period));
        strain[i] += period;
        shift += period;
      }
    }

    void check_strains(const std::string &file, const RunRows &rows)
    {
      for (std::size_t i = 1; i < rows.strain.size(); ++i)
        if (!(rows.strain[i] > rows.strain[i - 1]))
          throw InputError(fmt::format(
              "{}: strain {} follows {} of {} {}: expected a growing strain. {}",
              rows.place(file, i), rows.strain[i], rows.strain[i - 1], rows.line_word,
              rows.line[i - 1],
              rows.strain.back() < rows.strain.front()
                  ? "For a run towards negative strains set the signs of strain and stress to -1"
                  : "Are two runs, or a restarted one, in one file?"));
      // A growing strain can be infinite at its ends only: the quotient of two columns.
      for (const std::size_t i : {std::size_t(0), rows.strain.size() - 1})
        if (!std::isfinite(rows.strain[i]))
          throw InputError(fmt::format("{}: the strain is {}, expected a finite number",
                                       rows.place(file, i), rows.strain[i]));
    }

    /// Stresses in GPa.
    void convert_stress(const std::string &file, RunRows &rows, const double factor)
    {
      bool finite = true;
      for (double &stress : rows.stress)
      {
        stress *= factor;
        finite &= std::isfinite(stress);
      }
      for (std::size_t i = 0; !finite && i < rows.stress.size(); ++i)
        if (!std::isfinite(rows.stress[i]))
          throw InputError(fmt::format("{}: the stress is {} GPa, expected a finite number",
                                       rows.place(file, i), rows.stress[i]));
    }
  } // namespace

  statistics::Trajectory read_trajectory(const std::filesystem::path &path,
                                         const statistics::SampleInfo &info,
                                         const TableFormat &format,
                                         std::vector<std::string> *notices)
  {
    const std::string file = path.string();
    const std::filesystem::path container = split_object(path).first;
    check_readable(container);
    check_format(file, info, format);
    const double stress_factor = format.stress_sign * stress_unit_in_GPa(format.stress_unit);
    const double energy_factor = energy_unit_in_eV(format.energy_unit);

    const bool is_arrays = format.layout == FileLayout::automatic && format.row_prefix.empty() &&
                           is_array_file(container);
    const bool is_log = !is_arrays && (format.layout == FileLayout::lammps_log ||
                                       (format.layout == FileLayout::automatic &&
                                        format.row_prefix.empty() && looks_like_a_log(path)));
    std::vector<std::string> own_notices;
    RunRows rows = is_arrays ? read_array_run(path, format)
                   : is_log  ? read_lammps_log(path, format, own_notices)
                             : read_table(path, format);

    if (rows.strain.size() < fewest_rows)
      throw InputError(fmt::format("{}: found {} rows, expected at least {}", file,
                                   rows.strain.size(), fewest_rows));
    for (double &strain : rows.strain)
      strain = format.strain_sign * strain + 0.0; // no -0
    unwrap_strain(file, rows, format, own_notices);
    check_strains(file, rows);
    const bool total = holds_total_energy(file, energy_factor * rows.energy.front(), info, format);
    for (std::size_t i = 0; i < rows.energy.size(); ++i)
      if (const double e = rows.energy[i];
          !plausible(energy_factor * (total ? e / info.n_atoms : e)))
        fail_energy(rows.place(file, i), e, energy_factor, info, format, total);

    const double resolution =
        energy_factor * std::pow(10.0, -rows.energy_decimals) * (total ? 1.0 : info.n_atoms);
    if (resolution > coarsest_resolution)
      own_notices.push_back(fmt::format(
          "{}: column '{}' is printed in steps of {:.1g} eV of the whole cell: events "
          "that small cannot be seen. Print more digits (in LAMMPS: thermo_modify format "
          "float %.12g)",
          file, format.energy_column, resolution));

    statistics::Trajectory result;
    result.info = info;
    result.info.checksum = container != path    ? checksum_of(rows)
                           : rows.file_checksum ? shown_checksum(*rows.file_checksum)
                                                : file_checksum(path);
    convert_stress(file, rows, stress_factor);
    result.strain = std::move(rows.strain);
    result.tau = std::move(rows.stress);
    result.energy = std::move(rows.energy);
    if (energy_factor != 1.0)
      for (double &energy : result.energy)
        energy *= energy_factor;
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
    std::uint32_t checksum = 0;
    while (const std::size_t n = std::fread(block.data(), 1, block.size(), file.get()))
      checksum = crc32_of(checksum, block.data(), n);
    if (std::ferror(file.get()) != 0)
      throw InputError(fmt::format("{}: cannot be read: {}", path.string(), std::strerror(errno)));
    return shown_checksum(checksum);
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

  double energy_unit_in_eV(const std::string &unit)
  {
    constexpr double faraday = 96485.33212; // [C/mol], CODATA 2018
    if (unit == "eV")
      return 1.0;
    if (unit == "kcal/mol")
      return 4184.0 / faraday;
    if (unit == "kJ/mol")
      return 1000.0 / faraday;
    double factor = 0.0;
    if (text::parse(unit, factor) == text::NumberError::none && std::isfinite(factor) &&
        factor > 0.0)
      return factor;
    throw InputError(fmt::format("unknown unit of energy {}: expected eV, kcal/mol, kJ/mol or a "
                                 "positive number (eV per unit of the column)",
                                 text::shown(unit)));
  }

  void refuse_repeated_runs(const std::vector<statistics::Trajectory> &runs)
  {
    std::map<std::string, const statistics::Trajectory *> by_checksum;
    std::map<std::pair<double, double>, std::vector<const statistics::Trajectory *>> by_ends;
    for (const statistics::Trajectory &run : runs)
    {
      if (!run.info.checksum.empty())
        if (const auto [first, is_new] = by_checksum.emplace(run.info.checksum, &run); !is_new)
          throw InputError(fmt::format("{} and {} are the same file (equal checksums {}): each run "
                                       "counts once; remove one line of the manifest",
                                       first->second->info.name, run.info.name, run.info.checksum));
      if (run.n_rows() == 0)
        continue;
      auto &candidates = by_ends[{run.energy.front(), run.energy.back()}];
      for (const statistics::Trajectory *const other : candidates)
        if (other->strain == run.strain && other->energy == run.energy && other->tau == run.tau)
          throw InputError(
              fmt::format("{} and {} have equal rows: each run counts once; remove one "
                          "line of the manifest",
                          other->info.name, run.info.name));
      candidates.push_back(&run);
    }
  }
} // namespace seem::io
