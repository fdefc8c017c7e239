// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_ELASTIC_CALIBRATION_H
#define SEEM_STATISTICS_ELASTIC_CALIBRATION_H

#include <seem/database/event_database.h>
#include <seem/statistics/branch_residuals.h>
#include <seem/statistics/initial_modulus.h>
#include <seem/statistics/run_source.h>

#include <vector>

namespace seem::statistics
{
  /// The stiffness of one run before it yields.
  struct FirstModulus
  {
    SampleInfo info;
    double x1;      ///< of the first row, with the elasticity and u0 of the database [eV per atom]
    double modulus; ///< of the event-free increments of the first strain [GPa]
  };

  /// What atomistic runs say of the elasticity of a database.
  struct ElasticCalibration
  {
    double first_strain;             ///< over which the first moduli were measured [-]
    std::vector<FirstModulus> first; ///< one entry per run
    InitialModulusFit fit;           ///< G = G0 (1 - X1/uA) through them (Xu et al. 2024, Fig. S1)

    /// Moduli of event-free branches against those of the database's elasticity.
    BranchResiduals branches;
  };

  /**
   * Hold runs against the elasticity of a database. Events are the increments whose energy loss or
   * stress deficit exceeds the noise of their own run by @p floor_factor standard deviations, as in
   * a harvest with the default definition. The runs are walked one by one.
   * @param[in] first_strain  [-]
   * @param[in] piece_strain  of the pieces that branches are cut into [-]
   * @throws InputError naming the run that has no event-free increment below @p first_strain; if
   * there is no run
   */
  ElasticCalibration calibrate_elasticity(const RunSource &runs,
                                          const database::EventDatabase &database,
                                          double first_strain = 0.02, double piece_strain = 0.001,
                                          double floor_factor = 8.0);
} // namespace seem::statistics

#endif
