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
    threshold = 0,     ///< threshold of the hazard clock for the first event of a point
    initial_state = 1, ///< draw of the starting state
    bernoulli = 2,     ///< trial of the Bernoulli integrator
    jump = 16,         ///< jump of an event, and the threshold for the next one; redraw number k
                       ///< uses jump + k, up to k = 64
    direction = 96,    ///< direction of an event; uses direction to direction + 2
    resample = 100     ///< choice of a glass in a bootstrap of a database
  };

  /// A block of random numbers: 256 bits, all of them uniform and independent.
  using RandomWords = std::array<std::uint64_t, 4>;

  /// @p word as a uniform number in the open interval (0, 1): its upper 52 bits and half a unit.
  inline double to_open_interval(const std::uint64_t word)
  {
    // With 53 bits the half unit would be rounded away above 1/2, and the largest number to 1.
    return (static_cast<double>(static_cast<std::int64_t>(word >> 12)) + 0.5) * 0x1.0p-52;
  }

  /**
   * Counter-based random numbers (Philox4x64-10 of Random123). The key is the 64-bit seed, the
   * counter is (cell: 64 bits; event number: 32 bits, quadrature point: 16 bits, copy: 9 bits,
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
     * The block of a name.
     * @param[in] number   running number of the event (or trial) at this point
     * @param[in] purpose  what the numbers are for
     * @param[in] repeat   number of the redraw, added to the purpose
     */
    RandomWords words(std::uint32_t number, RandomPurpose purpose, std::uint16_t repeat = 0) const;

    /// More numbers where those of a block are not enough: the block that @p words name.
    static RandomWords further(const RandomWords &words);

    /// words() as uniform numbers in the open interval (0, 1), 52 bits each.
    std::array<double, 4> uniform(std::uint32_t number, RandomPurpose purpose,
                                  std::uint16_t repeat = 0) const;

    /// A unit-exponential number: -log(u) of the first uniform number.
    double exponential(std::uint32_t number, RandomPurpose purpose) const;

  private:
    std::uint64_t seed;
    PointKey key;
  };
} // namespace seem

#endif
