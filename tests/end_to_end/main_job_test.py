#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""
The main job, end to end, with the shipped parameter files and data. $SEEM_PROGRAM names the program.

The bounds are what the project promises its users: the point model within 15 % of the atomistic means, the first law of the
finite-element run within 0.5 %, the same events on any number of ranks, every point of a homogeneous cell equal to `seem point`.
"""

import csv
import os
import shutil
import subprocess
import tempfile
import unittest

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("SEEM_PROGRAM", "seem")
ENVIRONMENT = dict(os.environ, OMP_NUM_THREADS="1", DEAL_II_NUM_THREADS="1", OMPI_ALLOW_RUN_AS_ROOT="1",
                   OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", OMPI_MCA_rmaps_base_oversubscribe="1",
                   OMPI_MCA_btl_vader_single_copy_mechanism="none")
LABELS = ("q8", "q10", "q12")


def prm(name):
    return os.path.join(SOURCE, "prm", name)


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def seem(*arguments, ranks=0, expect_success=True):
    # More ranks than cores: waiting ranks must give way.
    environment = dict(ENVIRONMENT, OMPI_MCA_mpi_yield_when_idle="1") if ranks > 2 else ENVIRONMENT
    prefix = ["mpirun", "-n", str(ranks)] if ranks else []
    result = subprocess.run([*prefix, PROGRAM, *arguments], capture_output=True, text=True, check=False, env=environment)
    if expect_success and result.returncode != 0:
        raise AssertionError(f"seem {' '.join(arguments)} ended with {result.returncode}:\n{result.stdout}\n{result.stderr}")
    return result


class MainJob(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.directory = scratch.name
        cls.harvest = seem("harvest", prm("harvest_cu64zr36.prm"), "--output", cls.file("harvest"))
        cls.database = cls.file("harvest", "cu64zr36.h5")

    @classmethod
    def file(cls, *names):
        return os.path.join(cls.directory, *names)

    def run_shear(self, name, *settings, ranks, expect_success=True):
        arguments = [f"Database file={self.database}", "Output/Figures=false", "Output/Point paths=0", *settings]
        assignments = [word for setting in arguments for word in ("--set", setting)]
        return seem("run", prm("simple_shear.prm"), *assignments, "--output", self.file(name), ranks=ranks,
                    expect_success=expect_success)


class Harvest(MainJob):
    def test_report_names_samples_events_fits_and_out_of_range_uses(self):
        for word in ("13 runs of 7 glasses", "Increments: 45000", "union", "floors", "G0", "uA", "tauA", "tauB", "+-", "pooled"):
            self.assertIn(word, self.harvest.stdout)
        self.assertTrue(os.path.getsize(self.database) > 10000)

    def test_info_reads_the_database(self):
        text = seem("info", self.database).stdout
        for word in ("schema", "q8", "q10", "q12", "G0"):
            self.assertIn(word, text)


class Point(MainJob):
    def test_peaks_and_end_stresses_are_within_15_percent_of_the_runs(self):
        seem("point", prm("point_cu64zr36.prm"), "--set", f"Database file={self.database}", "--set", "Figures=false",
             "--set", "Integrator=both", "--output", self.file("point"))
        rows = {(row["label"], row["source"]): row for row in read_csv(self.file("point", "summary.csv"))}
        for label in LABELS:
            for source in ("model", "bernoulli"):
                row = rows[label, source]
                for column in ("yield_peak_GPa", "end_stress_GPa"):
                    ratio = float(row[column]) / float(row["aqs_" + column])
                    self.assertLess(abs(ratio - 1.0), 0.15, f"{label} {source} {column}")
        for name in ("mean.csv", "paths.csv", "grid.csv", "point.h5"):
            self.assertTrue(os.path.exists(self.file("point", name)), name)

    def test_both_integrators_agree_to_first_order_in_the_increment(self):
        seem("point", prm("point_cu64zr36.prm"), "--set", f"Database file={self.database}", "--set", "Figures=false",
             "--set", "Integrator=both", "--set", "Ensemble/Paths per label=400", "--set", "Strain/Final strain=0.2",
             "--output", self.file("both"))
        mean = read_csv(self.file("both", "mean.csv"))
        for label in LABELS:
            curves = {source: [(float(row["tau_GPa"]), float(row["tau_se_GPa"])) for row in mean
                               if row["label"] == label and row["source"] == source] for source in ("model", "bernoulli")}
            self.assertEqual(len(curves["model"]), len(curves["bernoulli"]))
            for (a, sa), (b, sb) in zip(curves["model"], curves["bernoulli"]):
                # 5 standard errors, and lambda dgamma/2 of the plastic share: 2e-4 x 500/2 x 2 GPa
                self.assertLess(abs(a - b), 5.0 * (sa ** 2 + sb ** 2) ** 0.5 + 0.1)


class Homogeneous(MainJob):
    def test_every_point_of_a_homogeneous_cell_is_seem_point_with_its_key(self):
        self.run_shear("cell", "Specimen/Cells=1, 1", "Initial state/Kind=constant", "Initial state/Label=",
                       "Initial state/X1=0.008", "Loading/Final strain=0.15", "Seed=7", ranks=1)
        points = read_csv(self.file("cell", "final_field.csv"))
        self.assertEqual(len(points), 4)
        for point in points:
            name = "point" + point["quadrature_point"]
            seem("point", prm("point_cu64zr36.prm"), "--set", f"Database file={self.database}", "--set", "Figures=false",
                 "--set", "Ensemble/Seed=7", "--set", "Ensemble/Initial state=constant", "--set", "Ensemble/Initial X1=0.008",
                 "--set", "Ensemble/Paths per label=1", "--set", f"Ensemble/First replica={point['cell']}",
                 "--set", f"Ensemble/Quadrature point={point['quadrature_point']}", "--set", "Ensemble/Paths shown=1",
                 "--set", "Strain/Final strain=0.15", "--set", "Runs/Manifest=", "--output", self.file(name))
            last = [row for row in read_csv(self.file(name, "paths.csv")) if row["source"] == "model"][-1]
            self.assertAlmostEqual(float(last["strain"]), 0.15, delta=1e-12)
            self.assertGreater(int(point["n_events"]), 20)
            # tau of the field is sqrt(s:s/2), that of the path is signed
            self.assertAlmostEqual(float(point["tau_GPa"]), abs(float(last["tau_GPa"])), delta=1e-10)
            self.assertAlmostEqual(float(point["x1_eV"]), float(last["x1_eV"]), delta=1e-12)


class Ranks(MainJob):
    def test_events_and_history_are_the_same_on_1_2_and_4_ranks(self):
        # Past yield of a fast-quenched glass, with avalanches over many passes.
        settings = ("Specimen/Cells=16, 8", "Initial state/Label=q12", "Loading/Final strain=0.12", "Output/Event log=true")
        for ranks in (1, 2, 4):
            self.run_shear(f"ranks{ranks}", *settings, ranks=ranks)
        key = ("step", "pass", "cell", "quadrature_point", "number")
        reference = read_csv(self.file("ranks1", "events.csv"))
        history = read_csv(self.file("ranks1", "history.csv"))
        self.assertGreater(len(reference), 20000)
        self.assertGreater(max(int(row["n_passes"]) for row in history), 10)
        for ranks in (2, 4):
            events = read_csv(self.file(f"ranks{ranks}", "events.csv"))
            for i, (a, b) in enumerate(zip(reference, events)):
                self.assertEqual([a[name] for name in key], [b[name] for name in key], f"first differing event: {i}")
            self.assertEqual(len(events), len(reference))
            other = read_csv(self.file(f"ranks{ranks}", "history.csv"))
            self.assertEqual(len(other), len(history))
            # Stresses that vanish by symmetry or change sign are measured against the shear stress, energies against the work.
            for a, b in zip(history, other):
                for name in a:
                    if a[name] == b[name]:  # nan where there is no shear band
                        continue
                    scale = (float(a["stress_xy_GPa"]) if name.startswith("stress")
                             else float(a["gamma_xy"]) if name.startswith(("strain", "gamma"))
                             else float(a["work_GPa"]) if name in ("first_law_residual_GPa", "redistribution_heat_GPa", "inelastic_GPa")
                             else abs(float(a[name])))
                    self.assertLessEqual(abs(float(a[name]) - float(b[name])), 1e-8 * abs(scale), f"{name} in step {a['step']}")

    def test_the_preconditioners_give_the_same_events(self):
        settings = ("Specimen/Cells=8, 8", "Loading/Final strain=0.1", "Output/Event log=true", "Solver/Tolerance=1e-12",
                    "Solver/Pass tolerance=1e-12", "Solver/Pass reduction=1e-12")
        events = []
        for kind in ("direct", "amg", "spectral"):
            self.run_shear(kind, *settings, f"Solver/Preconditioner={kind}", ranks=2)
            events.append([(row["step"], row["pass"], row["cell"], row["quadrature_point"], row["number"])
                           for row in read_csv(self.file(kind, "events.csv"))])
        self.assertGreater(len(events[0]), 5000)
        self.assertEqual(events[0], events[1])
        self.assertEqual(events[0], events[2])


class ShippedRun(MainJob):
    def test_the_shipped_run_yields_keeps_the_first_law_and_leaves_its_files(self):
        result = seem("run", prm("simple_shear.prm"), "--set", f"Database file={self.database}", "--output", self.file("shear"),
                      ranks=2)
        history = read_csv(self.file("shear", "history.csv"))
        last = history[-1]
        self.assertAlmostEqual(float(last["strain"]), 0.2, delta=1e-12)
        self.assertLess(abs(float(last["first_law_residual_GPa"])), 0.005 * float(last["work_GPa"]))
        self.assertIn("first law", result.stdout)
        stress = [float(row["stress_xy_GPa"]) for row in history]
        # The point model's peak is 2.2 GPa; after it the specimen flows below the peak.
        self.assertGreater(max(stress), 1.9)
        self.assertLess(max(stress), 2.6)
        self.assertLess(stress[-1], 0.9 * max(stress))
        for name in ("timings.csv", "parameters.prm", "final_field.csv", "point_mean.csv", "fields/fields.pvd",
                     "stress_strain.png", "plastic_strain.png"):
            self.assertTrue(os.path.exists(self.file("shear", name)), name)
        self.assertEqual(len(read_csv(self.file("shear", "final_field.csv"))), 4 * 32 * 32)


class SmallRuns(MainJob):
    def test_the_output_of_the_lammps_deck_is_harvested_unchanged(self):
        manifest = os.path.join(SOURCE, "tests", "data", "lammps_small", "manifest.csv")
        result = seem("harvest", prm("harvest_cu64zr36.prm"), "--set", f"Runs/Manifest={manifest}", "--output", self.file("lammps"))
        self.assertIn("4 runs of 4 glasses", result.stdout)


class BadRun(MainJob):
    def assert_refused(self, *settings, message, ranks=2):
        result = self.run_shear("bad", *settings, ranks=ranks, expect_success=False)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn(message, result.stderr)
        self.assertFalse(os.path.exists(self.file("bad")), "half-written output remains")

    def test_each_mistake_is_named_and_leaves_nothing(self):
        self.assert_refused("Specimen/Cell edge=80", message="Specimen/Cell edge")
        self.assert_refused("Initial state/Label=q99", message="q10, q12, q8")
        self.assert_refused("Database file=/no/such/file.h5", message="/no/such/file.h5")
        self.assert_refused("Loading/Finel strain=0.1", message="Final strain")
        self.assert_refused("Initial state/X1=0.01", message="only used if")

    def test_an_existing_output_is_not_overwritten_without_leave(self):
        settings = ("Specimen/Cells=2, 2", "Loading/Final strain=0.002")
        self.run_shear("twice", *settings, ranks=1)
        before = os.stat(self.file("twice", "history.csv")).st_mtime_ns
        result = self.run_shear("twice", *settings, ranks=2, expect_success=False)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("--overwrite", result.stderr)
        self.assertEqual(os.stat(self.file("twice", "history.csv")).st_mtime_ns, before)


if __name__ == "__main__":
    if not shutil.which(PROGRAM):
        raise SystemExit(f"SEEM_PROGRAM = {PROGRAM} is no program")
    unittest.main()
