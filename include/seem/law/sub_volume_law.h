// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_LAW_SUB_VOLUME_LAW_H
#define SEEM_LAW_SUB_VOLUME_LAW_H

#include <seem/law/material_law.h>

#include <cstddef>
#include <memory>

namespace seem::law
{
  /**
   * A point that holds n representative volumes of a base law side by side under equal strain
   * (Taylor): the volume rule `sub-RVE`. n = n_sub_volumes(m), so the measured statistics are kept
   * as they are, neither extrapolated to m < 1 nor divided by m > 1. Each volume is the base law
   * with m = 1 and a name of its own, PointKey::copy = 0 .. n - 1, whatever the copy of the point
   * that holds them.
   *
   * Stress, energies, X1 and plastic shear are means over the volumes; PointFields::tau is that of
   * the mean stress, sqrt(s:s/2). Counts of events are sums; heat and strains of an Activity are
   * means, so they stay per volume of the point. An EventRecord comes from the base law: it carries
   * the key of its volume, and its jump and heat are per volume of that one; divide by n for the
   * point.
   *
   * The mean of coaxial tangents with different directions does not have the form of Tangent. It is
   * projected onto it (nearest in the Frobenius norm), with N along the mean stress deviator, C the
   * mean deviatoric tangent and 5 the number of deviatoric directions, \f[ G_t = \tfrac12 N:C:N,
   * \quad G_s = \tfrac14(\tfrac12\mathrm{tr}\,C - G_t). \f] Both are means of tangents of the
   * volumes over unit directions, so it stays positive definite: a quasi-Newton tangent, exact for
   * n = 1 and for volumes with one direction.
   *
   * State: n, then the states of the volumes; 1 + n_max times that of the base law.
   */
  class SubVolumeLaw final : public MaterialLaw
  {
  public:
    /**
     * @param[in] base   the law of one volume
     * @param[in] n_max  largest number of volumes of a point; fixes the size of the state
     * @throws InputError if n_max is zero or above max_copies
     */
    SubVolumeLaw(std::shared_ptr<const MaterialLaw> base, std::size_t n_max);

    std::vector<StateField> state_layout() const override;
    using MaterialLaw::initialise;

    /**
     * Asks @p initial for the state of every volume, by its key.
     * @throws InputError if m is not positive and finite, or needs more than n_max volumes
     */
    void initialise(double *state, const PointData &point,
                    const InitialState &initial) const override;
    Response evaluate(const double *state, const SymmetricTensor &strain) const override;

    /// Unchanged if one of the volumes cannot follow: the smallest admissible share is returned.
    Activity advance(double *state, const PointData &point, const SymmetricTensor &strain_begin,
                     const SymmetricTensor &strain_end, EventObserver *observer) const override;
    double share_to_next_event(const double *state, const PointData &point,
                               const SymmetricTensor &strain_begin,
                               const SymmetricTensor &strain_end) const override;
    Activity update(double *state, const PointData &point, const SymmetricTensor &strain_begin,
                    const SymmetricTensor &strain_end, Response &response,
                    EventObserver *observer) const override;
    EnergyDensity energy(const double *state, const SymmetricTensor &strain) const override;
    PointFields fields(const double *state, const SymmetricTensor &strain) const override;

  private:
    /// Move the @p n volumes of @p state by move(copy, state of the copy): all of them or none.
    template <class Move>
    Activity move_all(double *state, std::size_t n, const Move &move) const;

    std::shared_ptr<const MaterialLaw> base;
    std::size_t n_max;
    std::size_t base_size; ///< numbers of one volume
  };
} // namespace seem::law

#endif
