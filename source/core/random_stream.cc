// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/random_stream.h>

#include <Random123/philox.h>

#include <cmath>

namespace seem
{
  namespace
  {
    /// 52 random bits, moved by half a unit so that neither 0 nor 1 can come out. With 53 bits the
    /// half unit would be rounded away above 1/2, and the largest number to 1.
    double to_open_interval(const std::uint32_t high, const std::uint32_t low)
    {
      const std::uint64_t bits = ((std::uint64_t(high) << 32) | low) >> 12;
      return (static_cast<double>(bits) + 0.5) * 0x1.0p-52;
    }
  } // namespace

  std::array<double, 2> RandomStream::uniform(const std::uint32_t number,
                                              const RandomPurpose purpose,
                                              const std::uint16_t repeat) const
  {
    const std::uint32_t point_and_purpose = (std::uint32_t(key.quadrature_point) << 16) |
                                            (std::uint32_t(key.copy % max_copies) << 7) |
                                            ((static_cast<std::uint32_t>(purpose) + repeat) % 128u);

    const r123::Philox4x32::ctr_type counter = {
        {std::uint32_t(key.cell), std::uint32_t(key.cell >> 32), number, point_and_purpose}};
    const r123::Philox4x32::key_type philox_key = {
        {std::uint32_t(seed), std::uint32_t(seed >> 32)}};

    const auto words = r123::Philox4x32()(counter, philox_key);
    return {to_open_interval(words[0], words[1]), to_open_interval(words[2], words[3])};
  }

  double RandomStream::exponential(const std::uint32_t number, const RandomPurpose purpose) const
  {
    return -std::log(uniform(number, purpose)[0]);
  }
} // namespace seem
