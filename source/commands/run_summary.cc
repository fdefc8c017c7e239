// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_summary.h"

#include <deal.II/base/mpi.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

namespace seem::commands
{
  namespace
  {
    /// Shares below it are not worth a notice.
    constexpr double notable_share = 0.01;
    /// Local shear strain that the atomistic runs reach.
    constexpr double sampled_strain = 0.5;
    /// Local shear strain beyond which kinematics of small strain are rough: their errors are of
    /// the order of the strain itself.
    constexpr double small_strain = 0.2;
  } // namespace

  PointSurvey survey_points(const solver::MaterialPoints &points, const MPI_Comm communicator)
  {
    std::array<double, 3> counts = {static_cast<double>(points.size()), 0.0, 0.0};
    for (std::size_t p = 0; p < points.size(); ++p)
    {
      const law::SymmetricTensor s = law::deviator(points.stress[p]);
      const double squared = s.squaredNorm();
      counts[1] += squared > 0.0 && s.head<3>().squaredNorm() > 0.5 * squared;
      counts[2] += law::shear_strain(law::deviator(points.strain[p])) > small_strain;
    }
    dealii::Utilities::MPI::sum(dealii::ArrayView<const double>(counts.data(), 3), communicator,
                                dealii::ArrayView<double>(counts.data(), 3));
    return {counts[1] / counts[0], counts[2] / counts[0]};
  }

  void RunSummary::add(const solver::StepRecord &record, const PointSurvey &survey,
                       const solver::ShearBands &step_bands, const RunLoading &loading)
  {
    bands = step_bands;
    if (record.avalanche.number > 0)
    {
      n_avalanches = record.avalanche.number;
      largest_avalanche = std::max(largest_avalanche, record.n_spontaneous + record.n_triggered);
      longest_avalanche = std::max(longest_avalanche, record.n_firing_passes);
    }
    n_events += record.n_spontaneous + record.n_triggered;
    n_passes += record.n_passes;
    n_outside += record.n_outside;
    n_forced += record.n_forced;
    n_gaining += record.n_gaining;
    forward_strain += record.forward_strain;
    backward_strain += record.backward_strain;
    largest_local_shear = std::max(largest_local_shear, record.largest_local_shear);
    high_pressure_share = std::max(high_pressure_share, record.high_pressure_share);
    tension_share = std::max(tension_share, survey.tension_share);
    strained_share = std::max(strained_share, survey.strained_share);
    const double stress = loading.driven_stress(record);
    if (std::abs(stress) > std::abs(peak_stress))
    {
      peak_stress = stress;
      peak_strain = loading.driven_strain(record);
    }
  }

  namespace
  {
    /// Visits every number of a summary with its name; counts stay below 2^53.
    template <typename Summary, typename Visitor>
    void for_each_number(Summary &s, const Visitor &visit)
    {
      visit("n_events", s.n_events);
      visit("n_passes", s.n_passes);
      visit("n_outside", s.n_outside);
      visit("n_forced", s.n_forced);
      visit("n_gaining", s.n_gaining);
      visit("forward_strain", s.forward_strain);
      visit("backward_strain", s.backward_strain);
      visit("largest_local_shear", s.largest_local_shear);
      visit("high_pressure_share", s.high_pressure_share);
      visit("tension_share", s.tension_share);
      visit("strained_share", s.strained_share);
      visit("peak_strain", s.peak_strain);
      visit("peak_stress", s.peak_stress);
      visit("n_avalanches", s.n_avalanches);
      visit("largest_avalanche", s.largest_avalanche);
      visit("longest_avalanche", s.longest_avalanche);
    }
  } // namespace

  std::map<std::string, double> RunSummary::numbers() const
  {
    std::map<std::string, double> result;
    for_each_number(*this, [&](const char *name, const auto value) {
      result[name] = static_cast<double>(value);
    });
    return result;
  }

  void RunSummary::restore(const std::map<std::string, double> &numbers)
  {
    for_each_number(*this, [&](const char *name, auto &value) {
      value = static_cast<std::decay_t<decltype(value)>>(numbers.at(name));
    });
  }

  std::vector<std::string> RunSummary::notices() const
  {
    std::vector<std::string> result;
    const auto unsupported = [&](const std::string &text) {
      result.push_back(text + "; no atomistic data stand behind that");
    };
    const double path = forward_strain + backward_strain;
    if (backward_strain > notable_share * path)
      unsupported(fmt::format("{:.1f} % of the points' shear path was unloading or reloading",
                              100.0 * backward_strain / path));
    if (largest_local_shear > sampled_strain)
      unsupported(fmt::format("local shear strain reached {:.2f}", largest_local_shear));
    if (high_pressure_share > 0.0)
      unsupported(
          fmt::format("up to {:.2f} % of the points had a pressure above their shear stress",
                      100.0 * high_pressure_share));
    if (tension_share > notable_share)
      unsupported(fmt::format("up to {:.1f} % of the points were nearer to tension or compression "
                              "along the axes than to shear: the law is taken as isotropic",
                              100.0 * tension_share));
    if (n_outside + n_forced > notable_share * n_events)
      unsupported(fmt::format("{:.1f} % of the events were drawn in states that were never visited",
                              100.0 * (n_outside + n_forced) / static_cast<double>(n_events)));
    if (strained_share > notable_share)
      result.push_back(fmt::format(
          "the shear strain of up to {:.1f} % of the points exceeded {:g}: strains and rotations "
          "are taken as small, which is off there by about as much as the strain itself",
          100.0 * strained_share, small_strain));
    return result;
  }

  std::string RunSummary::structure_text() const
  {
    std::string result;
    if (n_avalanches > 0)
      result += fmt::format("{} avalanches of {:.2f} events on average, the largest of {}, the "
                            "longest of {} passes\n",
                            n_avalanches, static_cast<double>(n_events) / n_avalanches,
                            largest_avalanche, longest_avalanche);
    if (bands.n_bands > 0)
      result += fmt::format("{} shear band{} at the end; the largest {}, {:.2f} nm ({:.1f} cells) "
                            "wide, mean plastic strain {:.3f}\n",
                            bands.n_bands, bands.n_bands == 1 ? "" : "s",
                            std::isfinite(bands.angle)
                                ? fmt::format("at {:.1f} degrees to x", bands.angle)
                                : fmt::format("with normal ({:.2f}, {:.2f}, {:.2f})",
                                              bands.normal[0], bands.normal[1], bands.normal[2]),
                            bands.width, bands.width_cells, bands.mean_strain);
    return result;
  }

  std::string RunSummary::text(const solver::StepRecord &last) const
  {
    const solver::EnergyBalance &e = last.energy;
    std::string result = fmt::format(
        "peak stress {:.4f} GPa at strain {:.4f}; {} events in {} passes, {} steps; of the "
        "events {} drawn outside the visited states, {} forced above the highest sampled "
        "stress, {} at the energy bound\n",
        peak_stress, peak_strain, n_events, n_passes, last.step, n_outside, n_forced, n_gaining);
    result += structure_text();
    result += fmt::format(
        "first law per volume [GPa]: work of the reactions {:.6f} = elastic {:.6f} + "
        "inelastic {:.6f} + heat of events {:.6f} + heat of redistribution {:.6f} + residual "
        "{:.2e} ({:.4f} % of the work)\n",
        e.work, e.elastic, e.inelastic, e.event_heat, e.redistribution_heat, e.residual(),
        100.0 * e.residual() / e.work);
    return result;
  }
} // namespace seem::commands
