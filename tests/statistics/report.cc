// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/statistics/report.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace seem::statistics
{
  TEST(HarvestReport, SaysWhatAUserMustKnow)
  {
    using ::testing::HasSubstr;

    HarvestReport report;
    report.n_runs = 13;
    report.n_glasses = 7;
    report.n_increments = 45000;
    report.n_unloading = 211;
    report.strain_increment = 1e-4;
    report.events.used = 2433;
    report.events.stress_drop = 1800;
    report.events.in_table = 2433;
    report.n_violating = 3;
    report.elasticity.g0 = {33.1, 0.8};
    report.elasticity.u_a = {0.219, 0.03};
    report.elasticity.tau_a = {std::numeric_limits<double>::infinity(), 0.0};
    report.elasticity.tau_b = {5.4, 0.7};
    report.n_bootstrap = 50;
    report.floors.energy.floor = 9.4e-6;
    report.floors.deficit.floor = 1.5e-3;
    report.floors.deficit.given = true;
    report.n_bins = 400;
    report.n_visited = 200;
    report.n_full = 82;
    report.n_pooled = 118;
    report.minimum_events = 10;
    report.warnings = {"mind the gap"};
    CurveFigures figures;
    figures.n_curves = 6;
    figures.n_glasses = 3;
    figures.yield_peak = {2.323, 0.052};
    figures.end_stress = {1.791, std::nan("")};
    report.labels["q10"] = figures;
    report.initial_x1["q10"] = 0.0073;

    const std::string text = report.text();
    EXPECT_THAT(text, HasSubstr("13 runs of 7 glasses"));
    EXPECT_THAT(text, HasSubstr("2.323 +- 0.052"));
    EXPECT_THAT(text, HasSubstr(" 1.791 "));
    EXPECT_THAT(text, HasSubstr("7.300"));
    EXPECT_THAT(text, HasSubstr("G0    33.10 +- 0.80 GPa"));
    EXPECT_THAT(text, HasSubstr("tauA  not identified"));
    EXPECT_THAT(text, HasSubstr("211 begun at tau < 0"));
    EXPECT_THAT(text, HasSubstr("2433 event increments (5.43 %)"));
    EXPECT_THAT(text, HasSubstr("stress drop 1800"));
    EXPECT_THAT(text, HasSubstr("9.4e-06 eV per cell (measured"));
    EXPECT_THAT(text, HasSubstr("0.0015 GPa (given"));
    EXPECT_THAT(text, HasSubstr("3 events (0.12 %) gain energy"));
    EXPECT_THAT(text, HasSubstr("200 visited; 82 of them with at least 10 events, 118 with fewer"));
    EXPECT_THAT(text, HasSubstr("Warning: mind the gap"));
  }
} // namespace seem::statistics
