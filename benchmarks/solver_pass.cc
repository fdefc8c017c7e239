// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * Cost of a pass of the finite-element solver: an equilibrium and the update of all points.
 *
 *   benchmark_solver_pass DATABASE DIM CELLS BEGIN END [PRECONDITIONER]
 *
 * Periodic simple shear of CELLS cells along each edge (Q1 with mean dilatation, m = 1, a state at
 * every point) with the law of DATABASE, drawn initial states, increments of 1e-3; what happens
 * between the strains BEGIN and END is measured. In the plane also beside one back-substitution of
 * the same system by deal.II's SparseDirectUMFPACK. Allocations of memory are counted. Processor
 * time of one process.
 */
#include "measure.h"

#include <seem/database/material.h>
#include <seem/io/database_file.h>
#include <seem/solver/body.h>
#include <seem/solver/load_stepper.h>

#include <deal.II/base/mpi.h>
#include <deal.II/lac/dynamic_sparsity_pattern.h>
#include <deal.II/lac/sparse_direct.h>
#include <deal.II/lac/sparse_matrix.h>
#include <deal.II/lac/sparsity_pattern.h>
#include <deal.II/lac/trilinos_sparse_matrix.h>

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <string>

namespace
{
  std::atomic<unsigned long> n_allocations{0};
}

// Every request for memory of the process, C or C++, goes through these of glibc.
extern "C" {
void *__libc_malloc(std::size_t);
void *__libc_calloc(std::size_t, std::size_t);
void *__libc_realloc(void *, std::size_t);
void *__libc_memalign(std::size_t, std::size_t);

void *malloc(const std::size_t size)
{
  ++n_allocations;
  return __libc_malloc(size);
}
void *calloc(const std::size_t n, const std::size_t size)
{
  ++n_allocations;
  return __libc_calloc(n, size);
}
void *realloc(void *memory, const std::size_t size)
{
  ++n_allocations;
  return __libc_realloc(memory, size);
}
void *aligned_alloc(const std::size_t alignment, const std::size_t size)
{
  ++n_allocations;
  return __libc_memalign(alignment, size);
}
int posix_memalign(void **memory, const std::size_t alignment, const std::size_t size)
{
  ++n_allocations;
  *memory = __libc_memalign(alignment, size);
  return *memory == nullptr ? 12 : 0; // ENOMEM
}
}

namespace
{
  using namespace seem;
  using namespace seem::benchmarks;

  /// Median processor time of a back-substitution [s].
  template <int dim>
  double back_substitution(const solver::BalanceOperator<dim> &balance)
  {
    dealii::TrilinosWrappers::SparseMatrix matrix;
    balance.make_sparsity(matrix);
    balance.assemble(matrix);
    const unsigned int n = matrix.m();
    dealii::DynamicSparsityPattern pattern(n, n);
    for (const auto &entry : matrix)
      if (entry.value() != 0.0 || entry.row() == entry.column())
        pattern.add(entry.row(), entry.column());
    dealii::SparsityPattern sparsity;
    sparsity.copy_from(pattern);
    dealii::SparseMatrix<double> copy(sparsity);
    for (const auto &entry : matrix)
      if (entry.value() != 0.0)
        copy.set(entry.row(), entry.column(), entry.value());
    for (unsigned int i = 0; i < n; ++i)
      if (copy.diag_element(i) == 0.0)
        copy.set(i, i, 1.0); // constrained
    dealii::SparseDirectUMFPACK direct;
    const double factorisation = seconds_of([&] { direct.initialize(copy); });
    dealii::Vector<double> rhs(n), solution(n);
    for (unsigned int i = 0; i < n; ++i)
      rhs[i] = std::sin(1.3 * i * i);
    const double solve = median_seconds(15, [&] { direct.vmult(solution, rhs); });
    std::printf("UMFPACK: factorisation %.3f s, back-substitution %.3f ms\n", factorisation,
                1e3 * solve);
    return solve;
  }

  template <int dim>
  void run(const std::string &file, const unsigned int n, const double begin, const double end,
           const solver::PreconditionerKind kind)
  {
    const database::EventDatabase database = io::read_database(file);
    law::SeemLawParameters law_parameters;
    law_parameters.bulk_modulus = 148.0;
    law_parameters.plane_strain = dim == 2;
    const auto law = database::make_seem_law(database, law_parameters);

    // One representative volume per point.
    const double rve = database.volume * 1e-3; // [nm^3]
    const double thickness = std::cbrt(rve), cell_edge = 2.0 * std::cbrt(rve);
    auto mesh = std::make_shared<solver::SpecimenMesh<dim>>();
    std::array<double, dim> edges;
    std::array<unsigned int, dim> n_cells;
    std::array<bool, dim> periodic;
    edges.fill(n * cell_edge);
    n_cells.fill(n);
    periodic.fill(true);
    solver::make_box<dim>(*mesh, edges, n_cells, periodic);
    const double construction = cpu_seconds();
    solver::Body<dim> body(MPI_COMM_WORLD, mesh,
                           solver::periodic_shear<dim>([](const double t) { return t; }),
                           {1, {dim == 2 ? thickness : 1.0, true}, kind});
    std::vector<law::PointData> data;
    std::vector<double> volumes;
    for (const auto &point : body.balance->quadrature_points())
    {
      data.push_back({point.key, 1.0});
      volumes.push_back(point.volume);
    }
    solver::MaterialPoints points(*law, std::move(data), std::move(volumes));
    std::vector<State> states;
    for (const database::Sample &sample : database.samples)
      if (sample.label == "q10" || database.samples.size() < 3)
        states.push_back({0.0, sample.initial.x});
    points.initialise([&](const std::size_t, const PointKey &key) {
      const double u = RandomStream(1, key).uniform(0, RandomPurpose::initial_state)[0];
      return states[static_cast<std::size_t>(u * states.size())];
    });
    solver::Equilibrium<dim> equilibrium(*body.balance, points, *body.preconditioner, body.program,
                                         MPI_COMM_WORLD, {});
    solver::LoadParameters load;
    load.final_time = end;
    load.largest_increment = 1e-3;
    solver::LoadStepper<dim> stepper(equilibrium, points, MPI_COMM_WORLD, load);
    std::printf("%dD, %u cells along each edge, %zu points, %u degrees of freedom; %.2f s until "
                "the first step\n",
                dim, n, points.size(), body.discretisation.dof_handler.n_dofs(),
                cpu_seconds() - construction);
    std::fflush(stdout);

    struct Mark
    {
      double seconds = 0.0;
      unsigned long n_passes = 0, n_events = 0, n_steps = 0, n_allocations = 0;
      solver::SolverEffort effort;
    };
    Mark first, last;
    unsigned long n_passes = 0, n_events = 0, n_steps = 0, n_quiet = 0;
    const auto mark = [&] {
      return Mark{cpu_seconds(), n_passes, n_events, n_steps, n_allocations, equilibrium.effort};
    };
    if (begin <= 0.0)
      first = mark();
    stepper.run([&](const solver::StepRecord &record) {
      n_passes += record.n_passes;
      n_events += record.n_spontaneous + record.n_triggered;
      ++n_steps;
      if (record.time > begin + 1e-9)
        n_quiet += record.n_spontaneous == 0;
      if (record.time < begin + 1e-9)
        first = mark();
      last = mark();
    });
    const double passes = last.n_passes - first.n_passes, seconds = last.seconds - first.seconds;
    const auto per_pass = [&](const double a, const double b) { return (b - a) / passes; };
    const solver::SolverEffort &a = first.effort, &b = last.effort;
    const double wall = b.law_seconds + b.strain_seconds + b.linear_seconds + b.setup_seconds -
                        (a.law_seconds + a.strain_seconds + a.linear_seconds + a.setup_seconds);
    std::printf("%lu steps (%lu without an event), %.0f passes, %lu events; in a pass %.2f Newton "
                "steps, %.2f CG steps; %lu preconditioners\n",
                last.n_steps - first.n_steps, n_quiet, passes, last.n_events - first.n_events,
                per_pass(a.n_newton_steps, b.n_newton_steps),
                per_pass(a.n_linear_steps, b.n_linear_steps),
                b.n_preconditioners - a.n_preconditioners);
    std::printf("pass: %.3f ms, %.1f ns per degree of freedom; law and statistics %.1f %%, strains "
                "and forces %.1f %%, linear systems %.1f %%, set-up %.1f %% of the timed parts "
                "(%.3f ms)\n",
                1e3 * seconds / passes,
                1e9 * seconds / passes / body.discretisation.dof_handler.n_dofs(),
                100.0 * (b.law_seconds - a.law_seconds) / wall,
                100.0 * (b.strain_seconds - a.strain_seconds) / wall,
                100.0 * (b.linear_seconds - a.linear_seconds) / wall,
                100.0 * (b.setup_seconds - a.setup_seconds) / wall, 1e3 * wall / passes);
    std::printf("allocations: %.1f a pass, %.5f a pass and point\n",
                per_pass(first.n_allocations, last.n_allocations),
                per_pass(first.n_allocations, last.n_allocations) / points.size());
    std::printf("memory %.0f MB at most\n", memory_MB("VmHWM:"));
    typename solver::Equilibrium<dim>::Vector in = equilibrium.free_displacement(), out = in;
    std::printf("operator %.3f ms, preconditioner %.3f ms\n",
                1e3 * median_seconds(15, [&] { body.balance->vmult(out, in); }),
                1e3 * median_seconds(15, [&] { body.preconditioner->vmult(out, in); }));
    std::fflush(stdout);
    // Beyond, copying the matrix takes longer than all the rest.
    if (dim == 2 && n <= 256)
    {
      const double direct = back_substitution(*body.balance);
      std::printf("pass over back-substitution: %.3f\n", seconds / passes / direct);
    }
  }
} // namespace

int main(int argc, char **argv)
{
  const dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  if (argc < 6)
  {
    std::fprintf(stderr, "usage: benchmark_solver_pass DATABASE DIM CELLS BEGIN END "
                         "[automatic|direct|multigrid|amg|spectral]\n");
    return 1;
  }
  using Kind = solver::PreconditionerKind;
  const std::string name = argc > 6 ? argv[6] : "automatic";
  const Kind kind = name == "direct"      ? Kind::direct
                    : name == "multigrid" ? Kind::multigrid
                    : name == "amg"       ? Kind::amg
                    : name == "spectral"  ? Kind::spectral
                                          : Kind::automatic;
  const auto n = static_cast<unsigned int>(std::strtoul(argv[3], nullptr, 10));
  const double begin = std::strtod(argv[4], nullptr), end = std::strtod(argv[5], nullptr);
  if (std::string(argv[2]) == "2")
    run<2>(argv[1], n, begin, end, kind);
  else
    run<3>(argv[1], n, begin, end, kind);
  return 0;
}
