// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/parameter_patterns.h>
#include <seem/commands/point_ensemble.h>
#include <seem/commands/point_loading.h>

#include <deal.II/base/parameter_handler.h>

#include <fmt/format.h>

namespace seem::commands
{
  namespace patterns = dealii::Patterns;

  namespace
  {
    /// Rows of output where their spacing is automatic.
    constexpr double automatic_rows = 200.0;

    /// An entry that may be "automatic".
    double number_or(const Parameters &parameters, const std::string &path, const double automatic)
    {
      const std::string text = parameters.text(path);
      return text == "automatic" ? automatic : dealii::Utilities::string_to_double(text);
    }
  } // namespace

  void PointLoading::declare(dealii::ParameterHandler &prm)
  {
    prm.enter_subsection("Loading");
    prm.declare_entry("Kind", "simple shear", patterns::Selection("simple shear|components"),
                      "Monotone simple shear as section Strain says, or components of strain and "
                      "stress as functions of t.");
    prm.declare_entry("Final time", "automatic", WordOr("automatic", positive_number()),
                      "End of the pseudo-time t [-], which begins at 0, or at the first row of the "
                      "path file; automatic: 1, or the last row.");
    prm.declare_entry("Output increment", "automatic", WordOr("automatic", positive_number()),
                      "t between two rows of output [-]; automatic: 200 rows.");
    prm.declare_entry("Largest increment", "automatic", WordOr("automatic", positive_number()),
                      "Largest step of t [-]; it matters only where a stress is prescribed. "
                      "Automatic: the output increment.");
    ComponentLoading::declare(prm);
    prm.leave_subsection();
  }

  PointLoading PointLoading::parse(const Parameters &parameters)
  {
    PointLoading result;
    if (parameters.text("Loading/Kind") == "simple shear")
    {
      ComponentLoading::refuse(parameters, "is only used if \"Loading/Kind\" is components");
      return result;
    }

    result.kind = LoadingKind::components;
    const ComponentLoading components = ComponentLoading::parse(parameters);
    result.control = components.control;
    result.path = components.path;
    result.kinks = components.kinks;
    double begin = 0.0, end = number_or(parameters, "Loading/Final time", 1.0);
    if (!components.kinks.empty())
    {
      begin = result.kinks.front();
      end = number_or(parameters, "Loading/Final time", result.kinks.back());
      if (!(end > begin) || end > result.kinks.back())
        throw parameters.error("Loading/Final time",
                               fmt::format("the table {} goes from t = {:g} to {:g}",
                                           components.table_file, begin, result.kinks.back()));
    }

    const double increment =
        number_or(parameters, "Loading/Output increment", (end - begin) / automatic_rows);
    if (increment > end - begin)
      throw parameters.error("Loading/Output increment", "must not exceed the length of the path");
    for (const double t : strain_grid(end - begin, increment))
      result.times.push_back(begin + t);
    result.times.back() = end;
    result.largest_increment = number_or(parameters, "Loading/Largest increment", increment);

    // What is not finite is found before any path is run.
    for (const double t : result.times)
      result.path(t);
    return result;
  }
} // namespace seem::commands
