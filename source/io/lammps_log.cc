// SPDX-License-Identifier: LGPL-2.1-or-later
#include "line_reader.h"
#include "run_rows.h"
#include "text.h"

#include <seem/core/exceptions.h>

#include <fmt/format.h>

#include <algorithm>

namespace seem::io
{
  namespace
  {
    /**
     * The thermo tables of a log, one after the other. A table begins with a line of column names,
     * which follows a line on memory or has "Step" as its first word, and ends with "Loop time".
     */
    class LogParser
    {
    public:
      LogParser(const std::filesystem::path &path, const TableFormat &format)
          : path(path.string()), format(format)
      {
      }

      void line(const std::string_view line, const std::size_t number);
      RunRows finish(const std::size_t last_line, std::vector<std::string> &notices);

    private:
      bool is_header(const std::string_view line);
      void begin_table(const std::string_view line, const std::size_t number);
      void end_table();
      void leave_out();
      void begin_yaml_table(const std::string_view line, const std::size_t number);
      void take_yaml_row(const std::string_view line, const std::size_t number);

      const std::string path;
      const TableFormat &format;

      bool header_follows = false;
      bool inside = false;
      bool yaml = false; ///< the table under way is of thermo_style yaml
      std::optional<ColumnSelection> columns;
      std::vector<std::string> names; ///< of the table under way
      std::size_t table_line = 0;     ///< of its header
      std::string last;               ///< its last line so far
      std::size_t last_line = 0;

      RunRows rows;
      std::vector<std::string_view> fields;
      std::size_t n_tables = 0, n_repeated = 0, n_skipped = 0, n_cut_off = 0, n_warnings = 0,
                  n_others = 0;
      std::size_t first_other = 0;
      std::size_t first_warning = 0, cut_off_line = 0;
      std::vector<std::string> skipped_names, skipped_missing; ///< of the last table skipped
      std::string other_style;                                 ///< a thermo style not read here
    };

    bool LogParser::is_header(const std::string_view line)
    {
      if (!header_follows && !text::begins_with(line, "Step"))
        return false;
      text::split(line, fields);
      double value = 0.0;
      const bool worded = std::none_of(fields.begin(), fields.end(), [&](const auto field) {
        return text::parse(field, value) != text::NumberError::not_a_number;
      });
      return worded && fields.size() > 1 && (header_follows || fields[0] == "Step");
    }

    /// Rows begin with a number; text between them is of fixes, print commands and libraries.
    bool begins_a_number(const std::string_view line)
    {
      const char c = line.front();
      return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' ||
             text::begins_with(line, "nan") || text::begins_with(line, "inf");
    }

    /// "- [1, 2, ]" and "keywords: ['Step', 'Temp', ]" as rows of words.
    std::string list_as_row(const std::string_view line)
    {
      const std::size_t open = line.find('[');
      std::string row(open == std::string_view::npos ? "" : line.substr(open));
      for (char &c : row)
        if (c == '[' || c == ']' || c == ',' || c == '\'' || c == '"')
          c = ' ';
      return std::string(text::trimmed(row));
    }

    void LogParser::leave_out()
    {
      ++n_cut_off;
      cut_off_line = table_line;
      inside = false;
    }

    void LogParser::begin_table(const std::string_view line, const std::size_t number)
    {
      if (inside)
        leave_out();
      text::split(line, fields);
      names.assign(fields.begin(), fields.end());
      columns.emplace(format, names, names.size());
      inside = true;
      yaml = false;
      header_follows = false;
      table_line = number;
      last_line = 0;
    }

    void LogParser::end_table()
    {
      inside = false;
      ++n_tables;
      if (!columns->missing().empty())
      {
        ++n_skipped;
        skipped_names = names;
        skipped_missing = columns->missing();
        return;
      }
      if (last_line == 0)
        throw InputError(fmt::format("{}:{}: this thermo table has no rows", path, table_line));
      text::split(last, fields);
      if (fields.size() != columns->size())
        throw InputError(fmt::format("{}:{}: the last row of the thermo table has {} columns, "
                                     "expected {} as in its header on line {}",
                                     path, last_line, fields.size(), columns->size(), table_line));

      const auto values = columns->parse(fields, path, last_line);
      if (!rows.strain.empty() && rows.strain.back() == values[0])
      {
        rows.pop_back();
        ++n_repeated;
      }
      rows.push_back(values, last_line);
      rows.energy_decimals =
          std::max(rows.energy_decimals, text::decimals(columns->energy_text(fields)));
    }

    void LogParser::line(const std::string_view untrimmed, const std::size_t number)
    {
      const std::string_view line = text::trimmed(untrimmed);
      if (line.empty())
        return;
      if (text::begins_with(line, "WARNING"))
      {
        if (inside && n_warnings++ == 0)
          first_warning = number;
        return;
      }
      if (inside && text::begins_with(line, "Loop time"))
        return end_table();
      if (text::begins_with(line, "Per MPI rank memory") ||
          text::begins_with(line, "Memory usage per processor"))
      {
        if (inside)
          leave_out();
        header_follows = true;
        return;
      }
      if (text::begins_with(line, "-----") && line.find("Step") != std::string_view::npos)
        other_style = "multi";
      else if (text::begins_with(line, "keywords:"))
        return begin_yaml_table(line, number);
      else if (is_header(line))
        return begin_table(line, number);
      header_follows = false;
      if (!inside)
        return;
      if (yaml)
        take_yaml_row(line, number);
      else if (begins_a_number(line))
      {
        last.assign(line);
        last_line = number;
      }
      else if (n_others++ == 0)
        first_other = number;
    }

    void LogParser::begin_yaml_table(const std::string_view line, const std::size_t number)
    {
      begin_table(list_as_row(line), number);
      yaml = true;
    }

    void LogParser::take_yaml_row(const std::string_view line, const std::size_t number)
    {
      if (!text::begins_with(line, "- ["))
        return;
      last = list_as_row(line);
      last_line = number;
    }

    RunRows LogParser::finish(const std::size_t last_line, std::vector<std::string> &notices)
    {
      if (inside)
        leave_out();
      if (n_cut_off > 0 && !format.accept_unfinished)
        throw InputError(fmt::format(
            "{}:{}: this thermo table has no 'Loop time' at its end: the job was stopped or the "
            "log "
            "cut off; expected a finished run. Set Unfinished logs to accept to use the states "
            "before it",
            path, cut_off_line));
      if (rows.strain.empty() && n_skipped > 0)
        throw InputError(fmt::format("{}: no column {} in any thermo table of this LAMMPS log; "
                                     "columns found: {}",
                                     path, text::shown_list(skipped_missing),
                                     text::shown_list(skipped_names)));
      if (rows.strain.empty())
        throw InputError(fmt::format(
            "{}: no thermo table that ends with 'Loop time' in the {} lines of this LAMMPS log{}",
            path, last_line,
            other_style.empty() ? std::string()
                                : "; thermo_style " + other_style +
                                      " cannot hold the strain and is not read: use thermo_style "
                                      "custom or yaml, or print a table"));

      if (n_skipped > 0)
        notices.push_back(fmt::format("{}: {} of {} thermo tables skipped: they have no column {}",
                                      path, n_skipped, n_tables,
                                      text::shown_list(skipped_missing)));
      if (n_repeated > 0)
        notices.push_back(fmt::format("{}: {} of {} thermo tables repeat the strain of the one "
                                      "before; the last one of each strain counts",
                                      path, n_repeated, n_tables));
      if (n_cut_off > 0)
        notices.push_back(fmt::format("{}: {} thermo table{} without 'Loop time' left out, the "
                                      "last on line {}: the job was stopped there",
                                      path, n_cut_off, n_cut_off > 1 ? "s" : "", cut_off_line));
      if (n_warnings > 0)
        notices.push_back(
            fmt::format("{}: {} WARNING line{} inside thermo tables, the first on line {}", path,
                        n_warnings, n_warnings > 1 ? "s" : "", first_warning));
      if (n_others > 0)
        notices.push_back(
            fmt::format("{}: {} line{} without numbers inside thermo tables skipped, the first on "
                        "line {}",
                        path, n_others, n_others > 1 ? "s" : "", first_other));
      return std::move(rows);
    }
  } // namespace

  RunRows read_lammps_log(const std::filesystem::path &path, const TableFormat &format,
                          std::vector<std::string> &notices)
  {
    LineReader reader(path);
    LogParser parser(path, format);
    for (std::string_view line; reader.next(line);)
    {
      check_no_error(text::trimmed(line), reader);
      parser.line(line, reader.line_number());
    }
    RunRows rows = parser.finish(reader.line_number(), notices);
    rows.file_checksum = reader.checksum();
    return rows;
  }
} // namespace seem::io
