/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SEEM_C_SEEM_H
#define SEEM_C_SEEM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * The material laws of seem for programs in C, and in Fortran by ISO_C_BINDING. Pure C99.
 *
 * Units: stress, moduli and energy densities GPa, energy per atom eV, volume nm^3, strain none.
 * Signs: tension positive.
 *
 * Tensors are six numbers in the order xx, yy, zz, yz, xz, xy; shear strains are engineering
 * strains, gamma_xy = 2 eps_xy. Stress times strain is then the work. A tangent is the 6 x 6 matrix
 * d stress_i/d strain_j, symmetric. Strains are total and small. Plane strain: zz, yz, xz are zero.
 *
 * The state of a point is an array of seem_state_size() doubles that the caller owns, copies, rolls
 * back and stores. Inside it tensors are in Mandel form.
 *
 * Every function of a law is pure in its arguments: the same call gives the same bits. So a law
 * may be used by many threads at once, as long as no two work on one state.
 *
 * Results: SEEM_OK (0); positive: retry with a shorter step, at most the suggested share of it;
 * negative: stop, nothing that the step could do cures it. Whenever the result is not SEEM_OK the
 * state is unchanged and seem_last_error() says what was wrong. No C++ exception leaves the
 * library.
 */

enum seem_result
{
  SEEM_OK = 0,
  SEEM_RETRY = 1,       /**< the path was too long; follow no more than the suggested share */
  SEEM_STOP_INPUT = -1, /**< wrong input: file, parameter, strain that is not finite */
  SEEM_STOP_ARGUMENT =
      -2,                /**< wrong call: null pointer, index out of range, struct of other size */
  SEEM_STOP_MEMORY = -3, /**< no memory */
  SEEM_STOP_OTHER = -4   /**< anything else, e.g. a failure inside a library */
};

/** What a law is. */
enum seem_kind
{
  SEEM_KIND_SEEM = 0,           /**< the stochastic law; needs an event database */
  SEEM_KIND_LINEAR_ELASTIC = 1, /**< sigma = 2 G dev(eps) + K tr(eps) 1; needs no file */
  SEEM_KIND_J2 = 2,             /**< J2 plasticity, linear isotropic hardening; needs no file */
  SEEM_KIND_MEAN_FLOW = 3       /**< the stochastic law's limit of many volumes; needs a database */
};

/** What to do with a drawn event that would create energy. */
enum seem_energy_bound
{
  SEEM_ENERGY_BOUND_REPORT = 0, /**< keep it and count it */
  SEEM_ENERGY_BOUND_REDRAW = 1, /**< draw again; after a fixed number of failures, clip */
  SEEM_ENERGY_BOUND_CLIP = 2    /**< lower its dX1 to the bound */
};

/** Shear elasticity between events. */
enum seem_elasticity
{
  SEEM_ELASTICITY_AS_HARVESTED = 0,      /**< the one that the database was made with */
  SEEM_ELASTICITY_ENERGY_CONSISTENT = 1, /**< Eq. (7) with the constants of the database */
  SEEM_ELASTICITY_LINEAR = 2             /**< G = G0 (1 - X1/uA) */
};

/** How seem_volume_ratio() makes m from the volume of a point. */
enum seem_volume_rule
{
  SEEM_VOLUME_RULE_CHECK = 0, /**< m = V/V_RVE, refused outside 0.1..10 */
  SEEM_VOLUME_RULE_SCALE = 1, /**< m = V/V_RVE, any */
  SEEM_VOLUME_RULE_ONE = 2    /**< m = 1 */
};

/** Parameters of a law. Fill it by seem_parameters_init(), then change what differs. */
typedef struct seem_parameters
{
  size_t size;             /**< sizeof(seem_parameters), set by seem_parameters_init() */
  double bulk_modulus;     /**< K [GPa]; must be set */
  double shear_modulus;    /**< G [GPa]; of the linear elastic and the J2 law, must be set there */
  double yield_stress;     /**< y0 in uniaxial tension [GPa]; of the J2 law, must be set there */
  double hardening;        /**< d sigma_y/d alpha [GPa]; of the J2 law; 0 */
  uint64_t seed;           /**< of the random numbers; 1 */
  double direction_spread; /**< scatter of the plastic strain about the stress deviator [-]; 0 */
  int elasticity;          /**< enum seem_elasticity; SEEM_ELASTICITY_AS_HARVESTED */
  int energy_bound;        /**< enum seem_energy_bound; SEEM_ENERGY_BOUND_CLIP */
  int record;              /**< 1: hazard only beyond the record of the elastic strain; 1 */
  int plane_strain;        /**< 1: no scatter out of the xy plane; 0 */
  int volume_rule;         /**< enum seem_volume_rule; SEEM_VOLUME_RULE_CHECK */
  uint32_t max_events_per_update; /**< more in one update: SEEM_RETRY; 100000 */
} seem_parameters;

/** A law. Made by seem_law_create(), never changed after that. */
typedef struct seem_law seem_law;

/** What the law must know of a point besides its state; constant in time. */
typedef struct seem_point
{
  uint64_t cell;             /**< number of the element: names the point's random numbers */
  uint16_t quadrature_point; /**< number of the point in it, likewise */
  double volume_ratio;       /**< m = volume of the point/V_RVE [-]; see seem_volume_ratio() */
} seem_point;

/** State that a volume starts from. */
typedef struct seem_initial
{
  double tau;  /**< shear stress xy at zero total strain [GPa] */
  double x[4]; /**< X1 [eV per atom], further internal variables, e.g. the memory X2; what is NaN
                    behind X1 is that of the run of the database with the nearest X1 */
} seem_initial;

/** One part of a point's state. The texts live as long as the law. */
typedef struct seem_state_field
{
  const char *name;
  const char *unit;
  size_t size;   /**< numbers */
  size_t offset; /**< of the first, from the beginning of the state */
} seem_state_field;

/** What happened during seem_advance(). */
typedef struct seem_activity
{
  uint32_t n_events;
  uint32_t n_outside;     /**< of them, drawn outside the visited states */
  uint32_t n_forced;      /**< of them, forced above the highest sampled stress */
  uint32_t n_capped;      /**< of them, beyond the cap on X1 */
  uint32_t n_gaining;     /**< of them, met by the energy bound */
  double heat;            /**< dissipation per unit volume [GPa] */
  double forward_strain;  /**< shear strain with hazard [-] */
  double backward_strain; /**< shear strain without hazard [-] */
} seem_activity;

/** One plastic event. */
typedef struct seem_event
{
  uint64_t cell;
  uint16_t quadrature_point;
  uint32_t number;      /**< running number of the event at this point, from 0 */
  double path;          /**< where in the update, 0..1 */
  seem_initial before;  /**< (tau, X) just before */
  double dtau;          /**< stress deficit, already divided by m [GPa] */
  double dx[4];         /**< change of X, already divided by m */
  double heat;          /**< dissipation per unit volume [GPa] */
  double plastic_shear; /**< elastic shear strain lost [-] */
} seem_event;

/** Is told of every event of an update, in order. */
typedef void (*seem_event_function)(const seem_event *event, void *context);

/** Energies of a point per unit volume [GPa]. */
typedef struct seem_energy_density
{
  double elastic;   /**< recoverable: shear and bulk */
  double inelastic; /**< stored in the structure: X1 as an energy density */
  double heat;      /**< dissipated since seem_initialise() */
} seem_energy_density;

/** Scalars of a point for output. */
typedef struct seem_point_fields
{
  double tau;           /**< sqrt(s:s/2) [GPa] */
  double x1;            /**< [eV per atom] */
  double plastic_shear; /**< sqrt(2 e_p:e_p) [-] */
  uint32_t n_events;
} seem_point_fields;

/** One atomistic run of the database: where a glass of its preparation starts. The texts live as
 *  long as the law. */
typedef struct seem_sample
{
  const char *name;
  const char *label;    /**< preparation */
  const char *glass;    /**< runs of one glass are not independent */
  double cooling_rate;  /**< [K/s], 0 if unknown */
  seem_initial initial; /**< (tau, X) of its first row */
} seem_sample;

/** Version of the library, e.g. "0.1.0". */
const char *seem_version(void);

/** What the last call in this thread complained of; "" if it did not. Never null. */
const char *seem_last_error(void);

/** Default parameters. @param[in] size  sizeof(seem_parameters) */
int seem_parameters_init(seem_parameters *parameters, size_t size);

/**
 * Make a law.
 * @param[out] law       to be destroyed by seem_law_destroy(); null on failure
 * @param[in] kind       enum seem_kind
 * @param[in] database   file of `seem harvest`; null for a kind that needs none
 */
int seem_law_create(seem_law **law, int kind, const char *database,
                    const seem_parameters *parameters);

/** Destroy a law; null is allowed. */
void seem_law_destroy(seem_law *law);

/** Number of doubles of a state; 0 if @p law is null. */
size_t seem_state_size(const seem_law *law);

/** Number of parts of a state; 0 if @p law is null. */
size_t seem_state_field_count(const seem_law *law);

/** Part @p index of a state, 0 <= index < seem_state_field_count(). */
int seem_state_field_get(const seem_law *law, size_t index, seem_state_field *field);

/** Number of atomistic runs of the database; 0 for a kind that needs none. */
size_t seem_sample_count(const seem_law *law);

/** Run @p index of the database, 0 <= index < seem_sample_count(). */
int seem_sample_get(const seem_law *law, size_t index, seem_sample *sample);

/**
 * m of a point by the volume rule of the parameters; 1 for a kind without a database.
 * @param[in] volume  V_q that the quadrature point stands for [nm^3]
 */
int seem_volume_ratio(const seem_law *law, double volume, double *volume_ratio);

/** Set up the state of a point. At zero total strain it carries the stress initial->tau in xy. */
int seem_initialise(const seem_law *law, double *state, const seem_point *point,
                    const seem_initial *initial);

/**
 * Stress, and unless @p tangent is null the tangent, at total strain @p strain with the events
 * frozen.
 * @param[out] tangent  [6][6]
 */
int seem_evaluate(const seem_law *law, const double *state, const double strain[6],
                  double stress[6], double *tangent);

/**
 * Let the point follow the straight path from @p strain_begin to @p strain_end with all events on
 * the way. The result does not depend on how a path is cut into pieces.
 * @param[in,out] state  at strain_begin; at strain_end
 * @param[out] activity  may be null; on SEEM_RETRY all zero
 * @param[out] share     may be null; 1, or on SEEM_RETRY the share of the path that may succeed
 */
int seem_advance(const seem_law *law, double *state, const seem_point *point,
                 const double strain_begin[6], const double strain_end[6], seem_activity *activity,
                 double *share);

/** The same; every event is told to @p function. On SEEM_RETRY events were told that did not stay.
 */
int seem_advance_observed(const seem_law *law, double *state, const seem_point *point,
                          const double strain_begin[6], const double strain_end[6],
                          seem_activity *activity, double *share, seem_event_function function,
                          void *context);

/** Energies at total strain @p strain, where seem_advance() left the point. */
int seem_energy(const seem_law *law, const double *state, const double strain[6],
                seem_energy_density *energy);

/** Scalars for output at total strain @p strain, where seem_advance() left the point. */
int seem_fields(const seem_law *law, const double *state, const double strain[6],
                seem_point_fields *fields);

#ifdef __cplusplus
}
#endif

#endif
