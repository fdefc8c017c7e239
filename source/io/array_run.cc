// SPDX-License-Identifier: LGPL-2.1-or-later
#include "npy.h"
#include "run_rows.h"
#include "text.h"

#include <seem/core/exceptions.h>
#include <seem/io/hdf5_file.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <mutex>

namespace seem::io
{
  namespace
  {
    /// A two-dimensional array of rows, its columns by name or number.
    std::vector<double> column_of(const std::vector<double> &values, const std::size_t n_columns,
                                  const std::size_t column)
    {
      std::vector<double> result;
      result.reserve(values.size() / n_columns);
      for (std::size_t i = column; i < values.size(); i += n_columns)
        result.push_back(values[i]);
      return result;
    }

    /// Columns asked for by name, with @p get, or a ratio of two; messages call them @p noun and
    /// end in @p known.
    RunRows assemble(const std::string &path, const TableFormat &format,
                     const std::function<bool(const std::string &)> &has,
                     const std::function<std::vector<double>(const std::string &)> &get,
                     const std::string &noun = "array", const std::string &known = "")
    {
      const auto checked = [&](const std::string &name, const std::string &asked) {
        if (!has(name))
          throw InputError(fmt::format("{}: no {} '{}' for the column {}{}", path, noun, name,
                                       text::shown(asked), known));
        std::vector<double> values = get(name);
        for (std::size_t i = 0; i < values.size(); ++i)
          if (!std::isfinite(values[i]))
            throw InputError(fmt::format("{}: row {}: {} '{}': found {}, expected a finite "
                                         "number; the run failed here",
                                         path, i + 1, noun, name, values[i]));
        return values;
      };

      RunRows rows;
      const std::string &strain = format.strain_column;
      const std::size_t slash = strain.find('/');
      if (has(strain) || slash == std::string::npos)
        rows.strain = checked(strain, strain);
      else
      {
        rows.strain = checked(std::string(text::trimmed(strain.substr(0, slash))), strain);
        const std::vector<double> edge =
            checked(std::string(text::trimmed(strain.substr(slash + 1))), strain);
        for (std::size_t i = 0; i < std::min(edge.size(), rows.strain.size()); ++i)
        {
          if (!(edge[i] > 0.0))
            throw InputError(fmt::format("{}: row {}: column '{}': found the edge length {}, "
                                         "expected a positive number",
                                         path, i + 1, strain, edge[i]));
          rows.strain[i] /= edge[i];
        }
        if (edge.size() != rows.strain.size())
          throw InputError(fmt::format("{}: the arrays of the column '{}' have {} and {} rows",
                                       path, strain, rows.strain.size(), edge.size()));
      }
      rows.energy = checked(format.energy_column, format.energy_column);
      rows.stress = checked(format.stress_column, format.stress_column);
      if (rows.energy.size() != rows.strain.size() || rows.stress.size() != rows.strain.size())
        throw InputError(fmt::format("{}: strain, energy and stress have {}, {} and {} rows, "
                                     "expected equal numbers",
                                     path, rows.strain.size(), rows.energy.size(),
                                     rows.stress.size()));
      rows.line_word = "row";
      for (std::size_t i = 0; i < rows.strain.size(); ++i)
        rows.line.push_back(i + 1);

      // Numbers of single precision were stored with 24 bits.
      double largest = 0.0;
      bool single = true;
      for (const double energy : rows.energy)
      {
        largest = std::max(largest, std::abs(energy));
        single = single && static_cast<double>(static_cast<float>(energy)) == energy;
      }
      const double resolution = largest * (single ? 0x1p-24 : 0x1p-53);
      rows.energy_decimals =
          resolution > 0.0 ? static_cast<int>(std::floor(-std::log10(resolution))) : 20;
      return rows;
    }

    RunRows from_table(const std::string &path, const TableFormat &format,
                       const std::vector<std::string> &names, const std::size_t n_columns,
                       const std::vector<double> &values)
    {
      const auto index = [&](const std::string &name) {
        return find_column(name, names, n_columns);
      };
      return assemble(
          path, format, [&](const std::string &name) { return index(name).has_value(); },
          [&](const std::string &name) { return column_of(values, n_columns, *index(name)); });
    }

    /// A compound data set: each of its fields is a column.
    RunRows from_fields(const Hdf5Reader &reader, const std::string &object,
                        const std::string &path, const TableFormat &format,
                        const std::vector<std::string> &fields, const std::size_t rank)
    {
      if (rank != 1)
        throw InputError(fmt::format("{}: has the fields {} and rank {}, expected one dimension: "
                                     "rows",
                                     path, fmt::join(fields, ", "), rank));
      const auto index = [&](const std::string &name) {
        return find_column(name, fields, fields.size());
      };
      return assemble(
          path, format, [&](const std::string &name) { return index(name).has_value(); },
          [&](const std::string &name) { return reader.field(object, fields[*index(name)]); },
          "field", fmt::format("; the data set has {}", fmt::join(fields, ", ")));
    }

    RunRows from_hdf5(const std::filesystem::path &file, const std::string &object,
                      const std::string &path, const TableFormat &format)
    {
      // The library of HDF5 is not safe in several threads.
      static std::mutex one_at_a_time;
      const std::lock_guard<std::mutex> lock(one_at_a_time);
      const Hdf5Reader reader(file);
      if (!reader.has_object(object))
        throw InputError(fmt::format("{}: the file has no object {}", path, object));
      if (reader.is_dataset(object))
      {
        const auto shape = reader.shape(object);
        if (const std::vector<std::string> fields = reader.field_names(object); !fields.empty())
          return from_fields(reader, object, path, format, fields, shape.size());
        if (shape.size() != 2 || shape[1] == 0)
          throw InputError(fmt::format("{}: is an array of rank {}, expected two dimensions: rows "
                                       "and columns",
                                       path, shape.size()));
        std::vector<std::string> names;
        if (reader.has_attribute(object, "columns"))
        {
          const std::string text = reader.string_attribute(object, "columns");
          std::vector<std::string_view> fields;
          text::split(text, fields);
          names.assign(fields.begin(), fields.end());
          if (names.size() != shape[1])
            throw InputError(fmt::format("{}: attribute 'columns' has {} names for {} columns",
                                         path, names.size(), shape[1]));
        }
        return from_table(path, format, names, static_cast<std::size_t>(shape[1]),
                          reader.doubles(object));
      }
      const std::string group = object == "/" ? "/" : object + "/";
      return assemble(
          path, format,
          [&](const std::string &name) {
            return !name.empty() && name.find('/') == std::string::npos &&
                   reader.has_object(group + name) && reader.is_dataset(group + name) &&
                   reader.shape(group + name).size() == 1;
          },
          [&](const std::string &name) { return reader.doubles(group + name); });
    }
  } // namespace

  std::pair<std::filesystem::path, std::string> split_object(const std::filesystem::path &path)
  {
    const std::string text = path.string();
    const std::size_t colon = text.rfind(":/");
    std::error_code error;
    if (colon == std::string::npos || std::filesystem::exists(path, error))
      return {path, "/"};
    return {text.substr(0, colon), text.substr(colon + 1)};
  }

  bool is_array_file(const std::filesystem::path &file)
  {
    const std::string begin = first_bytes(file, 8);
    return begin == "\x89HDF\r\n\x1a\n" || is_npy(begin) || is_npz(begin);
  }

  RunRows read_array_run(const std::filesystem::path &path, const TableFormat &format)
  {
    const auto [file, object] = split_object(path);
    const std::string begin = first_bytes(file, 8);
    if (!is_npy(begin) && !is_npz(begin))
      return from_hdf5(file, object, path.string(), format);

    if (is_npy(begin))
    {
      const NpyArray array = read_npy(file);
      if (array.names.empty() && array.shape.size() != 2)
        throw InputError(
            fmt::format("{}: is an array of rank {}, expected two dimensions, rows and "
                        "columns, or named fields",
                        path.string(), array.shape.size()));
      const std::size_t n = array.names.empty() ? array.shape[1] : array.names.size();
      if (n == 0)
        throw InputError(fmt::format("{}: has no columns", path.string()));
      return from_table(path.string(), format, array.names, n, array.values);
    }
    const NpzFile archive(file);
    return assemble(
        path.string(), format, [&](const std::string &name) { return archive.has(name); },
        [&](const std::string &name) {
          NpyArray array = archive.read(name);
          if (!array.names.empty() || array.shape.size() != 1)
            throw InputError(fmt::format("{}: array '{}' has rank {}, expected one dimension",
                                         path.string(), name, array.shape.size()));
          return std::move(array.values);
        });
  }
} // namespace seem::io
