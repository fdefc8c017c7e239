// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_Q1_BOX_CELL_H
#define SEEM_SOLVER_Q1_BOX_CELL_H

#include <array>
#include <cstddef>

namespace seem::solver
{
  /// Isotropic stiffness of a batch of quadrature points [GPa].
  template <typename Batch>
  struct ModuliBatch
  {
    Batch twice_shear, bulk;
  };

  /// In place along every direction of [2]^dim values: the pair (a, b) becomes (a + b, b - a).
  /// Numbers of the result have bit d set where they are odd along d.
  template <std::size_t n, typename Batch>
  void to_even_odd(std::array<Batch, n> &v)
  {
#pragma GCC unroll 4
    for (unsigned int bit = 1; bit < n; bit *= 2)
#pragma GCC unroll 8
      for (unsigned int i = 0; i < n; ++i)
        if ((i & bit) == 0)
        {
          const Batch a = v[i], b = v[i | bit];
          v[i] = a + b;
          v[i | bit] = b - a;
        }
  }

  /// The transpose of to_even_odd(): (a, b) becomes (a - b, a + b).
  template <std::size_t n, typename Batch>
  void from_even_odd(std::array<Batch, n> &v)
  {
#pragma GCC unroll 4
    for (unsigned int bit = 1; bit < n; bit *= 2)
#pragma GCC unroll 8
      for (unsigned int i = 0; i < n; ++i)
        if ((i & bit) == 0)
        {
          const Batch a = v[i], b = v[i | bit];
          v[i] = a - b;
          v[i | bit] = a + b;
        }
  }

  /**
   * Stiffness of boxes with linear elements and 2^dim Gauss points, times displacements of their
   * nodes. A third of the work of sum factorisation: with xi in (-1, 1)^dim a component is
   * @f[ u(\xi) = 2^{-dim} \sum_m h_m \prod_{d \in m} \xi_d, @f]
   * where h comes from the nodes by sums and differences, and so do the gradients at the points
   * \f$\xi_d = \pm 1/\sqrt 3\f$ from h; \f$\partial u/\partial\xi_d\f$ is constant along d: it has
   * only 2^(dim-1) values.
   *
   * @param[in,out] values         [dim][2^dim] displacements, on return forces; x fastest
   * @param[in]     inverse_edges  [dim] 1 / edge length
   * @param[in]     weight         volume of a point
   * @param[in]     moduli         [2^dim] of the points
   * @param[in]     mean           the dilatation is its mean over the cell
   */
  template <int dim, typename Number, typename Batch>
  void apply_q1_box(Batch *values, const std::array<Batch, dim> &inverse_edges, const Batch &weight,
                    const ModuliBatch<Batch> *moduli, const bool mean)
  {
    constexpr unsigned int n = 1 << dim, half = n / 2;
    constexpr Number root_third = static_cast<Number>(0.57735026918962576);

    // Number of a point or coefficient among those that agree but for bit d.
    const auto without = [](const unsigned int i, const unsigned int d) {
      return (i & ((1U << d) - 1)) | ((i >> 1) & ~((1U << d) - 1));
    };
    const auto with_odd = [](const unsigned int i, const unsigned int d) {
      return (i & ((1U << d) - 1)) | (1U << d) | ((i & ~((1U << d) - 1)) << 1);
    };

    // d/dx_d of the coefficient with k odd directions beside d: 2 / edge 2^-dim 3^(-k/2).
    std::array<std::array<Batch, dim>, dim> scale;
#pragma GCC unroll 3
    for (unsigned int d = 0; d < dim; ++d)
    {
      scale[d][0] = inverse_edges[d] * Number(2.0 / n);
#pragma GCC unroll 3
      for (unsigned int k = 1; k < dim; ++k)
        scale[d][k] = scale[d][k - 1] * root_third;
    }
    const auto n_odd = [](const unsigned int i) { return (i & 1) + (i >> 1); }; // i < 4

    std::array<std::array<std::array<Batch, half>, dim>, dim> gradient; // [c][d]
    Batch mean_dilatation = Number(0.0);
#pragma GCC unroll 3
    for (unsigned int c = 0; c < dim; ++c)
    {
      std::array<Batch, n> h;
#pragma GCC unroll 8
      for (unsigned int i = 0; i < n; ++i)
        h[i] = values[c * n + i];
      to_even_odd(h);
#pragma GCC unroll 3
      for (unsigned int d = 0; d < dim; ++d)
      {
#pragma GCC unroll 4
        for (unsigned int i = 0; i < half; ++i)
          gradient[c][d][i] = h[with_odd(i, d)] * scale[d][n_odd(i)];
        if (c == d)
          mean_dilatation += gradient[c][d][0];
        from_even_odd(gradient[c][d]);
      }
    }

    // Sums of the stress over the two points along d.
    std::array<std::array<std::array<Batch, half>, dim>, dim> flux;
#pragma GCC unroll 8
    for (unsigned int q = 0; q < n; ++q)
    {
      const ModuliBatch<Batch> &m = moduli[q];
      Batch dilatation = gradient[0][0][without(q, 0)];
#pragma GCC unroll 3
      for (unsigned int d = 1; d < dim; ++d)
        dilatation += gradient[d][d][without(q, d)];
      const Batch third = m.twice_shear * Number(1.0 / 3.0);
      const Batch pressure =
          mean ? m.bulk * mean_dilatation - third * dilatation : (m.bulk - third) * dilatation;
      const Batch shear = m.twice_shear * Number(0.5);
      const auto add = [&](const unsigned int c, const unsigned int d, const Batch &stress) {
        Batch &sum = flux[c][d][without(q, d)];
        if ((q >> d & 1) == 0)
          sum = stress;
        else
          sum += stress;
      };
#pragma GCC unroll 3
      for (unsigned int c = 0; c < dim; ++c)
      {
        add(c, c, m.twice_shear * gradient[c][c][without(q, c)] + pressure);
#pragma GCC unroll 3
        for (unsigned int d = c + 1; d < dim; ++d)
        {
          const Batch stress =
              shear * (gradient[c][d][without(q, d)] + gradient[d][c][without(q, c)]);
          add(c, d, stress);
          add(d, c, stress);
        }
      }
    }

#pragma GCC unroll 3
    for (unsigned int d = 0; d < dim; ++d)
#pragma GCC unroll 3
      for (unsigned int k = 0; k < dim; ++k)
        scale[d][k] *= weight;
#pragma GCC unroll 3
    for (unsigned int c = 0; c < dim; ++c)
    {
      std::array<Batch, n> h;
      h[0] = Number(0.0);
#pragma GCC unroll 3
      for (unsigned int d = 0; d < dim; ++d)
      {
        to_even_odd(flux[c][d]);
#pragma GCC unroll 4
        for (unsigned int i = 0; i < half; ++i)
        {
          const unsigned int m = with_odd(i, d);
          const Batch force = flux[c][d][i] * scale[d][n_odd(i)];
          if ((m & ((1U << d) - 1)) == 0) // the first direction along which m is odd
            h[m] = force;
          else
            h[m] += force;
        }
      }
      from_even_odd(h);
#pragma GCC unroll 8
      for (unsigned int i = 0; i < n; ++i)
        values[c * n + i] = h[i];
    }
  }
} // namespace seem::solver

#endif
