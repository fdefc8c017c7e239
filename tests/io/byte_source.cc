// SPDX-License-Identifier: LGPL-2.1-or-later
// The bytes of plain and gzip'd files, by way of the table reader.
#include "table_reader_test.h"

namespace seem::io
{
  namespace
  {
    TEST_F(TableReaderTest, AGzipFileGivesWhatThePlainFileGives)
    {
      const auto plain = load(good);
      for (const std::string name : {"run.txt.gz", "no_suffix"})
      {
        const auto zipped = read_trajectory(write_gzip(name, good), info, format);
        EXPECT_EQ(zipped.strain, plain.strain);
        EXPECT_EQ(zipped.tau, plain.tau);
        EXPECT_EQ(zipped.energy, plain.energy);
        EXPECT_NE(zipped.info.checksum, plain.info.checksum);
      }
    }

    TEST_F(TableReaderTest, TheChecksumIsTheCrcOfTheBytesOfTheFile)
    {
      // The check value of CRC-32, as its definition gives it.
      EXPECT_EQ(file_checksum(write("a", "123456789")), "crc32:cbf43926");
      EXPECT_EQ(file_checksum(write("b", "")), "crc32:00000000");
      const auto run = load(good);
      EXPECT_EQ(run.info.checksum, file_checksum(directory / "run.txt"));
    }

    TEST_F(TableReaderTest, AMissingFileAndADirectoryAreErrors)
    {
      expect_input_error([&]() { read_trajectory(directory / "no.txt", info, format); },
                         {"no.txt", "No such file"});
      expect_input_error([&]() { read_trajectory(directory, info, format); }, {"is a directory"});
      expect_input_error([&]() { file_checksum(directory / "no.txt"); }, {"no.txt"});
    }

    TEST_F(TableReaderTest, ATruncatedGzipFileIsAnErrorAtAnyLength)
    {
      std::string long_text = "# strain pe_eV tau_GPa\n";
      for (int i = 0; i < 20000; ++i)
        long_text += std::to_string(i * 1e-5) + " -20." + std::to_string(i * 7919 % 10007) + " 1\n";
      const std::string bytes = read(write_gzip("whole.gz", long_text));
      for (const std::size_t size :
           {std::size_t(5), std::size_t(12), bytes.size() / 2, bytes.size() - 8, bytes.size() - 1})
        expect_input_error(
            [&]() { read_trajectory(write("cut.gz", bytes.substr(0, size)), info, format); },
            {"cut.gz", "cut off", "gzip -t"});
      ASSERT_NO_THROW(read_trajectory(directory / "whole.gz", info, format));
    }

    TEST_F(TableReaderTest, ADamagedGzipFileIsAnError)
    {
      std::string bytes = read(write_gzip("whole.gz", good));
      bytes[bytes.size() - 6] ^= 0x55; // in the checksum
      expect_input_error([&]() { read_trajectory(write("bad.gz", bytes), info, format); },
                         {"bad.gz", "damaged"});
    }

    TEST_F(TableReaderTest, AGzipFileMayHaveSeveralMembersAndRubbishBehindThem)
    {
      const auto plain = load(good);
      const std::string &text = good;
      for (const std::size_t at : {std::size_t(0), std::size_t(1), text.size() / 2, text.size()})
      {
        const std::string bytes = read(write_gzip("a.gz", text.substr(0, at))) +
                                  read(write_gzip("b.gz", text.substr(at)));
        for (const std::string &rubbish : {std::string(), std::string("no gzip member")})
        {
          const auto run = read_trajectory(write("both.gz", bytes + rubbish), info, format);
          EXPECT_EQ(run.tau, plain.tau);
          EXPECT_EQ(run.info.checksum, file_checksum(directory / "both.gz"));
        }
      }
    }

    TEST_F(TableReaderTest, AGzipFileTooLargeToUnpackAtOnceGivesTheSame)
    {
      // A comment of 80 MB packs well.
      const std::string comment = "#" + std::string(1000, ' ') + "\n";
      const gzFile file = gzopen((directory / "large.gz").c_str(), "wb1");
      for (int i = 0; i < 80000; ++i)
        gzwrite(file, comment.data(), static_cast<unsigned>(comment.size()));
      gzwrite(file, good.data(), static_cast<unsigned>(good.size()));
      gzclose(file);
      const auto run = read_trajectory(directory / "large.gz", info, format);
      EXPECT_EQ(run.tau, load(good).tau);
      EXPECT_EQ(run.info.checksum, file_checksum(directory / "large.gz"));
    }
  } // namespace
} // namespace seem::io
