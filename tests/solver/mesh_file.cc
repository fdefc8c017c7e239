// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mesh_test.h"

#include <seem/solver/cell_quality.h>

#include <deal.II/base/mpi.h>
#include <deal.II/grid/grid_in.h>
#include <deal.II/grid/grid_out.h>
#include <deal.II/grid/grid_tools.h>

namespace seem::solver
{
  namespace
  {
    using namespace dealii;
    using ::testing::ElementsAre;
    using ::testing::HasSubstr;
    using ::testing::Pair;

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
