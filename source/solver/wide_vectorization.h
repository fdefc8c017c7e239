// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_WIDE_VECTORIZATION_H
#define SEEM_SOLVER_WIDE_VECTORIZATION_H

/**
 * Two doubles per SIMD register in this library even where deal.II was built without (Debian's is).
 * Every x86-64 and every 64-bit ARM has registers of 128 bits, so no compiler flag is needed; an
 * element loop is two to three times faster (doc/solver.md).
 *
 * deal.II fixes the default width of VectorizedArray in numbers.h, which therefore comes first and
 * keeps that of the library; only the widths named here are new. The library has no code for them:
 * matrix_free_instances.cc does. Include this before any other header of deal.II, also before a
 * precompiled one.
 */
#include <deal.II/base/config.h>
#include <deal.II/base/numbers.h>

#if DEAL_II_VECTORIZATION_WIDTH_IN_BITS == 0 && defined(__SSE2__)
#define SEEM_OWN_VECTORIZATION
#undef DEAL_II_VECTORIZATION_WIDTH_IN_BITS
#define DEAL_II_VECTORIZATION_WIDTH_IN_BITS 128
#endif
#include <deal.II/base/vectorization.h>

namespace seem::solver
{
#ifdef SEEM_OWN_VECTORIZATION
  using WideDouble = dealii::VectorizedArray<double, 2>;
  using WideFloat = dealii::VectorizedArray<float, 4>;
#else
  using WideDouble = dealii::VectorizedArray<double>;
  using WideFloat = dealii::VectorizedArray<float>;
#endif

  template <typename Number>
  struct WideOf;
  template <>
  struct WideOf<double>
  {
    using type = WideDouble;
  };
  template <>
  struct WideOf<float>
  {
    using type = WideFloat;
  };

  /// The SIMD register of a number.
  template <typename Number>
  using Wide = typename WideOf<Number>::type;
} // namespace seem::solver

#endif
