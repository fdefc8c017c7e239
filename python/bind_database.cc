// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bindings.h"
#include "database_text.h"

#include <seem/core/exceptions.h>
#include <seem/core/version.h>
#include <seem/database/material.h>
#include <seem/database/state_grid.h>
#include <seem/io/database_file.h>
#include <seem/statistics/state_statistics.h>

#include <fmt/format.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <limits>
#include <map>

namespace seem::python
{
  using database::Axis;
  using database::EventDatabase;
  using database::EventTable;
  using database::FittedNumber;
  using database::Memory;
  using database::Sample;
  using database::Smoothing;

  namespace
  {
    std::vector<double> vector_of(const Numbers &numbers, const char *what)
    {
      if (numbers.ndim() != 1)
        throw InputError(fmt::format("{} must have one dimension, not {}", what, numbers.ndim()));
      return {numbers.data(), numbers.data() + numbers.size()};
    }

    /// Numbers per bin as an array [n_tau][n_x1]..., a read-only view: tau runs fastest in memory.
    py::array_t<double> grid_view(const std::vector<double> &values, const EventDatabase &database,
                                  const py::handle owner)
    {
      std::vector<py::ssize_t> shape, strides;
      py::ssize_t stride = sizeof(double);
      for (const Axis &axis : database.axes)
      {
        shape.push_back(static_cast<py::ssize_t>(axis.n_bins()));
        strides.push_back(stride);
        stride *= shape.back();
      }
      return read_only(py::array_t<double>(shape, strides, values.data(), owner));
    }

    /// The inverse of grid_view(): one number per bin, tau fastest.
    std::vector<double> bins_of(const Numbers &values, const std::vector<Axis> &axes,
                                const char *what)
    {
      bool fits = static_cast<std::size_t>(values.ndim()) == axes.size();
      for (std::size_t d = 0; fits && d < axes.size(); ++d)
        fits = static_cast<std::size_t>(values.shape(static_cast<py::ssize_t>(d))) + 1 ==
               axes[d].edges.size();
      if (!fits)
        throw InputError(fmt::format("{} must have one number per bin, [n_tau][n_x1]...", what));
      const py::array_t<double, py::array::f_style | py::array::forcecast> tau_fastest(values);
      return {tau_fastest.data(), tau_fastest.data() + tau_fastest.size()};
    }

    Sample make_sample(const std::string &name, const std::string &label, const Numbers &initial,
                       const double n_atoms, const double volume, const double final_strain,
                       const double cooling_rate, const std::string &glass,
                       const std::string &direction, const std::string &checksum)
    {
      const std::vector<double> state = vector_of(initial, "the initial state of a sample");
      return {name,
              label,
              glass,
              direction,
              cooling_rate,
              n_atoms,
              volume,
              final_strain,
              state_of(state.data(), state.size(), fmt::format("sample '{}'", name)),
              checksum};
    }

    EventTable make_events(const Numbers &tau, const Numbers &x, const Numbers &dtau,
                           const Numbers &dx, const Numbers &net_dtau, const Numbers &strain,
                           const std::vector<std::uint32_t> &sample)
    {
      const auto rows = [](const Numbers &numbers, const char *what) {
        if (numbers.ndim() != 2)
          throw InputError(
              fmt::format("{} of events must have two dimensions, [M][n_events], not {}", what,
                          numbers.ndim()));
        std::vector<std::vector<double>> result;
        for (py::ssize_t i = 0; i < numbers.shape(0); ++i)
          result.emplace_back(numbers.data(i, 0), numbers.data(i, 0) + numbers.shape(1));
        return result;
      };
      return {vector_of(tau, "tau of events"),
              rows(x, "x"),
              vector_of(dtau, "dtau of events"),
              rows(dx, "dx"),
              vector_of(net_dtau, "net_dtau of events"),
              vector_of(strain, "strain of events"),
              sample};
    }

    /// A number, or a pair of a number and its standard error, by the name of the constant.
    FittedNumber constant(const py::dict &constants, const char *name, const double otherwise)
    {
      if (!constants.contains(name))
      {
        if (otherwise > 0.0)
          return {otherwise, 0.0};
        throw InputError(fmt::format("elastic_constants: {} is missing", name));
      }
      const py::object value = constants[name];
      if (py::isinstance<FittedNumber>(value))
        return value.cast<FittedNumber>();
      return {value.cast<double>(), 0.0};
    }

    std::shared_ptr<EventDatabase>
    make_database(const std::vector<Axis> &axes, const Numbers &exposure,
                  const Numbers &n_increments, const EventTable &events,
                  const std::vector<Sample> &samples, const py::dict &elastic_constants,
                  const double n_atoms, const double volume, const double strain_increment,
                  const double u0, const double minimum_events, const std::string &material,
                  const std::map<std::string, std::string> &settings)
    {
      auto database = std::make_shared<EventDatabase>();
      database->material = material;
      database->program_version = program_version;
      database->settings = settings;
      database->n_atoms = n_atoms;
      database->volume = volume;
      database->u0 = u0;
      database->strain_increment = strain_increment;
      database->minimum_events = minimum_events;
      for (const auto &[name, value] : elastic_constants)
        if (const std::string key = py::str(name);
            key != "G0" && key != "uA" && key != "tauA" && key != "tauB")
          throw InputError(
              fmt::format("elastic_constants: '{}' is none of G0, uA, tauA, tauB", key));
      const double none = std::numeric_limits<double>::infinity();
      database->elasticity = {
          constant(elastic_constants, "G0", 0.0), constant(elastic_constants, "uA", 0.0),
          constant(elastic_constants, "tauA", none), constant(elastic_constants, "tauB", none)};
      const database::StateGrid grid(axes);
      if (axes.size() < 2)
        throw InputError("a database needs an axis for tau and one for X1");
      database->axes = axes;
      database->exposure = bins_of(exposure, axes, "exposure");
      database->n_increments = bins_of(n_increments, axes, "n_increments");
      database->events = events;
      database->samples = samples;

      const std::size_t n_x = database->n_internal_variables();
      bool complete = events.x.size() == n_x;
      for (const std::vector<double> &row : events.x)
        complete = complete && row.size() == events.size();
      if (!complete)
        throw InputError(
            fmt::format("x of the events must have the shape [{}][{}]", n_x, events.size()));
      database->n_events.assign(grid.n_bins(), 0.0);
      for (std::size_t i = 0; i < events.size(); ++i)
      {
        State state;
        state.tau = events.tau[i];
        for (std::size_t d = 0; d < n_x; ++d)
          state.x[d] = events.x[d][i];
        database->n_events[grid.clamped_bin(state)] += 1.0;
      }
      for (std::size_t bin = 0; bin < grid.n_bins(); ++bin)
        database->rate.push_back(statistics::event_rate(
            database->n_events[bin], database->n_increments[bin], database->exposure[bin]));
      check(*database);
      return database;
    }

    std::shared_ptr<EventDatabase> read(const py::object &path)
    {
      const auto name = py::module_::import("os").attr("fspath")(path).cast<std::string>();
      errno = 0;
      if (!std::ifstream(name))
      {
        PyErr_SetFromErrnoWithFilename(PyExc_OSError, name.c_str());
        throw py::error_already_set();
      }
      return std::make_shared<EventDatabase>(io::read_database(name));
    }

    void write(const EventDatabase &database, const py::object &path)
    {
      const auto name = py::module_::import("os").attr("fspath")(path).cast<std::string>();
      io::write_database(name, database);
    }

    std::vector<State> initial_states(const EventDatabase &database,
                                      const std::optional<std::string> &label)
    {
      std::vector<State> states;
      for (const Sample &sample : database.samples)
        if (!label || sample.label == *label)
          states.push_back(sample.initial);
      if (label && states.empty())
        throw InputError(fmt::format("the database has no samples labelled \"{}\"; it has {}",
                                     *label, fmt::join(labels_of(database), ", ")));
      return states;
    }

    void bind_parts(py::module_ &module)
    {
      using py::arg;
      py::class_<FittedNumber>(module, "FittedNumber",
                               "A fitted number with its standard error (0 if it was given).")
          .def(py::init<double, double>(), arg("value"), arg("standard_error") = 0.0)
          .def_readonly("value", &FittedNumber::value, "The number.")
          .def_readonly("standard_error", &FittedNumber::standard_error, "Bootstrap over samples.")
          .def("__float__", [](const FittedNumber &number) { return number.value; })
          .def("__repr__", [](const FittedNumber &number) { return with_error(number, ""); });

      py::class_<Smoothing>(module, "Smoothing",
                            "How smooth the statistics are that the law draws from.")
          .def_readonly("rate_curvature", &Smoothing::rate_curvature,
                        "kappa of the rate [-]: the second derivative of ln(lambda) over the whole "
                        "range of an axis that costs as much as one standard deviation.")
          .def_readonly("size_curvature", &Smoothing::size_curvature,
                        "kappa of the mean size of events [-].")
          .def_readonly("kernel_events", &Smoothing::kernel_events,
                        "Effective number of events that the jumps at a state are drawn from [-].")
          .def("__repr__", [](const Smoothing &s) {
            return fmt::format("<seem.Smoothing rate_curvature {:g}, size_curvature {:g}, "
                               "kernel_events {:g}>",
                               s.rate_curvature, s.size_curvature, s.kernel_events);
          });

      py::class_<Memory>(
          module, "Memory",
          "The memory of the preparation, X2 = s: at equal (tau, X1) the jumps of an "
          "event are exp(s) times\nthose of a glass that has forgotten it. It begins "
          "at mean + per_decade log10(R/reference_rate) for the\ncooling rate R and "
          "relaxes with the plastic strain, ds = -s dgamma_p/relaxation_strain.")
          .def_readonly("relaxation_strain", &Memory::relaxation_strain,
                        "Plastic strain over which s relaxes [-], a FittedNumber.")
          .def_readonly("mean", &Memory::mean,
                        "s of a glass cooled at the reference rate [-], a FittedNumber.")
          .def_readonly("per_decade", &Memory::per_decade,
                        "Change of the initial s per decade of the cooling rate [-], a "
                        "FittedNumber.")
          .def_readonly("reference_rate", &Memory::reference_rate,
                        "Cooling rate R0 [K/s]; 0: rates are unknown.")
          .def(
              "initial", &Memory::initial, arg("cooling_rate"),
              "s of a glass cooled at cooling_rate [K/s] before it is sheared; the mean if that is "
              "not positive.")
          .def("__repr__", [](const Memory &m) {
            return fmt::format("<seem.Memory mean {:.3g}, per_decade {:.3g}, relaxation_strain "
                               "{:.3g}>",
                               m.mean.value, m.per_decade.value, m.relaxation_strain.value);
          });

      py::class_<Axis>(module, "Axis", "One state variable and its bins.")
          .def(py::init([](const std::string &name, const std::string &unit, const Numbers &edges) {
                 return Axis{name, unit, vector_of(edges, "the edges of an axis")};
               }),
               arg("name"), arg("unit"), arg("edges"))
          .def_readonly("name", &Axis::name, "Name of the variable.")
          .def_readonly("unit", &Axis::unit, "Unit of the edges.")
          .def_property_readonly(
              "edges",
              [](const py::object &self) { return view(self.cast<const Axis &>().edges, self); },
              "Edges of the bins, strictly growing, [n_bins + 1].")
          .def_property_readonly("n_bins", &Axis::n_bins, "Number of bins.")
          .def("__repr__", [](const Axis &axis) {
            return fmt::format("<seem.Axis {}: {} bins from {:.5g} to {:.5g} {}>", axis.name,
                               axis.n_bins(), axis.edges.front(), axis.edges.back(), axis.unit);
          });

      py::class_<Sample>(module, "Sample", "One AQS run that a database was made from.")
          .def(py::init(&make_sample), py::kw_only(), arg("name"), arg("label"), arg("initial"),
               arg("n_atoms"), arg("volume"), arg("final_strain"), arg("cooling_rate") = 0.0,
               arg("glass") = "", arg("direction") = "", arg("checksum") = "")
          .def_readonly("name", &Sample::name, "Name of the run.")
          .def_readonly("label", &Sample::label, "Name of the preparation.")
          .def_readonly("glass", &Sample::glass,
                        "Name of the glass; one may be sheared several times.")
          .def_readonly("direction", &Sample::direction, "Direction of shear.")
          .def_readonly("cooling_rate", &Sample::cooling_rate, "Cooling rate of the quench [K/s].")
          .def_readonly("n_atoms", &Sample::n_atoms, "Number of atoms.")
          .def_readonly("volume", &Sample::volume, "Volume [Angstrom^3].")
          .def_readonly("final_strain", &Sample::final_strain, "Strain at its end [-].")
          .def_property_readonly(
              "initial",
              [](const Sample &sample) {
                return py::make_tuple(sample.initial.tau, sample.initial.x[0]);
              },
              "(tau [GPa], X1 [eV per atom]) of the first row.")
          .def_readonly("checksum", &Sample::checksum, "Of the file's bytes.")
          .def("__repr__", [](const Sample &sample) {
            return fmt::format("<seem.Sample {}: {}, initial tau = {:.4f} GPa, X1 = {:.6f} eV, to "
                               "strain {:g}>",
                               sample.name, sample.label, sample.initial.tau, sample.initial.x[0],
                               sample.final_strain);
          });

      py::class_<EventTable>(module, "EventTable",
                             "The raw events in the order of samples and strain. The state is that "
                             "just before the event, the jump\n"
                             "the deficit at fixed strain: (tau, X) -> (tau - dtau, X + dx). "
                             "Arrays [n_events] are read-only views,\n"
                             "arrays [M][n_events] copies.")
          .def(py::init(&make_events), py::kw_only(), arg("tau"), arg("x"), arg("dtau"), arg("dx"),
               arg("net_dtau"), arg("strain"), arg("sample"))
          .def("__len__", &EventTable::size)
          .def_property_readonly(
              "tau",
              [](const py::object &self) {
                return view(self.cast<const EventTable &>().tau, self);
              },
              "Shear stress before the event [GPa], [n_events].")
          .def_property_readonly(
              "x", [](const EventTable &events) { return matrix(events.x, events.size()); },
              "X before the event, X1 in eV per atom, [M][n_events].")
          .def_property_readonly(
              "dtau",
              [](const py::object &self) {
                return view(self.cast<const EventTable &>().dtau, self);
              },
              "Stress deficit at fixed strain [GPa], [n_events].")
          .def_property_readonly(
              "dx", [](const EventTable &events) { return matrix(events.dx, events.size()); },
              "Change of X, [M][n_events].")
          .def_property_readonly(
              "net_dtau",
              [](const py::object &self) {
                return view(self.cast<const EventTable &>().net_dtau, self);
              },
              "tau after the increment minus tau before it [GPa], [n_events].")
          .def_property_readonly(
              "strain",
              [](const py::object &self) {
                return view(self.cast<const EventTable &>().strain, self);
              },
              "gamma before the increment [-], [n_events].")
          .def_property_readonly(
              "sample",
              [](const py::object &self) {
                return view(self.cast<const EventTable &>().sample, self);
              },
              "Index into Database.samples, [n_events].")
          .def("__repr__", [](const EventTable &events) {
            return fmt::format("<seem.EventTable of {} events>", events.size());
          });
    }

    /// A getter of one number per bin.
    template <typename Member>
    auto per_bin(const Member member)
    {
      return [member](const py::object &self) {
        const auto &database = self.cast<const EventDatabase &>();
        return grid_view(database.*member, database, self);
      };
    }
  } // namespace

  void bind_database(py::module_ &module)
  {
    using py::arg;
    bind_parts(module);

    py::class_<EventDatabase, std::shared_ptr<EventDatabase>>(
        module, "Database",
        "Statistics of the plastic events of one glass-forming alloy: all that the stochastic law "
        "needs, with its\n"
        "provenance. Read-only. Arrays per bin have the shape [n_tau][n_x1], in the order of axes.")
        .def(py::init(&make_database), py::kw_only(), arg("axes"), arg("exposure"),
             arg("n_increments"), arg("events"), arg("samples"), arg("elastic_constants"),
             arg("n_atoms"), arg("volume"), arg("strain_increment"), arg("u0") = 0.0,
             arg("minimum_events") = 10.0, arg("material") = "",
             arg("settings") = std::map<std::string, std::string>(),
             "A database from own statistics; n_events and rate follow from them. "
             "elastic_constants: dict of G0 [GPa],\n"
             "uA [eV per atom] and, unless infinite, tauA and tauB [GPa], as numbers or "
             "FittedNumber.\n"
             "ValueError if something is missing or inconsistent.")
        .def_static("read", &read, arg("path"),
                    "Read a database that `seem harvest` or write() wrote. OSError if the file "
                    "cannot be opened,\n"
                    "ValueError if it is no complete event database; the message names the file "
                    "and the object in it.")
        .def("write", &write, arg("path"),
             "Write to one HDF5 file, first under a temporary name. Equal databases give equal "
             "bytes.")
        .def_readonly("material", &EventDatabase::material, "Free text, e.g. Cu64Zr36.")
        .def_readonly("program_version", &EventDatabase::program_version,
                      "Version of the program that wrote it.")
        .def_readonly("settings", &EventDatabase::settings,
                      "Every parameter of the harvest, as text (a copy).")
        .def_readonly("n_atoms", &EventDatabase::n_atoms, "Atoms in the representative volume.")
        .def_readonly("volume", &EventDatabase::volume, "Representative volume V_RVE [Angstrom^3].")
        .def_property_readonly("atomic_volume", &EventDatabase::atomic_volume,
                               "Volume per atom Omega [Angstrom^3].")
        .def_readonly("u0", &EventDatabase::u0, "Reference energy per atom [eV].")
        .def_readonly("strain_increment", &EventDatabase::strain_increment,
                      "Increment of the runs [-].")
        .def_readonly("minimum_events", &EventDatabase::minimum_events,
                      "A bin is pooled with its nearest until it holds so many events.")
        .def_readonly(
            "smoothing", &EventDatabase::smoothing,
            "Smoothing, if the statistics are smooth; None: they are those of pooled bins.")
        .def_readonly("memory", &EventDatabase::memory,
                      "Memory, if X2 is the memory of the preparation; else None.")
        .def_property_readonly("n_internal_variables", &EventDatabase::n_internal_variables,
                               "Number M of internal variables.")
        .def_property_readonly("n_bins", &EventDatabase::n_bins, "Number of bins.")
        .def_readonly("axes", &EventDatabase::axes, "List of Axis: tau, X1, ...")
        .def_property_readonly(
            "exposure", per_bin(&EventDatabase::exposure),
            "Visited strain of forward loading [-], [n_tau][n_x1]; a read-only view.")
        .def_property_readonly("n_events", per_bin(&EventDatabase::n_events),
                               "Event increments, [n_tau][n_x1]; a read-only view.")
        .def_property_readonly("n_increments", per_bin(&EventDatabase::n_increments),
                               "Increments visited, [n_tau][n_x1]; a read-only view.")
        .def_property_readonly(
            "rate", per_bin(&EventDatabase::rate),
            "lambda = -ln(1 - n_events/n_increments)/increment of each bin alone, per unit strain, "
            "[n_tau][n_x1];\n"
            "0 where nothing was visited; a read-only view. What the law uses is pooled_rates().")
        .def(
            "pooled_rates",
            [](const EventDatabase &database) {
              // A copy in the layout of the views.
              const std::vector<double> rates = database::event_rates(database);
              return grid_view(rates, database, py::handle());
            },
            "Rate of each bin that the law uses, after pooling or smoothing, per unit strain, "
            "[n_tau][n_x1].")
        .def_property_readonly(
            "events",
            [](const EventDatabase &database) -> const EventTable & { return database.events; },
            py::return_value_policy::reference_internal, "The raw events.")
        .def_readonly("samples", &EventDatabase::samples, "List of Sample.")
        .def_property_readonly("labels", &labels_of, "Labels of the samples, slowest cooled first.")
        .def(
            "initial_states",
            [](const EventDatabase &database, const std::optional<std::string> &label) {
              return state_rows(initial_states(database, label), database.n_internal_variables());
            },
            arg("label") = py::none(),
            "(tau [GPa], X1 [eV per atom], ...) of the first row of the samples with a label (all: "
            "None),\n"
            "[n_samples][1 + M]. ValueError if there is no such label.")
        .def_property_readonly(
            "elastic_constants",
            [](const EventDatabase &database) {
              py::dict constants;
              constants["G0"] = database.elasticity.g0;
              constants["uA"] = database.elasticity.u_a;
              constants["tauA"] = database.elasticity.tau_a;
              constants["tauB"] = database.elasticity.tau_b;
              return constants;
            },
            "Constants of Eq. (7): dict of FittedNumber, G0 [GPa], uA [eV per atom], tauA, tauB "
            "[GPa].")
        .def_property_readonly(
            "elasticity",
            [](const EventDatabase &database) {
              return std::const_pointer_cast<law::Elasticity>(elasticity_of(database));
            },
            "The Elasticity that X1 and the jumps belong to.")
        .def("__repr__", &database_line)
        .def("_repr_html_", &database_html);
  }
} // namespace seem::python
