// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_rows.h"

#include "text.h"

#include <seem/core/exceptions.h>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace seem::io
{
  namespace
  {
    /// Index of a column given by its name or, failing that, by its number counted from 1.
    std::optional<std::size_t> find_column(const std::string_view name,
                                           const std::vector<std::string> &names,
                                           const std::size_t n_columns)
    {
      const auto found = std::find(names.begin(), names.end(), name);
      if (found != names.end())
        return static_cast<std::size_t>(found - names.begin());
      std::size_t number = 0;
      const auto [next, error] = std::from_chars(name.data(), name.data() + name.size(), number);
      if (error == std::errc() && next == name.data() + name.size() && number >= 1 &&
          number <= n_columns)
        return number - 1;
      return {};
    }

    double parse_field(const std::string_view field, const std::string &column,
                       const std::string &path, const std::size_t line)
    {
      double value = 0.0;
      const auto error = text::parse(field, value);
      if (error == text::NumberError::out_of_range)
        throw InputError(fmt::format("{}:{}: column '{}': found {}, expected a number within the "
                                     "range of double precision",
                                     path, line, column, text::shown(field)));
      if (error != text::NumberError::none)
        throw InputError(fmt::format("{}:{}: column '{}': found {}, expected a number", path, line,
                                     column, text::shown(field)));
      if (!std::isfinite(value))
        throw InputError(fmt::format("{}:{}: column '{}': found {}, expected a finite number; the "
                                     "run failed here",
                                     path, line, column, text::shown(field)));
      return value;
    }
  } // namespace

  void RunRows::push_back(const std::array<double, 3> &values, const std::size_t line_number)
  {
    strain.push_back(values[0]);
    energy.push_back(values[1]);
    stress.push_back(values[2]);
    line.push_back(line_number);
  }

  void RunRows::pop_back()
  {
    strain.pop_back();
    energy.pop_back();
    stress.pop_back();
    line.pop_back();
  }

  ColumnSelection::ColumnSelection(const TableFormat &format, const std::vector<std::string> &names,
                                   const std::size_t n_columns)
      : n_columns(n_columns)
  {
    columns[0].name = format.strain_column;
    columns[1].name = format.energy_column;
    columns[2].name = format.stress_column;
    for (std::size_t i = 0; i < columns.size(); ++i)
    {
      Column &column = columns[i];
      const std::size_t slash = column.name.find('/');
      auto index = find_column(column.name, names, n_columns);
      if (!index && i == 0 && slash != std::string::npos)
      {
        const std::string_view name = column.name;
        index = find_column(text::trimmed(name.substr(0, slash)), names, n_columns);
        column.denominator = find_column(text::trimmed(name.substr(slash + 1)), names, n_columns);
        if (!column.denominator)
          index.reset();
      }
      if (index)
        column.numerator = *index;
      else
        missing_names.push_back(column.name);
    }
  }

  std::array<double, 3> ColumnSelection::parse(const std::vector<std::string_view> &fields,
                                               const std::string &path,
                                               const std::size_t line) const
  {
    std::array<double, 3> values = {};
    for (std::size_t i = 0; i < columns.size(); ++i)
    {
      const Column &column = columns[i];
      values[i] = parse_field(fields[column.numerator], column.name, path, line);
      if (!column.denominator)
        continue;
      const double denominator = parse_field(fields[*column.denominator], column.name, path, line);
      if (!(denominator > 0.0))
        throw InputError(fmt::format("{}:{}: column '{}': found the edge length {}, expected a "
                                     "positive number",
                                     path, line, column.name, denominator));
      values[i] /= denominator;
    }
    return values;
  }
} // namespace seem::io
