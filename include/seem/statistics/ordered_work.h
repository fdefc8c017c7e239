// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_ORDERED_WORK_H
#define SEEM_STATISTICS_ORDERED_WORK_H

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace seem::statistics
{
  /**
   * Call result = work(i) for i = 0 .. n - 1 on @p n_threads threads and consume(i, result) in the
   * order of i, one at a time: what comes out does not depend on the number of threads. At most
   * four results per thread wait for their turn.
   *
   * If a call throws, the exception of the smallest i is thrown again, after all before it were
   * consumed.
   */
  template <typename Work, typename Consume>
  void ordered_work(const std::size_t n, const unsigned int n_threads, const Work &work,
                    const Consume &consume)
  {
    using Result = std::decay_t<decltype(work(std::size_t(0)))>;
    if (n_threads <= 1 || n <= 1)
    {
      for (std::size_t i = 0; i < n; ++i)
        consume(i, work(i));
      return;
    }

    std::mutex mutex;
    std::condition_variable consumed;
    std::size_t next = 0, turn = 0, end = n; // end: the first that failed
    std::map<std::size_t, Result> waiting;
    std::exception_ptr failure;
    const std::size_t window = std::size_t(4) * n_threads;

    const auto fail = [&](const std::size_t i) { // with the mutex held
      if (i >= end)
        return;
      end = i;
      failure = std::current_exception();
    };
    const auto loop = [&] {
      std::unique_lock<std::mutex> lock(mutex);
      for (;;)
      {
        consumed.wait(lock, [&] { return next >= end || next < turn + window; });
        if (next >= end)
          return;
        const std::size_t i = next++;
        lock.unlock();
        try
        {
          Result result = work(i);
          lock.lock();
          waiting.emplace(i, std::move(result));
        }
        catch (...)
        {
          if (!lock.owns_lock())
            lock.lock();
          fail(i);
        }
        for (auto ready = waiting.begin();
             ready != waiting.end() && ready->first == turn && turn < end;
             ready = waiting.erase(ready), ++turn)
          try
          {
            consume(turn, std::move(ready->second));
          }
          catch (...)
          {
            fail(turn);
          }
        consumed.notify_all();
      }
    };

    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < std::min<std::size_t>(n_threads, n); ++t)
      threads.emplace_back(loop);
    for (std::thread &thread : threads)
      thread.join();
    if (failure)
      std::rethrow_exception(failure);
  }
} // namespace seem::statistics

#endif
