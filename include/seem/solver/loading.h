// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_LOADING_H
#define SEEM_SOLVER_LOADING_H

#include <seem/law/mixed_control.h>
#include <seem/law/tensor.h>

#include <deal.II/base/point.h>
#include <deal.II/base/tensor.h>
#include <deal.II/base/types.h>

#include <array>
#include <functional>
#include <map>
#include <vector>

namespace seem::solver
{
  /// Displacement components that are held or moved on a part of the boundary.
  template <int dim>
  struct BoundaryMotion
  {
    dealii::types::boundary_id boundary;
    std::array<bool, dim> components; ///< prescribed ones
    /// Displacement [nm] of a component at a point and pseudo-time; zero at the start.
    std::function<double(const dealii::Point<dim> &, unsigned int component, double t)> value;
  };

  /// Traction on a part of the boundary.
  template <int dim>
  struct BoundaryTraction
  {
    dealii::types::boundary_id boundary;
    /// Traction [GPa] at a point with outward unit normal and pseudo-time.
    std::function<dealii::Tensor<1, dim>(const dealii::Point<dim> &,
                                         const dealii::Tensor<1, dim> &normal, double t)>
        value;
  };

  /**
   * All that drives a body, as functions of a pseudo-time t. The displacement is u = E x + v: E the
   * mean strain, v periodic where the mesh is periodic and prescribed where a boundary is moved.
   */
  template <int dim>
  struct Loading
  {
    /// Later entries win where boundaries meet.
    std::vector<BoundaryMotion<dim>> motions;
    std::vector<BoundaryTraction<dim>> tractions;
    /// Which components of the mean strain E follow from a prescribed mean stress; of a body
    /// without periodic faces E is zero.
    law::ComponentControl mean_control = {};
    /// Prescribed mean strain [-] or mean stress [GPa], component by component; none: zero.
    law::LoadPath mean;

    /// By boundary id: the prescribed components of all motions.
    std::map<dealii::types::boundary_id, std::array<bool, dim>> prescribed_components() const
    {
      std::map<dealii::types::boundary_id, std::array<bool, dim>> result;
      for (const BoundaryMotion<dim> &motion : motions)
      {
        auto &components = result.try_emplace(motion.boundary).first->second;
        for (unsigned int d = 0; d < dim; ++d)
          components[d] = components[d] || motion.components[d];
      }
      return result;
    }

    bool stress_controlled() const
    {
      for (const law::Control control : mean_control)
        if (control == law::Control::stress)
          return true;
      return !tractions.empty();
    }
  };

  /// Periodic simple shear gamma_xy = 2 E_xy = @p gamma(t).
  template <int dim>
  Loading<dim> periodic_shear(std::function<double(double)> gamma)
  {
    Loading<dim> loading;
    loading.mean = [gamma = std::move(gamma)](const double t) {
      return law::simple_shear(gamma(t));
    };
    return loading;
  }
} // namespace seem::solver

#endif
