// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/random_stream.h>

#include <gtest/gtest.h>

#include <cmath>
#include <set>

using namespace seem;

namespace
{
  /// The number made of 52 bits of two 32-bit words and half a unit, written as a sum.
  double from_words(const std::uint32_t high, const std::uint32_t low)
  {
    return std::ldexp(static_cast<double>(high), -32) +
           std::ldexp(static_cast<double>(low / 4096), -52) + std::ldexp(1.0, -53);
  }

  struct KnownAnswer
  {
    std::uint32_t counter[4];
    std::uint32_t key[2];
    std::uint32_t words[4];
  };
} // namespace

// philox4x32 10 of tests/kat_vectors in the Random123 distribution
TEST(RandomStream, AgreesWithTheKnownVectorsOfRandom123)
{
  const KnownAnswer answers[] = {
      {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
      {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
       {0xffffffff, 0xffffffff},
       {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
      {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
       {0xa4093822, 0x299f31d0},
       {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}};

  for (const KnownAnswer &answer : answers)
  {
    const std::uint64_t seed = (std::uint64_t(answer.key[1]) << 32) | answer.key[0];
    const std::uint64_t cell = (std::uint64_t(answer.counter[1]) << 32) | answer.counter[0];
    // The last word: 16 bits for the quadrature point, 9 for the copy, 7 for the purpose.
    const std::uint32_t last = answer.counter[3];
    const RandomStream stream(seed, {cell, static_cast<std::uint16_t>(last >> 16),
                                     static_cast<std::uint16_t>((last >> 7) & 0x1ff)});
    const auto u = stream.uniform(answer.counter[2], static_cast<RandomPurpose>(last & 0x7f));
    EXPECT_EQ(u[0], from_words(answer.words[0], answer.words[1]));
    EXPECT_EQ(u[1], from_words(answer.words[2], answer.words[3]));
  }
}

TEST(RandomStream, ADrawDoesNotDependOnTheOrderOfDraws)
{
  const RandomStream stream(7, {11, 3});
  double forward[100], backward[100];
  for (std::uint32_t i = 0; i < 100; ++i)
    forward[i] = stream.uniform(i, RandomPurpose::threshold)[0];
  for (std::uint32_t i = 100; i-- > 0;)
  {
    stream.uniform(i, RandomPurpose::jump);
    backward[i] = stream.uniform(i, RandomPurpose::threshold)[0];
  }
  for (std::uint32_t i = 0; i < 100; ++i)
    EXPECT_EQ(forward[i], backward[i]);
}

TEST(RandomStream, EveryPartOfTheNameMatters)
{
  std::set<double> numbers;
  std::size_t n = 0;
  const auto take = [&](const std::uint64_t seed, const PointKey &key, const std::uint32_t number,
                        const RandomPurpose purpose, const std::uint16_t repeat) {
    const auto u = RandomStream(seed, key).uniform(number, purpose, repeat);
    numbers.insert(u[0]);
    numbers.insert(u[1]);
    n += 2;
  };
  take(1, {5, 2}, 3, RandomPurpose::threshold, 0);
  take(2, {5, 2}, 3, RandomPurpose::threshold, 0);                            // seed, low
  take(1 + (std::uint64_t(1) << 63), {5, 2}, 3, RandomPurpose::threshold, 0); // seed, high
  take(1, {6, 2}, 3, RandomPurpose::threshold, 0);                            // cell, low
  take(1, {5 + (std::uint64_t(1) << 32), 2}, 3, RandomPurpose::threshold, 0); // cell, high
  take(1, {5 + (std::uint64_t(1) << 63), 2}, 3, RandomPurpose::threshold, 0);
  take(1, {5, 3}, 3, RandomPurpose::threshold, 0);      // point
  take(1, {5, 0x8002}, 3, RandomPurpose::threshold, 0); // point, high
  take(1, {5, 2}, 4, RandomPurpose::threshold, 0);      // event
  take(1, {5, 2}, 3 + (1u << 31), RandomPurpose::threshold, 0);
  take(1, {5, 2}, 3, RandomPurpose::initial_state, 0); // purpose
  take(1, {5, 2}, 3, RandomPurpose::bernoulli, 0);
  take(1, {5, 2}, 3, RandomPurpose::jump, 0);
  take(1, {5, 2}, 3, RandomPurpose::jump, 1); // redraw
  EXPECT_EQ(numbers.size(), n);
}

TEST(RandomStream, UniformNumbersHaveTheMomentsOfTheUniformDistribution)
{
  const unsigned int n = 200000;
  double sum = 0, sum_squares = 0, sum_cubes = 0, product = 0, smallest = 1, largest = 0;
  for (std::uint32_t i = 0; i < n; ++i)
  {
    // Neighbouring cells and events: the worst case for a bad generator.
    const auto u = RandomStream(1, {i / 100, 0}).uniform(i % 100, RandomPurpose::threshold);
    sum += u[0];
    sum_squares += u[0] * u[0];
    sum_cubes += u[0] * u[0] * u[0];
    product += u[0] * u[1];
    smallest = std::min(smallest, u[0]);
    largest = std::max(largest, u[0]);
  }
  // Mean of u^k is 1/(k+1), its variance 1/(2k+1) - 1/(k+1)^2; of u v 1/4 and 1/9 - 1/16.
  const double five = 5.0 / std::sqrt(n);
  EXPECT_NEAR(sum / n, 0.5, five * std::sqrt(1.0 / 12.0));
  EXPECT_NEAR(sum_squares / n, 1.0 / 3.0, five * std::sqrt(4.0 / 45.0));
  EXPECT_NEAR(sum_cubes / n, 0.25, five * std::sqrt(9.0 / 112.0));
  EXPECT_NEAR(product / n, 0.25, five * std::sqrt(7.0 / 144.0));
  EXPECT_GT(smallest, 0.0);
  EXPECT_LT(largest, 1.0);
}

TEST(RandomStream, ExponentialNumbersHaveUnitMeanAndVariance)
{
  const unsigned int n = 200000;
  double sum = 0, sum_squares = 0;
  for (std::uint32_t i = 0; i < n; ++i)
  {
    const double t = RandomStream(3, {0, 0}).exponential(i, RandomPurpose::threshold);
    ASSERT_GT(t, 0.0);
    sum += t;
    sum_squares += t * t;
  }
  // E t = 1 with variance 1; E t^2 = 2 with variance 4! - 4 = 20.
  EXPECT_NEAR(sum / n, 1.0, 5.0 / std::sqrt(n));
  EXPECT_NEAR(sum_squares / n, 2.0, 5.0 * std::sqrt(20.0 / n));
}
