// SPDX-License-Identifier: LGPL-2.1-or-later
#include "database_statistics.h"

#include <seem/core/exceptions.h>
#include <seem/io/database_file.h>
#include <seem/io/hdf5_file.h>

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace seem::io
{
  namespace
  {
    const std::string database_kind = "event database";
    const char *const table_group = "/elasticity/table";

    /// The numbers of the elasticity, by the name they have in the file and in the paper.
    struct ElasticName
    {
      const char *name, *unit, *description;
      database::FittedNumber database::ElasticConstants::*number;
    };

    const std::vector<ElasticName> elastic_names = {
        {"G0", "GPa", "shear modulus at zero stress and X1 = 0", &database::ElasticConstants::g0},
        {"uA", "eV per atom", "X1 at which the modulus vanishes", &database::ElasticConstants::u_a},
        {"tauA", "GPa", "stress scale of the quadratic term", &database::ElasticConstants::tau_a},
        {"tauB", "GPa", "stress scale of the quartic term", &database::ElasticConstants::tau_b}};

    using DatabaseGrid = std::vector<double> database::EventDatabase::*;

    /// An array over the bins: name, unit, description.
    struct GridName
    {
      const char *name, *unit, *description;
      DatabaseGrid values;
    };

    const std::vector<GridName> grid_names = {
        {"exposure", "1", "strain spent in the bin while loading forward",
         &database::EventDatabase::exposure},
        {"n_events", "1", "event increments", &database::EventDatabase::n_events},
        {"n_increments", "1", "increments that began in the bin",
         &database::EventDatabase::n_increments},
        {"rate", "1 per unit shear strain",
         "event rate lambda of the bin alone; 0 where nothing was visited",
         &database::EventDatabase::rate}};

    /// Unit of internal variable number @p i, counted from 0.
    std::string unit_of(const database::EventDatabase &database, const std::size_t i)
    {
      return database.axes[i + 1].unit;
    }

    std::vector<std::uint64_t> grid_shape(const std::vector<database::Axis> &axes)
    {
      std::vector<std::uint64_t> shape;
      for (auto axis = axes.rbegin(); axis != axes.rend(); ++axis)
        shape.push_back(axis->n_bins());
      return shape;
    }

    template <typename Function>
    auto collect(const std::vector<database::Sample> &samples, const Function &function)
    {
      std::vector<std::decay_t<decltype(std::invoke(function, samples.front()))>> values;
      for (const database::Sample &sample : samples)
        values.push_back(std::invoke(function, sample));
      return values;
    }

    void write_root(Hdf5Writer &file, const database::EventDatabase &database)
    {
      file.attribute("/", "kind", database_kind);
      file.attribute("/", "schema_version", std::int64_t(database::schema_version));
      file.attribute("/", "program", "seem");
      file.attribute("/", "program_version", database.program_version);
      file.attribute("/", "material", database.material);
      file.attribute("/", "n_atoms", database.n_atoms);
      file.attribute("/", "volume_A3", database.volume);
      file.attribute("/", "u0_eV", database.u0);
      file.attribute("/", "strain_increment", database.strain_increment);
      file.attribute("/", "minimum_events", database.minimum_events);
      file.attribute("/", "n_internal_variables", std::int64_t(database.n_internal_variables()));
      file.attribute("/", "description",
                     "Statistics of plastic events in athermal quasistatic shear of a metallic "
                     "glass, for a representative volume of n_atoms atoms and volume_A3 cubic "
                     "Angstrom. tau: shear stress, positive where the shear does work. x1 (X1): "
                     "inelastic energy per atom, measured from u0_eV together with the elastic "
                     "energy. Strains are engineering shear strains, rates are per unit strain. A "
                     "bin with fewer than minimum_events events is pooled with its nearest.");
    }

    void write_grid(Hdf5Writer &file, const database::EventDatabase &database)
    {
      file.group("/grid", "Bins of the state space. Arrays have the shape [xM]...[x1][tau]: tau, "
                          "axis 0, runs fastest.");
      for (std::size_t i = 0; i < database.axes.size(); ++i)
      {
        const std::string name = fmt::format("/grid/edges_{}", i);
        file.dataset(name, database.axes[i].edges, database.axes[i].unit,
                     fmt::format("bin edges along axis {}", i));
        file.attribute(name, "name", database.axes[i].name);
      }
      for (const GridName &grid : grid_names)
        file.dataset(std::string("/grid/") + grid.name, database.*grid.values,
                     grid_shape(database.axes), grid.unit, grid.description);
    }

    void write_events(Hdf5Writer &file, const database::EventDatabase &database)
    {
      const database::EventTable &events = database.events;
      file.group("/events", "The events one by one, in the order of samples and strain. The state "
                            "(tau, x) is that just before the event, the jump is (tau, x) -> (tau "
                            "- dtau, x + dx) at fixed strain.");
      file.dataset("/events/tau", events.tau, "GPa", "shear stress before the event");
      file.dataset("/events/dtau", events.dtau, "GPa",
                   "stress deficit at fixed strain: elastic prediction minus actual");
      for (std::size_t i = 0; i < database.n_internal_variables(); ++i)
      {
        file.dataset(fmt::format("/events/x{}", i + 1), events.x[i], unit_of(database, i),
                     "internal variable before the event");
        file.dataset(fmt::format("/events/dx{}", i + 1), events.dx[i], unit_of(database, i),
                     "change of the internal variable");
      }
      file.dataset("/events/net_dtau", events.net_dtau, "GPa",
                   "stress after the increment minus stress before it");
      file.dataset("/events/strain", events.strain, "1", "shear strain before the increment");
      file.dataset("/events/sample", events.sample, "1", "index into the arrays of /samples");
      file.dataset("/events/plastic_strain", events.plastic_strain, "1",
                   "elastic strain lost at fixed strain, g(tau', x1) - g(tau' - dtau, x1 + dx1) "
                   "with tau' the elastic prediction of the stress after the increment");
      file.dataset("/events/heat", events.heat, "eV per cell",
                   "energy lost at fixed strain between the same states, -n_atoms (Delta u_el + "
                   "dx1)");
    }

    void write_elasticity(Hdf5Writer &file, const database::EventDatabase &database)
    {
      file.group("/elasticity",
                 "u_el = Omega tau^2/(2 G0) [1/(1 - X1/uA) + (tau/tauA)^2 + (tau/tauB)^4], Omega = "
                 "volume_A3/n_atoms. An infinite scale leaves its term out. If there is a group "
                 "'table', X1 and the jumps are of that table instead.");
      file.attribute("/elasticity", "source", database.elasticity_source);
      for (const ElasticName &entry : elastic_names)
      {
        const std::string name = std::string("/elasticity/") + entry.name;
        const database::FittedNumber &number = database.elasticity.*entry.number;
        file.group(name, entry.description);
        file.attribute(name, "value", number.value);
        file.attribute(name, "standard_error", number.standard_error);
        file.attribute(name, "unit", entry.unit);
      }
    }

    void write_table(Hdf5Writer &file, const database::EventDatabase &database)
    {
      if (!database.elasticity_table)
        return;
      const database::ElasticityTable &table = *database.elasticity_table;
      const std::vector<std::uint64_t> shape = {table.x1.size(), table.tau.size()};
      file.group(table_group, "Tangent modulus G_t = d tau/d gamma of the elastic branches: 1/G_t "
                              "bilinear between the nodes, constant beyond, even in tau. Elastic "
                              "strain = integral of d tau/G_t, u_el = Omega times the integral of "
                              "tau d tau/G_t, from 0 at constant x1.");
      const std::string group = std::string(table_group) + "/";
      file.dataset(group + "tau", table.tau, "GPa", "nodes of the shear stress");
      file.dataset(group + "x1", table.x1, "eV per atom", "nodes of X1");
      file.dataset(group + "compliance", table.compliance, shape, "1/GPa",
                   "1/G_t at the nodes, [x1][tau]: a row per node of x1, tau runs fastest");
      file.dataset(group + "standard_error", table.standard_error, shape, "1/GPa",
                   "standard error of compliance, [x1][tau]; 0: not estimated");
    }

    void write_samples(Hdf5Writer &file, const database::EventDatabase &database)
    {
      using database::Sample;
      const std::vector<Sample> &samples = database.samples;
      file.group("/samples", "The runs that the database was made from.");
      file.dataset("/samples/name", collect(samples, &Sample::name), "file of the run");
      file.dataset("/samples/label", collect(samples, &Sample::label), "preparation");
      file.dataset("/samples/glass", collect(samples, &Sample::glass),
                   "glass; runs of one glass are not independent");
      file.dataset("/samples/direction", collect(samples, &Sample::direction),
                   "direction of the shear");
      file.dataset("/samples/checksum", collect(samples, &Sample::checksum),
                   "checksum of the bytes of the file");
      file.dataset("/samples/cooling_rate", collect(samples, &Sample::cooling_rate), "K/s",
                   "cooling rate, 0 if unknown");
      file.dataset("/samples/n_atoms", collect(samples, &Sample::n_atoms), "1", "atoms");
      file.dataset("/samples/volume", collect(samples, &Sample::volume), "Angstrom^3",
                   "volume of the cell");
      file.dataset("/samples/final_strain", collect(samples, &Sample::final_strain), "1",
                   "shear strain of the last row");
      file.dataset("/samples/initial_tau",
                   collect(samples, [](const Sample &sample) { return sample.initial.tau; }), "GPa",
                   "shear stress of the first row");
      for (std::size_t i = 0; i < database.n_internal_variables(); ++i)
        file.dataset(fmt::format("/samples/initial_x{}", i + 1),
                     collect(samples, [i](const Sample &sample) { return sample.initial.x[i]; }),
                     unit_of(database, i), "internal variable of the first row");
    }

    void write_settings(Hdf5Writer &file, const database::EventDatabase &database)
    {
      file.group("/settings"); // no description: every attribute is a parameter
      for (const auto &[key, value] : database.settings)
        file.attribute("/settings", key, value);
    }

    /// Reads what belongs together and holds sizes against each other.
    class DatabaseReader
    {
    public:
      explicit DatabaseReader(const std::filesystem::path &path) : path(path.string()), file(path)
      {
      }

      database::EventDatabase read();

    private:
      [[noreturn]] void fail(const std::string &message) const
      {
        throw InputError(fmt::format("{}: {}", path, message));
      }

      void check_kind() const;
      void read_root();
      void read_elasticity();
      void read_grid();
      void read_events();
      void read_samples();

      /// @throws InputError unless an array has @p expected entries
      template <typename Values>
      Values sized(Values values, const std::string &name, const std::size_t expected) const
      {
        if (values.size() != expected)
          fail(
              fmt::format("dataset {} has {} entries, expected {}", name, values.size(), expected));
        return values;
      }

      const std::string path;
      const Hdf5Reader file;
      std::size_t n_variables = 0;
      database::EventDatabase result;
    };

    void DatabaseReader::check_kind() const
    {
      if (!file.has_attribute("/", "kind") || !file.has_attribute("/", "schema_version"))
        fail("is an HDF5 file, but not an event database of seem (no attributes 'kind' and "
             "'schema_version')");
      const std::string kind = file.string_attribute("/", "kind");
      if (kind != database_kind)
        fail(fmt::format("holds '{}', expected '{}'", kind, database_kind));
      const std::int64_t version = file.integer_attribute("/", "schema_version");
      if (version < database::oldest_schema_version || version > database::schema_version)
        fail(fmt::format("found schema version {}, this program reads versions {} to {}; make the "
                         "database again with seem harvest",
                         version, database::oldest_schema_version, database::schema_version));
    }

    void DatabaseReader::read_root()
    {
      result.program_version = file.string_attribute("/", "program_version");
      result.material = file.string_attribute("/", "material");
      result.n_atoms = file.double_attribute("/", "n_atoms");
      result.volume = file.double_attribute("/", "volume_A3");
      result.u0 = file.double_attribute("/", "u0_eV");
      result.strain_increment = file.double_attribute("/", "strain_increment");
      result.minimum_events = file.double_attribute("/", "minimum_events");

      const std::int64_t n = file.integer_attribute("/", "n_internal_variables");
      if (n < 1 || n > static_cast<std::int64_t>(max_internal_variables))
        fail(fmt::format("attribute 'n_internal_variables' of / is {}, expected 1 to {}", n,
                         max_internal_variables));
      n_variables = static_cast<std::size_t>(n);

      for (const std::string &key : file.attribute_names("/settings"))
        result.settings[key] = file.string_attribute("/settings", key);
    }

    void DatabaseReader::read_elasticity()
    {
      for (const ElasticName &entry : elastic_names)
      {
        const std::string name = std::string("/elasticity/") + entry.name;
        result.elasticity.*entry.number = {file.double_attribute(name, "value"),
                                           file.double_attribute(name, "standard_error")};
      }
      // Version 1 had no tables, and named the source among the settings only.
      if (file.has_attribute("/elasticity", "source"))
        result.elasticity_source = file.string_attribute("/elasticity", "source");
      else if (const auto source = result.settings.find("elasticity");
               source != result.settings.end())
        result.elasticity_source = source->second;
      if (!file.has_object(table_group))
        return;

      const std::string group = std::string(table_group) + "/";
      database::ElasticityTable table;
      table.tau = file.doubles(group + "tau");
      table.x1 = file.doubles(group + "x1");
      const std::vector<std::uint64_t> shape = {table.x1.size(), table.tau.size()};
      const auto nodes = [&](const std::string &name) {
        if (file.shape(group + name) != shape)
          fail(fmt::format("dataset {}{} is of shape {}, expected {} x {}", group, name,
                           fmt::join(file.shape(group + name), " x "), shape[0], shape[1]));
        return file.doubles(group + name);
      };
      table.compliance = nodes("compliance");
      table.standard_error = nodes("standard_error");
      result.elasticity_table = std::move(table);
    }

    void DatabaseReader::read_grid()
    {
      for (std::size_t i = 0; i <= n_variables; ++i)
      {
        const std::string name = fmt::format("/grid/edges_{}", i);
        database::Axis axis;
        axis.edges = file.doubles(name);
        axis.name = file.string_attribute(name, "name");
        axis.unit = file.string_attribute(name, "unit");
        if (axis.edges.size() < 2)
          fail(fmt::format("dataset {} has {} entries, expected at least 2", name,
                           axis.edges.size()));
        result.axes.push_back(std::move(axis));
      }
      for (const GridName &grid : grid_names)
      {
        const std::string name = std::string("/grid/") + grid.name;
        if (file.shape(name) != grid_shape(result.axes))
          fail(fmt::format("dataset {} does not have the shape of the grid", name));
        result.*grid.values = file.doubles(name);
      }
    }

    void DatabaseReader::read_events()
    {
      database::EventTable &events = result.events;
      events.tau = file.doubles("/events/tau");
      const auto column = [&](const std::string &name) {
        return sized(file.doubles(name), name, events.tau.size());
      };
      for (std::size_t i = 1; i <= n_variables; ++i)
      {
        events.x.push_back(column(fmt::format("/events/x{}", i)));
        events.dx.push_back(column(fmt::format("/events/dx{}", i)));
      }
      events.dtau = column("/events/dtau");
      events.net_dtau = column("/events/net_dtau");
      events.strain = column("/events/strain");
      events.sample = sized(file.integers("/events/sample"), "/events/sample", events.tau.size());
      // Before version 3 they were not stored.
      if (file.integer_attribute("/", "schema_version") < 3)
        return;
      events.plastic_strain = column("/events/plastic_strain");
      events.heat = column("/events/heat");
    }

    void DatabaseReader::read_samples()
    {
      using database::Sample;
      const std::vector<std::string> names = file.strings("/samples/name");
      std::vector<Sample> &samples = result.samples;
      samples.resize(names.size());

      // Read one array and hand its entries to the samples.
      const auto strings = [&](const std::string &field, std::string Sample::*member) {
        const std::string name = "/samples/" + field;
        const auto values = sized(file.strings(name), name, samples.size());
        for (std::size_t i = 0; i < samples.size(); ++i)
          samples[i].*member = values[i];
      };
      const auto numbers = [&](const std::string &field, const auto &member) {
        const std::string name = "/samples/" + field;
        const auto values = sized(file.doubles(name), name, samples.size());
        for (std::size_t i = 0; i < samples.size(); ++i)
          std::invoke(member, samples[i]) = values[i];
      };
      strings("name", &Sample::name);
      strings("label", &Sample::label);
      strings("glass", &Sample::glass);
      strings("direction", &Sample::direction);
      strings("checksum", &Sample::checksum);
      numbers("cooling_rate", &Sample::cooling_rate);
      numbers("n_atoms", &Sample::n_atoms);
      numbers("volume", &Sample::volume);
      numbers("final_strain", &Sample::final_strain);
      numbers("initial_tau", [](Sample &sample) -> double & { return sample.initial.tau; });
      for (std::size_t i = 0; i < n_variables; ++i)
        numbers(fmt::format("initial_x{}", i + 1),
                [i](Sample &sample) -> double & { return sample.initial.x[i]; });
    }

    database::EventDatabase DatabaseReader::read()
    {
      check_kind();
      read_root();
      read_elasticity();
      read_statistics(file, result);
      read_grid();
      read_events();
      read_samples();
      read_visits(file, result);
      return std::move(result);
    }

    void check_named(const std::filesystem::path &path, const database::EventDatabase &database)
    {
      try
      {
        database::check(database);
      }
      catch (const InputError &error)
      {
        throw InputError(fmt::format("{}: {}", path.string(), error.what()));
      }
    }
  } // namespace

  void write_database(const std::filesystem::path &path, const database::EventDatabase &database)
  {
    check_named(path, database);
    Hdf5Writer file(path);
    write_root(file, database);
    write_grid(file, database);
    if (database.events.heat.size() == database.events.size())
      write_events(file, database);
    else
    {
      database::EventDatabase complete = database;
      database::complete_events(complete);
      write_events(file, complete);
    }
    write_elasticity(file, database);
    write_statistics(file, database);
    write_table(file, database);
    write_samples(file, database);
    write_visits(file, database);
    write_settings(file, database);
    file.close();
  }

  database::EventDatabase read_database(const std::filesystem::path &path)
  {
    database::EventDatabase database = DatabaseReader(path).read();
    check_named(path, database);
    database::complete_events(database);
    return database;
  }

  bool FileKind::is_event_database() const
  {
    return kind == database_kind;
  }

  FileKind file_kind(const std::filesystem::path &path)
  {
    FileKind result;
    result.is_hdf5 = Hdf5Reader::is_hdf5(path);
    if (!result.is_hdf5)
      return result;
    const Hdf5Reader file(path);
    if (file.has_attribute("/", "kind"))
      result.kind = file.string_attribute("/", "kind");
    return result;
  }
} // namespace seem::io
