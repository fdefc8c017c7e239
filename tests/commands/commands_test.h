// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_COMMANDS_COMMANDS_TEST_H
#define SEEM_TESTS_COMMANDS_COMMANDS_TEST_H

#include <seem/core/exceptions.h>
#include <seem/core/state.h>
#include <seem/database/event_database.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace seem::commands
{
  /// A directory of its own for each test, removed at its end.
  class CommandsTest : public ::testing::Test
  {
  protected:
    CommandsTest()
    {
      std::string name = (std::filesystem::temp_directory_path() / "seem_commands_XXXXXX").string();
      if (mkdtemp(name.data()) == nullptr)
        throw std::runtime_error("no temporary directory");
      directory = name;
    }

    ~CommandsTest() override
    {
      std::filesystem::remove_all(directory);
    }

    std::filesystem::path write(const std::string &name, const std::string &content) const
    {
      std::filesystem::create_directories((directory / name).parent_path());
      std::ofstream(directory / name, std::ios::binary) << content;
      return directory / name;
    }

    static std::string read(const std::filesystem::path &path)
    {
      std::stringstream content;
      content << std::ifstream(path, std::ios::binary).rdbuf();
      return content.str();
    }

    /// The message of the InputError that @p work throws.
    template <typename Work>
    static std::string message_of(const Work &work)
    {
      try
      {
        work();
      }
      catch (const InputError &error)
      {
        return error.what();
      }
      ADD_FAILURE() << "no InputError";
      return "";
    }

    std::filesystem::path directory;
  };

  inline State make_state(const double tau, const double x1)
  {
    State state;
    state.tau = tau;
    state.x[0] = x1;
    return state;
  }

  /**
   * A database of 3 x 2 bins, all visited and none pooled, that yields near 1.5 GPa. Samples: two
   * of label "slow", one of "fast", cooled in the order fast, slow, slow.
   *
   * Rates per unit strain of the bins: 20, 100, 1000 along tau, 1.5 times that at high X1. The jump
   * of the event number k of its bin: dtau = 0.05 (k + 1) GPa, dX1 = 1e-4 (k - 1) eV at low X1 and
   * 1e-4 (k - 2) eV at high X1.
   */
  inline database::EventDatabase tiny_database()
  {
    database::EventDatabase db;
    db.material = "tiny";
    db.program_version = "0.0.0";
    db.n_atoms = 4000;
    db.volume = 64000;
    db.u0 = -4.5;
    db.strain_increment = 1e-4;
    db.minimum_events = 1;
    db.elasticity = {{25.0, 0.5}, {0.2, 0.01}, {8.0, 0.4}, {3.0, 0.2}};
    db.axes = {{"tau", "GPa", {0.0, 0.8, 1.5, 2.5}}, {"x1", "eV", {-0.01, 0.01, 0.05}}};
    const double rate[] = {20, 100, 1000}, tau[] = {0.4, 1.2, 1.6};
    db.samples.resize(3);
    const char *const labels[] = {"fast", "slow", "slow"};
    for (std::size_t i = 0; i < 3; ++i)
    {
      db.samples[i].name = "run" + std::to_string(i);
      db.samples[i].label = labels[i];
      db.samples[i].glass = labels[i] + std::to_string(i);
      db.samples[i].cooling_rate = i == 0 ? 1e13 : 1e12;
      db.samples[i].n_atoms = db.n_atoms;
      db.samples[i].volume = db.volume;
      db.samples[i].final_strain = 0.2;
      db.samples[i].initial = make_state(0.1 * i - 0.1, i == 0 ? 0.012 : 0.001 * i);
    }
    db.events.x.resize(1);
    db.events.dx.resize(1);
    for (std::size_t bin = 0; bin < 6; ++bin)
    {
      const double n_events = 5, lambda = rate[bin % 3] * (bin < 3 ? 1.0 : 1.5);
      db.n_events.push_back(n_events);
      db.n_increments.push_back(n_events / (1.0 - std::exp(-lambda * db.strain_increment)));
      db.exposure.push_back(db.n_increments.back() * db.strain_increment);
      db.rate.push_back(lambda);
      for (unsigned int k = 0; k < n_events; ++k)
      {
        db.events.tau.push_back(tau[bin % 3]);
        db.events.x[0].push_back(bin < 3 ? 0.005 : 0.03);
        db.events.dtau.push_back(0.05 * (k + 1));
        db.events.dx[0].push_back(1e-4 * (static_cast<double>(k) - (bin < 3 ? 1.0 : 2.0)));
        db.events.net_dtau.push_back(-db.events.dtau.back());
        db.events.strain.push_back(0.03 * (k + 1));
        db.events.sample.push_back(static_cast<std::uint32_t>(k % 3));
      }
    }
    return db;
  }
} // namespace seem::commands

#endif
