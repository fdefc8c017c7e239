// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/solver/cell_key.h>
#include <seem/solver/collective.h>
#include <seem/solver/shear_bands.h>

#include <deal.II/base/mpi.h>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace seem::solver
{
  using namespace dealii;

  namespace
  {
    /// The cells of clusters, by their places among them; an edge knows the step from its first
    /// end.
    struct Step
    {
      std::size_t first;
      Eigen::Vector3d step;
    };
    using ClusterGraph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS,
                                               boost::no_property, Step>;

    /// Collects the vertices that are reached, with positions that go on across periodic faces.
    class Unwrap : public boost::default_bfs_visitor
    {
    public:
      Unwrap(std::vector<std::size_t> &members, std::vector<Eigen::Vector3d> &positions)
          : members(members), positions(positions)
      {
      }

      template <typename Vertex, typename Graph>
      void discover_vertex(const Vertex vertex, const Graph &)
      {
        members.push_back(vertex);
      }

      template <typename Edge, typename Graph>
      void tree_edge(const Edge edge, const Graph &graph)
      {
        const Step &link = graph[edge];
        const std::size_t from = source(edge, graph), to = target(edge, graph);
        positions[to] =
            positions[from] + (link.first == from ? link.step : Eigen::Vector3d(-link.step));
      }

    private:
      std::vector<std::size_t> &members;
      std::vector<Eigen::Vector3d> &positions;
    };

    /// A cluster as the uniform block with its second moments.
    struct Shape
    {
      double volume = 0.0, length, width, width_cells, mean_strain;
      Eigen::Vector3d normal = Eigen::Vector3d::Zero(), direction = Eigen::Vector3d::Zero();
    };

    Shape shape_of(const CellGraph &graph, const std::vector<double> &plastic_shear,
                   const std::vector<std::size_t> &cells,
                   const std::vector<Eigen::Vector3d> &positions)
    {
      Shape shape;
      double strain = 0.0;
      Eigen::Vector3d centre = Eigen::Vector3d::Zero();
      Eigen::Matrix3d of_cells = Eigen::Matrix3d::Zero(), between = Eigen::Matrix3d::Zero();
      for (std::size_t i = 0; i < cells.size(); ++i)
      {
        const double v = graph.volumes[cells[i]];
        shape.volume += v;
        strain += v * plastic_shear[cells[i]];
        centre += v * positions[i];
        of_cells += v * graph.second_moments[cells[i]];
      }
      centre /= shape.volume;
      for (std::size_t i = 0; i < cells.size(); ++i)
        between +=
            graph.volumes[cells[i]] * (positions[i] - centre) * (positions[i] - centre).transpose();
      of_cells /= shape.volume;
      between /= shape.volume;

      const auto dim = static_cast<int>(graph.dimension);
      const Eigen::MatrixXd moments = (of_cells + between).topLeftCorner(dim, dim);
      const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> axes(moments);
      shape.width = std::sqrt(12.0 * axes.eigenvalues()[0]);
      shape.length = std::sqrt(12.0 * axes.eigenvalues()[dim - 1]);
      shape.normal.head(dim) = axes.eigenvectors().col(0);
      shape.direction.head(dim) = axes.eigenvectors().col(dim - 1);
      shape.width_cells =
          std::sqrt(axes.eigenvalues()[0] / shape.normal.dot(of_cells * shape.normal));
      shape.mean_strain = strain / shape.volume;
      return shape;
    }

    /// Of v and -v the one whose first component that is not zero, to round-off, is positive.
    Eigen::Vector3d pointing_forward(const Eigen::Vector3d &v)
    {
      for (int d = 0; d < 3; ++d)
        if (std::abs(v[d]) > 1e-9)
          return v[d] > 0.0 ? v : Eigen::Vector3d(-v);
      return v;
    }
  } // namespace

  ShearBands find_shear_bands(const CellGraph &graph, const std::vector<double> &plastic_shear,
                              const ShearBandSettings &settings)
  {
    double volume = 0.0, mean = 0.0;
    for (std::size_t c = 0; c < graph.volumes.size(); ++c)
    {
      volume += graph.volumes[c];
      mean += graph.volumes[c] * plastic_shear[c];
    }
    mean /= volume;

    ShearBands bands;
    bands.threshold = std::max(settings.factor * mean, settings.smallest_strain);
    constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
    std::vector<std::size_t> cells, vertices(graph.volumes.size(), none);
    for (std::size_t c = 0; c < vertices.size(); ++c)
      if (plastic_shear[c] > bands.threshold)
      {
        vertices[c] = cells.size();
        cells.push_back(c);
        bands.volume_share += graph.volumes[c] / volume;
      }

    ClusterGraph clusters(cells.size());
    for (const CellGraph::Link &link : graph.links)
      if (vertices[link.first] != none && vertices[link.second] != none)
        add_edge(vertices[link.first], vertices[link.second], Step{vertices[link.first], link.step},
                 clusters);

    std::vector<Eigen::Vector3d> positions(cells.size());
    std::vector<boost::default_color_type> colours(cells.size(), boost::white_color);
    double largest_band = 0.0;
    for (std::size_t seed = 0; seed < cells.size(); ++seed)
    {
      if (colours[seed] != boost::white_color)
        continue;
      std::vector<std::size_t> members;
      positions[seed] = graph.centres[cells[seed]];
      boost::queue<std::size_t> queue;
      boost::breadth_first_visit(
          clusters, seed, queue, Unwrap(members, positions),
          boost::make_iterator_property_map(colours.begin(), get(boost::vertex_index, clusters)));

      std::vector<std::size_t> cluster;
      std::vector<Eigen::Vector3d> places;
      for (const std::size_t member : members)
      {
        cluster.push_back(cells[member]);
        places.push_back(positions[member]);
      }
      const Shape shape = shape_of(graph, plastic_shear, cluster, places);
      ++bands.n_clusters;
      bands.largest_share = std::max(bands.largest_share, shape.volume / volume);
      if (shape.length < 0.5 * graph.shortest_edge)
        continue;
      ++bands.n_bands;
      if (shape.volume <= largest_band)
        continue;
      largest_band = shape.volume;
      bands.length = shape.length;
      bands.width = shape.width;
      bands.width_cells = shape.width_cells;
      bands.mean_strain = shape.mean_strain;
      bands.normal = pointing_forward(shape.normal);
      if (graph.dimension == 2)
      {
        const Eigen::Vector3d along = pointing_forward(shape.direction);
        bands.angle =
            std::abs(along[0]) > 1e-9 ? std::atan2(along[1], along[0]) * 180.0 / M_PI : 90.0;
      }
    }
    return bands;
  }

  namespace
  {
    /// What a rank knows of one of its cells.
    struct CellRecord
    {
      std::uint64_t key;
      double volume;
      std::array<double, 3> centre;
      std::array<double, 9> second_moment;
      std::array<std::uint64_t, 6> neighbours; ///< by face; the cell itself where there is none
      std::array<std::array<double, 3>, 6> steps;
    };

    template <int dim>
    std::array<double, 3> in_space(const Tensor<1, dim> &x)
    {
      std::array<double, 3> result = {};
      for (unsigned int d = 0; d < dim; ++d)
        result[d] = x[d];
      return result;
    }

    template <int dim>
    CellRecord record_of(const typename Triangulation<dim>::active_cell_iterator &cell)
    {
      CellRecord record = {};
      record.key = cell_key<dim>(cell->id());
      record.centre = in_space<dim>(cell->center());
      // The corners of a block have three times its second moments.
      constexpr unsigned int n_vertices = GeometryInfo<dim>::vertices_per_cell;
      for (unsigned int v = 0; v < n_vertices; ++v)
      {
        const Tensor<1, dim> r = cell->vertex(v) - cell->center();
        for (unsigned int i = 0; i < dim; ++i)
          for (unsigned int j = 0; j < dim; ++j)
            record.second_moment[3 * i + j] += r[i] * r[j] / (3.0 * n_vertices);
      }
      record.neighbours.fill(record.key);
      for (const unsigned int f : cell->face_indices())
      {
        if (!cell->at_boundary(f))
        {
          record.neighbours[f] = cell_key<dim>(cell->neighbor(f)->id());
          record.steps[f] = in_space<dim>(cell->neighbor(f)->center() - cell->center());
        }
        else if (cell->has_periodic_neighbor(f))
        {
          const auto other = cell->periodic_neighbor(f);
          const unsigned int g = cell->periodic_neighbor_face_no(f);
          record.neighbours[f] = cell_key<dim>(other->id());
          record.steps[f] = in_space<dim>((cell->face(f)->center() - cell->center()) +
                                          (other->center() - other->face(g)->center()));
        }
      }
      return record;
    }

    Eigen::Vector3d vector(const std::array<double, 3> &x)
    {
      return {x[0], x[1], x[2]};
    }
  } // namespace

  template <int dim>
  ShearBandFinder<dim>::ShearBandFinder(const Discretisation<dim> &discretisation,
                                        const BalanceOperator<dim> &balance,
                                        const ShearBandSettings &settings)
      : communicator(discretisation.triangulation.get_communicator()), settings(settings),
        n_q(balance.n_quadrature_points_per_cell())
  {
    const auto &triangulation = discretisation.triangulation;
    std::vector<typename Triangulation<dim>::active_cell_iterator> by_index(
        triangulation.n_active_cells());
    Point<dim> low, high;
    for (unsigned int d = 0; d < dim; ++d)
    {
      low[d] = std::numeric_limits<double>::infinity();
      high[d] = -low[d];
    }
    for (const auto &cell : triangulation.active_cell_iterators())
    {
      by_index[cell->active_cell_index()] = cell;
      if (cell->is_locally_owned())
        for (const unsigned int v : cell->vertex_indices())
          for (unsigned int d = 0; d < dim; ++d)
          {
            low[d] = std::min(low[d], cell->vertex(v)[d]);
            high[d] = std::max(high[d], cell->vertex(v)[d]);
          }
    }
    graph.dimension = dim;
    graph.shortest_edge = std::numeric_limits<double>::infinity();
    for (unsigned int d = 0; d < dim; ++d)
      graph.shortest_edge =
          std::min(graph.shortest_edge, Utilities::MPI::max(high[d], communicator) -
                                            Utilities::MPI::min(low[d], communicator));

    std::vector<CellRecord> records;
    const std::vector<unsigned int> indices = balance.active_cell_indices();
    const auto quadrature_points = balance.quadrature_points();
    for (std::size_t c = 0; c < indices.size(); ++c)
    {
      records.push_back(record_of<dim>(by_index[indices[c]]));
      for (unsigned int q = 0; q < n_q; ++q)
        records.back().volume += quadrature_points[c * n_q + q].volume;
    }

    const std::vector<CellRecord> all = gather_records(communicator, records);
    std::vector<std::pair<std::uint64_t, std::size_t>> order;
    for (std::size_t i = 0; i < all.size(); ++i)
      order.emplace_back(all[i].key, i);
    std::sort(order.begin(), order.end());
    const auto place_of = [&](const std::uint64_t key) {
      return static_cast<std::size_t>(
          std::lower_bound(order.begin(), order.end(), std::make_pair(key, std::size_t(0))) -
          order.begin());
    };
    places.resize(all.size());
    for (std::size_t place = 0; place < order.size(); ++place)
    {
      const CellRecord &record = all[order[place].second];
      places[order[place].second] = place;
      graph.centres.push_back(vector(record.centre));
      graph.volumes.push_back(record.volume);
      graph.second_moments.emplace_back(
          Eigen::Map<const Eigen::Matrix3d>(record.second_moment.data()));
      // Each pair once; a pair with faces on two sides (two cells around a periodic body) twice.
      for (unsigned int f = 0; f < 2 * dim; ++f)
        if (record.neighbours[f] > record.key)
          graph.links.push_back({place, place_of(record.neighbours[f]), vector(record.steps[f])});
    }
  }

  template <int dim>
  ShearBands ShearBandFinder<dim>::find(const MaterialPoints &points) const
  {
    std::vector<double> plastic_shear(points.size() / n_q);
    for (std::size_t c = 0; c < plastic_shear.size(); ++c)
    {
      double volume = 0.0;
      for (std::size_t p = c * n_q; p < (c + 1) * n_q; ++p)
      {
        plastic_shear[c] += points.volume(p) * points.fields(p).plastic_shear;
        volume += points.volume(p);
      }
      plastic_shear[c] /= volume;
    }
    return find(plastic_shear);
  }

  template <int dim>
  ShearBands ShearBandFinder<dim>::find(const std::vector<double> &plastic_shear) const
  {
    const std::vector<double> all = gather_records(communicator, plastic_shear);
    ShearBands bands;
    run_collectively(communicator, [&] {
      if (Utilities::MPI::this_mpi_process(communicator) != 0)
        return;
      std::vector<double> sorted(all.size());
      for (std::size_t i = 0; i < all.size(); ++i)
        sorted[places[i]] = all[i];
      bands = find_shear_bands(graph, sorted, settings);
    });
    MPI_Bcast(&bands, sizeof(bands), MPI_BYTE, 0, communicator);
    return bands;
  }

  template class ShearBandFinder<2>;
  template class ShearBandFinder<3>;
} // namespace seem::solver
