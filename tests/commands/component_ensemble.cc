// SPDX-License-Identifier: LGPL-2.1-or-later
#include "commands_test.h"

#include <seem/commands/component_ensemble.h>
#include <seem/commands/point_command.h>
#include <seem/commands/point_ensemble.h>
#include <seem/database/grid_event_source.h>
#include <seem/io/database_file.h>
#include <seem/io/hdf5_file.h>
#include <seem/law/linear_elastic_law.h>
#include <seem/law/seem_law.h>

#include <cmath>
#include <limits>
#include <map>
#include <memory>

using namespace seem;
using namespace seem::commands;
using ::testing::HasSubstr;

namespace
{
  constexpr law::Control e = law::Control::strain, s = law::Control::stress;

  PointLoading loading(const law::ComponentControl &control, const law::SymmetricTensor &end,
                       const double increment)
  {
    PointLoading result;
    result.kind = LoadingKind::components;
    result.control = control;
    result.path = [end](const double t) { return law::SymmetricTensor(t * end); };
    result.times = strain_grid(1.0, increment);
    result.largest_increment = increment;
    return result;
  }

  law::SeemLaw tiny_law(const database::EventDatabase &database)
  {
    law::SeemLawParameters parameters;
    parameters.bulk_modulus = 150.0;
    parameters.seed = 7;
    const double none = std::numeric_limits<double>::infinity();
    return {
        std::make_shared<law::TaylorElasticity>(25.0, 0.2, none, none, database.atomic_volume()),
        std::make_shared<const database::GridEventSource>(database), parameters};
  }

  class ComponentCommandTest : public CommandsTest
  {
  protected:
    ComponentCommandTest()
    {
      io::write_database(directory / "tiny.h5", tiny_database());
      line.parameter_file = write("x.prm", "set Database file = tiny.h5\n"
                                           "set Figures = false\n"
                                           "subsection Material\n"
                                           "  set Bulk modulus = 150\n"
                                           "end\n"
                                           "subsection Loading\n"
                                           "  set Kind = components\n"
                                           "  set Output increment = 0.02\n"
                                           "end\n"
                                           "subsection Ensemble\n"
                                           "  set Paths per label = 5\n"
                                           "end\n");
      line.output = directory / "out";
      line.overwrite = true;
    }

    /// Standard error and output of a run.
    std::pair<std::string, std::string> run(const std::vector<std::string> &assignments)
    {
      line.assignments = assignments;
      ::testing::internal::CaptureStdout();
      ::testing::internal::CaptureStderr();
      EXPECT_EQ(point_command(line), 0);
      const std::string out = ::testing::internal::GetCapturedStdout();
      return {::testing::internal::GetCapturedStderr(), out};
    }

    std::string mean(const std::vector<std::string> &assignments)
    {
      run(assignments);
      return read(*line.output / "mean.csv");
    }

    /// Columns by name of the rows of a table whose second field is @p label.
    std::map<std::string, std::vector<std::string>> table(const std::string &name,
                                                          const std::string &label) const
    {
      const auto split = [](const std::string &text) {
        std::vector<std::string> fields;
        std::istringstream in(text);
        for (std::string field; std::getline(in, field, ',');)
          fields.push_back(field);
        return fields;
      };
      std::istringstream in(read(*line.output / name));
      std::string row;
      std::getline(in, row);
      const std::vector<std::string> names = split(row);
      std::map<std::string, std::vector<std::string>> columns;
      while (std::getline(in, row))
      {
        const std::vector<std::string> fields = split(row);
        if (fields.at(1) == label)
          for (std::size_t i = 0; i < names.size(); ++i)
            columns[names[i]].push_back(fields.at(i));
      }
      return columns;
    }

    CommandLine line;
  };
} // namespace

TEST(ComponentEnsemble, InSimpleShearItIsTheShearEnsemble)
{
  const database::EventDatabase database = tiny_database();
  const law::SeemLaw law = tiny_law(database);
  const std::vector<State> initial = {make_state(-0.1, 0.001), make_state(0.2, -0.003)};
  PointEnsembleSettings shear;
  shear.strain = strain_grid(0.15, 0.01);
  shear.first_replica = 3;
  shear.volume_ratio = 1.4;
  const PointEnsemble expected = run_point_ensemble(law, initial, shear);

  ComponentEnsembleSettings settings;
  settings.first_replica = 3;
  settings.volume_ratio = 1.4;
  const ComponentEnsemble found = run_component_ensemble(
      law, loading({e, e, e, e, e, e}, law::simple_shear(0.15), 1.0 / 15.0), initial, settings);
  ASSERT_GT(expected.activity.n_events, 30u);
  for (std::size_t path = 0; path < 2; ++path)
  {
    ASSERT_EQ(found.paths[path].rows.size(), 16u);
    for (std::size_t i = 0; i < 16; ++i)
    {
      EXPECT_NEAR(found.paths[path].rows[i].stress[5] / law::sqrt2, expected.tau[path][i], 1e-10);
      EXPECT_NEAR(found.paths[path].rows[i].fields.x1, expected.x1[path][i], 1e-12);
    }
  }
}

TEST(ComponentEnsemble, DrivesAnyLaw)
{
  const law::LinearElasticLaw law(30.0, 70.0);
  const ComponentEnsemble found = run_component_ensemble(
      law, loading({e, s, s, e, e, e}, law::symmetric_tensor(0.02, 0, 0, 0, 0, 0), 0.5),
      {State(), State()}, {});
  EXPECT_THAT(found.column(1, [](const ComponentRow &row) { return row.stress[0]; }),
              ::testing::Each(::testing::DoubleNear(0.7875, 1e-9))); // E = 78.75 GPa
}

TEST(ComponentEnsemble, PathsEndWhereTheStressIsNotCarried)
{
  const database::EventDatabase database = tiny_database();
  const law::SeemLaw law = tiny_law(database);
  const ComponentEnsemble found = run_component_ensemble(
      law, loading({s, s, s, s, s, s}, law::symmetric_tensor(0, 0, 0, 0, 0, 3), 0.02),
      std::vector<State>(6), {});
  std::size_t n_rows = 0;
  for (const ComponentPath &path : found.paths)
  {
    EXPECT_THAT(path.limit, HasSubstr("exceeds what the material carries"));
    EXPECT_GT(path.end_time, 0.1);
    EXPECT_LT(path.end_time, 0.9);
    EXPECT_EQ(path.rows.size(), static_cast<std::size_t>(path.end_time / 0.02 + 1e-9) + 1);
    for (std::size_t i = 0; i < path.rows.size(); ++i)
      EXPECT_NEAR(path.rows[i].stress[5], law::sqrt2 * 0.06 * static_cast<double>(i), 1e-8);
    n_rows += path.rows.size();
  }
  std::size_t n_values = 0;
  for (std::size_t row = 0; row < found.times.size(); ++row)
    n_values += found.column(row, [](const ComponentRow &) { return 1.0; }).size();
  EXPECT_EQ(n_values, n_rows);
}

TEST(ComponentEnsemble, BadSettingsAreRefused)
{
  const law::LinearElasticLaw law(30.0, 70.0);
  const PointLoading load = loading({e, e, e, e, e, e}, law::simple_shear(0.1), 0.5);
  EXPECT_THROW(run_component_ensemble(law, load, {}, {}), InputError);
  ComponentEnsembleSettings settings;
  settings.volume_ratio = 0.0;
  EXPECT_THROW(run_component_ensemble(law, load, {State()}, settings), InputError);
}

TEST_F(ComponentCommandTest, UniaxialTensionWritesTheTables)
{
  const auto [notices, text] =
      run({"Loading/Strain xx=0.1*t", "Loading/Stress yy=0", "Loading/Stress zz=0",
           "Loading/Stress yz=0", "Loading/Stress xz=0", "Loading/Stress xy=0"});
  EXPECT_THAT(notices, HasSubstr("nearer to tension or compression than to shear"));
  EXPECT_THAT(text, HasSubstr("slow"));
  auto rows = table("mean.csv", "slow");
  ASSERT_EQ(rows["t"].size(), 51u);
  EXPECT_EQ(rows["n"].back(), "5");
  EXPECT_NEAR(std::stod(rows["eps_xx"].back()), 0.1, 1e-12);
  EXPECT_EQ(std::stod(rows["eps_xx_std"].back()), 0.0);
  EXPECT_GT(std::stod(rows["eps_yy_std"].back()), 0.0);
  EXPECT_LT(std::stod(rows["eps_yy"].back()), -0.04);
  EXPECT_NEAR(std::stod(rows["sigma_yy_GPa"].back()), 0.0, 1e-8);
  EXPECT_NEAR(std::stod(rows["sigma_xx_GPa"].back()),
              std::sqrt(3.0) * std::stod(rows["tau_GPa"].back()), 1e-6);
  EXPECT_GT(std::stod(rows["n_events"].back()), 5.0);
  EXPECT_LT(std::stod(rows["tau_q05_GPa"].back()), std::stod(rows["tau_q95_GPa"].back()));

  auto summary = table("summary.csv", "slow");
  EXPECT_EQ(summary["n_at_strength"][0], "0");
  EXPECT_LT(std::abs(std::stod(summary["first_law_residual_GPa"][0])),
            0.01 * std::stod(summary["work_GPa"][0]));

  const io::Hdf5Reader file(*line.output / "point.h5");
  EXPECT_THAT(file.shape("/model/stress"), ::testing::ElementsAre(10, 51, 6));
}

TEST_F(ComponentCommandTest, CyclesAreNoticed)
{
  const auto notices = run({"Loading/Gamma xy=0.08*sin(2*pi*t)"}).first;
  EXPECT_THAT(notices, HasSubstr("slow: "));
  EXPECT_THAT(notices, HasSubstr("unloading or reloading; no atomistic data"));
  EXPECT_THAT(notices, ::testing::Not(HasSubstr("pressure")));
}

TEST_F(ComponentCommandTest, PressureAboveTheShearStressIsNoticed)
{
  EXPECT_THAT(run({"Loading/Stress xx=-5*t", "Loading/Stress yy=-5*t", "Loading/Stress zz=-5*t",
                   "Loading/Gamma xy=0.02*t"})
                  .first,
              HasSubstr("the pressure was above the shear stress"));
}

TEST_F(ComponentCommandTest, TheStrengthEndsPathsWithANotice)
{
  const auto [notices, text] = run({"Loading/Stress xy=3*t"});
  EXPECT_THAT(notices, HasSubstr("slow: 5 of 5 paths ended early"));
  EXPECT_THAT(notices, HasSubstr("the prescribed stress exceeds what the material carries at t ="));
  auto rows = table("mean.csv", "slow");
  EXPECT_EQ(rows["n"].front(), "5");
  EXPECT_EQ(rows["n"].back(), "0");
  EXPECT_EQ(rows["tau_GPa"].back(), "nan");
  EXPECT_EQ(table("summary.csv", "slow")["n_at_strength"][0], "5");
}

TEST_F(ComponentCommandTest, EveryParameterChangesSomething)
{
  const std::string shear = "Loading/Gamma xy=0.08*sin(2*pi*t)";
  const std::string base = mean({shear});
  ASSERT_EQ(base, mean({shear}));
  for (const char *assignment :
       {"Loading/Final time=0.9", "Loading/Output increment=0.01", "Loading/Stress xx=0.1",
        "Loading/Strain yy=0.01*t", "Loading/Strain zz=0.01*t", "Loading/Gamma xz=0.01*t",
        "Loading/Stress yz=0.01*t", "Material/Record=false", "Material/Bulk modulus=100",
        "Ensemble/Seed=2", "Ensemble/Volume ratio=2", "Ensemble/First replica=1",
        "Ensemble/Quadrature point=1", "Ensemble/Paths per label=4"})
  {
    // Without strain or stress across, the bulk modulus does not matter in shear.
    std::vector<std::string> assignments = {shear};
    std::string reference = base;
    if (std::string(assignment).find("Bulk") != std::string::npos)
    {
      assignments.emplace_back("Loading/Strain xx=0.01*t");
      reference = mean(assignments);
    }
    assignments.emplace_back(assignment);
    EXPECT_NE(reference, mean(assignments)) << assignment;
  }
  const std::vector<std::string> stress = {"Loading/Stress xy=1.2*t"};
  const std::string coarse = mean(stress);
  EXPECT_NE(coarse, mean({stress[0], "Loading/Largest increment=0.001"}));
}

TEST_F(ComponentCommandTest, WhatDoesNotFitIsRefused)
{
  const auto message = [&](const std::vector<std::string> &assignments) {
    line.assignments = assignments;
    return message_of([&] { point_command(line); });
  };
  EXPECT_THAT(message({"Loading/Strain xx=t", "Integrator=both"}), HasSubstr("needs event-driven"));
  EXPECT_THAT(message({"Loading/Strain xx=t", "Runs/Manifest=m.csv"}),
              HasSubstr("compared in simple shear only"));
  EXPECT_FALSE(std::filesystem::exists(*line.output));
}
