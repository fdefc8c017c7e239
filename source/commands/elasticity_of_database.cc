// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elasticity_of_database.h"

#include <seem/core/exceptions.h>
#include <seem/io/database_file.h>

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>

namespace seem::commands
{
  namespace
  {
    /// First and last edge of an axis of equal bins.
    std::array<double, 2> range_of(const database::Axis &axis, const std::filesystem::path &file)
    {
      constexpr double round_off = 1e-6;
      const std::vector<double> &edges = axis.edges;
      const double width = (edges.back() - edges.front()) / static_cast<double>(axis.n_bins());
      for (std::size_t k = 0; k + 1 < edges.size(); ++k)
        if (std::abs(edges[k + 1] - edges[k] - width) > round_off * width)
          throw InputError(
              fmt::format("{}: the bins of axis '{}' are not of equal width, only such "
                          "grids can be taken over",
                          file.string(), axis.name));
      return {{edges.front(), edges.back()}};
    }

    void take_over_floor(const database::EventDatabase &source, const char *key,
                         std::optional<double> &floor)
    {
      const auto found = source.settings.find(key);
      if (!floor && found != source.settings.end())
        floor = std::strtod(found->second.c_str(), nullptr); // of merged databases the first
    }
  } // namespace

  void take_over_elasticity(const std::filesystem::path &file,
                            statistics::HarvestSettings &settings)
  {
    const database::EventDatabase source = io::read_database(file);
    const database::ElasticConstants &constants = source.elasticity;
    settings.elasticity = statistics::ElasticitySource::given;
    settings.given = {constants.g0.value, constants.u_a.value, constants.tau_a.value,
                      constants.tau_b.value};
    settings.given_table = source.elasticity_table;
    settings.reference_energy = source.u0;
    if (source.n_internal_variables() != (source.memory ? 2u : 1u))
      throw InputError(fmt::format("{}: has {} internal variables, only grids of tau and X1 can be "
                                   "taken over",
                                   file.string(), source.n_internal_variables()));
    settings.n_bins = {{source.axes[0].n_bins(), source.axes[1].n_bins()}};
    settings.tau_range = range_of(source.axes[0], file);
    settings.x1_range = range_of(source.axes[1], file);
    take_over_floor(source, "energy floor in force", settings.energy_floor);
    take_over_floor(source, "deficit floor in force", settings.deficit_floor);
  }

  void copy_elasticity(const std::filesystem::path &file, database::EventDatabase &database)
  {
    const database::EventDatabase source = io::read_database(file);
    database.elasticity = source.elasticity;
    database.elasticity_table = source.elasticity_table;
    database.elasticity_source = source.elasticity_source;
  }
} // namespace seem::commands
