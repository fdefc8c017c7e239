// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_IO_IO_TEST_H
#define SEEM_TESTS_IO_IO_TEST_H

#include <seem/core/exceptions.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <string>
#include <vector>

namespace seem::io
{
  /// A directory of its own for each test, removed at its end.
  class IoTest : public ::testing::Test
  {
  protected:
    IoTest()
    {
      std::string name = (std::filesystem::temp_directory_path() / "seem_io_XXXXXX").string();
      if (mkdtemp(name.data()) == nullptr)
        throw std::runtime_error("no temporary directory");
      directory = name;
    }

    ~IoTest() override
    {
      std::filesystem::remove_all(directory);
    }

    std::filesystem::path write(const std::string &name, const std::string &content) const
    {
      std::ofstream(directory / name, std::ios::binary) << content;
      return directory / name;
    }

    std::filesystem::path write_gzip(const std::string &name, const std::string &content) const
    {
      const std::filesystem::path path = directory / name;
      const gzFile file = gzopen(path.c_str(), "wb");
      gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
      gzclose(file);
      return path;
    }

    static std::string read(const std::filesystem::path &path)
    {
      std::stringstream content;
      content << std::ifstream(path, std::ios::binary).rdbuf();
      return content.str();
    }

    /// Names of all that is in the directory, sorted.
    std::vector<std::string> listing() const
    {
      std::vector<std::string> names;
      for (const auto &entry : std::filesystem::directory_iterator(directory))
        names.push_back(entry.path().filename().string());
      std::sort(names.begin(), names.end());
      return names;
    }

    std::filesystem::path directory;
  };

  /// Expect an error of type @p Expected whose message holds all @p parts.
  template <typename Expected, typename Function>
  void expect_error(const Function &function, const std::initializer_list<std::string> &parts)
  {
    try
    {
      function();
    }
    catch (const Expected &error)
    {
      for (const std::string &part : parts)
        EXPECT_THAT(error.what(), ::testing::HasSubstr(part));
      return;
    }
    catch (const std::exception &error)
    {
      ADD_FAILURE() << "an error of another type: " << error.what();
      return;
    }
    std::string all;
    for (const std::string &part : parts)
      all += "\n  " + part;
    ADD_FAILURE() << "no error; expected one that says" << all;
  }

  template <typename Function>
  void expect_input_error(const Function &function, const std::initializer_list<std::string> &parts)
  {
    expect_error<InputError>(function, parts);
  }
} // namespace seem::io

#endif
