// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_SUPPORT_PERIODIC_SPECIMEN_H
#define SEEM_TESTS_SUPPORT_PERIODIC_SPECIMEN_H

#include <seem/solver/body.h>
#include <seem/solver/equilibrium.h>
#include <seem/solver/load_stepper.h>
#include <seem/solver/material_points.h>

#include <array>
#include <functional>
#include <memory>
#include <vector>

namespace seem::testing
{
  /// Length of a cell edge of the test bodies, and their thickness in plane strain [nm].
  constexpr double cell_edge = 3.0, thickness = 2.5;

  template <int dim>
  using InitialState = std::function<State(const solver::QuadraturePoint<dim> &)>;

  /// A body with its points, m = 1 for every state, built from a law; in equilibrium at t = 0.
  template <int dim>
  class TestBody
  {
  public:
    TestBody(const MPI_Comm communicator, std::shared_ptr<const solver::SpecimenMesh<dim>> mesh,
             solver::Loading<dim> loading, const law::MaterialLaw &law,
             const InitialState<dim> &initial, solver::BodySettings settings = {},
             const solver::EquilibriumParameters &parameters = {},
             const solver::StateSupport support = solver::StateSupport::point)
        : body(communicator, std::move(mesh), std::move(loading), settings),
          quadrature_points(body.balance->quadrature_points()),
          points(law, data_of(quadrature_points, support), volumes_of(quadrature_points))
    {
      points.initialise(
          [&](const std::size_t p, const PointKey &) { return initial(quadrature_points[p]); });
      equilibrium = std::make_unique<solver::Equilibrium<dim>>(
          *body.balance, points, *body.preconditioner, body.program, communicator, parameters);
    }

    solver::Body<dim> body;
    std::vector<solver::QuadraturePoint<dim>> quadrature_points;
    solver::MaterialPoints points;
    std::unique_ptr<solver::Equilibrium<dim>> equilibrium;

  private:
    static std::vector<law::PointData>
    data_of(const std::vector<solver::QuadraturePoint<dim>> &quadrature_points,
            const solver::StateSupport support)
    {
      std::vector<law::PointData> data;
      for (const auto &point : quadrature_points)
        if (support == solver::StateSupport::point || point.key.quadrature_point == 0)
          data.push_back({point.key, 1.0});
      return data;
    }

    static std::vector<double>
    volumes_of(const std::vector<solver::QuadraturePoint<dim>> &quadrature_points)
    {
      std::vector<double> volumes;
      for (const auto &point : quadrature_points)
        volumes.push_back(point.volume);
      return volumes;
    }
  };

  /// A box of cubic cells.
  template <int dim>
  std::shared_ptr<const solver::SpecimenMesh<dim>>
  box_mesh(const std::array<unsigned int, dim> &n_cells, const bool periodic)
  {
    auto mesh = std::make_shared<solver::SpecimenMesh<dim>>();
    std::array<double, dim> edges;
    std::array<bool, dim> directions;
    for (unsigned int d = 0; d < dim; ++d)
      edges[d] = n_cells[d] * cell_edge;
    directions.fill(periodic);
    solver::make_box<dim>(*mesh, edges, n_cells, directions);
    return mesh;
  }

  /// A periodic box in plane strain under simple shear gamma_xy = t.
  class PeriodicSpecimen : public TestBody<2>
  {
  public:
    PeriodicSpecimen(
        const MPI_Comm communicator, const std::array<unsigned int, 2> &n_cells,
        const law::MaterialLaw &law, const InitialState<2> &initial,
        const solver::EquilibriumParameters &parameters = {},
        const solver::StateSupport support = solver::StateSupport::point,
        const solver::PreconditionerKind preconditioner = solver::PreconditionerKind::automatic)
        : TestBody<2>(communicator, box_mesh<2>(n_cells, true),
                      solver::periodic_shear<2>([](const double t) { return t; }), law, initial,
                      {1, {thickness, true}, preconditioner}, parameters, support)
    {
    }
  };
} // namespace seem::testing

#endif
