// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands_test.h"

#include <seem/commands/info_command.h>
#include <seem/commands/replay_command.h>
#include <seem/io/database_file.h>

using namespace seem;
using namespace seem::commands;
using ::testing::HasSubstr;
using ::testing::Not;

namespace
{
  /// An update of the tiny database's law with 3 allowed events, on a path that has more.
  class ReplayCommandTest : public CommandsTest
  {
  protected:
    ReplayCommandTest() : file(directory / "replay.h5")
    {
      io::write_database(directory / "tiny.h5", tiny_database());
      const auto prm = write("x.prm", "set Database file = tiny.h5\n"
                                      "set Seed = 4\n"
                                      "subsection Material\n"
                                      "  set Bulk modulus = 150\n"
                                      "  set Largest number of events per update = 3\n"
                                      "end\n");
      const Parameters parameters = Parameters::load(RunParameters::declare, prm, {});
      const RunParameters run = RunParameters::parse(parameters);
      const auto law = make_law(run.material, tiny_database());

      solver::FailedUpdate failed;
      failed.data = {{12, 2}, 1.1};
      failed.state.resize(law->state_size());
      law->initialise(failed.state.data(), failed.data, make_state(0.0, 0.001));
      failed.strain_begin = law::simple_shear(0.0);
      failed.strain_end = law::simple_shear(0.1);
      std::vector<double> state = failed.state;
      failed.admissible_share =
          law->advance(state.data(), failed.data, failed.strain_begin, failed.strain_end)
              .admissible_share;
      EXPECT_LT(failed.admissible_share, 1.0);
      failed.message = "cell 12, quadrature point 2: too many events in one update";
      replay = make_replay(parameters, run, 0, *law, failed);
    }

    /// Status and output of the command.
    std::pair<int, std::string> repeat() const
    {
      io::write_replay(file, replay);
      ::testing::internal::CaptureStdout();
      const int status = replay_command(file);
      return {status, ::testing::internal::GetCapturedStdout()};
    }

    std::filesystem::path file;
    io::Replay replay;
  };
} // namespace

TEST_F(ReplayCommandTest, TheUpdateFailsAgainAsRecorded)
{
  const auto [status, text] = repeat();
  EXPECT_EQ(status, 0) << text;
  EXPECT_THAT(text, HasSubstr("Outcome: the update fails as recorded\n"));
  EXPECT_THAT(text, HasSubstr("Events: 3\n")); // all that are allowed
  EXPECT_THAT(text, HasSubstr("cell 12, quadrature point 2, m = 1.1\n"));
  EXPECT_THAT(text, HasSubstr("internal variables X, X1 first [eV per atom]: 0.001\n"));
}

TEST_F(ReplayCommandTest, AnUpdateThatSucceedsNowIsToldWithItsStateAfter)
{
  const std::string few = "events per update = 3";
  const std::size_t at = replay.parameters.find(few);
  ASSERT_NE(at, std::string::npos);
  replay.parameters.replace(at, few.size(), "events per update = 1000");
  const auto [status, text] = repeat();
  EXPECT_EQ(status, 1);
  EXPECT_THAT(text, HasSubstr("Outcome: the update succeeds now\n"));
  EXPECT_THAT(text, HasSubstr("State after:\n  internal variables X, X1 first [eV per atom]: "));
  EXPECT_THAT(text, Not(HasSubstr("Events: 3\n")));
}

TEST_F(ReplayCommandTest, AnotherFailureIsNotTakenForTheRecordedOne)
{
  replay.admissible_share *= 0.9;
  EXPECT_EQ(repeat().first, 1);
  EXPECT_THAT(repeat().second, HasSubstr("fails in another way than recorded"));

  replay.strain_end[0] = std::numeric_limits<double>::quiet_NaN();
  replay.admissible_share = 0.0;
  EXPECT_EQ(repeat().first, 1);
  EXPECT_THAT(repeat().second, HasSubstr("the strain is not finite"));
  replay.message = "cell 12, quadrature point 2: the strain is not finite";
  EXPECT_EQ(repeat().first, 0);
}

TEST_F(ReplayCommandTest, AnotherDatabaseOrAnotherStateIsRefused)
{
  io::write_replay(file, replay);
  auto other = tiny_database();
  other.rate[0] *= 2.0;
  io::write_database(directory / "tiny.h5", other);
  EXPECT_THAT(message_of([&] { replay_command(file); }), HasSubstr("not the database of that run"));
  io::write_database(directory / "tiny.h5", tiny_database());
  replay.layout[1].name = "something else";
  io::write_replay(file, replay);
  EXPECT_THAT(message_of([&] { replay_command(file); }), HasSubstr("states have other parts"));
}

TEST_F(ReplayCommandTest, InfoSaysWhatFailedAndHowToRepeatIt)
{
  io::write_replay(file, replay);
  const std::string text = file_summary(file);
  EXPECT_THAT(text, HasSubstr("too many events"));
  EXPECT_THAT(text, HasSubstr("seem point --replay " + file.string()));
  EXPECT_THAT(text, HasSubstr("Strain to:   xx 0, yy 0, zz 0, yz 0, xz 0, xy 0.05\n"));
}
