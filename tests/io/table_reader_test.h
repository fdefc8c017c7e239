// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_IO_TABLE_READER_TEST_H
#define SEEM_TESTS_IO_TABLE_READER_TEST_H

#include "io_test.h"

#include <seem/io/table_reader.h>

#include <initializer_list>
#include <string>

namespace seem::io
{
  /// A run of four atoms.
  inline const std::string good = "# four atoms\n"
                                  "# strain pe_eV tau_GPa\n"
                                  "0.0    -20.000001 0.5\n"
                                  "0.0001 -20.000002 1e0\n"
                                  "0.0002 -20.000004 +1.5\n";

  /// Reads tables of that run.
  class TableReaderTest : public IoTest
  {
  protected:
    TableReaderTest()
    {
      info.name = "run";
      info.n_atoms = 4;
      info.volume = 64;
    }

    statistics::Trajectory load(const std::string &content) const
    {
      return read_trajectory(write("run.txt", content), info, format);
    }

    void expect_bad(const std::string &content,
                    const std::initializer_list<std::string> &parts) const
    {
      expect_input_error([&]() { load(content); }, parts);
    }

    statistics::SampleInfo info;
    TableFormat format;
  };
} // namespace seem::io

#endif
