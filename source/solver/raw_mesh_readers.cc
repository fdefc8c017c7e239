// SPDX-License-Identifier: LGPL-2.1-or-later
// The formats whose layout is a stream of words: Gmsh, VTK, UCD, UNV.
#include "raw_mesh.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

namespace seem::solver
{
  namespace
  {
    using dealii::Point;

    Point<3> read_point(MeshText &text)
    {
      Point<3> x;
      for (unsigned int d = 0; d < 3; ++d)
        x[d] = text.number("a coordinate");
      return x;
    }

    std::vector<long> read_nodes(MeshText &text, const unsigned int n)
    {
      std::vector<long> nodes(n);
      for (long &node : nodes)
        node = text.integer("the number of a node");
      return nodes;
    }

    /// Shape of an element by Gmsh's number for it.
    const ElementShape &gmsh_shape(const MeshText &text, const long type)
    {
      static constexpr ElementShape second_line{"line of second order", 1, 3, false},
          second_triangle{"triangle of second order", 2, 6, false},
          quadrilateral9{"quadrilateral of second order", 2, 9, false},
          second_tetrahedron{"tetrahedron of second order", 3, 10, false},
          hexahedron27{"hexahedron of second order", 3, 27, false},
          quadrilateral8{"quadrilateral of second order", 2, 8, false},
          hexahedron20{"hexahedron of second order", 3, 20, false};
      switch (type)
      {
      case 1:
        return shapes::line;
      case 2:
        return shapes::triangle;
      case 3:
        return shapes::quadrilateral;
      case 4:
        return shapes::tetrahedron;
      case 5:
        return shapes::hexahedron;
      case 6:
        return shapes::prism;
      case 7:
        return shapes::pyramid;
      case 8:
        return second_line;
      case 9:
        return second_triangle;
      case 10:
        return quadrilateral9;
      case 11:
        return second_tetrahedron;
      case 12:
        return hexahedron27;
      case 15:
        return shapes::point;
      case 16:
        return quadrilateral8;
      case 17:
        return hexahedron20;
      default:
        text.fail(fmt::format("elements of Gmsh's type {} cannot be used: write a mesh of first "
                              "order (Mesh.ElementOrder = 1)",
                              type));
      }
    }

    using EntityIds = std::map<std::pair<long, long>, int>; ///< by dimension and tag

    EntityIds read_entities(MeshText &text, const bool is_41)
    {
      EntityIds ids;
      std::array<std::size_t, 4> n{};
      for (std::size_t &n_entities : n)
        n_entities = text.count("a number of entities");
      for (unsigned int d = 0; d < 4; ++d)
        for (std::size_t i = 0; i < n[d]; ++i)
        {
          const long tag = text.integer("the tag of an entity");
          const unsigned int n_coordinates = d == 0 && is_41 ? 3 : 6;
          for (unsigned int k = 0; k < n_coordinates; ++k)
            text.number("a coordinate");
          const std::size_t n_physical = text.count("a number of physical groups");
          for (std::size_t k = 0; k < n_physical; ++k)
          {
            const long id = text.integer("the tag of a physical group");
            if (k > 0)
              text.fail(fmt::format("the entity {} of dimension {} is in two physical groups; it "
                                    "can have one id only",
                                    tag, d));
            ids[{d, tag}] = static_cast<int>(std::abs(id));
          }
          if (d > 0)
            for (std::size_t k = text.count("a number of entities"); k > 0; --k)
              text.integer("the tag of an entity");
        }
      return ids;
    }

    void read_gmsh_nodes(RawMesh &mesh, MeshText &text, const double version)
    {
      if (version < 4.0)
      {
        for (std::size_t n = text.count("the number of nodes"); n > 0; --n)
        {
          const long number = text.integer("the number of a node");
          add_node(mesh, text, number, read_point(text));
        }
        return;
      }
      const std::size_t n_blocks = text.count("the number of blocks");
      text.count("the number of nodes");
      text.integer("the smallest number of a node");
      text.integer("the largest number of a node");
      for (std::size_t b = 0; b < n_blocks; ++b)
      {
        const long dimension = text.integer("a dimension");
        text.integer("the tag of an entity");
        const bool parametric = text.integer("0 or 1") != 0;
        std::vector<long> numbers(text.count("a number of nodes"));
        for (long &number : numbers)
          number = text.integer("the number of a node");
        for (const long number : numbers)
        {
          add_node(mesh, text, number, read_point(text));
          for (long k = 0; parametric && k < dimension; ++k)
            text.number("a parameter");
        }
      }
    }

    void read_gmsh_elements(RawMesh &mesh, MeshText &text, const double version,
                            const EntityIds &ids)
    {
      if (version < 4.0)
      {
        for (std::size_t n = text.count("the number of elements"); n > 0; --n)
        {
          const long number = text.integer("the number of an element");
          const ElementShape &shape = gmsh_shape(text, text.integer("the type of an element"));
          int id = 0;
          const std::size_t n_tags = text.count("a number of tags");
          for (std::size_t k = 0; k < n_tags; ++k)
          {
            const long tag = text.integer("a tag");
            if (k == 0)
              id = static_cast<int>(std::abs(tag));
          }
          add_element(mesh, text, number, shape, read_nodes(text, shape.n_nodes), id);
        }
        return;
      }
      const std::size_t n_blocks = text.count("the number of blocks");
      text.count("the number of elements");
      text.integer("the smallest number of an element");
      text.integer("the largest number of an element");
      for (std::size_t b = 0; b < n_blocks; ++b)
      {
        const long dimension = text.integer("a dimension"),
                   tag = text.integer("the tag of an entity");
        const ElementShape &shape = gmsh_shape(text, text.integer("the type of elements"));
        const auto id = ids.find({dimension, tag});
        for (std::size_t n = text.count("a number of elements"); n > 0; --n)
        {
          const long number = text.integer("the number of an element");
          add_element(mesh, text, number, shape, read_nodes(text, shape.n_nodes),
                      id == ids.end() ? 0 : id->second);
        }
      }
    }

    const ElementShape &vtk_shape(const MeshText &text, const long type)
    {
      switch (type)
      {
      case 1:
        return shapes::point;
      case 3:
        return shapes::line;
      case 5:
        return shapes::triangle;
      case 9:
        return shapes::quadrilateral;
      case 10:
        return shapes::tetrahedron;
      case 12:
        return shapes::hexahedron;
      case 13:
        return shapes::prism;
      case 14:
        return shapes::pyramid;
      default:
        text.fail(fmt::format("cells of VTK's type {} cannot be used: expected 9, quadrilateral, "
                              "or 12, hexahedron, and the faces of their boundary",
                              type));
      }
    }
  } // namespace

  RawMesh read_gmsh(MeshText &text)
  {
    RawMesh mesh;
    EntityIds ids;
    text.expect("$MeshFormat");
    const double version = text.number("the version of the format");
    const bool is_41 = version > 4.05;
    if (!(version >= 2.0 && version < 3.0) && !(is_41 && version < 4.15))
      text.fail(fmt::format("version {} of Gmsh's format; expected 2.2 or 4.1 (gmsh -format msh41)",
                            version));
    if (text.integer("0 or 1") != 0)
      text.fail("a binary file; expected text (gmsh -bin 0 or Mesh.Binary = 0)");
    text.integer("the size of a number");
    text.expect("$EndMeshFormat");
    bool nodes = false, elements = false;
    while (!text.at_end())
    {
      const std::string section = text.word("a section");
      if (section.size() < 2 || section[0] != '$')
        text.fail(fmt::format("expected the begin of a section, $..., found \"{}\"", section));
      const std::string end = "$End" + section.substr(1);
      if (section == "$PhysicalNames")
        for (std::size_t n = text.count("the number of names"); n > 0; --n)
        {
          const long dimension = text.integer("a dimension"), id = text.integer("an id");
          std::string name = text.rest_of_line();
          if (name.size() < 2 || name.front() != '"' || name.back() != '"')
            text.fail(fmt::format("expected a name in quotes, found {}", name));
          mesh.names[{static_cast<unsigned int>(dimension), static_cast<int>(id)}] =
              name.substr(1, name.size() - 2);
        }
      else if (section == "$Entities")
        ids = read_entities(text, is_41);
      else if (section == "$Nodes")
      {
        read_gmsh_nodes(mesh, text, version);
        nodes = true;
      }
      else if (section == "$Elements")
      {
        read_gmsh_elements(mesh, text, version, ids);
        elements = true;
      }
      else
      {
        while (text.word(end.c_str()) != end)
        {
        }
        continue;
      }
      text.expect(end);
    }
    if (!nodes || !elements)
      text.fail(
          fmt::format("the file ends without {}: is it cut?", nodes ? "$Elements" : "$Nodes"));
    return mesh;
  }

  RawMesh read_vtk(MeshText &text)
  {
    RawMesh mesh;
    if (text.next_line().rfind("# vtk DataFile Version", 0) != 0)
      text.fail("expected \"# vtk DataFile Version\"");
    text.following_line(); // the title
    const std::string coding = text.word("ASCII");
    if (coding != "ASCII")
      text.fail(fmt::format("expected ASCII, found {}", coding));
    text.expect("DATASET");
    text.expect("UNSTRUCTURED_GRID");
    text.expect("POINTS");
    const std::size_t n_points = text.count("the number of points");
    text.word("the type of numbers");
    for (std::size_t n = 0; n < n_points; ++n)
      add_node(mesh, text, static_cast<long>(n), read_point(text));
    text.expect("CELLS");
    std::vector<std::vector<long>> cells(text.count("the number of cells"));
    text.integer("the number of numbers");
    for (auto &nodes : cells)
      nodes = read_nodes(text, static_cast<unsigned int>(text.count("a number of nodes")));
    text.expect("CELL_TYPES");
    if (text.count("the number of cells") != cells.size())
      text.fail(fmt::format("expected the types of {} cells", cells.size()));
    for (std::size_t i = 0; i < cells.size(); ++i)
    {
      const ElementShape &shape = vtk_shape(text, text.integer("the type of a cell"));
      if (cells[i].size() != shape.n_nodes)
        text.fail(fmt::format("cell {}, a {}, has {} nodes", i, shape.name, cells[i].size()));
      add_element(mesh, text, static_cast<long>(i), shape, cells[i], 0);
    }
    // Of the data only the ids are of interest.
    bool cell_data = false;
    while (!text.at_end())
    {
      const std::string word = text.word("data");
      if (word == "CELL_DATA" || word == "POINT_DATA")
        cell_data = word == "CELL_DATA";
      if (!cell_data || word != "SCALARS" || text.word("a name") != "MaterialID")
        continue;
      text.rest_of_line();
      text.expect("LOOKUP_TABLE");
      text.word("default");
      for (RawMesh::Element &element : mesh.elements)
        element.id = static_cast<int>(text.integer("an id"));
    }
    return mesh;
  }

  RawMesh read_ucd(MeshText &text)
  {
    RawMesh mesh;
    std::string first = text.word("the number of nodes");
    while (first[0] == '#')
    {
      text.rest_of_line();
      first = text.word("the number of nodes");
    }
    char *end = nullptr;
    const long n_nodes = std::strtol(first.c_str(), &end, 10);
    if (*end != '\0' || n_nodes < 0)
      text.fail(fmt::format("expected the number of nodes, found \"{}\"", first));
    const std::size_t n_cells = text.count("the number of cells");
    text.rest_of_line();
    for (long n = 0; n < n_nodes; ++n)
    {
      const long number = text.integer("the number of a node");
      add_node(mesh, text, number, read_point(text));
    }
    for (std::size_t n = 0; n < n_cells; ++n)
    {
      const long number = text.integer("the number of a cell"), id = text.integer("an id");
      const std::string type = text.word("the type of a cell");
      const ElementShape *shape = type == "pt"      ? &shapes::point
                                  : type == "line"  ? &shapes::line
                                  : type == "tri"   ? &shapes::triangle
                                  : type == "quad"  ? &shapes::quadrilateral
                                  : type == "tet"   ? &shapes::tetrahedron
                                  : type == "pyr"   ? &shapes::pyramid
                                  : type == "prism" ? &shapes::prism
                                  : type == "hex"   ? &shapes::hexahedron
                                                    : nullptr;
      if (shape == nullptr)
        text.fail(fmt::format("cell {} is of unknown type \"{}\"", number, type));
      add_element(mesh, text, number, *shape, read_nodes(text, shape->n_nodes),
                  static_cast<int>(id));
    }
    return mesh;
  }

  RawMesh read_unv(MeshText &text, const unsigned int dim)
  {
    RawMesh mesh;
    std::unordered_map<long, std::size_t> element_of_number;
    while (!text.at_end())
    {
      text.expect("-1");
      const long section = text.integer("the number of a data set");
      if (section == 2411)
        for (long number; (number = text.integer("the number of a node")) != -1;)
        {
          for (unsigned int i = 0; i < 3; ++i)
            text.integer("a coordinate system or colour");
          add_node(mesh, text, number, read_point(text));
        }
      else if (section == 2412)
        for (long number; (number = text.integer("the number of an element")) != -1;)
        {
          const long type = text.integer("the type of an element");
          for (unsigned int i = 0; i < 3; ++i)
            text.integer("a property, material or colour");
          const std::size_t n_nodes = text.count("a number of nodes");
          const bool beam = type == 11 || (type >= 21 && type <= 24);
          const ElementShape *shape =
              beam ? &shapes::line
              : type == 44 || type == 54 || type == 64 || type == 84 || type == 94
                  ? &shapes::quadrilateral
              : type == 41 || type == 51 || type == 61 || type == 81 || type == 91
                  ? &shapes::triangle
              : type == 111 ? &shapes::tetrahedron
              : type == 112 ? &shapes::prism
              : type == 115 ? &shapes::hexahedron
                            : nullptr;
          if (shape == nullptr || shape->n_nodes != n_nodes)
            text.fail(fmt::format("element {} of UNV's type {} with {} nodes cannot be used: "
                                  "expected 44 or 94, quadrilateral, 115, hexahedron, or 11, line",
                                  number, type, n_nodes));
          for (unsigned int i = 0; beam && i < 3; ++i)
            text.integer("the orientation of a beam");
          element_of_number[number] = mesh.elements.size();
          add_element(mesh, text, number, *shape, read_nodes(text, shape->n_nodes), 0);
        }
      else if (section == 2467 || section == 2477 || section == 2452 || section == 2435)
        while (text.integer("the number of a group") != -1)
        {
          for (unsigned int i = 0; i < 6; ++i)
            text.integer("a part of a group's header");
          const std::size_t n_entities = text.count("a number of entities");
          const std::string name = text.next_line();
          for (std::size_t i = 0; i < n_entities; ++i)
          {
            const long type = text.integer("the type of an entity");
            const long number = text.integer("the number of an entity");
            text.integer("a part of an entity");
            text.integer("a part of an entity");
            const auto found = element_of_number.find(number);
            if (type != 8 || found == element_of_number.end())
              continue;
            RawMesh::Element &element = mesh.elements[found->second];
            if (element.shape->dimension + 1 >= dim)
              element.id = mesh.id_of_name(element.shape->dimension, name);
          }
        }
      else
        for (bool end = false; !end;)
        {
          if (text.at_end())
            text.word("-1"); // fails
          end = text.next_line() == "-1";
        }
    }
    return mesh;
  }
} // namespace seem::solver
