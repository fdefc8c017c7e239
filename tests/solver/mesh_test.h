// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_SOLVER_MESH_TEST_H
#define SEEM_TESTS_SOLVER_MESH_TEST_H

// Before deal.II, whose macro Assert it cannot live with.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <seem/core/exceptions.h>
#include <seem/solver/mesh_file.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>

namespace seem::solver
{
  inline const std::filesystem::path meshes = std::filesystem::path(SEEM_SOURCE_DIR) / "meshes";

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
        EXPECT_THAT(error.what(), ::testing::HasSubstr(name));
        return error.what();
      }
      ADD_FAILURE() << "no InputError";
      return "";
    }

    std::filesystem::path directory;
  };

  inline std::string content_of(const std::filesystem::path &file)
  {
    std::stringstream content;
    content << std::ifstream(file, std::ios::binary).rdbuf();
    return content.str();
  }

  inline std::string replaced(std::string text, const std::string &what, const std::string &by)
  {
    const std::size_t position = text.find(what);
    EXPECT_NE(position, std::string::npos) << what;
    return text.replace(position, what.size(), by);
  }

  template <int dim>
  std::map<dealii::types::boundary_id, double> areas(const dealii::Triangulation<dim> &mesh)
  {
    std::map<dealii::types::boundary_id, double> result;
    for (const auto &cell : mesh.active_cell_iterators())
      for (const auto &face : cell->face_iterators())
        if (face->at_boundary())
          result[face->boundary_id()] += face->measure();
    return result;
  }

  template <int dim>
  std::map<dealii::types::material_id, double> volumes(const dealii::Triangulation<dim> &mesh)
  {
    std::map<dealii::types::material_id, double> result;
    for (const auto &cell : mesh.active_cell_iterators())
      result[cell->material_id()] += cell->measure();
    return result;
  }

  /// Two cells beside each other: x from 0 to 2 and to 3, y from 0 to 1; ids 1 to 4 for the left,
  /// right, lower and upper boundary, materials 5 and 6.
  inline const char *const two_cells = R"($MeshFormat
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

  inline const char *const two_cells_abaqus = R"(*HEADING
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

  inline const char *const two_cells_unv = R"(    -1
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

  inline const char *const two_cells_ucd = R"(# a comment
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

  inline const char *const two_cells_vtk = R"(# vtk DataFile Version 2.0
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
} // namespace seem::solver

#endif
