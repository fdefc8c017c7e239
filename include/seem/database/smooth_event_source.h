// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_DATABASE_SMOOTH_EVENT_SOURCE_H
#define SEEM_DATABASE_SMOOTH_EVENT_SOURCE_H

#include <seem/database/event_database.h>
#include <seem/law/event_source.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace seem::database
{
  class MemoryJumps;

  /**
   * The event statistics of a database, smooth in the state.
   *
   * The rate is that of smooth_rate() at the centres of the bins; between them its logarithm is a
   * natural cubic spline along every axis. It is tabulated at sub_bins + 1 nodes per bin and axis,
   * the edges among them, and linear between these, so that RatePiece integrates the hazard
   * exactly. In the same way for the mean deficit mu of smooth_size().
   *
   * A jump is that of a raw event nearby, scaled to the mean size at the state: of event i, at
   * state s_i, it is \f$(d\tau_i, dX_i)\,\mu(s)/\mu(s_i)\f$. Events near the centre of a bin are
   * those of all bins, weighted by a Gaussian of the distance between the centres, every axis
   * measured in bin widths; its width is so large that the effective number
   * \f$(\sum w)^2/\sum w^2\f$ of events is kernel_events. Which centre's events are drawn from is
   * drawn, axis by axis, with the weights of the cubic B-splines of the four centres around
   * the state: the distribution of jumps changes without a kink. Centres of bins that were not
   * visited use the nearest visited one, as do states outside the grid (Support::outside). Above
   * the upper edge of the stress axis an event is forced.
   */
  class SmoothEventSource final : public law::EventSource
  {
  public:
    /// @throws InputError if the database holds no event or the smoothing is not positive
    SmoothEventSource(const EventDatabase &database, const Smoothing &smoothing);

    SmoothEventSource(const SmoothEventSource &) = delete;
    SmoothEventSource &operator=(const SmoothEventSource &) = delete;

    std::size_t n_internal_variables() const override;

    /// What is not known as in the run that began at the nearest X1, the memory of its preparation
    /// among it.
    InternalVariables completed(const InternalVariables &x) const override;
    law::RatePiece rate(const State &state) const override;
    void rates(const State &state, law::RatePath &path) const override;
    law::DrawnEvent draw(const State &state, const RandomWords &words) const override;
    void for_each_jump(const State &state,
                       const std::function<void(const Jump &, double)> &visit) const override;

    /// Rate at the centre of each bin, [n_bins], first axis (tau) fastest; for maps.
    const std::vector<double> &rates() const
    {
      return centre_rate;
    }

    /// Number of visited bins.
    std::size_t n_visited_bins() const
    {
      return static_cast<std::size_t>(
          std::count_if(bins.begin(), bins.end(), [](const Bin &bin) { return bin.visited; }));
    }

    /// Width h of the kernel at the centre of each bin in bin widths, [n_bins].
    const std::vector<double> &kernel_widths() const
    {
      return width;
    }

  private:
    static constexpr std::size_t sub_bins = 2;
    static constexpr std::size_t max_axes = 1 + max_internal_variables;

    /// An axis by its bins and by the nodes of the tables.
    struct SourceAxis
    {
      std::vector<double> edges, centres, nodes;
      std::vector<double> inverse_width; ///< of the cells between nodes
      double nodes_per_unit;             ///< on the average
      std::size_t n_sub;                 ///< cells between nodes per bin
      std::size_t stride, node_stride;
    };

    /// What finding a place needs of an axis, close together: it is looked up twice per event.
    struct PlaceAxis
    {
      const double *nodes;
      const double *inverse_width;
      double nodes_per_unit;
      std::size_t n_cells, n_bins;
      std::size_t node_stride, stride;
      std::size_t variable;     ///< number of the X; unused for the stress
      bool equidistant;         ///< the nodes, up to round-off
      double position_at_zero;  ///< centre_position() of the value 0 if they are
      double position_per_unit; ///< and its slope
    };

    /// Where a state lies on the stress axis and the n axes with several bins that follow it: the
    /// nodes of its cell on the side of lower stress with the weights of their linear
    /// interpolation.
    template <std::size_t n>
    struct Place
    {
      bool inside = true; ///< these axes
      std::array<std::size_t, 1 + n> cell;
      std::array<double, 1 + n> share; ///< of the way through the cell; clamped outside
      std::array<std::size_t, std::size_t(1) << n> node;
      std::array<double, std::size_t(1) << n> weight;
    };

    /// Centres of bins that may stand for a state, along one axis: four in a row, the state between
    /// the second and the third.
    static constexpr std::size_t n_around = 4;

    /// Where a state lies along @p axis, in bins from the centre before the first, plus one.
    /// @param[in] cell, share  those of @p value in a Place
    static double centre_position(const PlaceAxis &axis, double value, std::size_t cell,
                                  double share);

    /// Number of the bin of centre @p number, counted like centre_position(), kept on the axis.
    static std::size_t centre(const PlaceAxis &axis, std::int64_t number);

    /// Weights of the four centres from floor(@p position) on.
    static std::array<double, n_around> centre_weights(double position);

    /// The bins whose events stand for those of one centre, in members and in slots.
    struct Kernel
    {
      std::uint32_t first = 0;
      std::uint32_t n_members = 0;
    };

    struct Bin
    {
      Kernel kernel;
      bool visited = false;
    };

    /// A bin of a kernel, and the weight of its events together.
    struct Member
    {
      std::uint32_t bin;
      double weight;
    };

    /// A column of the alias table of a kernel: below `keep` the events of its own bin, else those
    /// of the other. Small, since the tables are larger than a cache.
    struct Slot
    {
      std::uint32_t keep; ///< in units of 2^-32
      std::array<std::uint32_t, 2> first, n_events;
    };

    void make_axes(const EventDatabase &database);

    /// Table at the nodes of what has the logarithm @p log_values [n_bins] at the centres.
    std::vector<double> table(const std::vector<double> &log_values) const;

    void make_sizes(const EventDatabase &database, double curvature,
                    const std::vector<std::size_t> &bin_of_event, MemoryJumps &events);
    void make_kernels(const EventDatabase &database, double kernel_events);
    void make_slots(const Kernel &kernel);

    /// Call @p function with the number of axes behind the first that have several bins as a
    /// constant: the loops over them are short.
    template <typename Function>
    decltype(auto) with_n_split(const Function &function) const;

    template <std::size_t n>
    Place<n> place_of(const State &state) const;

    /// @p values of the nodes, linear in between.
    template <std::size_t n>
    static double interpolated(const std::vector<double> &values, const Place<n> &place);
    double interpolated(const std::vector<double> &values, const State &state) const;

    template <std::size_t n>
    law::Support support(const State &state, const Place<n> &place) const;

    template <std::size_t n>
    void rates_along(const State &state, law::RatePath &path) const;

    template <std::size_t n>
    law::DrawnEvent draw_at(const State &state, const RandomWords &words) const;

    std::vector<SourceAxis> axes;
    std::size_t n_split = 0;                    ///< axes with several bins behind the first
    std::array<PlaceAxis, max_axes> place_axes; ///< of the first, then of these
    std::vector<Bin> bins;
    std::vector<double> centre_rate;
    std::vector<double> node_rate; ///< [n_nodes] lambda
    std::vector<double> node_size; ///< [n_nodes] mu
    std::vector<double> width;
    std::vector<Member> members;
    std::vector<Slot> slots;
    std::vector<std::uint32_t> first_of_bin;  ///< [n_bins + 1] into jumps
    std::shared_ptr<const MemoryJumps> jumps; ///< over mu(s_i), bin by bin
  };
} // namespace seem::database

#endif
