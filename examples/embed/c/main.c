/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One material point in simple shear, in C.
 *
 *   embed_c DATABASE CELL X1      X1: what the point starts from [eV per atom]
 */
#include <seem/c/seem.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void print_event(const seem_event *event, void *context)
{
  (void) context;
  printf("event %u %.17g %.17g %.17g\n", (unsigned) event->number, event->before.tau, event->dtau,
         event->dx[0]);
}

/* 0, or the exit status after a message. */
static int failed(const int result)
{
  if (result != SEEM_OK)
    fprintf(stderr, "embed_c: result %d: %s\n", result, seem_last_error());
  return result != SEEM_OK;
}

static int shear(const seem_law *law, double *state, const seem_point *point)
{
  double before[6] = {0, 0, 0, 0, 0, 0};
  unsigned n_events = 0;
  printf("strain stress_xy_GPa X1_eV n_events\n");
  for (int i = 1; i <= 300; ++i)
  {
    const double gamma = i * 1e-3;
    const double strain[6] = {0, 0, 0, 0, 0, gamma};
    double stress[6], tangent[36], share;
    seem_activity activity;
    seem_point_fields fields;
    const int result = seem_advance_observed(law, state, point, before, strain, &activity, &share,
                                             print_event, NULL);
    if (result > 0)
      fprintf(stderr, "a finite-element code would now take %g of the step\n", share);
    if (failed(result) || failed(seem_evaluate(law, state, strain, stress, tangent)) ||
        failed(seem_fields(law, state, strain, &fields)))
      return 1;
    n_events += activity.n_events;
    printf("%.17g %.17g %.17g %u\n", gamma, stress[5], fields.x1, n_events);
    before[5] = gamma;
  }
  return 0;
}

int main(const int argc, char **argv)
{
  if (argc != 4)
  {
    fprintf(stderr, "usage: embed_c DATABASE CELL X1\n");
    return 2;
  }

  seem_parameters parameters;
  seem_law *law;
  if (failed(seem_parameters_init(&parameters, sizeof(parameters))))
    return 1;
  parameters.bulk_modulus = 148.0; /* [GPa] */
  if (failed(seem_law_create(&law, SEEM_KIND_SEEM, argv[1], &parameters)))
    return 1;

  /* What a state holds, for output and checkpoints. */
  for (size_t i = 0; i < seem_state_field_count(law); ++i)
  {
    seem_state_field field;
    if (failed(seem_state_field_get(law, i, &field)))
      return 1;
    printf("state %zu %zu %s [%s]\n", field.offset, field.size, field.name, field.unit);
  }

  seem_point point = {strtoull(argv[2], NULL, 10), 0, 1.0};
  seem_initial initial = {
      0.0, {strtod(argv[3], NULL), NAN, 0, 0}}; /* NAN: the memory of the run with the nearest X1 */
  double *state = malloc(seem_state_size(law) * sizeof(double));
  int status = state == NULL || failed(seem_initialise(law, state, &point, &initial)) ||
               shear(law, state, &point);
  free(state);
  seem_law_destroy(law);
  return status;
}
