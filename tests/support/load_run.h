// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_SUPPORT_LOAD_RUN_H
#define SEEM_TESTS_SUPPORT_LOAD_RUN_H

#include "support/periodic_specimen.h"
#include "support/scripted_event_source.h"

#include <seem/law/seem_law.h>
#include <seem/solver/collective.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <tuple>
#include <vector>

namespace seem::testing
{
  /// A glass-like source: the rate grows with the stress in bins of 0.25 GPa, drops are
  /// exponential, X1 grows.
  inline std::shared_ptr<const law::EventSource> glassy_source()
  {
    std::vector<double> edges, rates;
    for (unsigned int i = 0; i < 12; ++i)
    {
      edges.push_back(0.25 * (i + 1));
      rates.push_back(20.0 * std::exp(0.5 * i));
    }
    rates.push_back(20.0 * std::exp(6.0));
    return std::make_shared<ScriptedEventSource>(edges, rates, [](const State &, const double u) {
      return make_jump(-0.06 * std::log(u), 3e-5 * u);
    });
  }

  inline law::SeemLawParameters glassy_parameters()
  {
    law::SeemLawParameters parameters;
    parameters.bulk_modulus = 148.0;
    parameters.seed = 5;
    return parameters;
  }

  inline law::SeemLaw glassy_law()
  {
    return {std::make_shared<law::TaylorElasticity>(25.9, 0.101, 8.4, 2.9, 16.0), glassy_source(),
            glassy_parameters()};
  }

  inline State uniform_state(const solver::QuadraturePoint<2> &)
  {
    return make_state(0.0, 0.004);
  }

  /// What a specimen went through under a load.
  struct LoadRun
  {
    std::vector<solver::StepRecord> steps;
    std::vector<solver::LoggedEvent> events; ///< sorted; on rank 0 of the communicator
    solver::LoadProgress progress;
  };

  /// Load a periodic specimen in uniform_state() until the load ends.
  inline LoadRun
  run(const MPI_Comm communicator, const std::array<unsigned int, 2> &n_cells,
      const law::MaterialLaw &law, const solver::LoadParameters &load,
      const solver::StateSupport support = solver::StateSupport::point,
      const solver::PreconditionerKind preconditioner = solver::PreconditionerKind::automatic)
  {
    PeriodicSpecimen specimen(communicator, n_cells, law, uniform_state, {}, support,
                              preconditioner);
    solver::LoadStepper<2> stepper(*specimen.equilibrium, specimen.points, communicator, load);
    LoadRun result;
    stepper.run([&](const solver::StepRecord &record) {
      result.steps.push_back(record);
      const auto events = solver::gather_records(communicator, stepper.events());
      result.events.insert(result.events.end(), events.begin(), events.end());
    });
    const auto order = [](const solver::LoggedEvent &e) {
      return std::make_tuple(e.step, e.pass, e.record.key.cell, e.record.key.quadrature_point,
                             e.record.number);
    };
    std::sort(result.events.begin(), result.events.end(),
              [&](const auto &a, const auto &b) { return order(a) < order(b); });
    result.progress = stepper.progress();
    return result;
  }
} // namespace seem::testing

#endif
