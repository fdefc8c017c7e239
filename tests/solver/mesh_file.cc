// SPDX-License-Identifier: LGPL-2.1-or-later
// Before deal.II, whose macro Assert it cannot live with.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <seem/core/exceptions.h>
#include <seem/solver/cell_quality.h>
#include <seem/solver/mesh_file.h>

#include <deal.II/base/mpi.h>
#include <deal.II/grid/grid_in.h>
#include <deal.II/grid/grid_out.h>
#include <deal.II/grid/grid_tools.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace seem::solver
{
  namespace
  {
    using namespace dealii;
    using ::testing::ElementsAre;
    using ::testing::HasSubstr;
    using ::testing::Pair;

    const std::filesystem::path meshes = std::filesystem::path(SEEM_SOURCE_DIR) / "meshes";

    /// A directory of its own for every test and rank.
    class MeshFile : public ::testing::Test
    {
    protected:
      MeshFile()
      {
        std::string name = (std::filesystem::temp_directory_path() / "seem_mesh_XXXXXX").string();
        if (mkdtemp(name.data()) == nullptr)
          throw std::runtime_error("no temporary directory");
        directory = name;
      }

      ~MeshFile() override
      {
        std::filesystem::remove_all(directory);
      }

      std::filesystem::path write(const std::string &name, const std::string &content) const
      {
        std::ofstream(directory / name, std::ios::binary) << content;
        return directory / name;
      }

      template <int dim>
      std::string error_of(const std::string &name, const std::string &content) const
      {
        SpecimenMesh<dim> mesh;
        try
        {
          read_mesh_file(mesh, {write(name, content)});
        }
        catch (const InputError &error)
        {
          EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << "in one line";
          EXPECT_THAT(error.what(), HasSubstr(name));
          return error.what();
        }
        ADD_FAILURE() << "no InputError";
        return "";
      }

      std::filesystem::path directory;
    };

    std::string content_of(const std::filesystem::path &file)
    {
      std::stringstream content;
      content << std::ifstream(file, std::ios::binary).rdbuf();
      return content.str();
    }

    std::string replaced(std::string text, const std::string &what, const std::string &by)
    {
      const std::size_t position = text.find(what);
      EXPECT_NE(position, std::string::npos) << what;
      return text.replace(position, what.size(), by);
    }

    template <int dim>
    std::map<types::boundary_id, double> areas(const Triangulation<dim> &mesh)
    {
      std::map<types::boundary_id, double> result;
      for (const auto &cell : mesh.active_cell_iterators())
        for (const auto &face : cell->face_iterators())
          if (face->at_boundary())
            result[face->boundary_id()] += face->measure();
      return result;
    }

    template <int dim>
    std::map<types::material_id, double> volumes(const Triangulation<dim> &mesh)
    {
      std::map<types::material_id, double> result;
      for (const auto &cell : mesh.active_cell_iterators())
        result[cell->material_id()] += cell->measure();
      return result;
    }

    /// Two cells beside each other: x from 0 to 2 and to 3, y from 0 to 1; ids 1 to 4 for the left,
    /// right, lower and upper boundary, materials 5 and 6.
    const char *const two_cells = R"($MeshFormat
2.2 0 8
$EndMeshFormat
$PhysicalNames
3
1 1 "grip left"
1 4 "top"
2 6 "platen"
$EndPhysicalNames
$Nodes
6
1 0 0 0
2 2 0 0
3 3 0 0
10 0 1 0
11 2 1 0
12 3 1 0
$EndNodes
$Elements
8
1 1 2 3 1 1 2
2 1 2 3 1 2 3
3 1 2 2 1 3 12
4 1 2 4 1 12 11
5 1 2 4 1 11 10
6 1 2 1 1 10 1
7 3 2 5 1 1 2 11 10
8 3 2 6 1 2 3 12 11
$EndElements
)";

    const char *const two_cells_abaqus = R"(*HEADING
a test
** a comment
*NODE, NSET=all
1, 0., 0., 0.
2, 2., 0.
3, 3., 0.
10, 0., 1.
11, 2., 1.
12, 3., 1.
*ELEMENT, TYPE=CPE4R, ELSET=bar
7, 1, 2, 11, 10
*ELEMENT, TYPE=CPE4R
8, 2, 3,
12, 11
*NSET, NSET=some
1, 2, 3
*ELSET, ELSET=hard, GENERATE
8, 20, 4
*ELSET, ELSET=both
bar, hard
*SURFACE, TYPE=ELEMENT, NAME=left1
7, S4
*SURFACE, NAME=SS2
hard, S2
*SURFACE, NAME=SS3
both, S1
*SURFACE, NAME=top
both, S3
*SOLID SECTION, ELSET=bar, MATERIAL=glass-5
*SOLID SECTION, ELSET=hard, MATERIAL=steel
)";

    const char *const two_cells_unv = R"(    -1
   164
         1  SI: Meter
    -1
    -1
  2411
         1         1         1        11
   0.0000000000000000D+00   0.0000000000000000D+00   0.0000000000000000D+00
         2         1         1        11
   2.0D+00 0.0 0.0
         3         1         1        11
   3.0 0.0 0.0
        10 1 1 11
   0.0 1.0 0.0
        11 1 1 11
   2.0 1.0 0.0
        12 1 1 11
   3.0 1.0 0.0
    -1
    -1
  2412
  1 11 2 1 7 2
  0 0 0
  1 2
  2 11 2 1 7 2
  0 0 0
  2 3
  3 11 2 1 7 2
  0 0 0
  3 12
  4 11 2 1 7 2
  0 0 0
  12 11
  5 11 2 1 7 2
  0 0 0
  11 10
  6 11 2 1 7 2
  0 0 0
  10 1
  7 44 2 1 7 4
  1 2 11 10
  8 44 2 1 7 4
  2 3 12 11
    -1
    -1
  2467
  1 0 0 0 0 0 0 1
left1
  8 6 0 0
  2 0 0 0 0 0 0 1
right 2
  8 3 0 0
  3 0 0 0 0 0 0 2
3
  8 1 0 0 8 2 0 0
  4 0 0 0 0 0 0 2
top
  8 4 0 0 8 5 0 0
  5 0 0 0 0 0 0 1
glass 5
  8 7 0 0
  6 0 0 0 0 0 0 1
platen 6
  8 8 0 0
    -1
)";

    const char *const two_cells_ucd = R"(# a comment
# and another
6 8 0 0 0
1 0 0 0
2 2 0 0
3 3 0 0
10 0 1 0
11 2 1 0
12 3 1 0
1 3 line 1 2
2 3 line 2 3
3 2 line 3 12
4 4 line 12 11
5 4 line 11 10
6 1 line 10 1
7 5 quad 1 2 11 10
8 6 quad 2 3 12 11
)";

    const char *const two_cells_vtk = R"(# vtk DataFile Version 2.0
two cells
ASCII
DATASET UNSTRUCTURED_GRID
POINTS 6 double
0 0 0
2 0 0
3 0 0
0 1 0
2 1 0
3 1 0

CELLS 8 28
2 0 1
2 1 2
2 2 5
2 5 4
2 4 3
2 3 0
4 0 1 4 3
4 1 2 5 4

CELL_TYPES 8
3 3 3 3 3 3 9 9

CELL_DATA 8
SCALARS Something float 1
LOOKUP_TABLE default
1 1 1 1 1 1 1 1
SCALARS MaterialID int 1
LOOKUP_TABLE default
3 3 2 4 4 1 5 6
)";

    TEST_F(MeshFile, AllFormatsGiveTheSameMesh)
    {
      for (const auto &[name, content] :
           std::map<std::string, std::string>{{"a.msh", two_cells},
                                              {"a.unv", two_cells_unv},
                                              {"a.inp", two_cells_ucd},
                                              {"a.vtk", two_cells_vtk}})
      {
        SCOPED_TRACE(name);
        SpecimenMesh<2> mesh;
        EXPECT_TRUE(read_mesh_file(mesh, {write(name, content)}).empty());
        EXPECT_EQ(mesh.coarse.n_active_cells(), 2u);
        EXPECT_THAT(areas(mesh.coarse),
                    ElementsAre(Pair(1, 1.0), Pair(2, 1.0), Pair(3, 3.0), Pair(4, 3.0)));
        EXPECT_THAT(volumes(mesh.coarse), ElementsAre(Pair(5, 2.0), Pair(6, 1.0)));
      }
    }

    TEST_F(MeshFile, AbaqusSurfacesAndMaterialsGetTheNumbersOfTheirNames)
    {
      SpecimenMesh<2> mesh;
      read_mesh_file(mesh, {write("b.inp", two_cells_abaqus)});
      // "top" has no number and takes the first one that is left.
      EXPECT_THAT(mesh.boundary_names,
                  ElementsAre(Pair("SS2", 2), Pair("SS3", 3), Pair("left1", 1), Pair("top", 4)));
      EXPECT_THAT(mesh.material_names, ElementsAre(Pair("glass-5", 5), Pair("steel", 1)));
      EXPECT_THAT(areas(mesh.coarse),
                  ElementsAre(Pair(1, 1.0), Pair(2, 1.0), Pair(3, 3.0), Pair(4, 3.0)));
      EXPECT_THAT(volumes(mesh.coarse), ElementsAre(Pair(1, 1.0), Pair(5, 2.0)));
    }

    TEST_F(MeshFile, AbaqusSetsOfFacesAreBoundariesToo)
    {
      // As Gmsh writes its physical groups.
      const std::string text =
          "*NODE\n1,0,0,0\n2,2,0,0\n3,2,1,0\n4,0,1,0\n"
          "*ELEMENT, type=T3D2, ELSET=Line1\n1, 1, 2\n2, 2, 3\n3, 3, 4\n4, 4, 1\n"
          "*ELEMENT, type=CPS4, ELSET=Surface1\n5, 1, 2, 3, 4\n"
          "*ELSET,ELSET=bottom\n1,\n*ELSET,ELSET=side2\n2, 4,\n*ELSET,ELSET=top\n"
          "3,\n*ELSET,ELSET=plate\n5,\n";
      SpecimenMesh<2> mesh;
      read_mesh_file(mesh, {write("g.inp", text)});
      EXPECT_THAT(mesh.boundary_names,
                  ElementsAre(Pair("bottom", 1), Pair("side2", 2), Pair("top", 3)));
      EXPECT_THAT(areas(mesh.coarse), ElementsAre(Pair(1, 2.0), Pair(2, 2.0), Pair(3, 2.0)));
    }

    TEST_F(MeshFile, CutAbaqusFilesAreRefused)
    {
      const std::string text = two_cells_abaqus;
      // Up to the last surface: without the rest a mesh lacks cells, faces or ids.
      for (std::size_t end = 1; end < text.find("both, S3"); end += 7)
      {
        SCOPED_TRACE(end);
        SpecimenMesh<2> mesh;
        EXPECT_THROW(read_mesh_file(mesh, {write("b.inp", text.substr(0, end))}), InputError);
      }
    }

    TEST_F(MeshFile, NamesOfGmshAndUnvAreKept)
    {
      SpecimenMesh<2> mesh;
      read_mesh_file(mesh, {write("a.msh", two_cells)});
      EXPECT_THAT(mesh.boundary_names, ElementsAre(Pair("boundary 2", 2), Pair("boundary 3", 3),
                                                   Pair("grip left", 1), Pair("top", 4)));
      EXPECT_THAT(mesh.material_names, ElementsAre(Pair("platen", 6)));
      read_mesh_file(mesh, {write("a.unv", two_cells_unv)});
      EXPECT_THAT(mesh.boundary_names,
                  ElementsAre(Pair("3", 3), Pair("left1", 1), Pair("right 2", 2), Pair("top", 4)));
      EXPECT_THAT(mesh.material_names, ElementsAre(Pair("glass 5", 5), Pair("platen 6", 6)));
    }

    TEST_F(MeshFile, TheLengthUnitScalesTheMesh)
    {
      SpecimenMesh<2> mesh;
      read_mesh_file(mesh, {write("a.msh", two_cells), MeshFormat::gmsh, 1000.0});
      EXPECT_DOUBLE_EQ(GridTools::volume(mesh.coarse), 3e6);
    }

    /// What deal.II's reader makes of the same text.
    template <int dim>
    void expect_as_deal_ii_reads(const SpecimenMesh<dim> &mesh, const Triangulation<dim> &other)
    {
      ASSERT_EQ(mesh.coarse.n_active_cells(), other.n_active_cells());
      auto cell = other.begin_active();
      for (const auto &own : mesh.coarse.active_cell_iterators())
      {
        EXPECT_LT(own->center().distance(cell->center()), 1e-10);
        EXPECT_EQ(own->material_id(), cell->material_id());
        ++cell;
      }
      const auto own = areas(mesh.coarse), others = areas(other);
      ASSERT_EQ(own.size(), others.size());
      for (const auto &[id, area] : own)
        EXPECT_NEAR(area, others.at(id), 1e-9 * area) << "boundary " << id;
    }

    TEST_F(MeshFile, ShippedMeshesAreReadAsDealIiReadsThem)
    {
      SpecimenMesh<3> bar;
      EXPECT_TRUE(read_mesh_file(bar, {meshes / "notched_bar_platens.msh"}).empty());
      Triangulation<3> bar_of_deal_ii;
      GridIn<3> bar_reader(bar_of_deal_ii);
      std::ifstream bar_stream(meshes / "notched_bar_platens.msh");
      bar_reader.read_msh(bar_stream);
      expect_as_deal_ii_reads(bar, bar_of_deal_ii);

      SpecimenMesh<2> plate;
      EXPECT_TRUE(read_mesh_file(plate, {meshes / "plate_with_hole.msh"}).empty());
      Triangulation<2> plate_of_deal_ii;
      GridIn<2> plate_reader(plate_of_deal_ii);
      std::ifstream plate_stream(meshes / "plate_with_hole.msh");
      plate_reader.read_msh(plate_stream);
      expect_as_deal_ii_reads(plate, plate_of_deal_ii);
    }

    TEST_F(MeshFile, ShippedMeshesHaveTheSizesOfTheirGeometry)
    {
      constexpr double pi = numbers::PI;
      SpecimenMesh<3> bar;
      read_mesh_file(bar, {meshes / "notched_bar_platens.msh"});
      EXPECT_THAT(bar.boundary_names,
                  ElementsAre(Pair("lower x", 1), Pair("lower y", 3), Pair("lower z", 5),
                              Pair("notch", 7), Pair("upper x", 2), Pair("upper y", 4),
                              Pair("upper z", 6)));
      EXPECT_THAT(bar.material_names, ElementsAre(Pair("glass", 1), Pair("platen", 2)));
      const auto areas_of_bar = areas(bar.coarse);
      EXPECT_NEAR(areas_of_bar.at(3), 160.0 * 32.0, 1e-6);
      EXPECT_NEAR(areas_of_bar.at(1), (264.0 - 32.0) * 32.0, 1e-6);
      // A root of eight chords.
      EXPECT_NEAR(areas_of_bar.at(7),
                  32.0 * 2.0 * (2.0 * 16.0 + 8.0 * 2.0 * 16.0 * std::sin(pi / 16)), 1e-6);
      const auto volumes_of_bar = volumes(bar.coarse);
      EXPECT_NEAR(volumes_of_bar.at(2), 2.0 * 160.0 * 32.0 * 32.0, 1e-6);
      const double root = 0.5 * 8.0 * 16.0 * 16.0 * std::sin(pi / 8);
      EXPECT_NEAR(volumes_of_bar.at(1), 32.0 * (160.0 * 200.0 - 2.0 * (16.0 * 32.0 + root)), 1e-6);
      EXPECT_GT(worst_cell(bar.coarse).scaled_jacobian, 0.5);

      SpecimenMesh<2> plate;
      read_mesh_file(plate, {meshes / "plate_with_hole.msh"});
      const auto areas_of_plate = areas(plate.coarse);
      EXPECT_NEAR(areas_of_plate.at(plate.boundary_names.at("hole")),
                  32.0 * 2.0 * 36.0 * std::sin(pi / 32), 1e-6);
      EXPECT_NEAR(areas_of_plate.at(plate.boundary_names.at("upper y")), 240.0, 1e-9);
      EXPECT_GT(worst_cell(plate.coarse).scaled_jacobian, 0.5);
    }

    TEST_F(MeshFile, UcdAndVtkOfDealIiComeBackInSpace)
    {
      SpecimenMesh<3> bar;
      read_mesh_file(bar, {meshes / "notched_bar_platens.msh"});
      for (const bool vtk : {false, true})
      {
        const std::filesystem::path file = directory / (vtk ? "bar.vtk" : "bar.ucd");
        {
          std::ofstream stream(file);
          stream.precision(16);
          GridOut out;
          out.set_flags(GridOutFlags::Ucd(true, true));
          if (vtk)
            out.write_vtk(bar.coarse, stream);
          else
            out.write_ucd(bar.coarse, stream);
        }
        SpecimenMesh<3> again;
        read_mesh_file(again, {file});
        if (!vtk)
        {
          EXPECT_THAT(volumes(again.coarse),
                      ElementsAre(Pair(1, ::testing::_), Pair(2, ::testing::_)));
        }
        expect_as_deal_ii_reads(again, bar.coarse);
      }
    }

    TEST_F(MeshFile, AbaqusFacesInSpaceAreThoseOfItsManual)
    {
      // One brick of edges 1, 2, 3; S1 and S2 are its lower and upper z, S3 lower y, S4 upper x, S5
      // upper y, S6 lower x.
      std::string text = "*NODE\n1,0,0,0\n2,1,0,0\n3,1,2,0\n4,0,2,0\n5,0,0,3\n6,1,0,3\n7,1,2,3\n"
                         "8,0,2,3\n*ELEMENT, TYPE=C3D8\n1,1,2,3,4,5,6,7,8\n";
      for (int s = 1; s <= 6; ++s)
        text += "*SURFACE, NAME=S" + std::to_string(s) + "\n1,S" + std::to_string(s) + "\n";
      SpecimenMesh<3> mesh;
      read_mesh_file(mesh, {write("brick.inp", text)});
      const std::map<types::boundary_id, Point<3>> centres = {{1, {0.5, 1, 0}},   {2, {0.5, 1, 3}},
                                                              {3, {0.5, 0, 1.5}}, {4, {1, 1, 1.5}},
                                                              {5, {0.5, 2, 1.5}}, {6, {0, 1, 1.5}}};
      for (const auto &face : mesh.coarse.begin_active()->face_iterators())
        EXPECT_LT(face->center().distance(centres.at(face->boundary_id())), 1e-12);
    }

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

    TEST_F(MeshFile, WhatIsNoMeshIsNamed)
    {
      SpecimenMesh<2> mesh;
      try
      {
        read_mesh_file(mesh, {directory / "missing.msh"});
        ADD_FAILURE() << "no InputError";
      }
      catch (const InputError &error)
      {
        EXPECT_THAT(error.what(), HasSubstr("missing.msh: no such mesh file"));
      }
      EXPECT_THAT(error_of<2>("a.msh", "hello\n"), HasSubstr("not known as a mesh file"));
      EXPECT_THAT(error_of<2>("empty.msh", ""), HasSubstr("not known as a mesh file"));
      EXPECT_THAT(error_of<2>("b.msh", replaced(two_cells, "2.2 0 8", "2.2 1 8")),
                  HasSubstr("line 2: a binary file; expected text"));
      EXPECT_THAT(error_of<2>("v.msh", replaced(two_cells, "2.2 0 8", "3 0 8")),
                  HasSubstr("version 3 of Gmsh's format; expected 2.2 or 4.1"));
      EXPECT_THAT(error_of<2>("c.msh", replaced(two_cells, "11 2 1 0", "11 2 one 0")),
                  HasSubstr("line 16: expected a coordinate, a number, found \"one\""));
      EXPECT_THAT(error_of<2>("d.msh", replaced(two_cells, "2 3 12 11\n", "2 3 12 99\n")),
                  HasSubstr("element 8: there is no node 99"));
      EXPECT_THAT(error_of<2>("e.vtk", replaced(two_cells_vtk, "4 1 2 5 4", "4 1 2 5 6")),
                  HasSubstr("element 7: there is no node 6"));
      EXPECT_THAT(error_of<2>("f.vtk", replaced(two_cells_vtk, "CELLS 8", "CELLS 4000000000")),
                  HasSubstr("the number of cells is 4000000000, more than the file holds"));
    }

    TEST_F(MeshFile, CutFilesAreRefusedWhereverTheyEnd)
    {
      const std::map<std::string, std::string> files = {{"a.msh", two_cells},
                                                        {"c.unv", two_cells_unv},
                                                        {"d.inp", two_cells_ucd},
                                                        {"e.vtk", two_cells_vtk}};
      for (const auto &[name, content] : files)
        for (std::size_t end = 1; end + 3 < content.size(); end += 7)
        {
          SCOPED_TRACE(name + " of " + std::to_string(end) + " bytes");
          SpecimenMesh<2> mesh;
          // UNV cut before its groups and VTK before its data are whole, but have no ids.
          EXPECT_THROW(read_mesh_file(mesh, {write(name, content.substr(0, end))}), InputError);
        }
    }
  } // namespace
} // namespace seem::solver
