// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/parameter_patterns.h>
#include <seem/commands/run_command.h>

#include <deal.II/base/parameter_handler.h>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace seem::commands
{
  namespace patterns = dealii::Patterns;

  namespace
  {
    constexpr const char *automatic = "automatic";

    void declare_solver(dealii::ParameterHandler &prm)
    {
      prm.enter_subsection("Solver");
      prm.declare_entry("Tolerance", "1e-10", patterns::Double(1e-15, 1e-4),
                        "Unbalanced nodal forces at the end of a step over the norm of all nodal "
                        "forces [-].");
      prm.declare_entry(
          "Pass tolerance", "1e-7", patterns::Double(1e-15, 1e-2),
          "The same for the passes on the way [-]. With the preconditioner amg, whose "
          "iterates depend on the number of ranks, 1e-12 (and Pass reduction 1e-12) keeps the "
          "event "
          "sequence independent of it.");
      prm.declare_entry(
          "Pass reduction", "1e-3", patterns::Double(1e-15, 0.5),
          "A pass is also balanced when its unbalanced force has fallen by this factor "
          "[-].");
      prm.declare_entry("Newton steps", "20", patterns::Integer(1), "At most [-].");
      prm.declare_entry("Linear steps", "500", patterns::Integer(1),
                        "Conjugate-gradient steps per Newton step at most [-].");
      prm.declare_entry(
          "Preconditioner", automatic,
          patterns::Selection("automatic|direct|amg|multigrid|spectral"),
          "From an earlier tangent: sparse factor (direct), algebraic multigrid of the "
          "matrix (amg), geometric multigrid without a matrix (multigrid: needs a mesh "
          "with refinements), Fourier transforms (spectral: needs a box of linear elements that "
          "is periodic in all directions); automatic: spectral where it is possible, else by the "
          "size of the problem.");
      prm.declare_entry("Multigrid precision", "double", patterns::Selection("double|single"),
                        "Numbers of the cycle of the preconditioner multigrid. single is faster; "
                        "the order of events may then depend on the number of ranks, by "
                        "differences within Pass tolerance and Pass reduction.");
      prm.leave_subsection();
    }
  } // namespace

  void RunParameters::declare(dealii::ParameterHandler &prm)
  {
    prm.declare_entry("Database file", "", patterns::FileName(),
                      "Event database, as `seem harvest` writes it.", true);
    prm.declare_entry("Output directory", "", patterns::DirectoryName(),
                      "Where the results go; --output takes precedence.");
    prm.declare_entry("Seed", "1", patterns::Integer(0), "Seed of all random numbers [-].");

    MaterialParameters::declare(prm);
    MaterialRegion::declare(prm);
    prm.enter_subsection("Material");
    prm.declare_entry("Volume rule", "check", patterns::Selection("check|scale|sub-RVE|one"),
                      "m = volume of a state of the law over the representative volume. scale: "
                      "rates times m, jumps over m; check: the same, but m outside 0.1 .. 10 is "
                      "refused; sub-RVE: round(m) volumes under equal strain, averaged; one: m = 1 "
                      "whatever the volume.");
    prm.declare_entry("State support", "point", patterns::Selection("point|cell"),
                      "A state of the law at every quadrature point, or one per cell, whose events "
                      "follow the mean strain of the cell's quadrature points.");
    prm.leave_subsection();

    SpecimenParameters::declare(prm);

    InitialStateParameters::declare(prm);
    RunLoading::declare(prm);
    declare_solver(prm);

    OutputParameters::declare(prm);
    CheckpointParameters::declare(prm);
    EnsembleParameters::declare(prm);
  }

  namespace
  {
    void parse_material(const Parameters &parameters, RunParameters &result)
    {
      result.material = MaterialParameters::parse(parameters);
      result.material.law.seed = result.seed;
      result.material.law.plane_strain = parameters.integer("Specimen/Dimension") == 2;
      if (result.material.elasticity == ElasticityChoice::paper)
        throw parameters.error(
            "Material/Elasticity",
            "found \"paper\", whose elastic branches do not conserve energy: a body "
            "has no energy balance with it. Choose as harvested, energy "
            "consistent or linear; seem point takes paper, for comparison");
      const std::string rule = parameters.text("Material/Volume rule");
      result.volume_rule = rule == "check"     ? law::VolumeRule::check
                           : rule == "scale"   ? law::VolumeRule::scale
                           : rule == "sub-RVE" ? law::VolumeRule::sub_rve
                                               : law::VolumeRule::one;
      if (result.volume_rule == law::VolumeRule::sub_rve && result.material.kind != LawKind::seem)
        throw parameters.error("Material/Volume rule", "sub-RVE needs \"Material/Law\" = seem");
      if (parameters.text("Material/State support") == "cell")
        result.support = solver::StateSupport::cell;
      if (result.support == solver::StateSupport::cell &&
          !result.material.hyperelastic_between_events())
        throw parameters.error(
            "Material/State support",
            "the laws mean flow and J2 flow at every quadrature point by its own "
            "strain: they need point");
      result.regions = MaterialRegion::parse(parameters);
      for (const MaterialRegion &region : result.regions)
        if (result.support == solver::StateSupport::cell && region.flows)
          throw parameters.error(region.section + "/Law",
                                 "J2 flows at every quadrature point by its own strain: it needs "
                                 "\"Material/State support\" = point");
    }

    /// Avalanches are made of events.
    void check_events(const Parameters &parameters, const RunParameters &result)
    {
      if (result.material.kind == LawKind::seem)
        return;
      for (const auto &[key, otherwise] : {std::pair("Loading/Stepping", "fixed increments"),
                                           std::pair("Loading/Firing", "all ripe")})
        if (parameters.text(key) != otherwise)
          throw parameters.error(key, fmt::format("found \"{}\", but this law has no events: it "
                                                  "needs \"Material/Law\" = seem",
                                                  parameters.text(key)));
    }

    void parse_solver(const Parameters &parameters, RunParameters &result)
    {
      result.equilibrium.tolerance = parameters.number("Solver/Tolerance");
      result.equilibrium.pass_tolerance = parameters.number("Solver/Pass tolerance");
      result.equilibrium.pass_reduction = parameters.number("Solver/Pass reduction");
      result.equilibrium.max_newton_steps =
          static_cast<unsigned int>(parameters.integer("Solver/Newton steps"));
      result.equilibrium.max_linear_steps =
          static_cast<unsigned int>(parameters.integer("Solver/Linear steps"));
      const std::string preconditioner = parameters.text("Solver/Preconditioner");
      result.preconditioner =
          preconditioner == "direct"      ? solver::PreconditionerKind::direct
          : preconditioner == "amg"       ? solver::PreconditionerKind::amg
          : preconditioner == "multigrid" ? solver::PreconditionerKind::multigrid
          : preconditioner == "spectral"  ? solver::PreconditionerKind::spectral
                                          : solver::PreconditionerKind::automatic;
      if (parameters.text("Solver/Multigrid precision") == "single")
        result.multigrid_precision = solver::MultigridPrecision::single_precision;
    }

    /// Steps must end at the times at which fields are wanted.
    void add_field_times(const Parameters &parameters, RunParameters &result)
    {
      solver::LoadParameters &steps = result.loading.steps;
      for (const double t : result.output.field_times)
      {
        if (t <= result.loading.begin || t > steps.final_time)
          throw parameters.error(
              "Output/Field times",
              fmt::format("{:g} is not after the begin, {:g}, and up to the end, "
                          "{:g}, of the load",
                          t, result.loading.begin, steps.final_time));
        steps.kinks.push_back(t);
      }
      std::sort(steps.kinks.begin(), steps.kinks.end());
    }
  } // namespace

  RunParameters RunParameters::parse(const Parameters &parameters, Problems *problems)
  {
    RunParameters result;
    result.seed = static_cast<std::uint64_t>(parameters.integer("Seed"));
    result.database_file = parameters.file("Database file");
    attempt(problems, [&] {
      if (result.database_file.empty())
        throw parameters.error("Database file", "expected the name of a file");
    });
    attempt(problems, [&] { parse_material(parameters, result); });
    attempt(problems, [&] { result.specimen = SpecimenParameters::parse(parameters); });
    const bool has_load =
        attempt(problems, [&] { result.loading = RunLoading::parse(parameters); });
    attempt(problems, [&] { check_events(parameters, result); });
    attempt(problems, [&] { result.initial = InitialStateParameters::parse(parameters); });
    attempt(problems, [&] { parse_solver(parameters, result); });
    result.checkpoint = CheckpointParameters::parse(parameters);
    attempt(problems, [&] { result.ensemble = EnsembleParameters::parse(parameters); });
    const bool has_output =
        attempt(problems, [&] { result.output = OutputParameters::parse(parameters); });
    if (has_load && has_output)
      attempt(problems, [&] { add_field_times(parameters, result); });
    result.loading.steps.log_events = result.output.logs_events();
    return result;
  }
} // namespace seem::commands
