// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_SUPPORT_PERIODIC_SPECIMEN_H
#define SEEM_TESTS_SUPPORT_PERIODIC_SPECIMEN_H

#include <seem/solver/balance_operator.h>
#include <seem/solver/equilibrium.h>
#include <seem/solver/load_stepper.h>
#include <seem/solver/material_points.h>
#include <seem/solver/periodic_box.h>

#include <array>
#include <functional>
#include <vector>

namespace seem::testing
{
  /// A periodic box in plane strain, m = 1 for every state, built from a law.
  class PeriodicSpecimen
  {
  public:
    using InitialState = std::function<State(const solver::QuadraturePoint<2> &)>;

    PeriodicSpecimen(const MPI_Comm communicator, const std::array<unsigned int, 2> &n_cells,
                     const law::MaterialLaw &law, const InitialState &initial,
                     const solver::EquilibriumParameters &parameters = {},
                     const solver::StateSupport support = solver::StateSupport::point)
        : box(communicator, {{n_cells[0] * cell_edge, n_cells[1] * cell_edge}}, n_cells),
          balance(box.dof_handler, box.constraints, thickness),
          quadrature_points(balance.quadrature_points()),
          points(law, data_of(quadrature_points, support), volumes_of(quadrature_points))
    {
      points.initialise(
          [&](const std::size_t p, const PointKey &) { return initial(quadrature_points[p]); });
      equilibrium =
          std::make_unique<solver::Equilibrium<2>>(balance, points, communicator, parameters);
    }

    static constexpr double cell_edge = 3.0; ///< [nm]
    static constexpr double thickness = 2.5; ///< [nm]

    solver::PeriodicBox<2> box;
    solver::BalanceOperator<2> balance;
    std::vector<solver::QuadraturePoint<2>> quadrature_points;
    solver::MaterialPoints points;
    std::unique_ptr<solver::Equilibrium<2>> equilibrium;

  private:
    static std::vector<law::PointData>
    data_of(const std::vector<solver::QuadraturePoint<2>> &quadrature_points,
            const solver::StateSupport support)
    {
      std::vector<law::PointData> data;
      for (const auto &point : quadrature_points)
        if (support == solver::StateSupport::point || point.key.quadrature_point == 0)
          data.push_back({point.key, 1.0});
      return data;
    }

    static std::vector<double>
    volumes_of(const std::vector<solver::QuadraturePoint<2>> &quadrature_points)
    {
      std::vector<double> volumes;
      for (const auto &point : quadrature_points)
        volumes.push_back(point.volume);
      return volumes;
    }
  };
} // namespace seem::testing

#endif
