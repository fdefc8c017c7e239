// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_LAW_SEEM_LAW_UPDATE_H
#define SEEM_SOURCE_LAW_SEEM_LAW_UPDATE_H

#include "strain_path.h"

#include <seem/law/seem_law.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace seem::law
{
  /// Below this shear stress [GPa] the direction of the stress means nothing: the strain
  /// increment's is taken.
  inline constexpr double small_stress = 1e-10;

  /// The places of a point's numbers behind its X.
  struct Slot
  {
    enum : std::size_t
    {
      threshold,   ///< hazard that was left where the clock started
      clock_start, ///< gamma_el there
      firing,      ///< gamma_el of the next event on this branch
      n_events,
      heat,
      plastic,
      record = plastic + 6,
      n_slots = record + 6
    };
  };

  /// A point's numbers by their names.
  struct SeemLaw::PointState
  {
    PointState(const double *state, const std::size_t n_x)
    {
      std::copy_n(state, n_x, here.x.begin());
      state += n_x;
      threshold = state[Slot::threshold];
      clock_start = state[Slot::clock_start];
      firing = state[Slot::firing];
      n_events = static_cast<std::uint32_t>(state[Slot::n_events]);
      heat = state[Slot::heat];
      plastic = Eigen::Map<const SymmetricTensor>(state + Slot::plastic);
      record = Eigen::Map<const SymmetricTensor>(state + Slot::record);
    }

    PointState() = default;

    void store(double *state, const std::size_t n_x) const
    {
      std::copy_n(here.x.begin(), n_x, state);
      state += n_x;
      state[Slot::threshold] = threshold;
      state[Slot::clock_start] = clock_start;
      state[Slot::firing] = firing;
      state[Slot::n_events] = n_events;
      state[Slot::heat] = heat;
      Eigen::Map<SymmetricTensor>(state + Slot::plastic) = plastic;
      Eigen::Map<SymmetricTensor>(state + Slot::record) = record;
    }

    State here; ///< X; its tau is scratch space
    double threshold = 0.0;
    double clock_start = 0.0;
    double firing = 0.0;
    std::uint32_t n_events = 0;
    double heat = 0.0;
    SymmetricTensor plastic = SymmetricTensor::Zero();
    SymmetricTensor record =
        SymmetricTensor::Zero(); ///< zero: the clock waits for loading to begin
  };

  /// One update with everything that may happen on its path.
  class SeemLaw::Update
  {
  public:
    /// The state @p begin is followed and stored in @p state, which may be the same.
    Update(const SeemLaw &law, double *state, const double *begin, const PointData &point,
           const SymmetricTensor &e_begin, const SymmetricTensor &de, EventObserver *observer)
        : law(law), elasticity(*law.elasticity), source(*law.source), point(point),
          observer(observer), stream(law.parameters.seed, point.key), state(state),
          p(begin, law.n_x), path(e_begin, de)
    {
    }

    /// Follow the path with its events. The state is stored unless they are too many.
    Activity run();

    /// Share of the path up to its first event; infinity if there is none. The state stays.
    double first_event();

  private:
    /// @return where the first event happens if @p first_only, not fired then; else infinity
    double follow(bool first_only);

    /// Take what the clock has used up off its threshold: up to the record or, without one, up to
    /// here.
    void stop_clock();

    /// Start the clock at @p gamma.
    void start_clock(double gamma);

    /// The event at @p s of the path, at fixed strain.
    void fire(double s);

    /**
     * e after an event with scattered direction: from a N to the sphere of radius |r| along the
     * drawn direction, which is turned towards N where it would miss the sphere.
     */
    SymmetricTensor elastic_strain_after(const SymmetricTensor &n, double a, double r) const;

    const SeemLaw &law;
    const Elasticity &elasticity;
    const EventSource &source;
    const PointData &point;
    EventObserver *observer;
    RandomStream stream;
    double *state;
    PointState p;
    StrainPath path;
    bool at_record = false; ///< the path begins at the record, just after an event
    Activity activity;
  };
} // namespace seem::law

#endif
