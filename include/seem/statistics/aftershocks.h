// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_AFTERSHOCKS_H
#define SEEM_STATISTICS_AFTERSHOCKS_H

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace seem::statistics
{
  /// The hazard in the increments so and so long after the last event.
  struct Aftershock
  {
    std::size_t first = 0, last = 0; ///< increments after that of the event, counted from 1
    double n_increments = 0.0;
    double n_events = 0.0;
    /// Event rate over the quiet rate at the same states; NaN if that is not known.
    double ratio = 0.0;
    double standard_error = 0.0; ///< by the number of events (Poisson)
  };

  /**
   * Increments and events by state and by the time since the last event. Quiet: more than ten
   * increments after it, or none before.
   */
  class AftershockCounts
  {
  public:
    struct Count
    {
      std::uint64_t increments = 0, events = 0;
    };

    static constexpr std::size_t n_classes = 5;    ///< the first: quiet
    static constexpr std::size_t longest_lag = 10; ///< of those that are not quiet
    using Classes = std::array<Count, n_classes>;  ///< of one bin

    explicit AftershockCounts(std::size_t n_bins);

    /// Number of the class of an increment that is @p lag after the last event; 0: no event before.
    static std::size_t lag_class(std::size_t lag);

    /// Count one increment begun in state bin @p bin.
    void add(const std::size_t bin, const std::size_t lag_class, const bool event)
    {
      Count &count = counts[n_classes * bin + lag_class];
      ++count.increments;
      count.events += event;
    }

    /// Add all the increments of one run begun in state bin @p bin.
    void add(const std::size_t bin, const Classes &classes)
    {
      for (std::size_t c = 0; c < n_classes; ++c)
      {
        counts[n_classes * bin + c].increments += classes[c].increments;
        counts[n_classes * bin + c].events += classes[c].events;
      }
    }

    /// Share of the increments begun in @p bin that hold an event; 0 if there are none.
    double share(std::size_t bin) const;

    /**
     * The rate after events over the quiet one: \f[ \frac{\ln(1 - k/n)}{\ln(1 - \bar p)},\qquad
     * \bar p = \frac1n\sum_b n_b\,p_b, \f] for k events in the n increments of a class, n_b of them
     * in bin b, whose quiet increments hold an event in a share p_b. Bins without quiet increments
     * are left out.
     */
    std::vector<Aftershock> ratios() const;

  private:
    std::vector<Count> counts; ///< [n_bins][n_classes]
  };
} // namespace seem::statistics

#endif
