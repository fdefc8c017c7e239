// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hdf5_handle.h"

#include <seem/core/exceptions.h>
#include <seem/core/version.h>
#include <seem/io/hdf5_table.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace seem::io
{
  namespace
  {
    constexpr hsize_t rows_per_chunk = 1024;

    Hdf5Handle string_type()
    {
      Hdf5Handle type(H5Tcopy(H5T_C_S1), &H5Tclose);
      H5Tset_size(type, H5T_VARIABLE);
      H5Tset_cset(type, H5T_CSET_UTF8);
      return type;
    }

    bool write_strings(const hid_t object, const char *name, const std::vector<std::string> &values,
                       const bool scalar)
    {
      const Hdf5Handle type = string_type();
      const hsize_t n = values.size();
      const Hdf5Handle space(scalar ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &n, nullptr),
                             &H5Sclose);
      const Hdf5Handle attribute(H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT),
                                 &H5Aclose);
      std::vector<const char *> pointers;
      for (const std::string &value : values)
        pointers.push_back(value.c_str());
      return attribute.is_valid() && H5Awrite(attribute, type, pointers.data()) >= 0;
    }

    hsize_t length_of(const hid_t dataset)
    {
      const Hdf5Handle space(H5Dget_space(dataset), &H5Sclose);
      hsize_t length = 0;
      return H5Sget_simple_extent_dims(space, &length, nullptr) == 1 ? length : 0;
    }
  } // namespace

  struct Hdf5Table::Implementation
  {
    [[noreturn]] void fail(const std::string &what) const
    {
      throw Error(fmt::format("{}: {} cannot be written: {}", path.string(), what, hdf5_cause()));
    }

    /// The type of a column is that of its first value, so they are made with the first row.
    void make_columns(const std::vector<Value> &first)
    {
      const Hdf5Silence silence;
      const hsize_t none = 0, unlimited = H5S_UNLIMITED;
      const Hdf5Handle space(H5Screate_simple(1, &none, &unlimited), &H5Sclose);
      const Hdf5Handle properties(H5Pcreate(H5P_DATASET_CREATE), &H5Pclose);
      H5Pset_obj_track_times(properties, false);
      H5Pset_chunk(properties, 1, &rows_per_chunk);
      for (std::size_t i = 0; i < columns.size(); ++i)
      {
        datasets.emplace_back(H5Dcreate2(file, columns[i].c_str(),
                                         first[i].is_whole ? H5T_STD_I64LE : H5T_IEEE_F64LE, space,
                                         H5P_DEFAULT, properties, H5P_DEFAULT),
                              &H5Dclose);
        if (!datasets.back().is_valid() ||
            !write_strings(datasets.back(), "unit", {unit_of_column(columns[i])}, true))
          fail("column " + columns[i]);
        is_whole.push_back(first[i].is_whole);
      }
    }

    template <typename T>
    void write(const std::size_t column, const hid_t type)
    {
      std::vector<T> values;
      for (std::size_t r = column; r < kept.size(); r += columns.size())
        if constexpr (std::is_integral_v<T>)
          values.push_back(kept[r].whole);
        else
          values.push_back(kept[r].real);
      const hsize_t begin = n_written, count = values.size(), end = begin + count;
      const Hdf5Handle &dataset = datasets[column];
      if (H5Dset_extent(dataset, &end) < 0)
        fail("column " + columns[column]);
      const Hdf5Handle memory(H5Screate_simple(1, &count, nullptr), &H5Sclose),
          space(H5Dget_space(dataset), &H5Sclose);
      if (H5Sselect_hyperslab(space, H5S_SELECT_SET, &begin, nullptr, &count, nullptr) < 0 ||
          H5Dwrite(dataset, type, memory, space, H5P_DEFAULT, values.data()) < 0)
        fail("column " + columns[column]);
    }

    void flush()
    {
      if (kept.empty())
        return;
      const Hdf5Silence silence;
      for (std::size_t i = 0; i < columns.size(); ++i)
        if (is_whole[i])
          write<std::int64_t>(i, H5T_NATIVE_INT64);
        else
          write<double>(i, H5T_NATIVE_DOUBLE);
      if (H5Fflush(file, H5F_SCOPE_LOCAL) < 0)
        fail("the file");
      n_written += kept.size() / columns.size();
      kept.clear();
    }

    std::filesystem::path path;
    std::vector<std::string> columns;
    Hdf5Handle file;
    std::vector<Hdf5Handle> datasets; ///< none before the first row; closed before the file
    std::vector<bool> is_whole;
    std::vector<Value> kept; ///< rows not yet written
    std::size_t n_written = 0;
  };

  Hdf5Table::Hdf5Table(std::unique_ptr<Implementation> implementation)
      : implementation(std::move(implementation))
  {
  }

  Hdf5Table::Hdf5Table(const std::filesystem::path &path, std::vector<std::string> columns,
                       const std::string &kind, const std::string &description)
  {
    const Hdf5Silence silence;
    const Hdf5Handle properties(H5Pcreate(H5P_FILE_CREATE), &H5Pclose);
    H5Pset_obj_track_times(properties, false);
    Hdf5Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, properties, H5P_DEFAULT), &H5Fclose);
    if (!file.is_valid())
      throw InputError(fmt::format("{}: cannot be created: {}", path.string(), hdf5_cause()));
    implementation.reset(
        new Implementation{path, std::move(columns), std::move(file), {}, {}, {}, 0});
    const Implementation &made = *implementation;
    if (!write_strings(made.file, "kind", {kind}, true) ||
        !write_strings(made.file, "description", {description}, true) ||
        !write_strings(made.file, "program", {"seem"}, true) ||
        !write_strings(made.file, "program_version", {program_version}, true) ||
        !write_strings(made.file, "columns", made.columns, false) ||
        H5Fflush(made.file, H5F_SCOPE_LOCAL) < 0)
      made.fail("the header");
  }

  Hdf5Table Hdf5Table::resume(const std::filesystem::path &path, std::vector<std::string> columns,
                              const std::size_t n_rows)
  {
    const Hdf5Silence silence;
    Hdf5Handle file(H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), &H5Fclose);
    if (!file.is_valid())
      throw InputError(fmt::format("{}: cannot be continued: {}", path.string(), hdf5_cause()));
    std::unique_ptr<Implementation> made(
        new Implementation{path, std::move(columns), std::move(file), {}, {}, {}, n_rows});
    hsize_t n_objects = 0;
    H5Gget_num_objs(made->file, &n_objects);
    if (n_objects != made->columns.size() && !(n_objects == 0 && n_rows == 0))
      throw InputError(fmt::format("{}: has {} columns, expected {}", path.string(), n_objects,
                                   made->columns.size()));
    if (n_objects == 0)
      return Hdf5Table(std::move(made));
    for (const std::string &name : made->columns)
    {
      made->datasets.emplace_back(H5Dopen2(made->file, name.c_str(), H5P_DEFAULT), &H5Dclose);
      const Hdf5Handle &dataset = made->datasets.back();
      if (!dataset.is_valid())
        throw InputError(fmt::format("{}: has no column {}", path.string(), name));
      if (length_of(dataset) < n_rows)
        throw InputError(fmt::format("{}: has {} rows, expected at least {}", path.string(),
                                     length_of(dataset), n_rows));
      const Hdf5Handle type(H5Dget_type(dataset), &H5Tclose);
      made->is_whole.push_back(H5Tget_class(type) == H5T_INTEGER);
      const hsize_t length = n_rows;
      if (H5Dset_extent(dataset, &length) < 0)
        made->fail("column " + name);
    }
    return Hdf5Table(std::move(made));
  }

  Hdf5Table::Hdf5Table(Hdf5Table &&) noexcept = default;

  Hdf5Table::~Hdf5Table()
  {
    if (!implementation)
      return;
    const Hdf5Silence silence;
    try
    {
      implementation->flush();
    }
    catch (const Error &)
    {
      // Whoever cares has called flush().
    }
    implementation.reset();
  }

  void Hdf5Table::append(const std::vector<Value> &values)
  {
    Implementation &to = *implementation;
    if (values.size() != to.columns.size())
      throw Error(fmt::format("{}: a row of {} values for {} columns", to.path.string(),
                              values.size(), to.columns.size()));
    if (to.datasets.empty())
      to.make_columns(values);
    to.kept.insert(to.kept.end(), values.begin(), values.end());
  }

  void Hdf5Table::flush()
  {
    implementation->flush();
  }

  std::size_t Hdf5Table::n_rows() const
  {
    return implementation->n_written + implementation->kept.size() / implementation->columns.size();
  }

  std::string unit_of_column(const std::string &name)
  {
    // The longest ending first.
    static constexpr std::array<std::pair<const char *, const char *>, 7> endings = {
        {{"_nN_nm", "nN nm"},
         {"_GPa", "GPa"},
         {"_eV", "eV"},
         {"_deg", "deg"},
         {"_nN", "nN"},
         {"_nm", "nm"},
         {"_s", "s"}}};
    for (const auto &[ending, unit] : endings)
    {
      const std::string end = ending;
      if (name.size() > end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0)
        return unit;
    }
    return "1";
  }
} // namespace seem::io
