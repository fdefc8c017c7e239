// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_ELASTIC_CELL_H
#define SEEM_SOLVER_ELASTIC_CELL_H

#include <seem/law/tensor.h>

#include <deal.II/base/symmetric_tensor.h>

#include <array>

/// What the cell loops of the operators share; Batch is a SIMD register over cells.
namespace seem::solver
{
  /// Number of Mandel components that plane strain (xx, yy, zz, xy) or 3D can fill.
  template <int dim>
  constexpr unsigned int n_mandel = dim == 2 ? 4 : 6;

  /// Their places in law::SymmetricTensor.
  template <int dim>
  constexpr unsigned int mandel_index(const unsigned int c)
  {
    return dim == 2 && c == 3 ? 5 : c;
  }

  /// A symmetric tensor of a batch of cells in the components that dim can fill.
  template <int dim, typename Batch>
  using MandelBatch = std::array<Batch, n_mandel<dim>>;

  /// Tensor in the space of dim dimensions to Mandel form; @p added goes to xx, yy and zz.
  template <int dim, typename Batch>
  MandelBatch<dim, Batch> to_mandel(const dealii::SymmetricTensor<2, dim, Batch> &t,
                                    const Batch &added)
  {
    const Batch root(law::sqrt2);
    MandelBatch<dim, Batch> m;
    m[2] = Batch(0.0);
    for (unsigned int d = 0; d < dim; ++d)
      m[d] = t[d][d];
    for (unsigned int d = 0; d < 3; ++d)
      m[d] += added;
    if constexpr (dim == 2)
      m[3] = root * t[0][1];
    else
    {
      m[3] = root * t[1][2];
      m[4] = root * t[0][2];
      m[5] = root * t[0][1];
    }
    return m;
  }

  /// The part of a Mandel stress that works on displacement gradients of dim dimensions, times
  /// @p factor.
  template <int dim, typename Batch>
  dealii::SymmetricTensor<2, dim, Batch> from_mandel(const MandelBatch<dim, Batch> &m,
                                                     const Batch &factor)
  {
    const Batch off = factor * Batch(1.0 / law::sqrt2);
    dealii::SymmetricTensor<2, dim, Batch> t;
    for (unsigned int d = 0; d < dim; ++d)
      t[d][d] = factor * m[d];
    if constexpr (dim == 2)
      t[0][1] = off * m[3];
    else
    {
      t[1][2] = off * m[3];
      t[0][2] = off * m[4];
      t[0][1] = off * m[5];
    }
    return t;
  }

  /// Cell mean of the divergence whose gradients are evaluated in @p phi.
  template <typename Evaluation>
  auto mean_divergence(const Evaluation &phi)
  {
    auto sum = phi.get_divergence(0) * phi.JxW(0);
    auto volume = phi.JxW(0);
    for (unsigned int q = 1; q < Evaluation::static_n_q_points; ++q)
    {
      sum += phi.get_divergence(q) * phi.JxW(q);
      volume += phi.JxW(q);
    }
    return sum / volume;
  }
} // namespace seem::solver

#endif
