// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_IO_SHORT_DECIMAL_H
#define SEEM_SOURCE_IO_SHORT_DECIMAL_H

#include <cstdint>
#include <cstring>

namespace seem::io::text
{
  /**
   * Digits at @p at, appended to @p number. @return the first character that is none
   *
   * Eight at once while the text is long enough; @p number may overflow, which the count of the
   * digits tells.
   */
  inline const char *parse_digits(const char *at, const char *const end, std::uint64_t &number)
  {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    while (end - at >= 8)
    {
      std::uint64_t eight = 0;
      std::memcpy(&eight, at, 8);
      // Bytes that are no digits become different from zero in their upper half.
      const std::uint64_t digits = eight - 0x3030303030303030u;
      const std::uint64_t others = (digits | (digits + 0x0606060606060606u)) & 0xF0F0F0F0F0F0F0F0u;
      // A borrow or carry only spoils the bytes behind the first that is no digit.
      const int n = others == 0 ? 8 : __builtin_ctzll(others) / 8;
      if (n == 0)
        return at;
      static constexpr std::uint64_t powers[] = {1,      10,      100,      1000,     10000,
                                                 100000, 1000000, 10000000, 100000000};
      // The digits to the end of the word, zeros before them; then pairs, fours, eights.
      std::uint64_t value = n == 8 ? digits : digits << (8 * (8 - n));
      value = (value * 10 + (value >> 8)) & 0x00FF00FF00FF00FFu;
      value = (value * 100 + (value >> 16)) & 0x0000FFFF0000FFFFu;
      value = (value * 10000 + (value >> 32)) & 0xFFFFFFFFu;
      number = number * powers[n] + value;
      at += n;
      if (n < 8)
        return at;
    }
#endif
    for (; at != end && *at >= '0' && *at <= '9'; ++at)
      number = number * 10 + static_cast<std::uint64_t>(*at - '0');
    return at;
  }

  /**
   * A number like -17659.123456: at most 18 digits and no exponent, so short that one rounded
   * division of two exact doubles gives the double nearest to it, as std::from_chars() does.
   * @param[out] decimals  digits after the point
   * @return what follows the number; nullptr for anything else, to be looked at with more care
   */
  inline const char *parse_short_decimal(const char *at, const char *const end, double &value,
                                         int &decimals)
  {
    static constexpr double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                        1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
    constexpr std::uint64_t largest_exact = std::uint64_t(1) << 53;
    const bool negative = at != end && *at == '-';
    if (negative)
      ++at;
    std::uint64_t number = 0;
    const char *const whole = at;
    at = parse_digits(at, end, number);
    auto n_digits = at - whole;
    decimals = 0;
    if (at != end && *at == '.')
    {
      const char *const fraction = ++at;
      at = parse_digits(at, end, number);
      decimals = static_cast<int>(at - fraction);
      n_digits += decimals;
    }
    if (n_digits == 0 || n_digits > 18 || number > largest_exact ||
        (at != end && *at != ' ' && *at != '\t' && *at != ','))
      return nullptr;
    const double magnitude = static_cast<double>(number) / powers[decimals];
    value = negative ? -magnitude : magnitude;
    return at;
  }
} // namespace seem::io::text

#endif
