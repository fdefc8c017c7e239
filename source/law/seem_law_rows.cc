// SPDX-License-Identifier: LGPL-2.1-or-later
// SeemLaw on many points at once, several at a time in vector registers. Flags of this file: see
// elasticity_rows.cc; roots do not set errno.
#include "seem_law_rows.h"

#include "quiet_path.h"
#include "tensor_quad.h"

#include <seem/core/wide_registers.h>
#include <seem/law/tensor.h>

#include <algorithm>
#include <cmath>

namespace seem::law::rows
{
  namespace
  {
    static_assert(block % quad == 0, "the last quad of a block lies within it");

    /// The elastic strain deviator at the total strains @p strains. In the order of deviator().
    inline void elastic_deviator(const Places &strains, const TensorQuad &plastic, TensorQuad &e,
                                 Quad &volume_strain)
    {
      load(strains, e);
      volume_strain = e[0] + e[1] + e[2];
      const Quad third = volume_strain / 3.0;
      for (std::size_t c = 0; c < 3; ++c)
        e[c] -= third;
      for (std::size_t c = 0; c < 6; ++c)
        e[c] -= plastic[c];
    }
  } // namespace

  SEEM_FOR_WIDE_REGISTERS
  void elastic_strains(const std::size_t n, const StateRows &states,
                       const double *__restrict__ strains, ElasticRows &elastic)
  {
    double square[block];
    for (std::size_t i = 0; i < n; i += quad)
    {
      TensorQuad plastic, e;
      Quad volume_strain, product;
      load(places(states.plastic + i * states.stride, states.stride, n - i), plastic);
      elastic_deviator(places(strains + 6 * i, 6, n - i), plastic, e, volume_strain);
      contraction(e, e, product);
      for (std::size_t c = 0; c < 6; ++c)
        store(e[c], &elastic.e[c][i]);
      store(product, &square[i]);
      store(volume_strain, &elastic.volume_strain[i]);
    }
    for (std::size_t i = 0; i < n; ++i)
    {
      elastic.norm[i] = std::sqrt(square[i]);
      elastic.inverse_norm[i] = 1.0 / elastic.norm[i];
      elastic.gamma_squared[i] = 2.0 * square[i];
    }
  }

  SEEM_FOR_WIDE_REGISTERS
  void respond(const std::size_t n, const ElasticRows &elastic, const double bulk,
               const double small_stress, double *__restrict__ stresses,
               double *__restrict__ tangents)
  {
    for (std::size_t i = 0; i < n; i += quad)
    {
      Quad secant, tangent, norm, inverse_norm, volume_strain;
      load(&elastic.secant[i], secant);
      load(&elastic.tangent[i], tangent);
      load(&elastic.norm[i], norm);
      load(&elastic.inverse_norm[i], inverse_norm);
      load(&elastic.volume_strain[i], volume_strain);
      const Quad twice_secant = 2.0 * secant, pressure = bulk * volume_strain;
      const auto directed = sqrt2 * norm * secant > small_stress;
      TensorQuad stress, direction;
      for (std::size_t c = 0; c < 6; ++c)
      {
        Quad e;
        load(&elastic.e[c][i], e);
        stress[c] = twice_secant * e;
        direction[c] = directed ? inverse_norm * e : Quad{};
      }
      for (std::size_t c = 0; c < 3; ++c)
        stress[c] += pressure;

      const std::size_t m = std::min(quad, n - i);
      double stress_rows[quad * 6], tangent_rows[quad * 9];
      double *const to_stress = m == quad ? stresses + 6 * i : stress_rows;
      double *const to_tangent = m == quad ? tangents + 9 * i : tangent_rows;
      store_rows(stress, to_stress, 6);
      for (std::size_t k = 0; k < quad; ++k)
        to_tangent[9 * k] = bulk;
      store_rows(tangent, secant, direction[0], direction[1], to_tangent + 1, 9);
      store_rows(direction[2], direction[3], direction[4], direction[5], to_tangent + 5, 9);
      if (m < quad)
      {
        std::copy_n(stress_rows, 6 * m, stresses + 6 * i);
        std::copy_n(tangent_rows, 9 * m, tangents + 9 * i);
      }
    }
  }

  SEEM_FOR_WIDE_REGISTERS
  void quiet_paths(const std::size_t n, const StateRows &states, const double *__restrict__ begin,
                   const double *__restrict__ end, const bool with_record, PathRows &paths)
  {
    for (std::size_t i = 0; i < n; i += quad)
    {
      const auto places_of = [&](const double *of_state) {
        return places(of_state + i * states.stride, states.stride, n - i);
      };
      TensorQuad plastic, record, e_begin, e_end;
      Quad unused, square_begin, product;
      load(places_of(states.plastic), plastic);
      load(places_of(states.record), record);
      elastic_deviator(places(begin + 6 * i, 6, n - i), plastic, e_begin, unused);
      elastic_deviator(places(end + 6 * i, 6, n - i), plastic, e_end, unused);

      contraction(e_begin, e_begin, square_begin);
      store(square_begin, &paths.begin[i]);
      contraction(e_end, e_end, product);
      store(product, &paths.end[i]);
      contraction(record, record, product);
      store(product, &paths.record[i]);
      contraction(e_begin, e_end, product);
      store(Quad(product - square_begin), &paths.growth[i]);
      contraction(record, e_begin, product);
      store(product, &paths.record_along_begin[i]);
      contraction(record, e_end, product);
      store(product, &paths.record_along_end[i]);
      const Places firing = places_of(states.firing);
      for (std::size_t k = 0; k < quad; ++k)
        paths.firing[i + k] = *firing[k];
      store_rows(e_end, paths.e_end[i], 6);
    }
    for (std::size_t i = 0; i < n; ++i)
    {
      const QuietPath path =
          quiet_path({paths.begin[i], paths.end[i], paths.record[i], paths.growth[i],
                      paths.record_along_begin[i], paths.record_along_end[i]},
                     paths.firing[i], with_record);
      paths.forward[i] = path.forward;
      paths.backward[i] = path.backward;
      paths.quiet[i] = path.quiet;
    }
  }
} // namespace seem::law::rows
