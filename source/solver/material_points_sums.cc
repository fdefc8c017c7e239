// SPDX-License-Identifier: LGPL-2.1-or-later
// What MaterialPoints measures: sums and fields over its points, in the order of the points.
#include <seem/solver/material_points.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace seem::solver
{
  unsigned long MaterialPoints::n_fired_since_commit() const
  {
    return static_cast<unsigned long>(std::count(fired.begin(), fired.end(), 1));
  }

  double MaterialPoints::shear_change_since_commit() const
  {
    double sum = 0.0;
    for (std::size_t p = 0; p < size(); ++p)
      sum += volumes[p] * law::shear_strain(law::deviator(strain[p] - last_strain[p]));
    return sum;
  }

  void MaterialPoints::measure(const Visitor &visit) const
  {
    constexpr std::size_t block = 256; // points that are measured by one call
    std::array<law::EnergyDensity, block> energies;
    std::array<law::PointFields, block> fields;
    const auto measure_block = [&](const std::size_t first, const std::size_t n,
                                   const std::size_t index, const std::size_t stride) {
      law(index).measure_points(n, state(index), stride, &strain[first], energies.data(),
                                fields.data());
      for (std::size_t i = 0; i < n; ++i)
        visit(first + i, energies[i], fields[i]);
    };
    for (const Row &row : rows)
      if (n_shared == 1)
        for (std::size_t s = row.begin; s < row.end; s += block)
          measure_block(s, std::min(block, row.end - s), s, state_size(s));
      else
        for (std::size_t s = row.begin; s < row.end; ++s)
          for (std::size_t p = 0; p < n_shared; p += block)
            measure_block(s * n_shared + p, std::min(block, n_shared - p), s, 0);
  }

  StoredEnergy MaterialPoints::stored_energy() const
  {
    StoredEnergy sum;
    measure([&](const std::size_t p, const law::EnergyDensity &density, const law::PointFields &) {
      sum.elastic += volumes[p] * density.elastic;
      sum.inelastic += volumes[p] * density.inelastic;
    });
    return sum;
  }

  law::SymmetricTensor
  MaterialPoints::integral(const std::vector<law::SymmetricTensor> &tensors) const
  {
    law::SymmetricTensor sum = law::SymmetricTensor::Zero();
    add_to_integral(tensors, 0, size(), sum);
    return sum;
  }

  void MaterialPoints::add_to_integral(const std::vector<law::SymmetricTensor> &tensors,
                                       const std::size_t begin, const std::size_t end,
                                       law::SymmetricTensor &sum) const
  {
    law::SymmetricTensor local = sum;
    for (std::size_t p = begin; p < end; ++p)
      local += volumes[p] * tensors[p];
    sum = local;
  }

  double MaterialPoints::contraction(const std::vector<law::SymmetricTensor> &a,
                                     const std::vector<law::SymmetricTensor> &b) const
  {
    double sum = 0.0;
    for (std::size_t p = 0; p < size(); ++p)
      sum += volumes[p] * a[p].dot(b[p]);
    return sum;
  }

  law::PointFields MaterialPoints::fields(const std::size_t point) const
  {
    return law(point / n_shared).fields(state(point / n_shared), strain[point]);
  }
} // namespace seem::solver
