// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_IO_TEMPORARY_FILE_H
#define SEEM_SOURCE_IO_TEMPORARY_FILE_H

#include <filesystem>

namespace seem::io
{
  /**
   * @throws InputError if a file cannot be created at @p path because its directory is not there,
   * or because it is a directory itself
   */
  void check_place(const std::filesystem::path &path);

  /**
   * Name of a file under way, in the directory of the file that it becomes. Unless commit() is
   * reached, the file is removed when this object dies.
   */
  class TemporaryFile
  {
  public:
    /// @throws InputError as check_place(). The file itself is created by the user of this object.
    explicit TemporaryFile(const std::filesystem::path &target);
    TemporaryFile(const TemporaryFile &) = delete;
    TemporaryFile &operator=(const TemporaryFile &) = delete;
    ~TemporaryFile();

    const std::filesystem::path &path() const
    {
      return temporary;
    }

    /// Give the file, which must be closed, its final name; an older file of that name is replaced
    /// at once.
    /// @throws Error naming the file and the cause
    void commit();

  private:
    std::filesystem::path target;
    std::filesystem::path temporary;
    bool committed = false;
  };
} // namespace seem::io

#endif
