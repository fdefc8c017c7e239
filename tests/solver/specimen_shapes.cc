// SPDX-License-Identifier: LGPL-2.1-or-later
// Before deal.II, whose macro Assert it cannot live with.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <seem/core/exceptions.h>
#include <seem/solver/cell_quality.h>
#include <seem/solver/specimen_shapes.h>

#include <deal.II/base/quadrature_lib.h>
#include <deal.II/distributed/tria.h>
#include <deal.II/fe/fe_nothing.h>
#include <deal.II/fe/fe_values.h>
#include <deal.II/grid/grid_tools.h>
#include <deal.II/grid/manifold_lib.h>

#include <functional>

namespace seem::solver
{
  namespace
  {
    using namespace dealii;
    using ::testing::HasSubstr;

    constexpr double pi = numbers::PI;

    /// The volume of a specimen and the areas of its boundary by name, as the solver will see them:
    /// distributed, with refined cells of straight edges.
    template <int dim>
    struct Sizes
    {
      double volume = 0.0, worst = 1.0, longest_edge = 0.0;
      std::map<std::string, double> areas;
      unsigned long n_cells = 0;
    };

    template <int dim>
    Sizes<dim> measure(const SpecimenMesh<dim> &mesh, const unsigned int extra_refinements = 0)
    {
      parallel::distributed::Triangulation<dim> distributed(MPI_COMM_WORLD);
      distributed.copy_triangulation(mesh.coarse);
      distributed.refine_global(mesh.n_refinements + extra_refinements);

      Sizes<dim> sizes;
      sizes.n_cells = distributed.n_global_active_cells();
      const FE_Nothing<dim> fe;
      FEValues<dim> values(fe, QGauss<dim>(2), update_JxW_values);
      FEFaceValues<dim> face_values(fe, QGauss<dim - 1>(2), update_JxW_values);
      std::map<types::boundary_id, double> areas;
      for (const auto &[name, id] : mesh.boundary_names)
        areas[id] = 0.0;
      for (const auto &cell : distributed.active_cell_iterators())
        if (cell->is_locally_owned())
        {
          values.reinit(cell);
          for (const double volume : values.get_JxW_values())
            sizes.volume += volume;
          sizes.worst = std::min(sizes.worst, scaled_jacobian<dim>(cell));
          for (unsigned int l = 0; l < cell->n_lines(); ++l)
            sizes.longest_edge = std::max(sizes.longest_edge, cell->line(l)->diameter());
          for (const unsigned int f : cell->face_indices())
            if (cell->face(f)->at_boundary())
            {
              face_values.reinit(cell, f);
              for (const double area : face_values.get_JxW_values())
                areas[cell->face(f)->boundary_id()] += area;
            }
        }
      sizes.volume = Utilities::MPI::sum(sizes.volume, MPI_COMM_WORLD);
      sizes.worst = Utilities::MPI::min(sizes.worst, MPI_COMM_WORLD);
      sizes.longest_edge = Utilities::MPI::max(sizes.longest_edge, MPI_COMM_WORLD);
      EXPECT_EQ(areas.size(), mesh.boundary_names.size()) << "a boundary without a name";
      for (const auto &[name, id] : mesh.boundary_names)
        sizes.areas[name] = Utilities::MPI::sum(areas[id], MPI_COMM_WORLD);
      return sizes;
    }

    /// That sizes agree with exact ones up to the sagitta of the curves' chords, and four times
    /// better after one more refinement.
    template <int dim>
    void expect_sizes(const SpecimenMesh<dim> &mesh, const double volume,
                      const std::map<std::string, double> &areas, const double tolerance,
                      const double worst)
    {
      const Sizes<dim> coarse = measure(mesh), fine = measure(mesh, 1);
      EXPECT_EQ(coarse.n_cells, mesh.n_cells());
      EXPECT_NEAR(coarse.volume, volume, tolerance * volume);
      EXPECT_NEAR(fine.volume - volume, 0.25 * (coarse.volume - volume), 1e-2 * tolerance * volume);
      EXPECT_EQ(coarse.areas.size(), areas.size());
      for (const auto &[name, area] : areas)
      {
        ASSERT_EQ(coarse.areas.count(name), 1u) << name;
        EXPECT_NEAR(coarse.areas.at(name), area, tolerance * area) << name;
        EXPECT_NEAR(fine.areas.at(name) - area, 0.25 * (coarse.areas.at(name) - area),
                    1e-2 * tolerance * area)
            << name;
      }
      EXPECT_GE(coarse.worst, worst);
      EXPECT_GE(fine.worst, worst);
      if (Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
        std::printf(
            "  %u coarse cells, %u refinements, %lu cells, scaled Jacobian %.3f, then %.3f\n",
            mesh.coarse.n_active_cells(), mesh.n_refinements, mesh.n_cells(), coarse.worst,
            fine.worst);
    }

    template <int dim>
    std::map<std::string, double> extruded(std::map<std::string, double> lengths,
                                           const double section, const double thickness)
    {
      if (dim == 2)
        return lengths;
      for (auto &[name, length] : lengths)
        length *= thickness;
      lengths["lower z"] = lengths["upper z"] = section;
      return lengths;
    }

    template <typename T>
    class SpecimenShapes : public ::testing::Test
    {
    };
    using Dimensions =
        ::testing::Types<std::integral_constant<int, 2>, std::integral_constant<int, 3>>;
    TYPED_TEST_SUITE(SpecimenShapes, Dimensions);

    /// Thickness that makes areas and volumes equal lengths and areas in the plane.
    template <int dim>
    constexpr double height = dim == 2 ? 1.0 : 24.0;

    /// Of the cells, coarser in space, and how much larger the sagittas are then.
    template <int dim>
    constexpr double edge = dim == 2 ? 8.0 : 16.0;
    template <int dim>
    constexpr double coarser = dim == 2 ? 1.0 : 4.0;

    TYPED_TEST(SpecimenShapes, PlateWithHole)
    {
      constexpr int dim = TypeParam::value;
      const PlateWithHole shape{200.0, 300.0, 40.0};
      SpecimenMesh<dim> mesh;
      make_plate_with_hole(mesh, shape, edge<dim>, 24.0);
      const double section = 200.0 * 300.0 - pi * 1600.0;
      expect_sizes(mesh, section * height<dim>,
                   extruded<dim>({{"lower x", 300.0},
                                  {"upper x", 300.0},
                                  {"lower y", 200.0},
                                  {"upper y", 200.0},
                                  {"hole", 2 * pi * 40.0}},
                                 section, 24.0),
                   3e-3 * coarser<dim>, 0.6);
    }

    TYPED_TEST(SpecimenShapes, PlateWithHoleWithoutStripsBesideIt)
    {
      constexpr int dim = TypeParam::value;
      SpecimenMesh<dim> mesh;
      make_plate_with_hole(mesh, {150.0, 130.0, 50.0}, edge<dim>, 24.0);
      const double section = 150.0 * 130.0 - pi * 2500.0;
      expect_sizes(mesh, section * height<dim>,
                   extruded<dim>({{"lower x", 130.0},
                                  {"upper x", 130.0},
                                  {"lower y", 150.0},
                                  {"upper y", 150.0},
                                  {"hole", 2 * pi * 50.0}},
                                 section, 24.0),
                   3e-3 * coarser<dim>, 0.5);
    }

    /// Area of a notch and length of its boundary. Its flanks at beta = angle/2 are tangent to the
    /// root; the area is that of the trapezoid of the flanks and of the segment of the root.
    struct Notch
    {
      double area, length, mouth;
    };

    Notch notch(const NotchedBar &shape)
    {
      const double beta = shape.angle * pi / 360.0, r = shape.radius;
      const double straight = shape.depth - r * (1.0 - std::sin(beta)); // along x
      const double half = r * std::cos(beta), mouth = half + straight * std::tan(beta);
      const double turn = 0.5 * pi - beta;
      return {straight * (half + mouth) + r * r * (turn - std::sin(turn) * std::cos(turn)),
              2.0 * straight / std::cos(beta) + 2.0 * r * turn, 2.0 * mouth};
    }

    TYPED_TEST(SpecimenShapes, NotchedBar)
    {
      constexpr int dim = TypeParam::value;
      // U, semicircle, V, wide V, and a notch that is but an arc.
      for (const NotchedBar &shape :
           {NotchedBar{240.0, 480.0, 60.0, 30.0, 0.0}, NotchedBar{240.0, 320.0, 40.0, 40.0, 0.0},
            NotchedBar{240.0, 480.0, 60.0, 20.0, 60.0}, NotchedBar{300.0, 480.0, 50.0, 20.0, 90.0}})
      {
        SCOPED_TRACE(testing::Message() << "depth " << shape.depth << " angle " << shape.angle);
        SpecimenMesh<dim> mesh;
        make_notched_bar(mesh, shape, edge<dim>, 24.0);
        const Notch n = notch(shape);
        const double section = shape.width * shape.height - 2.0 * n.area;
        expect_sizes(mesh, section * height<dim>,
                     extruded<dim>({{"lower x", shape.height - n.mouth},
                                    {"upper x", shape.height - n.mouth},
                                    {"lower y", shape.width},
                                    {"upper y", shape.width},
                                    {"notch", 2.0 * n.length}},
                                   section, 24.0),
                     6e-3 * coarser<dim>, 0.45);
      }
    }

    TYPED_TEST(SpecimenShapes, DogBone)
    {
      constexpr int dim = TypeParam::value;
      // The fillet turns by 60 degrees: cos = 1 - 30/60.
      const DogBone shape{80.0, 200.0, 140.0, 50.0, 60.0};
      SpecimenMesh<dim> mesh;
      make_dog_bone(mesh, shape, edge<dim>, 24.0);
      const double along = 60.0 * std::sin(pi / 3), turn = pi / 3;
      // Beside the gauge section: rectangle below the fillet minus the sector's part.
      const double beside = 60.0 * along - 0.5 * 3600.0 * (turn + std::sin(turn) * std::cos(turn));
      const double section = 80.0 * 200.0 + 2.0 * 140.0 * 50.0 + 2.0 * 80.0 * along + 4.0 * beside;
      expect_sizes(mesh, section * height<dim>,
                   extruded<dim>({{"lower x", 100.0},
                                  {"upper x", 100.0},
                                  {"lower y", 140.0},
                                  {"upper y", 140.0},
                                  {"gauge", 400.0},
                                  {"fillet", 4.0 * 60.0 * turn}},
                                 section, 24.0),
                   3e-3 * coarser<dim>, 0.45);
    }

    TYPED_TEST(SpecimenShapes, Ring)
    {
      constexpr int dim = TypeParam::value;
      for (const bool quarter : {true, false})
      {
        SpecimenMesh<dim> mesh;
        make_ring(mesh, {60.0, 130.0, quarter}, edge<dim>, 24.0);
        const double share = quarter ? 0.25 : 1.0, section = share * pi * (130.0 * 130.0 - 3600.0);
        std::map<std::string, double> lengths = {{"inner", share * 2.0 * pi * 60.0},
                                                 {"outer", share * 2.0 * pi * 130.0}};
        if (quarter)
          lengths["lower x"] = lengths["lower y"] = 70.0;
        expect_sizes(mesh, section * height<dim>, extruded<dim>(lengths, section, 24.0),
                     3e-3 * coarser<dim>, 0.8);
      }
    }

    TEST(SpecimenShape, Cylinder)
    {
      SpecimenMesh<3> mesh;
      make_cylinder(mesh, {40.0, 100.0}, 8.0);
      expect_sizes<3>(mesh, pi * 1600.0 * 100.0,
                      {{"lower z", pi * 1600.0},
                       {"upper z", pi * 1600.0},
                       {"lateral", 2.0 * pi * 40.0 * 100.0}},
                      3e-2, 0.7);
    }

    TEST(SpecimenShape, RefinedEdgesComeNearTheWantedOne)
    {
      for (const double edge : {3.0, 8.0, 40.0})
      {
        SpecimenMesh<2> mesh;
        make_dog_bone(mesh, {}, edge);
        // The grips are half as wide again as the gauge section and have as many cells.
        const double longest = measure(mesh).longest_edge;
        EXPECT_GT(longest, 0.8 * edge);
        EXPECT_LT(longest, 1.7 * edge);
      }
    }

    TEST(SpecimenShape, LengthsThatDoNotFitAreNamed)
    {
      SpecimenMesh<2> mesh;
      const auto expect = [](const std::function<void()> &work, const std::string &message) {
        try
        {
          work();
          ADD_FAILURE() << "no InputError: " << message;
        }
        catch (const InputError &error)
        {
          EXPECT_THAT(error.what(), HasSubstr(message));
        }
      };
      expect(
          [&] {
            make_plate_with_hole(mesh, {100.0, 300.0, 49.0}, 8.0);
          },
          "plate with hole: the hole of radius 49 nm leaves less than");
      expect(
          [&] {
            make_plate_with_hole(mesh, {-100.0, 300.0, 49.0}, 8.0);
          },
          "plate with hole: the width is -100 nm; it must be positive");
      expect(
          [&] {
            make_notched_bar(mesh, {240.0, 480.0, 30.0, 40.0, 0.0}, 8.0);
          },
          "notched bar: a notch 30 nm deep cannot hold a root of radius 40 nm; the depth must be "
          "at least 40 nm");
      expect(
          [&] {
            make_notched_bar(mesh, {240.0, 480.0, 119.0, 40.0, 0.0}, 8.0);
          },
          "leave less than a twentieth of the width");
      expect(
          [&] {
            make_notched_bar(mesh, {240.0, 100.0, 60.0, 50.0, 0.0}, 8.0);
          },
          "the notches' mouths, 100 nm high, do not fit into the height 100 nm");
      expect(
          [&] {
            make_notched_bar(mesh, {240.0, 100.0, 60.0, 50.0, 150.0}, 8.0);
          },
          "opening angle of the notch is 150 degrees; it must be from 0 to 120");
      expect(
          [&] {
            make_dog_bone(mesh, {80.0, 200.0, 60.0, 50.0, 60.0}, 8.0);
          },
          "dog-bone: the grips, 60 nm wide, must be wider than the gauge section, 80 nm");
      expect(
          [&] {
            make_dog_bone(mesh, {80.0, 200.0, 140.0, 50.0, 40.0}, 8.0);
          },
          "the radius must be at least 60 nm");
      expect(
          [&] {
            make_ring(mesh, {80.0, 70.0, true}, 8.0);
          },
          "ring: the outer radius, 70 nm, must be above the inner one, 80 nm");
      expect(
          [&] {
            make_ring(mesh, {80.0, 170.0, true}, 0.0);
          },
          "ring: the edge of the cells is 0 nm");
      SpecimenMesh<3> space;
      expect([&] { make_ring(space, {80.0, 170.0, true}, 8.0); }, "ring: the thickness is 0 nm");
      expect([&] { make_cylinder(space, {0.0, 170.0}, 8.0); }, "cylinder: the radius is 0 nm");
    }
  } // namespace
} // namespace seem::solver
