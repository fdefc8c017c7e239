// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_LANES_H
#define SEEM_SOLVER_LANES_H

#include <cmath>

namespace seem::solver
{
  /**
   * @p n numbers in SIMD registers that behave as one: a real number of Eigen's Fourier transform,
   * which then makes @p n transforms at once. Vector types of GCC and Clang.
   */
  template <typename T, int n>
  struct Lanes
  {
    // NOLINTNEXTLINE(modernize-use-using): a template's vector type needs the typedef in GCC
    typedef T Registers __attribute__((vector_size(n * sizeof(T))));
    Registers v;

    Lanes() = default;
    Lanes(const T x)
    {
      for (int i = 0; i < n; ++i)
        v[i] = x;
    }
    Lanes &operator+=(const Lanes &other)
    {
      v += other.v;
      return *this;
    }
    Lanes &operator-=(const Lanes &other)
    {
      v -= other.v;
      return *this;
    }
    Lanes &operator*=(const Lanes &other)
    {
      v *= other.v;
      return *this;
    }
    Lanes &operator/=(const Lanes &other)
    {
      v /= other.v;
      return *this;
    }
    Lanes operator-() const
    {
      return Lanes(T(0)) -= *this;
    }
    friend Lanes operator+(Lanes a, const Lanes &b)
    {
      return a += b;
    }
    friend Lanes operator-(Lanes a, const Lanes &b)
    {
      return a -= b;
    }
    friend Lanes operator*(Lanes a, const Lanes &b)
    {
      return a *= b;
    }
    friend Lanes operator/(Lanes a, const Lanes &b)
    {
      return a /= b;
    }

    // The transform computes its roots of unity in this type: all lanes are equal there.
    friend bool operator>=(const Lanes &a, const Lanes &b)
    {
      return a.v[0] >= b.v[0];
    }
    friend Lanes acos(const Lanes &a)
    {
      return std::acos(a.v[0]);
    }
    friend Lanes exp(const Lanes &a)
    {
      return std::exp(a.v[0]);
    }
    friend Lanes sin(const Lanes &a)
    {
      return std::sin(a.v[0]);
    }
    friend Lanes cos(const Lanes &a)
    {
      return std::cos(a.v[0]);
    }
  };
} // namespace seem::solver

#endif
