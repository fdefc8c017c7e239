// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_SUPPORT_SYNTHETIC_AQS_H
#define SEEM_TESTS_SUPPORT_SYNTHETIC_AQS_H

#include <seem/core/state.h>
#include <seem/statistics/trajectory.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace seem::tests
{
  /**
   * A known law: elasticity, hazard and jumps of a glass that yields and flows as Cu64Zr36 does. It
   * shares no code with the library.
   *
   * Elasticity is Eq. (7) of the paper with its Table I. Events are a Poisson process in strain of
   * rate \f[ \lambda = \lambda_s\,e^{(\tau - \tau_s)/\tau_h}\,(a + (1 - a) X_1/x_s) \f] for tau >=
   * 0 and none below. A jump is dtau = d (tau/tau_s) xi, xi of a Weibull distribution of mean 1, at
   * most half of tau; dX1 is the share eta of the largest rise that creates no energy, eta normal
   * about eta_0 (1 - X1/x_s), cut to [-1, 0.97], so D > 0 always.
   */
  struct SyntheticLaw
  {
    double g0 = 25.9;        ///< GPa
    double u_a = 0.101;      ///< eV
    double tau_a = 8.4;      ///< GPa
    double tau_b = 2.90;     ///< GPa
    double n_atoms = 4000.0; ///< of the representative volume
    double volume = 63426.0; ///< of the same [Angstrom^3]
    double u0 = -4.6;        ///< eV per atom

    double rate = 440.0;         ///< lambda_s [1/strain]
    double flow_stress = 2.0;    ///< tau_s [GPa]
    double rate_stress = 0.8;    ///< tau_h [GPa]
    double rate_floor = 0.35;    ///< a [-]
    double flow_energy = 0.018;  ///< x_s [eV]
    double drop = 0.030;         ///< d [GPa]
    double weibull_shape = 0.7;  ///< of xi
    double stored_share = 0.85;  ///< eta_0 [-]
    double stored_scatter = 0.3; ///< of eta [-]

    /// Omega [Angstrom^3] times 1 GPa in eV.
    double omega() const;
    /// [eV per atom]
    double elastic_energy(double tau, double x1) const;
    /// gamma_el [-]
    double elastic_strain(double tau, double x1) const;
    /// d tau/d gamma [GPa]
    double tangent(double tau, double x1) const;
    /// The stress @p dgamma along the elastic branch after @p tau.
    double loaded(double tau, double x1, double dgamma) const;
    /// Hazard of the representative volume [1/strain].
    double hazard(double tau, double x1) const;
    /// The dX1 of a drop @p dtau at which D = 0 [eV per atom].
    double largest_rise(double tau, double x1, double dtau) const;
  };

  /// How a group of samples was made.
  struct SyntheticPreparation
  {
    std::string label;
    double cooling_rate; ///< [K/s]
    double x1;           ///< mean initial X1 [eV per atom]
    double x1_scatter;   ///< standard deviation of it
    double tau_scatter;  ///< the initial tau is uniform within +- this [GPa]
    double memory = 0.0; ///< s0: event sizes are multiplied by exp(s), s from s0 to 0 with strain
  };

  /// Three preparations, the slowest first.
  std::vector<SyntheticPreparation> three_preparations();

  /**
   * The same with memory: s0 = -strength ln(rate/rate_mid). Slowly cooled glass has larger events.
   * 0.117 is what the real glass shows.
   */
  std::vector<SyntheticPreparation> preparations_with_memory(double strength = 0.117);

  /// One event as it truly happened, at fixed strain.
  struct SyntheticEvent
  {
    std::size_t increment; ///< it happened between rows increment and increment + 1
    double tau, x1;        ///< just before it
    double dtau, dx1;
    double heat; ///< D [eV per cell]
  };

  /// A run, with what no measurement would tell.
  struct SyntheticRun
  {
    statistics::Trajectory trajectory; ///< with noise
    std::vector<double> tau;           ///< [n_rows] without noise [GPa]
    std::vector<double> x1;            ///< [n_rows] true X1 [eV per atom]
    std::vector<SyntheticEvent> events;
  };

  /// Runs of a known law; run i of a preparation is a pure function of all that is written here.
  struct SyntheticAqs
  {
    SyntheticLaw law;
    double final_strain = 0.5;
    double dgamma = 1e-4;
    double tau_noise = 2e-4;    ///< GPa
    double energy_noise = 1e-6; ///< eV per cell
    double volume_ratio = 1.0;  ///< m: the cell is so many volumes; rate times m, jumps over m
    double memory_strain = 0.2; ///< plastic strain over which s relaxes [-]
    std::uint64_t seed = 1;

    SyntheticRun run(const SyntheticPreparation &preparation, std::size_t number) const;

    /// @p n_samples runs of each preparation, in this order.
    std::vector<SyntheticRun> runs(const std::vector<SyntheticPreparation> &preparations,
                                   std::size_t n_samples) const;
  };

  /// What the harvest would be given.
  std::vector<statistics::Trajectory> trajectories_of(const std::vector<SyntheticRun> &runs);
} // namespace seem::tests

#endif
