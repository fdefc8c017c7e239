// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_PERIODIC_TRANSFORM_H
#define SEEM_SOLVER_PERIODIC_TRANSFORM_H

#include "lanes.h"

#include <array>
#include <complex>
#include <cstddef>
#include <memory>
#include <vector>

namespace seem::solver
{
  /**
   * Discrete Fourier transform of a vector field on a periodic grid of nodes, all components at
   * once (kissfft by way of Eigen). Each component is real, so half the wave numbers of the first
   * direction are enough. No memory is asked for after the first transform.
   *
   * In space in single precision: four components share a register as two do in the plane.
   */
  template <int dim>
  class PeriodicTransform
  {
  public:
    using Number = std::conditional_t<dim == 2, double, float>;
    using Real = Lanes<Number, dim == 2 ? 2 : 4>; ///< components of a node, the rest is zero
    using Complex = std::complex<Real>;

    /// @param[in] n_nodes  along each direction, at least 1
    explicit PeriodicTransform(const std::array<unsigned int, dim> &n_nodes);
    ~PeriodicTransform();

    /// Field [n_z][n_y][n_x] at the nodes.
    std::vector<Real> nodes;

    /// Spectrum [n_x/2 + 1][n_y][n_z] (2D: without z): the sums over the nodes of
    /// field exp(-2 pi i (k_x x/n_x + ...)).
    std::vector<Complex> waves;

    /// nodes -> waves; the nodes are kept.
    void forward();

    /// waves -> nodes, without the factor 1/(n_x n_y n_z); the waves are lost.
    void backward();

  private:
    struct Plans;

    std::array<unsigned int, dim> n;
    unsigned int n_half;
    std::vector<Complex> scratch;
    std::unique_ptr<Plans> plans;
  };
} // namespace seem::solver

#endif
