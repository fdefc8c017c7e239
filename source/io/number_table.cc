// SPDX-License-Identifier: LGPL-2.1-or-later
#include "line_reader.h"
#include "text.h"

#include <seem/core/exceptions.h>
#include <seem/io/number_table.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace seem::io
{
  const std::vector<double> &NumberTable::column(const std::string &name,
                                                 const std::string &expected) const
  {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
      throw InputError(fmt::format("{}: no column {}; columns found: {}{}{}", file,
                                   text::shown(name), text::shown_list(names),
                                   expected.empty() ? "" : "; expected ", expected));
    return columns[static_cast<std::size_t>(found - names.begin())];
  }

  NumberTable read_number_table(const std::filesystem::path &path, const NonFinite non_finite)
  {
    check_readable(path);
    LineReader reader(path);
    NumberTable table;
    table.file = path.string();
    std::vector<std::string_view> fields;
    for (std::string_view line; reader.next(line);)
    {
      text::split(line.substr(0, line.find('#')), fields);
      if (fields.empty())
        continue;
      double value = 0.0;
      if (table.names.empty())
      {
        for (const std::string_view field : fields)
        {
          const std::string name(field);
          if (text::parse(field, value) == text::NumberError::none)
            throw InputError(fmt::format("{}: found the number {}, expected a line with the names "
                                         "of the columns",
                                         reader.place(), text::shown(name)));
          if (std::find(table.names.begin(), table.names.end(), name) != table.names.end())
            throw InputError(
                fmt::format("{}: column {} is there twice", reader.place(), text::shown(name)));
          table.names.push_back(name);
        }
        table.columns.resize(table.names.size());
        continue;
      }
      if (fields.size() != table.names.size())
        throw InputError(fmt::format("{}: found {} columns, expected {} as in the header: {}",
                                     reader.place(), fields.size(), table.names.size(),
                                     text::shown_list(table.names)));
      for (std::size_t i = 0; i < fields.size(); ++i)
      {
        const bool is_number = text::parse(fields[i], value) == text::NumberError::none;
        if (!is_number || (non_finite == NonFinite::refused && !std::isfinite(value)))
          throw InputError(fmt::format("{}: column {}: found {}, expected a finite number",
                                       reader.place(), text::shown(table.names[i]),
                                       text::shown(fields[i])));
        table.columns[i].push_back(value);
      }
      table.line.push_back(reader.line_number());
    }
    if (table.names.empty())
      throw InputError(fmt::format("{}: empty, expected a line with the names of the columns and "
                                   "rows of numbers",
                                   path.string()));
    if (table.line.empty())
      throw InputError(fmt::format("{}: a header but no rows", path.string()));
    return table;
  }
} // namespace seem::io
