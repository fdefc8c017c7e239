// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_SUPPORT_MATERIAL_LAW_CONTRACT_H
#define SEEM_TESTS_SUPPORT_MATERIAL_LAW_CONTRACT_H

#include "support/material_point.h"
#include "support/tangent_numbers.h"
#include "support/tensors.h"

#include <seem/law/j2_law.h>
#include <seem/law/linear_elastic_law.h>
#include <seem/law/mean_flow_law.h>
#include <seem/law/seem_law.h>
#include <seem/law/sub_volume_law.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <ostream>
#include <random>
#include <vector>

/// What every material law must hold, run over all of them: the laws and the fixture. The laws are
/// named in tests/law/material_law.cc.
namespace seem::testing
{
  using namespace seem::law;

  inline std::array<double, 7> numbers(const EnergyDensity &energy, const PointFields &fields)
  {
    return {energy.elastic,
            energy.inelastic,
            energy.heat,
            fields.tau,
            fields.x1,
            fields.plastic_shear,
            static_cast<double>(fields.n_events)};
  }

  inline std::shared_ptr<const MaterialLaw> linear_law()
  {
    return std::make_shared<LinearElasticLaw>(30.0, 80.0);
  }

  inline std::shared_ptr<const MaterialLaw> seem_law()
  {
    SeemLawParameters p;
    p.bulk_modulus = 100.0;
    return std::make_shared<SeemLaw>(
        std::make_shared<TaylorElasticity>(25.90, 0.101, 8.4, 2.90, 16.5),
        std::make_shared<ScriptedEventSource>(
            std::vector<double>{0.8}, std::vector<double>{20, 200},
            [](const State &before, const double u) {
              return make_jump(0.4 * u * before.tau, 0.2 * (0.01 - before.x[0]));
            }),
        p);
  }

  inline std::shared_ptr<const MaterialLaw> seem_law_without_record()
  {
    SeemLawParameters p;
    p.bulk_modulus = 100.0;
    p.record = false;
    return std::make_shared<SeemLaw>(
        std::make_shared<TaylorElasticity>(25.90, 0.101, 8.4, 2.90, 16.5),
        std::make_shared<ScriptedEventSource>(50.0, make_jump(0.1, 1e-4)), p);
  }

  inline std::shared_ptr<const MaterialLaw> j2_law()
  {
    return std::make_shared<J2Law>(J2LawParameters{30.0, 80.0, 1.5, 12.0});
  }

  inline std::shared_ptr<const MaterialLaw> mean_flow_law()
  {
    MeanFlowLawParameters p;
    p.bulk_modulus = 100.0;
    p.sub_step = 1e-4;
    return std::make_shared<MeanFlowLaw>(
        std::make_shared<TaylorElasticity>(25.90, 0.101, 8.4, 2.90, 16.5),
        std::make_shared<ScriptedEventSource>(std::vector<double>{0.8}, std::vector<double>{5, 30},
                                              [](const State &before, const double u) {
                                                return make_jump(0.4 * u * before.tau,
                                                                 0.2 * (0.01 - before.x[0]));
                                              }),
        p);
  }

  inline std::shared_ptr<const MaterialLaw> sub_volumes_of_seem()
  {
    return std::make_shared<SubVolumeLaw>(seem_law(), 4);
  }

  inline std::shared_ptr<const MaterialLaw> sub_volumes_of_j2()
  {
    return std::make_shared<SubVolumeLaw>(j2_law(), 4);
  }

  struct Named
  {
    const char *name;
    std::shared_ptr<const MaterialLaw> (*make)();
    double volume_ratio = 1.0;
    bool exact_tangent = true; ///< false: documented as a quasi-Newton tangent
    bool flows = false;        ///< without events, in evaluate()
  };

  inline std::ostream &operator<<(std::ostream &out, const Named &named)
  {
    return out << named.name;
  }

  class MaterialLawContract : public ::testing::TestWithParam<Named>
  {
  protected:
    static PointData data_of(const unsigned int seed)
    {
      return {{seed, 0}, GetParam().volume_ratio};
    }

    /// A point after some random straining, events included.
    MaterialPoint worn_point(const unsigned int seed)
    {
      MaterialPoint point(*law, data_of(seed), make_state(0.1, 0.005));
      std::mt19937 generator(seed);
      for (int i = 0; i < 4; ++i)
        point.go_to(random_tensor(generator, 0.05), 2);
      return point;
    }

    /// The strain of a point moved along its stress deviator by @p change: forward a law that flows
    /// without events flows on, backward every law is elastic.
    static SymmetricTensor moved(const MaterialPoint &point, const double change)
    {
      return point.strain + change * deviator(point.response().stress).normalized();
    }

    void expect_tangent_of_stress(const std::vector<double> &state,
                                  const SymmetricTensor &strain) const
    {
      if (!GetParam().exact_tangent)
        return;
      const double h = 1e-6;
      const auto tangent = matrix(law->evaluate(state.data(), strain).tangent);
      for (int i = 0; i < 6; ++i)
      {
        SymmetricTensor above = strain, below = strain;
        above[i] += h;
        below[i] -= h;
        const SymmetricTensor slope = (law->evaluate(state.data(), above).stress -
                                       law->evaluate(state.data(), below).stress) /
                                      (2 * h);
        EXPECT_NEAR((slope - tangent.col(i)).norm(), 0.0, 1e-6);
      }
    }

    const std::shared_ptr<const MaterialLaw> law = GetParam().make();
  };
} // namespace seem::testing

#endif
