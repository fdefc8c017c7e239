// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_IO_OUTPUT_DIRECTORY_H
#define SEEM_IO_OUTPUT_DIRECTORY_H

#include <filesystem>

namespace seem::io
{
  /**
   * Make sure that @p path is a directory that files can be written to: it is created, with its
   * parents, if needed, and a file is created in it and removed again as a trial. In parallel runs
   * only one process may call this.
   *
   * @param[in] path       the directory
   * @param[in] overwrite  accept a directory that is not empty. Nothing in it is removed: files of
   * the same names are overwritten later
   * @throws InputError naming the path and the cause: it is (or lies below) a file, it cannot be
   * created, it cannot be written to, it is not empty (cure: --overwrite)
   */
  void prepare_output_directory(const std::filesystem::path &path, const bool overwrite);
} // namespace seem::io

#endif
