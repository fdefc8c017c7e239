// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_SOLVER_MEAN_STRAIN_H
#define SEEM_SOLVER_MEAN_STRAIN_H

#include <seem/law/mixed_control.h>
#include <seem/law/tensor.h>

#include <deal.II/lac/la_parallel_vector.h>

#include <Eigen/Core>

#include <vector>

namespace seem::solver
{
  /**
   * The mean strain E of a periodic body, of whose components some are prescribed and the others
   * follow from a prescribed mean stress: the unknowns that border the stiffness.
   *
   * With B_c the nodal forces per unit of the free component c, D = dR/dE at fixed displacement and
   * R the volume integral of the stress, Newton's system is
   * @f[ K \delta u + B \delta E = -r_u, \quad B^T \delta u + D \delta E = -r_E, @f]
   * solved by the Schur complement D - B^T K^{-1} B. Components in Mandel form.
   */
  class MeanStrain
  {
  public:
    using Vector = dealii::LinearAlgebra::distributed::Vector<double>;
    using Residual = Eigen::VectorXd; ///< [n_free]

    /// @param[in] volume  of the body [nm^3]
    MeanStrain(const law::ComponentControl &control, double volume);

    /// Components whose stress is prescribed.
    const std::vector<int> &free() const
    {
      return free_components;
    }

    const law::SymmetricTensor &strain() const
    {
      return value;
    }

    void set_strain(const law::SymmetricTensor &strain)
    {
      value = strain;
    }

    /// Change of the prescribed components to @p target; zero for the free ones.
    law::SymmetricTensor prescribed_change(const law::SymmetricTensor &target) const;

    /// r_E = R - V S of the free components [GPa nm^3]; R = @p stress_integral, S = @p target.
    Residual residual(const law::SymmetricTensor &stress_integral,
                      const law::SymmetricTensor &target) const;

    /// Work of the load while E changes by @p change [GPa nm^3]: trapezoid with R for prescribed
    /// strains, with V S for prescribed stresses.
    double work(const law::SymmetricTensor &change, const law::SymmetricTensor &integral_before,
                const law::SymmetricTensor &integral_after,
                const law::SymmetricTensor &target_before,
                const law::SymmetricTensor &target_after) const;

    /// Coupling of the free component number @p i: B_i, K^{-1} B_i and column i of D.
    void set_border(std::size_t i, Vector forces, Vector response,
                    const law::SymmetricTensor &stiffness);

    bool has_borders() const
    {
      return !borders.empty();
    }

    /// Correct @p du, the solution at fixed E, and add the step to E.
    void take_step(const Residual &residual, Vector &du);

    double volume() const
    {
      return v;
    }

  private:
    struct Border
    {
      Vector forces, response;
      Eigen::VectorXd stiffness;
    };

    std::vector<int> free_components;
    double v;
    law::SymmetricTensor value = law::SymmetricTensor::Zero();
    std::vector<Border> borders;
  };
} // namespace seem::solver

#endif
