// SPDX-License-Identifier: LGPL-2.1-or-later
// Before deal.II, whose macro Assert it does not stand.
#include <gmock/gmock.h>

#include "support/hdf5_read_back.h"
#include "support/periodic_specimen.h"
#include "support/shared_temporary_path.h"

#include <seem/law/linear_elastic_law.h>
#include <seem/solver/field_output.h>

#include <deal.II/base/mpi.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace
{
  using namespace seem;
  using ::testing::HasSubstr;
  using ::testing::Not;
  namespace fs = std::filesystem;
  namespace mpi = dealii::Utilities::MPI;

  std::string text_of(const fs::path &path)
  {
    std::ifstream in(path);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }

  /// A sheared elastic body of G = 20 GPa, with a directory of its own.
  class FieldOutputTest : public ::testing::Test
  {
  protected:
    FieldOutputTest()
    {
      if (first_rank)
      {
        fs::remove_all(directory);
        fs::create_directories(directory);
      }
      MPI_Barrier(MPI_COMM_WORLD);
    }

    ~FieldOutputTest() override
    {
      MPI_Barrier(MPI_COMM_WORLD);
      if (first_rank)
        fs::remove_all(directory);
    }

    /// The fields at the strains @p strains.
    void write(const solver::FieldSettings &settings, const std::vector<double> &strains,
               const solver::FieldSeries &before = {})
    {
      solver::FieldOutput<2> output(specimen.body, specimen.points, directory.string(), settings);
      if (!before.times.empty())
        output.resume(before);
      for (const double strain : strains)
      {
        specimen.equilibrium->solve(strain, solver::Accuracy::rest);
        output.write(*specimen.equilibrium);
      }
      series = output.series();
      MPI_Barrier(MPI_COMM_WORLD);
    }

    const bool first_rank = mpi::this_mpi_process(MPI_COMM_WORLD) == 0;
    const fs::path directory = seem::testing::shared_temporary_path("seem_field_output");
    const law::LinearElasticLaw law{20.0, 100.0};
    seem::testing::PeriodicSpecimen specimen{
        MPI_COMM_WORLD, {{4, 2}}, law, [](const auto &) { return State(); }};
    solver::FieldSeries series;
  };

  TEST_F(FieldOutputTest, WritesASeriesThatNamesItsFilesAndFields)
  {
    write({}, {0.01, 0.02});
    const std::string pvd = text_of(directory / "fields.pvd");
    EXPECT_THAT(pvd, HasSubstr("timestep=\"0.01\""));
    EXPECT_THAT(pvd, HasSubstr("timestep=\"0.02\""));
    EXPECT_THAT(pvd, HasSubstr("fields_00001.pvtu"));
    const std::string record = text_of(directory / "fields_00001.pvtu");
    for (const char *name : {"tau_GPa", "x1_eV", "plastic_strain", "n_events", "stress_xy_GPa",
                             "material", "displacement_nm"})
      EXPECT_THAT(record, HasSubstr(name));
    EXPECT_THAT(record, Not(HasSubstr("stress_xx_GPa")));
    EXPECT_TRUE(fs::exists(directory / "fields_00001.0.vtu"));
    EXPECT_FALSE(fs::exists(directory / "fields_00001.1.vtu"));
  }

  TEST_F(FieldOutputTest, TheRanksShareTheFilesOfATime)
  {
    solver::FieldSettings settings;
    settings.files_per_time = 2;
    write(settings, {0.01});
    EXPECT_TRUE(fs::exists(directory / "fields_00000.0.vtu"));
    EXPECT_EQ(fs::exists(directory / "fields_00000.1.vtu"),
              mpi::n_mpi_processes(MPI_COMM_WORLD) > 1);
    EXPECT_FALSE(fs::exists(directory / "fields_00000.2.vtu"));
  }

  TEST_F(FieldOutputTest, TensorsComeOnDemand)
  {
    solver::FieldSettings settings;
    settings.stress = settings.strain = true;
    write(settings, {0.01});
    const std::string record = text_of(directory / "fields_00000.pvtu");
    for (const char *component : {"xx", "yy", "zz", "yz", "xz", "xy"})
    {
      EXPECT_THAT(record, HasSubstr(std::string("stress_") + component + "_GPa"));
      EXPECT_THAT(record, HasSubstr(std::string("strain_") + component));
    }
  }

  TEST_F(FieldOutputTest, Hdf5HasTheMeshOnceAndItsFieldsReadBack)
  {
    solver::FieldSettings settings;
    settings.format = solver::FieldFormat::hdf5;
    settings.stress = settings.strain = true;
    write(settings, {0.01, 0.02});
    EXPECT_TRUE(fs::exists(directory / "mesh_00000.h5"));
    EXPECT_FALSE(fs::exists(directory / "mesh_00001.h5"));
    EXPECT_FALSE(fs::exists(directory / "fields_00001.h5.tmp"));

    const seem::testing::Hdf5ReadBack mesh((directory / "mesh_00000.h5").string());
    const seem::testing::Hdf5ReadBack fields((directory / "fields_00001.h5").string());
    EXPECT_FALSE(fields.has_object("/nodes"));
    EXPECT_EQ(mesh.shape("/cells"), (std::vector<std::uint64_t>{8, 4}));
    const std::vector<double> nodes = mesh.doubles("/nodes"),
                              u = fields.doubles("/displacement_nm");
    const std::uint64_t n = mesh.shape("/nodes")[0];
    ASSERT_EQ(fields.shape("/displacement_nm"), (std::vector<std::uint64_t>{n, 3}));
    constexpr double single_precision = 3e-8; // that of DataOut's patches
    double largest_x = 0.0;
    for (std::size_t i = 0; i < n; ++i)
    {
      // Simple shear without its rotation: u_x = gamma y/2, u_y = gamma x/2.
      const double x = nodes[2 * i], y = nodes[2 * i + 1];
      EXPECT_NEAR(u[3 * i], 0.01 * y, single_precision);
      EXPECT_NEAR(u[3 * i + 1], 0.01 * x, single_precision);
      EXPECT_EQ(u[3 * i + 2], 0.0);
      largest_x = std::max(largest_x, x);
    }
    EXPECT_DOUBLE_EQ(largest_x, 4 * seem::testing::cell_edge);
    // G gamma = 0.4 GPa; the tensor component of the strain is gamma/2.
    for (const auto &[name, expected] : {std::pair("/stress_xy_GPa", 0.4),
                                         {"/tau_GPa", 0.4},
                                         {"/strain_xy", 0.01},
                                         {"/stress_xx_GPa", 0.0},
                                         {"/material", 0.0},
                                         {"/n_events", 0.0}})
      for (const double value : fields.doubles(name))
        EXPECT_NEAR(value, expected, single_precision) << name;

    const std::string xdmf = text_of(directory / "fields.xdmf");
    for (const char *word :
         {"mesh_00000.h5:/nodes", "mesh_00000.h5:/cells", "fields_00001.h5:/stress_xy_GPa",
          "fields_00000.h5:/tau_GPa", "<Time Value=\"0.01\"", "<Time Value=\"0.02\""})
      EXPECT_THAT(xdmf, HasSubstr(word));
  }

  TEST_F(FieldOutputTest, ASeriesIsContinuedWithAMeshOfItsOwn)
  {
    solver::FieldSettings settings;
    settings.format = solver::FieldFormat::hdf5;
    write(settings, {0.01, 0.02});
    write(settings, {0.03, 0.04}, series);
    EXPECT_EQ(series.times, (std::vector<double>{0.01, 0.02, 0.03, 0.04}));
    EXPECT_EQ(series.mesh, (std::vector<unsigned int>{0, 0, 2, 2}));
    const std::string xdmf = text_of(directory / "fields.xdmf");
    EXPECT_THAT(xdmf, HasSubstr("mesh_00002.h5:/nodes"));
    EXPECT_THAT(xdmf, HasSubstr("fields_00003.h5:/tau_GPa"));
    EXPECT_THAT(xdmf, HasSubstr("fields_00000.h5:/tau_GPa"));
    EXPECT_TRUE(fs::exists(directory / "fields_00002.h5"));
    EXPECT_TRUE(fs::exists(directory / "mesh_00002.h5"));
    EXPECT_FALSE(fs::exists(directory / "mesh_00003.h5"));

    write({}, {0.03}, {{0.01, 0.02}, {}});
    EXPECT_THAT(text_of(directory / "fields.pvd"), HasSubstr("fields_00002.pvtu"));
    EXPECT_THAT(text_of(directory / "fields.pvd"), HasSubstr("fields_00000.pvtu"));
  }

  TEST_F(FieldOutputTest, AMissingDirectoryIsAnErrorOnAllRanks)
  {
    for (const auto format : {solver::FieldFormat::vtu, solver::FieldFormat::hdf5})
    {
      solver::FieldSettings settings;
      settings.format = format;
      solver::FieldOutput<2> output(specimen.body, specimen.points, "/no/such/directory", settings);
      EXPECT_THROW(output.write(*specimen.equilibrium), Error);
    }
  }
} // namespace
