// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bindings.h"

#include <seem/core/exceptions.h>
#include <seem/law/material_law.h>

#include <fmt/format.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

namespace seem::python
{
  using law::Activity;
  using law::EnergyDensity;
  using law::MaterialLaw;
  using law::PointFields;
  using law::SymmetricTensor;

  namespace
  {
    /// One row of Point.events. No padding, so that equal rows are equal bytes.
    struct EventRow
    {
      std::uint32_t number;
      std::uint16_t copy;
      std::uint16_t support;
      double strain[6];
      double tau;
      double x1;
      double dtau;
      double dx1;
      double heat;
      double plastic_shear;
    };
    static_assert(sizeof(EventRow) == 8 + 12 * sizeof(double));

    /// Takes down the events of one step.
    class EventList final : public law::EventObserver
    {
    public:
      EventList(const SymmetricTensor &begin, const SymmetricTensor &end) : begin(begin), end(end)
      {
      }

      void event(const law::EventRecord &record) override
      {
        EventRow row = {};
        row.number = record.number;
        row.copy = record.key.copy;
        const SymmetricTensor strain = begin + record.path * (end - begin);
        for (int i = 0; i < 6; ++i)
          row.strain[i] = i < 3 ? strain[i] : strain[i] / law::sqrt2;
        row.tau = record.before.tau;
        row.x1 = record.before.x[0];
        row.dtau = record.jump.dtau;
        row.dx1 = record.jump.dx[0];
        row.heat = record.heat;
        row.plastic_shear = record.plastic_shear;
        row.support = static_cast<std::uint16_t>(record.support);
        rows.push_back(row);
      }

      std::vector<EventRow> rows;

    private:
      SymmetricTensor begin, end;
    };

    /// One material point: a law, a state, the strain where it stands, and its past events.
    class Point
    {
    public:
      Point(std::shared_ptr<const MaterialLaw> material, const std::uint64_t cell,
            const std::uint16_t quadrature_point, const double volume_ratio, const double tau,
            const double x1, const std::optional<double> x2)
          : law(std::move(material)), data{{cell, quadrature_point}, volume_ratio},
            state(law->state_size())
      {
        if (!(volume_ratio > 0.0) || !std::isfinite(volume_ratio))
          throw InputError(fmt::format("the volume ratio m = {} must be positive", volume_ratio));
        const double numbers[] = {tau, x1, x2.value_or(0.0)};
        State initial = state_of(numbers, 3, "the initial state");
        leave_open(initial, x2 ? 2 : 1);
        law->initialise(state.data(), data, initial);
      }

      /// Follow the straight path to @p to; if that fails, nothing has changed.
      Activity advance(const SymmetricTensor &to)
      {
        std::vector<double> trial = state;
        EventList list(strain, to);
        const Activity step = law->advance(trial.data(), data, strain, to, &list);
        if (step.admissible_share < 1.0)
          throw StepError(fmt::format("cell {}, quadrature point {}: too many events on this path; "
                                      "advance no further than {:.3g} of it",
                                      data.key.cell, data.key.quadrature_point,
                                      step.admissible_share),
                          step.admissible_share);
        state = std::move(trial);
        strain = to;
        activity += step;
        events.insert(events.end(), list.rows.begin(), list.rows.end());
        return step;
      }

      void set_state(const Numbers &numbers)
      {
        if (numbers.ndim() != 1 || static_cast<std::size_t>(numbers.size()) != state.size())
          throw InputError(
              fmt::format("a state of this law has {} numbers in one dimension, not {}",
                          state.size(), numbers.size()));
        std::copy_n(numbers.data(), state.size(), state.begin());
      }

      std::shared_ptr<const MaterialLaw> law;
      law::PointData data;
      std::vector<double> state;
      SymmetricTensor strain = SymmetricTensor::Zero();
      Activity activity;
      std::vector<EventRow> events;
    };

    /**
     * The tangent as the matrix T of dsigma = T deps between arrays of tensor components: in Mandel
     * form it is K 1(x)1 + 2 G_t N(x)N + 2 G_s (P_dev - N(x)N).
     */
    py::array_t<double> tangent_matrix(const law::Tangent &tangent)
    {
      using Matrix = Eigen::Matrix<double, 6, 6>;
      const SymmetricTensor one = law::identity(), &n = tangent.direction;
      const Matrix mandel = (tangent.bulk - 2.0 / 3.0 * tangent.secant) * one * one.transpose() +
                            2.0 * (tangent.shear - tangent.secant) * n * n.transpose() +
                            2.0 * tangent.secant * Matrix::Identity();
      py::array_t<double> result({6, 6});
      for (int i = 0; i < 6; ++i)
        for (int j = 0; j < 6; ++j)
          result.mutable_at(i, j) =
              mandel(i, j) * (j < 3 ? 1.0 : law::sqrt2) / (i < 3 ? 1.0 : law::sqrt2);
      return result;
    }

    void bind_records(py::module_ &module)
    {
      py::class_<Activity>(module, "Activity", "What happened at a point, or at many; sums.")
          .def_readonly("n_events", &Activity::n_events, "Plastic events fired.")
          .def_readonly("n_outside", &Activity::n_outside,
                        "Of them, drawn outside the visited states.")
          .def_readonly("n_forced", &Activity::n_forced,
                        "Of them, forced above the highest sampled stress.")
          .def_readonly("n_capped", &Activity::n_capped, "Of them, beyond the cap on X1.")
          .def_readonly("n_gaining", &Activity::n_gaining,
                        "Of them, drawn with D < 0 (kept, redrawn or clipped by energy_bound).")
          .def_readonly("heat", &Activity::heat, "Dissipation per unit volume [GPa].")
          .def_readonly("forward_strain", &Activity::forward_strain,
                        "Shear-clock strain with hazard [-].")
          .def_readonly("backward_strain", &Activity::backward_strain,
                        "Path without hazard: unloading and reloading [-].")
          .def("__repr__", [](const Activity &a) {
            return fmt::format("<seem.Activity: {} events ({} outside, {} forced, {} capped, {} "
                               "gaining), heat {:.6g} GPa, forward strain {:.6g}, backward {:.6g}>",
                               a.n_events, a.n_outside, a.n_forced, a.n_capped, a.n_gaining, a.heat,
                               a.forward_strain, a.backward_strain);
          });

      py::class_<EnergyDensity>(module, "EnergyDensity",
                                "Energies of a point per unit volume [GPa].")
          .def_readonly("elastic", &EnergyDensity::elastic, "Recoverable, shear and bulk [GPa].")
          .def_readonly("inelastic", &EnergyDensity::inelastic,
                        "Stored in the structure: X1 as an energy density, hardening [GPa].")
          .def_readonly("heat", &EnergyDensity::heat,
                        "Dissipated at fixed strain since the beginning [GPa].")
          .def("__repr__", [](const EnergyDensity &e) {
            return fmt::format(
                "<seem.EnergyDensity: elastic {:.6g}, inelastic {:.6g}, heat {:.6g} GPa>",
                e.elastic, e.inelastic, e.heat);
          });

      py::class_<PointFields>(module, "PointFields", "Scalars of a point.")
          .def_readonly("tau", &PointFields::tau, "sqrt(s:s/2), never negative [GPa].")
          .def_readonly("x1", &PointFields::x1, "X1 [eV per atom].")
          .def_readonly("plastic_shear", &PointFields::plastic_shear, "sqrt(2 e_p:e_p) [-].")
          .def_readonly("n_events", &PointFields::n_events, "Events so far.")
          .def("__repr__", [](const PointFields &f) {
            return fmt::format("<seem.PointFields: tau {:.6g} GPa, x1 {:.6g} eV, plastic_shear "
                               "{:.6g}, {} events>",
                               f.tau, f.x1, f.plastic_shear, f.n_events);
          });
    }
  } // namespace

  void bind_point(py::module_ &module)
  {
    using py::arg;
    PYBIND11_NUMPY_DTYPE(EventRow, number, copy, support, strain, tau, x1, dtau, dx1, heat,
                         plastic_shear);
    bind_records(module);

    const auto copy = [](const Point &point) { return Point(point); };
    py::class_<Point>(module, "Point",
                      "One material point: a law, its state and the total strain where it stands, "
                      "from zero. Its random numbers are\n"
                      "named by cell and quadrature point, so the path equals that of `seem point` "
                      "with cell = replica, and that of\n"
                      "the same point of a finite-element run.")
        .def(py::init([](const std::shared_ptr<MaterialLaw> &law, const std::uint64_t cell,
                         const std::uint16_t quadrature_point, const double volume_ratio,
                         const double tau, const double x1, const std::optional<double> x2) {
               return Point(law, cell, quadrature_point, volume_ratio, tau, x1, x2);
             }),
             arg("law").none(false), py::kw_only(), arg("cell") = 0, arg("quadrature_point") = 0,
             arg("volume_ratio") = 1.0, arg("tau") = 0.0, arg("x1") = 0.0, arg("x2") = py::none(),
             "cell, quadrature_point  name of the point\n"
             "volume_ratio            m = volume of the point / representative volume [-], "
             "positive\n"
             "tau                     shear stress sigma_xy at zero strain [GPa], of either sign\n"
             "x1                      X1 at zero strain [eV per atom]\n"
             "x2                      memory of the preparation X2 at zero strain [-]; None: that "
             "of "
             "the run of the database\n"
             "                        with the nearest X1")
        .def(
            "advance",
            [](Point &point, const Numbers &strain) { return point.advance(tensor_of(strain)); },
            arg("strain"),
            "Follow the straight path to a total strain (xx, yy, zz, yz, xz, xy), with all events "
            "on the way; returns\n"
            "the Activity of this step. The result does not depend on how a path is cut into "
            "steps.\n"
            "StepError if there are too many events (nothing has changed then), ValueError if the "
            "strain is not finite.")
        .def(
            "shear_to",
            [](Point &point, const double gamma) {
              return point.advance(law::simple_shear(gamma));
            },
            arg("gamma"),
            "advance() to simple shear: total strain (0, 0, 0, 0, 0, gamma/2), gamma the "
            "engineering shear strain.")
        .def_property(
            "strain", [](const Point &point) { return components_of(point.strain); },
            [](Point &point, const Numbers &strain) { point.strain = tensor_of(strain); },
            "Total strain (xx, yy, zz, yz, xz, xy), tensor components [-]. Setting it follows no "
            "path: it puts back a\n"
            "strain that belongs to a state that is set.")
        .def_property_readonly(
            "stress",
            [](const Point &point) {
              return components_of(point.law->evaluate(point.state.data(), point.strain).stress);
            },
            "Cauchy stress (xx, yy, zz, yz, xz, xy) [GPa], tension positive.")
        .def_property_readonly(
            "tangent",
            [](const Point &point) {
              return tangent_matrix(point.law->evaluate(point.state.data(), point.strain).tangent);
            },
            "The matrix T [6][6] of dstress = T @ dstrain with the events frozen [GPa], both in "
            "tensor components: the\n"
            "columns of yz, xz, xy are twice C_ijkl. Voigt's stiffness (engineering shear strains) "
            "has half of them.\n"
            "Of a law that flows without events (J2, mean flow) it is the tangent of the flow from "
            "the "
            "last advance() to strain.")
        .def_property_readonly(
            "energy",
            [](const Point &point) { return point.law->energy(point.state.data(), point.strain); },
            "EnergyDensity [GPa].")
        .def_property_readonly(
            "fields",
            [](const Point &point) { return point.law->fields(point.state.data(), point.strain); },
            "PointFields: tau, x1, plastic_shear, n_events.")
        .def_property_readonly(
            "events",
            [](const Point &point) {
              return py::array_t<EventRow>(point.events.size(), point.events.data());
            },
            "The events so far as a structured array [n]: number; copy (sub-volume); support "
            "(number "
            "of a Support);\n"
            "strain [6], where it happened;\n"
            "tau [GPa] and x1 [eV per atom] just before; dtau [GPa] and dx1 [eV per atom], the "
            "jump made, divided by m;\n"
            "heat D = -(Delta u_el + dX1) [GPa]; plastic_shear = g(before) - g(after) [-].")
        .def_readonly("activity", &Point::activity, "Activity, summed over all steps.")
        .def_property(
            "state",
            [](const Point &point) {
              return py::array_t<double>(point.state.size(), point.state.data());
            },
            &Point::set_state,
            "The numbers of the state as state_layout names them (tensors in Mandel form), "
            "[state_size], a copy.\n"
            "A state belongs to a strain: to go back to a point, set both. Or keep a copy() of the "
            "whole.")
        .def_property_readonly(
            "state_layout", [](const Point &point) { return point.law->state_layout(); },
            "List of StateField.")
        .def_property_readonly(
            "volume_ratio", [](const Point &point) { return point.data.volume_ratio; }, "m [-].")
        .def_property_readonly(
            "cell", [](const Point &point) { return point.data.key.cell; },
            "Cell in the key of the random numbers.")
        .def_property_readonly(
            "quadrature_point", [](const Point &point) { return point.data.key.quadrature_point; },
            "Quadrature point in the key.")
        .def("copy", copy,
             "A second point that stands where this one does and goes on in the same way.")
        .def("__copy__", copy)
        .def(
            "__deepcopy__", [copy](const Point &point, const py::dict &) { return copy(point); },
            arg("memo"))
        .def("__repr__", [](const Point &point) {
          const PointFields f = point.law->fields(point.state.data(), point.strain);
          return fmt::format("<seem.Point of cell {}, quadrature point {}: gamma_xy {:.6g}, tau "
                             "{:.6g} GPa, x1 {:.6g} eV, {} events>",
                             point.data.key.cell, point.data.key.quadrature_point,
                             law::sqrt2 * point.strain[5], f.tau, f.x1, f.n_events);
        });
  }
} // namespace seem::python
