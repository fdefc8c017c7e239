// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mesh_test.h"

#include <seem/solver/cell_quality.h>

namespace seem::solver
{
  namespace
  {
    using namespace dealii;
    using ::testing::ElementsAre;
    using ::testing::HasSubstr;
    using ::testing::Pair;

    TEST_F(MeshFile, CellsCountedTheOtherWayRoundAreTurned)
    {
      SpecimenMesh<2> mesh;
      read_mesh_file(mesh, {write("a.msh", replaced(two_cells, "7 3 2 5 1 1 2 11 10",
                                                    "7 3 2 5 1 1 10 11 2"))});
      EXPECT_GT(worst_cell(mesh.coarse).scaled_jacobian, 0.99);
      EXPECT_THAT(areas(mesh.coarse),
                  ElementsAre(Pair(1, 1.0), Pair(2, 1.0), Pair(3, 3.0), Pair(4, 3.0)));
    }

    TEST_F(MeshFile, NodesWithoutCellAreDroppedAndCounted)
    {
      SpecimenMesh<2> mesh;
      const std::string text = replaced(replaced(two_cells, "$Nodes\n6\n", "$Nodes\n7\n"),
                                        "10 0 1 0\n", "10 0 1 0\n9 5 5 0\n");
      EXPECT_THAT(read_mesh_file(mesh, {write("a.msh", text)}),
                  ElementsAre(HasSubstr("a.msh: 1 nodes belong to no cell and were dropped")));
      EXPECT_EQ(mesh.coarse.n_used_vertices(), 6u);
      EXPECT_EQ(mesh.coarse.n_vertices(), 6u);
    }

    TEST_F(MeshFile, FacesWithoutIdAreRefusedOrFree)
    {
      const std::string text = replaced(two_cells, "3 1 2 2 1 3 12\n", "3 1 2 0 1 3 12\n");
      EXPECT_THAT(
          error_of<2>("a.msh", text),
          HasSubstr("1 faces of the boundary have no id, e.g. that at (3, 0.5) nm of "
                    "quadrilateral 8 at (2.5, 0.5) nm; put every curve of the boundary into "
                    "a group (in Gmsh: Physical Curve)"));
      SpecimenMesh<2> mesh;
      read_mesh_file(mesh, {write("a.msh", text), MeshFormat::automatic, 1.0, true});
      EXPECT_EQ(mesh.boundary_names.at("free"), 0u);
      EXPECT_THAT(areas(mesh.coarse),
                  ElementsAre(Pair(0, 1.0), Pair(1, 1.0), Pair(3, 3.0), Pair(4, 3.0)));
    }

    TEST_F(MeshFile, ElementsThatCannotBeUsedAreNamedWithTheCure)
    {
      const std::string triangle =
          replaced(replaced(two_cells, "$Elements\n8", "$Elements\n9"), "8 3 2 6 1 2 3 12 11",
                   "8 2 2 6 1 2 3 12\n9 2 2 6 1 2 12 11");
      EXPECT_THAT(error_of<2>("a.msh", triangle),
                  HasSubstr("triangle 8 at (2.6667, 0.33333) nm: 2 of shape triangle; the solver "
                            "takes quadrilaterals only (in Gmsh: Mesh.RecombineAll = 1 with "
                            "Mesh.SubdivisionAlgorithm = 1)"));
      const std::string tetrahedron = R"($MeshFormat
2.2 0 8
$EndMeshFormat
$Nodes
4
1 0 0 0
2 1 0 0
3 0 1 0
4 0 0 1
$EndNodes
$Elements
1
1 4 2 1 1 1 2 3 4
$EndElements
)";
      EXPECT_THAT(error_of<3>("t.msh", tetrahedron),
                  HasSubstr("tetrahedron 1 at (0.25, 0.25, 0.25) nm: 1 of shape tetrahedron; the "
                            "solver takes hexahedra only (in Gmsh: Mesh.SubdivisionAlgorithm = 2"));
      EXPECT_THAT(error_of<2>("b.msh", replaced(two_cells, "6 1 2 1 1 10 1", "6 8 2 1 1 10 1 2")),
                  HasSubstr("1 elements of second order; the solver takes cells of first order"));
      EXPECT_THAT(error_of<2>("c.inp", replaced(two_cells_abaqus, "CPE4R", "CAX4")),
                  HasSubstr("line 11: elements of type CAX4 cannot be used: expected C3D8 or"));
      EXPECT_THAT(error_of<2>("d.unv", replaced(two_cells_unv, "7 44 2 1 7 4", "7 300 2 1 7 4")),
                  HasSubstr("element 7 of UNV's type 300 with 4 nodes cannot be used"));
    }

    TEST_F(MeshFile, MeshesOfAnotherDimensionAreRefused)
    {
      EXPECT_THAT(error_of<3>("a.msh", two_cells),
                  HasSubstr("a mesh in the plane, 2 quadrilaterals and no hexahedra, for a run in "
                            "space; set \"Specimen/Dimension\" = 2"));
      EXPECT_THAT(error_of<2>("b.msh", content_of(meshes / "notched_bar_platens.msh")),
                  HasSubstr("a mesh in space, 320 cells, for a run in the plane; set "
                            "\"Specimen/Dimension\" = 3"));
      EXPECT_THAT(error_of<2>("c.msh", replaced(two_cells, "12 3 1 0", "12 3 1 0.5")),
                  HasSubstr("must lie in a plane z = constant; z goes from 0 to 0.5"));
    }

    TEST_F(MeshFile, DegenerateAndTangledCellsAreNamed)
    {
      // Node 12 beyond the opposite edge; on the line from 3 to 11; two nodes in one place.
      EXPECT_THAT(error_of<2>("a.msh", replaced(two_cells, "12 3 1 0", "12 2.2 0.2 0")),
                  HasSubstr("quadrilateral 8 at (2.3, 0.3) nm is inside out: its scaled Jacobian "
                            "is -"));
      EXPECT_THAT(error_of<2>("b.msh", replaced(two_cells, "12 3 1 0", "12 2.5 0.5 0")),
                  HasSubstr("quadrilateral 8 at (2.375, 0.375) nm is degenerate"));
      EXPECT_THAT(error_of<2>("c.msh", replaced(two_cells, "12 3 1 0", "12 3 0 0")),
                  HasSubstr("quadrilateral 8 at (2.5, 0.25) nm is degenerate"));
      // Two nodes of a hexahedron swapped.
      std::string text = "*NODE\n1,0,0,0\n2,1,0,0\n3,1,2,0\n4,0,2,0\n5,0,0,3\n6,1,0,3\n7,1,2,3\n"
                         "8,0,2,3\n*ELEMENT, TYPE=C3D8\n1,1,2,3,4,6,5,7,8\n";
      EXPECT_THAT(error_of<3>("d.inp", text), HasSubstr("hexahedron 1 at (0.5, 1, 1.5) nm is"));
    }

    TEST_F(MeshFile, HangingNodesAndUnjoinedPartsAreNamed)
    {
      // The right cell cut in two at half its height: node 13 hangs on the left cell's edge.
      std::string text = replaced(two_cells, "$Nodes\n6\n", "$Nodes\n8\n");
      text = replaced(text, "12 3 1 0\n", "12 3 1 0\n13 2 0.5 0\n14 3 0.5 0\n");
      text = replaced(text, "$Elements\n8\n", "$Elements\n10\n");
      text = replaced(text, "3 1 2 2 1 3 12\n", "3 1 2 2 1 3 14\n9 1 2 2 1 14 12\n");
      text =
          replaced(text, "8 3 2 6 1 2 3 12 11\n", "8 3 2 6 1 2 3 14 13\n10 3 2 6 1 13 14 12 11\n");
      EXPECT_THAT(
          error_of<2>("a.msh", text),
          HasSubstr("node 13 at (2, 0.5) nm hangs on an edge of quadrilateral 7 at (1, 0.5) "
                    "nm: neighbours must share whole faces"));
      // The right cell with nodes of its own.
      text = replaced(two_cells, "$Nodes\n6\n", "$Nodes\n8\n");
      text = replaced(text, "12 3 1 0\n", "12 3 1 0\n13 2 0 0\n14 2 1 0\n");
      text = replaced(text, "8 3 2 6 1 2 3 12 11\n", "8 3 2 6 1 13 3 12 14\n");
      text = replaced(text, "2 1 2 3 1 2 3\n", "2 1 2 3 1 13 3\n");
      text = replaced(text, "4 1 2 4 1 12 11\n", "4 1 2 4 1 12 14\n");
      EXPECT_THAT(error_of<2>("b.msh", text),
                  HasSubstr("the parts that meet there are not joined"));
    }

    TEST_F(MeshFile, IdsThatContradictAreNamed)
    {
      std::string text = replaced(two_cells, "$Elements\n8", "$Elements\n9");
      EXPECT_THAT(error_of<2>("a.msh", replaced(text, "7 3 2 5", "9 1 2 4 1 2 11\n7 3 2 5")),
                  HasSubstr("line 9 at (2, 0.5) nm with the boundary id 4 lies inside the mesh"));
      EXPECT_THAT(error_of<2>("b.msh", replaced(text, "7 3 2 5", "9 1 2 4 1 1 2\n7 3 2 5")),
                  HasSubstr("has the boundary ids 3 and 4; a face can have one only"));
      EXPECT_THAT(error_of<2>("c.msh", replaced(text, "7 3 2 5", "9 1 2 4 1 1 12\n7 3 2 5")),
                  HasSubstr("with the boundary id 4 is no face of a cell"));
      EXPECT_THAT(error_of<2>("d.msh", replaced(text, "7 3 2 5", "9 3 2 5 1 2 3 12 11\n7 3 2 5")),
                  HasSubstr("three cells share the face of quadrilateral 8"));
    }
  } // namespace
} // namespace seem::solver
