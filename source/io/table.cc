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
    /// Comment lines kept in the search for the names of the columns.
    constexpr std::size_t max_comments = 100;

    std::vector<std::string> words_of(const std::string_view line)
    {
      std::vector<std::string_view> fields;
      text::split(line, fields);
      std::vector<std::string> words;
      for (const std::string_view field : fields)
      {
        const bool quoted = field.size() > 1 && field.front() == '"' && field.back() == '"';
        words.emplace_back(quoted ? field.substr(1, field.size() - 2) : field);
      }
      return words;
    }

    bool none_is_a_number(const std::vector<std::string_view> &fields)
    {
      double value = 0.0;
      return std::all_of(fields.begin(), fields.end(), [&](const std::string_view field) {
        return text::parse(field, value) == text::NumberError::not_a_number;
      });
    }

    /**
     * The last comment with one word for each column, if possible one with all the columns asked
     * for ("# made by hand" may follow); empty if there is none.
     */
    std::vector<std::string> names_from_comments(const std::vector<std::string> &comments,
                                                 const TableFormat &format,
                                                 const std::size_t n_columns)
    {
      std::vector<std::string> second_best;
      for (auto comment = comments.rbegin(); comment != comments.rend(); ++comment)
      {
        std::vector<std::string> words = words_of(*comment);
        if (words.size() != n_columns)
          continue;
        if (ColumnSelection(format, words, n_columns).missing().empty())
          return words;
        if (second_best.empty())
          second_best = std::move(words);
      }
      return second_best;
    }

    /// Rows for which to set memory aside: growing step by step costs more than reading.
    std::size_t expected_rows(const std::size_t size, const std::size_t line_length)
    {
      constexpr std::size_t most = 1 << 20; // rows; a false guess must not ask for much
      constexpr std::size_t spare = 8;      // lines shorter than the first: an eighth more rows
      const std::size_t n_rows = size / (line_length + 1) + 1;
      return std::min(most, n_rows + n_rows / spare);
    }

    [[noreturn]] void fail_unknown(const std::string &place,
                                   const std::vector<std::string> &missing,
                                   const std::vector<std::string> &names,
                                   const std::size_t n_columns)
    {
      if (names.empty())
        throw InputError(fmt::format("{}: no column {}: this table of {} columns has no header "
                                     "line; give the columns by number, 1 to {}",
                                     place, text::shown_list(missing), n_columns, n_columns));
      throw InputError(fmt::format("{}: no column {}; columns found: {}", place,
                                   text::shown_list(missing), text::shown_list(names)));
    }
  } // namespace

  RunRows read_table(const std::filesystem::path &path, const TableFormat &format)
  {
    LineReader reader(path);
    RunRows rows;
    std::vector<std::string> comments, names;
    std::vector<std::string_view> fields;
    std::optional<ColumnSelection> columns;
    std::size_t header_line = 0, first_row = 0;
    std::array<double, 3> values = {};
    int decimals = 0;
    bool commas = false;
    const bool prefixed = !format.row_prefix.empty();

    for (std::string_view line; reader.next(line);)
    {
      if (!text::begins_with(line, format.row_prefix))
      {
        check_no_error(line, reader);
        continue;
      }
      line.remove_prefix(format.row_prefix.size());
      // A command of a log as it was written, not what it printed.
      if (prefixed && line.find('$') != std::string_view::npos)
        continue;

      if (columns && columns->parse_line(line, commas, values, decimals))
      {
        rows.push_back(values, reader.line_number());
        rows.energy_decimals = std::max(rows.energy_decimals, decimals);
        continue;
      }
      const std::size_t hash = line.find('#');
      if (hash != std::string_view::npos)
      {
        if (!columns && names.empty() && text::trimmed(line.substr(0, hash)).empty())
        {
          std::string_view comment = line.substr(hash);
          comment.remove_prefix(std::min(comment.find_first_not_of('#'), comment.size()));
          if (comments.size() == max_comments)
            comments.erase(comments.begin());
          comments.emplace_back(comment);
        }
        line = line.substr(0, hash);
      }
      text::split(line, fields);
      if (fields.empty())
        continue;

      if (!columns && names.empty() && none_is_a_number(fields))
      {
        names = words_of(line);
        header_line = reader.line_number();
        continue;
      }
      if (!columns)
      {
        first_row = reader.line_number();
        if (header_line == 0)
          names = names_from_comments(comments, format, fields.size());
        else if (names.size() != fields.size())
          throw InputError(fmt::format("{}: found {} columns, expected {} as in the header on "
                                       "line {}",
                                       reader.place(), fields.size(), names.size(), header_line));
        columns.emplace(format, names, fields.size());
        commas = line.find(',') != std::string_view::npos;
        rows.reserve(expected_rows(reader.expected_size(), line.size()));
        if (!columns->missing().empty())
          fail_unknown(reader.place(), columns->missing(), names, fields.size());
      }
      else if (fields.size() != columns->size())
        throw InputError(fmt::format("{}: found {} columns, expected {} as on line {}; was the "
                                     "file cut off or written by two processes?",
                                     reader.place(), fields.size(), columns->size(), first_row));

      rows.push_back(columns->parse(fields, path.string(), reader.line_number()),
                     reader.line_number());
      rows.energy_decimals =
          std::max(rows.energy_decimals, text::decimals(columns->energy_text(fields)));
    }
    if (prefixed && reader.line_end_missing())
      throw InputError(
          fmt::format("{}: the last line has no line end: the log was cut off here. Cut "
                      "off this line, too, if the rows before it are to count",
                      reader.place()));
    rows.file_checksum = reader.checksum();
    return rows;
  }
} // namespace seem::io
