// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_SPECIMEN_PARAMETERS_H
#define SEEM_COMMANDS_SPECIMEN_PARAMETERS_H

#include <seem/commands/parameters.h>
#include <seem/solver/mesh_file.h>
#include <seem/solver/specimen_mesh.h>
#include <seem/solver/specimen_shapes.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace seem::commands
{
  enum class SpecimenGeometry
  {
    box,
    plate_with_hole,
    notched_bar,
    dog_bone,
    cylinder,
    ring,
    mesh_file
  };

  /// Section "Specimen" of `seem run`.
  struct SpecimenParameters
  {
    unsigned int dimension = 2;
    unsigned int degree = 1;     ///< of the displacements
    bool mean_dilatation = true; ///< of Q1
    SpecimenGeometry geometry = SpecimenGeometry::box;

    std::vector<unsigned int> n_cells; ///< of the box; empty: automatic
    double cell_edge = 0.0;            ///< [nm]; 0: so that m = 1 for every state
    std::vector<double> edges;         ///< of the box [nm]; empty: cells times their edge
    double thickness = 0.0;            ///< [nm]; 0: automatic
    unsigned int n_refinements = 0;    ///< beyond those that the edge of the cells asks for
    std::optional<std::array<bool, 3>> periodic; ///< by axis; none: automatic

    solver::PlateWithHole plate_with_hole;
    solver::NotchedBar notched_bar;
    solver::DogBone dog_bone;
    solver::Cylinder cylinder;
    solver::Ring ring;
    solver::MeshFileSettings mesh_file;

    /// Quadrature points of a cell: degree + 1 along each direction.
    unsigned int n_points_per_cell() const;

    static void declare(dealii::ParameterHandler &prm);

    /// @throws InputError naming the parameter that does not fit the others, and the cure
    static SpecimenParameters parse(const Parameters &parameters);
  };

  /// The lengths of a specimen with "automatic" resolved.
  struct SpecimenLengths
  {
    double cell_edge; ///< [nm]
    double thickness; ///< [nm]; of the box and the cylinder in space without meaning
  };

  /**
   * The automatic thickness is the edge of the representative volume in plane strain and four edges
   * of cells in space; the automatic edge of a cell is such that each of its states owns one
   * representative volume.
   * @param[in] representative_volume  [nm^3]
   * @param[in] n_states_per_cell      states of the law in a cell
   */
  SpecimenLengths specimen_lengths(const SpecimenParameters &parameters,
                                   const double representative_volume,
                                   const unsigned int n_states_per_cell);

  /**
   * Make the mesh that the parameters describe.
   * @return notices for the user
   * @throws InputError naming the section, what does not fit and the cure
   */
  template <int dim>
  std::vector<std::string> make_specimen(const SpecimenParameters &parameters,
                                         const SpecimenLengths &lengths,
                                         solver::SpecimenMesh<dim> &mesh);
} // namespace seem::commands

#endif
