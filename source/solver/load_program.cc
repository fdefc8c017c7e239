// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/solver/load_program.h>

#include <deal.II/base/quadrature_lib.h>
#include <deal.II/dofs/dof_tools.h>
#include <deal.II/fe/fe_values.h>
#include <deal.II/fe/mapping_q1.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace seem::solver
{
  using namespace dealii;

  template <int dim>
  std::vector<typename LoadProgram<dim>::BoundaryDof>
  LoadProgram<dim>::dofs_on(const types::boundary_id boundary,
                            const std::array<bool, dim> &components) const
  {
    const FiniteElement<dim> &fe = discretisation.fe;
    const MappingQ1<dim> mapping;
    std::vector<BoundaryDof> result;
    std::vector<types::global_dof_index> indices(fe.n_dofs_per_face());
    std::set<types::global_dof_index> seen;
    // Nodes of ghost cells, too: an owned node may be on the boundary only by them.
    for (const auto &cell : discretisation.dof_handler.active_cell_iterators())
    {
      if (cell->is_artificial())
        continue;
      for (const unsigned int f : cell->face_indices())
      {
        if (!cell->at_boundary(f) || cell->face(f)->boundary_id() != boundary)
          continue;
        cell->face(f)->get_dof_indices(indices);
        for (unsigned int i = 0; i < indices.size(); ++i)
        {
          const unsigned int component = fe.face_system_to_component_index(i).first;
          if (!components[component] ||
              !discretisation.dof_handler.locally_owned_dofs().is_element(indices[i]) ||
              !seen.insert(indices[i]).second)
            continue;
          const Point<dim> unit = fe.unit_support_point(fe.face_to_cell_index(i, f));
          result.push_back(
              {indices[i], component, mapping.transform_unit_to_real_cell(cell, unit)});
        }
      }
    }
    return result;
  }

  template <int dim>
  LoadProgram<dim>::LoadProgram(const Discretisation<dim> &discretisation,
                                const BalanceOperator<dim> &balance, Loading<dim> loading,
                                const double thickness)
      : discretisation(discretisation), balance(balance), data(std::move(loading)),
        thickness(thickness)
  {
    for (const BoundaryMotion<dim> &motion : data.motions)
      moved.push_back(dofs_on(motion.boundary, motion.components));
    std::array<bool, dim> all;
    all.fill(true);
    for (const types::boundary_id id : moved_boundaries())
      nodes[id] = dofs_on(id, all);

    std::set<types::boundary_id> present;
    for (const types::boundary_id id : discretisation.triangulation.get_boundary_ids())
      present.insert(id);
    for (const BoundaryTraction<dim> &traction : data.tractions)
      if (present.count(traction.boundary) == 0)
        throw InputError(fmt::format("a traction acts on boundary {}; the mesh has {}",
                                     traction.boundary, fmt::join(present, ", ")));
  }

  template <int dim>
  void LoadProgram<dim>::evaluate(const double t, Load &load) const
  {
    load.time = t;
    load.mean = data.mean ? data.mean(t) : law::SymmetricTensor(law::SymmetricTensor::Zero());
    if (!load.mean.allFinite())
      throw InputError(fmt::format("the mean strain or stress at t = {:g} is not finite", t));

    if (!data.motions.empty())
    {
      if (load.lift.size() == 0)
        balance.initialise_vector(load.lift);
      load.lift = 0.0;
      for (std::size_t i = 0; i < data.motions.size(); ++i)
        for (const BoundaryDof &dof : moved[i])
        {
          const double value = data.motions[i].value(dof.place, dof.component, t);
          if (!std::isfinite(value))
            throw InputError(
                fmt::format("the displacement prescribed on boundary {} at t = {:g} is not finite",
                            data.motions[i].boundary, t));
          load.lift(dof.index) = value;
        }
    }

    if (data.tractions.empty())
      return;
    if (load.forces.size() == 0)
      balance.initialise_vector(load.forces);
    load.forces = 0.0;
    const QGauss<dim - 1> quadrature(discretisation.degree + 1);
    const MappingQ1<dim> mapping; // FEFaceValues refers to it
    FEFaceValues<dim> values(mapping, discretisation.fe, quadrature,
                             update_values | update_quadrature_points | update_normal_vectors |
                                 update_JxW_values);
    std::vector<types::global_dof_index> indices(discretisation.fe.n_dofs_per_cell());
    Vector<double> local(indices.size());
    for (const auto &cell : discretisation.dof_handler.active_cell_iterators())
    {
      if (!cell->is_locally_owned() || !cell->at_boundary())
        continue;
      for (const unsigned int f : cell->face_indices())
        for (const BoundaryTraction<dim> &traction : data.tractions)
        {
          if (!cell->at_boundary(f) || cell->face(f)->boundary_id() != traction.boundary)
            continue;
          values.reinit(cell, f);
          local = 0.0;
          for (unsigned int q = 0; q < quadrature.size(); ++q)
          {
            const Tensor<1, dim> force =
                traction.value(values.quadrature_point(q), values.normal_vector(q), t);
            for (unsigned int i = 0; i < indices.size(); ++i)
              local(i) += force[discretisation.fe.system_to_component_index(i).first] *
                          values.shape_value(i, q) * values.JxW(q) * thickness;
          }
          cell->get_dof_indices(indices);
          discretisation.constraints.distribute_local_to_global(local, indices, load.forces);
        }
    }
    load.forces.compress(VectorOperation::add);
  }

  template <int dim>
  std::vector<types::boundary_id> LoadProgram<dim>::moved_boundaries() const
  {
    std::vector<types::boundary_id> ids;
    for (const auto &[id, components] : data.prescribed_components())
      ids.push_back(id);
    return ids;
  }

  template <int dim>
  void LoadProgram<dim>::unit_motion(const types::boundary_id boundary, const unsigned int mode,
                                     Load::Vector &v) const
  {
    if (v.size() == 0)
      balance.initialise_vector(v);
    v = 0.0;
    for (const BoundaryDof &dof : nodes.at(boundary))
    {
      double value = 0.0;
      if (mode < dim)
        value = dof.component == mode ? 1.0 : 0.0;
      else
      {
        const unsigned int axis = dim == 2 ? 2 : mode - dim;
        const unsigned int i = (axis + 1) % 3, j = (axis + 2) % 3;
        value = dof.component == j ? dof.place[i] : dof.component == i ? -dof.place[j] : 0.0;
      }
      v(dof.index) = value;
    }
  }

  template class LoadProgram<2>;
  template class LoadProgram<3>;
} // namespace seem::solver
