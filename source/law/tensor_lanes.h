// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_LAW_TENSOR_LANES_H
#define SEEM_SOURCE_LAW_TENSOR_LANES_H

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

/**
 * Tensors of two or four points at once, component by component in vector registers, from and to
 * arrays that hold them point by point. Compilers do not find the shuffles for strides of six and
 * more, and break down those of registers that a processor does not have: hence both widths. Vector
 * types of GCC and Clang; arguments by reference, since how registers are passed depends on the
 * processor.
 */
namespace seem::law::rows
{
  // NOLINTBEGIN(modernize-use-using): vector types need the typedef in GCC
  typedef double Pair __attribute__((vector_size(2 * sizeof(double))));
  typedef double Quad __attribute__((vector_size(4 * sizeof(double))));
  // NOLINTEND(modernize-use-using)

  /// Points in the registers.
  template <typename Lanes>
  constexpr std::size_t n_lanes = sizeof(Lanes) / sizeof(double);

  /// Components (xx, yy, zz, yz, xz, xy) of the points, in Mandel form.
  template <typename Lanes>
  using TensorLanes = std::array<Lanes, 6>;

  template <typename Lanes>
  void load(const double *from, Lanes &to)
  {
    std::memcpy(&to, from, sizeof(Lanes));
  }

  template <typename Lanes>
  void store(const Lanes &from, double *to)
  {
    std::memcpy(to, &from, sizeof(Lanes));
  }

  /// Rows become columns.
  inline void transpose(std::array<Quad, 4> &t)
  {
    const Quad even_01 = __builtin_shufflevector(t[0], t[1], 0, 4, 2, 6),
               odd_01 = __builtin_shufflevector(t[0], t[1], 1, 5, 3, 7),
               even_23 = __builtin_shufflevector(t[2], t[3], 0, 4, 2, 6),
               odd_23 = __builtin_shufflevector(t[2], t[3], 1, 5, 3, 7);
    t[0] = __builtin_shufflevector(even_01, even_23, 0, 1, 4, 5);
    t[1] = __builtin_shufflevector(odd_01, odd_23, 0, 1, 4, 5);
    t[2] = __builtin_shufflevector(even_01, even_23, 2, 3, 6, 7);
    t[3] = __builtin_shufflevector(odd_01, odd_23, 2, 3, 6, 7);
  }

  /// Where the tensors of the points begin.
  template <typename Lanes>
  using Places = std::array<const double *, n_lanes<Lanes>>;

  /// Of points @p stride apart; of fewer than the registers hold the last is repeated.
  template <typename Lanes>
  Places<Lanes> places(const double *first, const std::size_t stride, const std::size_t n_points)
  {
    Places<Lanes> result;
    if (n_points >= n_lanes<Lanes>)
      for (std::size_t i = 0; i < n_lanes<Lanes>; ++i)
        result[i] = first + i * stride;
    else
      for (std::size_t i = 0; i < n_lanes<Lanes>; ++i)
        result[i] = first + std::min(i, n_points - 1) * stride;
    return result;
  }

  /// Two consecutive numbers of each point as two columns.
  inline void load_columns(const Places<Pair> &from, const std::size_t offset, Pair &a, Pair &b)
  {
    Pair row_0, row_1;
    load(from[0] + offset, row_0);
    load(from[1] + offset, row_1);
    a = __builtin_shufflevector(row_0, row_1, 0, 2);
    b = __builtin_shufflevector(row_0, row_1, 1, 3);
  }

  inline void load_columns(const Places<Quad> &from, const std::size_t offset, Quad &a, Quad &b)
  {
    std::array<Pair, 4> rows;
    for (std::size_t i = 0; i < 4; ++i)
      load(from[i] + offset, rows[i]);
    const Quad rows_02 = __builtin_shufflevector(rows[0], rows[2], 0, 1, 2, 3),
               rows_13 = __builtin_shufflevector(rows[1], rows[3], 0, 1, 2, 3);
    a = __builtin_shufflevector(rows_02, rows_13, 0, 4, 2, 6);
    b = __builtin_shufflevector(rows_02, rows_13, 1, 5, 3, 7);
  }

  inline void load(const Places<Pair> &from, TensorLanes<Pair> &to)
  {
    for (std::size_t c = 0; c < 6; c += 2)
      load_columns(from, c, to[c], to[c + 1]);
  }

  inline void load(const Places<Quad> &from, TensorLanes<Quad> &to)
  {
    std::array<Quad, 4> rows;
    for (std::size_t i = 0; i < 4; ++i)
      load(from[i], rows[i]);
    transpose(rows);
    std::copy_n(rows.begin(), 4, to.begin());
    load_columns(from, 4, to[4], to[5]);
  }

  /// Two columns to two consecutive numbers of each row, @p stride apart.
  inline void store_rows(const Pair &a, const Pair &b, double *to, const std::size_t stride)
  {
    store(Pair(__builtin_shufflevector(a, b, 0, 2)), to);
    store(Pair(__builtin_shufflevector(a, b, 1, 3)), to + stride);
  }

  inline void store_rows(const Quad &a, const Quad &b, double *to, const std::size_t stride)
  {
    const Quad even = __builtin_shufflevector(a, b, 0, 4, 2, 6),
               odd = __builtin_shufflevector(a, b, 1, 5, 3, 7);
    store(Pair(__builtin_shufflevector(even, even, 0, 1)), to);
    store(Pair(__builtin_shufflevector(odd, odd, 0, 1)), to + stride);
    store(Pair(__builtin_shufflevector(even, even, 2, 3)), to + 2 * stride);
    store(Pair(__builtin_shufflevector(odd, odd, 2, 3)), to + 3 * stride);
  }

  /// Four columns to four consecutive numbers of each row, @p stride apart.
  inline void store_rows(const Pair &a, const Pair &b, const Pair &c, const Pair &d, double *to,
                         const std::size_t stride)
  {
    store_rows(a, b, to, stride);
    store_rows(c, d, to + 2, stride);
  }

  inline void store_rows(const Quad &a, const Quad &b, const Quad &c, const Quad &d, double *to,
                         const std::size_t stride)
  {
    std::array<Quad, 4> rows{a, b, c, d};
    transpose(rows);
    for (std::size_t i = 0; i < 4; ++i)
      store(rows[i], to + i * stride);
  }

  template <typename Lanes>
  void store_rows(const TensorLanes<Lanes> &t, double *to, const std::size_t stride)
  {
    store_rows(t[0], t[1], t[2], t[3], to, stride);
    store_rows(t[4], t[5], to + 4, stride);
  }

  /// a:b of each point, in the order of law::contraction().
  template <typename Lanes>
  void contraction(const TensorLanes<Lanes> &a, const TensorLanes<Lanes> &b, Lanes &result)
  {
    result =
        (a[0] * b[0] + (a[2] * b[2] + a[4] * b[4])) + (a[1] * b[1] + (a[3] * b[3] + a[5] * b[5]));
  }
} // namespace seem::law::rows

#endif
