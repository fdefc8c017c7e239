// SPDX-License-Identifier: LGPL-2.1-or-later
#include "periodic_transform.h"

#include <unsupported/Eigen/FFT>

#include <algorithm>

namespace seem::solver
{
  namespace
  {
    /// b[j][i] = a[i][j] for a [n_rows][n_columns], by blocks that stay in the cache.
    template <typename T>
    void transpose(const T *a, T *b, const std::size_t n_rows, const std::size_t n_columns)
    {
      constexpr std::size_t block = 8;
      for (std::size_t i0 = 0; i0 < n_rows; i0 += block)
        for (std::size_t j0 = 0; j0 < n_columns; j0 += block)
          for (std::size_t i = i0; i < std::min(n_rows, i0 + block); ++i)
            for (std::size_t j = j0; j < std::min(n_columns, j0 + block); ++j)
              b[j * n_rows + i] = a[i * n_columns + j];
    }
  } // namespace

  template <int dim>
  struct PeriodicTransform<dim>::Plans
  {
    Eigen::FFT<Real> fft;

    Plans()
    {
      fft.SetFlag(Eigen::FFT<Real>::HalfSpectrum);
      fft.SetFlag(Eigen::FFT<Real>::Unscaled);
    }

    template <typename Out, typename In>
    void forward(Out *out, const In *in, const std::size_t length)
    {
      if (length == 1) // kissfft knows no such transform
        *out = *in;
      else
        fft.fwd(out, in, static_cast<Eigen::Index>(length));
    }

    void backward(Complex *out, const Complex *in, const std::size_t length)
    {
      if (length == 1)
        *out = *in;
      else
        fft.inv(out, in, static_cast<Eigen::Index>(length));
    }

    void backward(Real *out, const Complex *in, const std::size_t length)
    {
      if (length == 1)
        *out = in->real();
      else
        fft.inv(out, in, static_cast<Eigen::Index>(length));
    }
  };

  template <int dim>
  PeriodicTransform<dim>::PeriodicTransform(const std::array<unsigned int, dim> &n_nodes)
      : n(n_nodes), n_half(n_nodes[0] / 2 + 1), plans(std::make_unique<Plans>())
  {
    std::size_t rows = 1;
    for (int d = 1; d < dim; ++d)
      rows *= n[d];
    nodes.assign(rows * n[0], Real(0));
    waves.assign(rows * n_half, Complex(Real(0), Real(0)));
    scratch = waves;
  }

  template <int dim>
  PeriodicTransform<dim>::~PeriodicTransform() = default;

  template <int dim>
  void PeriodicTransform<dim>::forward()
  {
    const std::size_t n_rows = nodes.size() / n[0], n_waves = waves.size(), n_y = n[1];
    for (std::size_t row = 0; row < n_rows; ++row)
      plans->forward(&waves[row * n_half], &nodes[row * n[0]], n[0]);
    transpose(waves.data(), scratch.data(), n_rows, n_half);
    for (std::size_t first = 0; first < n_waves; first += n_y)
      plans->forward(&waves[first], &scratch[first], n_y);
    if constexpr (dim == 3)
    {
      const std::size_t n_z = n[2];
      for (std::size_t first = 0; first < n_waves; first += n_y * n_z)
        transpose(&waves[first], &scratch[first], n_z, n_y);
      for (std::size_t first = 0; first < n_waves; first += n_z)
        plans->forward(&waves[first], &scratch[first], n_z);
    }
  }

  template <int dim>
  void PeriodicTransform<dim>::backward()
  {
    const std::size_t n_rows = nodes.size() / n[0], n_waves = waves.size(), n_y = n[1];
    if constexpr (dim == 3)
    {
      const std::size_t n_z = n[2];
      for (std::size_t first = 0; first < n_waves; first += n_z)
        plans->backward(&scratch[first], &waves[first], n_z);
      for (std::size_t first = 0; first < n_waves; first += n_y * n_z)
        transpose(&scratch[first], &waves[first], n_y, n_z);
    }
    for (std::size_t first = 0; first < n_waves; first += n_y)
      plans->backward(&scratch[first], &waves[first], n_y);
    transpose(scratch.data(), waves.data(), n_half, n_rows);
    for (std::size_t row = 0; row < n_rows; ++row)
      plans->backward(&nodes[row * n[0]], &waves[row * n_half], n[0]);
  }

  template class PeriodicTransform<2>;
  template class PeriodicTransform<3>;
} // namespace seem::solver
