// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_points.h"

#include <seem/solver/collective.h>

#include <deal.II/grid/grid_tools.h>

namespace seem::commands
{
  namespace
  {
    /// Lengths of the specimen along its periodic directions [nm], else 0.
    template <int dim>
    std::array<double, dim> periods_of(const solver::SpecimenMesh<dim> &mesh)
    {
      std::array<double, dim> periods = {};
      const auto box = dealii::GridTools::compute_bounding_box(mesh.coarse);
      for (const solver::PeriodicFaces &faces : mesh.periodic)
        periods[faces.direction] = box.side_length(faces.direction);
      return periods;
    }

    /// The laws of the specimen's parts and the one of every state.
    solver::MaterialLaws laws_of_states(const law::MaterialLaw &main,
                                        const std::vector<MaterialRegion> &regions,
                                        const std::vector<unsigned int> &regions_of_cells,
                                        const std::size_t n_states)
    {
      solver::MaterialLaws result;
      result.laws.push_back(&main);
      for (const MaterialRegion &region : regions)
        result.laws.push_back(region.law.get());
      const std::size_t n_per_cell =
          regions_of_cells.empty() ? 1 : n_states / regions_of_cells.size();
      for (const unsigned int region : regions_of_cells)
        result.law_of_state.insert(result.law_of_state.end(), n_per_cell, region);
      return result;
    }
  } // namespace

  template <int dim>
  RunPoints<dim> make_run_points(const RunContext &context, const solver::Body<dim> &body,
                                 const MPI_Comm communicator)
  {
    const RunParameters &run = context.run;
    RunPoints<dim> result;
    result.quadrature_points = body.balance->quadrature_points();
    const std::vector<unsigned int> regions =
        regions_of_cells(run.regions, context.parameters, body, communicator);
    result.states = make_state_data(
        result.quadrature_points, body.balance->n_quadrature_points_per_cell(), regions,
        run.support, run.volume_rule, context.representative_volume, communicator);
    if (run.volume_rule == law::VolumeRule::sub_rve)
      result.n_volumes = largest_number_of_volumes(result.states.largest);
    result.law = make_law(run.material, context.database, result.n_volumes);

    std::vector<double> volumes;
    for (const solver::QuadraturePoint<dim> &point : result.quadrature_points)
      volumes.push_back(point.volume);
    result.points = std::make_unique<solver::MaterialPoints>(
        laws_of_states(*result.law, run.regions, regions, result.states.data.size()),
        result.states.data, volumes);
    solver::run_collectively(communicator, [&] {
      const InitialStateField<dim> initial = make_initial_state_field<dim>(
          run.initial, context.states, context.database, run.seed, periods_of(*body.mesh));
      result.points->initialise([&](const std::size_t p, const PointKey &key) {
        return initial(result.quadrature_points[p].position, key);
      });
    });
    return result;
  }

  template RunPoints<2> make_run_points(const RunContext &, const solver::Body<2> &, MPI_Comm);
  template RunPoints<3> make_run_points(const RunContext &, const solver::Body<3> &, MPI_Comm);
} // namespace seem::commands
