// SPDX-License-Identifier: LGPL-2.1-or-later
// Abaqus input: nodes, elements, element sets, surfaces and the sections that give materials.
#include "raw_mesh.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

namespace seem::solver
{
  namespace
  {
    std::string trimmed(const std::string &word)
    {
      const char *const space = " \t\r\"";
      const std::size_t begin = word.find_first_not_of(space);
      return begin == std::string::npos
                 ? ""
                 : word.substr(begin, word.find_last_not_of(space) + 1 - begin);
    }

    std::string upper(std::string word)
    {
      std::transform(word.begin(), word.end(), word.begin(),
                     [](const unsigned char c) { return static_cast<char>(std::toupper(c)); });
      return word;
    }

    std::vector<std::string> split(const std::string &line)
    {
      std::vector<std::string> words;
      for (std::size_t begin = 0; begin <= line.size();)
      {
        const std::size_t end = std::min(line.find(',', begin), line.size());
        words.push_back(trimmed(line.substr(begin, end - begin)));
        begin = end + 1;
      }
      while (!words.empty() && words.back().empty())
        words.pop_back();
      return words;
    }

    /// A keyword line: "*ELEMENT, TYPE=C3D8, ELSET=bar".
    struct Keyword
    {
      std::string name;                          ///< in capitals, without the star
      std::map<std::string, std::string> values; ///< by name in capitals
    };

    Keyword parse_keyword(const std::string &line)
    {
      const std::vector<std::string> words = split(line);
      Keyword keyword{upper(trimmed(words.front().substr(1))), {}};
      for (std::size_t i = 1; i < words.size(); ++i)
      {
        const std::size_t equal = words[i].find('=');
        keyword.values[upper(trimmed(words[i].substr(0, equal)))] =
            equal == std::string::npos ? "" : trimmed(words[i].substr(equal + 1));
      }
      return keyword;
    }

    long to_integer(const MeshText &text, const std::string &word)
    {
      char *end = nullptr;
      const long value = std::strtol(word.c_str(), &end, 10);
      if (word.empty() || *end != '\0')
        text.fail(fmt::format("expected a whole number, found \"{}\"", word));
      return value;
    }

    double to_number(const MeshText &text, const std::string &word)
    {
      char *end = nullptr;
      const double value = std::strtod(word.c_str(), &end);
      if (word.empty() || *end != '\0')
        text.fail(fmt::format("expected a number, found \"{}\"", word));
      return value;
    }

    const ElementShape &abaqus_shape(const MeshText &text, const std::string &type)
    {
      static constexpr ElementShape second{"element of second order", 3, 0, false};
      const auto begins = [&](const std::initializer_list<const char *> names) {
        return std::any_of(names.begin(), names.end(), [&](const std::string &name) {
          // The digit after it would make it another number of nodes.
          return type.rfind(name, 0) == 0 &&
                 (type.size() == name.size() ||
                  std::isdigit(static_cast<unsigned char>(type[name.size()])) == 0);
        });
      };
      if (begins({"C3D8"}))
        return shapes::hexahedron;
      if (begins({"CPE4", "CPS4", "CPEG4", "S4", "M3D4", "SFM3D4", "R3D4"}))
        return shapes::quadrilateral;
      if (begins({"C3D4"}))
        return shapes::tetrahedron;
      if (begins({"C3D6"}))
        return shapes::prism;
      if (begins({"CPE3", "CPS3", "S3", "M3D3", "SFM3D3", "R3D3", "STRI3"}))
        return shapes::triangle;
      if (begins({"T2D2", "T3D2", "B21", "B31", "R2D2"}))
        return shapes::line;
      if (begins({"C3D10", "C3D15", "C3D20", "C3D27", "CPE6", "CPS6", "CPE8", "CPS8", "S8"}))
        return second;
      text.fail(
          fmt::format("elements of type {} cannot be used: expected C3D8 or, in plane strain, "
                      "CPE4 or CPS4",
                      type));
    }

    /// Nodes of the faces of an element, in Abaqus's numbering S1, S2, ...
    std::vector<unsigned int> face_nodes(const MeshText &text, const RawMesh::Element &element,
                                         const std::string &face)
    {
      static const std::array<std::array<unsigned int, 4>, 6> of_hexahedron = {{{{0, 1, 2, 3}},
                                                                                {{4, 7, 6, 5}},
                                                                                {{0, 4, 5, 1}},
                                                                                {{1, 5, 6, 2}},
                                                                                {{2, 6, 7, 3}},
                                                                                {{3, 7, 4, 0}}}};
      const unsigned int n_faces = element.shape == &shapes::hexahedron ? 6 : 4;
      const long number = face.size() < 2 ? 0 : to_integer(text, face.substr(1));
      if (number < 1 || number > n_faces ||
          (element.shape != &shapes::hexahedron && element.shape != &shapes::quadrilateral))
        text.fail(fmt::format("element {}, a {}, has no face \"{}\"", element.number,
                              element.shape->name, face));
      const std::size_t f = static_cast<std::size_t>(number - 1);
      if (n_faces == 4)
        return {element.nodes[f], element.nodes[(f + 1) % 4]};
      std::vector<unsigned int> nodes;
      for (const unsigned int v : of_hexahedron[f])
        nodes.push_back(element.nodes[v]);
      return nodes;
    }
  } // namespace

  RawMesh read_abaqus(MeshText &text, const unsigned int dim)
  {
    RawMesh mesh;
    std::unordered_map<long, std::size_t> element_of_number;
    std::map<std::string, std::vector<long>> sets; // by name in capitals
    std::vector<std::string> set_names;            // of *ELSET, as written
    std::vector<RawMesh::Element> faces;
    Keyword keyword;
    int surface_id = 0;
    const ElementShape *shape = nullptr;
    std::vector<long> words; // of an element that may go over several lines

    while (!text.at_end())
    {
      const std::string line = text.next_line();
      if (line.rfind("**", 0) == 0)
        continue;
      if (line[0] == '*')
      {
        if (!words.empty())
          text.fail(fmt::format("element {} ends too early", words.front()));
        keyword = parse_keyword(line);
        if (keyword.name == "INCLUDE" || keyword.values.count("INPUT") > 0)
          text.fail("data in other files cannot be read: write them into this one");
        if (keyword.name == "ELEMENT")
          shape = &abaqus_shape(text, upper(keyword.values["TYPE"]));
        if (keyword.name == "SURFACE")
          surface_id = mesh.id_of_name(dim - 1, keyword.values["NAME"]);
        if (keyword.name == "SOLID SECTION")
        {
          const auto set = sets.find(upper(keyword.values["ELSET"]));
          if (set == sets.end())
            text.fail(fmt::format("there is no element set \"{}\"", keyword.values["ELSET"]));
          const int id = mesh.id_of_name(dim, keyword.values["MATERIAL"]);
          for (const long number : set->second)
            if (element_of_number.count(number) > 0)
              mesh.elements[element_of_number[number]].id = id;
        }
        continue;
      }
      const std::vector<std::string> parts = split(line);
      if (parts.empty())
        continue;
      if (keyword.name == "NODE")
      {
        if (parts.size() < 3)
          text.fail("expected the number of a node and its coordinates");
        dealii::Point<3> x;
        for (unsigned int d = 0; d < 3 && d + 1 < parts.size(); ++d)
          x[d] = to_number(text, parts[d + 1]);
        add_node(mesh, text, to_integer(text, parts[0]), x);
      }
      else if (keyword.name == "ELEMENT")
      {
        for (const std::string &part : parts)
          words.push_back(to_integer(text, part));
        const bool second_order = shape->n_nodes == 0;
        if (!second_order && words.size() < 1 + shape->n_nodes)
          continue;
        if (!second_order && words.size() > 1 + shape->n_nodes)
          text.fail(fmt::format("element {} has {} nodes, a {} has {}", words[0], words.size() - 1,
                                shape->name, shape->n_nodes));
        if (!element_of_number.emplace(words[0], mesh.elements.size()).second)
          text.fail(fmt::format("element {} was there before; parts with numbers of their own "
                                "cannot be read, write the mesh as one",
                                words[0]));
        const std::string &set = keyword.values["ELSET"];
        if (!set.empty())
          sets[upper(set)].push_back(words[0]);
        add_element(mesh, text, words[0], *shape, {words.begin() + 1, words.end()}, 0);
        words.clear();
      }
      else if (keyword.name == "ELSET")
      {
        const std::string &name = keyword.values["ELSET"];
        if (std::find(set_names.begin(), set_names.end(), name) == set_names.end())
          set_names.push_back(name);
        std::vector<long> &set = sets[upper(name)];
        if (keyword.values.count("GENERATE") > 0)
        {
          const long step = parts.size() > 2 ? to_integer(text, parts[2]) : 1,
                     first = to_integer(text, parts[0]),
                     last = parts.size() > 1 ? to_integer(text, parts[1]) : first;
          if (step < 1)
            text.fail(fmt::format("the step of GENERATE is {}", step));
          for (long number = first; number <= last; number += step)
            if (element_of_number.count(number) > 0)
              set.push_back(number);
        }
        else
          for (const std::string &part : parts)
          {
            // A set may be named in another.
            const auto other = sets.find(upper(part));
            if (other != sets.end())
              set.insert(set.end(), other->second.begin(), other->second.end());
            else
              set.push_back(to_integer(text, part));
          }
      }
      else if (keyword.name == "SURFACE")
      {
        const std::string type = upper(keyword.values["TYPE"]);
        if ((!type.empty() && type != "ELEMENT") || parts.size() < 2)
          text.fail("expected a surface of faces of elements (TYPE=ELEMENT)");
        const auto set = sets.find(upper(parts[0]));
        const std::vector<long> numbers =
            set != sets.end() ? set->second : std::vector<long>{to_integer(text, parts[0])};
        for (const long number : numbers)
        {
          const auto found = element_of_number.find(number);
          if (found == element_of_number.end())
            text.fail(fmt::format("there is no element {}", number));
          const RawMesh::Element &element = mesh.elements[found->second];
          faces.push_back({number, dim == 3 ? &shapes::quadrilateral : &shapes::line,
                           face_nodes(text, element, upper(parts[1])), surface_id});
        }
      }
    }
    if (!words.empty())
      text.fail(fmt::format("the file ends within element {}: is it cut?", words.front()));
    // Sets of elements that are faces, as Gmsh writes its physical groups.
    for (const std::string &name : set_names)
      for (const long number : sets[upper(name)])
      {
        const auto found = element_of_number.find(number);
        if (found == element_of_number.end())
          continue;
        RawMesh::Element &element = mesh.elements[found->second];
        if (element.shape->dimension + 1 == dim && element.id == 0)
          element.id = mesh.id_of_name(dim - 1, name);
      }
    mesh.elements.insert(mesh.elements.end(), faces.begin(), faces.end());
    return mesh;
  }
} // namespace seem::solver
