// SPDX-License-Identifier: LGPL-2.1-or-later
// Many points in one call of a material law.
#include <seem/law/material_law.h>

#include "support/material_law_contract.h"

#include <cmath>

using namespace seem;
using namespace seem::law;
using namespace seem::testing;

TEST_P(MaterialLawContract, ManyPointsHaveTheBitsOfSingleCalls)
{
  // More than two of the blocks that a law may take at once, and an odd number.
  constexpr std::size_t n = 151;
  const std::size_t size = law->state_size(), stride = size + 3;
  std::vector<double> states(n * stride, -7.0);
  std::vector<SymmetricTensor> begin, end;
  std::mt19937 generator(5);
  for (std::size_t i = 0; i < n; ++i)
  {
    MaterialPoint point =
        i % 10 == 9 // has not been strained
            ? MaterialPoint(*law, data_of(i), make_state(i % 20 == 9 ? 0.0 : 0.1, 0.005))
            : worn_point(i);
    if (i % 3 == 1) // comes from below its record
      point.go_to(moved(point, -0.01), 1);
    std::copy(point.state.begin(), point.state.end(), states.begin() + i * stride);
    begin.push_back(point.strain);
    switch (i % 7)
    {
    case 0:
      end.push_back(point.strain);
      break;
    case 1:
      end.push_back(moved(point, -0.3)); // against the record
      break;
    case 2:
      end.push_back(point.strain + random_tensor(generator, 0.02));
      break;
    default:
      end.push_back(moved(point, (i % 2 == 0 ? 1.0 : -1.0) * 1e-3 * (i % 11)));
    }
  }

  std::vector<SymmetricTensor> stresses(n);
  std::vector<Tangent> tangents(n);
  const auto expect_single_calls = [&](const std::size_t used_stride) {
    law->evaluate_points(n, states.data(), used_stride, end.data(), stresses.data(),
                         tangents.data());
    for (std::size_t i = 0; i < n; ++i)
    {
      const Response single = law->evaluate(states.data() + i * used_stride, end[i]);
      EXPECT_EQ(stresses[i], single.stress) << i;
      EXPECT_EQ(numbers(tangents[i]), numbers(single.tangent)) << i;
    }
  };
  expect_single_calls(stride);
  expect_single_calls(0);

  std::vector<EnergyDensity> energies(n);
  std::vector<PointFields> fields(n);
  for (const std::size_t used_stride : {stride, std::size_t(0)})
  {
    law->measure_points(n, states.data(), used_stride, end.data(), energies.data(), fields.data());
    for (std::size_t i = 0; i < n; ++i)
    {
      const double *state = states.data() + i * used_stride;
      EXPECT_EQ(numbers(energies[i], fields[i]),
                numbers(law->energy(state, end[i]), law->fields(state, end[i])))
          << i;
    }
  }

  end[n - 2][5] = std::numeric_limits<double>::quiet_NaN();
  end[n - 3][5] = std::numeric_limits<double>::infinity();
  begin[n - 4][0] = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> advanced = states;
  std::vector<std::size_t> others(n, n);
  Activity sum;
  sum.forward_strain = 1.0;
  const std::size_t n_others = law->advance_quiet_points(n, advanced.data(), stride, begin.data(),
                                                         end.data(), sum, others.data());
  ASSERT_LE(n_others, n);
  others.resize(n_others);
  EXPECT_TRUE(std::is_sorted(others.begin(), others.end()));
  double forward = 1.0, backward = 0.0;
  std::size_t n_without_event = 0;
  for (std::size_t i = 0; i < n; ++i)
  {
    std::vector<double> single(states.begin() + i * stride, states.begin() + (i + 1) * stride);
    const std::vector<double> many(advanced.begin() + i * stride,
                                   advanced.begin() + (i + 1) * stride);
    const bool listed = std::binary_search(others.begin(), others.end(), i);
    const bool finite = begin[i].allFinite() && end[i].allFinite();
    EXPECT_TRUE(listed || finite) << i;
    if (listed)
    {
      EXPECT_EQ(many, single) << i;
    }
    if (!finite)
      continue;
    const Activity activity = law->advance(single.data(), data_of(i), begin[i], end[i]);
    n_without_event += activity.n_events == 0;
    if (listed)
      continue;
    EXPECT_EQ(many, single) << i;
    EXPECT_EQ(activity.n_events, 0u);
    EXPECT_EQ(activity.heat, 0.0);
    forward += activity.forward_strain;
    backward += activity.backward_strain;
  }
  EXPECT_DOUBLE_EQ(sum.forward_strain, forward);
  EXPECT_DOUBLE_EQ(sum.backward_strain, backward);
  EXPECT_EQ(sum.n_events, 0u);
  if (GetParam().make == &seem_law)
  {
    // Nearly all that pass without an event are advanced at once: loading on and below the record.
    EXPECT_GT(forward, 1.0);
    EXPECT_GT(backward, 0.0);
    EXPECT_GT(n_without_event, n / 3);
    EXPECT_GT(n - n_others, n_without_event / 2);
  }
  if (GetParam().make == &seem_law_without_record)
  {
    EXPECT_GT(forward, 1.0);
    EXPECT_EQ(backward, 0.0);
  }
}

TEST_P(MaterialLawContract, FewPointsLeaveTheirNeighboursAlone)
{
  // Fewer than vector registers hold.
  const std::size_t size = law->state_size();
  constexpr std::size_t n_all = 9;
  std::vector<double> states(n_all * size);
  std::vector<SymmetricTensor> begin, end;
  for (std::size_t i = 0; i < n_all; ++i)
  {
    const MaterialPoint point = worn_point(i);
    std::copy(point.state.begin(), point.state.end(), states.begin() + i * size);
    begin.push_back(point.strain);
    end.push_back(moved(point, 1e-4));
  }
  for (std::size_t n = 0; n < n_all; ++n)
  {
    std::vector<SymmetricTensor> stresses(n_all, SymmetricTensor::Constant(-7.0));
    std::vector<Tangent> tangents(n_all,
                                  Tangent{-7.0, -7.0, -7.0, SymmetricTensor::Constant(-7.0)});
    law->evaluate_points(n, states.data(), size, end.data(), stresses.data(), tangents.data());
    std::vector<double> advanced = states;
    std::vector<std::size_t> others(n_all, 99);
    Activity sum;
    const std::size_t n_others = law->advance_quiet_points(n, advanced.data(), size, begin.data(),
                                                           end.data(), sum, others.data());
    for (std::size_t i = 0; i < n; ++i)
    {
      const Response single = law->evaluate(states.data() + i * size, end[i]);
      EXPECT_EQ(stresses[i], single.stress) << i << " of " << n;
      EXPECT_EQ(numbers(tangents[i]), numbers(single.tangent)) << i << " of " << n;
    }
    for (std::size_t i = n; i < n_all; ++i)
    {
      EXPECT_EQ(stresses[i], SymmetricTensor::Constant(-7.0)) << i << " of " << n;
      EXPECT_EQ(tangents[i].bulk, -7.0) << i << " of " << n;
      EXPECT_EQ(tangents[i].direction, SymmetricTensor::Constant(-7.0)) << i << " of " << n;
    }
    EXPECT_TRUE(std::equal(advanced.begin() + n * size, advanced.end(), states.begin() + n * size));
    ASSERT_LE(n_others, n);
    for (std::size_t k = n_others; k < n_all; ++k)
      EXPECT_EQ(others[k], 99u) << n;
  }
}
