// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOURCE_SOLVER_RAW_MESH_H
#define SEEM_SOURCE_SOLVER_RAW_MESH_H

#include <deal.II/base/point.h>

#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace seem::solver
{
  /// What elements of a mesh file are called, and what is known of them.
  struct ElementShape
  {
    const char *name;       ///< "hexahedron"
    unsigned int dimension; ///< 0 to 3
    unsigned int n_nodes;
    bool usable; ///< line, quadrilateral or hexahedron of first order, or a single node
  };

  /// The shapes that mesh files hold.
  namespace shapes
  {
    inline constexpr ElementShape point{"point", 0, 1, true}, line{"line", 1, 2, true},
        quadrilateral{"quadrilateral", 2, 4, true}, hexahedron{"hexahedron", 3, 8, true},
        triangle{"triangle", 2, 3, false}, tetrahedron{"tetrahedron", 3, 4, false},
        prism{"prism", 3, 6, false}, pyramid{"pyramid", 3, 5, false};
  }

  /// A mesh as a file describes it: nothing is checked yet but that the nodes of elements exist.
  struct RawMesh
  {
    struct Element
    {
      long number; ///< in the file
      const ElementShape *shape;
      /// Indices of nodes: counter-clockwise, of a hexahedron first one face, then the opposite
      /// one.
      std::vector<unsigned int> nodes;
      int id = 0; ///< material id or boundary id; 0: none
    };

    std::vector<dealii::Point<3>> nodes;
    std::vector<long> node_numbers;                         ///< in the file
    std::unordered_map<long, unsigned int> index_of_number; ///< inverse of node_numbers
    std::vector<Element> elements;
    std::map<std::pair<unsigned int, int>, std::string> names; ///< by dimension and id

    /// An id for a name: the number at its end, else the first unused one of that dimension.
    int id_of_name(const unsigned int dimension, const std::string &name);
  };

  /// Reads the words of a text and knows the line.
  class MeshText
  {
  public:
    /**
     * @param[in] file  for messages
     */
    MeshText(std::string file, std::string content);

    bool at_end();
    std::string word(const char *expected);
    long integer(const char *expected);
    double number(const char *expected);

    /// A count of things of which each needs at least two characters: a wrong one is not believed.
    std::size_t count(const char *expected);

    /// The rest of the present line, without white space at its ends.
    std::string rest_of_line();

    /// The next line that is not empty.
    std::string next_line();

    /// The line after the present one, which may be empty.
    std::string following_line();

    void expect(const std::string &word);

    /// @throws InputError naming file and line
    [[noreturn]] void fail(const std::string &what) const;


  private:
    void skip_space();

    std::string file, text;
    std::size_t position = 0, line = 1, line_of_word = 1;
  };

  void add_node(RawMesh &mesh, const MeshText &text, const long number,
                const dealii::Point<3> &position);

  /// Append an element with nodes named by their numbers in the file.
  void add_element(RawMesh &mesh, const MeshText &text, const long number,
                   const ElementShape &shape, const std::vector<long> &node_numbers, const int id);

  /// @throws InputError naming file, line, what was found and what was expected
  RawMesh read_gmsh(MeshText &text);
  RawMesh read_vtk(MeshText &text);
  RawMesh read_ucd(MeshText &text);
  RawMesh read_unv(MeshText &text, const unsigned int dim);
  RawMesh read_abaqus(MeshText &text, const unsigned int dim);
} // namespace seem::solver

#endif
