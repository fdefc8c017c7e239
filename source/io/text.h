// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_IO_TEXT_H
#define SEEM_SOURCE_IO_TEXT_H

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Small helpers for text, private to the io layer.
namespace seem::io::text
{
  /// Without blanks, tabs and carriage returns at either end.
  std::string_view trimmed(std::string_view text);

  bool begins_with(const std::string_view text, const std::string_view prefix);

  /// For messages: in quotes, shortened, without control characters.
  std::string shown(const std::string_view text, const std::size_t longest = 60);

  /// For messages: 'a', 'b', 'c'.
  std::string shown_list(const std::vector<std::string> &names);

  enum class NumberError
  {
    none,
    not_a_number,
    out_of_range
  };

  /// Parse a whole field as a double; "nan" and "inf" are numbers here. A leading '+' is allowed.
  NumberError parse(std::string_view field, double &value);

  /// Number of digits after the decimal point of a decimal number, less its exponent: 1.25e-3
  /// has 5.
  int decimals(const std::string_view number);

  /**
   * Split a line of a table: at commas if it has any (fields trimmed, empty ones kept), else at
   * blanks. @p fields is overwritten and refers to @p line.
   */
  void split(std::string_view line, std::vector<std::string_view> &fields);

  /// Split a line of a CSV file; fields may be quoted. @return false if a quote is not closed or
  /// followed by text
  bool split_csv(const std::string_view line, std::vector<std::string> &fields);

  /// A field of a CSV file: quoted if it holds a comma, quote, line end or outer blank.
  std::string csv_field(const std::string_view text);
} // namespace seem::io::text

#endif
