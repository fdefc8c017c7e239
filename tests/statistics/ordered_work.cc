// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/ordered_work.h>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <numeric>
#include <stdexcept>
#include <string>

namespace seem::statistics
{
  TEST(OrderedWork, ResultsComeInOrderWhateverTheThreads)
  {
    for (const unsigned int n_threads : {0u, 1u, 2u, 7u})
    {
      std::vector<std::size_t> found, expected(50);
      std::iota(expected.begin(), expected.end(), std::size_t(0));
      ordered_work(
          50, n_threads,
          [](const std::size_t i) {
            std::this_thread::sleep_for(std::chrono::microseconds(300 * ((i * 7) % 5)));
            return i;
          },
          [&](const std::size_t i, const std::size_t result) {
            EXPECT_EQ(i, result);
            found.push_back(result);
          });
      EXPECT_EQ(found, expected);
    }
  }

  TEST(OrderedWork, FewResultsWait)
  {
    std::atomic<int> n_open{0}, most{0};
    ordered_work(
        200, 2,
        [&](const std::size_t i) {
          if (i == 0)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
          const int open = ++n_open;
          int seen = most;
          while (open > seen && !most.compare_exchange_weak(seen, open))
          {
          }
          return i;
        },
        [&](const std::size_t, const std::size_t) { --n_open; });
    EXPECT_LE(most, 9); // four for each thread, and one at work
  }

  TEST(OrderedWork, TheFirstFailureIsReportedAndAllBeforeItAreConsumed)
  {
    for (const unsigned int n_threads : {1u, 3u})
    {
      std::size_t n_consumed = 0;
      std::string message;
      try
      {
        ordered_work(
            40, n_threads,
            [](const std::size_t i) {
              if (i == 9)
                std::this_thread::sleep_for(std::chrono::milliseconds(5)); // later than 11
              if (i == 9 || i == 11)
                throw std::runtime_error(std::to_string(i));
              return i;
            },
            [&](const std::size_t, const std::size_t) { ++n_consumed; });
      }
      catch (const std::runtime_error &error)
      {
        message = error.what();
      }
      EXPECT_EQ(message, "9");
      EXPECT_EQ(n_consumed, 9u);
    }
  }
} // namespace seem::statistics
