// SPDX-License-Identifier: LGPL-2.1-or-later
#include "point_components.h"
#include "point_quantiles.h"

#include <seem/core/version.h>
#include <seem/io/csv_writer.h>
#include <seem/io/hdf5_file.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tuple>

namespace seem::commands
{
  namespace
  {
    constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

    /// Above this share a notice is given.
    constexpr double notable_share = 0.01;

    const std::array<std::string, 6> names = {{"xx", "yy", "zz", "yz", "xz", "xy"}};

    /// The tensor component behind a Mandel component.
    double component(const law::SymmetricTensor &t, const int i)
    {
      return i < 3 ? t[i] : t[i] / law::sqrt2;
    }

    struct Moments
    {
      double mean = not_a_number, deviation = not_a_number, error = not_a_number;
    };

    Moments moments(const std::vector<double> &values)
    {
      Moments m;
      const auto n = static_cast<double>(values.size());
      if (values.empty())
        return m;
      double sum = 0.0, squares = 0.0;
      for (const double v : values)
        sum += v - values.front();
      m.mean = values.front() + sum / n;
      for (const double v : values)
        squares += (v - m.mean) * (v - m.mean);
      if (values.size() > 1)
      {
        m.deviation = std::sqrt(squares / (n - 1.0));
        m.error = m.deviation / std::sqrt(n);
      }
      return m;
    }

    double tau_of(const ComponentRow &row)
    {
      return row.fields.tau;
    }

    double x1_of(const ComponentRow &row)
    {
      return row.fields.x1;
    }

    std::vector<std::string> tensor_columns(const std::string &suffix)
    {
      std::vector<std::string> columns;
      for (const std::string &name : names)
        columns.push_back("eps_" + name + suffix);
      for (const std::string &name : names)
        columns.push_back("sigma_" + name + suffix + "_GPa");
      return columns;
    }

    void append(std::vector<std::string> &all, const std::vector<std::string> &more)
    {
      all.insert(all.end(), more.begin(), more.end());
    }

    /// The six strains and six stresses of one row.
    std::array<double, 12> tensors(const ComponentRow &row)
    {
      std::array<double, 12> values;
      for (int i = 0; i < 6; ++i)
      {
        values[static_cast<std::size_t>(i)] = component(row.strain, i);
        values[static_cast<std::size_t>(i) + 6] = component(row.stress, i);
      }
      return values;
    }

    /// A row of text and numbers.
    template <std::size_t n, typename... Texts>
    void write_row(io::CsvWriter &csv, const std::array<double, n> &numbers, const Texts &...texts)
    {
      std::apply([&](const auto &...values) { csv.row(texts..., values...); }, numbers);
    }

    /// Sums over the paths of an ensemble.
    struct Totals
    {
      explicit Totals(const ComponentEnsemble &ensemble)
      {
        for (const ComponentPath &path : ensemble.paths)
        {
          activity += path.activity;
          if (!path.limit.empty())
            end_times_at_limit.push_back(path.end_time);
          work += path.balance.work;
          elastic += path.elevated.elastic;
          inelastic += path.elevated.inelastic;
          event_heat += path.balance.event_heat;
          redistribution_heat += path.balance.redistribution_heat;
          residual += path.first_law_residual();
          for (const ComponentRow &row : path.rows)
          {
            n_rows += 1.0;
            const law::SymmetricTensor s = law::deviator(row.stress);
            n_pressed += std::abs(law::trace(row.stress)) / 3.0 > row.fields.tau * (1.0 + 1e-9);
            n_normal += s.head<3>().squaredNorm() > 0.5 * s.squaredNorm() && row.fields.tau > 0.0;
            largest_shear = std::max(largest_shear, law::shear_strain(law::deviator(row.strain)));
          }
        }
        n_paths = static_cast<double>(ensemble.paths.size());
      }

      double backward_share() const
      {
        const double path = activity.forward_strain + activity.backward_strain;
        return path > 0.0 ? activity.backward_strain / path : 0.0;
      }

      law::Activity activity;
      std::vector<double> end_times_at_limit;
      double n_paths = 0.0, n_rows = 0.0, n_pressed = 0.0, n_normal = 0.0, largest_shear = 0.0;
      double work = 0.0, elastic = 0.0, inelastic = 0.0, event_heat = 0.0,
             redistribution_heat = 0.0, residual = 0.0;
    };
  } // namespace

  void write_component_mean(const std::filesystem::path &path,
                            const std::vector<LabelledComponents> &ensembles)
  {
    std::vector<std::string> columns = {"source", "label", "t"};
    append(columns, tensor_columns(""));
    append(columns, tensor_columns("_std"));
    append(columns, {"tau_GPa", "tau_std_GPa", "tau_se_GPa", "x1_eV", "x1_std_eV", "x1_se_eV",
                     "plastic_strain", "plastic_strain_std", "n_events", "n"});
    append(columns, quantile_columns);
    io::CsvWriter csv(path, columns);

    for (const auto &[label, e] : ensembles)
      for (std::size_t row = 0; row < e.times.size(); ++row)
      {
        std::array<double, 24> tensor_moments;
        for (std::size_t i = 0; i < 12; ++i)
        {
          const Moments m =
              moments(e.column(row, [&](const ComponentRow &r) { return tensors(r)[i]; }));
          tensor_moments[i] = m.mean;
          tensor_moments[i + 12] = m.deviation;
        }
        const std::vector<double> tau = e.column(row, tau_of), x1 = e.column(row, x1_of);
        const Moments t = moments(tau), x = moments(x1);
        const Moments plastic =
            moments(e.column(row, [](const ComponentRow &r) { return r.fields.plastic_shear; }));
        const Moments events = moments(e.column(
            row, [](const ComponentRow &r) { return static_cast<double>(r.fields.n_events); }));
        const std::array<double, 10> scalars = {{t.mean, t.deviation, t.error, x.mean, x.deviation,
                                                 x.error, plastic.mean, plastic.deviation,
                                                 events.mean, static_cast<double>(tau.size())}};
        std::array<double, 44> all;
        auto place = std::copy(tensor_moments.begin(), tensor_moments.end(), all.begin());
        place = std::copy(scalars.begin(), scalars.end(), place);
        const std::array<double, 10> quantiles = quantile_values(tau, x1);
        std::copy(quantiles.begin(), quantiles.end(), place);
        write_row(csv, all, "model", label, e.times[row]);
      }
    csv.close();
  }

  void write_component_paths(const std::filesystem::path &path,
                             const std::vector<LabelledComponents> &ensembles,
                             const std::size_t n_paths)
  {
    std::vector<std::string> columns = {"source", "label", "path", "t"};
    append(columns, tensor_columns(""));
    append(columns, {"tau_GPa", "x1_eV", "plastic_strain", "n_events"});
    io::CsvWriter csv(path, columns);
    for (const auto &[label, e] : ensembles)
      for (std::size_t k = 0; k < std::min(n_paths, e.paths.size()); ++k)
        for (std::size_t row = 0; row < e.paths[k].rows.size(); ++row)
        {
          const ComponentRow &r = e.paths[k].rows[row];
          std::array<double, 16> all;
          const std::array<double, 12> both = tensors(r);
          std::copy(both.begin(), both.end(), all.begin());
          all[12] = r.fields.tau;
          all[13] = r.fields.x1;
          all[14] = r.fields.plastic_shear;
          all[15] = static_cast<double>(r.fields.n_events);
          write_row(csv, all, "model", label, e.paths[k].replica, e.times[row]);
        }
    csv.close();
  }

  void write_component_summary(const std::filesystem::path &path,
                               const std::vector<LabelledComponents> &ensembles)
  {
    io::CsvWriter csv(path, {"source", "label", "n_paths", "n_at_strength", "first_end_t",
                             "n_events", "n_outside", "n_forced", "n_capped", "n_gaining",
                             "work_GPa", "elastic_GPa", "inelastic_GPa", "event_heat_GPa",
                             "redistribution_heat_GPa", "first_law_residual_GPa",
                             "backward_strain_share", "high_pressure_share", "tension_share"});
    for (const auto &[label, e] : ensembles)
    {
      const Totals s(e);
      const law::Activity &a = s.activity;
      const auto &ends = s.end_times_at_limit;
      csv.row("model", label, e.paths.size(), ends.size(),
              ends.empty() ? not_a_number : *std::min_element(ends.begin(), ends.end()), a.n_events,
              a.n_outside, a.n_forced, a.n_capped, a.n_gaining, s.work / s.n_paths,
              s.elastic / s.n_paths, s.inelastic / s.n_paths, s.event_heat / s.n_paths,
              s.redistribution_heat / s.n_paths, s.residual / s.n_paths, s.backward_share(),
              s.n_pressed / s.n_rows, s.n_normal / s.n_rows);
    }
    csv.close();
  }

  void write_component_file(const std::filesystem::path &path,
                            const std::vector<LabelledComponents> &ensembles,
                            const PointProvenance &provenance)
  {
    io::Hdf5Writer file(path);
    write_provenance(file, provenance,
                     "Paths of the point model under prescribed components of strain and stress");

    const std::vector<double> &times = ensembles.front().ensemble.times;
    file.dataset("/t", times, "1", "pseudo-time of all paths");
    std::vector<std::string> label;
    std::vector<std::uint32_t> replica;
    std::vector<double> initial_tau, initial_x1, tau, x1, plastic, n_events, strain, stress;
    for (const auto &[name, e] : ensembles)
      for (const ComponentPath &p : e.paths)
      {
        label.push_back(name);
        replica.push_back(static_cast<std::uint32_t>(p.replica));
        initial_tau.push_back(p.initial.tau);
        initial_x1.push_back(p.initial.x[0]);
        for (std::size_t row = 0; row < times.size(); ++row)
        {
          const bool there = row < p.rows.size();
          tau.push_back(there ? p.rows[row].fields.tau : not_a_number);
          x1.push_back(there ? p.rows[row].fields.x1 : not_a_number);
          plastic.push_back(there ? p.rows[row].fields.plastic_shear : not_a_number);
          n_events.push_back(there ? p.rows[row].fields.n_events : not_a_number);
          for (int i = 0; i < 6; ++i)
          {
            strain.push_back(there ? component(p.rows[row].strain, i) : not_a_number);
            stress.push_back(there ? component(p.rows[row].stress, i) : not_a_number);
          }
        }
      }
    const std::size_t n = label.size(), m = times.size();
    file.group("/model", "event-driven paths; NaN from where the stress was not carried");
    file.dataset("/model/label", label, "preparation of each path");
    file.dataset("/model/replica", replica, "1", "cell id in the key of the random numbers");
    file.dataset("/model/initial_tau", initial_tau, "GPa", "shear stress before the load");
    file.dataset("/model/initial_x1", initial_x1, "eV", "X1 per atom before the load");
    file.dataset("/model/tau", tau, {n, m}, "GPa", "sqrt(s:s/2) [path][t]");
    file.dataset("/model/x1", x1, {n, m}, "eV", "inelastic energy per atom [path][t]");
    file.dataset("/model/plastic_strain", plastic, {n, m}, "1", "sqrt(2 e_p:e_p) [path][t]");
    file.dataset("/model/n_events", n_events, {n, m}, "1", "events so far [path][t]");
    file.dataset("/model/strain", strain, {n, m, 6}, "1",
                 "tensor components xx, yy, zz, yz, xz, xy [path][t][component]");
    file.dataset("/model/stress", stress, {n, m, 6}, "GPa",
                 "Cauchy stress xx, yy, zz, yz, xz, xy [path][t][component]");
    file.close();
  }

  std::string component_text(const std::vector<LabelledComponents> &ensembles)
  {
    std::string text = fmt::format(
        "{:<10} {:>6} {:>8} {:>10} {:>12} {:>9} {:>10} {:>11} {:>10} {:>8}\n", "label", "paths",
        "to end", "events", "largest tau", "work", "events", "re-equil.", "stored", "residual");
    text += fmt::format("{:<10} {:>6} {:>8} {:>10} {:>12} {:>9} {:>10} {:>11} {:>10} {:>8}\n", "",
                        "", "", "per path", "mean, GPa", "GPa", "heat, %", "heat, %", "%", "%");
    for (const auto &[label, e] : ensembles)
    {
      const Totals s(e);
      double peak = 0.0;
      for (std::size_t row = 0; row < e.times.size(); ++row)
        if (const double tau = moments(e.column(row, tau_of)).mean; tau > peak)
          peak = tau;
      const auto percent = [&](const double part) {
        return s.work > 0.0 ? fmt::format("{:.2f}", 100.0 * part / s.work) : std::string("-");
      };
      text += fmt::format("{:<10} {:>6} {:>8} {:>10.1f} {:>12.3f} {:>9.4f} {:>10} {:>11} {:>10} "
                          "{:>8}\n",
                          label, e.paths.size(), e.paths.size() - s.end_times_at_limit.size(),
                          s.activity.n_events / s.n_paths, peak, s.work / s.n_paths,
                          percent(s.event_heat), percent(s.redistribution_heat),
                          percent(s.elastic + s.inelastic), percent(s.residual));
    }
    return text;
  }

  std::vector<std::string> component_notices(const std::vector<LabelledComponents> &ensembles)
  {
    std::vector<std::string> notices;
    for (const auto &[label, e] : ensembles)
    {
      const Totals s(e);
      const auto unsupported = [&, &label = label](const std::string &what) {
        notices.push_back(fmt::format("{}: {}; no atomistic data stand behind that", label, what));
      };
      if (!s.end_times_at_limit.empty())
      {
        const auto first = std::find_if(e.paths.begin(), e.paths.end(),
                                        [](const ComponentPath &p) { return !p.limit.empty(); });
        notices.push_back(fmt::format("{}: {} of {} paths ended early; the results hold them up to "
                                      "there. Path {}: {}",
                                      label, s.end_times_at_limit.size(), e.paths.size(),
                                      first->replica, first->limit));
      }
      if (s.backward_share() > notable_share)
        unsupported(fmt::format("{:.1f} % of the shear path was unloading or reloading",
                                100.0 * s.backward_share()));
      if (s.n_pressed > notable_share * s.n_rows)
        unsupported(fmt::format("the pressure was above the shear stress in {:.1f} % of the rows",
                                100.0 * s.n_pressed / s.n_rows));
      if (s.n_normal > notable_share * s.n_rows)
        unsupported(fmt::format("{:.1f} % of the rows are nearer to tension or compression than "
                                "to shear: the law is taken as isotropic",
                                100.0 * s.n_normal / s.n_rows));
      if (s.largest_shear > 0.5)
        unsupported(fmt::format("the shear strain reached {:.2f}", s.largest_shear));
    }
    return notices;
  }
} // namespace seem::commands
