// SPDX-License-Identifier: LGPL-2.1-or-later
// Before deal.II, whose macro Assert it cannot live with.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <seem/solver/cell_quality.h>
#include <seem/solver/mesh_report.h>
#include <seem/solver/specimen_shapes.h>

#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/grid_in.h>

#include <nlohmann/json.hpp>

#include <sstream>

namespace seem::solver
{
  namespace
  {
    using namespace dealii;
    using ::testing::HasSubstr;

    TEST(MeshReport, CountsAndSizesOfAPlaneBox)
    {
      SpecimenMesh<2> mesh;
      make_box<2>(mesh, {{40.0, 30.0}}, {{4, 6}}, {{false, false}});
      // Cells of 10 x 5 nm, 2 x 2 points each, 4 nm thick.
      const MeshReport r = make_mesh_report(mesh, {1, 4.0, 25.0, false});
      EXPECT_EQ(r.n_cells, 24u);
      EXPECT_EQ(r.n_coarse_cells, 6u);
      EXPECT_EQ(r.n_refinements, 1u);
      EXPECT_EQ(r.n_unknowns, 2u * 5 * 7);
      EXPECT_EQ(r.n_states, 96u);
      EXPECT_NEAR(r.volume, 4800.0, 1e-9);
      EXPECT_NEAR(r.edge.smallest, 5.0, 1e-12);
      EXPECT_NEAR(r.edge.largest, 10.0, 1e-12);
      EXPECT_NEAR(r.volume_ratio.smallest, 2.0, 1e-12);
      EXPECT_NEAR(r.volume_ratio.median, 2.0, 1e-12);
      EXPECT_NEAR(r.volume_ratio.largest, 2.0, 1e-12);
      EXPECT_NEAR(r.worst_quality, 1.0, 1e-12);
      ASSERT_EQ(r.boundaries.size(), 4u);
      EXPECT_EQ(r.boundaries[3].name, "upper y");
      EXPECT_EQ(r.boundaries[3].n_faces, 4u);
      EXPECT_NEAR(r.boundaries[3].area, 160.0, 1e-9);
      ASSERT_EQ(r.materials.size(), 1u);
      EXPECT_EQ(r.materials[0].n_cells, 24u);

      const MeshReport per_cell = make_mesh_report(mesh, {2, 4.0, 25.0, true});
      EXPECT_EQ(per_cell.n_unknowns, 2u * 9 * 13);
      EXPECT_EQ(per_cell.n_states, 24u);
      EXPECT_NEAR(per_cell.volume_ratio.median, 8.0, 1e-12);
    }

    TEST(MeshReport, PeriodicUnknownsAreCountedOnce)
    {
      SpecimenMesh<3> mesh;
      make_box<3>(mesh, {{40.0, 30.0, 20.0}}, {{4, 6, 2}}, {{true, false, true}});
      const MeshReport r = make_mesh_report(mesh, {});
      EXPECT_EQ(r.n_unknowns, 3u * 4 * 7 * 2);
      ASSERT_EQ(r.periodicities.size(), 2u);
      EXPECT_EQ(r.periodicities[1].direction, 2u);
      EXPECT_EQ(r.periodicities[1].lower, "lower z");
      EXPECT_THAT(mesh_report_text(r),
                  HasSubstr("periodic along z: \"lower z\" and \"upper z\" match"));
    }

    TEST(MeshReport, PeriodicFacesThatDoNotMatchAreSaid)
    {
      SpecimenMesh<2> mesh;
      make_box<2>(mesh, {{40.0, 30.0}}, {{3, 5}}, {{true, false}});
      // A node of the upper x face moved along it.
      for (const auto &cell : mesh.coarse.active_cell_iterators())
        for (const unsigned int v : cell->vertex_indices())
          if (cell->vertex(v).distance(Point<2>(40.0, 12.0)) < 1e-9)
            cell->vertex(v)[1] += 1.0;
      const MeshReport r = make_mesh_report(mesh, {});
      EXPECT_THAT(mesh_report_text(r), HasSubstr("do not match: the face at (0, 9) nm"));
      EXPECT_FALSE(nlohmann::json::parse(mesh_report_json(r))
                       .at("periodic")
                       .at(0)
                       .at("matches")
                       .get<bool>());
      SpecimenMesh<2> bar;
      make_notched_bar(bar, {}, 16.0);
      EXPECT_EQ(periodic_mismatch(bar.coarse, {0, 1, 0}), "");
      EXPECT_THAT(periodic_mismatch(bar.coarse, {0, 6, 0}), HasSubstr("face"));
    }

    TEST(MeshReport, ScaledJacobianIsTheSmallestSineOfAPlaneCell)
    {
      // A parallelogram with angles of 30 and 150 degrees and a trapezoid with 45 degrees.
      Triangulation<2> mesh;
      GridGenerator::general_cell(mesh,
                                  {Point<2>(0, 0), Point<2>(3, 0), Point<2>(std::sqrt(3.0), 1),
                                   Point<2>(3 + std::sqrt(3.0), 1)});
      EXPECT_NEAR(worst_cell(mesh).scaled_jacobian, 0.5, 1e-12);
      Triangulation<2> trapezoid;
      GridGenerator::general_cell(trapezoid,
                                  {Point<2>(0, 0), Point<2>(3, 0), Point<2>(1, 1), Point<2>(3, 1)});
      EXPECT_NEAR(worst_cell(trapezoid).scaled_jacobian, std::sqrt(0.5), 1e-12);
      // A right prism over the parallelogram.
      Triangulation<3> prism;
      GridGenerator::extrude_triangulation(mesh, 2, 7.0, prism);
      EXPECT_NEAR(worst_cell(prism).scaled_jacobian, 0.5, 1e-12);
    }

    TEST(MeshReport, TheRefinedMeshIsWrittenForParaView)
    {
      SpecimenMesh<2> mesh;
      make_ring(mesh, {60.0, 130.0, true}, 16.0);
      std::stringstream file;
      write_mesh_vtk(mesh, file);
      Triangulation<2> again;
      GridIn<2> reader(again);
      reader.read_vtk(file);
      EXPECT_EQ(again.n_active_cells(), mesh.n_cells());
      // Nodes on the outer circle: that refinement followed it.
      unsigned int n_outer = 0;
      for (const Point<2> &vertex : again.get_vertices())
        n_outer += std::abs(vertex.norm() - 130.0) < 1e-2;
      EXPECT_EQ(n_outer, 2u * (1u << mesh.n_refinements) + 1u);
    }

    TEST(MeshReport, TheWorstCellIsNamed)
    {
      SpecimenMesh<2> mesh;
      make_box<2>(mesh, {{3.0, 1.0}}, {{3, 1}}, {{false, false}});
      mesh.n_refinements = 1;
      for (const auto &cell : mesh.coarse.active_cell_iterators())
        for (const unsigned int v : cell->vertex_indices())
          if (cell->vertex(v).distance(Point<2>(3.0, 1.0)) < 1e-9)
            cell->vertex(v)[0] += 0.5;
      mesh.coarse.last_active()->set_material_id(7);
      mesh.material_names["platen"] = 7;
      const MeshReport r = make_mesh_report(mesh, {});
      EXPECT_EQ(r.worst_cell, 2u);
      EXPECT_GT(r.worst_centre.at(0), 2.5);
      EXPECT_LT(r.worst_quality, 0.95);
      const nlohmann::json json = nlohmann::json::parse(mesh_report_json(r));
      EXPECT_EQ(json.at("materials").at(1).at("name"), "platen");
      EXPECT_NEAR(json.at("materials").at(1).at("volume_nm3"), 1.25, 1e-12);
      EXPECT_EQ(json.at("cells"), 12);
      EXPECT_EQ(json.at("worst_coarse_cell"), 2);
      const std::string text = mesh_report_text(r);
      EXPECT_THAT(text, HasSubstr("mesh: 12 quadrilaterals (3 coarse cells, 1 refinements), Q1"));
      EXPECT_THAT(text, HasSubstr("in coarse cell 2 at ("));
      EXPECT_THAT(text, HasSubstr("material   7 platen"));
    }
  } // namespace
} // namespace seem::solver
