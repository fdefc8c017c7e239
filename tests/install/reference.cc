// SPDX-License-Identifier: LGPL-2.1-or-later
// What the examples in examples/embed must print, from the layers of the build tree:
//
//   reference MANIFEST LABEL DATABASE CELL X1
//
// writes DATABASE, a harvest of the runs of LABEL, and prints the path of a point as
// run_point_ensemble() makes it.
#include <seem/database/material.h>
#include <seem/io/database_file.h>
#include <seem/io/manifest.h>
#include <seem/io/table_reader.h>
#include <seem/law/seem_law.h>
#include <seem/statistics/harvest.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace
{
  seem::database::EventDatabase harvest(const std::string &manifest, const std::string &label)
  {
    std::vector<seem::statistics::Trajectory> runs;
    for (const seem::io::ManifestEntry &entry : seem::io::read_manifest(manifest))
      if (entry.info.label == label)
        runs.push_back(seem::io::read_trajectory(entry.path, entry.info));
    seem::statistics::HarvestSettings settings;
    settings.n_bootstrap = 0;
    return seem::statistics::harvest(runs, settings).database;
  }

  class PrintEvents : public seem::law::EventObserver
  {
  public:
    void event(const seem::law::EventRecord &record) override
    {
      std::printf("event %u %.17g %.17g %.17g\n", record.number, record.before.tau,
                  record.jump.dtau, record.jump.dx[0]);
    }
  };

  void print_path(const seem::database::EventDatabase &database, const std::uint64_t cell,
                  const double x1)
  {
    using namespace seem;
    law::SeemLawParameters parameters;
    parameters.bulk_modulus = 148.0;
    parameters.energy_bound = law::EnergyBound::clip;
    const database::ElasticConstants &c = database.elasticity;
    const law::SeemLaw law(
        std::make_shared<const law::TaylorElasticity>(c.g0.value, c.u_a.value, c.tau_a.value,
                                                      c.tau_b.value, database.atomic_volume()),
        database::make_event_source(database), parameters);

    const law::PointData point = {{cell, 0}, 1.0};
    State initial;
    initial.x[0] = x1;
    // The memory, if the database has one: that of the run with the nearest X1.
    initial.x[1] = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> state(law.state_size());
    law.MaterialLaw::initialise(state.data(), point, initial);
    PrintEvents observer;
    law::SymmetricTensor before = law::simple_shear(0.0);
    unsigned int n_events = 0;
    for (int i = 1; i <= 300; ++i)
    {
      const law::SymmetricTensor strain = law::simple_shear(i * 1e-3);
      n_events += law.advance(state.data(), point, before, strain, &observer).n_events;
      std::printf("%.17g %.17g %.17g %u\n", i * 1e-3,
                  law.evaluate(state.data(), strain).stress[5] / law::sqrt2,
                  law.fields(state.data(), strain).x1, n_events);
      before = strain;
    }
  }
} // namespace

int main(const int argc, char **argv)
{
  if (argc != 6)
    return 2;
  try
  {
    const seem::database::EventDatabase database = harvest(argv[1], argv[2]);
    seem::io::write_database(argv[3], database);
    print_path(database, std::strtoull(argv[4], nullptr, 10), std::strtod(argv[5], nullptr));
  }
  catch (const std::exception &error)
  {
    std::fprintf(stderr, "reference: %s\n", error.what());
    return 1;
  }
  return 0;
}
