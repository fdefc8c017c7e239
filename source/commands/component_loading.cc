// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/component_loading.h>
#include <seem/commands/parameter_patterns.h>
#include <seem/io/number_table.h>

#include <deal.II/base/function_parser.h>
#include <deal.II/base/numbers.h>
#include <deal.II/base/parameter_handler.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <sstream>

namespace seem::commands
{
  namespace patterns = dealii::Patterns;

  namespace
  {
    /// In the order of law::SymmetricTensor.
    const std::array<std::string, 6> component_names = {{"xx", "yy", "zz", "yz", "xz", "xy"}};

    /// How a component may be prescribed: the word of the key, of the column, and the factor to
    /// strain or stress.
    struct Way
    {
      std::string key, column;
      law::Control control;
      double factor;
    };

    const std::array<Way, 3> ways = {{{"Strain", "eps", law::Control::strain, 1.0},
                                      {"Gamma", "gamma", law::Control::strain, 0.5},
                                      {"Stress", "sigma", law::Control::stress, 1.0}}};

    bool is_possible(const Way &way, const std::size_t component)
    {
      return way.key != "Gamma" || component >= 3;
    }

    std::string key_of(const Way &way, const std::size_t component)
    {
      return fmt::format("Loading/{} {}", way.key, component_names[component]);
    }

    /// All that is prescribed: one way and one function per component.
    struct Prescription
    {
      law::ComponentControl control = {}; // strain
      std::array<TimeFunction, 6> value;  // none: zero

      law::LoadPath load_path() const
      {
        return [value = value](const double t) {
          law::SymmetricTensor load;
          for (std::size_t i = 0; i < 6; ++i)
            load[static_cast<int>(i)] = value[i] ? (i < 3 ? 1.0 : law::sqrt2) * value[i](t) : 0.0;
          return load;
        };
      }
    };

    std::string one_line(const dealii::ExceptionBase &error)
    {
      std::ostringstream out;
      error.print_info(out);
      std::string text = out.str();
      std::replace(text.begin(), text.end(), '\n', ' ');
      text.erase(std::unique(text.begin(), text.end(),
                             [](const char a, const char b) { return a == ' ' && b == ' '; }),
                 text.end());
      return text;
    }

    Prescription from_expressions(const Parameters &parameters, const double begin)
    {
      Prescription result;
      bool any = false;
      for (std::size_t i = 0; i < 6; ++i)
      {
        std::string given;
        for (const Way &way : ways)
        {
          const std::string key = key_of(way, i);
          if (!is_possible(way, i) || parameters.text(key).empty())
            continue;
          if (!given.empty())
            throw parameters.error(
                key, fmt::format("\"{}\" is given, too: a component has one of them", given));
          given = key;
          any = true;
          result.control[i] = way.control;
          result.value[i] = [f = time_function(parameters, key, begin),
                             factor = way.factor](const double t) { return factor * f(t); };
        }
      }
      if (!any)
        throw parameters.error("Loading/Kind", "prescribe at least one component, as \"Loading/"
                                               "Strain xx\" or \"Loading/Stress xx\", or name a "
                                               "\"Path file\"");
      return result;
    }

    Prescription from_table(const std::string &file, const io::NumberTable &table,
                            const std::vector<double> &t)
    {
      std::vector<std::string> known = {"t"};
      for (std::size_t i = 0; i < 6; ++i)
        for (const Way &way : ways)
          if (is_possible(way, i))
            known.push_back(way.column + "_" + component_names[i]);

      Prescription result;
      std::array<std::string, 6> given;
      for (std::size_t c = 0; c < table.names.size(); ++c)
      {
        // The names of the output are understood, too.
        std::string name = table.names[c];
        if (name.rfind("sigma_", 0) == 0 && name.size() > 4 &&
            name.compare(name.size() - 4, 4, "_GPa") == 0)
          name.resize(name.size() - 4);
        if (std::find(known.begin(), known.end(), name) == known.end())
          throw InputError(fmt::format("{}: no such column \"{}\": did you mean \"{}\"? Known are "
                                       "{}",
                                       file, table.names[c], nearest(name, known),
                                       fmt::join(known, ", ")));
        for (std::size_t i = 0; i < 6; ++i)
          for (const Way &way : ways)
          {
            if (name != way.column + "_" + component_names[i])
              continue;
            if (!given[i].empty())
              throw InputError(fmt::format("{}: the columns \"{}\" and \"{}\" prescribe the same "
                                           "component; keep one of them",
                                           file, given[i], table.names[c]));
            given[i] = table.names[c];
            result.control[i] = way.control;
            result.value[i] = [t, y = table.columns[c], factor = way.factor](const double at) {
              const auto above = std::upper_bound(t.begin() + 1, t.end() - 1, at);
              const auto k = static_cast<std::size_t>(above - t.begin());
              const double share = (at - t[k - 1]) / (t[k] - t[k - 1]);
              return factor * (share >= 1.0 ? y[k] : y[k - 1] + share * (y[k] - y[k - 1]));
            };
          }
      }
      if (table.names.size() < 2)
        throw InputError(
            fmt::format("{}: only the column t; expected a strain or stress beside it", file));
      return result;
    }

    /// The column t, checked.
    std::vector<double> times_of(const std::string &file, const io::NumberTable &table)
    {
      const std::vector<double> &t = table.column("t");
      if (t.size() < 2)
        throw InputError(fmt::format("{}: found one row, expected at least two", file));
      for (std::size_t i = 1; i < t.size(); ++i)
        if (!(t[i] > t[i - 1]))
          throw InputError(fmt::format("{}:{}: t = {:g} follows {:g} of line {}: expected a "
                                       "growing t",
                                       file, table.line[i], t[i], t[i - 1], table.line[i - 1]));
      return t;
    }

    /// Keys of all components.
    std::vector<std::string> component_keys()
    {
      std::vector<std::string> keys;
      for (std::size_t i = 0; i < 6; ++i)
        for (const Way &way : ways)
          if (is_possible(way, i))
            keys.push_back(key_of(way, i));
      return keys;
    }
  } // namespace

  TimeFunction time_function(const Parameters &parameters, const std::string &key,
                             const double begin)
  {
    const auto parser = std::make_shared<dealii::FunctionParser<1>>(1);
    try
    {
      parser->initialize("t", parameters.text(key), {{"pi", dealii::numbers::PI}});
      parser->value(dealii::Point<1>(begin));
    }
    catch (const dealii::ExceptionBase &error)
    {
      throw parameters.error(
          key, fmt::format("is no expression in t that can be read:{}", one_line(error)));
    }
    const std::string place = parameters.error(key, "").what();
    return [parser, place](const double t) {
      const double value = parser->value(dealii::Point<1>(t));
      if (!std::isfinite(value))
        throw InputError(fmt::format("{}not finite at t = {:g}: {}", place, t, value));
      return value;
    };
  }

  void ComponentLoading::declare(dealii::ParameterHandler &prm)
  {
    prm.declare_entry("Path file", "", patterns::FileName(),
                      "Instead of expressions: a table with columns t and any of eps_xx, gamma_xy, "
                      "sigma_xx ..., linear between its rows.");
    for (std::size_t i = 0; i < 6; ++i)
      for (const Way &way : ways)
        if (is_possible(way, i))
          prm.declare_entry(
              fmt::format("{} {}", way.key, component_names[i]), "", patterns::Anything(),
              way.key == "Strain" ? fmt::format("Tensor component eps_{} [-], an expression in t. "
                                                "Without any for {} its strain is 0.",
                                                component_names[i], component_names[i])
              : way.key == "Gamma"
                  ? fmt::format("Instead: engineering shear strain, 2 eps_{} [-].",
                                component_names[i])
                  : fmt::format("Instead: Cauchy stress sigma_{} [GPa], tension positive.",
                                component_names[i]));
  }

  void ComponentLoading::refuse(const Parameters &parameters, const std::string &reason)
  {
    std::vector<std::string> keys = component_keys();
    keys.insert(keys.begin(), "Loading/Path file");
    for (const std::string &key : keys)
      if (!parameters.text(key).empty())
        throw parameters.error(key, reason);
  }

  ComponentLoading ComponentLoading::parse(const Parameters &parameters)
  {
    ComponentLoading result;
    Prescription prescription;
    const std::filesystem::path table_file = parameters.file("Loading/Path file");
    if (table_file.empty())
      prescription = from_expressions(parameters, 0.0);
    else
    {
      for (const std::string &key : component_keys())
        if (!parameters.text(key).empty())
          throw parameters.error(key, "is not used beside a \"Loading/Path file\"");
      const std::string file = table_file.string();
      const io::NumberTable table = io::read_number_table(table_file);
      result.table_file = file;
      result.kinks = times_of(file, table);
      prescription = from_table(file, table, result.kinks);
    }
    result.control = prescription.control;
    result.path = prescription.load_path();
    return result;
  }
} // namespace seem::commands
