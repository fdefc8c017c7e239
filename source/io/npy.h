// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_IO_NPY_H
#define SEEM_SOURCE_IO_NPY_H

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct zip;

namespace seem::io
{
  /// An array of NumPy as numbers of double precision.
  struct NpyArray
  {
    std::vector<std::string> names; ///< of the fields of a structured array, else empty
    std::vector<std::size_t> shape; ///< of a structured array: without the fields
    std::vector<double> values;     ///< last index fastest; fields of a record are neighbours
  };

  bool is_npy(const std::string_view first_bytes);
  bool is_npz(const std::string_view first_bytes);

  /**
   * Parse a .npy file (format versions 1 to 3): whole and floating-point numbers of 1 to 8 bytes in
   * either byte order, in C or Fortran order, or one-dimensional records of them. Own code: Debian
   * has no library that reads it, and libraries elsewhere trust the header.
   * @param[in] name  for messages
   * @throws InputError if the bytes are no such array, or fewer or more than its header says
   */
  NpyArray parse_npy(const std::string_view bytes, const std::string &name);
  NpyArray read_npy(const std::filesystem::path &path);

  /// A .npz file: a zip archive of .npy files, packed or not.
  class NpzFile
  {
  public:
    /// @throws InputError if it is no zip archive or is cut off
    explicit NpzFile(const std::filesystem::path &path);
    bool has(const std::string &name) const;
    NpyArray read(const std::string &name) const;

  private:
    std::string path;
    std::unique_ptr<zip, void (*)(zip *)> archive;
  };
} // namespace seem::io

#endif
