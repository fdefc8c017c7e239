// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/solver/collective.h>
#include <seem/solver/field_output.h>

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <utility>

namespace seem::solver
{
  using namespace dealii;

  namespace
  {
    constexpr unsigned int n_digits = 5;
    constexpr std::array<const char *, 6> components = {{"xx", "yy", "zz", "yz", "xz", "xy"}};

    std::string numbered(const char *what, const std::size_t number, const char *ending)
    {
      return fmt::format("{}_{:0{}}.{}", what, number, n_digits, ending);
    }

    /// Rank 0 lets @p write fill a file under another name, then renames it.
    void write_aside(const MPI_Comm communicator, const std::string &file,
                     const std::function<void(std::ostream &)> &write)
    {
      run_collectively(communicator, [&] {
        if (Utilities::MPI::this_mpi_process(communicator) != 0)
          return;
        const std::string aside = file + ".tmp";
        {
          std::ofstream out(aside);
          write(out);
          if (!out.flush())
            throw Error(fmt::format("{}: cannot be written", aside));
        }
        if (std::rename(aside.c_str(), file.c_str()) != 0)
          throw Error(fmt::format("{}: cannot be renamed to {}", aside, file));
      });
    }

    /// A quantity of a cell: its name, and what a quadrature point adds to its mean.
    struct CellField
    {
      std::string name;
      std::function<double(std::size_t point, const law::PointFields &)> value;
    };

    std::vector<CellField> cell_fields(const MaterialPoints &points, const FieldSettings &settings)
    {
      // Mandel components 3, 4, 5 are sqrt(2) times those of the tensor.
      const auto tensor = [](const law::SymmetricTensor &t, const int c) {
        return c < 3 ? t[c] : t[c] / law::sqrt2;
      };
      std::vector<CellField> fields = {
          {"tau_GPa", [](std::size_t, const law::PointFields &f) { return f.tau; }},
          {"x1_eV", [](std::size_t, const law::PointFields &f) { return f.x1; }},
          {"plastic_strain",
           [](std::size_t, const law::PointFields &f) { return f.plastic_shear; }},
          {"n_events",
           [](std::size_t, const law::PointFields &f) { return static_cast<double>(f.n_events); }}};
      for (int c = settings.stress ? 0 : 5; c < 6; ++c)
        fields.push_back({fmt::format("stress_{}_GPa", components[c]),
                          [&points, tensor, c](const std::size_t p, const law::PointFields &) {
                            return tensor(points.stress[p], c);
                          }});
      for (int c = settings.strain ? 0 : 6; c < 6; ++c)
        fields.push_back({fmt::format("strain_{}", components[c]),
                          [&points, tensor, c](const std::size_t p, const law::PointFields &) {
                            return tensor(points.strain[p], c);
                          }});
      return fields;
    }
  } // namespace

  template <int dim>
  FieldOutput<dim>::FieldOutput(const Body<dim> &body, const MaterialPoints &points,
                                std::string directory, const FieldSettings &settings)
      : body(body), points(points), directory(std::move(directory)), settings(settings),
        communicator(body.discretisation.triangulation.get_communicator())
  {
  }

  template <int dim>
  void FieldOutput<dim>::resume(FieldSeries series)
  {
    written = std::move(series);
    mesh_is_written = false;
  }

  template <int dim>
  std::string FieldOutput<dim>::series_name() const
  {
    return settings.format == FieldFormat::vtu ? "fields.pvd" : "fields.xdmf";
  }

  template <int dim>
  void FieldOutput<dim>::add_fields(DataOut<dim> &data_out, const Equilibrium<dim> &equilibrium)
  {
    const auto &triangulation = body.discretisation.triangulation;
    equilibrium.displacement(body.discretisation, displacement);

    const std::vector<CellField> fields = cell_fields(points, settings);
    cell_means.assign(fields.size() + 1, Vector<double>(triangulation.n_active_cells()));
    const std::vector<unsigned int> cells = body.balance->active_cell_indices();
    const unsigned int n_q = body.balance->n_quadrature_points_per_cell();
    for (std::size_t p = 0; p < points.size(); ++p)
    {
      const law::PointFields of_point = points.fields(p);
      for (std::size_t i = 0; i < fields.size(); ++i)
        cell_means[i][cells[p / n_q]] += fields[i].value(p, of_point) / n_q;
    }
    for (const auto &cell : triangulation.active_cell_iterators())
      if (cell->is_locally_owned())
        cell_means.back()[cell->active_cell_index()] = cell->material_id();

    data_out.attach_dof_handler(body.discretisation.dof_handler);
    data_out.add_data_vector(displacement, std::vector<std::string>(dim, "displacement_nm"),
                             DataOut<dim>::type_dof_data,
                             std::vector<DataComponentInterpretation::DataComponentInterpretation>(
                                 dim, DataComponentInterpretation::component_is_part_of_vector));
    for (std::size_t i = 0; i < fields.size(); ++i)
      data_out.add_data_vector(cell_means[i], fields[i].name, DataOut<dim>::type_cell_data);
    data_out.add_data_vector(cell_means.back(), "material", DataOut<dim>::type_cell_data);
    data_out.build_patches();
  }

  template <int dim>
  void FieldOutput<dim>::write_vtu(const DataOut<dim> &data_out)
  {
    // As many files as asked for, but never more than ranks.
    const unsigned int n_files =
        std::min(settings.files_per_time, Utilities::MPI::n_mpi_processes(communicator));
    data_out.write_vtu_with_pvtu_record(directory + "/", "fields",
                                        static_cast<unsigned int>(written.times.size() - 1),
                                        communicator, n_digits, n_files);
    std::vector<std::pair<double, std::string>> series;
    for (std::size_t i = 0; i < written.times.size(); ++i)
      series.emplace_back(written.times[i], numbered("fields", i, "pvtu"));
    write_aside(communicator, directory + "/fields.pvd",
                [&](std::ostream &out) { DataOutBase::write_pvd_record(out, series); });
  }

  template <int dim>
  void FieldOutput<dim>::write_hdf5(const DataOut<dim> &data_out)
  {
    const std::size_t number = written.times.size() - 1;
    written.mesh.push_back(mesh_is_written ? written.mesh[number - 1]
                                           : static_cast<unsigned int>(number));
    const std::string name = directory + "/" + numbered("fields", number, "h5"),
                      aside = name + ".tmp", series = directory + "/fields.xdmf",
                      series_aside = series + ".tmp";

    // deal.II's writer knows the fields from the cells: ranks without any must stay away.
    const bool has_cells = body.discretisation.triangulation.n_locally_owned_active_cells() > 0;
    MPI_Comm writers;
    MPI_Comm_split(communicator, has_cells ? 0 : MPI_UNDEFINED,
                   static_cast<int>(Utilities::MPI::this_mpi_process(communicator)), &writers);
    run_collectively(communicator, [&] {
      if (!has_cells)
        return;
      // Cell data jump between cells, so vertices are not shared.
      DataOutBase::DataOutFilter filter(
          DataOutBase::DataOutFilterFlags(/*filter_duplicate_vertices=*/false,
                                          /*xdmf_hdf5_output=*/true));
      data_out.write_filtered_data(filter);
      data_out.write_hdf5_parallel(filter, !mesh_is_written,
                                   directory + "/" + numbered("mesh", written.mesh.back(), "h5"),
                                   aside, writers);
      // All times have the same mesh and fields, so the entries differ in names and time alone.
      std::vector<XDMFEntry> entries;
      for (std::size_t i = 0; i <= number; ++i)
        entries.push_back(
            data_out.create_xdmf_entry(filter, numbered("mesh", written.mesh[i], "h5"),
                                       numbered("fields", i, "h5"), written.times[i], writers));
      data_out.write_xdmf_file(entries, series_aside, writers);
    });
    if (has_cells)
      MPI_Comm_free(&writers);
    mesh_is_written = true;

    run_collectively(communicator, [&] {
      if (Utilities::MPI::this_mpi_process(communicator) != 0)
        return;
      std::filesystem::rename(aside, name);
      std::filesystem::rename(series_aside, series);
    });
  }

  template <int dim>
  void FieldOutput<dim>::write(const Equilibrium<dim> &equilibrium)
  {
    DataOut<dim> data_out;
    add_fields(data_out, equilibrium);
    written.times.push_back(equilibrium.time());
    try
    {
      if (settings.format == FieldFormat::vtu)
        write_vtu(data_out);
      else
        write_hdf5(data_out);
    }
    catch (const ExceptionBase &error)
    {
      throw Error(fmt::format("{}: the fields of t = {:g} cannot be written: {}", directory,
                              equilibrium.time(), error.get_exc_name()));
    }
  }

  template class FieldOutput<2>;
  template class FieldOutput<3>;
} // namespace seem::solver
