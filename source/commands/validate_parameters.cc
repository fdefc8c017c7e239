// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/harvest_command.h>
#include <seem/commands/parameter_patterns.h>
#include <seem/commands/validate_command.h>

#include <deal.II/base/parameter_handler.h>

#include <algorithm>
#include <thread>

namespace seem::commands
{
  namespace patterns = dealii::Patterns;

  namespace
  {
    const WordOr none_or_number("none", patterns::Double(0.0));

    std::optional<double> limit(const Parameters &parameters, const std::string &path)
    {
      if (parameters.text(path) == "none")
        return {};
      return parameters.numbers(path).front();
    }

    void declare_law(dealii::ParameterHandler &prm)
    {
      prm.enter_subsection("Law");
      prm.declare_entry("Elasticity", "as harvested",
                        patterns::Selection("as harvested|energy consistent|linear"),
                        "Shear elasticity of the model between events, as in `seem point`.");
      prm.declare_entry("Energy bound", "clip", patterns::Selection("report|redraw|clip"),
                        "What to do with a drawn event that would create energy: keep it, draw "
                        "again, or lower its dX1 to the bound.");
      prm.leave_subsection();
    }

    void declare_validation(dealii::ParameterHandler &prm)
    {
      prm.enter_subsection("Validation");
      prm.declare_entry(
          "Hold out", "glass, label, none", patterns::MultipleSelection("glass|label|none"),
          "What a harvest does not see and the model must predict: whole glasses (label "
          "and quench), whole labels, or nothing (the model beside its own runs, for "
          "comparison). Thresholds judge glass alone.");
      prm.declare_entry("Folds", "0", patterns::Integer(0),
                        "Parts that the glasses are divided into, each held out once [-]; 0: one "
                        "per glass.");
      prm.declare_entry("Paths per run", "100", patterns::Integer(2),
                        "Model paths from the initial state of each run [-].");
      prm.declare_entry("Seed", "1", patterns::Integer(0), "Seed of all random numbers [-].");
      prm.declare_entry("Output increment", "0.001", positive_number(),
                        "Strain between two stresses of a model path that are kept [-].");
      prm.declare_entry(
          "Peak window", "0.01", positive_number(),
          "Mean curves are smoothed over this strain before their peak is taken [-].");
      prm.declare_entry("End window", "0.05", positive_number(),
                        "Numbers of the end are means over the last strain of this length [-].");
      prm.declare_entry("Event window", "0.01", positive_number(),
                        "Events are counted in windows of this strain [-].");
      prm.declare_entry("State bins", "10", patterns::Integer(1),
                        "Bins along tau and X1 in which states of two labels are equal [-].");
      prm.declare_entry("Judged glasses", "3", patterns::Integer(1),
                        "Labels with fewer glasses are reported, not judged [-].");
      prm.leave_subsection();
    }

    void declare_thresholds(dealii::ParameterHandler &prm)
    {
      prm.enter_subsection("Thresholds");
      const auto declare = [&](const char *name, const char *value, const char *text) {
        prm.declare_entry(name, value, none_or_number, text);
      };
      declare("Yield peak", "3",
              "Largest error of the yield peak of a label [%]; none: not judged.");
      prm.declare_entry(
          "Peak of", "all paths", patterns::Selection("as few paths as runs|all paths"),
          "Which yield peak of the model is judged: that of the mean of all paths, or "
          "the mean over peaks of means of as few paths as there are runs. The peak "
          "of a mean of few rough curves is too high; the second gives model and runs "
          "the same bias. Both are reported.");
      declare("End stress", "5", "Largest error of the stress at the end [%]; none: not judged.");
      declare("Events", "none",
              "Largest error of the events per unit strain [%]; none: not judged.");
      declare("Spread of X1", "none",
              "Largest error of the difference in X1 between the fastest and the slowest cooled "
              "label at "
              "the end [%]; none: not judged.");
      declare(
          "Standard errors", "2",
          "Limits in % are widened to so many standard errors where these are larger [-]; none: "
          "never.");
      declare("Largest error", "10", "Limits in % are never widened beyond this [%]; none: any.");
      declare("Stress rms", "none",
              "Largest rms difference of the mean stress of a label [GPa]; none: not judged.");
      declare("X1 rms", "none",
              "Largest rms difference of the mean X1 of a label [eV per atom]; none: not judged.");
      declare("Event size distance", "none",
              "Largest Kolmogorov-Smirnov distance of the stress drops of a label [-]; none: not "
              "judged.");
      prm.leave_subsection();
    }
  } // namespace

  void ValidateParameters::declare(dealii::ParameterHandler &prm)
  {
    prm.declare_entry("Output directory", "", patterns::DirectoryName(),
                      "Where the results go; --output takes precedence.");
    prm.declare_entry("Figures", "true", patterns::Bool(),
                      "Draw figures (needs python3 with matplotlib).");
    prm.declare_entry("Threads", "0", patterns::Integer(0),
                      "Folds worked on at a time [-]; 0: as many as there are processors. Does not "
                      "change the results.");
    AtomisticRunsParameters::declare(prm, /*required=*/true);
    declare_harvest_settings(prm);
    declare_law(prm);
    declare_validation(prm);
    declare_thresholds(prm);
  }

  ValidateParameters ValidateParameters::parse(const Parameters &parameters)
  {
    ValidateParameters result;
    result.figures = parameters.boolean("Figures");
    result.n_threads = static_cast<unsigned int>(parameters.integer("Threads"));
    if (result.n_threads == 0)
      result.n_threads = std::max(1u, std::thread::hardware_concurrency());
    result.runs = AtomisticRunsParameters::parse(parameters);
    if (result.runs.manifest.empty())
      throw parameters.error("Runs/Manifest", "expected the name of a file");
    result.harvest = parse_harvest_settings(parameters);
    result.harvest.n_bootstrap = 0;

    const std::string elasticity = parameters.text("Law/Elasticity");
    result.elasticity = elasticity == "as harvested" ? database::ElasticityChoice::as_harvested
                        : elasticity == "linear"     ? database::ElasticityChoice::linear
                                                 : database::ElasticityChoice::energy_consistent;
    const std::string bound = parameters.text("Law/Energy bound");
    result.law.energy_bound = bound == "report"   ? law::EnergyBound::report
                              : bound == "redraw" ? law::EnergyBound::redraw
                                                  : law::EnergyBound::clip;
    // Simple shear keeps the volume: K is needed by the law and changes nothing.
    result.law.bulk_modulus = 100.0;
    result.law.seed = static_cast<std::uint64_t>(parameters.integer("Validation/Seed"));

    for (const std::string &word :
         dealii::Utilities::split_string_list(parameters.text("Validation/Hold out"), ","))
      result.hold_out.push_back(statistics::hold_out(word));
    if (result.hold_out.empty())
      throw parameters.error("Validation/Hold out", "expected at least one of glass, label, none");
    std::vector<statistics::HoldOut> sorted = result.hold_out;
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
      throw parameters.error("Validation/Hold out", "names one thing twice");
    result.n_folds = static_cast<std::size_t>(parameters.integer("Validation/Folds"));
    result.n_paths = static_cast<std::size_t>(parameters.integer("Validation/Paths per run"));
    result.output_increment = parameters.number("Validation/Output increment");
    result.metrics.curves.spacing = result.output_increment;
    result.metrics.curves.peak_window = parameters.number("Validation/Peak window");
    result.metrics.curves.end_window = parameters.number("Validation/End window");
    result.metrics.event_window = parameters.number("Validation/Event window");
    const auto bins = static_cast<std::size_t>(parameters.integer("Validation/State bins"));
    result.metrics.state_bins = {{bins, bins}};
    result.metrics.judged_glasses =
        static_cast<std::size_t>(parameters.integer("Validation/Judged glasses"));

    statistics::Thresholds &thresholds = result.thresholds;
    thresholds.yield_peak = limit(parameters, "Thresholds/Yield peak");
    thresholds.peak_of_few_paths = parameters.text("Thresholds/Peak of") != "all paths";
    thresholds.end_stress = limit(parameters, "Thresholds/End stress");
    thresholds.events = limit(parameters, "Thresholds/Events");
    thresholds.spread = limit(parameters, "Thresholds/Spread of X1");
    thresholds.standard_errors = limit(parameters, "Thresholds/Standard errors");
    thresholds.largest_error = limit(parameters, "Thresholds/Largest error");
    thresholds.stress_rms = limit(parameters, "Thresholds/Stress rms");
    thresholds.x1_rms = limit(parameters, "Thresholds/X1 rms");
    thresholds.size_distance = limit(parameters, "Thresholds/Event size distance");
    return result;
  }
} // namespace seem::commands
