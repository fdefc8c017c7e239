// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_IO_HDF5_FILE_H
#define SEEM_IO_HDF5_FILE_H

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace seem::io
{
  /**
   * Writes one HDF5 file: under a temporary name, which close() turns into the final one. Objects
   * are named by their path, "/" is the root. HDF5's own messages are silenced; every failure is an
   * Error naming the file and the object. Serial: one process writes. This header does not need
   * those of HDF5.
   */
  class Hdf5Writer
  {
  public:
    /// @throws InputError if the file cannot be created, naming it and the cause
    explicit Hdf5Writer(const std::filesystem::path &path);

    Hdf5Writer(const Hdf5Writer &) = delete;
    Hdf5Writer &operator=(const Hdf5Writer &) = delete;

    /// Without close() nothing is left behind.
    ~Hdf5Writer();

    void group(const std::string &name, const std::string &description = "");

    void attribute(const std::string &object, const std::string &name, const std::string &value);
    void attribute(const std::string &object, const std::string &name, const char *value);
    void attribute(const std::string &object, const std::string &name, const double value);
    void attribute(const std::string &object, const std::string &name, const std::int64_t value);

    /**
     * Write an array of @p shape, last index fastest. Large arrays are compressed.
     * @param[in] unit  unit of the numbers, "1" if there is none; becomes an attribute, as does the
     * description
     */
    void dataset(const std::string &name, const std::vector<double> &values,
                 const std::vector<std::uint64_t> &shape, const std::string &unit,
                 const std::string &description);
    /// A one-dimensional array.
    void dataset(const std::string &name, const std::vector<double> &values,
                 const std::string &unit, const std::string &description);
    void dataset(const std::string &name, const std::vector<std::uint32_t> &values,
                 const std::string &unit, const std::string &description);
    /// Strings of variable length, UTF-8.
    void dataset(const std::string &name, const std::vector<std::string> &values,
                 const std::string &description);

    /// Close the file and give it its name.
    void close();

  private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation;
  };

  /**
   * Reads one HDF5 file. HDF5's own messages are silenced; every failure is an InputError naming
   * the file and the object: not there, of another type or shape.
   */
  class Hdf5Reader
  {
  public:
    /// @throws InputError if there is no such file, or it is not HDF5, or it is damaged
    explicit Hdf5Reader(const std::filesystem::path &path);

    Hdf5Reader(const Hdf5Reader &) = delete;
    Hdf5Reader &operator=(const Hdf5Reader &) = delete;
    ~Hdf5Reader();

    /// True if the file is there and begins as HDF5 files do. @throws InputError if the file cannot
    /// be read
    static bool is_hdf5(const std::filesystem::path &path);

    bool has_attribute(const std::string &object, const std::string &name) const;
    bool has_object(const std::string &name) const;
    bool is_dataset(const std::string &name) const;

    std::string string_attribute(const std::string &object, const std::string &name) const;
    double double_attribute(const std::string &object, const std::string &name) const;
    std::int64_t integer_attribute(const std::string &object, const std::string &name) const;

    /// Names of all attributes of an object, sorted.
    std::vector<std::string> attribute_names(const std::string &object) const;

    std::vector<std::uint64_t> shape(const std::string &name) const;
    std::vector<double> doubles(const std::string &name) const;
    std::vector<std::uint32_t> integers(const std::string &name) const;

    /// Names of the fields of a compound data set in their order; none for other data sets.
    std::vector<std::string> field_names(const std::string &name) const;

    /// One field of a compound data set, which must hold numbers.
    std::vector<double> field(const std::string &name, const std::string &field) const;

    std::vector<std::string> strings(const std::string &name) const;

  private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation;
  };
} // namespace seem::io

#endif
