// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/random_stream.h>

#include <Random123/philox.h>

#include <cmath>

namespace seem
{
  namespace
  {
    RandomWords philox(const RandomWords &counter, const std::uint64_t key)
    {
      const auto words =
          r123::Philox4x64()({{counter[0], counter[1], counter[2], counter[3]}}, {{key, 0}});
      return {words[0], words[1], words[2], words[3]};
    }
  } // namespace

  RandomWords RandomStream::words(const std::uint32_t number, const RandomPurpose purpose,
                                  const std::uint16_t repeat) const
  {
    const std::uint32_t point_and_purpose = (std::uint32_t(key.quadrature_point) << 16) |
                                            (std::uint32_t(key.copy % max_copies) << 7) |
                                            ((static_cast<std::uint32_t>(purpose) + repeat) % 128u);
    return philox({key.cell, (std::uint64_t(number) << 32) | point_and_purpose, 0, 0}, seed);
  }

  RandomWords RandomStream::further(const RandomWords &words)
  {
    return philox(words, 0);
  }

  std::array<double, 4> RandomStream::uniform(const std::uint32_t number,
                                              const RandomPurpose purpose,
                                              const std::uint16_t repeat) const
  {
    const RandomWords w = words(number, purpose, repeat);
    return {to_open_interval(w[0]), to_open_interval(w[1]), to_open_interval(w[2]),
            to_open_interval(w[3])};
  }

  double RandomStream::exponential(const std::uint32_t number, const RandomPurpose purpose) const
  {
    return -std::log(to_open_interval(words(number, purpose)[0]));
  }
} // namespace seem
