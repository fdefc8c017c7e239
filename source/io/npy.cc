// SPDX-License-Identifier: LGPL-2.1-or-later
#include "npy.h"

#include "line_reader.h"
#include "text.h"

#include <seem/core/exceptions.h>

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <fstream>

namespace seem::io
{
  namespace
  {
    constexpr std::size_t largest_array = std::size_t(1) << 34; // bytes

    struct Field
    {
      char kind = 'f'; ///< f, i or u
      std::size_t size = 0, offset = 0;
      bool swap = false;
    };

    template <typename Number>
    double number_at(const char *const bytes, const bool swap)
    {
      char raw[sizeof(Number)];
      std::memcpy(raw, bytes, sizeof raw);
      if (swap)
        std::reverse(std::begin(raw), std::end(raw));
      Number value;
      std::memcpy(&value, raw, sizeof raw);
      return static_cast<double>(value);
    }

    double value_at(const char *const bytes, const Field &field)
    {
      const bool swap = field.swap;
      switch (field.kind == 'f'   ? field.size + 100
              : field.kind == 'u' ? field.size + 50
                                  : field.size)
      {
      case 104:
        return number_at<float>(bytes, swap);
      case 108:
        return number_at<double>(bytes, swap);
      case 51:
        return number_at<std::uint8_t>(bytes, swap);
      case 52:
        return number_at<std::uint16_t>(bytes, swap);
      case 54:
        return number_at<std::uint32_t>(bytes, swap);
      case 58:
        return number_at<std::uint64_t>(bytes, swap);
      case 1:
        return number_at<std::int8_t>(bytes, swap);
      case 2:
        return number_at<std::int16_t>(bytes, swap);
      case 4:
        return number_at<std::int32_t>(bytes, swap);
      default:
        return number_at<std::int64_t>(bytes, swap);
      }
    }

    /// The header: a literal of Python, {'descr': '<f8', 'fortran_order': False, 'shape': (3,), }.
    class Header
    {
    public:
      Header(const std::string_view text, const std::string &name) : rest(text), name(name)
      {
        expect('{');
        while (!accept('}'))
        {
          const std::string key = word();
          expect(':');
          if (key == "descr")
            read_type();
          else if (key == "fortran_order")
            fortran = literal() == "True";
          else if (key == "shape")
            read_shape();
          else
            fail("the key " + text::shown(key));
          if (!accept(','))
          {
            expect('}');
            break;
          }
        }
        if (fields.empty() || !has_shape)
          fail("a header without type or shape");
      }

      std::vector<Field> fields;
      std::vector<std::string> names;
      std::size_t record = 0; ///< bytes of one
      std::vector<std::size_t> shape;
      bool fortran = false;

    private:
      [[noreturn]] void fail(const std::string &what) const
      {
        throw InputError(fmt::format("{}: found {} in the header of the array, expected whole or "
                                     "floating-point numbers of 1 to 8 bytes, or records of them",
                                     name, what));
      }

      bool accept(const char c)
      {
        rest = text::trimmed(rest);
        if (rest.empty() || rest.front() != c)
          return false;
        rest.remove_prefix(1);
        return true;
      }

      void expect(const char c)
      {
        if (!accept(c))
          fail(text::shown(rest.substr(0, 20)));
      }

      std::string word()
      {
        rest = text::trimmed(rest);
        const char quote = rest.empty() ? ' ' : rest.front();
        const std::size_t end = rest.find(quote, 1);
        if ((quote != '\'' && quote != '"') || end == std::string_view::npos)
          fail(text::shown(rest.substr(0, 20)));
        const std::string result(rest.substr(1, end - 1));
        rest.remove_prefix(end + 1);
        return result;
      }

      std::string_view literal()
      {
        rest = text::trimmed(rest);
        const std::string_view result = rest.substr(0, rest.find_first_of(",}"));
        rest.remove_prefix(result.size());
        return text::trimmed(result);
      }

      void add_field(const std::string &type)
      {
        Field field;
        std::size_t size = 0;
        if (type.size() == 3)
          size = static_cast<std::size_t>(type[2] - '0');
        field.kind = type.size() == 3 ? type[1] : '?';
        const bool whole = field.kind == 'i' || field.kind == 'u';
        if ((!whole && field.kind != 'f') || std::strchr("<>|=", type[0]) == nullptr ||
            !(size == 4 || size == 8 || (whole && (size == 1 || size == 2))))
          fail("the type " + text::shown(type));
        field.swap = type[0] == '>';
        field.size = size;
        field.offset = record;
        record += size;
        fields.push_back(field);
      }

      void read_type()
      {
        if (!accept('['))
          return add_field(word());
        while (!accept(']'))
        {
          expect('(');
          names.push_back(word());
          expect(',');
          add_field(word());
          expect(')');
          accept(',');
        }
      }

      void read_shape()
      {
        has_shape = true;
        expect('(');
        while (!accept(')'))
        {
          rest = text::trimmed(rest);
          std::size_t extent = 0;
          const auto [next, error] =
              std::from_chars(rest.data(), rest.data() + rest.size(), extent);
          if (error != std::errc())
            fail(text::shown(rest.substr(0, 20)));
          rest.remove_prefix(static_cast<std::size_t>(next - rest.data()));
          shape.push_back(extent);
          accept(',');
        }
      }

      std::string_view rest;
      const std::string &name;
      bool has_shape = false;
    };
  } // namespace

  bool is_npy(const std::string_view first_bytes)
  {
    return first_bytes.substr(0, 6) == "\x93NUMPY";
  }

  bool is_npz(const std::string_view first_bytes)
  {
    return first_bytes.substr(0, 4) == std::string_view("PK\x03\x04", 4);
  }

  NpyArray parse_npy(const std::string_view bytes, const std::string &name)
  {
    const auto byte = [&](const std::size_t i) {
      return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
    };
    if (!is_npy(bytes) || bytes.size() < 12 || byte(6) < 1 || byte(6) > 3)
      throw InputError(fmt::format("{}: is no array in NumPy's format, version 1 to 3", name));
    const std::size_t begin = byte(6) == 1 ? 10 : 12;
    std::size_t length = byte(8) + (byte(9) << 8);
    if (begin == 12)
      length += (byte(10) << 16) + (byte(11) << 24);
    if (length > bytes.size() - begin)
      throw InputError(fmt::format("{}: the file is cut off in its header", name));
    std::string text(bytes.substr(begin, length));
    std::replace(text.begin(), text.end(), '\n', ' ');
    const Header header(text, name);

    std::size_t n = 1;
    for (const std::size_t extent : header.shape)
    {
      if (extent != 0 && n > largest_array / extent)
        throw InputError(fmt::format("{}: an array of more than {} numbers", name, largest_array));
      n *= extent;
    }
    const std::string_view data = bytes.substr(begin + length);
    if (n > data.size() / header.record || n * header.record != data.size())
      throw InputError(fmt::format("{}: found {} bytes of numbers, expected {} times {} as the "
                                   "header says; was the file cut off?",
                                   name, data.size(), n, header.record));
    if (!header.names.empty() && header.shape.size() != 1)
      throw InputError(
          fmt::format("{}: records of rank {}, expected one dimension", name, header.shape.size()));

    NpyArray array;
    array.names = header.names;
    array.shape = header.shape;
    array.values.resize(n * header.fields.size());
    const bool transpose = header.fortran && header.shape.size() == 2;
    if (header.fortran && header.shape.size() > 2)
      throw InputError(fmt::format("{}: rank {} in Fortran order, expected at most 2", name,
                                   header.shape.size()));
    if (const Field &field = header.fields[0]; header.fields.size() == 1 && !transpose &&
                                               field.kind == 'f' && field.size == 8 && !field.swap)
    {
      if (n > 0)
        std::memcpy(array.values.data(), data.data(), n * sizeof(double));
      return array;
    }
    std::size_t at = 0;
    for (std::size_t i = 0; i < n; ++i)
      for (const Field &field : header.fields)
      {
        const std::size_t target =
            transpose ? i % header.shape[0] * header.shape[1] + i / header.shape[0] : at++;
        array.values[target] = value_at(data.data() + i * header.record + field.offset, field);
      }
    return array;
  }

  NpyArray read_npy(const std::filesystem::path &path)
  {
    check_readable(path);
    std::error_code error;
    std::string bytes(static_cast<std::size_t>(std::filesystem::file_size(path, error)), '\0');
    std::ifstream file(path, std::ios::binary);
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (error || static_cast<std::size_t>(file.gcount()) != bytes.size())
      throw InputError(fmt::format("{}: cannot be read", path.string()));
    return parse_npy(bytes, path.string());
  }

  NpzFile::NpzFile(const std::filesystem::path &path)
      : path(path.string()), archive(nullptr, [](zip *const z) { zip_discard(z); })
  {
    check_readable(path);
    int code = 0;
    archive.reset(zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code));
    if (archive)
      return;
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string cause = zip_error_strerror(&error);
    zip_error_fini(&error);
    throw InputError(fmt::format("{}: the .npz file is damaged or cut off: {}", this->path, cause));
  }

  bool NpzFile::has(const std::string &name) const
  {
    return zip_name_locate(archive.get(), (name + ".npy").c_str(), 0) >= 0;
  }

  NpyArray NpzFile::read(const std::string &name) const
  {
    const std::string where = path + ":" + name;
    const std::unique_ptr<zip_file_t, int (*)(zip_file_t *)> file(
        zip_fopen(archive.get(), (name + ".npy").c_str(), 0), &zip_fclose);
    if (!file)
      throw InputError(fmt::format("{}: cannot be read: {}", where, zip_strerror(archive.get())));
    // Piece by piece: the size in the directory of the archive may be false.
    std::string bytes;
    zip_stat_t stat;
    if (zip_stat(archive.get(), (name + ".npy").c_str(), 0, &stat) == 0 &&
        (stat.valid & ZIP_STAT_SIZE) != 0)
      bytes.reserve(std::min<std::size_t>(stat.size + 1, 1 << 24));
    for (;;)
    {
      const std::size_t old = bytes.size();
      bytes.resize(std::max(bytes.capacity(), old + (std::size_t(1) << 18)));
      const zip_int64_t n = zip_fread(file.get(), bytes.data() + old, bytes.size() - old);
      if (n < 0)
        throw InputError(fmt::format("{}: is damaged: {}", where, zip_file_strerror(file.get())));
      bytes.resize(old + static_cast<std::size_t>(n));
      if (n == 0)
        break;
      if (bytes.size() > largest_array)
        throw InputError(fmt::format("{}: more than {} bytes", where, largest_array));
    }
    return parse_npy(bytes, where);
  }
} // namespace seem::io
