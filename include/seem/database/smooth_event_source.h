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
   * The rate is smooth_rate() at the centres of the bins, log-linear between them; a staircase of
   * sub_bins steps per bin and axis stands for it, so that the hazard is integrated exactly.
   *
   * A jump is that of a raw event nearby, scaled to the mean size at the state: of event i, at
   * state s_i, it is \f$(d\tau_i, dX_i)\,\mu(s)/\mu(s_i)\f$ with the mean deficit mu of
   * smooth_size(). Events near the centre of a bin are those of all bins, weighted by a Gaussian of
   * the distance between the centres, every axis measured in bin widths; its width is so large that
   * the effective number \f$(\sum w)^2/\sum w^2\f$ of events is kernel_events. Between the centres
   * one of those around the state is drawn by its linear weight. Rate and mean jump are so
   * continuous (the rate up to the steps). Centres of bins that were not visited use the nearest
   * visited one, as do states outside the grid (Support::outside). Above the upper edge of the
   * stress axis an event is forced.
   */
  class SmoothEventSource final : public law::EventSource
  {
  public:
    /// @throws InputError if the database holds no event or the smoothing is not positive
    SmoothEventSource(const EventDatabase &database, const Smoothing &smoothing);

    std::size_t n_internal_variables() const override;
    law::RatePiece rate(const State &state) const override;
    law::DrawnEvent draw(const State &state, double uniform) const override;
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
      return static_cast<std::size_t>(std::count(visited.begin(), visited.end(), true));
    }

    /// Width h of the kernel at the centre of each bin in bin widths, [n_bins].
    const std::vector<double> &kernel_widths() const
    {
      return width;
    }

  private:
    static constexpr std::size_t sub_bins = 4;
    static constexpr std::size_t max_axes = 1 + max_internal_variables;

    /// An axis by its edges, its centres and its steps.
    struct SourceAxis
    {
      std::vector<double> edges, centres, steps;
      double edges_per_unit, steps_per_unit;
      std::size_t stride, step_stride;
    };

    /// The bins whose events stand for those of one centre, in members.
    struct Kernel
    {
      std::uint32_t first = 0;
      std::uint32_t n_members = 0;
    };

    /// A bin of a kernel: the running sum of the weights up to it, which ends at 1, and its events.
    struct Member
    {
      double running_weight;
      std::uint32_t first_event; ///< into event_list
      std::uint32_t n_events;
    };

    /// Neighbouring centres along one axis.
    struct Neighbours
    {
      std::size_t lower;
      double upper_share; ///< 0 at the lower one
    };

    void make_axes(const EventDatabase &database);
    void make_steps();
    std::vector<std::size_t> sort_events(const EventDatabase &database);
    void make_sizes(const EventDatabase &database, double curvature,
                    const std::vector<std::size_t> &bin_of_event);
    void make_kernels(const EventDatabase &database, double kernel_events);

    law::Support support(const State &state) const;
    Neighbours neighbours(std::size_t axis, double value) const;
    std::size_t bin_of(const State &state) const;

    /// @p values of the centres, linear in between.
    double interpolated(const std::vector<double> &values, const State &state) const;

    std::vector<SourceAxis> axes;
    std::vector<bool> visited;
    std::vector<double> centre_rate;
    std::vector<double> step_rate;
    std::vector<double> log_size; ///< [n_bins] ln(mu)
    std::vector<double> width;
    std::vector<std::uint32_t> kernel_of_bin;
    std::vector<Kernel> kernels;
    std::vector<Member> members;
    std::vector<std::uint32_t> event_list;   ///< sorted by bin
    std::vector<std::uint32_t> first_of_bin; ///< [n_bins + 1] into event_list
    std::vector<double> event_log_size;      ///< ln(mu(s_i))
    std::shared_ptr<const MemoryJumps> jumps;
  };
} // namespace seem::database

#endif
