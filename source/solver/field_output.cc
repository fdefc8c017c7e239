// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/solver/collective.h>
#include <seem/solver/field_output.h>

#include <deal.II/numerics/data_out.h>

#include <fmt/format.h>

#include <cstdio>
#include <fstream>

namespace seem::solver
{
  using namespace dealii;

  template <int dim>
  FieldOutput<dim>::FieldOutput(const Body<dim> &body, const MaterialPoints &points,
                                std::string directory)
      : body(body), points(points), directory(std::move(directory))
  {
  }

  template <int dim>
  void FieldOutput<dim>::write(const Equilibrium<dim> &equilibrium)
  {
    const Discretisation<dim> &discretisation = body.discretisation;
    const MPI_Comm communicator = discretisation.triangulation.get_communicator();

    typename BalanceOperator<dim>::Vector displacement;
    equilibrium.displacement(discretisation, displacement);

    const std::vector<std::string> names = {"tau_GPa", "x1_eV", "plastic_strain", "n_events",
                                            "stress_xy_GPa"};
    std::vector<dealii::Vector<double>> values(
        names.size(), dealii::Vector<double>(discretisation.triangulation.n_active_cells()));
    const std::vector<unsigned int> cells = body.balance->active_cell_indices();
    const unsigned int n_q = body.balance->n_quadrature_points_per_cell();
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
    data_out.attach_dof_handler(discretisation.dof_handler);
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
    times.emplace_back(equilibrium.time(), record);

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
