// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/atomistic_runs.h>
#include <seem/commands/parameter_patterns.h>
#include <seem/io/manifest.h>

#include <deal.II/base/parameter_handler.h>

#include <fmt/format.h>

#include <cstdio>
#include <unistd.h>

namespace seem::commands
{
  namespace patterns = dealii::Patterns;

  void AtomisticRunsParameters::declare(dealii::ParameterHandler &prm, const bool required)
  {
    prm.enter_subsection("Runs");
    prm.declare_entry(
        "Manifest", "", patterns::FileName(),
        "CSV file that lists the atomistic runs: columns file, atoms, volume_A3, label, "
        "cooling_rate_K_per_s; optionally quench or glass, direction." +
            std::string(required ? "" : " Empty: no comparison with atomistic runs."),
        required);
    prm.declare_entry("Strain column", "strain", patterns::Anything(),
                      "Column with the engineering shear strain [-]: a name, a number counted from "
                      "1, or a ratio \"Xy/Ly\".");
    prm.declare_entry("Energy column", "pe_eV", patterns::Anything(),
                      "Column with the potential energy [eV].");
    prm.declare_entry("Stress column", "tau_GPa", patterns::Anything(),
                      "Column with the shear stress, see Stress unit and Stress sign.");
    prm.declare_entry("Energy", "total", patterns::Selection("total|per atom"),
                      "Whether the energy is that of the whole cell or per atom.");
    prm.declare_entry(
        "Stress unit", "GPa", patterns::Anything(),
        "Unit of the stress column: GPa, MPa, kbar, bar, atm, Pa, eV/A3, or a number: "
        "GPa per unit of the column.");
    prm.declare_entry("Stress sign", "1", patterns::Selection("1|-1"),
                      "1 if the stress is positive where the shear does work; -1 for LAMMPS, which "
                      "prints pressure: tau = -pxy.");
    prm.declare_entry("Layout", "automatic", patterns::Selection("automatic|table|LAMMPS log"),
                      "Layout of the files.");
    prm.declare_entry("Row prefix", "", patterns::Anything(),
                      "If given, only lines that begin with it are rows of a table.");
    prm.leave_subsection();
  }

  AtomisticRunsParameters AtomisticRunsParameters::parse(const Parameters &parameters)
  {
    AtomisticRunsParameters result;
    result.manifest = parameters.file("Runs/Manifest");
    result.format.strain_column = parameters.text("Runs/Strain column");
    result.format.energy_column = parameters.text("Runs/Energy column");
    result.format.stress_column = parameters.text("Runs/Stress column");
    result.format.energy_kind = parameters.text("Runs/Energy") == "total"
                                    ? io::EnergyKind::total
                                    : io::EnergyKind::per_atom;
    result.format.stress_unit = parameters.text("Runs/Stress unit");
    result.format.stress_sign = parameters.text("Runs/Stress sign") == "1" ? 1.0 : -1.0;
    const std::string layout = parameters.text("Runs/Layout");
    result.format.layout = layout == "automatic" ? io::FileLayout::automatic
                           : layout == "table"   ? io::FileLayout::table
                                                 : io::FileLayout::lammps_log;
    result.format.row_prefix = parameters.text("Runs/Row prefix");
    for (const char *column : {"Runs/Strain column", "Runs/Energy column", "Runs/Stress column"})
      if (parameters.text(column).empty())
        throw parameters.error(column, "expected the name or number of a column");
    try
    {
      io::stress_unit_in_GPa(result.format.stress_unit);
    }
    catch (const InputError &error)
    {
      throw parameters.error("Runs/Stress unit", error.what());
    }
    return result;
  }

  std::vector<statistics::Trajectory> read_atomistic_runs(const AtomisticRunsParameters &parameters)
  {
    const std::vector<io::ManifestEntry> entries = io::read_manifest(parameters.manifest);
    const bool terminal = isatty(STDERR_FILENO) == 1;

    std::vector<statistics::Trajectory> trajectories;
    std::vector<std::string> notices;
    trajectories.reserve(entries.size());
    const auto clear_line = [&] {
      if (terminal)
        fmt::print(stderr, "\r\033[K");
    };
    try
    {
      for (const io::ManifestEntry &entry : entries)
      {
        if (terminal)
        {
          clear_line();
          fmt::print(stderr, "reading run {} of {}: {}", trajectories.size() + 1, entries.size(),
                     entry.info.name);
          std::fflush(stderr);
        }
        trajectories.push_back(
            io::read_trajectory(entry.path, entry.info, parameters.format, &notices));
      }
    }
    catch (...)
    {
      clear_line();
      throw;
    }
    clear_line();
    for (const std::string &notice : notices)
      fmt::print(stderr, "seem: note: {}\n", notice);
    return trajectories;
  }
} // namespace seem::commands
