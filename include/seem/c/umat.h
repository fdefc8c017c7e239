/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SEEM_C_UMAT_H
#define SEEM_C_UMAT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * The stochastic law as a user material of Abaqus/Standard, and of the codes that call the same
 * subroutine: SUBROUTINE UMAT in Fortran, small strain, in 3D (NTENS = 6) and plane strain
 * (NTENS = 4); NDI = 3 in both. Components 11, 22, 33, 12, 13, 23, shear strains engineering.
 *
 * **Database.** The first of these environment variables that is set: SEEM_DATABASE_<CMNAME>, the
 * name of the material in capitals, all but letters and digits replaced by _; SEEM_DATABASE. It
 * names the file of `seem harvest`, as an absolute path: Abaqus runs in a directory of its own. It
 * is read at the first call for a material.
 *
 * **PROPS.** Missing numbers at the end have their defaults.
 *
 *   | PROPS | meaning                                                              | default   |
 *   |-------|----------------------------------------------------------------------|-----------|
 *   | 1     | bulk modulus K [GPa]                                                 | must be   |
 *   | 2     | seed of the random numbers, a whole number from 0                    | 1         |
 *   | 3     | m = V_q/V_RVE [-] if positive; if negative, minus the volume V_q that | 1        |
 *   |       | one integration point stands for [nm^3], m then must be 0.1 to 10    |           |
 *   | 4     | initial X1 [eV per atom]                                             | 0         |
 *   | 5     | initial shear stress 12 [GPa]                                        | 0         |
 *   | 6     | energy bound: 0 report, 1 redraw, 2 clip                             | 2         |
 *   | 7     | record: 1 hazard only beyond the record of the strain, 0 always      | 1         |
 *   | 8     | scatter of the plastic strain's direction [-]                        | 0         |
 *   | 9     | elasticity: 0 as harvested, 1 energy consistent, 2 linear             | 0         |
 *   | 10    | the model's unit of stress in GPa: 1e-3 for MPa, 1e-9 for Pa         | 1         |
 *   | 11    | initial memory of the preparation X2 [-], if the database has one    | that of the
 * run with the nearest X1 |
 *
 * STRESS, DDSDDE, SSE, SPD and SCD are in the model's unit of stress.
 *
 * **STATEV.** n + 6 numbers, n = seem_state_size(): 24 for a database with X1 alone. *DEPVAR may be
 * larger.
 *
 *   | STATEV       | meaning                                                     |
 *   |--------------|-------------------------------------------------------------|
 *   | 1            | 0: not yet initialised (what Abaqus starts from); 1: it is  |
 *   | 2            | inelastic energy at the start [GPa]                         |
 *   | 3 to n + 2   | state of the law                                            |
 *   | n + 3        | shear stress tau [GPa]                                      |
 *   | n + 4        | X1 [eV per atom]                                            |
 *   | n + 5        | plastic shear strain [-]                                    |
 *   | n + 6        | number of events                                            |
 *
 * The first call for a point, at zero strain, initialises it. Random numbers are named by NOEL and
 * the integration point, so the result does not depend on the number of threads or domains. NOEL
 * is the cell; NPT - 1 + 64 (KSPT - 1) + 1024 (LAYER - 1) the quadrature point.
 *
 * **Each call** follows the path from STRAN to STRAN + DSTRAN with all events on it, from the
 * STATEV that it is given: an iteration that is repeated gives the same bits. DDSDDE is the tangent
 * at the end with the events frozen, exact where the increment has no event. SSE is the elastic
 * energy, SPD the heat, SCD the energy stored in the structure, X1 since the start; their sum
 * grows by the work. Heat flow (RPL and its derivatives) is left as it is: the law is athermal.
 *
 * **Errors.** Where a shorter increment helps, PNEWDT is lowered to the share that may succeed and
 * nothing else is changed. Otherwise (no database, wrong PROPS, too few STATEV, strain that is not
 * finite, DROT that is not the identity: NLGEOM) a message goes to standard error, STRESS and
 * DDSDDE become NaN, STATEV stays, and XIT of Abaqus is called if the host has it.
 */
void umat_(double *stress, double *statev, double *ddsdde, double *sse, double *spd, double *scd,
           double *rpl, double *ddsddt, double *drplde, double *drpldt, const double *stran,
           const double *dstran, const double *time, const double *dtime, const double *temp,
           const double *dtemp, const double *predef, const double *dpred, const char *cmname,
           const int *ndi, const int *nshr, const int *ntens, const int *nstatv,
           const double *props, const int *nprops, const double *coords, const double *drot,
           double *pnewdt, const double *celent, const double *dfgrd0, const double *dfgrd1,
           const int *noel, const int *npt, const int *layer, const int *kspt, const int *kstep,
           const int *kinc, size_t cmname_length);

#ifdef __cplusplus
}
#endif

#endif
