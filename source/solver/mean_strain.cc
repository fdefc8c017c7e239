// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/solver/mean_strain.h>

#include <Eigen/LU>

#include <algorithm>
#include <utility>

namespace seem::solver
{
  MeanStrain::MeanStrain(const law::ComponentControl &control, const double volume) : v(volume)
  {
    for (int c = 0; c < 6; ++c)
      if (control[static_cast<std::size_t>(c)] == law::Control::stress)
        free_components.push_back(c);
  }

  law::SymmetricTensor MeanStrain::prescribed_change(const law::SymmetricTensor &target) const
  {
    law::SymmetricTensor change = target - value;
    for (const int c : free_components)
      change[c] = 0.0;
    return change;
  }

  MeanStrain::Residual MeanStrain::residual(const law::SymmetricTensor &stress_integral,
                                            const law::SymmetricTensor &target) const
  {
    Residual r(free_components.size());
    for (std::size_t i = 0; i < free_components.size(); ++i)
      r[static_cast<int>(i)] = stress_integral[free_components[i]] - v * target[free_components[i]];
    return r;
  }

  double MeanStrain::work(const law::SymmetricTensor &change,
                          const law::SymmetricTensor &integral_before,
                          const law::SymmetricTensor &integral_after,
                          const law::SymmetricTensor &target_before,
                          const law::SymmetricTensor &target_after) const
  {
    law::SymmetricTensor conjugate = integral_before + integral_after;
    for (const int c : free_components)
      conjugate[c] = v * (target_before[c] + target_after[c]);
    return 0.5 * conjugate.dot(change);
  }

  void MeanStrain::set_border(const std::size_t i, Vector forces, Vector response,
                              const law::SymmetricTensor &stiffness)
  {
    borders.resize(free_components.size());
    borders[i].forces = std::move(forces);
    borders[i].response = std::move(response);
    borders[i].stiffness.resize(static_cast<int>(free_components.size()));
    for (std::size_t j = 0; j < free_components.size(); ++j)
      borders[i].stiffness[static_cast<int>(j)] = stiffness[free_components[j]];
  }

  void MeanStrain::take_step(const Residual &residual, Vector &du)
  {
    const int n = static_cast<int>(free_components.size());
    Eigen::MatrixXd schur(n, n);
    Eigen::VectorXd rhs(n);
    for (int i = 0; i < n; ++i)
    {
      const Border &row = borders[static_cast<std::size_t>(i)];
      rhs[i] = -residual[i] - row.forces * du;
      for (int j = 0; j < n; ++j)
        schur(i, j) = borders[static_cast<std::size_t>(j)].stiffness[i] -
                      row.forces * borders[static_cast<std::size_t>(j)].response;
    }
    const Eigen::VectorXd step = schur.partialPivLu().solve(rhs);
    for (int i = 0; i < n; ++i)
    {
      value[free_components[static_cast<std::size_t>(i)]] += step[i];
      du.add(-step[i], borders[static_cast<std::size_t>(i)].response);
    }
  }
} // namespace seem::solver
