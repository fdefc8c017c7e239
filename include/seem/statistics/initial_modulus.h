// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_INITIAL_MODULUS_H
#define SEEM_STATISTICS_INITIAL_MODULUS_H

#include <seem/statistics/event_detection.h>
#include <seem/statistics/taylor_constants.h>
#include <seem/statistics/trajectory.h>

#include <optional>
#include <vector>

namespace seem::statistics
{
  /// First estimate of G0, uA and u0 from the first strain of each run.
  struct InitialModulusFit
  {
    TaylorConstants constants;   ///< tauA = tauB = infinity
    double u0 = 0.0;             ///< [eV per atom]
    bool u_a_identified = false; ///< false: the modulus does not fall with X1, uA = infinity
  };

  /// What one run gives to the first estimate.
  struct InitialModulus
  {
    double modulus; ///< mean Delta tau / Delta gamma of the event-free increments of the first
                    ///< strain [GPa]
    double energy;  ///< of the first row [eV per atom]
    double tau;     ///< of the first row [GPa]
    double atomic_volume; ///< Omega [Angstrom^3]
  };

  /**
   * The modulus of a run over its first strain.
   * @param[in] events  flags of the increments, [n_rows - 1]
   * @throws InputError naming the sample if it has no event-free increment there
   */
  InitialModulus initial_modulus(const Trajectory &trajectory, const Flags &events,
                                 double first_strain);

  /**
   * G = G0 (1 - X1/uA) fitted to the first moduli of the runs (Fig. S1 of the paper), X1 being the
   * stress-free initial energy above u0 (default: the lowest of them).
   * @throws InputError if the median modulus is not positive
   */
  InitialModulusFit fit_initial_modulus(const std::vector<InitialModulus> &runs,
                                        std::optional<double> reference_energy);

  /**
   * The paper's way to tauA and tauB: with G0 and uA fixed, least squares of the energy along the
   * loading curve below @p loading_strain at the initial X1 of each run, \f[ u - u_i = u_{el}(\tau,
   * X_1^i) - u_{el}(\tau_i, X_1^i), \f] in the parameters 1/tauA^2 and 1/tauB^4, neither negative.
   * Meant for large samples, whose loading is smooth: every event on the way counts as elasticity.
   * @return @p first with tau_a and tau_b set; infinite where the term is not found
   */
  TaylorConstants fit_loading_curve(const std::vector<const Trajectory *> &trajectories,
                                    const InitialModulusFit &first, double loading_strain);
} // namespace seem::statistics

#endif
