// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/random_stream.h>

#include <gtest/gtest.h>

#include <cmath>
#include <set>

using namespace seem;

namespace
{
  struct KnownAnswer
  {
    std::uint64_t counter[2]; // the others are zero
    std::uint64_t seed;
    RandomWords words;
  };

  RandomWords words_of(const KnownAnswer &answer)
  {
    // 32 bits for the number, then 16 for the quadrature point, 9 for the copy, 7 for the purpose.
    const std::uint64_t name = answer.counter[1];
    const RandomStream stream(answer.seed,
                              {answer.counter[0], static_cast<std::uint16_t>(name >> 16),
                               static_cast<std::uint16_t>((name >> 7) & 0x1ff)});
    return stream.words(static_cast<std::uint32_t>(name >> 32),
                        static_cast<RandomPurpose>(name & 0x7f));
  }
} // namespace

// The first is philox4x64 10 of tests/kat_vectors in the Random123 distribution, the others are the
// answers of numpy.random.Philox.
TEST(RandomStream, AgreesWithKnownAnswers)
{
  const KnownAnswer answers[] = {
      {{0, 0}, 0, {0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b}},
      {{0xffffffffffffffff, 0xffffffffffffffff},
       0xffffffffffffffff,
       {0x2375e77dcd3a271f, 0xa7ae641dbea2ca26, 0x5e3287290c80145b, 0x9e311516bb88aaf0}},
      {{0x243f6a8885a308d3, 0x13198a2e03707344},
       0x452821e638d01377,
       {0x31cd20e863e4eeb0, 0x527f5495d61efea1, 0x7db6fbb93024e0f4, 0x95fe4d87a68ca3d4}}};
  for (const KnownAnswer &answer : answers)
    EXPECT_EQ(words_of(answer), answer.words);
  EXPECT_EQ(RandomStream::further(
                {0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89}),
            (RandomWords{0x530c8abfd7be8a23, 0x0ae8a9fa078fdb17, 0xb06410115cd38231,
                         0x3c785852a333d683}));
}

TEST(RandomStream, UniformNumbersAreOpenIntervalsOfTheWords)
{
  EXPECT_EQ(to_open_interval(0), std::ldexp(1.0, -53));
  EXPECT_EQ(to_open_interval(~std::uint64_t(0)), 1.0 - std::ldexp(1.0, -53));
  EXPECT_EQ(to_open_interval(std::uint64_t(3) << 62), 0.75 + std::ldexp(1.0, -53));
  const RandomStream stream(5, {6, 7, 8});
  const RandomWords words = stream.words(9, RandomPurpose::jump, 1);
  const std::array<double, 4> u = stream.uniform(9, RandomPurpose::jump, 1);
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_EQ(u[i], to_open_interval(words[i]));
  EXPECT_EQ(stream.exponential(9, RandomPurpose::threshold),
            -std::log(stream.uniform(9, RandomPurpose::threshold)[0]));
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
    numbers.insert(u.begin(), u.end());
    n += u.size();
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
