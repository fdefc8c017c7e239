// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/law/linear_elastic_law.h>

#include <fmt/format.h>

namespace seem::law
{
  LinearElasticLaw::LinearElasticLaw(const double shear_modulus, const double bulk_modulus)
      : shear_modulus(shear_modulus), bulk_modulus(bulk_modulus)
  {
    if (!(shear_modulus > 0.0) || !(bulk_modulus > 0.0))
      throw InputError(fmt::format(
          "linear elastic law: shear modulus {} GPa and bulk modulus {} GPa must be positive",
          shear_modulus, bulk_modulus));
  }

  std::vector<StateField> LinearElasticLaw::state_layout() const
  {
    return {};
  }

  void LinearElasticLaw::initialise(double *, const PointData &, const InitialState &) const
  {
  }

  Response LinearElasticLaw::evaluate(const double *, const SymmetricTensor &strain) const
  {
    return {2.0 * shear_modulus * deviator(strain) + bulk_modulus * trace(strain) * identity(),
            {bulk_modulus, shear_modulus, shear_modulus, SymmetricTensor::Zero()}};
  }

  Activity LinearElasticLaw::advance(double *, const PointData &point,
                                     const SymmetricTensor &strain_begin,
                                     const SymmetricTensor &strain_end, EventObserver *) const
  {
    if (!strain_begin.allFinite() || !strain_end.allFinite())
      throw InputError(fmt::format("cell {}, quadrature point {}: the strain is not finite",
                                   point.key.cell, point.key.quadrature_point));
    return {};
  }

  EnergyDensity LinearElasticLaw::energy(const double *, const SymmetricTensor &strain) const
  {
    const double volume_strain = trace(strain);
    return {shear_modulus * deviator(strain).squaredNorm() +
                0.5 * bulk_modulus * volume_strain * volume_strain,
            0.0, 0.0};
  }

  PointFields LinearElasticLaw::fields(const double *, const SymmetricTensor &strain) const
  {
    return {shear_modulus * shear_strain(deviator(strain)), 0.0, 0.0, 0};
  }
} // namespace seem::law
