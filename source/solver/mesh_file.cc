// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mesh_check.h"

#include <seem/core/exceptions.h>
#include <seem/solver/mesh_file.h>

#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace seem::solver
{
  using namespace dealii;

  namespace
  {
    std::string read_text(const std::filesystem::path &file)
    {
      if (!std::filesystem::is_regular_file(file))
        throw InputError(fmt::format("{}: no such mesh file", file.string()));
      std::ifstream stream(file, std::ios::binary);
      std::string text(std::istreambuf_iterator<char>(stream), {});
      if (!stream)
        throw InputError(fmt::format("{}: the mesh file cannot be read", file.string()));
      return text;
    }

    MeshFormat format_of(const std::filesystem::path &file, const std::string &text)
    {
      const std::size_t first = text.find_first_not_of(" \t\r\n");
      const std::string begin = first == std::string::npos ? "" : text.substr(first, 5);
      const std::string extension = file.extension().string();
      if (begin == "$Mesh")
        return MeshFormat::gmsh;
      if (begin == "# vtk")
        return MeshFormat::vtk;
      if (begin.rfind("-1", 0) == 0)
        return MeshFormat::unv;
      if (begin.rfind("*", 0) == 0)
        return MeshFormat::abaqus;
      if (extension == ".inp" || extension == ".ucd")
        return MeshFormat::ucd;
      throw InputError(
          fmt::format("{}: not known as a mesh file by its begin; expected Gmsh, Abaqus, "
                      "UNV, UCD or VTK, as text",
                      file.string()));
    }
  } // namespace

  template <int dim>
  std::vector<std::string> read_mesh_file(SpecimenMesh<dim> &mesh, const MeshFileSettings &settings)
  {
    if (!(settings.unit > 0.0))
      throw InputError(fmt::format("{}: the length unit is {} nm; it must be positive",
                                   settings.file.string(), settings.unit));
    std::string content = read_text(settings.file);
    const MeshFormat format = settings.format == MeshFormat::automatic
                                  ? format_of(settings.file, content)
                                  : settings.format;
    MeshText text(settings.file.string(), std::move(content));
    const RawMesh raw = format == MeshFormat::gmsh     ? read_gmsh(text)
                        : format == MeshFormat::abaqus ? read_abaqus(text, dim)
                        : format == MeshFormat::unv    ? read_unv(text, dim)
                        : format == MeshFormat::ucd    ? read_ucd(text)
                                                       : read_vtk(text);
    MeshCheck<dim> check(raw, settings);
    check.run();
    check.create(mesh);
    std::vector<std::string> notices;
    if (check.n_unused_nodes() > 0)
      notices.push_back(fmt::format("{}: {} nodes belong to no cell and were dropped",
                                    settings.file.string(), check.n_unused_nodes()));
    return notices;
  }

  template std::vector<std::string> read_mesh_file(SpecimenMesh<2> &, const MeshFileSettings &);
  template std::vector<std::string> read_mesh_file(SpecimenMesh<3> &, const MeshFileSettings &);
} // namespace seem::solver
