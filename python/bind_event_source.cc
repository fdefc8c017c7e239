// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bindings.h"

#include <seem/core/exceptions.h>
#include <seem/database/grid_event_source.h>

#include <fmt/format.h>

#include <cmath>

namespace seem::python
{
  using database::EventDatabase;
  using database::GridEventSource;
  using law::EventSource;
  using law::Support;

  namespace
  {
    /// One row of EventSource.jumps().
    struct JumpRow
    {
      double dtau;
      double dx1;
      double probability;
    };

    State checked_state(const double tau, const double x1)
    {
      if (!(tau >= 0.0) || !std::isfinite(x1))
        throw InputError(fmt::format(
            "no events at tau = {}, X1 = {}: tau must be at least 0, X1 finite", tau, x1));
      State state;
      state.tau = tau;
      state.x[0] = x1;
      return state;
    }

    py::array_t<JumpRow> jumps(const EventSource &source, const double tau, const double x1)
    {
      std::vector<JumpRow> rows;
      source.for_each_jump(checked_state(tau, x1), [&](const Jump &jump, const double probability) {
        rows.push_back({jump.dtau, jump.dx[0], probability});
      });
      return py::array_t<JumpRow>(rows.size(), rows.data());
    }
  } // namespace

  void bind_event_source(py::module_ &module)
  {
    using py::arg;
    PYBIND11_NUMPY_DTYPE(JumpRow, dtau, dx1, probability);

    py::enum_<Support>(module, "Support", "How well the data support a state.")
        .value("inside", Support::inside, "the bin was visited by the atomistic runs")
        .value("outside", Support::outside, "not visited: the nearest visited bin stands in")
        .value("forced", Support::forced, "above the highest sampled stress: an event is forced");

    py::class_<EventSource, std::shared_ptr<EventSource>>(
        module, "EventSource",
        "The statistics of plastic events as the law sees them. Further internal variables than X1 "
        "are taken as 0.\n"
        "ValueError where tau is negative (an event needs forward loading) or x1 not finite.")
        .def_property_readonly("n_internal_variables", &EventSource::n_internal_variables,
                               "Number M of internal variables.")
        .def("rate",
             py::vectorize([](const EventSource *source, const double tau, const double x1) {
               return source->rate(checked_state(tau, x1)).rate;
             }),
             arg("tau"), arg("x1"),
             "Rate lambda, events per unit shear strain and representative volume, at tau [GPa] "
             "and x1 [eV per atom];\n"
             "infinity where an event is forced. Numbers or arrays, which are broadcast.")
        .def("support",
             py::vectorize([](const EventSource *source, const double tau, const double x1) {
               return static_cast<int>(source->rate(checked_state(tau, x1)).support);
             }),
             arg("tau"), arg("x1"),
             "How well the data support (tau, x1), as the number of a Support: 0 inside, 1 "
             "outside, 2 forced.\n"
             "Numbers or arrays, which are broadcast.")
        .def("jumps", &jumps, arg("tau"), arg("x1"),
             "All jumps that an event at tau [GPa] and x1 [eV per atom] may make, as a structured "
             "array [n] of\n"
             "dtau [GPa] (stress deficit at fixed strain: tau -> tau - dtau), dx1 [eV per atom] "
             "and probability (sum 1).");

    py::class_<GridEventSource, EventSource, std::shared_ptr<GridEventSource>>(
        module, "GridEventSource",
        "The event statistics of a database, bin by bin. A visited bin with fewer than "
        "minimum_events events takes\n"
        "in its nearest visited bins until it holds so many; rate = events/exposure and jumps come "
        "from the same\n"
        "pool. States that were never visited use the nearest visited bin.")
        .def(py::init<const EventDatabase &>(), arg("database"),
             "ValueError if the database holds no event.")
        .def_property_readonly("n_pooled_bins", &GridEventSource::n_pooled_bins,
                               "Number of visited bins that had to be pooled.")
        .def_property_readonly("n_visited_bins", &GridEventSource::n_visited_bins,
                               "Number of visited bins.");
  }
} // namespace seem::python
