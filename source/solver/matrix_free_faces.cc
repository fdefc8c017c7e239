// SPDX-License-Identifier: LGPL-2.1-or-later
// Face integrals of deal.II's matrix-free layer for the widths of wide_vectorization.h. The set-up
// of its geometry refers to them, but nothing here integrates over faces: this file is compiled
// without optimisation, which spares a minute.
#include "wide_vectorization.h"

#ifdef SEEM_OWN_VECTORIZATION

#define FE_EVAL_FACTORY_DEGREE_MAX 2
#include <deal.II/matrix_free/evaluation_template_face_factory.templates.h>

namespace dealii
{
  template struct internal::FEFaceEvaluationFactory<2, seem::solver::WideDouble>;
  template struct internal::FEFaceEvaluationFactory<3, seem::solver::WideDouble>;
  template struct internal::FEFaceEvaluationFactory<2, seem::solver::WideFloat>;
  template struct internal::FEFaceEvaluationFactory<3, seem::solver::WideFloat>;
} // namespace dealii

#endif
