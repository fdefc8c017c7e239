// SPDX-License-Identifier: LGPL-2.1-or-later
#include "text_file.h"

#include <seem/commands/checkpoint.h>
#include <seem/core/exceptions.h>
#include <seem/io/hdf5_file.h>
#include <seem/solver/cell_key.h>
#include <seem/solver/collective.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <unordered_map>

namespace seem::commands
{
  namespace mpi = dealii::Utilities::MPI;
  namespace fs = std::filesystem;
  using nlohmann::json;

  namespace
  {
    constexpr const char *kind = "checkpoint cells";
    constexpr int schema_version = 1;
    constexpr std::size_t n_strain = 6, n_tangent = 9;

    fs::path with_suffix(fs::path path, const char *suffix)
    {
      path += suffix;
      return path;
    }

    fs::path cells_file(const fs::path &directory, const unsigned int rank)
    {
      return directory / fmt::format("cells_{:05}.h5", rank);
    }

    /// Cells of one rank or file, in the order of the points.
    struct Cells
    {
      std::vector<std::uint64_t> keys;
      std::vector<double> displacements; ///< [n_cells][n_dofs]
      std::vector<double> strains;       ///< [n_points][6]
      std::vector<double> tangents;      ///< [n_points][9], or empty
      std::vector<std::uint32_t> materials;
      std::vector<double> states;
    };

    /// The cells of this rank in the order of the points.
    template <int dim>
    std::vector<typename dealii::DoFHandler<dim>::active_cell_iterator>
    cells_in_order(const solver::Body<dim> &body)
    {
      const auto &dofs = body.discretisation.dof_handler;
      std::vector<typename dealii::DoFHandler<dim>::active_cell_iterator> by_index(
          dofs.get_triangulation().n_active_cells()),
          result;
      for (const auto &cell : dofs.active_cell_iterators())
        by_index[cell->active_cell_index()] = cell;
      for (const unsigned int index : body.balance->active_cell_indices())
        result.push_back(by_index[index]);
      return result;
    }

    void append(const law::SymmetricTensor &tensor, std::vector<double> &numbers)
    {
      numbers.insert(numbers.end(), tensor.data(), tensor.data() + n_strain);
    }

    template <int dim>
    Cells collect(const solver::Body<dim> &body, const solver::MaterialPoints &points,
                  const typename solver::Equilibrium<dim>::Vector &u,
                  const std::vector<law::Tangent> &reference, const MPI_Comm communicator)
    {
      const auto &dofs = body.discretisation.dof_handler;
      typename solver::Equilibrium<dim>::Vector ghosted(
          dofs.locally_owned_dofs(), body.discretisation.locally_relevant, communicator);
      ghosted.copy_locally_owned_data_from(u);
      ghosted.update_ghost_values();

      Cells cells;
      dealii::Vector<double> local(dofs.get_fe().n_dofs_per_cell());
      for (const auto &cell : cells_in_order(body))
      {
        cells.keys.push_back(solver::cell_key<dim>(cell->id()));
        cell->get_dof_values(ghosted, local);
        cells.displacements.insert(cells.displacements.end(), local.begin(), local.end());
      }
      for (std::size_t p = 0; p < points.size(); ++p)
        append(points.committed_strain(p), cells.strains);
      for (const law::Tangent &t : reference)
      {
        cells.tangents.insert(cells.tangents.end(), {t.bulk, t.shear, t.secant});
        append(t.direction, cells.tangents);
      }
      const std::size_t n_q = body.balance->n_quadrature_points_per_cell();
      for (std::size_t c = 0; c < cells.keys.size(); ++c)
        cells.materials.push_back(points.material(c * n_q));
      for (std::size_t s = 0; s < points.n_states(); ++s)
        cells.states.insert(cells.states.end(), points.committed_state(s),
                            points.committed_state(s) + points.state_size(s));
      return cells;
    }

    void write_cells(const fs::path &path, const Cells &cells)
    {
      const std::uint64_t n = cells.keys.size();
      std::vector<std::uint32_t> halves;
      for (const std::uint64_t key : cells.keys)
      {
        halves.push_back(static_cast<std::uint32_t>(key));
        halves.push_back(static_cast<std::uint32_t>(key >> 32));
      }
      io::Hdf5Writer file(path);
      file.attribute("/", "kind", kind);
      file.attribute("/", "schema_version", std::int64_t(schema_version));
      file.attribute("/", "n_cells", static_cast<std::int64_t>(n));
      file.dataset("/cell", halves, "1", "names of the cells: low and high 32 bits in turn");
      file.dataset("/material", cells.materials, "1", "index of the law of each cell");
      file.dataset("/displacement", cells.displacements, "nm", "nodal values cell by cell");
      file.dataset("/strain", cells.strains, "1",
                   "of the points cell by cell: xx, yy, zz, sqrt(2) yz, sqrt(2) xz, sqrt(2) xy");
      file.dataset("/tangent", cells.tangents, "GPa",
                   "of the preconditioner: bulk, shear, secant, unit direction [1]");
      file.dataset("/state", cells.states, "by run.json, layouts", "states of the laws in turn");
      file.close();
    }

    std::vector<std::uint64_t> read_keys(const io::Hdf5Reader &file)
    {
      const std::vector<std::uint32_t> halves = file.integers("/cell");
      std::vector<std::uint64_t> keys;
      for (std::size_t i = 0; i + 1 < halves.size(); i += 2)
        keys.push_back(halves[i] | (std::uint64_t(halves[i + 1]) << 32));
      return keys;
    }

    json to_json(const law::SymmetricTensor &tensor)
    {
      return std::vector<double>(tensor.data(), tensor.data() + n_strain);
    }

    json layouts_of(const solver::MaterialPoints &points)
    {
      json all = json::array();
      for (const std::vector<law::StateField> &layout : points.state_layouts())
      {
        json fields = json::array();
        for (const law::StateField &field : layout)
          fields.push_back({field.name, field.unit, field.size});
        all.push_back(fields);
      }
      return all;
    }

    /// Restores the cells of this rank from the files that hold them.
    template <int dim>
    class CellReader
    {
    public:
      CellReader(const solver::Body<dim> &body, const solver::MaterialPoints &points)
          : points(points), cells(cells_in_order(body)),
            n_q(body.balance->n_quadrature_points_per_cell()),
            n_dofs(body.discretisation.dof_handler.get_fe().n_dofs_per_cell()),
            n_states(cells.empty() ? 0 : points.n_states() / cells.size()), strains(points.size()),
            states(cells.size())
      {
        for (std::size_t c = 0; c < cells.size(); ++c)
          place[solver::cell_key<dim>(cells[c]->id())] = c;
      }

      void read(const fs::path &path, typename solver::Equilibrium<dim>::Vector &u)
      {
        const io::Hdf5Reader file(path);
        const std::vector<std::uint64_t> keys = read_keys(file);
        if (std::none_of(keys.begin(), keys.end(),
                         [&](const std::uint64_t key) { return place.count(key) > 0; }))
          return;
        const std::vector<std::uint32_t> materials = file.integers("/material");
        const std::vector<double> displacements = file.doubles("/displacement"),
                                  all_strains = file.doubles("/strain"),
                                  all_tangents = file.doubles("/tangent"),
                                  all_states = file.doubles("/state");
        const bool fits =
            materials.size() == keys.size() && displacements.size() == keys.size() * n_dofs &&
            all_strains.size() == keys.size() * n_q * n_strain &&
            (all_tangents.empty() || all_tangents.size() == keys.size() * n_q * n_tangent);
        if (!fits)
          throw InputError(fmt::format("{}: its {} cells have other numbers of nodes or quadrature "
                                       "points than the specimen; nothing can be restored from it",
                                       path.string(), keys.size()));
        if (!all_tangents.empty())
          tangents.resize(points.size());

        std::size_t first_state = 0;
        const auto sizes = state_sizes();
        for (std::size_t i = 0; i < keys.size(); ++i)
        {
          const bool known = materials[i] < sizes.size();
          const std::size_t size = known ? n_states * sizes[materials[i]] : 0;
          if (!known || first_state + size > all_states.size())
            throw InputError(fmt::format("{}: damaged: the states end early", path.string()));
          const auto found = place.find(keys[i]);
          if (found != place.end())
          {
            const std::size_t c = found->second;
            if (materials[i] != points.material(c * n_q))
              throw InputError(fmt::format("{}: cell {} is of material {}, in the specimen of {}",
                                           path.string(), keys[i], materials[i],
                                           points.material(c * n_q)));
            take(c, &displacements[i * n_dofs], &all_strains[i * n_q * n_strain],
                 all_tangents.empty() ? nullptr : &all_tangents[i * n_q * n_tangent], u);
            const double *begin = all_states.data() + first_state;
            states[c].assign(begin, begin + size);
            ++n_read;
          }
          first_state += size;
        }
      }

      /// [n_states] into states.
      std::vector<const double *> state_pointers() const
      {
        std::vector<const double *> result;
        for (std::size_t c = 0; c < states.size(); ++c)
          for (std::size_t i = 0; i < n_states; ++i)
            result.push_back(states[c].data() + i * states[c].size() / n_states);
        return result;
      }

      bool complete() const
      {
        return n_read == cells.size();
      }

      std::vector<law::SymmetricTensor> &all_strains()
      {
        return strains;
      }

      std::vector<law::Tangent> &all_tangents()
      {
        return tangents;
      }

    private:
      /// Numbers of a state by material.
      std::vector<std::size_t> state_sizes() const
      {
        std::vector<std::size_t> sizes;
        for (const std::vector<law::StateField> &layout : points.state_layouts())
        {
          sizes.push_back(0);
          for (const law::StateField &field : layout)
            sizes.back() += field.size;
        }
        return sizes;
      }

      void take(const std::size_t c, const double *displacement, const double *strain,
                const double *tangent, typename solver::Equilibrium<dim>::Vector &u)
      {
        std::vector<dealii::types::global_dof_index> dofs(n_dofs);
        cells[c]->get_dof_indices(dofs);
        for (std::size_t i = 0; i < n_dofs; ++i)
          if (u.in_local_range(dofs[i]))
            u(dofs[i]) = displacement[i];
        for (std::size_t q = 0; q < n_q; ++q)
        {
          strains[c * n_q + q] = law::SymmetricTensor::Map(strain + q * n_strain);
          if (tangent == nullptr)
            continue;
          const double *t = tangent + q * n_tangent;
          tangents[c * n_q + q] = {t[0], t[1], t[2], law::SymmetricTensor::Map(t + 3)};
        }
      }

      const solver::MaterialPoints &points;
      std::vector<typename dealii::DoFHandler<dim>::active_cell_iterator> cells;
      std::size_t n_q, n_dofs, n_states; ///< of a cell
      std::unordered_map<std::uint64_t, std::size_t> place;
      std::vector<law::SymmetricTensor> strains;
      std::vector<law::Tangent> tangents;
      std::vector<std::vector<double>> states; ///< [n_cells]
      std::size_t n_read = 0;
    };
  } // namespace

  void CheckpointParameters::declare(dealii::ParameterHandler &prm)
  {
    namespace patterns = dealii::Patterns;
    prm.enter_subsection("Checkpoint");
    prm.declare_entry("Minutes", "15", patterns::Double(0.0),
                      "A checkpoint is written into the directory checkpoint of the output every "
                      "so many minutes by the clock on the wall [min]; 0: not by time. Also at the "
                      "signals SIGUSR1 and SIGTERM, the latter then ends the run with status 75, "
                      "and at the end. seem run --restart goes on from it.");
    prm.declare_entry("Steps", "0", patterns::Integer(0),
                      "Or every so many load steps [-]; 0: not by steps.");
    prm.leave_subsection();
  }

  CheckpointParameters CheckpointParameters::parse(const Parameters &parameters)
  {
    CheckpointParameters result;
    result.minutes = parameters.number("Checkpoint/Minutes");
    result.steps = static_cast<unsigned int>(parameters.integer("Checkpoint/Steps"));
    return result;
  }

  fs::path CheckpointDirectory::whole() const
  {
    // ".new" is whole once run.json is there: it is written last.
    for (const char *suffix : {"", ".new", ".old"})
    {
      const fs::path candidate = with_suffix(path, suffix);
      std::error_code ignored;
      if (fs::exists(candidate / "run.json", ignored))
        return candidate;
    }
    return {};
  }

  void CheckpointDirectory::remove() const
  {
    for (const char *suffix : {"", ".new", ".old"})
    {
      const fs::path directory = with_suffix(path, suffix);
      std::error_code failure;
      fs::remove_all(directory, failure);
      if (failure)
        throw Error(fmt::format("{}: the checkpoint of an earlier run cannot be removed: {}",
                                directory.string(), failure.message()));
    }
  }

  template <int dim>
  void CheckpointDirectory::write(const solver::Body<dim> &body,
                                  const solver::MaterialPoints &points,
                                  const typename solver::Equilibrium<dim>::Snapshot &snapshot,
                                  const std::vector<law::Tangent> &reference, const json &run,
                                  const MPI_Comm communicator) const
  {
    const unsigned int rank = mpi::this_mpi_process(communicator);
    const fs::path fresh = with_suffix(path, ".new"), old = with_suffix(path, ".old");
    const auto on_first_rank = [&](const std::function<void()> &work) {
      solver::run_collectively(communicator, [&] {
        if (rank == 0)
          work();
      });
    };
    on_first_rank([&] {
      fs::remove_all(fresh);
      fs::create_directories(fresh);
    });
    const Cells cells = collect<dim>(body, points, snapshot.u, reference, communicator);
    solver::run_collectively(communicator, [&] { write_cells(cells_file(fresh, rank), cells); });
    on_first_rank([&] {
      json all = run;
      all["schema_version"] = schema_version;
      all["n_ranks"] = mpi::n_mpi_processes(communicator);
      all["n_cells"] = body.mesh->n_cells();
      all["layouts"] = layouts_of(points);
      all["equilibrium"] = {{"time", snapshot.time},
                            {"mean_strain", to_json(snapshot.mean_strain)},
                            {"fresh_rate", snapshot.fresh_rate},
                            {"renewal_due", snapshot.renewal_due}};
      write_text_file(fresh / "run.json", all.dump(1) + "\n");
      fs::remove_all(old);
      if (fs::exists(path))
        fs::rename(path, old);
      fs::rename(fresh, path);
      fs::remove_all(old);
    });
  }

  json CheckpointDirectory::read_run() const
  {
    const fs::path directory = whole();
    if (directory.empty())
      throw InputError(fmt::format("{}: no checkpoint here; section \"Checkpoint\" says when a "
                                   "run writes one; to begin anew, leave --restart out",
                                   path.string()));
    std::ifstream file(directory / "run.json");
    json run = json::parse(file, nullptr, /*allow_exceptions=*/false);
    if (run.is_discarded() || !run.contains("equilibrium"))
      throw InputError(fmt::format("{}: damaged", (directory / "run.json").string()));
    if (run.value("schema_version", 0) != schema_version)
      throw InputError(fmt::format("{}: checkpoint of schema version {}; this program reads {}",
                                   (directory / "run.json").string(),
                                   run.value("schema_version", 0), schema_version));
    return run;
  }

  template <int dim>
  void CheckpointDirectory::restore(const json &run, const solver::Body<dim> &body,
                                    solver::MaterialPoints &points,
                                    solver::Equilibrium<dim> &equilibrium,
                                    const MPI_Comm communicator) const
  {
    const fs::path directory = whole();
    typename solver::Equilibrium<dim>::Snapshot snapshot = equilibrium.snapshot();
    CellReader<dim> reader(body, points);
    solver::run_collectively(communicator, [&] {
      if (run.at("layouts") != layouts_of(points))
        throw InputError(fmt::format("{}: the states of its laws have other parts than those of "
                                     "this run; continue with the materials of that run",
                                     directory.string()));
      if (run.at("n_cells") != body.mesh->n_cells())
        throw InputError(fmt::format("{}: of a specimen of {} cells; this one has {}",
                                     directory.string(), run.at("n_cells").dump(),
                                     body.mesh->n_cells()));
      for (unsigned int rank = 0; rank < run.at("n_ranks").get<unsigned int>(); ++rank)
        reader.read(cells_file(directory, rank), snapshot.u);
      if (!reader.complete())
        throw InputError(fmt::format("{}: cells of the specimen are missing: it is of another mesh",
                                     directory.string()));
    });

    const json &state = run.at("equilibrium");
    snapshot.time = state.at("time");
    snapshot.fresh_rate = state.at("fresh_rate");
    snapshot.renewal_due = state.at("renewal_due");
    const auto mean_strain = state.at("mean_strain").get<std::vector<double>>();
    snapshot.mean_strain = law::SymmetricTensor::Map(mean_strain.data());
    points.resume(reader.state_pointers(), reader.all_strains());
    // A rank without cells has no tangents either way.
    std::vector<law::Tangent> reference = std::move(reader.all_tangents());
    equilibrium.resume(snapshot, std::move(reference));
  }

  template void CheckpointDirectory::write(const solver::Body<2> &, const solver::MaterialPoints &,
                                           const solver::Equilibrium<2>::Snapshot &,
                                           const std::vector<law::Tangent> &, const json &,
                                           MPI_Comm) const;
  template void CheckpointDirectory::write(const solver::Body<3> &, const solver::MaterialPoints &,
                                           const solver::Equilibrium<3>::Snapshot &,
                                           const std::vector<law::Tangent> &, const json &,
                                           MPI_Comm) const;
  template void CheckpointDirectory::restore(const json &, const solver::Body<2> &,
                                             solver::MaterialPoints &, solver::Equilibrium<2> &,
                                             MPI_Comm) const;
  template void CheckpointDirectory::restore(const json &, const solver::Body<3> &,
                                             solver::MaterialPoints &, solver::Equilibrium<3> &,
                                             MPI_Comm) const;
} // namespace seem::commands
