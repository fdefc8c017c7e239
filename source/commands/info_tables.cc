// SPDX-License-Identifier: LGPL-2.1-or-later
#include "info_text.h"

#include <seem/core/exceptions.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <vector>

namespace seem::commands
{
  namespace
  {
    struct KnownTable
    {
      std::vector<std::string> columns; ///< that no table of another kind has together
      const char *description;
    };

    /// All tables that seem writes, those with more particular columns first.
    const std::vector<KnownTable> &known_tables()
    {
      static const std::vector<KnownTable> tables = {
          {{"step", "strain", "stress_xy_GPa", "n_passes", "first_law_residual_GPa"},
           "history of seem run: one row per load step"},
          {{"avalanche", "n_events", "duration", "stress_drop_GPa"},
           "avalanches of seem run: one row per avalanche"},
          {{"size", "exponent", "cutoff", "ks_distance"},
           "fits of size distributions, of seem avalanches"},
          {{"size", "low", "high", "density", "model"}, "size distributions, of seem avalanches"},
          {{"size", "duration", "mean_size"}, "sizes by duration, of seem avalanches"},
          {{"step", "wall_s", "newton_steps"}, "timings of seem run: one row per load step"},
          {{"number", "step", "time", "reasons"},
           "fields of seem run for ParaView: one row per time that was written"},
          {{"step", "pass", "cell", "quadrature_point", "dtau_GPa"},
           "events of seem run: one row per event"},
          {{"cell", "quadrature_point", "x_nm", "plastic_strain"},
           "final field of seem run: one row per quadrature point"},
          {{"source", "label", "n_paths", "yield_peak_GPa"},
           "summary of seem point: one row per ensemble"},
          {{"source", "label", "path", "t", "eps_xx"},
           "paths of seem point under prescribed components"},
          {{"source", "label", "t", "eps_xx", "n"},
           "mean of seem point under prescribed components"},
          {{"label", "n_paths", "n_at_strength", "event_heat_GPa"},
           "summary of seem point under prescribed components"},
          {{"source", "label", "path", "strain", "tau_GPa", "x1_eV"},
           "paths of seem point and atomistic runs"},
          {{"source", "label", "strain", "tau_GPa", "tau_std_GPa", "x1_eV", "n"},
           "mean of seem point and of atomistic runs"},
          {{"tau_low_GPa", "x1_low_eV", "exposure", "n_events", "pooled_rate"},
           "bins of the event database of seem point"},
          {{"held_out", "label", "strain", "tau_runs_GPa", "tau_model_GPa"},
           "mean curves of seem validate"},
          {{"held_out", "label", "judged", "quantity"}, "figures by label of seem validate"},
          {{"held_out", "fold", "run"}, "folds of seem validate: one row per run"},
          {{"held_out", "label", "strain", "events_runs"},
           "events against strain of seem validate"},
          {{"held_out", "label", "quantity", "probability"}, "event sizes of seem validate"},
          {{"held_out", "label", "age_low", "hazard_runs"},
           "hazard against the strain since the last event, of seem validate"},
          {{"strain", "tau_GPa", "energy_eV", "x1_eV", "event"}, "one run, of seem figures"},
          {{"tau_low_GPa", "x1_low_eV", "smooth_rate", "dtau_dgamma_GPa"},
           "bins and mean flow, of seem figures"},
          {{"of", "curve", "tau_GPa", "x1_eV"}, "nullclines of the mean flow, of seem figures"},
          {{"tau_GPa", "x1_eV", "attracting"}, "fixed points of the mean flow, of seem figures"},
          {{"source", "name", "strain", "tau_GPa", "x1_eV"},
           "a path of the model and a run, of seem figures"},
          {{"dtau_low_GPa", "dx1_low_eV", "n_events"}, "jumps of one bin, of seem figures"},
          {{"tau_low_GPa", "x1_low_eV", "n_events", "n_ageing"},
           "the fullest bin, of seem figures"},
          {{"dtau_GPa", "dx1_eV"}, "jumps that lose no energy, of seem figures"},
          {{"source", "label", "cooling_rate_K_per_s", "strain", "tau_GPa"},
           "mean paths by preparation, of seem figures"},
          {{"run", "label", "glass", "modulus_GPa"}, "first moduli of the runs, of seem figures"},
          {{"of", "strain", "g0_GPa", "u_a_eV"}, "fits of the first moduli, of seem figures"},
          {{"over", "n_pieces", "modulus_GPa", "elasticity_GPa"},
           "moduli of elastic branches, of seem figures"},
          {{"strain", "tau_GPa", "tau_std_GPa", "x1_eV", "x1_std_eV", "n"},
           "mean of the point model beside seem run"},
      };
      return tables;
    }

    /// The fields of a line of CSV, without their quotes.
    std::vector<std::string> fields_of(const std::string &line)
    {
      std::vector<std::string> fields(1);
      bool quoted = false;
      for (std::size_t i = 0; i < line.size(); ++i)
        if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"')
          fields.back() += line[i++];
        else if (line[i] == '"')
          quoted = !quoted;
        else if (line[i] == ',' && !quoted)
          fields.emplace_back();
        else if (line[i] != '\r')
          fields.back() += line[i];
      return fields;
    }

    /// What one column holds.
    class Column
    {
    public:
      void add(const std::string &field)
      {
        char *end = nullptr;
        const double number = std::strtod(field.c_str(), &end);
        if (field.empty())
          ++n_missing;
        else if (*end == '\0')
        {
          if (!std::isfinite(number))
            ++n_missing;
          else
          {
            low = std::min(low, number);
            high = std::max(high, number);
          }
        }
        else if (std::find(texts.begin(), texts.end(), field) == texts.end())
        {
          ++n_texts;
          if (texts.size() < most_texts)
            texts.push_back(field);
        }
      }

      std::string text() const
      {
        std::string result;
        if (low <= high)
          result =
              low < high ? fmt::format("{:.6g} to {:.6g}", low, high) : fmt::format("{:.6g}", low);
        if (!texts.empty())
          result += fmt::format("{}{}{}", result.empty() ? "" : "; ", fmt::join(texts, ", "),
                                n_texts > texts.size() ? ", ..." : "");
        if (n_missing > 0)
          result += fmt::format("{}{} without a number", result.empty() ? "" : "; ", n_missing);
        return result;
      }

    private:
      static constexpr std::size_t most_texts = 12;

      double low = std::numeric_limits<double>::infinity();
      double high = -std::numeric_limits<double>::infinity();
      std::vector<std::string> texts;
      std::size_t n_texts = 0;
      std::size_t n_missing = 0;
    };
  } // namespace

  std::string table_summary(const std::filesystem::path &path)
  {
    std::ifstream input(path);
    std::string line;
    if (!std::getline(input, line))
      return {};
    const std::vector<std::string> header = fields_of(line);
    const KnownTable *kind = nullptr;
    for (const KnownTable &table : known_tables())
      if (kind == nullptr &&
          std::all_of(table.columns.begin(), table.columns.end(), [&](const std::string &name) {
            return std::find(header.begin(), header.end(), name) != header.end();
          }))
        kind = &table;
    if (kind == nullptr)
      return {};

    std::vector<Column> columns(header.size());
    std::size_t n_rows = 0;
    while (std::getline(input, line))
    {
      const std::vector<std::string> fields = fields_of(line);
      if (fields.size() != header.size())
        throw InputError(fmt::format("{}:{}: {} entries, but the header names {}", path.string(),
                                     n_rows + 2, fields.size(), header.size()));
      for (std::size_t i = 0; i < fields.size(); ++i)
        columns[i].add(fields[i]);
      ++n_rows;
    }
    std::string text =
        fmt::format("{}: {}\n\n{} rows, columns:\n", path.string(), kind->description, n_rows);
    std::size_t width = 0;
    for (const std::string &name : header)
      width = std::max(width, name.size());
    for (std::size_t i = 0; i < header.size(); ++i)
      text += fmt::format("  {:<{}}  {}\n", header[i], width, columns[i].text());
    return text;
  }

  std::string field_series_summary(const std::filesystem::path &path)
  {
    std::ifstream input(path);
    std::string text((std::istreambuf_iterator<char>(input)), std::istreambuf_iterator<char>());
    if (text.find("<VTKFile") == std::string::npos || text.find("<Collection") == std::string::npos)
      return {};
    std::vector<double> times;
    const std::string key = "timestep=\"";
    for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at + 1))
      times.push_back(std::strtod(text.c_str() + at + key.size(), nullptr));
    if (times.empty())
      return fmt::format("{}: fields of seem run for ParaView\n\nno time yet\n", path.string());
    return fmt::format("{}: fields of seem run for ParaView\n\n{} times from {:g} to {:g}\n",
                       path.string(), times.size(), times.front(), times.back());
  }
} // namespace seem::commands
