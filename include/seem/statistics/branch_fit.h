// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_BRANCH_FIT_H
#define SEEM_STATISTICS_BRANCH_FIT_H

#include <seem/statistics/elastic_model.h>
#include <seem/statistics/event_detection.h>
#include <seem/statistics/taylor_constants.h>
#include <seem/statistics/trajectory.h>

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace seem::statistics
{
  /// A short piece of an event-free branch: where it lies and how stiff it is.
  struct BranchPiece
  {
    double tau;           ///< shear stress in the middle [GPa]
    double energy;        ///< potential energy per atom in the middle row [eV]
    double tau_of_energy; ///< shear stress in the middle row [GPa]
    double modulus;       ///< Delta tau / Delta gamma between its ends [GPa]
    double weight;        ///< its strain over the nominal strain of a piece [-]
    double atomic_volume; ///< Omega of the run [Angstrom^3]
  };

  /// The first row of a run, from which u0 is taken.
  struct InitialRow
  {
    double energy;        ///< [eV per atom]
    double tau;           ///< [GPa]
    double atomic_volume; ///< [Angstrom^3]
  };

  /// What one run gives to the branch fit; enough to repeat the fit on a resample of the runs.
  struct BranchData
  {
    InitialRow initial;
    std::vector<BranchPiece> pieces;
  };

  /**
   * Cut the runs of event-free increments of @p trajectory into pieces.
   * @param[in] events        flags of the increments, [n_rows - 1]; pieces never cross a set one
   * @param[in] piece_strain  strain of a piece [-]; remainders of less than half of it are left out
   */
  BranchData branch_data(const Trajectory &trajectory, const Flags &events, double piece_strain);

  /// Elastic constants fitted to branches.
  struct BranchFit
  {
    TaylorConstants constants;
    std::array<bool, 4> at_bound = {
        {false, false, false, false}}; ///< G0, uA, tauA, tauB sit on a bound
    double u0 = 0.0;                   ///< reference energy per atom [eV]
    double spread = 0.0;           ///< robust standard deviation of the moduli from the fit [GPa]
    double bias = 0.0;             ///< weighted mean of the moduli minus the fit [GPa]
    unsigned int n_iterations = 0; ///< recomputations of X1 until it settled
    bool settled = false;
    std::size_t n_pieces = 0;
  };

  /// Fixed choices of the branch fit.
  struct BranchFitSettings
  {
    std::optional<double>
        reference_energy;      ///< u0 [eV per atom]; default: lowest_stress_free_energy()
    double robust_scale = 4.0; ///< Huber's bend in standard deviations; 0: plain least squares
    unsigned int max_iterations = 50;
    double tolerance = 1e-6; ///< largest change of a scaled parameter when it has settled
  };

  /// The lowest stress-free initial energy per atom, min(u - u_el(tau, X1 = 0)) over the runs [eV].
  double lowest_stress_free_energy(const std::vector<const BranchData *> &runs,
                                   const ElasticModel &model);

  /**
   * Fit G0, uA, tauA, tauB to the tangent moduli of event-free branches,
   * \f[ \frac1{G_t} = \frac1{G_0}\Big[\frac1{1 - X_1/u_A} + 2(\tau/\tau_A)^2 +
   * 3(\tau/\tau_B)^4\Big], \f] the tangent of Eq. (7) of Xu et al. (2024), with X1 = u - u0 -
   * u_el(tau, X1) solved exactly and recomputed until the constants settle. Least squares in the
   * moduli, so that the mean elastic loading is met, over the parameters (1/G0, 1/uA, 1/tauA^2,
   * 1/tauB^4), each bounded below by zero.
   * @param[in] runs   the branches, one entry per run; a run may occur several times (bootstrap)
   * @param[in] start  constants to start from, all positive
   * @throws InputError if there are fewer than eight pieces
   */
  BranchFit fit_branches(const std::vector<const BranchData *> &runs, const TaylorConstants &start,
                         const BranchFitSettings &settings);
} // namespace seem::statistics

#endif
