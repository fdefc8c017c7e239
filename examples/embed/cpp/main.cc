// SPDX-License-Identifier: LGPL-2.1-or-later
// One material point in simple shear, in C++.
//
//   embed_cpp DATABASE CELL X1      X1: what the point starts from [eV per atom]
#include <seem/core/exceptions.h>
#include <seem/io/material.h>
#include <seem/law/tensor.h>

#include <cstdio>
#include <cstdlib>
#include <limits>
#include <vector>

namespace law = seem::law;

namespace
{
  class PrintEvents : public law::EventObserver
  {
  public:
    void event(const seem::law::EventRecord &record) override
    {
      std::printf("event %u %.17g %.17g %.17g\n", record.number, record.before.tau,
                  record.jump.dtau, record.jump.dx[0]);
    }
  };
} // namespace

int main(const int argc, char **argv)
{
  if (argc != 4)
  {
    std::fprintf(stderr, "usage: embed_cpp DATABASE CELL X1\n");
    return 2;
  }
  try
  {
    law::SeemLawParameters parameters;
    parameters.bulk_modulus = 148.0; // [GPa]
    parameters.energy_bound = law::EnergyBound::clip;
    const auto material = seem::io::load_seem_law(argv[1], parameters);

    law::PointData point;
    point.key.cell = std::strtoull(argv[2], nullptr, 10);
    seem::State initial;
    initial.x[0] = std::strtod(argv[3], nullptr);
    // The memory, if the database has one: that of the run with the nearest X1.
    initial.x[1] = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> state(material->state_size());
    material->initialise(state.data(), point, initial);

    PrintEvents observer;
    law::SymmetricTensor before = law::simple_shear(0.0);
    unsigned int n_events = 0;
    std::printf("strain stress_xy_GPa X1_eV n_events\n");
    for (int i = 1; i <= 300; ++i)
    {
      const double gamma = i * 1e-3;
      const law::SymmetricTensor strain = law::simple_shear(gamma);
      const law::Activity activity =
          material->advance(state.data(), point, before, strain, &observer);
      if (activity.admissible_share < 1.0)
      {
        std::fprintf(stderr, "too many events in one step; follow %g of it\n",
                     activity.admissible_share);
        return 1;
      }
      n_events += activity.n_events;
      const double stress_xy = material->evaluate(state.data(), strain).stress[5] / law::sqrt2;
      std::printf("%.17g %.17g %.17g %u\n", gamma, stress_xy,
                  material->fields(state.data(), strain).x1, n_events);
      before = strain;
    }
  }
  catch (const seem::Error &error)
  {
    std::fprintf(stderr, "embed_cpp: %s\n", error.what());
    return 1;
  }
  return 0;
}
