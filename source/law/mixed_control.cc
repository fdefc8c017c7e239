// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/core/exceptions.h>
#include <seem/law/mixed_control.h>

#include <Eigen/Cholesky>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace seem::law
{
  namespace
  {
    constexpr double largest_growth = 1.5;

    /// Halvings of a Newton step before it is taken as it is: a law may stiffen with strain.
    constexpr unsigned int max_halvings = 8;

    /// A pivot of the stiffness below this share of the largest is zero.
    constexpr double smallest_pivot = 1e-8;

    using Matrix = Eigen::Matrix<double, 6, 6>;
    using FreeMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, 0, 6, 6>;
    using FreeVector = Eigen::Matrix<double, Eigen::Dynamic, 1, 0, 6, 1>;

    /// C = K 1(x)1 + 2 G_t N(x)N + 2 G_s (P_dev - N(x)N), d stress/d strain in Mandel form.
    Matrix stiffness(const Tangent &tangent)
    {
      const SymmetricTensor one = identity(), &n = tangent.direction;
      Matrix c = 2.0 * tangent.secant * Matrix::Identity();
      c += (tangent.bulk - 2.0 * tangent.secant / 3.0) * one * one.transpose();
      c += 2.0 * (tangent.shear - tangent.secant) * n * n.transpose();
      return c;
    }

    /**
     * Keeps the mean of the rest of the path behind an event, weighted by what the event takes from
     * the stress.
     */
    class PathBehindEvents final : public EventObserver
    {
    public:
      void event(const EventRecord &record) override
      {
        const double weight = std::abs(record.plastic_shear);
        weights += weight;
        behind += weight * (1.0 - record.path);
      }

      double mean() const
      {
        return weights > 0.0 ? behind / weights : 0.5;
      }

    private:
      double weights = 0.0, behind = 0.0;
    };

    std::string components(const SymmetricTensor &t)
    {
      return fmt::format("({:.6g}, {:.6g}, {:.6g}, {:.6g}, {:.6g}, {:.6g})", t[0], t[1], t[2],
                         t[3] / sqrt2, t[4] / sqrt2, t[5] / sqrt2);
    }
  } // namespace

  MixedControl::MixedControl(const MaterialLaw &law, const PointData &point,
                             const InitialState &initial, const ComponentControl &control,
                             LoadPath load_path, const double begin,
                             const MixedControlParameters &parameters)
      : law(law), point(point), control(control), load(std::move(load_path)),
        parameters(parameters), now(begin), increment(parameters.largest_increment)
  {
    if (!(parameters.largest_increment > 0.0) || !std::isfinite(parameters.largest_increment))
      throw InputError(fmt::format("the largest increment of the pseudo-time is {}; it must be "
                                   "positive",
                                   parameters.largest_increment));
    for (int i = 0; i < 6; ++i)
      if (control[static_cast<std::size_t>(i)] == Control::stress)
        free.push_back(i);

    committed.state.resize(law.state_size());
    law.initialise(committed.state.data(), point, initial);
    committed.stress = law.evaluate(committed.state.data(), committed.strain).stress;

    SymmetricTensor initial_stress = SymmetricTensor::Zero();
    for (const int i : free)
      initial_stress[i] = committed.stress[i];
    double share = 0.0, step = 1.0;
    if (!follow(share, 1.0, 1.0, step,
                [&](const double s) { return SymmetricTensor((1.0 - s) * initial_stress); }))
      throw Error(fmt::format("cell {}, quadrature point {}: does not come to rest: {}",
                              point.key.cell, point.key.quadrature_point, limit_message));
    committed.balance = {};
    energy_at_start = energy();
  }

  PointFields MixedControl::fields() const
  {
    return law.fields(committed.state.data(), committed.strain);
  }

  EnergyDensity MixedControl::energy() const
  {
    return law.energy(committed.state.data(), committed.strain);
  }

  MixedControl::Failure MixedControl::equilibrate(const SymmetricTensor &target)
  {
    for (int i = 0; i < 6; ++i)
      if (control[static_cast<std::size_t>(i)] == Control::strain)
        trial.strain[i] = target[i];
    Response response = law.evaluate(trial.state.data(), trial.strain);
    const auto n = static_cast<Eigen::Index>(free.size());
    const auto unbalanced = [&](const Response &r) {
      FreeVector residual(n);
      for (Eigen::Index i = 0; i < n; ++i)
        residual[i] = target[free[i]] - r.stress[free[i]];
      return residual;
    };

    FreeVector residual = unbalanced(response);
    std::string history;
    Failure failure;
    for (unsigned int step = 0;; ++step)
    {
      const double size = residual.norm();
      history += fmt::format(" {:.2e}", size);
      if (size <= parameters.stress_tolerance)
        break;
      if (step == parameters.max_newton_steps || !std::isfinite(size))
      {
        failure.reason =
            fmt::format("equilibrium not reached in {} Newton steps; unbalanced stresses [GPa]:{}",
                        step, history);
        return failure;
      }

      const Matrix c = stiffness(response.tangent);
      FreeMatrix c_ff(n, n);
      for (Eigen::Index i = 0; i < n; ++i)
        for (Eigen::Index j = 0; j < n; ++j)
          c_ff(i, j) = c(free[i], free[j]);
      const Eigen::LDLT<FreeMatrix> factors(c_ff);
      const FreeVector correction = factors.solve(residual);

      // A perfectly plastic material has no stiffness left: nothing bounds the strain.
      const auto &pivots = factors.vectorD();
      if (!(pivots.minCoeff() > smallest_pivot * pivots.maxCoeff()) ||
          !(sqrt2 * correction.norm() <= parameters.runaway_strain))
      {
        failure.reason = fmt::format("the tangent stiffness does not bound the strain; unbalanced "
                                     "stresses [GPa]:{}",
                                     history);
        failure.runs_away = true;
        return failure;
      }

      const SymmetricTensor from = trial.strain;
      double share = 1.0;
      for (unsigned int halving = 0;; ++halving, share *= 0.5)
      {
        for (Eigen::Index i = 0; i < n; ++i)
          trial.strain[free[i]] = from[free[i]] + share * correction[i];
        response = law.evaluate(trial.state.data(), trial.strain);
        const FreeVector next = unbalanced(response);
        if (next.norm() < size || halving == max_halvings)
        {
          residual = next;
          break;
        }
      }
    }
    trial.stress = response.stress;

    const double gain = shear_strain(deviator(trial.strain - committed.strain));
    if (gain > parameters.runaway_strain && !free.empty())
    {
      failure.reason = fmt::format("the shear strain grows by more than {:g} at fixed load",
                                   parameters.runaway_strain);
      failure.runs_away = true;
    }
    return failure;
  }

  MixedControl::Failure MixedControl::attempt(const SymmetricTensor &target)
  {
    PointBalance &balance = trial.balance;
    for (unsigned int pass = 0; pass < parameters.max_passes; ++pass)
    {
      const SymmetricTensor strain_before = trial.strain, stress_before = trial.stress;
      if (const Failure failure = equilibrate(target); !failure.reason.empty())
        return failure;

      // While the load moves, equilibrium holds at both ends; later the load is constant and the
      // stress that events took away comes back.
      const SymmetricTensor moved = trial.strain - strain_before;
      const SymmetricTensor mean_stress = 0.5 * (stress_before + trial.stress);
      balance.work += (pass == 0 ? mean_stress : trial.stress).dot(moved);
      if (pass > 0)
        balance.redistribution_heat += (trial.stress - mean_stress).dot(moved);

      PathBehindEvents events;
      const Activity activity =
          law.advance(trial.state.data(), point, strain_before, trial.strain, &events);
      if (activity.admissible_share < 1.0)
        return {"too many events in one update", activity.admissible_share, false};
      trial.activity += activity;
      balance.event_heat += activity.heat;
      if (activity.n_events == 0)
        return {};

      const SymmetricTensor frozen = trial.stress;
      trial.stress = law.evaluate(trial.state.data(), trial.strain).stress;
      // Behind an event the frozen stress was too high. The reactions of prescribed strains know it
      // at once; equilibrium with a prescribed stress learns of it here.
      const double excess = events.mean() * (frozen - trial.stress).dot(moved);
      if (free.empty())
        balance.work -= excess;
      else
        balance.redistribution_heat += excess;
      if (free.empty())
        return {};
    }
    return {fmt::format("events did not end within {} passes", parameters.max_passes), 0.5, true};
  }

  bool MixedControl::follow(double &at, const double end, const double largest, double &step,
                            const LoadPath &path)
  {
    const double smallest = std::max(parameters.smallest_share * largest,
                                     1e-13 * std::max(std::abs(at), std::abs(end)));
    while (at < end)
    {
      const double remaining = end - at;
      const double taken = remaining < 1.0001 * step ? remaining : step;
      const double next = taken == remaining ? end : at + taken;

      trial = committed;
      const Failure failure = attempt(path(next));
      if (failure.reason.empty())
      {
        std::swap(committed, trial);
        at = next;
        // An increment cut short by the end of the path says nothing about the next one.
        if (taken >= step)
          step = std::min(largest, largest_growth * step);
        continue;
      }

      step = std::clamp(failure.admissible_share, 0.1, 0.5) * taken;
      if (step >= smallest)
        continue;
      const PointFields here = fields();
      const std::string where =
          fmt::format("t = {:.8g} (tau = {:.4g} GPa, X1 = {:.4g} eV; stress xx, yy, zz, yz, xz, "
                      "xy = {} GPa)",
                      now, here.tau, here.x1, components(committed.stress));
      if (failure.runs_away)
      {
        limit_message = fmt::format("the prescribed stress exceeds what the material carries at "
                                    "{}: {}",
                                    where, failure.reason);
        return false;
      }
      throw Error(fmt::format("cell {}, quadrature point {}: the increment from {} failed at the "
                              "smallest size {:.1e}: {}",
                              point.key.cell, point.key.quadrature_point, where, taken,
                              failure.reason));
    }
    return true;
  }

  bool MixedControl::follow_to(const double end)
  {
    if (!limit_message.empty())
      return false;
    if (!at_begin)
    {
      const SymmetricTensor first = load(now);
      double share = 0.0, step = 1.0;
      if (!first.isZero(0.0) && !follow(share, 1.0, 1.0, step,
                                        [&](const double s) { return SymmetricTensor(s * first); }))
        return false;
      at_begin = true;
    }
    return follow(now, end, parameters.largest_increment, increment, load);
  }
} // namespace seem::law
