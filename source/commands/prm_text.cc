// SPDX-License-Identifier: LGPL-2.1-or-later
#include "prm_text.h"

#include <seem/core/exceptions.h>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>

namespace seem::commands::prm_text
{
  namespace
  {
    bool is_blank(const char c)
    {
      return std::isspace(static_cast<unsigned char>(c)) != 0;
    }

    /// Cut the leading word off @p rest, which has no blanks at its ends.
    std::string take_word(std::string &rest)
    {
      const auto end = std::find_if(rest.begin(), rest.end(), is_blank);
      std::string word(rest.begin(), end);
      rest = trimmed(std::string(end, rest.end()));
      return word;
    }

    /// Read one line with those that continue it; false at the end. Comments are cut off.
    bool next_line(std::istream &input, std::string &line, std::size_t &number)
    {
      line.clear();
      bool any = false;
      for (std::string part; std::getline(input, part);)
      {
        ++number;
        any = true;
        part = trimmed(part);
        const bool continued = !part.empty() && part.back() == '\\';
        if (continued)
          part.pop_back();
        line += part;
        if (!continued)
          break;
      }
      line = trimmed(line.substr(0, line.find('#')));
      return any;
    }
  } // namespace

  std::string trimmed(const std::string &text)
  {
    const auto begin = std::find_if_not(text.begin(), text.end(), is_blank);
    const auto end = std::find_if_not(text.rbegin(), std::make_reverse_iterator(begin), is_blank);
    return std::string(begin, end.base());
  }

  std::string squeezed(const std::string &text)
  {
    std::string result;
    for (const char c : text)
      if (!is_blank(c))
        result += c;
      else if (!result.empty() && result.back() != ' ')
        result += ' ';
    if (!result.empty() && result.back() == ' ')
      result.pop_back();
    return result;
  }

  std::vector<std::string> split_path(const std::string &path)
  {
    std::vector<std::string> names;
    std::size_t begin = 0;
    while (true)
    {
      const std::size_t end = path.find('/', begin);
      names.push_back(squeezed(path.substr(begin, end - begin)));
      if (end == std::string::npos)
        return names;
      begin = end + 1;
    }
  }

  std::string join_path(const std::vector<std::string> &section, const std::string &key)
  {
    std::string path;
    for (const std::string &name : section)
      path += name + "/";
    return path + key;
  }

  std::vector<Statement> scan(std::istream &input, const std::string &name)
  {
    std::vector<Statement> statements;
    std::vector<std::string> section;
    std::vector<std::size_t> begun; ///< line where each section begins
    std::size_t number = 0;
    const auto fail = [&](const std::string &what) {
      throw InputError(fmt::format("{}:{}: {}", name, number, what));
    };

    for (std::string rest; next_line(input, rest, number);)
    {
      if (rest.empty())
        continue;
      const std::string line = rest;
      const std::string word = take_word(rest);
      if (word == "subsection" || word == "SUBSECTION")
      {
        if (rest.empty())
          fail("\"subsection\" without a name");
        section.push_back(squeezed(rest));
        begun.push_back(number);
        statements.push_back({number, section, false, "", ""});
      }
      else if (word == "end" || word == "END")
      {
        if (!rest.empty())
          fail(fmt::format("found \"{}\", expected \"end\" alone on the line", line));
        if (section.empty())
          fail("\"end\" without a section that it could end");
        section.pop_back();
        begun.pop_back();
      }
      else if (word == "set" || word == "SET")
      {
        const std::size_t equals = rest.find('=');
        if (equals == std::string::npos)
          fail(fmt::format("found \"{}\", expected \"set key = value\"", line));
        statements.push_back({number, section, true, squeezed(rest.substr(0, equals)),
                              trimmed(rest.substr(equals + 1))});
      }
      else if (word == "include" || word == "INCLUDE")
        fail("\"include\" is not supported: put all parameters into one file, or use --set");
      else
        fail(fmt::format("found \"{}\", expected \"subsection ...\", \"set key = value\", \"end\" "
                         "or a comment that begins with #",
                         line));
    }
    if (!section.empty())
      throw InputError(fmt::format("{}:{}: section \"{}\" begins here and has no \"end\"", name,
                                   begun.back(), section.back()));
    return statements;
  }
} // namespace seem::commands::prm_text
