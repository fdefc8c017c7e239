// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/atomistic_runs.h>
#include <seem/commands/parameter_patterns.h>
#include <seem/core/units.h>
#include <seem/io/manifest.h>

#include <deal.II/base/parameter_handler.h>

#include <fmt/format.h>

#include <cstdio>
#include <unistd.h>

namespace seem::commands
{
  namespace patterns = dealii::Patterns;

  namespace
  {
    /// Units of energy and stress, by name of a LAMMPS system or one by one.
    void parse_units(const Parameters &parameters, io::TableFormat &format)
    {
      const auto check = [&](const char *entry, const std::string &unit,
                             double (*factor)(const std::string &)) {
        try
        {
          factor(unit);
          return unit;
        }
        catch (const InputError &error)
        {
          throw parameters.error(entry, error.what());
        }
      };
      format.energy_unit =
          check("Runs/Energy unit", parameters.text("Runs/Energy unit"), io::energy_unit_in_eV);
      format.stress_unit =
          check("Runs/Stress unit", parameters.text("Runs/Stress unit"), io::stress_unit_in_GPa);

      const std::string system = parameters.text("Runs/Units");
      const double epsilon = parameters.number("Runs/Epsilon"),
                   sigma = parameters.number("Runs/Sigma");
      if (system != "lj" && (epsilon != 0.0 || sigma != 0.0))
        throw parameters.error(epsilon != 0.0 ? "Runs/Epsilon" : "Runs/Sigma",
                               "only Units = lj has this scale");
      if (system == "given")
        return;
      if (format.energy_unit != "eV" || format.stress_unit != "GPa")
        throw parameters.error("Runs/Units", "says both units: leave out Energy unit and Stress "
                                             "unit, or set Units to given");
      if (system == "lj" && !(epsilon > 0.0 && sigma > 0.0))
        throw parameters.error("Runs/Units", "expected Epsilon [eV] and Sigma [Angstrom] above 0, "
                                             "the scales of the potential");
      format.energy_unit = system == "metal"  ? "eV"
                           : system == "real" ? "kcal/mol"
                                              : fmt::format("{}", epsilon);
      format.stress_unit =
          system == "metal" ? "bar"
          : system == "real"
              ? "atm"
              : fmt::format("{}", epsilon / (sigma * sigma * sigma) * units::GPa_per_eV_per_A3);
    }
  } // namespace

  void AtomisticRunsParameters::declare(dealii::ParameterHandler &prm, const bool required)
  {
    prm.enter_subsection("Runs");
    prm.declare_entry(
        "Manifest", "", patterns::FileName(),
        "CSV file that lists the atomistic runs: columns file, atoms, volume_A3, label, "
        "cooling_rate_K_per_s; optionally quench or glass, direction, and for single runs "
        "strain_sign, stress_sign, strain_column, energy_column, stress_column. Wildcards in file "
        "mean one run for each match." +
            std::string(required ? "" : " Empty: no comparison with atomistic runs."),
        required);
    prm.declare_entry("Strain column", "strain", patterns::Anything(),
                      "Column with the engineering shear strain [-]: a name, a number counted from "
                      "1, or a ratio \"Xy/Ly\".");
    prm.declare_entry("Energy column", "pe_eV", patterns::Anything(),
                      "Column with the potential energy, see Energy unit.");
    prm.declare_entry("Stress column", "tau_GPa", patterns::Anything(),
                      "Column with the shear stress, see Stress unit and Stress sign.");
    prm.declare_entry("Energy", "total", patterns::Selection("total|per atom|automatic"),
                      "Whether the energy is that of the whole cell or per atom; automatic: by its "
                      "magnitude.");
    prm.declare_entry("Units", "given", patterns::Selection("given|metal|real|lj"),
                      "Units of energy and stress as in LAMMPS: metal (eV, bar), real (kcal/mol, "
                      "atm) or lj (epsilon, epsilon/sigma^3); given: those of Energy unit and "
                      "Stress unit.");
    prm.declare_entry("Epsilon", "0", patterns::Double(0.0), "Energy epsilon of units lj [eV].");
    prm.declare_entry("Sigma", "0", patterns::Double(0.0), "Length sigma of units lj [Angstrom].");
    prm.declare_entry(
        "Energy unit", "eV", patterns::Anything(),
        "Unit of the energy column: eV, kcal/mol, kJ/mol, or a number: eV per unit of "
        "the column.");
    prm.declare_entry(
        "Stress unit", "GPa", patterns::Anything(),
        "Unit of the stress column: GPa, MPa, kbar, bar, atm, Pa, eV/A3, or a number: "
        "GPa per unit of the column.");
    prm.declare_entry("Stress sign", "1", patterns::Selection("1|-1"),
                      "1 if the stress is positive where the shear does work; -1 for LAMMPS, which "
                      "prints pressure: tau = -pxy.");
    prm.declare_entry("Strain sign", "1", patterns::Selection("1|-1"),
                      "-1 for runs sheared towards negative strains.");
    prm.declare_entry("Unwrap strain", "automatic", patterns::Selection("automatic|never|always"),
                      "Add a period where the strain jumps back while energy and stress go on (a "
                      "flipped cell): automatic: jumps by 0.5 and more.");
    prm.declare_entry("Unfinished logs", "refuse", patterns::Selection("refuse|accept"),
                      "LAMMPS logs with a thermo table that has no end: refuse them, or accept the "
                      "states before it.");
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
    const std::string kind = parameters.text("Runs/Energy");
    result.format.energy_kind = kind == "total"      ? io::EnergyKind::total
                                : kind == "per atom" ? io::EnergyKind::per_atom
                                                     : io::EnergyKind::automatic;
    result.format.stress_sign = parameters.text("Runs/Stress sign") == "1" ? 1.0 : -1.0;
    const std::string layout = parameters.text("Runs/Layout");
    result.format.layout = layout == "automatic" ? io::FileLayout::automatic
                           : layout == "table"   ? io::FileLayout::table
                                                 : io::FileLayout::lammps_log;
    result.format.strain_sign = parameters.text("Runs/Strain sign") == "1" ? 1.0 : -1.0;
    const std::string unwrap = parameters.text("Runs/Unwrap strain");
    result.format.unwrapping = unwrap == "automatic" ? io::StrainUnwrapping::automatic
                               : unwrap == "never"   ? io::StrainUnwrapping::never
                                                     : io::StrainUnwrapping::always;
    result.format.accept_unfinished = parameters.text("Runs/Unfinished logs") == "accept";
    parse_units(parameters, result.format);
    result.format.row_prefix = parameters.text("Runs/Row prefix");
    for (const char *column : {"Runs/Strain column", "Runs/Energy column", "Runs/Stress column"})
      if (parameters.text(column).empty())
        throw parameters.error(column, "expected the name or number of a column");
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
            io::read_trajectory(entry.path, entry.info, entry.format(parameters.format), &notices));
      }
    }
    catch (...)
    {
      clear_line();
      throw;
    }
    clear_line();
    io::refuse_repeated_runs(trajectories);
    for (const std::string &notice : notices)
      fmt::print(stderr, "seem: note: {}\n", notice);
    return trajectories;
  }
} // namespace seem::commands
