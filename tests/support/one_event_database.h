// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_TESTS_SUPPORT_ONE_EVENT_DATABASE_H
#define SEEM_TESTS_SUPPORT_ONE_EVENT_DATABASE_H

#include <seem/database/event_database.h>

namespace seem::tests
{
  /// One bin, one event, of 4000 atoms of 16 A^3.
  inline database::EventDatabase one_event_database()
  {
    database::EventDatabase db;
    db.n_atoms = 4000;
    db.volume = 64000;
    db.strain_increment = 1e-3;
    db.elasticity = {{20.0, 0.0}, {0.1, 0.0}, {4.0, 0.0}, {2.0, 0.0}};
    db.axes = {{"tau", "GPa", {0.0, 2.0}}, {"X1", "eV per atom", {0.0, 0.05}}};
    db.exposure = {0.1};
    db.n_events = {1};
    db.n_increments = {100};
    db.rate = {10.0};
    db.events.tau = {1.0};
    db.events.x = {{0.01}};
    db.events.dtau = {0.1};
    db.events.dx = {{1e-5}};
    db.events.net_dtau = {-0.1};
    db.events.strain = {0.1};
    db.events.sample = {0};
    db.samples.resize(1);
    db.samples[0].n_atoms = 4000;
    db.samples[0].volume = 64000;
    return db;
  }
} // namespace seem::tests

#endif
