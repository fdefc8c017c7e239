// SPDX-License-Identifier: LGPL-2.1-or-later
#include "space_function.h"

#include <seem/commands/initial_state_field.h>
#include <seem/commands/parameter_patterns.h>
#include <seem/commands/point_ensemble.h>
#include <seem/database/material.h>
#include <seem/io/number_table.h>

#include <deal.II/base/numbers.h>
#include <deal.II/base/parameter_handler.h>
#include <deal.II/numerics/rtree.h>

#include <boost/math/special_functions/erf.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace seem::commands
{
  namespace patterns = dealii::Patterns;

  namespace
  {
    constexpr std::array<const char *, 6> kinds = {
        {"drawn", "constant", "normal", "function", "table", "random field"}};

    constexpr unsigned int n_waves = 1024;

    /// A standard normal number of a uniform one in (0, 1).
    double standard_normal(const double u)
    {
      return -dealii::numbers::SQRT2 * boost::math::erfc_inv(2.0 * u);
    }

    template <int dim>
    using X1Field = std::function<double(const dealii::Point<dim> &, const PointKey &)>;

    template <int dim>
    X1Field<dim> random_field(const InitialStateParameters &parameters, const std::uint64_t seed,
                              const std::array<double, dim> &periods)
    {
      struct Wave
      {
        dealii::Tensor<1, dim> k;
        double phase;
      };
      std::vector<Wave> waves(n_waves);
      for (unsigned int i = 0; i < n_waves; ++i)
      {
        // No cell has this name.
        const RandomStream stream(seed, {~std::uint64_t(0), 0, 0});
        std::array<double, 4> u;
        for (unsigned int half = 0; half < 2; ++half)
        {
          const auto pair = stream.uniform(2 * i + half, RandomPurpose::initial_state);
          u[2 * half] = pair[0];
          u[2 * half + 1] = pair[1];
        }
        for (unsigned int d = 0; d < dim; ++d)
        {
          double k = standard_normal(u[d]) / parameters.correlation_length;
          if (periods[d] > 0.0)
          {
            const double whole = 2.0 * dealii::numbers::PI / periods[d];
            k = whole * std::round(k / whole);
          }
          waves[i].k[d] = k;
        }
        waves[i].phase = 2.0 * dealii::numbers::PI * u[3];
      }
      const double amplitude = parameters.standard_deviation * std::sqrt(2.0 / n_waves);
      return [waves = std::move(waves), amplitude,
              mean = parameters.x1](const dealii::Point<dim> &x, const PointKey &) {
        double sum = 0.0;
        for (const Wave &wave : waves)
          sum += std::cos(wave.k * x + wave.phase);
        return mean + amplitude * sum;
      };
    }

    template <int dim>
    X1Field<dim> table_field(const std::filesystem::path &file)
    {
      using Entry = std::pair<dealii::Point<dim>, double>;

      const io::NumberTable table = io::read_number_table(file);
      const std::vector<double> &x = table.column("x_nm"), &y = table.column("y_nm"),
                                &x1 = table.column("x1_eV");
      const std::vector<double> &z = dim == 3 ? table.column("z_nm") : x;

      std::vector<Entry> entries;
      for (std::size_t i = 0; i < x1.size(); ++i)
      {
        dealii::Point<dim> place;
        const std::array<double, 3> coordinates = {{x[i], y[i], z[i]}};
        std::copy_n(coordinates.begin(), dim, place.begin_raw());
        entries.emplace_back(place, x1[i]);
      }
      const auto tree = std::make_shared<const dealii::RTree<Entry>>(dealii::pack_rtree(entries));
      return [tree](const dealii::Point<dim> &position, const PointKey &) {
        return tree->qbegin(boost::geometry::index::nearest(position, 1))->second;
      };
    }

    template <int dim>
    X1Field<dim> x1_field(const InitialStateParameters &parameters, const std::uint64_t seed,
                          const std::array<double, dim> &periods)
    {
      switch (parameters.kind)
      {
      case InitialKind::normal:
        return [parameters, seed](const dealii::Point<dim> &, const PointKey &key) {
          const double u = RandomStream(seed, key).uniform(0, RandomPurpose::initial_state)[0];
          return parameters.x1 + parameters.standard_deviation * standard_normal(u);
        };
      case InitialKind::function:
        return [f = space_function<dim>(parameters.expression, "Initial state/X1 function")](
                   const dealii::Point<dim> &x, const PointKey &) { return f(x, 0.0); };
      case InitialKind::table:
        return table_field<dim>(parameters.table);
      case InitialKind::random_field:
        return random_field<dim>(parameters, seed, periods);
      default:
        return [x1 = parameters.x1](const dealii::Point<dim> &, const PointKey &) { return x1; };
      }
    }

    /// A parameter that only some kinds use.
    void check_use(const Parameters &parameters, const std::string &key, const bool is_set,
                   const bool used, const std::string &by)
    {
      const std::string path = "Initial state/" + key;
      if (is_set && !used)
        throw parameters.error(path, "is only used if \"Initial state/Kind\" is " + by);
      if (!is_set && used)
        throw parameters.error(path, "is needed if \"Initial state/Kind\" is " + by);
    }
  } // namespace

  void InitialStateParameters::declare(dealii::ParameterHandler &prm)
  {
    prm.enter_subsection("Initial state");
    prm.declare_entry("Kind", "drawn",
                      patterns::Selection(fmt::format("{}", fmt::join(kinds, "|"))),
                      "X1 of every volume: drawn from the samples of a label by the random numbers "
                      "of the point; constant; normal (independent); a function of the position; "
                      "the value of the nearest point of a table; or a normal random field with a "
                      "correlation length.");
    prm.declare_entry("Label", "", patterns::Anything(),
                      "Preparation to draw from; empty: all samples of the database.");
    prm.declare_entry("X1", "0", patterns::Double(),
                      "The constant, or the mean of normal and random field [eV per atom].");
    prm.declare_entry("Standard deviation", "0", patterns::Double(0.0),
                      "Of normal and random field [eV per atom].");
    prm.declare_entry("Correlation length", "0", patterns::Double(0.0),
                      "L of the random field, whose correlation is exp(-r^2/(2 L^2)) [nm].");
    prm.declare_entry("X1 function", "", patterns::Anything(),
                      "Expression of x, y, z [nm] for the kind function [eV per atom].");
    prm.declare_entry("Table", "", patterns::FileName(),
                      "Table for the kind table, with the columns x_nm, y_nm, in space z_nm, and "
                      "x1_eV: final_field.csv of a run is one.");
    prm.declare_entry("Shear stress", "", patterns::Anything(),
                      "Initial stress xy as an expression of x, y, z [GPa]; empty: none. The body "
                      "comes to rest under it before it is loaded.");
    prm.leave_subsection();
  }

  InitialStateParameters InitialStateParameters::parse(const Parameters &parameters)
  {
    InitialStateParameters result;
    const auto text = [&](const std::string &key) {
      return parameters.text("Initial state/" + key);
    };
    const auto number = [&](const std::string &key) {
      return parameters.number("Initial state/" + key);
    };
    const std::string kind = text("Kind");
    result.kind =
        static_cast<InitialKind>(std::find(kinds.begin(), kinds.end(), kind) - kinds.begin());
    const auto is = [&](const InitialKind k) { return result.kind == k; };
    const bool has_spread = is(InitialKind::normal) || is(InitialKind::random_field);

    result.label = text("Label");
    if (!result.label.empty())
      check_use(parameters, "Label", true, is(InitialKind::drawn), "drawn");
    result.x1 = number("X1");
    if (result.x1 != 0.0)
      check_use(parameters, "X1", true, has_spread || is(InitialKind::constant),
                "constant, normal or random field");
    result.standard_deviation = number("Standard deviation");
    check_use(parameters, "Standard deviation", result.standard_deviation > 0.0, has_spread,
              "normal or random field");
    result.correlation_length = number("Correlation length");
    check_use(parameters, "Correlation length", result.correlation_length > 0.0,
              is(InitialKind::random_field), "random field");
    result.expression = text("X1 function");
    check_use(parameters, "X1 function", !result.expression.empty(), is(InitialKind::function),
              "function");
    result.table = parameters.file("Initial state/Table");
    check_use(parameters, "Table", !result.table.empty(), is(InitialKind::table), "table");
    result.shear_stress = text("Shear stress");
    return result;
  }

  template <int dim>
  InitialStateField<dim>
  make_initial_state_field(const InitialStateParameters &parameters,
                           const std::vector<State> &drawn, const database::EventDatabase &database,
                           const std::uint64_t seed, const std::array<double, dim> &periods)
  {
    std::function<double(const dealii::Point<dim> &, double)> stress;
    if (!parameters.shear_stress.empty())
      stress = space_function<dim>(parameters.shear_stress, "Initial state/Shear stress");
    const auto with_stress = [stress](State state, const dealii::Point<dim> &x) {
      if (stress)
        state.tau = stress(x, 0.0);
      return state;
    };

    if (parameters.kind == InitialKind::drawn)
      return [=](const dealii::Point<dim> &x, const PointKey &key) {
        return with_stress(draw_initial_state(drawn, seed, key), x);
      };
    // The caller keeps the database for as long as it makes states.
    return [with_stress, &database, field = x1_field<dim>(parameters, seed, periods)](
               const dealii::Point<dim> &x, const PointKey &key) {
      State state;
      state.x[0] = field(x, key);
      database::fill_memory(database, state);
      return with_stress(state, x);
    };
  }

  template InitialStateField<2> make_initial_state_field<2>(const InitialStateParameters &,
                                                            const std::vector<State> &,
                                                            const database::EventDatabase &,
                                                            std::uint64_t,
                                                            const std::array<double, 2> &);
  template InitialStateField<3> make_initial_state_field<3>(const InitialStateParameters &,
                                                            const std::vector<State> &,
                                                            const database::EventDatabase &,
                                                            std::uint64_t,
                                                            const std::array<double, 3> &);
} // namespace seem::commands
