// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/solver/collective.h>
#include <seem/solver/field_output.h>

#include <deal.II/base/function.h>
#include <deal.II/fe/mapping_q1.h>
#include <deal.II/numerics/data_out.h>
#include <deal.II/numerics/vector_tools_interpolate.h>

#include <fmt/format.h>

#include <cstdio>
#include <fstream>

namespace seem::solver
{
  using namespace dealii;

  namespace
  {
    /// Displacement of the mean strain eps_xy = gamma/2: u = eps x.
    template <int dim>
    class MeanDisplacement final : public Function<dim>
    {
    public:
      explicit MeanDisplacement(const double gamma) : Function<dim>(dim), gamma(gamma)
      {
      }

      double value(const Point<dim> &x, const unsigned int component) const override
      {
        return component > 1 ? 0.0 : 0.5 * gamma * x[1 - component];
      }

    private:
      double gamma;
    };
  } // namespace

  template <int dim>
  FieldOutput<dim>::FieldOutput(const PeriodicBox<dim> &box, const BalanceOperator<dim> &balance,
                                const MaterialPoints &points, std::string directory)
      : box(box), balance(balance), points(points), directory(std::move(directory))
  {
  }

  template <int dim>
  void FieldOutput<dim>::write(const typename BalanceOperator<dim>::Vector &u, const double strain)
  {
    const MPI_Comm communicator = box.triangulation.get_communicator();

    using Vector = typename BalanceOperator<dim>::Vector;
    Vector displacement(box.dof_handler.locally_owned_dofs(), box.locally_relevant, communicator);
    displacement.copy_locally_owned_data_from(u);
    box.constraints.distribute(displacement);
    Vector mean(box.dof_handler.locally_owned_dofs(), box.locally_relevant, communicator);
    VectorTools::interpolate(MappingQ1<dim>(), box.dof_handler, MeanDisplacement<dim>(strain),
                             mean);
    displacement += mean;
    displacement.update_ghost_values();

    const std::vector<std::string> names = {"tau_GPa", "x1_eV", "plastic_strain", "n_events",
                                            "stress_xy_GPa"};
    std::vector<dealii::Vector<double>> values(
        names.size(), dealii::Vector<double>(box.triangulation.n_active_cells()));
    const std::vector<unsigned int> cells = balance.active_cell_indices();
    const unsigned int n_q = balance.n_quadrature_points_per_cell();
    for (std::size_t p = 0; p < points.size(); ++p)
    {
      const law::PointFields fields = points.fields(p);
      const unsigned int cell = cells[p / n_q];
      values[0][cell] += fields.tau / n_q;
      values[1][cell] += fields.x1 / n_q;
      values[2][cell] += fields.plastic_shear / n_q;
      values[3][cell] += static_cast<double>(fields.n_events) / n_q;
      values[4][cell] += points.stress[p][5] / law::sqrt2 / n_q;
    }

    DataOut<dim> data_out;
    data_out.attach_dof_handler(box.dof_handler);
    data_out.add_data_vector(displacement, std::vector<std::string>(dim, "displacement_nm"),
                             DataOut<dim>::type_dof_data,
                             std::vector<DataComponentInterpretation::DataComponentInterpretation>(
                                 dim, DataComponentInterpretation::component_is_part_of_vector));
    for (std::size_t i = 0; i < names.size(); ++i)
      data_out.add_data_vector(values[i], names[i], DataOut<dim>::type_cell_data);
    data_out.build_patches();

    const std::string record = data_out.write_vtu_with_pvtu_record(
        directory + "/", "fields", static_cast<unsigned int>(times.size()), communicator, 5,
        /*n_groups=*/1);
    times.emplace_back(strain, record);

    run_collectively(communicator, [&] {
      if (Utilities::MPI::this_mpi_process(communicator) != 0)
        return;
      const std::string series = directory + "/fields.pvd", aside = series + ".tmp";
      {
        std::ofstream out(aside);
        DataOutBase::write_pvd_record(out, times);
        if (!out.flush())
          throw Error(fmt::format("{}: cannot be written", aside));
      }
      if (std::rename(aside.c_str(), series.c_str()) != 0)
        throw Error(fmt::format("{}: cannot be renamed to {}", aside, series));
    });
  }

  template class FieldOutput<2>;
  template class FieldOutput<3>;
} // namespace seem::solver
