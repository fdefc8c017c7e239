// SPDX-License-Identifier: LGPL-2.1-or-later
#include "io_test.h"

#include <seem/io/hdf5_file.h>
#include <seem/io/replay_file.h>

#include <cmath>
#include <limits>

using namespace seem;
using namespace seem::io;
using ::testing::HasSubstr;

namespace
{
  using ReplayFileTest = IoTest;

  Replay example()
  {
    Replay replay;
    replay.program_version = "1.2.3";
    replay.parameters = "set A = 1\nsubsection B\n  set C = \xc3\xa4\nend\n";
    replay.database_file = "/somewhere/x.h5";
    replay.database_checksum = "abc123";
    replay.point = {{0xfedcba9876543210u, 3, 511}, 0.125};
    replay.n_volumes = 17;
    replay.region = 2;
    replay.layout = {{"X", "eV per atom", 2}, {"heat", "GPa", 1}};
    replay.state = {1.0 / 3.0, -0.0, 5e-300};
    replay.strain_begin << 1, 2, 3, 4, 5, 6;
    replay.strain_end << 7, 8, 9, 10, std::numeric_limits<double>::quiet_NaN(), 12;
    replay.message = "cell 1: too much";
    replay.admissible_share = 0.3;
    return replay;
  }
} // namespace

TEST_F(ReplayFileTest, ReadsBackEveryBit)
{
  const Replay written = example();
  write_replay(directory / "replay.h5", written);
  const Replay read = read_replay(directory / "replay.h5");
  EXPECT_EQ(read.program_version, written.program_version);
  EXPECT_EQ(read.parameters, written.parameters);
  EXPECT_EQ(read.database_file, written.database_file);
  EXPECT_EQ(read.database_checksum, written.database_checksum);
  EXPECT_EQ(read.point.key.cell, 0xfedcba9876543210u);
  EXPECT_EQ(read.point.key.quadrature_point, 3);
  EXPECT_EQ(read.point.key.copy, 511);
  EXPECT_EQ(read.point.volume_ratio, 0.125);
  EXPECT_EQ(read.n_volumes, 17u);
  EXPECT_EQ(read.region, 2u);
  ASSERT_EQ(read.layout.size(), 2u);
  EXPECT_EQ(read.layout[0].name, "X");
  EXPECT_EQ(read.layout[0].unit, "eV per atom");
  EXPECT_EQ(read.layout[0].size, 2u);
  EXPECT_EQ(read.layout[1].name, "heat");
  EXPECT_EQ(read.state, written.state);
  EXPECT_TRUE(std::signbit(read.state[1]));
  EXPECT_EQ(read.strain_begin, written.strain_begin);
  EXPECT_TRUE(std::isnan(read.strain_end[4]));
  EXPECT_EQ(read.strain_end[5], 12.0);
  EXPECT_EQ(read.message, written.message);
  EXPECT_EQ(read.admissible_share, 0.3);
}

TEST_F(ReplayFileTest, ALawWithoutAStateHasAnEmptyOne)
{
  Replay replay = example();
  replay.layout.clear();
  replay.state.clear();
  write_replay(directory / "replay.h5", replay);
  EXPECT_TRUE(read_replay(directory / "replay.h5").layout.empty());
}

TEST_F(ReplayFileTest, WhatIsNoReplayIsNamed)
{
  const auto refused = [&](const std::string &part, const auto &change) {
    {
      Hdf5Writer file(directory / "x.h5");
      change(file);
      file.close();
    }
    expect_input_error([&] { read_replay(directory / "x.h5"); }, {"x.h5", part});
  };
  refused("did not write", [](Hdf5Writer &) {});
  refused("found \"event database\"",
          [](Hdf5Writer &file) { file.attribute("/", "kind", "event database"); });
  refused("schema version 9; this program reads version 2", [](Hdf5Writer &file) {
    file.attribute("/", "kind", replay_kind);
    file.attribute("/", "schema_version", std::int64_t(9));
  });
  expect_input_error([&] { read_replay(write("t.h5", "text")); }, {"t.h5"});
}

TEST_F(ReplayFileTest, AStateThatDoesNotFitItsLayoutIsRefused)
{
  Replay replay = example();
  replay.state.push_back(1.0);
  write_replay(directory / "replay.h5", replay);
  expect_input_error([&] { read_replay(directory / "replay.h5"); },
                     {"/state has 4 numbers, expected 3 by /layout"});
}
