// SPDX-License-Identifier: LGPL-2.1-or-later
#include "text_file.h"

#include <seem/core/exceptions.h>

#include <fmt/format.h>

#include <fstream>
#include <unistd.h>

namespace seem::commands
{
  void write_text_file(const std::filesystem::path &path, const std::string &text)
  {
    std::filesystem::path temporary = path;
    temporary += fmt::format(".{}.tmp", getpid());
    std::error_code error;
    {
      std::ofstream out(temporary, std::ios::binary);
      out << text << std::flush;
      if (!out)
      {
        std::filesystem::remove(temporary, error);
        throw Error(fmt::format("{}: cannot be written", path.string()));
      }
    }
    std::filesystem::rename(temporary, path, error);
    if (error)
    {
      const std::string cause = error.message();
      std::filesystem::remove(temporary, error);
      throw Error(fmt::format("{}: cannot be written: {}", path.string(), cause));
    }
  }
} // namespace seem::commands
