// SPDX-License-Identifier: LGPL-2.1-or-later
#include "raw_mesh.h"

#include <seem/core/exceptions.h>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>

namespace seem::solver
{
  int RawMesh::id_of_name(const unsigned int dimension, const std::string &name)
  {
    for (const auto &[key, known] : names)
      if (key.first == dimension && known == name)
        return key.second;
    std::size_t digits = name.size();
    while (digits > 0 && std::isdigit(static_cast<unsigned char>(name[digits - 1])) != 0)
      --digits;
    int id = 0;
    if (name.size() - digits > 0 && name.size() - digits < 6)
      id = std::atoi(name.c_str() + digits);
    if (id == 0 || names.count({dimension, id}) > 0)
      for (id = 1; names.count({dimension, id}) > 0;)
        ++id;
    names[{dimension, id}] = name;
    return id;
  }

  MeshText::MeshText(std::string file, std::string content)
      : file(std::move(file)), text(std::move(content))
  {
  }

  void MeshText::fail(const std::string &what) const
  {
    throw InputError(fmt::format("{}: line {}: {}", file, line_of_word, what));
  }

  void MeshText::skip_space()
  {
    while (position < text.size() && std::isspace(static_cast<unsigned char>(text[position])) != 0)
      line += text[position++] == '\n';
  }

  bool MeshText::at_end()
  {
    skip_space();
    return position == text.size();
  }

  std::string MeshText::word(const char *expected)
  {
    skip_space();
    line_of_word = line;
    if (position == text.size())
      fail(fmt::format("the file ends where {} is expected: is it cut?", expected));
    const std::size_t begin = position;
    while (position < text.size() && std::isspace(static_cast<unsigned char>(text[position])) == 0)
      ++position;
    return text.substr(begin, position - begin);
  }

  long MeshText::integer(const char *expected)
  {
    const std::string found = word(expected);
    char *end = nullptr;
    const long value = std::strtol(found.c_str(), &end, 10);
    if (*end != '\0')
      fail(fmt::format("expected {}, a whole number, found \"{}\"", expected, found));
    return value;
  }

  double MeshText::number(const char *expected)
  {
    std::string found = word(expected);
    // Fortran's exponents, in UNV files.
    std::string c = found;
    std::replace_if(
        c.begin(), c.end(), [](const char x) { return x == 'D' || x == 'd'; }, 'e');
    char *end = nullptr;
    const double value = std::strtod(c.c_str(), &end);
    if (*end != '\0' || !std::isfinite(value))
      fail(fmt::format("expected {}, a number, found \"{}\"", expected, found));
    return value;
  }

  std::size_t MeshText::count(const char *expected)
  {
    const long value = integer(expected);
    if (value < 0 || static_cast<std::size_t>(value) > text.size())
      fail(fmt::format("{} is {}, more than the file holds", expected, value));
    return static_cast<std::size_t>(value);
  }

  std::string MeshText::rest_of_line()
  {
    const std::size_t end = std::min(text.find('\n', position), text.size());
    std::string rest = text.substr(position, end - position);
    line_of_word = line;
    position = end;
    const char *const space = " \t\r";
    rest.erase(0, rest.find_first_not_of(space));
    rest.erase(rest.find_last_not_of(space) + 1);
    return rest;
  }

  std::string MeshText::next_line()
  {
    skip_space();
    line_of_word = line;
    return rest_of_line();
  }

  std::string MeshText::following_line()
  {
    rest_of_line();
    if (position < text.size())
    {
      ++position;
      ++line;
    }
    return rest_of_line();
  }

  void MeshText::expect(const std::string &expected)
  {
    const std::string found = word(expected.c_str());
    if (found != expected)
      fail(fmt::format("expected {}, found \"{}\"", expected, found));
  }

  void add_node(RawMesh &mesh, const MeshText &text, const long number,
                const dealii::Point<3> &position)
  {
    if (!mesh.index_of_number.emplace(number, static_cast<unsigned int>(mesh.nodes.size())).second)
      text.fail(fmt::format("node {} was there before; parts with numbers of their own cannot be "
                            "read, write the mesh as one",
                            number));
    mesh.nodes.push_back(position);
    mesh.node_numbers.push_back(number);
  }

  void add_element(RawMesh &mesh, const MeshText &text, const long number,
                   const ElementShape &shape, const std::vector<long> &node_numbers, const int id)
  {
    RawMesh::Element element{number, &shape, {}, id};
    for (const long node : node_numbers)
    {
      const auto found = mesh.index_of_number.find(node);
      if (found == mesh.index_of_number.end())
        text.fail(fmt::format("element {}: there is no node {}", number, node));
      element.nodes.push_back(found->second);
    }
    if (id < 0 || id > 65535)
      text.fail(fmt::format("element {} has the id {}; ids are from 0 to 65535", number, id));
    mesh.elements.push_back(std::move(element));
  }
} // namespace seem::solver
