// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bindings.h"

#include <seem/commands/point_ensemble.h>
#include <seem/core/exceptions.h>

#include <fmt/format.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <cstdint>

namespace seem::python
{
  using commands::PointEnsemble;
  using commands::PointEnsembleSettings;
  using law::MaterialLaw;

  namespace
  {
    /// What shear_ensemble() returns.
    struct ShearEnsemble
    {
      py::array_t<double> strain;
      py::array_t<std::uint64_t> replica;
      py::array_t<double> tau;
      py::array_t<double> x1;
      py::array_t<std::uint64_t> n_events;
      law::Activity activity;
    };

    ShearEnsemble shear_ensemble(const MaterialLaw &law, const Numbers &initial,
                                 const Numbers &strain, const double volume_ratio,
                                 const std::uint64_t first_replica,
                                 const std::uint16_t quadrature_point)
    {
      if (strain.ndim() != 1)
        throw InputError(
            fmt::format("the strain grid must have one dimension, not {}", strain.ndim()));
      std::vector<State> states = states_of(initial);
      for (State &state : states)
        leave_open(state, static_cast<std::size_t>(initial.shape(1)) - 1);
      PointEnsembleSettings settings;
      settings.strain.assign(strain.data(), strain.data() + strain.size());
      settings.volume_ratio = volume_ratio;
      settings.quadrature_point = quadrature_point;

      const std::size_t n_paths = states.size(), n = settings.strain.size();
      if (states.empty())
        throw InputError("an ensemble needs at least one initial state");
      ShearEnsemble ensemble = {py::array_t<double>(n, settings.strain.data()),
                                py::array_t<std::uint64_t>(n_paths),
                                py::array_t<double>({n_paths, n}),
                                py::array_t<double>({n_paths, n}),
                                py::array_t<std::uint64_t>({n_paths, n}),
                                {}};
      std::uint64_t *replica = ensemble.replica.mutable_data();
      double *tau = ensemble.tau.mutable_data(), *x1 = ensemble.x1.mutable_data();
      std::uint64_t *n_events = ensemble.n_events.mutable_data();

      const py::gil_scoped_release others_may_run;
      for (std::size_t path = 0; path < n_paths; ++path)
      {
        settings.first_replica = replica[path] = first_replica + path;
        try
        {
          // One path at a time: their own numbers of events, and a chance for Ctrl-C.
          const PointEnsemble one = commands::run_point_ensemble(law, {states[path]}, settings);
          tau = std::copy(one.tau[0].begin(), one.tau[0].end(), tau);
          x1 = std::copy(one.x1[0].begin(), one.x1[0].end(), x1);
          n_events = std::copy(one.n_events.begin(), one.n_events.end(), n_events);
          ensemble.activity += one.activity;
        }
        catch (const StepError &error)
        {
          throw StepError(fmt::format("path {} (replica {}): too many events in one step of the "
                                      "strain grid; refine it",
                                      path, settings.first_replica),
                          error.admissible_share());
        }
        const py::gil_scoped_acquire gil;
        if (PyErr_CheckSignals() != 0)
          throw py::error_already_set();
      }
      return ensemble;
    }

    py::array_t<double> draw_initial_states(const Numbers &initial, const std::size_t n,
                                            const std::uint64_t seed,
                                            const std::uint64_t first_replica,
                                            const std::uint16_t quadrature_point)
    {
      const std::vector<State> states = states_of(initial);
      std::vector<State> drawn;
      for (std::size_t i = 0; i < n; ++i)
        drawn.push_back(
            commands::draw_initial_state(states, seed, {first_replica + i, quadrature_point}));
      return state_rows(drawn, static_cast<std::size_t>(initial.shape(1)) - 1);
    }
  } // namespace

  void bind_ensemble(py::module_ &module)
  {
    using py::arg;
    py::class_<ShearEnsemble>(module, "ShearEnsemble", "Paths of material points in simple shear.")
        .def_readonly("strain", &ShearEnsemble::strain, "gamma [-], [n].")
        .def_readonly("replica", &ShearEnsemble::replica,
                      "Cell in the key of each path, [n_paths].")
        .def_readonly("tau", &ShearEnsemble::tau, "sigma_xy, signed [GPa], [n_paths][n].")
        .def_readonly("x1", &ShearEnsemble::x1, "X1 [eV per atom], [n_paths][n].")
        .def_readonly("n_events", &ShearEnsemble::n_events,
                      "Events of the path up to each strain, [n_paths][n].")
        .def_readonly("activity", &ShearEnsemble::activity, "Activity, summed over all paths.")
        .def("__repr__", [](const ShearEnsemble &ensemble) {
          return fmt::format(
              "<seem.ShearEnsemble: {} paths to gamma = {:g}, {} events>", ensemble.replica.size(),
              ensemble.strain.at(ensemble.strain.size() - 1), ensemble.activity.n_events);
        });

    module.def(
        "shear_ensemble", &shear_ensemble, arg("law"), arg("initial"), arg("strain"), py::kw_only(),
        arg("volume_ratio") = 1.0, arg("first_replica") = 0, arg("quadrature_point") = 0,
        "Shear one material point per row of initial in simple shear; path i is exactly a Point "
        "with\n"
        "cell = first_replica + i, and a path of `seem point` with that replica.\n\n"
        "initial           (tau [GPa], X1 [eV per atom], ...) at zero strain, [n_paths][1 + M]; "
        "variables that are left out\n"
        "                  behind X1 are those of the run of the database with the nearest X1\n"
        "strain            grid of gamma [-], from 0, strictly growing, [n]\n"
        "volume_ratio      m [-]\n"
        "quadrature_point  in the key of the random numbers, the same for all\n\n"
        "Returns a ShearEnsemble. Other Python threads run meanwhile. ValueError names what is "
        "wrong with the input;\n"
        "StepError if there are too many events in one step of the grid.");
    module.def(
        "draw_initial_states", &draw_initial_states, arg("initial"), arg("n"), py::kw_only(),
        arg("seed") = 1, arg("first_replica") = 0, arg("quadrature_point") = 0,
        "Draw n of the rows of initial with equal weight, [n][1 + M]: row i is what the point with "
        "the cell\n"
        "first_replica + i starts from in `seem point` (Initial state = drawn) and in `seem run`.");
    module.def(
        "strain_grid",
        [](const double final_strain, const double increment) {
          const std::vector<double> grid = commands::strain_grid(final_strain, increment);
          return py::array_t<double>(grid.size(), grid.data());
        },
        arg("final_strain"), arg("increment"),
        "A grid from 0 to final_strain with steps of increment; the last one may be shorter. [n]");
  }
} // namespace seem::python
