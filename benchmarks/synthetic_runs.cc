// SPDX-License-Identifier: LGPL-2.1-or-later
// Synthetic athermal quasistatic runs as text, quickly: synthetic_runs DIRECTORY RUNS ROWS.
//
// Each run is sheared in increments of 0.5/ROWS on the branches of the energy-consistent law of the
// paper's Table I; an increment holds an event with probability 0.0044 tau^2, which takes a random
// share of the stress and drives X1 towards a steady value. The numbers only have to look like
// runs: a harvest must find branches, noise and events in them.
#include <seem/law/elasticity.h>

#include <fmt/format.h>
#include <fmt/os.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace
{
  constexpr double n_atoms = 4000.0, volume = 63426.0, u0 = -4.6; // Angstrom^3, eV

  void write_run(const std::string &path, const unsigned int seed, const double initial_x1,
                 const std::size_t n_rows)
  {
    const seem::law::TaylorElasticity elasticity(25.57, 0.101, 8.7, 2.91, volume / n_atoms);
    std::mt19937_64 generator(seed);
    std::uniform_real_distribution<double> uniform;
    std::normal_distribution<double> normal;

    auto file = fmt::output_file(path);
    file.print("# strain pe_eV tau_GPa\n");
    const double dgamma = 0.5 / static_cast<double>(n_rows);
    double tau = 0.05 * (uniform(generator) - 0.5), x1 = initial_x1;
    for (std::size_t i = 0; i < n_rows; ++i)
    {
      const double energy = u0 + x1 + elasticity.elastic_energy(tau, x1);
      file.print("{:.6f} {:.8f} {:.8f}\n", dgamma * static_cast<double>(i),
                 n_atoms * energy + 1e-7 * normal(generator), tau + 1e-6 * normal(generator));
      tau = elasticity.stress(elasticity.elastic_strain(tau, x1) + dgamma, x1);
      if (uniform(generator) < 0.0044 * tau * tau * dgamma / 1e-5)
      {
        const double dtau = 0.1 * uniform(generator) * tau;
        x1 += 0.05 * dtau * (0.02 - x1) * uniform(generator);
        tau -= dtau;
      }
    }
  }
} // namespace

int main(const int argc, char **argv)
{
  if (argc != 4)
  {
    std::fprintf(stderr, "usage: synthetic_runs DIRECTORY RUNS ROWS\n");
    return 2;
  }
  const std::string directory = argv[1];
  const unsigned long n_runs = std::strtoul(argv[2], nullptr, 10);
  const unsigned long n_rows = std::strtoul(argv[3], nullptr, 10);
  auto manifest = fmt::output_file(directory + "/manifest.csv");
  manifest.print("file,atoms,volume_A3,label,cooling_rate_K_per_s,glass,direction\n");
  constexpr unsigned long n_labels = 9;
  for (unsigned long i = 0; i < n_runs; ++i)
  {
    const std::string name = fmt::format("run{:04}.txt", i);
    write_run(directory + "/" + name, static_cast<unsigned int>(i + 1),
              0.0012 * static_cast<double>(i % n_labels), n_rows);
    manifest.print("{},{},{},x{},{},{},{}\n", name, n_atoms, volume, i % n_labels,
                   1e10 * (2UL << (i % n_labels)), i / n_labels / 2,
                   i / n_labels % 2 == 0 ? "+xy" : "+yz");
  }
  return 0;
}
