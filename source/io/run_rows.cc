// SPDX-License-Identifier: LGPL-2.1-or-later
#include "run_rows.h"

#include "short_decimal.h"
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
    /// Places of the numbers of a row: strain, energy, stress, divisor of the strain.
    constexpr int no_slot = -1, energy_slot = 1, denominator_slot = 3;

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

  std::size_t LineNumbers::operator[](const std::size_t row) const
  {
    const auto after =
        std::upper_bound(jumps.begin(), jumps.end(), row,
                         [](const std::size_t r, const Jump &jump) { return r < jump.row; });
    const Jump &jump = *std::prev(after);
    return jump.line + (row - jump.row);
  }

  std::string RunRows::place(const std::string &file, const std::size_t i) const
  {
    return fmt::format(line_word == "line" ? "{}:{}" : "{}: row {}", file, line[i]);
  }

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

  void check_no_error(const std::string_view line, const LineReader &reader)
  {
    if (text::begins_with(line, "ERROR"))
      throw InputError(fmt::format("{}: LAMMPS stopped here: {}; expected a run that ended "
                                   "well. Mend the run, or cut the log before its last "
                                   "command",
                                   reader.place(), text::shown(line, 300)));
  }

  void RunRows::reserve(const std::size_t n_rows)
  {
    strain.reserve(n_rows);
    energy.reserve(n_rows);
    stress.reserve(n_rows);
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

    slots.assign(n_columns, no_slot);
    const auto place = [&](const std::size_t column, const int slot) {
      asked_twice = asked_twice || slots[column] != no_slot;
      slots[column] = slot;
    };
    if (!missing_names.empty())
      return;
    for (std::size_t i = 0; i < columns.size(); ++i)
      place(columns[i].numerator, static_cast<int>(i));
    if (columns[0].denominator)
      place(*columns[0].denominator, denominator_slot);
  }

  template <char separator>
  bool ColumnSelection::parse_fields(const std::string_view line, std::array<double, 4> &numbers,
                                     int &decimals) const
  {
    const auto blank = [](const char c) { return c == ' ' || c == '\t'; };
    const char *at = line.data();
    const char *const end = at + line.size();
    for (std::size_t i = 0; i < slots.size(); ++i)
    {
      while (at != end && blank(*at))
        ++at;
      if (at == end)
        return false;
      const char *const begin = at;
      if (slots[i] == no_slot)
        while (at != end && !blank(*at) && *at != ',' && *at != '#')
          ++at;
      else
      {
        double &number = numbers[static_cast<std::size_t>(slots[i])];
        int places = 0;
        if (const char *const next = text::parse_short_decimal(at, end, number, places))
          at = next;
        else
        {
          const auto [last, error] = std::from_chars(at, end, number);
          if (error != std::errc())
            return false;
          at = last;
          if (slots[i] == energy_slot)
            places = text::decimals(std::string_view(begin, static_cast<std::size_t>(at - begin)));
        }
        if (slots[i] == energy_slot)
          decimals = places;
      }
      if (separator == ' ')
      {
        if (at != end && !blank(*at))
          return false;
        continue;
      }
      while (at != end && blank(*at))
        ++at;
      if (i + 1 == slots.size())
        continue;
      if (at == end || *at != ',')
        return false;
      ++at;
    }
    while (at != end && blank(*at))
      ++at;
    return at == end;
  }

  bool ColumnSelection::parse_line(const std::string_view line, const bool commas,
                                   std::array<double, 3> &values, int &decimals) const
  {
    if (asked_twice)
      return false;
    std::array<double, 4> numbers = {0.0, 0.0, 0.0, 1.0};
    if (!(commas ? parse_fields<','>(line, numbers, decimals)
                 : parse_fields<' '>(line, numbers, decimals)))
      return false;
    for (const double number : numbers)
      if (!std::isfinite(number))
        return false;
    if (!(numbers[denominator_slot] > 0.0))
      return false;
    values = {numbers[0] / numbers[denominator_slot], numbers[energy_slot], numbers[2]};
    return true;
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
