// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_SHEAR_BANDS_H
#define SEEM_SOLVER_SHEAR_BANDS_H

#include <seem/solver/balance_operator.h>
#include <seem/solver/discretisation.h>
#include <seem/solver/material_points.h>

#include <Eigen/Core>

#include <cstddef>
#include <limits>
#include <vector>

namespace seem::solver
{
  /// Which cells are part of a shear band.
  struct ShearBandSettings
  {
    double factor = 2.0;           ///< plastic shear strain above this multiple of the mean [-]
    double smallest_strain = 0.01; ///< and above this [-]
  };

  /**
   * Shear bands: clusters of cells, connected by faces (periodic ones too), whose plastic shear
   * strain exceeds max(factor times the volume mean, smallest strain).
   *
   * The shape of a cluster is that of the uniform block with its second moments C = sum of V_c
   * [(x_c - x)(x_c - x)^T + M_c] / sum of V_c, M_c that of a cell about its centre: length and
   * width are sqrt(12 times the largest and the smallest eigenvalue of C), the normal is the
   * eigenvector of the smallest. Across periodic faces positions go on, so a band that closes upon
   * itself is as long as one turn. A cluster is a band if it is at least half as long as the
   * shortest edge of the body's bounding box. Where bands cross they are one cluster, whose
   * shape says little: its length is then not much more than its width.
   */
  struct ShearBands
  {
    double threshold = 0.0;      ///< plastic shear strain [-]
    unsigned int n_clusters = 0; ///< of all sizes
    unsigned int n_bands = 0;    ///< of them, bands
    double volume_share = 0.0;   ///< of all clusters, of the body [-]
    double largest_share = 0.0;  ///< of the largest cluster, of the body [-]

    // Of the band of the largest volume; NaN if there is none.
    Eigen::Vector3d normal = Eigen::Vector3d::Constant(nan); ///< unit, first component not zero > 0
    double angle = nan;  ///< in the plane: of its length to the x axis, -90 < angle <= 90 [deg]
    double length = nan; ///< [nm]
    double width = nan;  ///< [nm]
    double width_cells = nan; ///< the width over that of one of its cells, measured likewise [-]
    double mean_strain = nan; ///< plastic shear strain, volume mean [-]

  private:
    static constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  };

  /// The cells of a body and which of them share a face.
  struct CellGraph
  {
    struct Link
    {
      std::size_t first, second;
      Eigen::Vector3d step; ///< from the centre of the first to that of the second, through their
                            ///< face [nm]
    };

    unsigned int dimension = 2;
    double shortest_edge = 0.0;                  ///< of the bounding box [nm]
    std::vector<Eigen::Vector3d> centres;        ///< [n_cells], z = 0 in the plane [nm]
    std::vector<double> volumes;                 ///< [n_cells] [nm^3]
    std::vector<Eigen::Matrix3d> second_moments; ///< M_c of a parallelepiped [nm^2]
    std::vector<Link> links;
  };

  /// Shear bands of @p plastic_shear [n_cells].
  ShearBands find_shear_bands(const CellGraph &graph, const std::vector<double> &plastic_shear,
                              const ShearBandSettings &settings);

  /// Finds the shear bands of a distributed body. The graph of its cells is gathered once; a search
  /// sends one number per cell to rank 0.
  template <int dim>
  class ShearBandFinder
  {
  public:
    /// Called by all ranks of the discretisation.
    ShearBandFinder(const Discretisation<dim> &discretisation, const BalanceOperator<dim> &balance,
                    const ShearBandSettings &settings);

    /// Bands of the plastic shear strain of the points, by cell means. Called by all ranks; the
    /// result is the same on each and, to round-off, whatever their number.
    ShearBands find(const MaterialPoints &points) const;

    /// The same for cell values [n_points / n_q] of this rank, in the order of the points.
    ShearBands find(const std::vector<double> &plastic_shear) const;

  private:
    MPI_Comm communicator;
    ShearBandSettings settings;
    unsigned int n_q;
    std::vector<std::size_t> places; ///< rank 0: in the graph, of the cells as they are gathered
    CellGraph graph;                 ///< rank 0; cells in the order of their keys
  };
} // namespace seem::solver

#endif
