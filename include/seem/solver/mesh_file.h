// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_MESH_FILE_H
#define SEEM_SOLVER_MESH_FILE_H

#include <seem/solver/specimen_mesh.h>

#include <filesystem>
#include <string>
#include <vector>

namespace seem::solver
{
  /// Formats of mesh files, all as text.
  enum class MeshFormat
  {
    automatic, ///< by the name of the file and, where that is not enough, by its begin
    gmsh,      ///< .msh, versions 2.2 and 4.1
    abaqus,    ///< .inp of Abaqus: *NODE, *ELEMENT, *ELSET, *SURFACE, *SOLID SECTION
    unv,       ///< .unv, data sets 2411, 2412 and groups
    ucd,       ///< .inp or .ucd of AVS
    vtk        ///< .vtk, legacy, unstructured grid; ids from the cell data MaterialID
  };

  struct MeshFileSettings
  {
    std::filesystem::path file;
    MeshFormat format = MeshFormat::automatic;
    double unit = 1.0; ///< length unit of the file [nm]
    /// Faces of the boundary that the file gives no id get id 0 and the name "free"; else they are
    /// an error.
    bool unnamed_faces_are_free = false;
  };

  /**
   * Read a mesh of quadrilaterals (dim = 2) or hexahedra (dim = 3). Material ids and boundary ids,
   * from 1, are those of the file: Gmsh's physical groups; material names and surfaces of Abaqus
   * and groups of UNV, by the number at the end of the name, else numbered as they come; ids of
   * UCD and VTK. Names of boundaries and materials come along from Gmsh, Abaqus and UNV; an id
   * without name is called "boundary 3". Cells keep the order of the file. There are no manifolds:
   * refinement of a file's mesh does not follow curves.
   *
   * deal.II's own readers know no names, take unusable elements for others, and do not survive cut
   * files in an optimised build; here the file is read and checked first, then handed to deal.II.
   *
   * @return notices for the user: nodes that no cell uses and that were dropped
   * @throws InputError in one line, naming file and line, element or cell, and the cure: no such
   * file; a cut file; elements other than the above; a mesh of another dimension; cells that are
   * degenerate or inside out; nodes that hang on an edge, parts that are not joined; faces of the
   * boundary without id, ids on faces inside
   */
  template <int dim>
  std::vector<std::string> read_mesh_file(SpecimenMesh<dim> &mesh,
                                          const MeshFileSettings &settings);
} // namespace seem::solver

#endif
