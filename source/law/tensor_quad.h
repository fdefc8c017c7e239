// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_LAW_TENSOR_QUAD_H
#define SEEM_SOURCE_LAW_TENSOR_QUAD_H

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

/**
 * Tensors of four points at once, component by component in vector registers, from and to arrays
 * that hold them point by point. Compilers do not find the shuffles for strides of six and more.
 * Vector types of GCC and Clang; arguments by reference, since how registers are passed depends on
 * the processor.
 */
namespace seem::law::rows
{
  // NOLINTNEXTLINE(modernize-use-using): vector types need the typedef in GCC
  typedef double Quad __attribute__((vector_size(4 * sizeof(double))));

  // NOLINTNEXTLINE(modernize-use-using)
  typedef double Pair __attribute__((vector_size(2 * sizeof(double))));

  constexpr std::size_t quad = 4;

  /// Components (xx, yy, zz, yz, xz, xy) of four points, in Mandel form.
  using TensorQuad = std::array<Quad, 6>;

  template <typename Registers>
  void load(const double *from, Registers &to)
  {
    std::memcpy(&to, from, sizeof(Registers));
  }

  template <typename Registers>
  void store(const Registers &from, double *to)
  {
    std::memcpy(to, &from, sizeof(Registers));
  }

  /// Rows become columns.
  inline void transpose(Quad &a, Quad &b, Quad &c, Quad &d)
  {
    const Quad ab_even = __builtin_shufflevector(a, b, 0, 4, 2, 6),
               ab_odd = __builtin_shufflevector(a, b, 1, 5, 3, 7),
               cd_even = __builtin_shufflevector(c, d, 0, 4, 2, 6),
               cd_odd = __builtin_shufflevector(c, d, 1, 5, 3, 7);
    a = __builtin_shufflevector(ab_even, cd_even, 0, 1, 4, 5);
    b = __builtin_shufflevector(ab_odd, cd_odd, 0, 1, 4, 5);
    c = __builtin_shufflevector(ab_even, cd_even, 2, 3, 6, 7);
    d = __builtin_shufflevector(ab_odd, cd_odd, 2, 3, 6, 7);
  }

  /// Where the tensors of four points begin.
  using Places = std::array<const double *, quad>;

  /// Of points @p stride apart; of fewer than four the last is repeated.
  inline Places places(const double *first, const std::size_t stride, const std::size_t n_points)
  {
    if (n_points >= quad)
      return {first, first + stride, first + 2 * stride, first + 3 * stride};
    Places result;
    for (std::size_t i = 0; i < quad; ++i)
      result[i] = first + std::min(i, n_points - 1) * stride;
    return result;
  }

  inline void load(const Places &from, TensorQuad &to)
  {
    for (std::size_t i = 0; i < quad; ++i)
      load(from[i], to[i]);
    transpose(to[0], to[1], to[2], to[3]);
    std::array<Pair, quad> rest;
    for (std::size_t i = 0; i < quad; ++i)
      load(from[i] + 4, rest[i]);
    const Quad even = __builtin_shufflevector(rest[0], rest[2], 0, 1, 2, 3),
               odd = __builtin_shufflevector(rest[1], rest[3], 0, 1, 2, 3);
    to[4] = __builtin_shufflevector(even, odd, 0, 4, 2, 6);
    to[5] = __builtin_shufflevector(even, odd, 1, 5, 3, 7);
  }

  /// Columns @p a to @p d to four rows, @p stride apart, of four consecutive numbers.
  inline void store_rows(const Quad &a, const Quad &b, const Quad &c, const Quad &d, double *to,
                         const std::size_t stride)
  {
    std::array<Quad, quad> rows{a, b, c, d};
    transpose(rows[0], rows[1], rows[2], rows[3]);
    for (std::size_t i = 0; i < quad; ++i)
      store(rows[i], to + i * stride);
  }

  /// Columns @p a and @p b to four rows, @p stride apart, of two consecutive numbers.
  inline void store_rows(const Quad &a, const Quad &b, double *to, const std::size_t stride)
  {
    const Quad even = __builtin_shufflevector(a, b, 0, 4, 2, 6),
               odd = __builtin_shufflevector(a, b, 1, 5, 3, 7);
    store(Pair(__builtin_shufflevector(even, even, 0, 1)), to);
    store(Pair(__builtin_shufflevector(odd, odd, 0, 1)), to + stride);
    store(Pair(__builtin_shufflevector(even, even, 2, 3)), to + 2 * stride);
    store(Pair(__builtin_shufflevector(odd, odd, 2, 3)), to + 3 * stride);
  }

  inline void store_rows(const TensorQuad &t, double *to, const std::size_t stride)
  {
    store_rows(t[0], t[1], t[2], t[3], to, stride);
    store_rows(t[4], t[5], to + 4, stride);
  }

  /// a:b of each point, in the order of law::contraction().
  inline void contraction(const TensorQuad &a, const TensorQuad &b, Quad &result)
  {
    result =
        (a[0] * b[0] + (a[2] * b[2] + a[4] * b[4])) + (a[1] * b[1] + (a[3] * b[3] + a[5] * b[5]));
  }
} // namespace seem::law::rows

#endif
