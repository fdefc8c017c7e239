// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_validation.h"
#include "run_cost.h"
#include "run_points.h"

#include <seem/commands/output_guard.h>
#include <seem/commands/point_ensemble.h>
#include <seem/commands/problems.h>
#include <seem/commands/run_command.h>
#include <seem/commands/state_data.h>
#include <seem/core/units.h>
#include <seem/io/database_file.h>
#include <seem/solver/collective.h>
#include <seem/solver/equilibrium.h>
#include <seem/solver/material_points.h>

#include <deal.II/base/mpi.h>

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>

namespace seem::commands
{
  namespace
  {
    namespace mpi = dealii::Utilities::MPI;

    /// Whether a section can be relied on: what is wrong with it has been collected before.
    bool is_good(const std::function<void()> &parse)
    {
      return Problems().attempt(parse);
    }

    /**
     * Build the body and its states as far as they can be.
     * @return what it is like, for the user; empty if it could not be built
     */
    template <int dim>
    std::string build(const RunContext &context, const bool has_database, Problems &problems,
                      const MPI_Comm communicator)
    {
      const Parameters &parameters = context.parameters;
      const RunParameters &run = context.run;
      const bool has_specimen = is_good([&] { SpecimenParameters::parse(parameters); }),
                 has_load = is_good([&] { RunLoading::parse(parameters); }),
                 has_material = is_good([&] { MaterialParameters::parse(parameters); });

      // The automatic lengths ask for the representative volume.
      auto mesh = std::make_shared<solver::SpecimenMesh<dim>>();
      SpecimenLengths lengths{};
      std::vector<std::string> notices;
      const bool has_mesh = has_specimen && has_database && problems.attempt([&] {
        lengths = specimen_lengths(context);
        notices = make_specimen<dim>(run.specimen, lengths, *mesh);
      });
      solver::Loading<dim> loading;
      const bool has_loading =
          has_mesh && has_load && problems.attempt([&] { loading = run.loading.make<dim>(*mesh); });
      std::unique_ptr<solver::Body<dim>> body;
      if (has_loading)
        problems.attempt([&] {
          body = std::make_unique<solver::Body<dim>>(communicator, mesh, std::move(loading),
                                                     body_settings(run, lengths));
        });
      // The volumes can be judged without a law.
      if (body != nullptr && !has_material)
        problems.attempt([&] {
          const unsigned int n_q = body->balance->n_quadrature_points_per_cell();
          const auto quadrature_points = body->balance->quadrature_points();
          make_state_data(quadrature_points, n_q,
                          std::vector<unsigned int>(quadrature_points.size() / n_q, 0), run.support,
                          run.volume_rule, context.representative_volume, communicator);
        });
      RunPoints<dim> made;
      if (body == nullptr || !has_material ||
          !problems.attempt([&] { made = make_run_points<dim>(context, *body, communicator); }))
        return {};
      if (!problems.none())
        return {};

      solver::MaterialPoints &points = *made.points;
      const StateData &states = made.states;
      std::unique_ptr<solver::Equilibrium<dim>> equilibrium;
      if (!problems.attempt([&] {
            equilibrium = std::make_unique<solver::Equilibrium<dim>>(
                *body->balance, points, *body->preconditioner, body->program, communicator,
                run.equilibrium, run.loading.begin);
            body->preconditioner->update(*body->balance, body->balance->tangents());
          }))
        return {};

      const mpi::MinMaxAvg memory = mpi::min_max_avg(process_memory().peak, communicator);
      const auto n_points = mpi::sum(static_cast<unsigned long>(points.size()), communicator),
                 n_states = mpi::sum(static_cast<unsigned long>(points.n_states()), communicator);
      std::string text;
      for (const std::string &notice : notices)
        text += fmt::format("notice: {}\n", notice);
      text +=
          fmt::format("mesh: {} cells of degree {}, {} degrees of freedom, {} quadrature points\n",
                      mesh->n_cells(), run.specimen.degree,
                      body->discretisation.dof_handler.n_dofs(), n_points);
      text += fmt::format("states of the law: {}, m = {:.4g} .. {:.4g}, median {:.4g}\n", n_states,
                          states.smallest, states.largest, states.median);
      text += fmt::format("load: t = {:g} to {:g}, at least {} steps\n", run.loading.begin,
                          run.loading.steps.final_time,
                          std::ceil((run.loading.steps.final_time - run.loading.begin) /
                                        run.loading.steps.largest_increment -
                                    1e-9));
      text += fmt::format("memory with all built, preconditioner included: {:.0f} MB on {} rank{}, "
                          "{:.0f} MB on the largest; output and, in long avalanches, a second "
                          "preconditioner come on top\n",
                          memory.sum, mpi::n_mpi_processes(communicator),
                          mpi::n_mpi_processes(communicator) == 1 ? "" : "s", memory.max);
      return text;
    }
  } // namespace

  int validate_run(const CommandLine &command_line)
  {
    const MPI_Comm communicator = MPI_COMM_WORLD;
    const bool first_rank = mpi::this_mpi_process(communicator) == 0;

    Problems problems;
    const Parameters parameters = Parameters::load(
        RunParameters::declare, command_line.parameter_file, command_line.assignments, &problems);
    const RunParameters run = RunParameters::parse(parameters, &problems);

    database::EventDatabase database;
    std::vector<State> states;
    const bool has_database = !run.database_file.empty() && problems.attempt([&] {
      database = io::read_database(run.database_file);
    });
    if (has_database)
      problems.attempt([&] { states = starting_states(parameters, run, database); });

    problems.attempt([&] {
      const std::filesystem::path directory = output_directory(command_line, parameters);
      solver::run_collectively(communicator, [&] {
        if (first_rank)
          OutputGuard(directory, command_line.overwrite);
      });
    });

    const RunContext context = {command_line, parameters,
                                run,          database,
                                states,       database.volume / std::pow(units::A_per_nm, 3),
                                communicator};
    const std::string text = parameters.integer("Specimen/Dimension") == 2
                                 ? build<2>(context, has_database, problems, communicator)
                                 : build<3>(context, has_database, problems, communicator);

    if (first_rank)
    {
      for (const std::string &problem : problems.list())
        fmt::print(stderr, "seem: error: {}\n", problem);
      if (problems.none())
        fmt::print("{}: no problems found\n{}", command_line.parameter_file.string(), text);
      else
        fmt::print(stderr, "seem: {} problem{} in {}, nothing was run\n", problems.list().size(),
                   problems.list().size() == 1 ? "" : "s", command_line.parameter_file.string());
    }
    return problems.none() ? 0 : 1;
  }
} // namespace seem::commands
