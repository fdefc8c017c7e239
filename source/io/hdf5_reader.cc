// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hdf5_handle.h"
#include "line_reader.h"

#include <seem/core/exceptions.h>
#include <seem/io/hdf5_file.h>

#include <fmt/format.h>

#include <algorithm>
#include <limits>

static_assert(sizeof(hid_t) == 8, "seem needs HDF5 1.10 or newer");

namespace seem::io
{
  namespace
  {
    /// The text of a string of fixed length: up to the first zero byte, without padding blanks.
    std::string fixed_string(const char *const begin, const std::size_t size, const hid_t type)
    {
      std::string result(begin, std::find(begin, begin + size, '\0'));
      if (H5Tget_strpad(type) == H5T_STR_SPACEPAD)
        result.erase(result.find_last_not_of(' ') + 1);
      return result;
    }

    herr_t take_name(hid_t, const char *name, const H5A_info_t *, void *names)
    {
      static_cast<std::vector<std::string> *>(names)->emplace_back(name);
      return 0;
    }

    herr_t take_first(const unsigned int number, const H5E_error2_t *error, void *cause)
    {
      if (number == 0 && error->desc != nullptr)
        *static_cast<std::string *>(cause) = error->desc;
      return 0;
    }
  } // namespace

  std::string hdf5_cause()
  {
    std::string cause;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, &take_first, &cause);
    return cause.empty() ? "HDF5 gives no reason" : "HDF5 says: " + cause;
  }

  struct Hdf5Reader::Implementation
  {
    explicit Implementation(const std::filesystem::path &path)
        : path(path), file(open(path), &H5Fclose)
    {
      if (!file.is_valid())
        throw InputError(fmt::format("{}: the HDF5 file is damaged or cut off: {}", path.string(),
                                     hdf5_cause()));
    }

    static hid_t open(const std::filesystem::path &path)
    {
      const Hdf5Silence silence;
      const Hdf5Handle properties(H5Pcreate(H5P_FILE_ACCESS), &H5Pclose);
#if H5_VERSION_GE(1, 10, 7)
      // Parallel file systems without locks would refuse to open the file; we only read.
      H5Pset_file_locking(properties, false, true);
#endif
      return H5Fopen(path.c_str(), H5F_ACC_RDONLY, properties);
    }

    [[noreturn]] void fail(const std::string &object, const std::string &found) const
    {
      throw InputError(fmt::format("{}: {} {}", path.string(), object, found));
    }

    Hdf5Handle open_object(const std::string &name) const
    {
      Hdf5Handle object(H5Oopen(file, name.c_str(), H5P_DEFAULT), &H5Oclose);
      if (!object.is_valid())
        fail(name, "is missing");
      return object;
    }

    Hdf5Handle open_attribute(const std::string &object, const std::string &name) const
    {
      const Hdf5Handle owner = open_object(object);
      Hdf5Handle attribute(H5Aopen(owner, name.c_str(), H5P_DEFAULT), &H5Aclose);
      if (!attribute.is_valid())
        fail(named(object, name), "is missing");
      const Hdf5Handle space(H5Aget_space(attribute), &H5Sclose);
      if (H5Sget_simple_extent_npoints(space) != 1)
        fail(named(object, name), "is an array, expected one value");
      return attribute;
    }

    static std::string named(const std::string &object, const std::string &attribute)
    {
      return fmt::format("attribute '{}' of {}", attribute, object);
    }

    Hdf5Handle open_dataset(const std::string &name) const
    {
      Hdf5Handle dataset(H5Dopen2(file, name.c_str(), H5P_DEFAULT), &H5Dclose);
      if (!dataset.is_valid())
        fail("dataset " + name, "is missing");
      return dataset;
    }

    std::vector<std::uint64_t> shape(const std::string &name) const
    {
      const Hdf5Handle dataset = open_dataset(name);
      const Hdf5Handle space(H5Dget_space(dataset), &H5Sclose);
      const int rank = H5Sget_simple_extent_ndims(space);
      std::vector<hsize_t> extents(static_cast<std::size_t>(std::max(rank, 0)));
      H5Sget_simple_extent_dims(space, extents.data(), nullptr);
      return {extents.begin(), extents.end()};
    }

    std::size_t size(const hid_t dataset) const
    {
      const Hdf5Handle space(H5Dget_space(dataset), &H5Sclose);
      return static_cast<std::size_t>(std::max<hssize_t>(H5Sget_simple_extent_npoints(space), 0));
    }

    template <typename Number>
    std::vector<Number> numbers(const std::string &name, const hid_t type, const bool whole) const
    {
      const Hdf5Handle dataset = open_dataset(name);
      const Hdf5Handle stored(H5Dget_type(dataset), &H5Tclose);
      const H5T_class_t kind = H5Tget_class(stored);
      if (kind != H5T_INTEGER && (whole || kind != H5T_FLOAT))
        fail("dataset " + name, whole ? "does not hold whole numbers" : "does not hold numbers");
      std::vector<Number> result(size(dataset));
      if (!result.empty() &&
          H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, result.data()) < 0)
        fail("dataset " + name, "cannot be read: " + hdf5_cause());
      return result;
    }

    const std::filesystem::path path;
    Hdf5Handle file;
  };

  Hdf5Reader::Hdf5Reader(const std::filesystem::path &path)
  {
    if (!is_hdf5(path))
      throw InputError(fmt::format("{}: is not an HDF5 file", path.string()));
    implementation = std::make_unique<Implementation>(path);
  }

  Hdf5Reader::~Hdf5Reader()
  {
    const Hdf5Silence silence;
    implementation.reset();
  }

  bool Hdf5Reader::is_hdf5(const std::filesystem::path &path)
  {
    check_readable(path);
    const Hdf5Silence silence;
    return H5Fis_hdf5(path.c_str()) > 0;
  }

  bool Hdf5Reader::has_attribute(const std::string &object, const std::string &name) const
  {
    const Hdf5Silence silence;
    const Hdf5Handle owner = implementation->open_object(object);
    return H5Aexists(owner, name.c_str()) > 0;
  }

  bool Hdf5Reader::has_object(const std::string &name) const
  {
    const Hdf5Silence silence;
    return Hdf5Handle(H5Oopen(implementation->file, name.c_str(), H5P_DEFAULT), &H5Oclose)
        .is_valid();
  }

  bool Hdf5Reader::is_dataset(const std::string &name) const
  {
    const Hdf5Silence silence;
    const Hdf5Handle object = implementation->open_object(name);
    return H5Iget_type(object) == H5I_DATASET;
  }

  std::string Hdf5Reader::string_attribute(const std::string &object, const std::string &name) const
  {
    const Hdf5Silence silence;
    const Hdf5Handle attribute = implementation->open_attribute(object, name);
    const Hdf5Handle type(H5Aget_type(attribute), &H5Tclose);
    const std::string where = Implementation::named(object, name);
    if (H5Tget_class(type) != H5T_STRING)
      implementation->fail(where, "is not a string");
    if (H5Tis_variable_str(type) > 0)
    {
      char *value = nullptr;
      if (H5Aread(attribute, type, &value) < 0)
        implementation->fail(where, "cannot be read: " + hdf5_cause());
      const std::string result = value != nullptr ? value : "";
      H5free_memory(value);
      return result;
    }
    std::vector<char> buffer(H5Tget_size(type));
    if (H5Aread(attribute, type, buffer.data()) < 0)
      implementation->fail(where, "cannot be read: " + hdf5_cause());
    return fixed_string(buffer.data(), buffer.size(), type);
  }

  double Hdf5Reader::double_attribute(const std::string &object, const std::string &name) const
  {
    const Hdf5Silence silence;
    const Hdf5Handle attribute = implementation->open_attribute(object, name);
    const Hdf5Handle type(H5Aget_type(attribute), &H5Tclose);
    const H5T_class_t kind = H5Tget_class(type);
    if (kind != H5T_FLOAT && kind != H5T_INTEGER)
      implementation->fail(Implementation::named(object, name), "is not a number");
    double value = 0.0;
    if (H5Aread(attribute, H5T_NATIVE_DOUBLE, &value) < 0)
      implementation->fail(Implementation::named(object, name), "cannot be read: " + hdf5_cause());
    return value;
  }

  std::int64_t Hdf5Reader::integer_attribute(const std::string &object,
                                             const std::string &name) const
  {
    const Hdf5Silence silence;
    const Hdf5Handle attribute = implementation->open_attribute(object, name);
    const Hdf5Handle type(H5Aget_type(attribute), &H5Tclose);
    if (H5Tget_class(type) != H5T_INTEGER)
      implementation->fail(Implementation::named(object, name), "is not a whole number");
    std::int64_t value = 0;
    if (H5Aread(attribute, H5T_NATIVE_INT64, &value) < 0)
      implementation->fail(Implementation::named(object, name), "cannot be read: " + hdf5_cause());
    return value;
  }

  std::vector<std::string> Hdf5Reader::attribute_names(const std::string &object) const
  {
    const Hdf5Silence silence;
    const Hdf5Handle owner = implementation->open_object(object);
    std::vector<std::string> names;
    if (H5Aiterate2(owner, H5_INDEX_NAME, H5_ITER_INC, nullptr, &take_name, &names) < 0)
      implementation->fail(object, "cannot be read: " + hdf5_cause());
    std::sort(names.begin(), names.end());
    return names;
  }

  std::vector<std::uint64_t> Hdf5Reader::shape(const std::string &name) const
  {
    const Hdf5Silence silence;
    return implementation->shape(name);
  }

  std::vector<double> Hdf5Reader::doubles(const std::string &name) const
  {
    const Hdf5Silence silence;
    return implementation->numbers<double>(name, H5T_NATIVE_DOUBLE, false);
  }

  std::vector<std::uint32_t> Hdf5Reader::integers(const std::string &name) const
  {
    const Hdf5Silence silence;
    // HDF5 clips what does not fit: read wide and look.
    const auto wide = implementation->numbers<std::int64_t>(name, H5T_NATIVE_INT64, true);
    for (const std::int64_t value : wide)
      if (value < 0 || value > std::numeric_limits<std::uint32_t>::max())
        implementation->fail("dataset " + name,
                             fmt::format("holds {}, expected 0 to 4294967295", value));
    return {wide.begin(), wide.end()};
  }

  std::vector<std::string> Hdf5Reader::field_names(const std::string &name) const
  {
    const Hdf5Silence silence;
    const Hdf5Handle dataset = implementation->open_dataset(name);
    const Hdf5Handle type(H5Dget_type(dataset), &H5Tclose);
    std::vector<std::string> names;
    if (H5Tget_class(type) != H5T_COMPOUND)
      return names;
    const int n = H5Tget_nmembers(type);
    for (int i = 0; i < n; ++i)
    {
      char *const field = H5Tget_member_name(type, static_cast<unsigned int>(i));
      names.emplace_back(field != nullptr ? field : "");
      H5free_memory(field);
    }
    return names;
  }

  std::vector<double> Hdf5Reader::field(const std::string &name, const std::string &field) const
  {
    const Hdf5Silence silence;
    const std::string where = fmt::format("field '{}' of dataset {}", field, name);
    const Hdf5Handle dataset = implementation->open_dataset(name);
    const Hdf5Handle stored(H5Dget_type(dataset), &H5Tclose);
    const int index =
        H5Tget_class(stored) == H5T_COMPOUND ? H5Tget_member_index(stored, field.c_str()) : -1;
    if (index < 0)
      implementation->fail(where, "is missing");
    const H5T_class_t kind = H5Tget_member_class(stored, static_cast<unsigned int>(index));
    if (kind != H5T_FLOAT && kind != H5T_INTEGER)
      implementation->fail(where, "does not hold single numbers");

    // HDF5 gathers the fields that the type in memory names.
    const Hdf5Handle type(H5Tcreate(H5T_COMPOUND, sizeof(double)), &H5Tclose);
    H5Tinsert(type, field.c_str(), 0, H5T_NATIVE_DOUBLE);
    std::vector<double> result(implementation->size(dataset));
    if (!result.empty() && H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, result.data()) < 0)
      implementation->fail(where, "cannot be read: " + hdf5_cause());
    return result;
  }

  std::vector<std::string> Hdf5Reader::strings(const std::string &name) const
  {
    const Hdf5Silence silence;
    const Hdf5Handle dataset = implementation->open_dataset(name);
    const Hdf5Handle type(H5Dget_type(dataset), &H5Tclose);
    const Hdf5Handle space(H5Dget_space(dataset), &H5Sclose);
    if (H5Tget_class(type) != H5T_STRING)
      implementation->fail("dataset " + name, "does not hold strings");
    std::vector<std::string> result;
    const std::size_t n = implementation->size(dataset);
    if (n == 0)
      return result;

    if (H5Tis_variable_str(type) > 0)
    {
      std::vector<char *> pointers(n, nullptr);
      if (H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()) < 0)
        implementation->fail("dataset " + name, "cannot be read: " + hdf5_cause());
      for (const char *const pointer : pointers)
        result.emplace_back(pointer != nullptr ? pointer : "");
      H5Dvlen_reclaim(type, space, H5P_DEFAULT, pointers.data());
      return result;
    }
    const std::size_t width = H5Tget_size(type);
    std::vector<char> buffer(n * width);
    if (H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer.data()) < 0)
      implementation->fail("dataset " + name, "cannot be read: " + hdf5_cause());
    for (std::size_t i = 0; i < n; ++i)
      result.push_back(fixed_string(buffer.data() + i * width, width, type));
    return result;
  }
} // namespace seem::io
