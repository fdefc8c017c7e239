// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_LAW_LINEAR_ELASTIC_LAW_H
#define SEEM_LAW_LINEAR_ELASTIC_LAW_H

#include <seem/law/material_law.h>

namespace seem::law
{
  /// Isotropic linear elasticity, sigma = 2 G dev(eps) + K tr(eps) 1: stiff platens, and exact
  /// answers for tests.
  class LinearElasticLaw final : public MaterialLaw
  {
  public:
    /// @throws InputError if a modulus [GPa] is not positive
    LinearElasticLaw(double shear_modulus, double bulk_modulus);

    std::vector<StateField> state_layout() const override;
    using MaterialLaw::initialise;
    void initialise(double *state, const PointData &point,
                    const InitialState &initial) const override;
    Response evaluate(const double *state, const SymmetricTensor &strain) const override;
    Activity advance(double *state, const PointData &point, const SymmetricTensor &strain_begin,
                     const SymmetricTensor &strain_end, EventObserver *observer) const override;
    EnergyDensity energy(const double *state, const SymmetricTensor &strain) const override;
    PointFields fields(const double *state, const SymmetricTensor &strain) const override;

  private:
    double shear_modulus;
    double bulk_modulus;
  };
} // namespace seem::law

#endif
