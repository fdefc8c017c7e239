// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/periodic_specimen.h"

#include <seem/law/linear_elastic_law.h>
#include <seem/solver/field_output.h>

#include <deal.II/base/mpi.h>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace
{
  using namespace seem;
  namespace fs = std::filesystem;

  std::string text_of(const fs::path &path)
  {
    std::ifstream in(path);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }

  TEST(FieldOutput, WritesASeriesThatNamesItsFilesAndFields)
  {
    const fs::path directory = fs::temp_directory_path() / "seem_field_output_test";
    const bool first_rank = dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0;
    if (first_rank)
    {
      fs::remove_all(directory);
      fs::create_directories(directory);
    }
    MPI_Barrier(MPI_COMM_WORLD);

    const law::LinearElasticLaw law(20.0, 100.0);
    seem::testing::PeriodicSpecimen specimen(MPI_COMM_WORLD, {{4, 2}}, law,
                                             [](const auto &) { return State(); });
    solver::FieldOutput<2> output(specimen.body, specimen.points, directory.string());
    for (const double strain : {0.01, 0.02})
    {
      specimen.equilibrium->solve(strain, solver::Accuracy::rest);
      output.write(*specimen.equilibrium);
    }
    MPI_Barrier(MPI_COMM_WORLD);
    if (!first_rank)
      return;

    const std::string series = text_of(directory / "fields.pvd");
    EXPECT_NE(series.find("timestep=\"0.01\""), std::string::npos);
    EXPECT_NE(series.find("fields_00001.pvtu"), std::string::npos);
    const std::string record = text_of(directory / "fields_00001.pvtu");
    for (const char *name :
         {"tau_GPa", "x1_eV", "plastic_strain", "n_events", "stress_xy_GPa", "displacement_nm"})
      EXPECT_NE(record.find(name), std::string::npos) << name;
    EXPECT_TRUE(fs::exists(directory / "fields_00001.0.vtu"));
    fs::remove_all(directory);
  }
} // namespace
