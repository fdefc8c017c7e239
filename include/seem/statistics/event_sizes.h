// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_STATISTICS_EVENT_SIZES_H
#define SEEM_STATISTICS_EVENT_SIZES_H

#include <seem/database/event_database.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace seem::statistics
{
  /// Middle of the logarithms of the known cooling rates, and half their span, in decades.
  struct CoolingRates
  {
    double middle = 0.0;
    double half_span = 0.0;
    bool known = false;
  };

  /**
   * The sizes of the events of a database as fit_memory() sees them: \f$\sum_i w_i (y_i/\mu_i +
   * \ln\mu_i)\f$ as a function of the constants a, b, gamma_r of database::Memory, where \f$\mu_i =
   * e^{s_i} m_i\f$, \f$s_i = (a + b d_i) e^{-\gamma_{p,i}/\gamma_r}\f$ within -+3, d the decades of
   * the cooling rate from the middle one, and m_i the mean of \f$y e^{-s}\f$ of the other events in
   * a Gaussian neighbourhood. The weight w counts how often the glass of the event was drawn.
   *
   * An object must not be evaluated in two threads at once.
   */
  class EventSizes
  {
  public:
    /// @param[in] kernel_events  effective number of events that a mean is made of
    EventSizes(const database::EventDatabase &database, double kernel_events);

    /// How often each glass counts from now on, [n_glasses()]; once at first.
    void set_multiplicity(const std::vector<double> &multiplicity);

    std::size_t n_glasses() const
    {
      return multiplicity.size();
    }

    const CoolingRates &cooling_rates() const
    {
      return rates;
    }

    /// phi: variance of y over mean y, without memory.
    double dispersion() const
    {
      return phi;
    }

    struct Value
    {
      double sum = 0.0;
      std::array<double, 3> gradient = {}; ///< by a, b and gamma_r
    };

    /// The sum with its gradient at the constants a, b and @p relaxation_strain gamma_r.
    Value operator()(double a, double b, double relaxation_strain) const;

  private:
    /// One event; its bin is an index among those that hold events.
    struct Event
    {
      double size, decades, plastic; ///< [GPa], [-], [-]
      std::uint32_t bin, glass;
    };

    /// One number or four of each bin that holds events: a sum and its gradient.
    using Sums = std::vector<std::array<double, 4>>;

    /// Neighbours among the columns: the events of a bin that count equally.
    struct Group
    {
      std::uint32_t bin;
      std::size_t begin, end;
      double weight; ///< above 0
    };

    /// The events that count, group by group, and what an evaluation finds for each.
    struct Columns
    {
      std::vector<double> size, decades, plastic;
      std::vector<Group> groups; ///< bin by bin
      std::vector<double> memory, decay, scaled;
    };

    void count();
    void make_kernels(const database::EventDatabase &database,
                      const std::vector<std::size_t> &event_bins, double kernel_events);
    Sums smoothed(const Sums &sums) const;
    double measure_dispersion() const;

    CoolingRates rates;
    double phi = 1.0;
    std::vector<Event> events;         ///< bin by bin
    std::vector<double> multiplicity;  ///< [n_glasses]
    std::vector<double> weight;        ///< events of each bin
    std::vector<double> smooth_weight; ///< of the neighbourhood of each bin
    /// Weight of the events of bin l for the mean at bin k, [l][k]: a bin gives to all at once.
    std::vector<std::vector<double>> kernel;
    mutable Columns columns; ///< kept: new memory costs as much as the sums
  };
} // namespace seem::statistics

#endif
