// SPDX-License-Identifier: LGPL-2.1-or-later
#include "text.h"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace seem::io::text
{
  namespace
  {
    bool is_blank(const char c)
    {
      return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
    }
  } // namespace

  std::string_view trimmed(std::string_view text)
  {
    while (!text.empty() && is_blank(text.front()))
      text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
      text.remove_suffix(1);
    return text;
  }

  bool begins_with(const std::string_view text, const std::string_view prefix)
  {
    return text.substr(0, prefix.size()) == prefix;
  }

  std::string shown(const std::string_view text, const std::size_t longest)
  {
    std::string result = "'";
    for (const char c : text.substr(0, longest))
      result += static_cast<unsigned char>(c) < 32 || c == 127 ? '?' : c;
    return result + (text.size() > longest ? "...'" : "'");
  }

  std::string shown_list(const std::vector<std::string> &names)
  {
    std::string result;
    for (const std::string &name : names)
      result += (result.empty() ? "" : ", ") + shown(name);
    return result.empty() ? "none" : result;
  }

  NumberError parse(std::string_view field, double &value)
  {
    if (field.size() > 1 && field[0] == '+' && field[1] != '-')
      field.remove_prefix(1);
    const char *const end = field.data() + field.size();
    const auto [next, error] = std::from_chars(field.data(), end, value);
    if (error == std::errc::result_out_of_range && next == end)
      return NumberError::out_of_range;
    if (error != std::errc() || next != end)
      return NumberError::not_a_number;
    return NumberError::none;
  }

  int decimals(const std::string_view number)
  {
    std::size_t exponent_at = number.size(), point = std::string_view::npos;
    for (std::size_t i = 0; i < number.size(); ++i)
      if (number[i] == '.')
        point = i;
      else if (number[i] == 'e' || number[i] == 'E')
      {
        exponent_at = i;
        break;
      }
    int result = point == std::string_view::npos ? 0 : static_cast<int>(exponent_at - point) - 1;
    if (exponent_at < number.size())
    {
      std::string_view text = number.substr(exponent_at + 1);
      if (!text.empty() && text[0] == '+')
        text.remove_prefix(1);
      int exponent = 0;
      std::from_chars(text.data(), text.data() + text.size(), exponent);
      result -= exponent;
    }
    return result;
  }

  void split(std::string_view line, std::vector<std::string_view> &fields)
  {
    fields.clear();
    line = trimmed(line);
    if (line.find(',') != std::string_view::npos)
    {
      for (std::size_t begin = 0; begin <= line.size();)
      {
        const std::size_t comma = std::min(line.find(',', begin), line.size());
        fields.push_back(trimmed(line.substr(begin, comma - begin)));
        begin = comma + 1;
      }
      return;
    }
    for (std::size_t begin = 0; begin < line.size();)
    {
      std::size_t end = begin;
      while (end < line.size() && !is_blank(line[end]))
        ++end;
      fields.push_back(line.substr(begin, end - begin));
      while (end < line.size() && is_blank(line[end]))
        ++end;
      begin = end;
    }
  }

  bool split_csv(const std::string_view line, std::vector<std::string> &fields)
  {
    fields.clear();
    for (std::size_t begin = 0; begin <= line.size();)
    {
      std::size_t start = begin;
      while (start < line.size() && is_blank(line[start]))
        ++start;
      if (start == line.size() || line[start] != '"')
      {
        const std::size_t comma = std::min(line.find(',', begin), line.size());
        fields.emplace_back(trimmed(line.substr(begin, comma - begin)));
        begin = comma + 1;
        continue;
      }
      std::string field;
      std::size_t i = start + 1;
      for (;; ++i)
      {
        if (i >= line.size())
          return false;
        if (line[i] == '"' && i + 1 < line.size() && line[i + 1] == '"')
          ++i;
        else if (line[i] == '"')
          break;
        field += line[i];
      }
      const std::size_t comma = std::min(line.find(',', i + 1), line.size());
      if (!trimmed(line.substr(i + 1, comma - i - 1)).empty())
        return false;
      fields.push_back(field);
      begin = comma + 1;
    }
    return true;
  }

  std::string csv_field(const std::string_view text)
  {
    const bool outer_blank = !text.empty() && (is_blank(text.front()) || is_blank(text.back()));
    if (!outer_blank && text.find_first_of(",\"\r\n") == std::string_view::npos)
      return std::string(text);
    std::string result = "\"";
    for (const char c : text)
      result += c == '"' ? std::string("\"\"") : std::string(1, c);
    return result + "\"";
  }
} // namespace seem::io::text
