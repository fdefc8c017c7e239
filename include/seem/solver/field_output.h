// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_FIELD_OUTPUT_H
#define SEEM_SOLVER_FIELD_OUTPUT_H

#include <seem/solver/body.h>
#include <seem/solver/equilibrium.h>
#include <seem/solver/material_points.h>

#include <deal.II/numerics/data_out.h>

#include <string>
#include <vector>

namespace seem::solver
{
  enum class FieldFormat
  {
    vtu, ///< fields_NNNNN.*.vtu, a .pvtu record of each time, fields.pvd over all times
    hdf5 ///< mesh_NNNNN.h5 once, fields_NNNNN.h5 of each time, fields.xdmf over all times
  };

  struct FieldSettings
  {
    FieldFormat format = FieldFormat::vtu;
    /// Of vtu: the ranks share so many files per time, each written with MPI I/O.
    unsigned int files_per_time = 1;
    bool stress = false; ///< all components of the stress tensor, not only xy
    bool strain = false; ///< all components of the total strain tensor
  };

  /// What a series has so far; enough to go on with it.
  struct FieldSeries
  {
    std::vector<double> times;      ///< pseudo-times; the number of a file is the index of its time
    std::vector<unsigned int> mesh; ///< [n_times] number of the time's mesh file, of hdf5
  };

  /**
   * Fields for ParaView, written by all ranks. The time of the series is the pseudo-time; its file
   * is replaced after the fields of a time are complete, so that it only names whole files.
   *
   * Cell data are means over the quadrature points: tau_GPa, x1_eV, plastic_strain
   * (sqrt(2 e_p:e_p)), n_events (per point), stress_xy_GPa, and material (the id); by option all
   * of stress_xx_GPa, ..., stress_xy_GPa (tension positive) and strain_xx, ..., strain_xy (tensor
   * components). The point datum is the displacement in nm, mean strain included.
   */
  template <int dim>
  class FieldOutput
  {
  public:
    /// References are kept. @p directory exists.
    FieldOutput(const Body<dim> &body, const MaterialPoints &points, std::string directory,
                const FieldSettings &settings = {});

    /**
     * Write the fields of the present equilibrium; called by all ranks.
     * @throws Error on all ranks if a file cannot be written
     */
    void write(const Equilibrium<dim> &equilibrium);

    const FieldSeries &series() const
    {
      return written;
    }

    /// Continue a series after a restart, on any number of ranks: hdf5 then writes its mesh again,
    /// since the order of the cells in it follows the partition.
    void resume(FieldSeries series);

    /// Name of the series file, for messages.
    std::string series_name() const;

  private:
    /// Attach displacements and cell means.
    void add_fields(dealii::DataOut<dim> &data_out, const Equilibrium<dim> &equilibrium);

    void write_vtu(const dealii::DataOut<dim> &data_out);
    void write_hdf5(const dealii::DataOut<dim> &data_out);

    const Body<dim> &body;
    const MaterialPoints &points;
    std::string directory;
    FieldSettings settings;
    MPI_Comm communicator;
    FieldSeries written;
    bool mesh_is_written = false;
    /// What the last written fields were made of; DataOut refers to it.
    typename BalanceOperator<dim>::Vector displacement;
    std::vector<dealii::Vector<double>> cell_means;
  };
} // namespace seem::solver

#endif
