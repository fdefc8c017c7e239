#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""
Long runs on 1, 2, 3 and 4 ranks with the multigrid solver: the same events in the same order, more than 1e5 of them, and histories
equal to 1e-8. $SEEM_PROGRAM names the program.
"""

import itertools
import unittest

from main_job_test import MainJob, prm, read_csv, seem

KEY = ("step", "pass", "cell", "quadrature_point", "copy", "number")


def scale(row, name):
    """What a column is measured against: stresses that vanish by symmetry against the shear stress, energies against the work."""
    if name.startswith("stress"):
        return float(row["stress_xy_GPa"])
    if name.startswith(("strain", "gamma")):
        return float(row["gamma_xy"])
    if name in ("first_law_residual_GPa", "redistribution_heat_GPa", "inelastic_GPa"):
        return float(row["work_GPa"])
    return abs(float(row[name]))


class LongRanks(MainJob):
    def compare(self, name, example, settings, n_events):
        assignments = [word for setting in (f"Database file={self.database}", "Output/Figures=false", "Output/Point paths=0",
                                            "Output/Event log=true", "Solver/Preconditioner=multigrid", *settings)
                       for word in ("--set", setting)]
        for ranks in (1, 2, 3, 4):
            seem("run", prm(example), *assignments, "--output", self.file(f"{name}{ranks}"), ranks=ranks)
        reference, history = (read_csv(self.file(f"{name}1", file)) for file in ("events.csv", "history.csv"))
        self.assertGreaterEqual(len(reference), n_events)
        for ranks in (2, 3, 4):
            events = read_csv(self.file(f"{name}{ranks}", "events.csv"))
            for i, (a, b) in enumerate(itertools.zip_longest(reference, events)):
                if a is None or b is None or any(a[key] != b[key] for key in KEY):
                    self.fail(f"{ranks} ranks: the first differing event is number {i}: {a} on one rank, {b}")
            other = read_csv(self.file(f"{name}{ranks}", "history.csv"))
            self.assertEqual(len(other), len(history))
            largest = 0.0
            for a, b in zip(history, other):
                for column in a:
                    if a[column] == b[column]:  # NaN too: no band, say
                        continue
                    difference = abs(float(a[column]) - float(b[column]))
                    size = abs(scale(a, column))
                    self.assertLessEqual(difference, 1e-8 * size, f"{ranks} ranks, {column} in step {a['step']}")
                    largest = max(largest, difference / size if size > 0 else 0.0)
            print(f"{name}: {ranks} ranks, {len(events)} events, largest difference in the history {largest:.1e}", flush=True)

    def test_in_the_plane(self):
        self.compare("plane", "simple_shear.prm", ("Specimen/Cells=32, 24", "Initial state/Label=q12", "Loading/Final strain=0.08"), 100000)

    def test_in_space(self):
        self.compare("space", "box_3d.prm", ("Specimen/Cells=8, 8, 8", "Loading/Final strain=0.1"), 100000)


if __name__ == "__main__":
    unittest.main()
