// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_CORE_RANDOM_STREAM_H
#define SEEM_CORE_RANDOM_STREAM_H

#include <array>
#include <cstdint>

namespace seem
{
  /**
   * Name of a material point: which cell (exact 64-bit id), which point in it and, where a point
   * holds several volumes, which of them. It never depends on the rank, the partition, the order of
   * visits or the load step.
   */
  struct PointKey
  {
    std::uint64_t cell = 0;             ///< exact cell id; the replica number in point runs
    std::uint16_t quadrature_point = 0; ///< index in the cell
    std::uint16_t copy = 0;             ///< sub-volume of the point, below max_copies
  };

  /// Largest number of sub-volumes of one point that random numbers tell apart.
  inline constexpr std::uint16_t max_copies = 512;

  /// What a draw is for. Each purpose has numbers of its own, so adding one never shifts the
  /// others.
  enum class RandomPurpose : std::uint16_t
  {
    threshold = 0,     ///< unit-exponential threshold of the hazard clock
    initial_state = 1, ///< draw of the starting state
    bernoulli = 2,     ///< trial of the Bernoulli integrator
    jump = 16,         ///< jump of an event; redraw number k uses jump + k, up to k = 64
    direction = 96,    ///< direction of an event; uses direction to direction + 2
    resample = 100     ///< choice of a glass in a bootstrap of a database
  };

  /**
   * Counter-based random numbers (Philox4x32-10 of Random123). The key is the 64-bit seed, the
   * counter is (cell: 64 bits; event number: 32 bits; quadrature point: 16 bits; copy: 9 bits;
   * purpose: 7 bits).
   * There is no state to store, hand around or restore: a draw is a pure function of its name.
   *
   * Source: Salmon et al., Parallel random numbers: as easy as 1, 2, 3,
   * doi:10.1145/2063384.2063405.
   */
  class RandomStream
  {
  public:
    RandomStream(std::uint64_t seed, const PointKey &key) : seed(seed), key(key)
    {
    }

    /**
     * Two independent uniform numbers in the open interval (0, 1), 52 bits each.
     * @param[in] number   running number of the event (or trial) at this point
     * @param[in] purpose  what the numbers are for
     * @param[in] repeat   number of the redraw, added to the purpose
     */
    std::array<double, 2> uniform(std::uint32_t number, RandomPurpose purpose,
                                  std::uint16_t repeat = 0) const;

    /// A unit-exponential number: -log(u) of the first uniform number.
    double exponential(std::uint32_t number, RandomPurpose purpose) const;

  private:
    std::uint64_t seed;
    PointKey key;
  };
} // namespace seem

#endif
