// SPDX-License-Identifier: LGPL-2.1-or-later
#include "io_test.h"

#include <seem/io/hdf5_file.h>

namespace seem::io
{
  namespace
  {
    class Hdf5FileTest : public IoTest
    {
    protected:
      const std::filesystem::path path = directory / "a.h5";
    };

    TEST_F(Hdf5FileTest, ReadsBackArraysStringsAndAttributes)
    {
      const std::vector<double> values = {1.0, 2.0, 3.0, 4.0, 5.0, 1.0 / 3.0};
      const std::vector<std::uint32_t> counts = {0, 7, 4294967295u};
      const std::vector<std::string> words = {"", "a b", "\xCE\xB3"};
      Hdf5Writer writer(path);
      writer.group("/g", "a group");
      writer.dataset("/g/values", values, {3, 2}, "GPa", "numbers");
      writer.dataset("/g/counts", counts, "1", "");
      writer.dataset("/g/words", words, "");
      writer.dataset("/g/none", std::vector<double>(), "1", "");
      writer.attribute("/g", "pi", 3.14159);
      writer.attribute("/g", "n", std::int64_t(-3));
      writer.attribute("/g/values", "note", std::string("text"));
      writer.close();

      const Hdf5Reader reader(path);
      EXPECT_EQ(reader.doubles("/g/values"), values);
      EXPECT_EQ(reader.shape("/g/values"), (std::vector<std::uint64_t>{3, 2}));
      EXPECT_EQ(reader.integers("/g/counts"), counts);
      EXPECT_EQ(reader.strings("/g/words"), words);
      EXPECT_TRUE(reader.doubles("/g/none").empty());
      EXPECT_EQ(reader.double_attribute("/g", "pi"), 3.14159);
      EXPECT_EQ(reader.double_attribute("/g", "n"), -3.0);
      EXPECT_EQ(reader.integer_attribute("/g", "n"), -3);
      EXPECT_EQ(reader.string_attribute("/g/values", "note"), "text");
      EXPECT_EQ(reader.string_attribute("/g/values", "unit"), "GPa");
      EXPECT_EQ(reader.attribute_names("/g"), (std::vector<std::string>{"description", "n", "pi"}));
      EXPECT_TRUE(reader.has_attribute("/g", "pi"));
      EXPECT_FALSE(reader.has_attribute("/g", "tau"));
      EXPECT_TRUE(reader.has_object("/g/values"));
      EXPECT_FALSE(reader.has_object("/g/other"));
    }

    TEST_F(Hdf5FileTest, LargeArraysOfManyShapesReadBack)
    {
      std::vector<double> values(300 * 7 * 90);
      for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<double>(i) / 7.0;
      Hdf5Writer writer(path);
      writer.dataset("/a", values, {300, 7, 90}, "1", "");
      writer.dataset("/b", values, {7, 90, 300}, "1", "");
      writer.dataset("/c", values, {1, values.size()}, "1", "");
      writer.dataset("/d", values, {values.size(), 1}, "1", "");
      writer.close();
      const Hdf5Reader reader(path);
      for (const std::string name : {"/a", "/b", "/c", "/d"})
        EXPECT_TRUE(reader.doubles(name) == values) << name;
    }

    TEST_F(Hdf5FileTest, RowsOfSeveralChunksReadBackAndAreCompressed)
    {
      std::vector<double> values(3 * 65536 + 17);
      std::vector<std::uint32_t> counts(values.size());
      for (std::size_t i = 0; i < values.size(); ++i)
      {
        counts[i] = static_cast<std::uint32_t>(i / 7);
        values[i] = static_cast<double>(i % 1000) / 7.0;
      }
      Hdf5Writer writer(path);
      writer.dataset("/values", values, "1", "");
      writer.dataset("/counts", counts, "1", "");
      writer.close();
      const Hdf5Reader reader(path);
      EXPECT_EQ(reader.doubles("/values"), values);
      EXPECT_EQ(reader.integers("/counts"), counts);
      EXPECT_LT(std::filesystem::file_size(path), values.size() * 12 / 3);
    }

    TEST_F(Hdf5FileTest, WithoutCloseNothingRemains)
    {
      {
        Hdf5Writer writer(path);
        writer.dataset("/a", std::vector<double>{1.0}, "1", "");
        EXPECT_EQ(listing().size(), 1u);
        EXPECT_NE(listing().front(), "a.h5");
      }
      EXPECT_TRUE(listing().empty());
    }

    TEST_F(Hdf5FileTest, WritingErrorsNameFileAndObjectAndHdf5PrintsNothing)
    {
      ::testing::internal::CaptureStderr();
      Hdf5Writer writer(path);
      writer.group("/g");
      expect_error<Error>([&]() { writer.group("/g"); }, {"a.h5", "group /g"});
      expect_error<Error>([&]() { writer.dataset("/no/a", std::vector<double>{1.0}, "1", ""); },
                          {"a.h5", "dataset /no/a"});
      expect_error<Error>([&]() { writer.attribute("/no", "x", 1.0); },
                          {"a.h5", "attribute 'x' of /no"});
      expect_error<Error>(
          [&]() {
            writer.dataset("/a", {1.0, 2.0}, {3}, "1", "");
          },
          {"a.h5", "/a has 2 values, expected 3"});
      EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
    }

    TEST_F(Hdf5FileTest, ReadingAnotherTypeOrShapeIsAnErrorThatNamesFileAndObject)
    {
      {
        Hdf5Writer writer(path);
        writer.dataset("/real", {1.5}, {1}, "1", "");
        writer.dataset("/word", std::vector<std::string>{"a"}, "");
        writer.attribute("/", "real", 1.5);
        writer.attribute("/", "word", "a");
        writer.close();
      }
      ::testing::internal::CaptureStderr();
      const Hdf5Reader reader(path);
      expect_input_error([&]() { reader.integers("/real"); }, {"a.h5", "/real", "whole numbers"});
      expect_input_error([&]() { reader.doubles("/word"); }, {"a.h5", "/word", "numbers"});
      expect_input_error([&]() { reader.strings("/real"); }, {"a.h5", "/real", "strings"});
      expect_input_error([&]() { reader.integer_attribute("/", "real"); },
                         {"a.h5", "'real'", "is not a whole number"});
      expect_input_error([&]() { reader.double_attribute("/", "word"); },
                         {"a.h5", "'word'", "is not a number"});
      expect_input_error([&]() { reader.string_attribute("/", "real"); },
                         {"a.h5", "'real'", "is not a string"});
      expect_input_error([&]() { reader.doubles("/none"); }, {"a.h5", "/none", "is missing"});
      EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
    }
  } // namespace
} // namespace seem::io
