// SPDX-License-Identifier: LGPL-2.1-or-later
#include "verification/synthetic_database.h"
#include "verification/verification.h"

#include <seem/law/point_states.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <unistd.h>

using namespace seem;
using namespace seem::law;
using namespace seem::verification;

namespace
{
  /// Memory of this process that is in use [bytes].
  double resident_bytes()
  {
    std::ifstream file("/proc/self/statm");
    double all = 0.0, resident = 0.0;
    file >> all >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
  }
} // namespace

TEST(LongMemory, TenMillionPointsTakeLessThan320BytesEach)
{
  constexpr std::size_t n = 10'000'000;
  const SeemLaw law = tabulated_law(90, EnergyBound::clip);
  const double before = resident_bytes();
  std::vector<PointData> points(n);
  PointStates states(law.state_layout(), n);
  for (std::size_t i = 0; i < n; ++i)
  {
    points[i] = {{i, static_cast<std::uint16_t>(i % 8)}, 1.0};
    law.initialise(states[i], points[i], seem::testing::make_state(0.0, 0.004));
  }
  states.commit();
  const auto start = std::chrono::steady_clock::now();
  Activity sum;
  for (std::size_t i = 0; i < n; ++i)
    sum += law.advance(states[i], points[i], simple_shear(0.0), simple_shear(0.02), nullptr);
  states.commit();
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  const double bytes = (resident_bytes() - before) / n;
  std::printf("[          ] %.1f resident bytes per point (states %zu, name and volume %zu); first "
              "update to 2 %%: %u events, %.0f ns per point\n",
              bytes, states.bytes_per_point(), sizeof(PointData), sum.n_events,
              1e9 * time.count() / n);
  EXPECT_EQ(sum.admissible_share, 1.0);
  EXPECT_GT(sum.n_events, n / 100);
  EXPECT_LT(bytes, 320.0);
  EXPECT_GT(bytes, 288.0); // really allocated
}
