// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_CORE_UNITS_H
#define SEEM_CORE_UNITS_H

/**
 * Units inside seem, fixed here once: stress GPa, energy per atom eV, atomistic lengths Angstrom,
 * specimen lengths nm. The shear strain gamma is the engineering strain, gamma_xy = 2 eps_xy, and
 * all rates are per unit of it. The shear stress tau is positive where the shear does work: tau =
 * (1/V) dU/dgamma.
 */
namespace seem::units
{
  /// 1 eV/Angstrom^3 in GPa (CODATA 2018, exact to the digits given).
  inline constexpr double GPa_per_eV_per_A3 = 160.21766208;

  /// LAMMPS `metal` units: 1 bar in GPa.
  inline constexpr double GPa_per_bar = 1e-4;

  /// 1 nm in Angstrom.
  inline constexpr double A_per_nm = 10.0;

  /// Energy density in GPa of an energy per atom of 1 eV at @p atomic_volume [Angstrom^3 per atom].
  constexpr double energy_density(const double atomic_volume)
  {
    return GPa_per_eV_per_A3 / atomic_volume;
  }
} // namespace seem::units

#endif
