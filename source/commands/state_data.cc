// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/state_data.h>
#include <seem/core/exceptions.h>
#include <seem/solver/collective.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace seem::commands
{
  namespace
  {
    /// Volume of a state over V_RVE.
    struct Ratio
    {
      double m;
      std::uint64_t cell;
    };

    void check(const Ratio &smallest, const Ratio &largest)
    {
      const bool small = smallest.m < law::smallest_volume_ratio;
      if (!small && largest.m <= law::largest_volume_ratio)
        return;
      throw InputError(fmt::format(
          "cell {}: a state of the law owns m = {:.3g} representative volumes; the statistics hold "
          "for about one, and {:g} to {:g} are accepted. Change \"Specimen/Cell edge\" (automatic "
          "gives m = 1) or set \"Material/Volume rule\": sub-RVE simulates every representative "
          "volume; scale takes any m, but size effects are then not predicted",
          small ? smallest.cell : largest.cell, small ? smallest.m : largest.m,
          law::smallest_volume_ratio, law::largest_volume_ratio));
    }
  } // namespace

  template <int dim>
  StateData make_state_data(const std::vector<solver::QuadraturePoint<dim>> &quadrature_points,
                            const unsigned int n_per_cell,
                            const std::vector<unsigned int> &regions_of_cells,
                            const solver::StateSupport support, const law::VolumeRule rule,
                            const double representative_volume, const MPI_Comm communicator)
  {
    const std::size_t n_shared = support == solver::StateSupport::cell ? n_per_cell : 1;
    StateData result;
    std::vector<Ratio> ratios;
    for (std::size_t first = 0; first < quadrature_points.size(); first += n_shared)
    {
      const PointKey &key = quadrature_points[first].key;
      if (regions_of_cells[first / n_per_cell] != 0)
      {
        result.data.push_back({key, 1.0});
        continue;
      }
      double volume = 0.0;
      for (std::size_t p = first; p < first + n_shared; ++p)
        volume += quadrature_points[p].volume;
      result.data.push_back({key, law::volume_ratio(rule, volume, representative_volume)});
      ratios.push_back({volume / representative_volume, key.cell});
    }

    std::vector<Ratio> all = solver::gather_records(communicator, ratios);
    std::array<double, 3> range = {};
    solver::run_collectively(communicator, [&] {
      if (all.empty())
        return; // another rank than 0
      const auto order = [](const Ratio &a, const Ratio &b) { return a.m < b.m; };
      std::sort(all.begin(), all.end(), order);
      range = {{all.front().m, all[all.size() / 2].m, all.back().m}};
      fmt::print("volume ratio m = V/V_RVE of the states of the law, one per {}: smallest {:.3g}, "
                 "median {:.3g}, largest {:.3g}\n",
                 support == solver::StateSupport::cell ? "cell" : "quadrature point", range[0],
                 range[1], range[2]);
      if (rule != law::VolumeRule::check)
        return;
      check(all.front(), all.back());
      if (range[0] < law::smallest_plain_volume_ratio || range[2] > law::largest_plain_volume_ratio)
        fmt::print(stderr, "seem: warning: m is far from 1; fluctuations are scaled as m^-1/2\n");
    });
    MPI_Bcast(range.data(), 3, MPI_DOUBLE, 0, communicator);
    result.smallest = range[0];
    result.median = range[1];
    result.largest = range[2];
    return result;
  }

  template StateData make_state_data(const std::vector<solver::QuadraturePoint<2>> &, unsigned int,
                                     const std::vector<unsigned int> &, solver::StateSupport,
                                     law::VolumeRule, double, MPI_Comm);
  template StateData make_state_data(const std::vector<solver::QuadraturePoint<3>> &, unsigned int,
                                     const std::vector<unsigned int> &, solver::StateSupport,
                                     law::VolumeRule, double, MPI_Comm);
} // namespace seem::commands
