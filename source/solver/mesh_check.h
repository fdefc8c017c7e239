// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_SOLVER_MESH_CHECK_H
#define SEEM_SOURCE_SOLVER_MESH_CHECK_H

#include "raw_mesh.h"

#include <seem/solver/mesh_file.h>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace seem::solver
{
  /// Checks of the mesh of a file, and the handing over to deal.II. Refers to both arguments.
  template <int dim>
  class MeshCheck
  {
  public:
    MeshCheck(const RawMesh &raw, const MeshFileSettings &settings);

    /// @throws InputError as read_mesh_file() says
    void run();

    /// Hand the mesh, after run(), to deal.II.
    /// @throws InputError if deal.II cannot use it
    void create(SpecimenMesh<dim> &mesh) const;

    /// Nodes that no cell uses.
    std::size_t n_unused_nodes() const;

  private:
    struct Face
    {
      std::vector<unsigned int> nodes; ///< in their order around the face
      const RawMesh::Element *cell;
      unsigned int n_cells = 1;
      int id = 0;
    };

    [[noreturn]] void fail(const std::string &what) const;
    std::string describe(const RawMesh::Element &element) const;
    dealii::Point<dim> position(const unsigned int node) const;
    dealii::Point<dim> centre(const std::vector<unsigned int> &nodes) const;

    void check_elements() const;
    void check_plane() const;
    void check_cells() const;
    void find_faces();
    void check_ids();
    void check_joints() const;
    void check_unnamed() const;

    const RawMesh &raw;
    const MeshFileSettings &settings;
    const ElementShape &cell_shape, &face_shape;
    std::vector<const RawMesh::Element *> cells;
    std::map<std::vector<unsigned int>, Face> faces; ///< by their sorted nodes
  };
} // namespace seem::solver

#endif
