// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_TRAJECTORY_H
#define SEEM_STATISTICS_TRAJECTORY_H

#include <cstddef>
#include <string>
#include <vector>

namespace seem::statistics
{
  /// What is known of an AQS run besides its rows: one line of the manifest.
  struct SampleInfo
  {
    std::string name;  ///< file as named in the manifest
    std::string label; ///< preparation, e.g. the cooling rate's short name
    std::string glass; ///< which glass of that preparation; runs of one glass are not independent
    std::string direction;     ///< direction of the shear, as the user writes it
    double n_atoms = 0.0;      ///< number of atoms N [-]
    double volume = 0.0;       ///< volume V of the cell [Angstrom^3]
    double cooling_rate = 0.0; ///< [K/s]; 0 if unknown
    std::string checksum;      ///< of the file's bytes, as "crc32:xxxxxxxx"
  };

  /**
   * One athermal quasistatic shear run: equal-length columns [n_rows], the strain growing strictly.
   */
  struct Trajectory
  {
    SampleInfo info;
    std::vector<double> strain; ///< gamma, engineering shear strain [-]
    std::vector<double> tau;    ///< shear stress [GPa], positive where the shear does work
    std::vector<double> energy; ///< potential energy per atom u [eV]

    std::size_t n_rows() const
    {
      return strain.size();
    }

    /// Volume per atom Omega = V/N [Angstrom^3].
    double atomic_volume() const
    {
      return info.volume / info.n_atoms;
    }
  };
} // namespace seem::statistics

#endif
