// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_VERIFICATION_VERIFICATION_H
#define SEEM_TESTS_VERIFICATION_VERIFICATION_H

#include "support/material_point.h"
#include "support/tensors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#ifndef SEEM_VERIFICATION_SHARE
#define SEEM_VERIFICATION_SHARE 1.0
#endif

namespace seem::verification
{
  /// Size of an ensemble: @p full in an optimised build, a share of it under debuggers and
  /// sanitizers. The bounds follow the size.
  inline unsigned int ensemble(const unsigned int full)
  {
    return std::max(50u, static_cast<unsigned int>(full * SEEM_VERIFICATION_SHARE));
  }

  /// Mean and variance of an ensemble with their standard errors.
  class Sample
  {
  public:
    void add(const double value)
    {
      values.push_back(value);
    }

    double size() const
    {
      return static_cast<double>(values.size());
    }

    double mean() const
    {
      double sum = 0.0;
      for (const double value : values)
        sum += value;
      return sum / size();
    }

    /// Central moment of order @p order.
    double moment(const int order) const
    {
      const double centre = mean();
      double sum = 0.0;
      for (const double value : values)
        sum += std::pow(value - centre, order);
      return sum / size();
    }

    double variance() const
    {
      return moment(2) * size() / (size() - 1.0);
    }

    double standard_error() const
    {
      return std::sqrt(variance() / size());
    }

    std::vector<double> values;
  };

  /// @p value is @p expected within five standard errors.
  inline void expect_within_errors(const double value, const double expected,
                                   const double standard_error, const char *what = "")
  {
    EXPECT_LE(std::abs(value - expected), 5.0 * standard_error)
        << what << ": " << value << " instead of " << expected << ", standard error "
        << standard_error;
  }

  /**
   * Pearson's test of counts against probabilities (both per class, adding up to the whole):
   * chi-square lies within five standard errors of its mean. Classes that expect fewer than 10 are
   * joined with their neighbour.
   */
  inline void expect_chi_square(const std::vector<double> &counts,
                                const std::vector<double> &probabilities)
  {
    double n = 0.0;
    for (const double count : counts)
      n += count;
    double chi_square = 0.0, count = 0.0, expected = 0.0, left = n;
    int classes = 0;
    for (std::size_t i = 0; i < counts.size(); ++i)
    {
      count += counts[i];
      expected += n * probabilities[i];
      if (expected >= 10.0 && (left - expected >= 10.0 || i + 1 == counts.size()))
      {
        chi_square += (count - expected) * (count - expected) / expected;
        left -= expected;
        ++classes;
        count = expected = 0.0;
      }
    }
    if (expected > 0.0)
    {
      chi_square += (count - expected) * (count - expected) / expected;
      ++classes;
    }
    ASSERT_GT(classes, 4);
    expect_within_errors(chi_square, classes - 1, std::sqrt(2.0 * (classes - 1)), "chi-square");
    ::testing::Test::RecordProperty("chi_square", std::to_string(chi_square));
    ::testing::Test::RecordProperty("classes", classes);
  }

  /// A point that went along a path, and its events with their places on it.
  struct Followed
  {
    std::vector<double> state;
    law::SymmetricTensor strain = law::SymmetricTensor::Zero();
    law::Activity total;
    std::vector<law::EventRecord> events;
    std::vector<double> places; ///< number of the corner plus the share of the segment from it
  };

  /**
   * Follow straight segments from zero strain through @p corners, segment i cut into @p cuts(i)
   * equal increments.
   */
  template <typename Cuts>
  Followed follow(const law::MaterialLaw &law, const law::PointData &data, const State &initial,
                  const std::vector<law::SymmetricTensor> &corners, const Cuts &cuts)
  {
    Followed point;
    point.state.resize(law.state_size());
    law.initialise(point.state.data(), data, initial);
    testing::EventList events;
    for (std::size_t segment = 0; segment < corners.size(); ++segment)
    {
      const law::SymmetricTensor from = point.strain;
      const unsigned int n = cuts(segment);
      for (unsigned int i = 0; i < n; ++i)
      {
        const law::SymmetricTensor next =
            i + 1 == n ? corners[segment]
                       : law::SymmetricTensor(from + double(i + 1) / n * (corners[segment] - from));
        point.total += law.advance(point.state.data(), data, point.strain, next, &events);
        point.strain = next;
        for (const law::EventRecord &record : events.records)
        {
          point.events.push_back(record);
          point.places.push_back(segment + (i + record.path) / n);
        }
        events.records.clear();
      }
    }
    return point;
  }

  /// Corners of a non-proportional path in three dimensions: new directions, unloading, reversal,
  /// changes of volume.
  inline std::vector<law::SymmetricTensor> turning_path()
  {
    std::mt19937 generator(4);
    std::vector<law::SymmetricTensor> corners;
    for (int i = 0; i < 8; ++i)
      corners.push_back(testing::random_tensor(generator, 0.08));
    corners.insert(corners.begin() + 3, 0.6 * corners[2]);
    corners.insert(corners.begin() + 6, -corners[5]);
    return corners;
  }
} // namespace seem::verification

#endif
