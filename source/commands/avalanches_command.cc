// SPDX-License-Identifier: LGPL-2.1-or-later
#include "text_file.h"

#include <seem/commands/avalanches_command.h>
#include <seem/commands/figures.h>
#include <seem/commands/output_guard.h>
#include <seem/commands/parameter_patterns.h>
#include <seem/core/exceptions.h>
#include <seem/core/version.h>
#include <seem/io/csv_writer.h>
#include <seem/io/number_table.h>

#include <deal.II/base/parameter_handler.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <vector>

namespace seem::commands
{
  namespace patterns = dealii::Patterns;

  namespace
  {
    constexpr const char *automatic = "automatic";

    /// Bins of the drawn distribution per decade of size.
    constexpr double bins_per_decade = 6.0;

    /// The avalanches of a table that lie in the window of strain.
    struct Avalanches
    {
      std::vector<std::vector<double>> sizes; ///< by measure, [n]
      std::vector<double> durations;
    };

    Avalanches read_avalanches(const AvalanchesParameters &parameters)
    {
      const io::NumberTable table = io::read_number_table(parameters.file);
      const auto column = [&](const std::string &name) -> const std::vector<double> & {
        return table.column(name, "avalanches.csv of a run with \"Loading/Stepping\" = next event");
      };
      Avalanches result;
      result.sizes.resize(avalanche_sizes().size());
      const std::vector<double> &strain = column("strain"), &duration = column("duration");
      for (std::size_t k = 0; k < avalanche_sizes().size(); ++k)
      {
        const std::vector<double> &size = column(avalanche_sizes()[k].column);
        for (std::size_t i = 0; i < size.size(); ++i)
          if (strain[i] >= parameters.from_strain && strain[i] <= parameters.to_strain)
            result.sizes[k].push_back(size[i]);
      }
      for (std::size_t i = 0; i < duration.size(); ++i)
        if (strain[i] >= parameters.from_strain && strain[i] <= parameters.to_strain)
          result.durations.push_back(duration[i]);
      if (result.durations.empty())
        throw InputError(fmt::format("{}: none of its {} avalanches lies between the strains {:g} "
                                     "and {:g}",
                                     parameters.file.string(), duration.size(),
                                     parameters.from_strain, parameters.to_strain));
      return result;
    }

    /// What was found of one measure.
    struct Analysis
    {
      const AvalancheSize *size;
      statistics::PowerLawFit fit;
      std::optional<statistics::ScalingFit> scaling; ///< size against duration
    };

    double share(const std::size_t part, const std::size_t whole)
    {
      return static_cast<double>(part) / static_cast<double>(whole);
    }

    /// Edges of logarithmic bins over the sizes; between whole numbers for discrete ones.
    std::vector<double> bin_edges(const std::vector<double> &sizes, const statistics::SizeKind kind)
    {
      double low = std::numeric_limits<double>::infinity(), high = 0.0;
      for (const double size : sizes)
        if (size > 0.0)
        {
          low = std::min(low, size);
          high = std::max(high, size);
        }
      std::vector<double> edges;
      if (!(high > 0.0))
        return edges;
      const double factor = std::pow(10.0, 1.0 / bins_per_decade);
      const bool discrete = kind == statistics::SizeKind::discrete;
      edges.push_back(discrete ? std::ceil(low) - 0.5 : low);
      while (edges.back() <= high)
      {
        const double next = edges.back() * factor;
        edges.push_back(discrete ? std::max(edges.back() + 1.0, std::floor(next) + 0.5) : next);
      }
      return edges;
    }

    void write_distribution(io::CsvWriter &csv, const Analysis &analysis,
                            const std::vector<double> &sizes)
    {
      const statistics::PowerLaw law = analysis.fit.law();
      const double above = share(analysis.fit.n, sizes.size());
      const std::vector<double> edges = bin_edges(sizes, analysis.size->kind);
      for (std::size_t i = 0; i + 1 < edges.size(); ++i)
      {
        const double low = edges[i], high = edges[i + 1], width = high - low;
        const auto n = static_cast<double>(std::count_if(
            sizes.begin(), sizes.end(), [&](const double s) { return s >= low && s < high; }));
        const double norm = static_cast<double>(sizes.size()) * width;
        const double model = low >= analysis.fit.minimum - 0.5 * (analysis.size->kind ==
                                                                  statistics::SizeKind::discrete)
                                 ? above * (law.cumulative(high) - law.cumulative(low)) / width
                                 : std::numeric_limits<double>::quiet_NaN();
        csv.row(std::string(analysis.size->column), low, high, static_cast<std::size_t>(n),
                n / norm, std::sqrt(n) / norm, model);
      }
    }

    void write_durations(io::CsvWriter &csv, const Analysis &analysis,
                         const std::vector<double> &sizes, const std::vector<double> &durations)
    {
      std::map<double, std::vector<double>> by_duration;
      for (std::size_t i = 0; i < sizes.size(); ++i)
        by_duration[durations[i]].push_back(sizes[i]);
      for (const auto &[duration, group] : by_duration)
      {
        const auto n = static_cast<double>(group.size());
        double mean = 0.0, square = 0.0;
        for (const double s : group)
          mean += s / n;
        for (const double s : group)
          square += (s - mean) * (s - mean);
        csv.row(std::string(analysis.size->column), duration, group.size(), mean,
                group.size() > 1 ? std::sqrt(square / (n * (n - 1.0)))
                                 : std::numeric_limits<double>::quiet_NaN());
      }
    }

    nlohmann::ordered_json json(const statistics::Estimate &estimate)
    {
      // JSON has no infinity: null says that there is none.
      if (!std::isfinite(estimate.value))
        return nullptr;
      return {{"value", estimate.value}, {"standard_error", estimate.standard_error}};
    }

    nlohmann::ordered_json json(const Analysis &a)
    {
      nlohmann::ordered_json result = {{"name", a.size->name},
                                       {"column", a.size->column},
                                       {"unit", a.size->unit},
                                       {"minimum", a.fit.minimum},
                                       {"n", a.fit.n},
                                       {"exponent", json(a.fit.exponent)},
                                       {"cutoff", json(a.fit.cutoff)},
                                       {"log_likelihood", a.fit.log_likelihood},
                                       {"ks_distance", a.fit.ks_distance},
                                       {"ks_probability", a.fit.ks_probability}};
      if (a.scaling)
        result["duration_exponent"] = json(a.scaling->exponent);
      return result;
    }

    std::string with_error(const statistics::Estimate &estimate)
    {
      return std::isfinite(estimate.value)
                 ? fmt::format("{:.4g} +- {:.2g}", estimate.value, estimate.standard_error)
                 : "none";
    }

    std::string text(const std::vector<Analysis> &analyses)
    {
      std::string result =
          fmt::format("{:<16} {:>10} {:>7} {:>18} {:>22} {:>8} {:>7} {:>18}\n", "size", "minimum",
                      "n", "exponent", "cutoff", "KS", "p", "with duration");
      for (const Analysis &a : analyses)
        result += fmt::format("{:<16} {:>10.4g} {:>7} {:>18} {:>22} {:>8.4f} {:>7.3f} {:>18}\n",
                              a.size->column, a.fit.minimum, a.fit.n, with_error(a.fit.exponent),
                              with_error(a.fit.cutoff), a.fit.ks_distance, a.fit.ks_probability,
                              a.scaling ? with_error(a.scaling->exponent) : "-");
      return result;
    }

    /// Fit every measure that can be.
    std::vector<Analysis> analyse(const Avalanches &avalanches,
                                  const AvalanchesParameters &parameters)
    {
      std::vector<Analysis> analyses;
      for (std::size_t k = 0; k < avalanche_sizes().size(); ++k)
      {
        const AvalancheSize &size = avalanche_sizes()[k];
        const std::vector<double> &sizes = avalanches.sizes[k];
        try
        {
          Analysis analysis{&size, {}, {}};
          const double minimum =
              parameters.minima[k] ? *parameters.minima[k]
                                   : statistics::best_minimum(sizes, size.kind, 50, parameters.fit);
          analysis.fit = statistics::fit_power_law(sizes, size.kind, minimum, parameters.fit);
          try
          {
            analysis.scaling = statistics::fit_scaling(avalanches.durations, sizes);
          }
          catch (const InputError &error)
          {
            fmt::print(stderr, "seem: notice: {} against duration: {}\n", size.name, error.what());
          }
          analyses.push_back(std::move(analysis));
        }
        catch (const InputError &error)
        {
          fmt::print(stderr, "seem: notice: {}: {}\n", size.name, error.what());
        }
      }
      return analyses;
    }

    Parameters load_parameters(const CommandLine &command_line)
    {
      Parameters parameters(AvalanchesParameters::declare);
      if (command_line.parameter_file.extension() == ".csv")
        parameters.set("Avalanche file=" + command_line.parameter_file.string());
      else
        parameters.read(command_line.parameter_file);
      for (const std::string &assignment : command_line.assignments)
        parameters.set(assignment);
      parameters.check_required();
      return parameters;
    }
  } // namespace

  const std::array<AvalancheSize, 4> &avalanche_sizes()
  {
    static const std::array<AvalancheSize, 4> sizes = {
        {{"events", "n_events", "-", statistics::SizeKind::discrete},
         {"plastic strain", "plastic_strain", "-", statistics::SizeKind::continuous},
         {"stress drop", "stress_drop_GPa", "GPa", statistics::SizeKind::continuous},
         {"heat", "heat_eV", "eV", statistics::SizeKind::continuous}}};
    return sizes;
  }

  void AvalanchesParameters::declare(dealii::ParameterHandler &prm)
  {
    prm.declare_entry("Avalanche file", "", patterns::FileName(),
                      "avalanches.csv, as `seem run` writes it in next-event stepping.", true);
    prm.declare_entry("Output directory", "", patterns::DirectoryName(),
                      "Where the results go; --output takes precedence.");
    prm.declare_entry("From strain", automatic, WordOr(automatic, patterns::Double()),
                      "Avalanches that begin at this strain or later [-]; automatic: all.");
    prm.declare_entry("To strain", automatic, WordOr(automatic, patterns::Double()),
                      "Avalanches that begin up to this strain [-]; automatic: all.");
    prm.enter_subsection("Smallest size");
    for (const AvalancheSize &size : avalanche_sizes())
      prm.declare_entry(
          size.column, automatic, WordOr(automatic, positive_number()),
          fmt::format("Smallest size that is fitted, of the {} [{}]; automatic: where "
                      "the fit is nearest to the sizes above it.",
                      size.name, size.unit));
    prm.leave_subsection();
    prm.declare_entry("Cutoff", "true", patterns::Bool(),
                      "Fit a power law with an exponential cutoff; false: without.");
    prm.declare_entry("Synthetic data sets", "200", patterns::Integer(0),
                      "Drawn from the fit to judge its distance from the sizes [-].");
    prm.declare_entry("Seed", "1", patterns::Integer(0), "Of their random numbers [-].");
    prm.declare_entry("Figures", "true", patterns::Bool(),
                      "Draw the figure (needs python3 with matplotlib).");
  }

  AvalanchesParameters AvalanchesParameters::parse(const Parameters &parameters)
  {
    AvalanchesParameters result;
    result.file = parameters.file("Avalanche file");
    if (result.file.empty())
      throw parameters.error("Avalanche file", "expected the name of a file");
    if (parameters.text("From strain") != automatic)
      result.from_strain = parameters.numbers("From strain").front();
    if (parameters.text("To strain") != automatic)
      result.to_strain = parameters.numbers("To strain").front();
    if (!(result.from_strain < result.to_strain))
      throw parameters.error("To strain", "must be above \"From strain\"");
    for (std::size_t k = 0; k < avalanche_sizes().size(); ++k)
    {
      const std::string key = fmt::format("Smallest size/{}", avalanche_sizes()[k].column);
      if (parameters.text(key) == automatic)
        continue;
      result.minima[k] = parameters.numbers(key).front();
      if (avalanche_sizes()[k].kind == statistics::SizeKind::discrete &&
          *result.minima[k] != std::round(*result.minima[k]))
        throw parameters.error(key, "expected a whole number");
    }
    result.fit.cutoff = parameters.boolean("Cutoff");
    result.fit.n_synthetic = static_cast<unsigned int>(parameters.integer("Synthetic data sets"));
    result.fit.seed = static_cast<std::uint64_t>(parameters.integer("Seed"));
    result.figures = parameters.boolean("Figures");
    return result;
  }

  int avalanches_command(const CommandLine &command_line)
  {
    const Parameters parameters = load_parameters(command_line);
    const AvalanchesParameters settings = AvalanchesParameters::parse(parameters);
    const Avalanches avalanches = read_avalanches(settings);
    const OutputGuard output(output_directory(command_line, parameters), command_line.overwrite);

    const std::vector<Analysis> analyses = analyse(avalanches, settings);
    if (analyses.empty())
    {
      fmt::print(stderr, "seem: error: {}: none of the sizes can be fitted\n",
                 settings.file.string());
      return 1;
    }
    fmt::print("{} avalanches\n{}", avalanches.durations.size(), text(analyses));

    io::CsvWriter fits(output / "avalanche_fits.csv",
                       {"size", "unit", "n_avalanches", "n", "minimum", "exponent",
                        "exponent_error", "cutoff", "cutoff_error", "log_likelihood", "ks_distance",
                        "ks_probability", "duration_exponent", "duration_exponent_error"});
    io::CsvWriter distribution(output / "avalanche_distribution.csv",
                               {"size", "low", "high", "n", "density", "density_error", "model"});
    io::CsvWriter durations(output / "avalanche_durations.csv",
                            {"size", "duration", "n", "mean_size", "standard_error"});
    nlohmann::ordered_json report = {{"program_version", program_version},
                                     {"avalanche_file", settings.file.string()},
                                     {"n_avalanches", avalanches.durations.size()},
                                     {"sizes", nlohmann::ordered_json::array()}};
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    for (const Analysis &a : analyses)
    {
      const auto k = static_cast<std::size_t>(a.size - avalanche_sizes().data());
      const statistics::Estimate scaling =
          a.scaling ? a.scaling->exponent : statistics::Estimate{none, none};
      fits.row(std::string(a.size->column), std::string(a.size->unit), avalanches.sizes[k].size(),
               a.fit.n, a.fit.minimum, a.fit.exponent.value, a.fit.exponent.standard_error,
               a.fit.cutoff.value, a.fit.cutoff.standard_error, a.fit.log_likelihood,
               a.fit.ks_distance, a.fit.ks_probability, scaling.value, scaling.standard_error);
      write_distribution(distribution, a, avalanches.sizes[k]);
      write_durations(durations, a, avalanches.sizes[k], avalanches.durations);
      report["sizes"].push_back(json(a));
    }
    fits.close();
    distribution.close();
    durations.close();
    write_text_file(output / "avalanches.json", report.dump(2) + "\n");
    write_text_file(output / "parameters.prm", parameters.print(ParameterFormat::prm));
    fmt::print("written to {}: avalanches.json, avalanche_fits.csv, avalanche_distribution.csv, "
               "avalanche_durations.csv{}\n",
               output.path().string(), settings.figures ? ", avalanches.png" : "");
    std::fflush(stdout);
    if (settings.figures)
      if (const std::string warning = draw_figures("avalanches.py", output.path());
          !warning.empty())
        fmt::print(stderr, "seem: warning: {}\n", warning);
    return 0;
  }
} // namespace seem::commands
