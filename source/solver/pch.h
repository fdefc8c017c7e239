// SPDX-License-Identifier: LGPL-2.1-or-later
// Precompiled header of the targets that use deal.II: what most of their sources include. The heavy
// matrix-free headers stay out, they are in one source only.
#ifndef SEEM_SOLVER_PCH_H
#define SEEM_SOLVER_PCH_H

#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>
#include <deal.II/distributed/tria.h>
#include <deal.II/dofs/dof_handler.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/lac/affine_constraints.h>
#include <deal.II/lac/la_parallel_vector.h>

#endif
