// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_INITIAL_STATE_FIELD_H
#define SEEM_COMMANDS_INITIAL_STATE_FIELD_H

#include <seem/commands/parameters.h>
#include <seem/core/random_stream.h>
#include <seem/core/state.h>
#include <seem/database/event_database.h>

#include <deal.II/base/point.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace seem::commands
{
  enum class InitialKind
  {
    drawn,        ///< X1 of every volume from the samples of a label, independently
    constant,     ///< X1 the same everywhere
    normal,       ///< X1 normal, independently
    function,     ///< X1 by an expression of the position
    table,        ///< X1 of the nearest point of a table
    random_field, ///< X1 normal, correlated over a length
  };

  /// Section "Initial state" of `seem run`.
  struct InitialStateParameters
  {
    InitialKind kind = InitialKind::drawn;
    std::string label;               ///< of drawn; empty: all samples
    double x1 = 0.0;                 ///< constant, or mean of normal and random_field [eV per atom]
    double standard_deviation = 0.0; ///< of normal and random_field [eV per atom]
    double correlation_length = 0.0; ///< of random_field [nm]
    std::string expression;          ///< of function [eV per atom]
    std::filesystem::path table;
    std::string shear_stress; ///< expression of the position [GPa]; empty: 0

    static void declare(dealii::ParameterHandler &prm);

    /// @throws InputError naming the parameter that does not fit the others
    static InitialStateParameters parse(const Parameters &parameters);
  };

  /// The state that a volume starts from, by its place [nm] and its name.
  template <int dim>
  using InitialStateField = std::function<State(const dealii::Point<dim> &, const PointKey &)>;

  /**
   * The states that the parameters describe; pure functions of place, name and seed, hence the same
   * on any number of ranks. A memory that the database has starts at that of the sample with the
   * nearest X1.
   *
   * The random field is a sum of n = 1024 plane waves, X1(x) = mean + s sqrt(2/n) sum of
   * cos(k_i x + phi_i) with k_i normal of standard deviation 1/length: for large n a normal field
   * with the correlation exp(-r^2/(2 length^2)). Along periodic directions k_i is rounded to whole
   * waves. Source: R. H. Kraichnan, doi:10.1063/1.1692799.
   *
   * @param[in] drawn     states to draw from, of the kind drawn
   * @param[in] periods   lengths of the specimen along periodic directions [nm], else 0
   * @throws InputError if an expression or the table cannot be read
   */
  template <int dim>
  InitialStateField<dim>
  make_initial_state_field(const InitialStateParameters &parameters,
                           const std::vector<State> &drawn, const database::EventDatabase &database,
                           std::uint64_t seed, const std::array<double, dim> &periods);
} // namespace seem::commands

#endif
