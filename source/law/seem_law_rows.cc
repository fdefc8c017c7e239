// SPDX-License-Identifier: LGPL-2.1-or-later
// SeemLaw on many points at once, several at a time in vector registers. Flags of this file: see
// elasticity_rows.cc; roots do not set errno.
#include "seem_law_rows.h"

#include "quiet_path.h"
#include "tensor_lanes.h"

#include <seem/core/wide_registers.h>
#include <seem/law/tensor.h>

#include <algorithm>
#include <cmath>

namespace seem::law::rows
{
  namespace
  {
    // Always inlined: so they are compiled for the registers of the function that calls them.
#define SEEM_INLINE [[gnu::always_inline]] inline

    static_assert(block % n_lanes<Quad> == 0, "the last lanes of a block lie within it");

    /// Ask for the states of the points of the next block that stand where the lanes from point @p
    /// i of this block on stand: processors do not foresee strides of three cache lines, and the
    /// states of a large body come from memory.
    template <typename Lanes>
    SEEM_INLINE void fetch_ahead(const StateRows &states, const std::size_t i)
    {
      constexpr std::size_t line = 64 / sizeof(double);
      const double *next = states.first + (i + block) * states.stride;
      for (std::size_t k = 0; k < n_lanes<Lanes>; ++k, next += states.stride)
        for (std::size_t j = 0; j < states.stride; j += line)
          __builtin_prefetch(next + j);
    }

    /// The same for numbers that will be written, @p stride to a point.
    template <typename Lanes>
    SEEM_INLINE void fetch_ahead(double *rows, const std::size_t stride, const std::size_t i)
    {
      for (std::size_t k = 0; k < n_lanes<Lanes>; ++k)
        __builtin_prefetch(rows + (i + k + block) * stride, 1);
    }

    /// The elastic strain deviator at the total strains @p strains. In the order of deviator().
    template <typename Lanes>
    SEEM_INLINE void elastic_deviator(const Places<Lanes> &strains,
                                      const TensorLanes<Lanes> &plastic, TensorLanes<Lanes> &e,
                                      Lanes &volume_strain)
    {
      load(strains, e);
      volume_strain = e[0] + e[1] + e[2];
      const Lanes third = volume_strain / 3.0;
      for (std::size_t c = 0; c < 3; ++c)
        e[c] -= third;
      for (std::size_t c = 0; c < 6; ++c)
        e[c] -= plastic[c];
    }

    template <typename Lanes>
    SEEM_INLINE void make_elastic_strains(const std::size_t n, const StateRows &states,
                                          const double *__restrict__ strains, ElasticRows &elastic)
    {
      double square[block];
      for (std::size_t i = 0; i < n; i += n_lanes<Lanes>)
      {
        fetch_ahead<Lanes>(states, i);
        TensorLanes<Lanes> plastic, e;
        Lanes volume_strain, product;
        load(places<Lanes>(states.plastic + i * states.stride, states.stride, n - i), plastic);
        elastic_deviator(places<Lanes>(strains + 6 * i, 6, n - i), plastic, e, volume_strain);
        contraction(e, e, product);
        for (std::size_t c = 0; c < 6; ++c)
          store(e[c], &elastic.e[c][i]);
        store(product, &square[i]);
        store(volume_strain, &elastic.volume_strain[i]);
      }
      // To the end of the last lanes: respond() reads them all.
      const std::size_t n_whole = (n + n_lanes<Lanes> - 1) / n_lanes<Lanes> * n_lanes<Lanes>;
      for (std::size_t i = n; i < n_whole; ++i)
        elastic.secant[i] = elastic.tangent[i] = 0.0;
      for (std::size_t i = 0; i < n_whole; ++i)
      {
        elastic.norm[i] = std::sqrt(square[i]);
        elastic.inverse_norm[i] = 1.0 / elastic.norm[i];
        elastic.gamma_squared[i] = 2.0 * square[i];
      }
    }

    template <typename Lanes>
    SEEM_INLINE void make_responses(const std::size_t n, const ElasticRows &elastic,
                                    const double bulk, const double small_stress,
                                    double *__restrict__ stresses, double *__restrict__ tangents)
    {
      for (std::size_t i = 0; i < n; i += n_lanes<Lanes>)
      {
        fetch_ahead<Lanes>(stresses, 6, i);
        fetch_ahead<Lanes>(tangents, 9, i);
        Lanes secant, tangent, norm, inverse_norm, volume_strain;
        load(&elastic.secant[i], secant);
        load(&elastic.tangent[i], tangent);
        load(&elastic.norm[i], norm);
        load(&elastic.inverse_norm[i], inverse_norm);
        load(&elastic.volume_strain[i], volume_strain);
        const Lanes twice_secant = 2.0 * secant, pressure = bulk * volume_strain;
        const auto directed = sqrt2 * norm * secant > small_stress;
        TensorLanes<Lanes> stress, direction;
        for (std::size_t c = 0; c < 6; ++c)
        {
          Lanes e;
          load(&elastic.e[c][i], e);
          stress[c] = twice_secant * e;
          direction[c] = directed ? inverse_norm * e : Lanes{};
        }
        for (std::size_t c = 0; c < 3; ++c)
          stress[c] += pressure;

        const std::size_t m = std::min(n_lanes<Lanes>, n - i);
        double stress_rows[n_lanes<Lanes> * 6], tangent_rows[n_lanes<Lanes> * 9];
        double *const to_stress = m == n_lanes<Lanes> ? stresses + 6 * i : stress_rows;
        double *const to_tangent = m == n_lanes<Lanes> ? tangents + 9 * i : tangent_rows;
        store_rows(stress, to_stress, 6);
        for (std::size_t k = 0; k < n_lanes<Lanes>; ++k)
          to_tangent[9 * k] = bulk;
        store_rows(tangent, secant, direction[0], direction[1], to_tangent + 1, 9);
        store_rows(direction[2], direction[3], direction[4], direction[5], to_tangent + 5, 9);
        if (m < n_lanes<Lanes>)
        {
          std::copy_n(stress_rows, 6 * m, stresses + 6 * i);
          std::copy_n(tangent_rows, 9 * m, tangents + 9 * i);
        }
      }
    }

    template <typename Lanes>
    SEEM_INLINE void
    make_quiet_paths(const std::size_t n, const StateRows &states, const double *__restrict__ begin,
                     const double *__restrict__ end, const bool with_record, PathRows &paths)
    {
      for (std::size_t i = 0; i < n; i += n_lanes<Lanes>)
      {
        fetch_ahead<Lanes>(states, i);
        const std::size_t offset = i * states.stride;
        TensorLanes<Lanes> plastic, record, e_begin, e_end;
        Lanes unused, square_begin, product;
        load(places<Lanes>(states.plastic + offset, states.stride, n - i), plastic);
        load(places<Lanes>(states.record + offset, states.stride, n - i), record);
        elastic_deviator(places<Lanes>(begin + 6 * i, 6, n - i), plastic, e_begin, unused);
        elastic_deviator(places<Lanes>(end + 6 * i, 6, n - i), plastic, e_end, unused);

        contraction(e_begin, e_begin, square_begin);
        store(square_begin, &paths.begin[i]);
        contraction(e_end, e_end, product);
        store(product, &paths.end[i]);
        contraction(record, record, product);
        store(product, &paths.record[i]);
        contraction(e_begin, e_end, product);
        store(Lanes(product - square_begin), &paths.growth[i]);
        contraction(record, e_begin, product);
        store(product, &paths.record_along_begin[i]);
        contraction(record, e_end, product);
        store(product, &paths.record_along_end[i]);
        const Places<Lanes> firing = places<Lanes>(states.firing + offset, states.stride, n - i);
        for (std::size_t k = 0; k < n_lanes<Lanes>; ++k)
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
#undef SEEM_INLINE
  } // namespace

  // One definition for each set of registers, the best of which is taken at run time by callers
  // that see all of them: those at the end.
#define SEEM_DEFINE_ROWS(TARGET, LANES)                                                            \
  TARGET void elastic_strains(const std::size_t n, const StateRows &states, const double *strains, \
                              ElasticRows &elastic)                                                \
  {                                                                                                \
    make_elastic_strains<LANES>(n, states, strains, elastic);                                      \
  }                                                                                                \
  TARGET void respond(const std::size_t n, const ElasticRows &elastic, const double bulk,          \
                      const double small_stress, double *stresses, double *tangents)               \
  {                                                                                                \
    make_responses<LANES>(n, elastic, bulk, small_stress, stresses, tangents);                     \
  }                                                                                                \
  TARGET void quiet_paths(const std::size_t n, const StateRows &states, const double *begin,       \
                          const double *end, const bool with_record, PathRows &paths)              \
  {                                                                                                \
    make_quiet_paths<LANES>(n, states, begin, end, with_record, paths);                            \
  }

  namespace versions
  {
#ifdef SEEM_HAS_WIDE_REGISTERS
    SEEM_DEFINE_ROWS(__attribute__((target("avx512f"))), Quad)
    SEEM_DEFINE_ROWS(__attribute__((target("avx2"))), Quad)
    SEEM_DEFINE_ROWS(__attribute__((target("default"))), Pair)
#else
    SEEM_DEFINE_ROWS(, Pair)
#endif
  } // namespace versions
#undef SEEM_DEFINE_ROWS

  void elastic_strains(const std::size_t n, const StateRows &states, const double *strains,
                       ElasticRows &elastic)
  {
    versions::elastic_strains(n, states, strains, elastic);
  }

  void respond(const std::size_t n, const ElasticRows &elastic, const double bulk,
               const double small_stress, double *stresses, double *tangents)
  {
    versions::respond(n, elastic, bulk, small_stress, stresses, tangents);
  }

  void quiet_paths(const std::size_t n, const StateRows &states, const double *begin,
                   const double *end, const bool with_record, PathRows &paths)
  {
    versions::quiet_paths(n, states, begin, end, with_record, paths);
  }
} // namespace seem::law::rows
