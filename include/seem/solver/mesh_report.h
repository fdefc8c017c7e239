// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_MESH_REPORT_H
#define SEEM_SOLVER_MESH_REPORT_H

#include <seem/solver/specimen_mesh.h>

#include <iosfwd>
#include <string>
#include <vector>

namespace seem::solver
{
  struct MeshReportSettings
  {
    unsigned int degree = 1;            ///< of the displacements: 1 or 2
    double thickness = 1.0;             ///< in plane strain [nm]
    double representative_volume = 1.0; ///< of the law [nm^3]
    bool one_state_per_cell = false;    ///< else one at every quadrature point
  };

  /// What a mesh is like, refined as it will be solved on.
  struct MeshReport
  {
    struct Boundary
    {
      dealii::types::boundary_id id;
      std::string name; ///< empty: none
      unsigned long n_faces;
      double area; ///< [nm^2]
    };

    struct Material
    {
      dealii::types::material_id id;
      std::string name; ///< empty: none
      unsigned long n_cells;
      double volume; ///< [nm^3]
    };

    struct Periodicity
    {
      unsigned int direction;
      std::string lower, upper; ///< names of the boundaries
      std::string mismatch;     ///< empty: the faces match
    };

    struct Range
    {
      double smallest, median, largest;
    };

    unsigned int dimension, degree, n_refinements;
    unsigned long n_coarse_cells, n_cells;
    unsigned long n_unknowns; ///< periodic ones counted once; before prescribed displacements
    unsigned long n_states;   ///< of the law
    std::vector<Boundary> boundaries;
    std::vector<Material> materials;
    std::vector<Periodicity> periodicities;
    double volume;                    ///< [nm^3]
    Range edge;                       ///< of cells [nm]
    Range volume_ratio;               ///< m: volume of a state over the representative volume [-]
    double worst_quality;             ///< smallest scaled Jacobian
    unsigned int worst_cell;          ///< its coarse cell, from 0, in the order of the mesh file
    std::vector<double> worst_centre; ///< [nm]
  };

  /**
   * Measure a mesh. Serial: it refines a copy of the whole mesh. Volumes and areas are those of the
   * quadrature with degree + 1 points per direction on cells with straight edges.
   */
  template <int dim>
  MeshReport make_mesh_report(const SpecimenMesh<dim> &mesh, const MeshReportSettings &settings);

  /// As text for the user, several lines.
  std::string mesh_report_text(const MeshReport &report);

  /// The same for programs.
  std::string mesh_report_json(const MeshReport &report);

  /// The refined mesh as a legacy VTK file, with material ids, for ParaView and tools/figures.
  template <int dim>
  void write_mesh_vtk(const SpecimenMesh<dim> &mesh, std::ostream &stream);

  /**
   * Whether two opposite boundaries can be one by periodicity: each face of one has a face of the
   * other that is shifted along the direction alone.
   * @return what does not match; empty if all does
   */
  template <int dim>
  std::string periodic_mismatch(const dealii::Triangulation<dim> &coarse,
                                const PeriodicFaces &faces);
} // namespace seem::solver

#endif
