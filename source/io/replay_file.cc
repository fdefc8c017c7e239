// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/io/hdf5_file.h>
#include <seem/io/replay_file.h>

#include <fmt/format.h>

#include <charconv>
#include <limits>

namespace seem::io
{
  namespace
  {
    /// Of the files written here; others are refused.
    constexpr std::int64_t schema_version = 2;

    std::vector<double> numbers_of(const law::SymmetricTensor &tensor)
    {
      return {tensor.data(), tensor.data() + tensor.size()};
    }

    void write_strain(Hdf5Writer &file, const std::string &name, const law::SymmetricTensor &strain,
                      const std::string &where)
    {
      file.dataset(name, numbers_of(strain), "1",
                   fmt::format("total strain at the {} of the update: xx, yy, zz, sqrt(2) yz, "
                               "sqrt(2) xz, sqrt(2) xy",
                               where));
    }

    law::SymmetricTensor read_strain(const Hdf5Reader &file, const std::filesystem::path &path,
                                     const std::string &name)
    {
      const std::vector<double> values = file.doubles(name);
      if (values.size() != 6)
        throw InputError(
            fmt::format("{}: {} has {} numbers, expected 6", path.string(), name, values.size()));
      return law::SymmetricTensor(values.data());
    }

    /// An attribute that must be an integer from 0 to @p largest.
    template <typename Integer>
    Integer read_integer(const Hdf5Reader &file, const std::filesystem::path &path,
                         const std::string &name)
    {
      const std::int64_t value = file.integer_attribute("/", name);
      if (value < 0 || value > static_cast<std::int64_t>(std::numeric_limits<Integer>::max()))
        throw InputError(
            fmt::format("{}: attribute '{}' is {}, out of range", path.string(), name, value));
      return static_cast<Integer>(value);
    }

    /// The cell's 64 bits do not fit into a signed integer: they are written as text.
    std::uint64_t read_cell(const Hdf5Reader &file, const std::filesystem::path &path)
    {
      const std::string text = file.string_attribute("/", "cell");
      std::uint64_t cell = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), cell);
      if (error != std::errc() || end != text.data() + text.size())
        throw InputError(
            fmt::format("{}: attribute 'cell' is \"{}\", no cell", path.string(), text));
      return cell;
    }

    std::vector<law::StateField> read_layout(const Hdf5Reader &file,
                                             const std::filesystem::path &path,
                                             const std::size_t n_numbers)
    {
      // The state of a law may be empty.
      const std::vector<std::string> names = file.strings("/layout/name");
      const std::vector<std::string> units = file.strings("/layout/unit");
      const std::vector<std::uint32_t> sizes = file.integers("/layout/size");
      if (units.size() != names.size() || sizes.size() != names.size())
        throw InputError(fmt::format("{}: /layout has {} names, {} units and {} sizes",
                                     path.string(), names.size(), units.size(), sizes.size()));
      std::vector<law::StateField> layout;
      std::size_t sum = 0;
      for (std::size_t i = 0; i < names.size(); ++i)
      {
        layout.push_back({names[i], units[i], sizes[i]});
        sum += sizes[i];
      }
      if (sum != n_numbers)
        throw InputError(fmt::format("{}: /state has {} numbers, expected {} by /layout",
                                     path.string(), n_numbers, sum));
      return layout;
    }
  } // namespace

  void write_replay(const std::filesystem::path &path, const Replay &replay)
  {
    Hdf5Writer file(path);
    file.attribute("/", "kind", replay_kind);
    file.attribute("/", "schema_version", schema_version);
    file.attribute("/", "program", "seem");
    file.attribute("/", "program_version", replay.program_version);
    file.attribute("/", "description",
                   "The update of a material point that ended a run: the law that parameters, "
                   "database and n_volumes describe, from state along the straight path from "
                   "strain_begin to strain_end. seem point --replay repeats it.");
    file.attribute("/", "database_file", replay.database_file.string());
    file.attribute("/", "database_checksum", replay.database_checksum);
    file.attribute("/", "parameters", replay.parameters);
    file.attribute("/", "cell", std::to_string(replay.point.key.cell));
    file.attribute("/", "quadrature_point", std::int64_t(replay.point.key.quadrature_point));
    file.attribute("/", "copy", std::int64_t(replay.point.key.copy));
    file.attribute("/", "volume_ratio", replay.point.volume_ratio);
    file.attribute("/", "n_volumes", std::int64_t(replay.n_volumes));
    file.attribute("/", "region", std::int64_t(replay.region));
    file.attribute("/", "message", replay.message);
    file.attribute("/", "admissible_share", replay.admissible_share);

    std::vector<std::string> names, units;
    std::vector<std::uint32_t> sizes;
    for (const law::StateField &field : replay.layout)
    {
      names.push_back(field.name);
      units.push_back(field.unit);
      sizes.push_back(static_cast<std::uint32_t>(field.size));
    }
    file.group("/layout", "The parts of the state, in order.");
    file.dataset("/layout/name", names, "name of the part");
    file.dataset("/layout/unit", units, "unit of its numbers");
    file.dataset("/layout/size", sizes, "1", "how many numbers it has");
    file.dataset("/state", replay.state, "by /layout/unit", "state of the law before the update");
    write_strain(file, "/strain_begin", replay.strain_begin, "begin");
    write_strain(file, "/strain_end", replay.strain_end, "end");
    file.close();
  }

  Replay read_replay(const std::filesystem::path &path)
  {
    const Hdf5Reader file(path);
    const std::string kind =
        file.has_attribute("/", "kind") ? file.string_attribute("/", "kind") : "";
    if (kind != replay_kind)
      throw InputError(
          fmt::format("{}: expected the replay file of a failed run, found {}", path.string(),
                      kind.empty() ? "an HDF5 file that seem did not write" : "\"" + kind + "\""));
    const std::int64_t version = file.integer_attribute("/", "schema_version");
    if (version != schema_version)
      throw InputError(
          fmt::format("{}: replay file of schema version {}; this program reads version {}",
                      path.string(), version, schema_version));

    Replay replay;
    replay.program_version = file.string_attribute("/", "program_version");
    replay.database_file = file.string_attribute("/", "database_file");
    replay.database_checksum = file.string_attribute("/", "database_checksum");
    replay.parameters = file.string_attribute("/", "parameters");
    replay.point.key.cell = read_cell(file, path);
    replay.point.key.quadrature_point = read_integer<std::uint16_t>(file, path, "quadrature_point");
    replay.point.key.copy = read_integer<std::uint16_t>(file, path, "copy");
    replay.point.volume_ratio = file.double_attribute("/", "volume_ratio");
    replay.n_volumes = read_integer<std::uint16_t>(file, path, "n_volumes");
    replay.region = read_integer<std::uint16_t>(file, path, "region");
    replay.message = file.string_attribute("/", "message");
    replay.admissible_share = file.double_attribute("/", "admissible_share");
    replay.state = file.doubles("/state");
    replay.layout = read_layout(file, path, replay.state.size());
    replay.strain_begin = read_strain(file, path, "/strain_begin");
    replay.strain_end = read_strain(file, path, "/strain_end");
    return replay;
  }
} // namespace seem::io
