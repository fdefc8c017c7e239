// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elasticity_of_database.h"

#include <seem/commands/harvest_command.h>
#include <seem/commands/parameter_patterns.h>

#include <deal.II/base/parameter_handler.h>

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace seem::commands
{
  namespace patterns = dealii::Patterns;

  namespace
  {
    const char *const automatic = "automatic";

    /// "automatic" or a number that is not negative.
    const WordOr automatic_or_floor(automatic, patterns::Double(0.0));

    /// "automatic" or two numbers.
    const WordOr automatic_or_range(automatic, patterns::List(patterns::Double(), 2, 2));

    /// "none" or a positive number.
    const WordOr none_or_positive("none", positive_number());

    std::optional<double> optional_number(const Parameters &parameters, const std::string &path)
    {
      if (parameters.text(path) == automatic)
        return {};
      return parameters.numbers(path).front();
    }

    std::optional<std::array<double, 2>> optional_range(const Parameters &parameters,
                                                        const std::string &path)
    {
      if (parameters.text(path) == automatic)
        return {};
      const std::vector<double> values = parameters.numbers(path);
      if (!(values[0] < values[1]))
        throw parameters.error(path, "the first number must be smaller than the second");
      return std::array<double, 2>{{values[0], values[1]}};
    }

    double number_or_infinity(const Parameters &parameters, const std::string &path)
    {
      if (parameters.text(path) == "none")
        return std::numeric_limits<double>::infinity();
      return parameters.numbers(path).front();
    }

    void declare_elasticity(dealii::ParameterHandler &prm)
    {
      prm.enter_subsection("Elasticity");
      prm.declare_entry(
          "Source", "branch fit",
          patterns::Selection("branch fit|tabulated|loading curve|linear|given|database"),
          "Where the elasticity comes from. G0, uA, tauA, tauB of Eq. (7): the tangent moduli of "
          "event-free branches; the loading curve (the paper); the first strain alone (linear law, "
          "tauA = tauB = infinity); the numbers given here. Tabulated: a table of the tangent, "
          "fitted to the same moduli as the branch fit and starting from it. Database: elasticity, "
          "u0, grid and event floors of another database, so that both can be merged.");
      prm.declare_entry("Database", "", patterns::FileName(),
                        "Event database, for Source = database. The bins and ranges of its grid "
                        "replace those given here.");
      prm.declare_entry("Reference energy", automatic, WordOr(automatic, patterns::Double()),
                        "u0 [eV per atom]. Automatic: the lowest stress-free initial energy of the "
                        "runs.");
      prm.declare_entry("First strain", "0.02", positive_number(),
                        "G0 and uA are first estimated below this strain [-].");
      prm.declare_entry("Loading strain", "0.05", positive_number(),
                        "The loading curve is fitted up to this strain [-].");
      prm.declare_entry("Fit rows", "1000000", patterns::Integer(1),
                        "Elasticity and noise floors are fitted to all runs if they have no more "
                        "rows than this [-], else to so many runs, spread over labels and glasses, "
                        "as hold about this many.");
      prm.declare_entry("Piece strain", "0.001", positive_number(),
                        "Event-free branches are cut into pieces of this strain [-].");
      prm.declare_entry("Robust scale", "4", patterns::Double(0.0),
                        "Branch fit: beyond so many standard deviations [-] a residual counts less "
                        "(Huber); 0: plain least squares.");
      prm.declare_entry("Table stress nodes", "8", patterns::Integer(2),
                        "Nodes of the table along tau [-], for Source = tabulated.");
      prm.declare_entry("Table X1 nodes", "7", patterns::Integer(2),
                        "Nodes of the table along X1 [-], for Source = tabulated.");
      prm.declare_entry("Table curvature", "0.1", positive_number(),
                        "Smoothness of the table [-], for Source = tabulated: relative curvature "
                        "of 1/G_t against Eq. (7), across the table, that costs as much as a "
                        "standard deviation of the moduli; smaller is smoother.");
      prm.declare_entry("G0", "none", none_or_positive, "G0 [GPa], for Source = given.");
      prm.declare_entry("uA", "none", none_or_positive,
                        "uA [eV per atom], for Source = given; none: no softening by X1.");
      prm.declare_entry("tauA", "none", none_or_positive,
                        "tauA [GPa], for Source = given; none leaves its term out.");
      prm.declare_entry("tauB", "none", none_or_positive,
                        "tauB [GPa], for Source = given; none leaves its term out.");
      prm.leave_subsection();
    }

    void declare_events(dealii::ParameterHandler &prm)
    {
      prm.enter_subsection("Events");
      prm.declare_entry(
          "Definition", "union",
          patterns::Selection("union|stress deficit|energy loss|stress drop"),
          "Which increments hold an event: stress below the elastic prediction, "
          "energy below it, either of them (union), or a falling stress (the paper).");
      prm.declare_entry("Energy floor", automatic, automatic_or_floor,
                        "Smallest energy loss of an event [eV per cell]. Automatic: Floor factor "
                        "times the measured noise.");
      prm.declare_entry("Deficit floor", automatic, automatic_or_floor,
                        "Smallest stress deficit of an event [GPa]. Automatic: Floor factor times "
                        "the measured noise.");
      prm.declare_entry("Drop floor", "0", patterns::Double(0.0),
                        "Smallest stress drop of an event [GPa], for the stress-drop definition.");
      prm.declare_entry("Floor factor", "8", positive_number(),
                        "Automatic floors in standard deviations of event-free increments [-].");
      prm.declare_entry("Merge consecutive", "false", patterns::Bool(),
                        "Count a run of event increments as one event.");
      prm.leave_subsection();
    }

    void declare_grid(dealii::ParameterHandler &prm)
    {
      prm.enter_subsection("Grid");
      prm.declare_entry("Stress bins", "20", patterns::Integer(1), "Bins along tau [-].");
      prm.declare_entry("X1 bins", "20", patterns::Integer(1), "Bins along X1 [-].");
      prm.declare_entry("Stress range", automatic, automatic_or_range,
                        "Lowest and highest tau [GPa] of the grid. Automatic: what was visited.");
      prm.declare_entry("X1 range", automatic, automatic_or_range,
                        "Lowest and highest X1 [eV per atom] of the grid. Automatic: what was "
                        "visited.");
      prm.declare_entry("Minimum events", "10", patterns::Double(0.0),
                        "A bin is pooled with its nearest neighbours until it holds so many events "
                        "[-].");
      prm.leave_subsection();
    }

    /// "automatic" or a positive number.
    const WordOr automatic_or_positive(automatic, positive_number());

    void declare_estimator(dealii::ParameterHandler &prm)
    {
      prm.enter_subsection("Estimator");
      prm.declare_entry(
          "Kind", "smooth", patterns::Selection("smooth|pooled bins"),
          "How the law makes rates and jumps: smooth in the state, or bin by bin, a bin "
          "of fewer than Minimum events pooled with its nearest.");
      prm.declare_entry(
          "Rate curvature", automatic, automatic_or_positive,
          "Smoothness of the rate [-]: second derivative of ln(lambda) across the grid "
          "that costs as much as a standard deviation; smaller is smoother. "
          "Automatic: what best predicts glasses left out.");
      prm.declare_entry("Size curvature", automatic, automatic_or_positive,
                        "The same of the mean size of events [-].");
      prm.declare_entry("Kernel events", "100", patterns::Double(1.0),
                        "Effective number of nearby events that a jump is drawn from [-].");
      prm.declare_entry(
          "Memory", "true", patterns::Bool(),
          "Let event sizes depend on the preparation and on how much of it the plastic "
          "strain has erased: the internal variable X2.");
      prm.declare_entry(
          "Relaxation strain", automatic, automatic_or_positive,
          "Plastic strain over which the memory falls to 1/e [-]. Automatic: fitted.");
      prm.leave_subsection();
    }

    void read_elasticity_database(const Parameters &parameters,
                                  statistics::HarvestSettings &settings)
    {
      if (parameters.text("Elasticity/Database").empty())
        throw parameters.error("Elasticity/Database",
                               "expected the name of a file if \"Elasticity/Source\" is database");
      for (const char *path : {"Elasticity/Reference energy", "Grid/Stress range", "Grid/X1 range"})
        if (parameters.text(path) != automatic)
          throw parameters.error(path,
                                 "comes from the database if \"Elasticity/Source\" is database");
      take_over_elasticity(parameters.file("Elasticity/Database"), settings);
    }
  } // namespace

  void declare_harvest_settings(dealii::ParameterHandler &prm)
  {
    declare_elasticity(prm);
    declare_events(prm);
    declare_grid(prm);
    declare_estimator(prm);
  }

  void HarvestParameters::declare(dealii::ParameterHandler &prm)
  {
    prm.declare_entry("Material", "", patterns::Anything(),
                      "Name of the glass, stored in the database.");
    prm.declare_entry("Database file", "events.h5", patterns::Anything(),
                      "Name of the database file in the output directory.");
    prm.declare_entry("Output directory", "", patterns::DirectoryName(),
                      "Where the database and the report go; --output takes precedence.");
    prm.declare_entry("Threads", "0", patterns::Integer(0),
                      "Threads that read and count the runs [-]; 0: one per processor core. The "
                      "results do not depend on it.");
    prm.declare_entry(
        "Scratch directory", "", patterns::DirectoryName(),
        "Where the rows of the runs go that do not fit into 256 MB, at most 24 bytes each, "
        "in a file that is gone afterwards. Empty: the environment variable TMPDIR, "
        "else /tmp.");
    AtomisticRunsParameters::declare(prm, /*required=*/true);
    declare_harvest_settings(prm);

    prm.enter_subsection("Standard errors");
    prm.declare_entry("Resamples", "50", patterns::Integer(0),
                      "Bootstrap resamples of the glasses [-]; 0: no standard errors.");
    prm.declare_entry("Seed", "1", patterns::Integer(0), "Seed of the resampling [-].");
    prm.leave_subsection();
  }

  HarvestParameters HarvestParameters::parse(const Parameters &parameters)
  {
    HarvestParameters result;
    result.database_file = parameters.text("Database file");
    if (result.database_file.empty() || result.database_file.find('/') != std::string::npos)
      throw parameters.error("Database file", "expected the name of a file without directories; "
                                              "\"Output directory\" or --output say where it goes");
    result.n_threads = static_cast<unsigned int>(parameters.integer("Threads"));
    if (result.n_threads == 0)
      result.n_threads = std::max(1u, std::thread::hardware_concurrency());
    result.scratch_directory = parameters.file("Scratch directory");
    result.runs = AtomisticRunsParameters::parse(parameters);
    if (result.runs.manifest.empty())
      throw parameters.error("Runs/Manifest", "expected the name of a file");

    result.settings = parse_harvest_settings(parameters);
    result.settings.material = parameters.text("Material");
    if (!parameters.text("Elasticity/Database").empty())
      result.elasticity_database = parameters.file("Elasticity/Database");
    result.settings.n_bootstrap =
        static_cast<unsigned int>(parameters.integer("Standard errors/Resamples"));
    result.settings.seed = static_cast<std::uint64_t>(parameters.integer("Standard errors/Seed"));
    return result;
  }

  statistics::HarvestSettings parse_harvest_settings(const Parameters &parameters)
  {
    statistics::HarvestSettings settings;
    const bool from_database = parameters.text("Elasticity/Source") == "database";
    if (!from_database)
      settings.elasticity = statistics::elasticity_source(parameters.text("Elasticity/Source"));
    settings.reference_energy = optional_number(parameters, "Elasticity/Reference energy");
    settings.first_strain = parameters.number("Elasticity/First strain");
    settings.loading_strain = parameters.number("Elasticity/Loading strain");
    settings.fit_rows = static_cast<std::size_t>(parameters.integer("Elasticity/Fit rows"));
    settings.piece_strain = parameters.number("Elasticity/Piece strain");
    settings.robust_scale = parameters.number("Elasticity/Robust scale");
    settings.table_nodes = {
        {static_cast<std::size_t>(parameters.integer("Elasticity/Table stress nodes")),
         static_cast<std::size_t>(parameters.integer("Elasticity/Table X1 nodes"))}};
    settings.table_curvature = parameters.number("Elasticity/Table curvature");
    if (settings.elasticity == statistics::ElasticitySource::given)
    {
      if (parameters.text("Elasticity/G0") == "none")
        throw parameters.error("Elasticity/G0", "must be given if \"Elasticity/Source\" is given");
      settings.given.g0 = parameters.numbers("Elasticity/G0").front();
      settings.given.u_a = number_or_infinity(parameters, "Elasticity/uA");
      settings.given.tau_a = number_or_infinity(parameters, "Elasticity/tauA");
      settings.given.tau_b = number_or_infinity(parameters, "Elasticity/tauB");
    }
    else
      for (const char *path :
           {"Elasticity/G0", "Elasticity/uA", "Elasticity/tauA", "Elasticity/tauB"})
        if (parameters.text(path) != "none")
          throw parameters.error(path, "is only used if \"Elasticity/Source\" is given");

    settings.event_definition = statistics::event_definition(parameters.text("Events/Definition"));
    settings.energy_floor = optional_number(parameters, "Events/Energy floor");
    settings.deficit_floor = optional_number(parameters, "Events/Deficit floor");
    settings.drop_floor = parameters.number("Events/Drop floor");
    settings.floor_factor = parameters.number("Events/Floor factor");
    settings.merge_consecutive = parameters.boolean("Events/Merge consecutive");

    settings.n_bins = {{static_cast<std::size_t>(parameters.integer("Grid/Stress bins")),
                        static_cast<std::size_t>(parameters.integer("Grid/X1 bins"))}};
    settings.tau_range = optional_range(parameters, "Grid/Stress range");
    settings.x1_range = optional_range(parameters, "Grid/X1 range");
    settings.minimum_events = parameters.number("Grid/Minimum events");
    if (from_database)
      read_elasticity_database(parameters, settings);
    else if (!parameters.text("Elasticity/Database").empty())
      throw parameters.error("Elasticity/Database",
                             "is only used if \"Elasticity/Source\" is database");

    statistics::EstimatorSettings &estimator = settings.estimator;
    estimator.kind = statistics::estimator_kind(parameters.text("Estimator/Kind"));
    estimator.rate_curvature = optional_number(parameters, "Estimator/Rate curvature");
    estimator.size_curvature = optional_number(parameters, "Estimator/Size curvature");
    estimator.kernel_events = parameters.number("Estimator/Kernel events");
    estimator.memory = parameters.boolean("Estimator/Memory");
    estimator.relaxation_strain = optional_number(parameters, "Estimator/Relaxation strain");
    return settings;
  }
} // namespace seem::commands
