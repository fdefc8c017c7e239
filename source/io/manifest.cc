// SPDX-License-Identifier: LGPL-2.1-or-later
#include "line_reader.h"
#include "run_rows.h"
#include "text.h"

#include <seem/core/exceptions.h>
#include <seem/io/manifest.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <glob.h>
#include <map>
#include <optional>

namespace seem::io
{
  namespace
  {
    /// Which column holds what.
    struct Columns
    {
      std::size_t file = 0, atoms = 0, volume = 0, label = 0, cooling_rate = 0;
      std::optional<std::size_t> glass, direction, strain_sign, stress_sign, strain_column,
          energy_column, stress_column;
      std::vector<std::string> names;
    };

    std::optional<std::size_t> find(const std::vector<std::string> &names, const std::string &name)
    {
      const auto found = std::find(names.begin(), names.end(), name);
      if (found == names.end())
        return {};
      return static_cast<std::size_t>(found - names.begin());
    }

    Columns read_header(const std::vector<std::string> &names, const std::string &place)
    {
      Columns columns;
      columns.names = names;

      const std::vector<std::pair<std::string, std::size_t *>> required = {
          {"file", &columns.file},
          {"atoms", &columns.atoms},
          {"volume_A3", &columns.volume},
          {"label", &columns.label},
          {"cooling_rate_K_per_s", &columns.cooling_rate}};
      std::vector<std::string> missing;
      for (const auto &[name, index] : required)
        if (const auto found = find(names, name))
          *index = *found;
        else
          missing.push_back(name);
      if (!missing.empty())
        throw InputError(fmt::format(
            "{}: missing column{} {} in the header of the manifest; columns found: {}. No table or "
            "log says them: write the number of atoms, the volume (in LAMMPS: thermo keywords "
            "atoms "
            "and vol) and the preparation of each run into the manifest",
            place, missing.size() > 1 ? "s" : "", text::shown_list(missing),
            text::shown_list(names)));
      for (std::size_t i = 0; i < names.size(); ++i)
        if (!names[i].empty() && *find(names, names[i]) != i)
          throw InputError(
              fmt::format("{}: column {} is there twice", place, text::shown(names[i])));

      columns.glass = find(names, "glass");
      columns.direction = find(names, "direction");
      columns.strain_sign = find(names, "strain_sign");
      columns.stress_sign = find(names, "stress_sign");
      columns.strain_column = find(names, "strain_column");
      columns.energy_column = find(names, "energy_column");
      columns.stress_column = find(names, "stress_column");
      if (!columns.glass)
        columns.glass = find(names, "quench");
      return columns;
    }

    /// The fields of one line, by column; every error names file, line and column.
    class Line
    {
    public:
      Line(const std::vector<std::string> &fields, const Columns &columns, const std::string &place)
          : fields(fields), columns(columns), place(place)
      {
        if (fields.size() != columns.names.size())
          throw InputError(fmt::format("{}: found {} columns, expected {} as in the header: {}",
                                       place, fields.size(), columns.names.size(),
                                       text::shown_list(columns.names)));
      }

      [[noreturn]] void fail(const std::size_t column, const std::string &expected) const
      {
        throw InputError(fmt::format("{}: column {}: found {}, expected {}", place,
                                     text::shown(columns.names[column]),
                                     text::shown(fields[column]), expected));
      }

      std::string word(const std::size_t column, const std::string &expected) const
      {
        if (fields[column].empty())
          fail(column, expected);
        return fields[column];
      }

      double number(const std::size_t column, const std::string &expected) const
      {
        double value = 0.0;
        if (text::parse(fields[column], value) != text::NumberError::none || !std::isfinite(value))
          fail(column, expected);
        return value;
      }

      /// The field, or nothing if there is no such column.
      std::string optional_word(const std::optional<std::size_t> column) const
      {
        return column ? fields[*column] : std::string();
      }

      std::optional<double> optional_sign(const std::optional<std::size_t> column) const
      {
        if (!column || fields[*column].empty())
          return {};
        const double sign = number(*column, "1 or -1");
        if (sign != 1.0 && sign != -1.0)
          fail(*column, "1 or -1");
        return sign;
      }

    private:
      const std::vector<std::string> &fields;
      const Columns &columns;
      const std::string &place;
    };

    statistics::SampleInfo read_info(const Line &line, const Columns &columns)
    {
      statistics::SampleInfo info;
      info.name = line.word(columns.file, "the name of a file");
      info.label = line.word(columns.label, "the name of a preparation");
      info.glass = info.name;
      if (columns.glass)
        info.glass =
            info.label + "/" + line.word(*columns.glass, "the number or name of the glass");
      if (columns.direction)
        info.direction = line.word(*columns.direction, "a direction, e.g. +xy");

      const std::string whole = "a positive whole number of atoms";
      info.n_atoms = line.number(columns.atoms, whole);
      if (info.n_atoms <= 0.0 || info.n_atoms != std::floor(info.n_atoms))
        line.fail(columns.atoms, whole);

      const std::string volume = "a positive volume in cubic Angstrom";
      info.volume = line.number(columns.volume, volume);
      if (info.volume <= 0.0)
        line.fail(columns.volume, volume);

      const std::string rate = "a cooling rate in K/s, or 0 if it is not known";
      info.cooling_rate = line.number(columns.cooling_rate, rate);
      if (info.cooling_rate < 0.0)
        line.fail(columns.cooling_rate, rate);
      return info;
    }

    /// Names of the files that a name with wildcards means, relative as it is; the name itself if
    /// it has none, or there is no match, or there is a file of that very name.
    std::vector<std::string> matches(const std::filesystem::path &directory,
                                     const std::string &name)
    {
      std::error_code error;
      if (name.find_first_of("*?[") == std::string::npos ||
          std::filesystem::exists(directory / name, error))
        return {name};
      // The directory is no pattern.
      std::string pattern;
      for (const char c :
           std::filesystem::path(name).is_absolute() ? std::string() : (directory / "").string())
        pattern +=
            (std::string("*?[\\").find(c) != std::string::npos ? "\\" : "") + std::string(1, c);
      const std::size_t prefix =
          std::filesystem::path(name).is_absolute() ? 0 : (directory / "").string().size();
      glob_t found = {};
      std::vector<std::string> names;
      if (glob((pattern + name).c_str(), 0, nullptr, &found) == 0)
        for (std::size_t i = 0; i < found.gl_pathc; ++i)
          names.push_back(std::string(found.gl_pathv[i]).substr(prefix));
      globfree(&found);
      return names.empty() ? std::vector<std::string>{name} : names;
    }
  } // namespace

  TableFormat ManifestEntry::format(const TableFormat &common) const
  {
    TableFormat format = common;
    if (!strain_column.empty())
      format.strain_column = strain_column;
    if (!energy_column.empty())
      format.energy_column = energy_column;
    if (!stress_column.empty())
      format.stress_column = stress_column;
    format.strain_sign = strain_sign.value_or(common.strain_sign);
    format.stress_sign = stress_sign.value_or(common.stress_sign);
    return format;
  }

  std::vector<ManifestEntry> read_manifest(const std::filesystem::path &path)
  {
    LineReader reader(path);
    std::optional<Columns> columns;
    std::vector<std::string> fields;
    std::vector<ManifestEntry> entries;
    std::map<std::string, std::size_t> line_of_file;

    for (std::string_view line; reader.next(line);)
    {
      const std::string_view content = text::trimmed(line);
      if (content.empty() || content.front() == '#')
        continue;
      const std::string place = reader.place();
      if (!text::split_csv(content, fields))
        throw InputError(fmt::format("{}: a quote is not closed, or text follows it", place));
      if (!columns)
      {
        columns = read_header(fields, place);
        continue;
      }

      const Line checked(fields, *columns, place);
      ManifestEntry entry;
      entry.line = reader.line_number();
      entry.info = read_info(checked, *columns);
      entry.strain_sign = checked.optional_sign(columns->strain_sign);
      entry.stress_sign = checked.optional_sign(columns->stress_sign);
      entry.strain_column = checked.optional_word(columns->strain_column);
      entry.energy_column = checked.optional_word(columns->energy_column);
      entry.stress_column = checked.optional_word(columns->stress_column);

      const std::string pattern = entry.info.name;
      const bool own_glass = !columns->glass;
      for (const std::string &name : matches(path.parent_path(), pattern))
      {
        entry.info.name = name;
        if (own_glass)
          entry.info.glass = name;
        entry.path = path.parent_path() / name;
        std::error_code error;
        const std::string identity = std::filesystem::weakly_canonical(entry.path, error).string();
        const auto [first, is_new] =
            line_of_file.emplace(error ? entry.path.string() : identity, entry.line);
        if (!is_new)
          throw InputError(fmt::format("{}: column '{}': the file {} is already on line {}; each "
                                       "run counts once",
                                       place, columns->names[columns->file], text::shown(name),
                                       first->second));
        if (!std::filesystem::is_regular_file(split_object(entry.path).first, error))
          throw InputError(fmt::format("{}: column '{}': no file {}; expected it at {} (relative "
                                       "names start at the directory of the manifest)",
                                       place, columns->names[columns->file], text::shown(name),
                                       entry.path.string()));
        entries.push_back(entry);
      }
    }

    if (!columns)
      throw InputError(fmt::format("{}: the manifest is empty, expected a header line with the "
                                   "columns file, atoms, volume_A3, label, cooling_rate_K_per_s",
                                   path.string()));
    if (entries.empty())
      throw InputError(
          fmt::format("{}: the manifest is empty: no runs after the header line", path.string()));
    return entries;
  }
} // namespace seem::io
