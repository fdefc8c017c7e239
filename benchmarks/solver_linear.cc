// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * The linear systems of the finite-element solver: multigrid without matrices beside a Trilinos
 * matrix with ML's algebraic multigrid.
 *
 *   benchmark_solver_linear DIM DEGREE CELLS METHOD [full | dilatation]
 *
 * A box of CELLS cells along each edge between plates (y), periodic in x (and z), moduli of
 * contrast 1.8 without correlation from point to point, K/G = 2.5. METHOD: multigrid; single
 * (multigrid in single precision); matrix (ML with each of several settings); vmult (the operator
 * alone, for runs on several ranks). Full integration, or Q1 with mean dilatation. Processor time
 * of one process; memory above that of the libraries.
 */
#include "measure.h"

#include <seem/core/random_stream.h>
#include <seem/solver/balance_operator.h>
#include <seem/solver/loading.h>
#include <seem/solver/stiffness_preconditioner.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/timer.h>
#include <deal.II/dofs/dof_tools.h>
#include <deal.II/fe/mapping_q1.h>
#include <deal.II/lac/solver_cg.h>
#include <deal.II/lac/trilinos_precondition.h>

#include <Epetra_MultiVector.h>
#include <Teuchos_ParameterList.hpp>

#include <cmath>
#include <cstdlib>
#include <functional>
#include <string>

namespace
{
  using namespace seem;
  using namespace seem::benchmarks;
  using Vector = solver::BalanceOperator<2>::Vector;

  /// A number in (-1, 1) that depends on @p i alone.
  double noise(const std::uint64_t i)
  {
    return 2.0 * RandomStream(23, {i, 0}).uniform(0, RandomPurpose::initial_state)[0] - 1.0;
  }

  /// Settings of ML; the best of them is what multigrid is compared with.
  struct Setting
  {
    const char *name;
    unsigned int sweeps;
    double threshold;
    bool rotations; ///< all rigid motions as near null space, else the translations
  };

  constexpr Setting settings[] = {{"translations, 1 sweep, threshold 0", 1, 0.0, false},
                                  {"translations, 2 sweeps, threshold 0", 2, 0.0, false},
                                  {"translations, 1 sweep, threshold 0.02", 1, 0.02, false},
                                  {"rigid motions, 1 sweep, threshold 0", 1, 0.0, true}};

  template <int dim>
  class System
  {
  public:
    System(const unsigned int degree, const unsigned int n, const bool mean_dilatation)
        : element({1.0, mean_dilatation})
    {
      std::array<double, dim> edges;
      std::array<unsigned int, dim> n_cells;
      std::array<bool, dim> periodic;
      edges.fill(1.0);
      n_cells.fill(n);
      periodic.fill(true);
      periodic[1] = false;
      solver::make_box<dim>(mesh, edges, n_cells, periodic);
      std::array<bool, dim> all;
      all.fill(true);
      prescribed = {{2, all}, {3, all}};
      discretisation = std::make_unique<solver::Discretisation<dim>>(
          MPI_COMM_WORLD, mesh, mesh.n_refinements, degree, prescribed);
      balance = solver::make_balance_operator(*discretisation, element);

      std::vector<law::SymmetricTensor> stress, of_event;
      const double h = 1.0 / n;
      for (const auto &point : balance->quadrature_points())
      {
        const std::uint64_t i = 64 * point.key.cell + point.key.quadrature_point;
        const double shear = std::exp(0.3 * noise(i));
        tangents.push_back({2.5, shear, shear, law::SymmetricTensor::Zero()});
        stress.push_back(law::simple_shear(noise(i + 7)));
        bool in_cell = true; // the cell above the middle
        for (unsigned int d = 0; d < dim; ++d)
          in_cell = in_cell && point.position[d] > 0.5 && point.position[d] < 0.5 + h;
        of_event.push_back(in_cell ? law::simple_shear(1.0) : law::simple_shear(0.0));
      }
      balance->set_tangents(tangents);
      for (Vector *v : {&rough, &event, &solution})
        balance->initialise_vector(*v);
      balance->internal_forces(stress, rough);
      balance->internal_forces(of_event, event);
    }

    /// CG; prints steps and processor time. @return that of the solve to 1e-8 [s]
    template <typename Matrix, typename Preconditioner>
    double solve(const char *name, const Matrix &matrix, const Preconditioner &preconditioner)
    {
      struct Solve
      {
        const char *of;
        const Vector *rhs;
        double tolerance;
      };
      double seconds = 0.0;
      std::printf("  %-40s", name);
      for (const Solve &s : {Solve{"1e-8", &rough, 1e-8}, Solve{"event 1e-4", &event, 1e-4},
                             Solve{"event 1e-3", &event, 1e-3}})
      {
        unsigned int steps = 0;
        const double t = median_seconds(3, [&] {
          dealii::SolverControl control(500, s.tolerance * s.rhs->l2_norm());
          dealii::SolverCG<Vector> cg(control);
          solution = 0.0;
          cg.solve(matrix, solution, *s.rhs, preconditioner);
          steps = control.last_step();
        });
        std::printf("  %s: %3u steps %7.3f s", s.of, steps, t);
        if (s.tolerance == 1e-8)
          seconds = t;
      }
      std::printf("\n");
      std::fflush(stdout);
      return seconds;
    }

    void multigrid(const solver::MultigridPrecision precision)
    {
      const double memory = memory_MB("VmRSS:");
      std::unique_ptr<solver::StiffnessPreconditioner<dim>> preconditioner;
      const double setup = seconds_of([&] {
        preconditioner =
            solver::make_preconditioner<dim>(solver::PreconditionerKind::multigrid, mesh,
                                             *discretisation, prescribed, element, precision);
      });
      const double update = seconds_of([&] { preconditioner->update(*balance, tangents); });
      solve("multigrid", *balance, *preconditioner);
      std::printf("  set-up %.2f s, update %.2f s; memory of the preconditioner %.0f MB\n", setup,
                  update, memory_MB("VmHWM:") - memory);
      const double vmult = median_seconds(7, [&] { balance->vmult(solution, rough); });
      const double cycle = median_seconds(7, [&] { preconditioner->vmult(solution, rough); });
      std::printf("  operator %.4f s, cycle %.4f s\n", vmult, cycle);
    }

    void matrix()
    {
      const double memory = memory_MB("VmRSS:");
      dealii::TrilinosWrappers::SparseMatrix matrix;
      const double assembly = seconds_of([&] {
        balance->make_sparsity(matrix);
        balance->assemble(matrix);
      });
      std::printf("  matrix: %.2f s, %.0f MB, %.1f entries a row\n", assembly,
                  memory_MB("VmRSS:") - memory,
                  static_cast<double>(matrix.n_nonzero_elements()) / matrix.m());
      for (const Setting &setting : settings)
      {
        dealii::TrilinosWrappers::PreconditionAMG amg;
        const double setup = seconds_of([&] { initialise(amg, matrix, setting); });
        solve(setting.name, matrix, amg);
        std::printf("  set-up %.2f s; matrix and preconditioner %.0f MB\n", setup,
                    memory_MB("VmRSS:") - memory);
      }
      const double vmult = median_seconds(7, [&] { matrix.vmult(solution, rough); });
      std::printf("  matrix times vector %.4f s; peak %.0f MB\n", vmult,
                  memory_MB("VmHWM:") - memory);
    }

    /// Wall time of the operator, and of conjugate gradients with multigrid, on all ranks.
    void vmult()
    {
      const auto wall = [](const unsigned int n, const std::function<void()> &work) {
        std::vector<double> seconds;
        for (unsigned int i = 0; i < n; ++i)
        {
          MPI_Barrier(MPI_COMM_WORLD);
          dealii::Timer timer;
          work();
          MPI_Barrier(MPI_COMM_WORLD);
          seconds.push_back(timer.wall_time());
        }
        return *std::min_element(seconds.begin(), seconds.end());
      };
      const double vmult = wall(21, [&] { balance->vmult(solution, rough); });
      const auto preconditioner = solver::make_preconditioner<dim>(
          solver::PreconditionerKind::multigrid, mesh, *discretisation, prescribed, element);
      preconditioner->update(*balance, tangents);
      const double solve = wall(3, [&] {
        dealii::SolverControl control(500, 1e-8 * rough.l2_norm());
        dealii::SolverCG<Vector> cg(control);
        solution = 0.0;
        cg.solve(*balance, solution, rough, *preconditioner);
      });
      if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
        std::printf("ranks %u, operator %.5f s, solve %.4f s (least wall time)\n",
                    dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD), vmult, solve);
    }

    unsigned long n_dofs() const
    {
      return discretisation->dof_handler.n_dofs();
    }

  private:
    void initialise(dealii::TrilinosWrappers::PreconditionAMG &amg,
                    const dealii::TrilinosWrappers::SparseMatrix &matrix, const Setting &setting)
    {
      dealii::TrilinosWrappers::PreconditionAMG::AdditionalData options;
      options.elliptic = true;
      options.higher_order_elements = discretisation->degree > 1;
      options.smoother_sweeps = setting.sweeps;
      options.aggregation_threshold = setting.threshold;
      dealii::DoFTools::extract_constant_modes(discretisation->dof_handler, dealii::ComponentMask(),
                                               options.constant_modes);
      if (!setting.rotations)
      {
        amg.initialize(matrix, options);
        return;
      }
      Teuchos::ParameterList parameters;
      std::unique_ptr<Epetra_MultiVector> translations;
      options.set_parameters(parameters, translations, matrix.trilinos_matrix());
      constexpr int n_modes = dim * (dim + 1) / 2;
      Epetra_MultiVector modes(matrix.trilinos_matrix().OperatorDomainMap(), n_modes);
      std::map<dealii::types::global_dof_index, dealii::Point<dim>> places;
      const dealii::MappingQ1<dim> mapping;
      dealii::DoFTools::map_dofs_to_support_points(mapping, discretisation->dof_handler, places);
      unsigned int local = 0;
      for (const auto i : discretisation->dof_handler.locally_owned_dofs())
      {
        const dealii::Point<dim> x = places.at(i);
        unsigned int c = 0;
        for (unsigned int d = 0; d < dim; ++d)
          if (options.constant_modes[d][local])
            c = d;
        modes[c][local] = 1.0;
        for (int mode = dim; mode < n_modes; ++mode)
        {
          const unsigned int axis = dim == 2 ? 2 : mode - dim;
          const unsigned int a = (axis + 1) % 3, b = (axis + 2) % 3;
          modes[mode][local] = c == b ? x[a] : c == a ? -x[b] : 0.0;
        }
        ++local;
      }
      parameters.set("null space: type", "pre-computed");
      parameters.set("null space: dimension", n_modes);
      parameters.set("null space: vectors", modes.Values());
      amg.initialize(matrix, parameters);
    }

    solver::SpecimenMesh<dim> mesh;
    solver::ElementSettings element;
    solver::PrescribedComponents<dim> prescribed;
    std::unique_ptr<solver::Discretisation<dim>> discretisation;
    std::unique_ptr<solver::BalanceOperator<dim>> balance;
    std::vector<law::Tangent> tangents;
    Vector rough, event, solution;
  };

  template <int dim>
  void run(const unsigned int degree, const unsigned int n, const std::string &method,
           const bool mean_dilatation)
  {
    const double libraries = memory_MB("VmRSS:");
    System<dim> system(degree, n, mean_dilatation);
    if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
      std::printf("%dD, degree %u%s, %u cells along each edge, %lu degrees of freedom\n", dim,
                  degree, mean_dilatation ? " with mean dilatation" : "", n, system.n_dofs());
    if (method == "multigrid")
      system.multigrid(solver::MultigridPrecision::double_precision);
    else if (method == "single")
      system.multigrid(solver::MultigridPrecision::single_precision);
    else if (method == "matrix")
      system.matrix();
    else
      system.vmult();
    if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
      std::printf("  whole process less libraries: %.0f MB at most\n",
                  memory_MB("VmHWM:") - libraries);
  }
} // namespace

int main(int argc, char **argv)
{
  const dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  const std::string method = argc > 4 ? argv[4] : "";
  if (method != "multigrid" && method != "single" && method != "matrix" && method != "vmult")
  {
    std::fprintf(stderr,
                 "usage: benchmark_solver_linear DIM DEGREE CELLS multigrid|single|matrix|vmult "
                 "[full|dilatation]\n");
    return 1;
  }
  const auto number = [&](const int i) {
    return static_cast<unsigned int>(std::strtoul(argv[i], nullptr, 10));
  };
  const bool mean_dilatation = argc > 5 && std::string(argv[5]) == "dilatation";
  if (number(1) == 2)
    run<2>(number(2), number(3), method, mean_dilatation);
  else
    run<3>(number(2), number(3), method, mean_dilatation);
  return 0;
}
