// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_SUPPORT_MATERIAL_POINT_H
#define SEEM_TESTS_SUPPORT_MATERIAL_POINT_H

#include "support/scripted_event_source.h"

#include <seem/law/material_law.h>

#include <cmath>
#include <cstdint>
#include <vector>

namespace seem::testing
{
  /// The hazard at which event @p n of a point fires: it is drawn with the event before it.
  inline double threshold(const RandomStream &stream, const std::uint32_t n)
  {
    return n == 0 ? stream.exponential(0, RandomPurpose::threshold)
                  : -std::log(stream.uniform(n - 1, RandomPurpose::jump)[3]);
  }

  /// A material point with its state and strain, driven along straight strain segments.
  class MaterialPoint
  {
  public:
    MaterialPoint(const law::MaterialLaw &law, const law::PointData &data, const State &initial)
        : state(law.state_size()), law(law), data(data)
    {
      law.initialise(state.data(), data, initial);
    }

    /// Go straight to @p target in @p n_increments equal increments.
    void go_to(const law::SymmetricTensor &target, const unsigned int n_increments = 1)
    {
      const law::SymmetricTensor begin = strain;
      for (unsigned int i = 1; i <= n_increments; ++i)
      {
        const double share = static_cast<double>(i) / n_increments;
        const law::SymmetricTensor next =
            i == n_increments ? target : law::SymmetricTensor(begin + share * (target - begin));
        total += law.advance(state.data(), data, strain, next, &events);
        strain = next;
      }
    }

    /// Go to simple shear @p gamma.
    void shear_to(const double gamma, const unsigned int n_increments = 1)
    {
      go_to(law::simple_shear(gamma), n_increments);
    }

    law::Response response() const
    {
      return law.evaluate(state.data(), strain);
    }

    law::EnergyDensity energy() const
    {
      return law.energy(state.data(), strain);
    }

    law::PointFields fields() const
    {
      return law.fields(state.data(), strain);
    }

    /// sigma_xy.
    double shear_stress_xy() const
    {
      return response().stress[5] / law::sqrt2;
    }

    std::vector<double> state;
    law::SymmetricTensor strain = law::SymmetricTensor::Zero();
    law::Activity total;
    EventList events;

  private:
    const law::MaterialLaw &law;
    law::PointData data;
  };
} // namespace seem::testing

#endif
