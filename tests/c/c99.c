/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The header as C99 sees it, and the interface called from C. Compiled with -Wpedantic -Werror. */
#include <seem/c/seem.h>
#include <seem/c/umat.h>

#include <string.h>

/* Fortran's view of it is in examples/embed/umat; C can take its address. */
void (*const seem_c99_umat)(void) = (void (*)(void)) umat_;

/* 0, or the number of the check that failed. */
int seem_c99_check(void)
{
  seem_parameters parameters;
  seem_law *law = NULL;
  const seem_point point = {3, 1, 1.0};
  const seem_initial initial = {0.0, {0.0, 0.0, 0.0, 0.0}};
  const double zero[6] = {0, 0, 0, 0, 0, 0}, strain[6] = {1e-3, 0, 0, 0, 0, 2e-3};
  double state[1], stress[6], tangent[36], share = 0.0;

  if (seem_parameters_init(&parameters, sizeof(parameters)) != SEEM_OK)
    return 1;
  parameters.bulk_modulus = 90.0;
  parameters.shear_modulus = 30.0;
  if (seem_law_create(&law, SEEM_KIND_LINEAR_ELASTIC, NULL, &parameters) != SEEM_OK)
    return 2;
  if (seem_state_size(law) > 1 || seem_initialise(law, state, &point, &initial) != SEEM_OK)
    return 3;
  if (seem_advance(law, state, &point, zero, strain, NULL, &share) != SEEM_OK || share != 1.0)
    return 4;
  if (seem_evaluate(law, state, strain, stress, tangent) != SEEM_OK)
    return 5;
  /* sigma_xx = (K + 4G/3) eps, sigma_yy = (K - 2G/3) eps, sigma_xy = G gamma. */
  if (stress[0] < 0.1299999 || stress[0] > 0.1300001 || stress[1] < 0.0699999 ||
      stress[1] > 0.0700001 || stress[5] < 0.0599999 || stress[5] > 0.0600001)
    return 6;
  if (strcmp(seem_last_error(), "") != 0 || strlen(seem_version()) < 5)
    return 7;
  seem_law_destroy(law);
  return 0;
}
