// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/solver/discretisation.h>

#include <deal.II/base/mpi.h>
#include <deal.II/dofs/dof_tools.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/grid/grid_tools.h>

#include <Eigen/Dense>

#include <fmt/format.h>

#include <set>
#include <string>

namespace seem::solver
{
  using namespace dealii;

  namespace
  {
    constexpr std::array<char, 3> axes = {{'x', 'y', 'z'}};

    /// Number of rigid motions in dim dimensions.
    template <int dim>
    constexpr int n_rigid = dim *(dim + 1) / 2;

    /// Component @p c at @p x of the rigid motion @p mode: translations, then rotations about z
    /// (2D) or x, y, z.
    template <int dim>
    double rigid_motion(const int mode, const Point<dim> &x, const unsigned int c)
    {
      if (mode < dim)
        return mode == static_cast<int>(c) ? 1.0 : 0.0;
      const unsigned int axis = dim == 2 ? 2 : mode - dim;
      const unsigned int i = (axis + 1) % 3, j = (axis + 2) % 3;
      return c == j ? x[i] : c == i ? -x[j] : 0.0;
    }

    std::string name_of_motion(const int dim, const int mode)
    {
      return mode < dim ? fmt::format("a translation along {}", axes[mode])
                        : fmt::format("a rotation about {}", axes[dim == 2 ? 2 : mode - dim]);
    }

    /// Make @p triangulation the coarse mesh of @p mesh with its periodic faces, refined.
    template <int dim>
    void distribute(parallel::distributed::Triangulation<dim> &triangulation,
                    const SpecimenMesh<dim> &mesh, const unsigned int n_refinements)
    {
      triangulation.copy_triangulation(mesh.coarse);
      std::vector<GridTools::PeriodicFacePair<typename Triangulation<dim>::cell_iterator>> faces;
      for (const PeriodicFaces &pair : mesh.periodic)
        GridTools::collect_periodic_faces(triangulation, pair.lower, pair.upper, pair.direction,
                                          faces);
      if (!faces.empty())
        triangulation.add_periodicity(faces);
      triangulation.refine_global(n_refinements);
    }
  } // namespace

  template <int dim>
  void Discretisation<dim>::hold_corners(const SpecimenMesh<dim> &mesh)
  {
    // A corner lies on periodic faces of all directions.
    std::map<types::boundary_id, unsigned int> direction;
    for (const PeriodicFaces &pair : mesh.periodic)
      direction[pair.lower] = direction[pair.upper] = pair.direction;
    for (const auto &cell : dof_handler.active_cell_iterators())
    {
      if (cell->is_artificial() || !cell->at_boundary())
        continue;
      std::map<unsigned int, std::set<unsigned int>> directions; // by vertex of the cell
      for (const unsigned int f : cell->face_indices())
        if (const auto found = direction.find(cell->face(f)->boundary_id());
            cell->at_boundary(f) && found != direction.end())
          for (unsigned int v = 0; v < GeometryInfo<dim>::vertices_per_face; ++v)
            directions[GeometryInfo<dim>::face_to_cell_vertices(f, v)].insert(found->second);
      for (const auto &[vertex, on] : directions)
        if (on.size() == dim)
          for (unsigned int c = 0; c < dim; ++c)
            constraints.add_line(cell->vertex_dof_index(vertex, c));
    }
  }

  template <int dim>
  void Discretisation<dim>::make_periodic(const SpecimenMesh<dim> &mesh)
  {
    std::vector<GridTools::PeriodicFacePair<typename DoFHandler<dim>::cell_iterator>> faces;
    for (const PeriodicFaces &pair : mesh.periodic)
      GridTools::collect_periodic_faces(dof_handler, pair.lower, pair.upper, pair.direction, faces);
    DoFTools::make_periodicity_constraints<dim, dim>(faces, constraints);
  }

  template <int dim>
  void Discretisation<dim>::check_rigid_motions(const PrescribedComponents<dim> &prescribed,
                                                const SpecimenMesh<dim> &mesh) const
  {
    // Rigid motions that no prescribed node resists have zero energy in the sum over those nodes.
    // About the middle of the mesh, or far-away meshes look free.
    const BoundingBox<dim> box = GridTools::compute_bounding_box(mesh.coarse);
    const Point<dim> middle = box.center();
    double size = 0.0;
    for (unsigned int d = 0; d < dim; ++d)
      size = std::max(size, box.side_length(d));

    std::array<bool, n_rigid<dim>> possible; // periodicity forbids rotations
    possible.fill(true);
    for (int mode = dim; mode < n_rigid<dim>; ++mode)
      possible[mode] = mesh.periodic.empty();

    Eigen::Matrix<double, n_rigid<dim>, n_rigid<dim>> resistance;
    resistance.setZero();
    double n_nodes = 0.0;
    for (const auto &cell : mesh.coarse.active_cell_iterators())
      for (const unsigned int f : cell->face_indices())
      {
        if (!cell->at_boundary(f))
          continue;
        const auto found = prescribed.find(cell->face(f)->boundary_id());
        if (found == prescribed.end())
          continue;
        for (unsigned int v = 0; v < GeometryInfo<dim>::vertices_per_face; ++v)
        {
          const Point<dim> x((cell->face(f)->vertex(v) - middle) / size);
          n_nodes += 1.0;
          for (unsigned int c = 0; c < dim; ++c)
            if (found->second[c])
              for (int i = 0; i < n_rigid<dim>; ++i)
                for (int j = 0; j < n_rigid<dim>; ++j)
                  resistance(i, j) += rigid_motion<dim>(i, x, c) * rigid_motion<dim>(j, x, c);
        }
      }
    for (int i = 0; i < n_rigid<dim>; ++i)
      if (!possible[i])
        resistance(i, i) += 1.0 + n_nodes;

    const Eigen::SelfAdjointEigenSolver<decltype(resistance)> eigen(resistance);
    if (eigen.eigenvalues()[0] > 1e-9 * (1.0 + n_nodes))
      return;
    int mode = 0;
    eigen.eigenvectors().col(0).cwiseAbs().maxCoeff(&mode);
    throw InputError(fmt::format("nothing resists {} of the body: prescribe displacements on more "
                                 "of its boundary, or make it periodic",
                                 name_of_motion(dim, mode)));
  }

  template <int dim>
  Discretisation<dim>::Discretisation(const MPI_Comm communicator, const SpecimenMesh<dim> &mesh,
                                      const unsigned int n_refinements, const unsigned int degree,
                                      const PrescribedComponents<dim> &prescribed)
      : triangulation(communicator), fe(FE_Q<dim>(degree), dim), dof_handler(triangulation),
        degree(degree)
  {
    std::set<unsigned int> periodic_directions;
    for (const PeriodicFaces &pair : mesh.periodic)
      periodic_directions.insert(pair.direction);
    fully_periodic = periodic_directions.size() == dim;

    std::set<types::boundary_id> present;
    for (const types::boundary_id id : mesh.coarse.get_boundary_ids())
      present.insert(id);
    for (const auto &[id, components] : prescribed)
      if (present.count(id) == 0)
        throw InputError(
            fmt::format("the mesh has no boundary {}; it has {}", id, fmt::join(present, ", ")));
    if (!fully_periodic)
      check_rigid_motions(prescribed, mesh);

    distribute(triangulation, mesh, n_refinements);
    dof_handler.distribute_dofs(fe);
    DoFTools::extract_locally_relevant_dofs(dof_handler, locally_relevant);
    constraints.reinit(locally_relevant);

    // Held nodes first: make_periodicity_constraints() leaves alone what is constrained already.
    for (const auto &[id, components] : prescribed)
    {
      ComponentMask mask(dim, false);
      for (unsigned int c = 0; c < dim; ++c)
        mask.set(c, components[c]);
      DoFTools::make_zero_boundary_constraints(dof_handler, id, constraints, mask);
    }
    if (fully_periodic && prescribed.empty())
      hold_corners(mesh);
    make_periodic(mesh);
    constraints.close();
  }

  template class Discretisation<2>;
  template class Discretisation<3>;
} // namespace seem::solver
