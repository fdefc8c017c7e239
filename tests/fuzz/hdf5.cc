// SPDX-License-Identifier: LGPL-2.1-or-later
// The input chooses what is in a well-formed file: damaged ones are HDF5's own business.
//
// libhdf5 takes milliseconds to make and to open a file. So one file in memory serves many inputs,
// each makes its objects in it and removes them; the reader's own calls of H5Fopen() and
// H5Fis_hdf5() end here (-Wl,--wrap) and give it that file.
#include "hdf5_handle.h"
#include "run.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace
{
  using seem::io::Hdf5Handle;

  hid_t shared_file = H5I_INVALID_HID;

  /// Transfer through a small buffer.
  hid_t small_buffer()
  {
    static const hid_t properties = [] {
      const hid_t made = H5Pcreate(H5P_DATASET_XFER);
      H5Pset_buffer(made, 4096, nullptr, nullptr);
      return made;
    }();
    return properties;
  }
} // namespace

extern "C" herr_t __real_H5Dread(hid_t, hid_t, hid_t, hid_t, hid_t, void *);

extern "C" herr_t __wrap_H5Dread(const hid_t dataset, const hid_t type, const hid_t memory,
                                 const hid_t space, hid_t, void *values)
{
  return __real_H5Dread(dataset, type, memory, space, small_buffer(), values);
}

extern "C" hid_t __wrap_H5Fopen(const char *, unsigned int, hid_t)
{
  return H5Freopen(shared_file);
}

extern "C" htri_t __wrap_H5Fis_hdf5(const char *)
{
  return 1;
}

namespace
{
  /// The bytes of the input, then zeros.
  class Bytes
  {
  public:
    Bytes(const std::uint8_t *data, const std::size_t size) : data(data), left(size)
    {
    }

    unsigned int next()
    {
      if (left == 0)
        return 0;
      --left;
      return *data++;
    }

    double next_double()
    {
      double value = 0.0;
      const std::size_t n = std::min(left, sizeof(value));
      std::memcpy(&value, data, n);
      data += n;
      left -= n;
      return value;
    }

    std::string next_text(const std::size_t longest)
    {
      const std::size_t asked = next(), n = std::min({left, longest, asked});
      const std::string text(reinterpret_cast<const char *>(data), n);
      data += n;
      left -= n;
      return text;
    }

    /// Any numbers, or a sum of small steps from an offset: the columns of a run.
    std::vector<double> next_numbers(const std::size_t n)
    {
      std::vector<double> values(n);
      const unsigned int how = next();
      double sum = how % 4 == 3 ? -8.0 : 0.0;
      for (double &value : values)
        if (how % 4 == 0)
          value = next_double();
        else
          value = sum += (static_cast<double>(next()) - (how % 4 == 1 ? 0.0 : 128.0)) / 1024.0;
      return values;
    }

  private:
    const std::uint8_t *data;
    std::size_t left;
  };

  hid_t number_type(const unsigned int choice)
  {
    switch (choice % 8)
    {
    case 1:
      return H5T_IEEE_F32LE;
    case 2:
      return H5T_IEEE_F64BE;
    case 3:
      return H5T_STD_I32LE;
    case 4:
      return H5T_STD_U64BE;
    case 5:
      return H5T_STD_I8LE;
    default:
      return H5T_IEEE_F64LE;
    }
  }

  Hdf5Handle string_type(const unsigned int choice)
  {
    Hdf5Handle type(H5Tcopy(H5T_C_S1), &H5Tclose);
    H5Tset_size(type, choice % 2 == 0 ? H5T_VARIABLE : 1 + choice % 32);
    H5Tset_strpad(type, choice % 4 < 2 ? H5T_STR_NULLTERM : H5T_STR_SPACEPAD);
    return type;
  }

  Hdf5Handle dataspace(const std::vector<hsize_t> &shape, const unsigned int choice)
  {
    if (choice % 16 == 15)
      return Hdf5Handle(H5Screate(H5S_NULL), &H5Sclose);
    if (shape.empty())
      return Hdf5Handle(H5Screate(H5S_SCALAR), &H5Sclose);
    return Hdf5Handle(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr),
                      &H5Sclose);
  }

  std::size_t product(const std::vector<hsize_t> &shape)
  {
    std::size_t n = 1;
    for (const hsize_t extent : shape)
      n *= extent;
    return n;
  }

  /// Strings as HDF5 takes them for one object of @p type.
  template <typename Write>
  void write_strings(const std::vector<std::string> &texts, const hid_t type, const Write &write)
  {
    std::vector<const char *> pointers;
    for (const std::string &text : texts)
      pointers.push_back(text.c_str());
    if (H5Tis_variable_str(type) > 0)
    {
      write(pointers.data());
      return;
    }
    const std::size_t width = H5Tget_size(type);
    std::vector<char> fixed(std::max<std::size_t>(1, texts.size() * width), ' ');
    for (std::size_t i = 0; i < texts.size(); ++i)
      std::memcpy(fixed.data() + i * width, texts[i].data(), std::min(width, texts[i].size()));
    write(fixed.data());
  }

  void make_numbers(const hid_t owner, const char *name, const std::vector<hsize_t> &shape,
                    const unsigned int choice, Bytes &bytes)
  {
    const Hdf5Handle space = dataspace(shape, choice / 8);
    const Hdf5Handle dataset(
        H5Dcreate2(owner, name, number_type(choice), space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
        &H5Dclose);
    const std::vector<double> values = bytes.next_numbers(product(shape));
    if (!values.empty() && H5Sget_simple_extent_type(space) != H5S_NULL)
      H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, small_buffer(), values.data());
  }

  void make_strings(const hid_t owner, const char *name, const std::vector<hsize_t> &shape,
                    Bytes &bytes)
  {
    const Hdf5Handle type = string_type(bytes.next()), space = dataspace(shape, 0);
    const Hdf5Handle dataset(
        H5Dcreate2(owner, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), &H5Dclose);
    std::vector<std::string> texts(product(shape));
    for (std::string &text : texts)
      text = bytes.next_text(16);
    if (!texts.empty())
      write_strings(texts, type, [&](const void *data) {
        H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, small_buffer(), data);
      });
  }

  constexpr std::array<const char *, 4> columns = {"strain", "pe_eV", "tau_GPa", "edge"};

  /// Fields of any type of number, one of them perhaps an array or a string.
  void make_compound(const hid_t owner, const char *name, const std::vector<hsize_t> &shape,
                     Bytes &bytes)
  {
    const std::size_t n_fields = 1 + bytes.next() % 5;
    std::size_t size = 0;
    std::vector<Hdf5Handle> types;
    std::vector<std::size_t> offset;
    for (std::size_t i = 0; i < n_fields; ++i)
    {
      const unsigned int choice = bytes.next();
      const hsize_t extent = 2;
      types.emplace_back(choice % 32 == 31   ? H5Tarray_create2(H5T_IEEE_F64LE, 1, &extent)
                         : choice % 32 == 30 ? H5Tcopy(H5T_C_S1)
                                             : H5Tcopy(number_type(choice)),
                         &H5Tclose);
      offset.push_back(size);
      size += H5Tget_size(types.back());
    }
    const Hdf5Handle type(H5Tcreate(H5T_COMPOUND, size), &H5Tclose);
    for (std::size_t i = 0; i < n_fields; ++i)
    {
      const std::string own = i < columns.size() ? columns[i] : bytes.next_text(8);
      H5Tinsert(type, own.c_str(), offset[i], types[i]); // refuses a name it has
    }
    const Hdf5Handle space = dataspace(shape, 0);
    const Hdf5Handle dataset(
        H5Dcreate2(owner, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), &H5Dclose);
    // One column of doubles after another; HDF5 converts them.
    for (std::size_t i = 0; i < n_fields && product(shape) > 0; ++i)
    {
      if (i >= columns.size())
        break;
      const Hdf5Handle one(H5Tcreate(H5T_COMPOUND, sizeof(double)), &H5Tclose);
      H5Tinsert(one, columns[i], 0, H5T_NATIVE_DOUBLE);
      const std::vector<double> values = bytes.next_numbers(product(shape));
      H5Dwrite(dataset, one, H5S_ALL, H5S_ALL, small_buffer(), values.data());
    }
  }

  std::vector<hsize_t> next_shape(Bytes &bytes, const std::size_t usual_rank)
  {
    const unsigned int choice = bytes.next();
    std::vector<hsize_t> shape(choice % 16 == 15 ? choice / 16 % 4 : usual_rank);
    for (std::size_t i = 0; i < shape.size(); ++i)
      shape[i] = bytes.next() % (i == 0 ? 12 : 5);
    return shape;
  }

  void make_object(const hid_t owner, const char *name, const std::size_t usual_rank, Bytes &bytes)
  {
    const unsigned int kind = bytes.next();
    if (kind == 255)
      return;
    if (kind == 254)
    {
      const Hdf5Handle group(H5Gcreate2(owner, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                             &H5Gclose);
      return;
    }
    const std::vector<hsize_t> shape = next_shape(bytes, usual_rank);
    if (kind % 32 == 31)
      make_strings(owner, name, shape, bytes);
    else if (kind % 4 == 3)
      make_compound(owner, name, shape, bytes);
    else
      make_numbers(owner, name, shape, kind / 4, bytes);
  }

  /// The attribute that names the columns: a string of any sort, an array of them, or a number.
  void make_attribute(const hid_t owner, const char *name, Bytes &bytes)
  {
    const unsigned int kind = bytes.next();
    if (kind % 4 == 0)
      return;
    const std::vector<hsize_t> shape =
        kind % 16 == 15 ? std::vector<hsize_t>{bytes.next() % 4u} : std::vector<hsize_t>();
    const Hdf5Handle space = dataspace(shape, kind % 32 == 14 ? 15 : 0);
    if (kind % 16 == 13)
    {
      const Hdf5Handle attribute(
          H5Acreate2(owner, name, number_type(kind / 16), space, H5P_DEFAULT, H5P_DEFAULT),
          &H5Aclose);
      const double value = bytes.next_double();
      H5Awrite(attribute, H5T_NATIVE_DOUBLE, &value);
      return;
    }
    const Hdf5Handle type = string_type(bytes.next());
    const Hdf5Handle attribute(H5Acreate2(owner, name, type, space, H5P_DEFAULT, H5P_DEFAULT),
                               &H5Aclose);
    if (!attribute.is_valid() || H5Sget_simple_extent_type(space) == H5S_NULL)
      return;
    std::vector<std::string> texts(product(shape));
    for (std::string &text : texts)
      text = bytes.next_text(64);
    if (!texts.empty())
      write_strings(texts, type, [&](const void *data) { H5Awrite(attribute, type, data); });
  }

  /// A file in memory, made anew now and then: HDF5 does not take back all of the space.
  void make_file()
  {
    static unsigned int n_inputs = 0;
    if (n_inputs++ % 2048 != 0)
      return;
    if (shared_file >= 0)
      H5Fclose(shared_file);
    const Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), &H5Pclose);
    H5Pset_fapl_core(access, 1 << 16, false);
    shared_file = H5Fcreate("in_memory", H5F_ACC_TRUNC, H5P_DEFAULT, access);
    seem::fuzz::require(shared_file >= 0);
  }
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, const std::size_t size)
{
  using namespace seem;
  static const fuzz::Directory directory;
  static const std::string path = [] {
    const std::string magic = "\x89HDF\r\n\x1a\n";
    return directory
        .write("run.h5", reinterpret_cast<const std::uint8_t *>(magic.data()), magic.size())
        .string();
  }();
  const io::Hdf5Silence silence;
  make_file();

  Bytes bytes(data, size);
  const unsigned int choice = bytes.next();
  static constexpr std::array<const char *, 4> places = {":/t", ":/g", ":/g/strain", ""};
  const bool as_group = choice % 2 == 1;
  {
    const Hdf5Handle root(H5Gopen2(shared_file, "/", H5P_DEFAULT), &H5Gclose);
    if (as_group)
    {
      const Hdf5Handle group(H5Gcreate2(root, "g", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                             &H5Gclose);
      for (const char *const name : columns)
        make_object(group, name, 1, bytes);
    }
    else
    {
      make_object(root, "t", 2, bytes);
      const Hdf5Handle table(H5Oopen(root, "t", H5P_DEFAULT), &H5Oclose);
      if (table.is_valid())
        make_attribute(table, "columns", bytes);
    }
  }

  io::TableFormat format;
  if (choice / 2 % 4 == 1)
  {
    format.strain_column = "1";
    format.energy_column = "2";
    format.stress_column = "3";
  }
  else if (choice / 2 % 4 == 2)
    format.strain_column = "strain/edge";
  if (choice / 8 % 2 == 1)
    format.energy_kind = io::EnergyKind::per_atom;
  if (choice / 16 % 2 == 1)
    format.unwrapping = io::StrainUnwrapping::always;
  const std::size_t place = choice / 32 > 1 ? choice / 32 % places.size() : as_group ? 1 : 0;
  try
  {
    fuzz::read_run(path + places[place], format);
  }
  catch (const InputError &)
  {
  }
  fuzz::require(H5Fget_obj_count(shared_file, H5F_OBJ_DATASET | H5F_OBJ_GROUP | H5F_OBJ_DATATYPE |
                                                  H5F_OBJ_ATTR) == 0);
  H5Ldelete(shared_file, as_group ? "g" : "t", H5P_DEFAULT);
  return 0;
}
