#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""
The program as a user starts it: exit status, messages, files. $SEEM_PROGRAM names it.

$SEEM_FAILING_RANK names the program of failing_rank/. Nothing but the standard library is needed; what needs h5py or
mpirun is skipped where they are missing.
"""

import csv
import json
import math
import os
import random
import re
import shutil
import subprocess
import tempfile
import unittest

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("SEEM_PROGRAM", "seem")
HARVEST = os.path.join(SOURCE, "prm", "harvest_cu64zr36.prm")
SHEAR = os.path.join(SOURCE, "prm", "simple_shear.prm")
POINT = os.path.join(SOURCE, "prm", "point_cu64zr36.prm")
DATA = os.path.join(SOURCE, "data", "cu64zr36")

# Open MPI refuses to start as root and on fewer cores than ranks unless told otherwise.
ENVIRONMENT = dict(os.environ, OMP_NUM_THREADS="1", OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
                   OMPI_MCA_rmaps_base_oversubscribe="1", OMPI_MCA_btl_vader_single_copy_mechanism="none")


def python_with(module):
    """A python3 that has a module, or None."""
    for python in ("python3", "/usr/bin/python3"):
        if shutil.which(python) and subprocess.run([python, "-c", f"import {module}"], check=False,
                                                   capture_output=True).returncode == 0:
            return python
    return None


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


class Program(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.directory = scratch.name

    def file(self, *names):
        return os.path.join(self.directory, *names)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.file(name)), exist_ok=True)
        with open(self.file(name), "w", encoding="utf-8") as stream:
            stream.write(text)
        return self.file(name)

    def seem(self, *arguments, prefix=(), environment=None):
        return subprocess.run([*prefix, PROGRAM, *arguments], capture_output=True, text=True, check=False, timeout=300,
                              cwd=self.directory, env={**ENVIRONMENT, **(environment or {})})

    def assert_done(self, result):
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def assert_refused(self, result, *patterns, output="out"):
        """Non-zero status, one message on standard error that has the patterns, no stack trace, nothing written."""
        self.assertNotEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertRegex(result.stderr, r"(?m)^seem: error: ")
        for pattern in patterns:
            self.assertRegex(result.stderr, pattern)
        self.assertNotRegex(result.stderr, r"(?i)stacktrace|violated condition|terminate called|unexpected:")
        self.assertEqual(result.stdout, "")
        self.assertFalse(os.path.exists(self.file(output)), "output was left behind")


class Interface(Program):
    def test_help_names_all_commands(self):
        result = self.seem("--help")
        self.assert_done(result)
        for command in ("harvest", "point", "run", "validate", "info", "database", "parameters"):
            self.assertRegex(result.stdout, rf"(?m)^  {command} ")

    def test_help_of_a_command_names_its_options(self):
        for command in ("harvest", "point", "run", "validate"):
            result = self.seem(command, "--help")
            self.assert_done(result)
            for word in ("--set", "--output", "--overwrite", "FILE", f"seem parameters {command}"):
                self.assertIn(word, result.stdout)

    def test_version(self):
        result = self.seem("--version")
        self.assert_done(result)
        self.assertRegex(result.stdout, r"^seem \d+\.\d+\.\d+")

    def test_wrong_command_lines_are_answered_with_the_cure(self):
        for arguments, pattern in (
                ([], "subcommand is required"),
                (["pont", "x.prm"], 'no command "pont": did you mean "point"\\?'),
                (["point"], "FILE is required"),
                (["point", "x.prm", "--ouput", "y"], "--ouput"),
                (["parameters", "harvets"], 'did you mean "harvest"\\?'),
                (["parameters", "point", "--format", "pdf"], "pdf")):
            with self.subTest(arguments=arguments):
                self.assert_refused(self.seem(*arguments), pattern)

    def test_printed_parameters_are_a_parameter_file(self):
        for command, required in (("harvest", "Runs/Manifest=none.csv"), ("point", "Database file=none.h5")):
            result = self.seem("parameters", command)
            self.assert_done(result)
            text = re.sub(r"(?m)^(\s*set Bulk modulus *=) *$", r"\1 150", result.stdout)
            prm = self.write(f"{command}.prm", text)
            # The parameters are read; what they name is missing.
            self.assert_refused(self.seem(command, prm, "--set", required, "--output", "out"), r"none\.(csv|h5)")

    def test_parameters_in_other_formats(self):
        result = self.seem("parameters", "point", "--format", "json")
        self.assert_done(result)
        self.assertIn('"Bulk modulus"', result.stdout)
        result = self.seem("parameters", "point", "--format", "markdown")
        self.assert_done(result)
        self.assertRegex(result.stdout, r"(?m)^\| Bulk modulus \| \*required\* \|.*\[GPa\]")


class Avalanches(Program):
    """Avalanches drawn from a known law."""

    HEADER = "strain,n_events,duration,plastic_strain,stress_drop_GPa,heat_eV"

    def draw(self, n=3000):
        """Sizes with density s^-1.6 above 1e-4; events s/1e-4 rounded down; sizes grow as duration^2."""
        generator = random.Random(3)
        rows = []
        for i in range(n):
            size = 1e-4 * generator.random() ** (-1 / 0.6)
            while size > 1.0:
                size = 1e-4 * generator.random() ** (-1 / 0.6)
            duration = max(1, round((size / 1e-4) ** 0.5))
            rows.append(f"{0.1 * i / n},{int(size / 1e-4)},{duration},{size},{-size if i % 2 else size},{1e3 * size}")
        return self.write("avalanches.csv", "\n".join([self.HEADER, *rows]) + "\n")

    def analyse(self, *assignments, file="avalanches.csv"):
        settings = ["Figures=false", "Synthetic data sets=0", *assignments]
        result = self.seem("avalanches", file, "--output", "fits", "--overwrite",
                           *(word for setting in settings for word in ("--set", setting)))
        self.assert_done(result)
        return {row["size"]: row for row in read_csv(self.file("fits", "avalanche_fits.csv"))}, result.stdout

    def test_exponents_cutoff_and_scaling_are_those_drawn(self):
        self.draw()
        fits, text = self.analyse("Smallest size/plastic_strain=1e-4", "Smallest size/heat_eV=0.1")
        for size in ("plastic_strain", "heat_eV"):
            fit = fits[size]
            self.assertEqual(fit["n"], "3000")
            # Cut at 1 the draws have no tail: the cutoff that is fitted lets the exponent stay near 1.6.
            self.assertLess(abs(float(fit["exponent"]) - 1.6), 0.06)
            self.assertAlmostEqual(float(fit["duration_exponent"]), 2.0, delta=0.1)
        self.assertIn("plastic_strain", text)
        # Only the positive half of the stress drops is a size; its minimum is found.
        self.assertLessEqual(int(fits["stress_drop_GPa"]["n"]), 1500)
        self.assertGreaterEqual(float(fits["stress_drop_GPa"]["minimum"]), 1e-4)
        bins = [row for row in read_csv(self.file("fits", "avalanche_distribution.csv")) if row["size"] == "plastic_strain"]
        self.assertEqual(sum(int(row["n"]) for row in bins), 3000)
        mass = sum(float(row["density"]) * (float(row["high"]) - float(row["low"])) for row in bins)
        self.assertAlmostEqual(mass, 1.0, places=9)
        for row in bins:
            if int(row["n"]) > 100:
                self.assertAlmostEqual(float(row["model"]) / float(row["density"]), 1.0, delta=0.35)

    def test_windows_minima_and_the_cutoff_are_followed(self):
        self.draw()
        fits, text = self.analyse("From strain=0.02", "To strain=0.05", "Smallest size/n_events=3")
        self.assertIn("901 avalanches", text)
        self.assertEqual(fits["n_events"]["minimum"], "3")
        self.assertNotEqual(fits["n_events"]["cutoff"], "inf")
        pure, _ = self.analyse("From strain=0.02", "To strain=0.05", "Smallest size/n_events=3", "Cutoff=false")
        self.assertEqual(pure["n_events"]["cutoff"], "inf")
        self.assertGreater(float(pure["n_events"]["exponent"]), float(fits["n_events"]["exponent"]))
        prm = self.write("a.prm", "set Avalanche file = avalanches.csv\nsubsection Smallest size\n  set n_events = 3\nend\n")
        again, _ = self.analyse("From strain=0.02", "To strain=0.05", file=prm)
        self.assertEqual(again["n_events"], fits["n_events"])
        one, _ = self.analyse("Synthetic data sets=20", "Seed=1")
        two, _ = self.analyse("Synthetic data sets=20", "Seed=2")
        self.assertNotEqual([row["ks_probability"] for row in one.values()], [row["ks_probability"] for row in two.values()])

    def test_what_cannot_be_analysed_is_named(self):
        self.draw(n=30)
        table = self.file("avalanches.csv")
        for arguments, pattern in (
                (["none.csv"], r"none\.csv"),
                ([self.write("other.csv", "a,b\n1,2\n")], r'other\.csv: no column "strain".*next event'),
                ([table, "--set", "From strain=1"], r"none of its 30 avalanches lies between"),
                ([table, "--set", "From strain=1", "--set", "To strain=0.5"], r'must be above "From strain"'),
                ([table, "--set", "Smallest size/n_events=1.5"], r"expected a whole number"),
                ([table], r"none of the sizes can be fitted")):
            with self.subTest(arguments=arguments):
                result = self.seem("avalanches", *arguments, "--output", "fits", "--set", "Figures=false")
                self.assertNotEqual(result.returncode, 0)
                self.assertRegex(result.stderr, pattern)


@unittest.skipIf(shutil.which("mpirun") is None, "no mpirun")
class Parallel(Program):
    def test_serial_commands_refuse_to_run_in_parallel(self):
        result = self.seem("info", "x.h5", prefix=["mpirun", "-n", "2"])
        self.assertNotEqual(result.returncode, 0)
        self.assertEqual(result.stderr.count("seem: error: this command runs in one process, but 2 were started"), 1,
                         result.stderr)

    def failing_rank(self, who):
        program = os.environ.get("SEEM_FAILING_RANK")
        if program is None:
            self.skipTest("SEEM_FAILING_RANK does not name the program that fails")
        return subprocess.run(["mpirun", "-n", "3", program, "run", who], capture_output=True, text=True, check=False,
                              cwd=self.directory, env=ENVIRONMENT, timeout=60)

    def test_an_error_on_one_rank_ends_all(self):
        result = self.failing_rank("one")
        self.assertNotEqual(result.returncode, 0)
        self.assertEqual(result.stderr.count("seem: error: "), 1, result.stderr)
        self.assertIn("seem: error: rank 1: unexpected: wrong for one", result.stderr)

    def test_an_error_on_all_ranks_is_told_once(self):
        result = self.failing_rank("all")
        self.assertNotEqual(result.returncode, 0)
        self.assertEqual(result.stderr.count("seem: error: "), 1, result.stderr)
        self.assertIn("seem: error: wrong for all", result.stderr)
        self.assertNotIn("MPI_ABORT", result.stderr)


class Harvest(Program):
    def test_shipped_parameters_with_fewer_bins(self):
        result = self.seem("harvest", HARVEST, "--output", "out/deep", "--set", "Standard errors/Resamples=0",
                           "--set", "Grid/Stress bins=8", "--set", "Grid/X1 bins=6")
        self.assert_done(result)
        self.assertEqual(sorted(os.listdir(self.file("out", "deep"))), ["cu64zr36.h5", "report.json", "report.txt"])
        with open(self.file("out", "deep", "report.txt"), encoding="utf-8") as stream:
            self.assertIn(stream.read(), result.stdout)

        database = self.file("out", "deep", "cu64zr36.h5")
        summary = self.seem("info", database)
        self.assert_done(summary)
        for pattern in (r"event database, schema version 3", r"Material: Cu64Zr36", r"tau +8 bins", r"X1 +6 bins",
                        r"q8 .* 3 ", r"Runs/Manifest = \.\./data", r"G0 +3\d\.\d+ GPa"):
            self.assertRegex(summary.stdout, pattern)

        # Again: refused without --overwrite, the same bytes with it.
        with open(database, "rb") as stream:
            before = stream.read()
        again = ["harvest", HARVEST, "--output", "out/deep", "--set", "Standard errors/Resamples=0",
                 "--set", "Grid/Stress bins=8", "--set", "Grid/X1 bins=6"]
        self.assertNotEqual(self.seem(*again).returncode, 0)
        self.assert_done(self.seem(*again, "--overwrite"))
        with open(database, "rb") as stream:
            self.assertEqual(stream.read(), before)

    def test_a_failed_harvest_leaves_the_old_database(self):
        os.mkdir(self.file("old"))
        path = self.write("old/cu64zr36.h5", "precious")
        result = self.seem("harvest", HARVEST, "--output", "old", "--overwrite", "--set", "Runs/Stress column=none")
        self.assertNotEqual(result.returncode, 0)
        self.assertEqual(os.listdir(self.file("old")), ["cu64zr36.h5"])
        with open(path, encoding="utf-8") as stream:
            self.assertEqual(stream.read(), "precious")


class WithDatabase(Program):
    """With the database of the shipped runs, harvested once."""

    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.scratch.cleanup)
        cls.database = os.path.join(cls.scratch.name, "harvest", "cu64zr36.h5")
        result = subprocess.run([PROGRAM, "harvest", HARVEST, "--output", os.path.dirname(cls.database),
                                 "--set", "Standard errors/Resamples=0"],
                                capture_output=True, text=True, check=False, env=ENVIRONMENT, timeout=300)
        assert result.returncode == 0, result.stderr


class Point(WithDatabase):
    def point(self, *assignments, database=None, figures="false", output="out", arguments=(), environment=None):
        settings = [f"Database file={database or self.database}", f"Figures={figures}",
                    "Ensemble/Paths per label=40", *assignments]
        return self.seem("point", POINT, "--output", output, *arguments,
                         *(word for setting in settings for word in ("--set", setting)), environment=environment)

    def test_the_model_is_near_the_runs(self):
        result = self.point()
        self.assert_done(result)
        self.assertRegex(result.stdout, r"(?m)^q10 +AQS +6 ")
        self.assertRegex(result.stdout, r"(?m)^q10 +model +40 .* %")
        self.assertEqual(sorted(os.listdir(self.file("out"))),
                         ["grid.csv", "mean.csv", "paths.csv", "point.h5", "summary.csv"])

        summary = read_csv(self.file("out", "summary.csv"))
        self.assertEqual([row["label"] for row in summary], ["q8", "q10", "q12"])
        for row in summary:
            for name in ("yield_peak", "end_stress"):
                with self.subTest(label=row["label"], name=name):
                    # In-sample: the runs that the database is made from.
                    self.assertLess(abs(float(row[f"{name}_difference_percent"])), 15)
                    ratio = float(row[f"{name}_GPa"]) / float(row[f"aqs_{name}_GPa"])
                    self.assertAlmostEqual(float(row[f"{name}_difference_percent"]), 100 * (ratio - 1), places=6)
            self.assertLess(abs(float(row["events_per_strain"]) / float(row["aqs_events_per_strain"]) - 1), 0.15)

        mean = read_csv(self.file("out", "mean.csv"))
        self.assertEqual({(row["source"], row["label"]) for row in mean},
                         {(source, label) for source in ("aqs", "model") for label in ("q8", "q10", "q12")})
        model = [row for row in mean if row["source"] == "model" and row["label"] == "q8"]
        self.assertEqual(len(model), 501)
        for row in model:
            self.assertEqual(row["n"], "40")
            self.assertAlmostEqual(float(row["tau_se_GPa"]) * math.sqrt(40), float(row["tau_std_GPa"]), places=9)

        paths = read_csv(self.file("out", "paths.csv"))
        self.assertEqual(len({(row["source"], row["label"], row["path"]) for row in paths}), 2 * 3 * 3)
        self.assertEqual(len(read_csv(self.file("out", "grid.csv"))), 400)

    def test_output_increment_does_not_change_the_paths(self):
        self.assert_done(self.point("Strain/Final strain=0.2", output="a"))
        self.assert_done(self.point("Strain/Final strain=0.2", "Strain/Output increment=0.02", output="b"))
        fine = {(row["label"], row["strain"][:5]): float(row["tau_GPa"])
                for row in read_csv(self.file("a", "mean.csv")) if row["source"] == "model"}
        coarse = [row for row in read_csv(self.file("b", "mean.csv")) if row["source"] == "model"]
        self.assertEqual(len(coarse), 33)
        for row in coarse:
            self.assertAlmostEqual(float(row["tau_GPa"]), fine[row["label"], row["strain"][:5]], places=8)

    def test_without_runs_and_from_a_constant_state(self):
        result = self.point("Runs/Manifest=", "Ensemble/Initial state=constant", "Ensemble/Initial X1=0.01",
                            "Integrator=both")
        self.assert_done(result)
        rows = read_csv(self.file("out", "mean.csv"))
        self.assertEqual({(row["source"], row["label"]) for row in rows},
                         {("model", "constant"), ("bernoulli", "constant")})
        self.assertEqual(rows[0]["x1_eV"], "0.01")

    def test_info_of_the_paths(self):
        self.assert_done(self.point())
        result = self.seem("info", "out/point.h5")
        self.assert_done(result)
        self.assertRegex(result.stdout, r"(?m)^  q10 +40 paths, 40 of them to the end")

    def test_figures(self):
        if python_with("matplotlib") is None:
            self.skipTest("no python3 with matplotlib")
        result = self.point(figures="true")
        self.assert_done(result)
        self.assertEqual(result.stderr, "")
        for name in ("visits.png", "comparison.png"):
            self.assertGreater(os.path.getsize(self.file("out", name)), 5000)

    def test_missing_figure_scripts_are_a_warning_with_the_cure(self):
        python = self.write("python", "#!/bin/sh\nexit 1\n")
        os.chmod(python, 0o755)
        result = self.point(figures="true", environment={"SEEM_PYTHON": python, "PATH": "/nowhere"})
        self.assertEqual(result.returncode, 0, result.stderr)
        # /usr/bin/python3 may still be able to draw.
        if not os.path.exists(self.file("out", "visits.png")):
            self.assertRegex(result.stderr, r"seem: warning: no figures: .*python3-matplotlib")

    def components(self, *assignments, prm=None, output="out", figures="false", paths=6):
        """Without prm: uniaxial tension from an own file without loads."""
        prm = prm or self.write("components.prm", "subsection Material\nset Bulk modulus = 148\nend\n"
                                                  "subsection Loading\nset Kind = components\nend\n")
        settings = [f"Database file={self.database}", f"Figures={figures}", f"Ensemble/Paths per label={paths}", *assignments]
        return self.seem("point", prm, "--output", output, *(word for setting in settings for word in ("--set", setting)))

    def test_shipped_uniaxial_tension(self):
        figures = python_with("matplotlib") is not None
        result = self.components(prm=os.path.join(SOURCE, "prm", "point_uniaxial_tension.prm"), figures=str(figures).lower())
        self.assert_done(result)
        self.assertRegex(result.stderr, r"seem: notice: q8: .* nearer to tension or compression than to shear")
        rows = [row for row in read_csv(self.file("out", "mean.csv")) if row["label"] == "q10"]
        self.assertEqual(len(rows), 201)
        for row in rows:
            self.assertEqual(row["n"], "6")
            self.assertAlmostEqual(float(row["eps_xx"]), 0.12 * float(row["t"]), places=12)
            for name in ("yy", "zz", "yz", "xz", "xy"):
                self.assertAlmostEqual(float(row[f"sigma_{name}_GPa"]), 0.0, places=7)
        # Yield of the shear runs near tau = 2.3 GPa is a tension of 4 GPa; flow keeps the volume.
        self.assertGreater(max(float(row["sigma_xx_GPa"]) for row in rows), 3.0)
        self.assertAlmostEqual(float(rows[-1]["eps_yy"]) + float(rows[-1]["eps_zz"]), -0.12, delta=0.02)
        for row in read_csv(self.file("out", "summary.csv")):
            self.assertLess(abs(float(row["first_law_residual_GPa"])), 0.01 * float(row["work_GPa"]))
            self.assertEqual(row["n_at_strength"], "0")
        if figures:
            self.assertGreater(os.path.getsize(self.file("out", "loading.png")), 5000)

    def test_shipped_cyclic_shear(self):
        result = self.components("Loading/Final time=1.25", prm=os.path.join(SOURCE, "prm", "point_cyclic_shear.prm"))
        self.assert_done(result)
        self.assertRegex(result.stderr, r"seem: notice: q12: .* unloading or reloading")
        rows = [row for row in read_csv(self.file("out", "mean.csv")) if row["label"] == "q8"]
        at = {round(float(row["t"]), 6): float(row["sigma_xy_GPa"]) for row in rows}
        # Loaded, reversed, loaded again; at zero strain plastic flow has left a stress of the other sign.
        self.assertGreater(at[0.25], 1.0)
        self.assertLess(at[0.75], -1.0)
        self.assertGreater(at[1.25], 1.0)
        self.assertLess(at[0.5], -0.1)

    def test_a_path_file_and_its_mistakes(self):
        self.write("path.csv", "t,gamma_xy,sigma_zz\n0,0,0\n1,0.1,0\n2,0.1,-0.5\n")
        self.assert_done(self.components("Loading/Path file=path.csv"))
        rows = [row for row in read_csv(self.file("out", "mean.csv")) if row["label"] == "q8"]
        self.assertEqual((float(rows[0]["t"]), float(rows[-1]["t"])), (0.0, 2.0))
        self.assertAlmostEqual(float(rows[-1]["sigma_zz_GPa"]), -0.5, places=7)
        self.assertAlmostEqual(float(rows[-1]["eps_xy"]), 0.05, places=12)
        summary = self.seem("info", "out/point.h5")
        self.assert_done(summary)
        self.assertRegex(summary.stdout, r"(?m)^t: 201 rows from 0 to 2")
        for content, pattern in (("", r"path\.csv: empty"), ("t,eps_xx\n", r"path\.csv: a header but no rows"),
                                 ("t,eps_xx\n0,0\n1,1\n0.5,1\n", r"path\.csv:4: t = 0\.5 follows 1 of line 3"),
                                 ("t,eps_xa\n0,0\n1,1\n", r'path\.csv: no such column "eps_xa": did you mean "eps_x')):
            with self.subTest(content=content):
                self.write("path.csv", content)
                self.assert_refused(self.components("Loading/Path file=path.csv", output="bad"), pattern, output="bad")

    def test_loads_that_cannot_be(self):
        for assignments, pattern in (
                (["Loading/Strain xq=t"], r'no such parameter "Strain xq" in section "Loading": did you mean "Strain x'),
                (["Loading/Strain xx=t", "Loading/Stress xx=0"], r'"Loading/Stress xx" .*"Loading/Strain xx" is given, too'),
                (["Loading/Strain xx=1/(t-0.5)"], r'"Loading/Strain xx" = "1/\(t-0\.5\)": not finite at t = 0\.5'),
                (["Loading/Strain xx=2*"], r'"Loading/Strain xx" = "2\*": is no expression in t'),
                ([], r"prescribe at least one component"),
                (["Loading/Strain xx=t", "Integrator=both"], r"needs event-driven")):
            with self.subTest(assignments=assignments):
                self.assert_refused(self.components(*assignments), pattern)

    def test_stress_beyond_the_strength_ends_paths_and_keeps_their_rows(self):
        result = self.components("Loading/Stress xy=4*t", "Ensemble/Labels=q12")
        self.assert_done(result)
        self.assertRegex(result.stderr, r"q12: 6 of 6 paths ended early.*the prescribed stress exceeds what the material "
                                        r"carries at t = 0\.\d+")
        rows = read_csv(self.file("out", "mean.csv"))
        self.assertEqual((rows[0]["n"], rows[-1]["n"]), ("6", "0"))
        carried = max(float(row["sigma_xy_GPa"]) for row in rows if row["n"] == "6")
        self.assertGreater(carried, 0.5)
        self.assertLess(carried, 3.0)

    def test_database_of_another_schema_version(self):
        python = python_with("h5py")
        if python is None:
            self.skipTest("no python3 with h5py")
        other = self.file("other.h5")
        shutil.copy(self.database, other)
        change = "import sys, h5py\nwith h5py.File(sys.argv[1], 'r+') as f: f.attrs['schema_version'] = 99"
        subprocess.run([python, "-c", change, other], check=True)
        self.assert_refused(self.point(database=other), r"other\.h5", r"99", r"\b1\b")
        self.assert_refused(self.seem("info", other), r"other\.h5", r"99")

    def test_files_that_are_no_database(self):
        self.assert_refused(self.point(database=self.file("none.h5")), r"none\.h5")
        self.assert_refused(self.point(database=self.write("text.h5", "text")), r"text\.h5")
        with open(self.database, "rb") as stream:
            content = stream.read()
        with open(self.file("cut.h5"), "wb") as stream:
            stream.write(content[:len(content) // 3])
        self.assert_refused(self.point(database=self.file("cut.h5")), r"cut\.h5")

    def test_parameters_that_cannot_be(self):
        for assignment, pattern in (
                ("Material/Bulk modulsu=148", r'did you mean "Bulk modulus"\?'),
                ("Material/Bulk modulus=0", r"must be greater than 0"),
                ("Ensemble/Volume ratio=-1", r"expected a number greater than 0"),
                ("Ensemble/Labels=q9", r'no samples labelled "q9"; it has q8, q10, q12'),
                ("Runs/Manifest=none.csv", r"none\.csv"),
                ("Strain/Output increment=1", r"must not exceed")):
            with self.subTest(assignment=assignment):
                self.assert_refused(self.point(assignment), pattern)


@unittest.skipIf(shutil.which("mpirun") is None, "no mpirun")
class Run(WithDatabase):
    """Small specimens: 3 x 2 cells to a strain at which points have fired."""

    def run_specimen(self, *assignments, ranks=1, output="out"):
        settings = [f"Database file={self.database}", "Output/Figures=false", "Output/Point paths=0",
                    "Specimen/Cells=3, 2", "Loading/Final strain=0.06", "Loading/Largest increment=2e-3", *assignments]
        return self.seem("run", SHEAR, "--output", output, "--overwrite",
                         *(word for setting in settings for word in ("--set", setting)),
                         prefix=["mpirun", "-n", str(ranks)] if ranks > 1 else [])

    def history(self, *assignments):
        """(lines of history.csv, standard output), the run having succeeded."""
        result = self.run_specimen(*assignments)
        self.assert_done(result)
        return read_csv(self.file("out", "history.csv")), result.stdout

    def test_each_parameter_of_the_law_changes_the_run(self):
        spread = "Material/Event direction=scattered"
        plain = "Material/Volume rule=scale"
        coarse = "Specimen/Cell edge=12"  # m = 2.23
        j2 = ("Material/Law=J2", "Material/Yield stress=1.0")
        variants = {
            "default": (), "cell": ("Material/State support=cell",),
            "spread": (spread, "Material/Direction spread=0.5"), "more spread": (spread, "Material/Direction spread=1"),
            "coarse": (coarse, plain), "sub-RVE": (coarse, "Material/Volume rule=sub-RVE"),
            "one": (coarse, "Material/Volume rule=one"),
            "mean flow": ("Material/Law=mean flow",), "elastic": ("Material/Law=linear elastic",),
            "elastic 20": ("Material/Law=linear elastic", "Material/Shear modulus=20"),
            "J2": j2, "J2 2": (*j2[:1], "Material/Yield stress=0.9"), "J2 H": (*j2, "Material/Hardening modulus=5"),
            "J2 20": (*j2, "Material/Shear modulus=20"),
        }
        stress, work = {}, {}
        for name, assignments in variants.items():
            with self.subTest(name=name):
                history, _ = self.history(*assignments)
                last = history[-1]
                stress[name], work[name] = float(last["stress_xy_GPa"]), float(last["work_GPa"])
                self.assertLess(abs(float(last["first_law_residual_GPa"])), 1e-3 * work[name])
        self.assertEqual(len(set(work.values())), len(variants), work)
        self.assertAlmostEqual(stress["elastic 20"], 20 * 0.06, places=9)
        tau_y = 1 / math.sqrt(3)
        self.assertAlmostEqual(stress["J2"], tau_y, places=9)
        # In shear the yield stress grows by H/3 per plastic shear strain: G (gamma - gamma_p) = tau_y + H/3 gamma_p.
        history, _ = self.history(*j2, "Material/Hardening modulus=5", "Material/Shear modulus=20")
        self.assertAlmostEqual(float(history[-1]["stress_xy_GPa"]),
                               tau_y + 5 / 3 * (20 * 0.06 - tau_y) / (20 + 5 / 3), places=9)

    def test_parameters_of_laws_that_are_not_chosen_are_refused(self):
        for assignments, pattern in (
                (["Material/Yield stress=1"], r"Yield stress.* is only used if .*Law.* is J2"),
                (["Material/Law=J2"], r"Yield stress.* must be greater than 0"),
                (["Material/Shear modulus=20"], r"Shear modulus.* is only used"),
                (["Material/Direction spread=1"], r"Direction spread.* is only used"),
                (["Material/Event direction=scattered"], r"Direction spread.* must be greater than 0"),
                (["Material/Law=J2", "Material/Yield stress=1", "Material/State support=cell"], r"State support.* need point"),
                (["Specimen/Cell edge=80"], r"cell 0: .* m = [\d.]+ .*Cell edge.*sub-RVE.*scale")):
            with self.subTest(assignments=assignments):
                result = self.run_specimen(*assignments)
                self.assertNotEqual(result.returncode, 0)
                self.assertRegex(result.stderr, pattern)
                self.assertFalse(os.path.exists(self.file("out")))

    def test_the_shipped_examples_run_on_small_specimens_and_keep_the_first_law(self):
        examples = {
            "cyclic_shear": ("Specimen/Cells=4, 3", "Final time=0.75", "Largest increment=0.02"),
            "stress_controlled_shear": ("Specimen/Cells=4, 3", "Largest increment=0.05", "Smallest increment=1e-2"),
            "dog_bone_tension": ("Specimen/Cell edge=20", "Final strain=0.02", "Largest increment=4e-3"),
            "torsion": ("Specimen/Cell edge=20", "Material/Volume rule=one", "Final strain=0.04", "Largest increment=4e-3"),
            "avalanches": ("Specimen/Cells=4, 3", "Final strain=0.02"),
            "box_3d": ("Specimen/Cells=2, 2, 2", "Final strain=0.05", "Largest increment=5e-3"),
        }
        for name, assignments in examples.items():
            with self.subTest(name=name):
                settings = [f"Database file={self.database}", "Output/Figures=false",
                            *(a if "/" in a.split("=")[0] else f"Loading/{a}" for a in assignments)]
                result = self.seem("run", os.path.join(SOURCE, "prm", f"{name}.prm"), "--output", name,
                                   *(word for setting in settings for word in ("--set", setting)))
                self.assert_done(result)
                last = read_csv(self.file(name, "history.csv"))[-1]
                self.assertGreater(int(last["n_events_total"]), 10)
                self.assertLess(abs(float(last["first_law_residual_GPa"])), 5e-3 * abs(float(last["work_GPa"])))
                moved = name in ("dog_bone_tension", "torsion")
                self.assertEqual(os.path.exists(self.file(name, "reactions.csv")), moved)
                if moved:  # the two ends pull against each other
                    column = "force_y_nN" if name == "dog_bone_tension" else "moment_z_nN_nm"
                    ends = [float(row[column]) for row in read_csv(self.file(name, "reactions.csv"))[-2:]]
                    self.assertGreater(abs(ends[0]), 1.0)
                    self.assertAlmostEqual(ends[0] / ends[1], -1.0, places=5)
                if name == "stress_controlled_shear":
                    self.assertIn("the body carries no more", result.stdout)
                    self.assertAlmostEqual(float(last["stress_xx_GPa"]), 0.0, places=6)
                if name == "cyclic_shear":
                    self.assertAlmostEqual(float(last["strain"]), -0.06, places=9)

    def test_next_event_stepping_writes_avalanches_that_can_be_analysed(self):
        keys = ("Loading/Stepping=next event", "Specimen/Cells=5, 4", "Loading/Final strain=0.05")
        tables = {}
        for ranks in (1, 2):
            result = self.run_specimen(*keys, ranks=ranks, output=f"out{ranks}")
            self.assert_done(result)
            self.assertRegex(result.stdout, r"\d+ avalanches of [\d.]+ events on average")
            tables[ranks] = read_csv(self.file(f"out{ranks}", "avalanches.csv"))
        for one, two in zip(*tables.values()):
            for column in ("avalanche", "n_events", "n_spontaneous", "n_states", "duration", "cell", "quadrature_point"):
                self.assertEqual(one[column], two[column])
            self.assertAlmostEqual(float(one["strain"]), float(two["strain"]), places=9)
            self.assertAlmostEqual(float(one["stress_drop_GPa"]), float(two["stress_drop_GPa"]), places=9)
        self.assertEqual(*map(len, tables.values()))
        avalanches, history = tables[1], read_csv(self.file("out1", "history.csv"))
        self.assertGreater(len(avalanches), 50)
        self.assertEqual(sum(int(row["n_events"]) for row in avalanches), int(history[-1]["n_events_total"]))
        by_step = {row["step"]: row for row in history}
        before = "0"
        for row in avalanches:
            step = by_step[row["step"]]
            self.assertEqual(row["participation"], step["participation"])
            self.assertAlmostEqual(float(row["stress_GPa"]) - float(row["stress_drop_GPa"]), float(step["stress_GPa"]),
                                   places=12)
            self.assertEqual(float(row["strain"]), float(step["strain"]))
            self.assertLess(float(before), float(row["strain"]))
            before = row["strain"]
            # 1 GPa nm^3 is 6.2415 eV; 20 cells of 4 points own a representative volume each.
            heat = float(row["event_heat_GPa"]) + float(row["redistribution_heat_GPa"])
            volume = float(row["heat_eV"]) / heat / 6.241509
            self.assertAlmostEqual(volume / 80, 67.0, delta=3.0)
        self.assertEqual(float(history[-1]["strain"]), 0.05)

        result = self.seem("avalanches", "out1/avalanches.csv", "--output", "fits", "--set", "Smallest size/n_events=1",
                           "--set", "Synthetic data sets=10", "--set", "Figures=false")
        self.assert_done(result)
        with open(self.file("fits", "avalanches.json"), encoding="utf-8") as stream:
            report = json.load(stream)
        self.assertEqual(report["n_avalanches"], len(avalanches))
        events = report["sizes"][0]
        self.assertEqual((events["column"], events["n"], events["minimum"]), ("n_events", len(avalanches), 1))
        for table in ("avalanche_fits.csv", "avalanche_distribution.csv", "avalanche_durations.csv"):
            summary = self.seem("info", os.path.join("fits", table))
            self.assert_done(summary)
            self.assertIn("of seem avalanches", summary.stdout)
        self.assertIn("one row per avalanche", self.seem("info", "out1/avalanches.csv").stdout)

        # One at a time the same clocks run, in other passes.
        result = self.run_specimen(*keys, "Loading/Firing=one", output="one")
        self.assert_done(result)
        self.assertEqual({row["largest_pass"] for row in read_csv(self.file("one", "history.csv"))} - {"0", "1"}, set())

    def test_separate_avalanches_need_a_law_with_events(self):
        for key, value in (("Stepping", "next event"), ("Firing", "one")):
            with self.subTest(key=key):
                result = self.run_specimen("Material/Law=linear elastic", f"Loading/{key}={value}")
                self.assertNotEqual(result.returncode, 0)
                self.assertRegex(result.stderr, rf'"Loading/{key}" .*this law has no events.*"Material/Law" = seem')

    def test_shear_bands_follow_their_threshold(self):
        shares = {}
        for factor, strain in (("2", "0.01"), ("0.5", "0.001"), ("2", "0.9")):
            history, _ = self.history("Specimen/Cells=6, 4", "Loading/Final strain=0.1", f"Output/Shear band factor={factor}",
                                      f"Output/Shear band strain={strain}")
            last = history[-1]
            shares[factor, strain] = float(last["cluster_volume_share"])
            self.assertLessEqual(float(last["largest_cluster_share"]), float(last["cluster_volume_share"]))
            if last["n_bands"] == "0":
                self.assertEqual(last["band_angle_deg"], "nan")
        self.assertEqual(shares["2", "0.9"], 0.0)
        self.assertGreater(shares["0.5", "0.001"], shares["2", "0.01"])

    def test_a_mesh_can_be_checked_without_a_run(self):
        result = self.seem("run", os.path.join(SOURCE, "prm", "dog_bone_tension.prm"), "--check-mesh", "--output", "mesh",
                           "--set", f"Database file={self.database}")
        self.assert_done(result)
        self.assertIn("fillet", result.stdout)
        self.assertFalse(os.path.exists(self.file("mesh")))

    def test_a_failed_update_can_be_repeated(self):
        for ranks in (1, 2):
            with self.subTest(ranks=ranks):
                result = self.run_specimen("Material/Largest number of events per update=1",
                                           "Loading/Smallest increment=2e-3", ranks=ranks)
                self.assertNotEqual(result.returncode, 0)
                self.assertEqual(result.stderr.count("seem: error: "), 1, result.stderr)
                self.assertIn("too many events in one update", result.stderr)
                self.assertIn("seem point --replay out/replay.h5", result.stderr)
                self.assertFalse([name for name in os.listdir(self.file("out")) if name.endswith(".tmp")])

                replay = self.seem("point", "--replay", "out/replay.h5")
                self.assert_done(replay)
                self.assertIn("Outcome: the update fails as recorded", replay.stdout)
                cell, point = re.search(r"cell (\d+), quadrature point (\d+): too many", result.stderr).groups()
                self.assertIn(f"Point: cell {cell}, quadrature point {point}, m = 1\n", replay.stdout)
                summary = self.seem("info", "out/replay.h5")
                self.assert_done(summary)
                self.assertIn("seem point --replay out/replay.h5", summary.stdout)

    def test_a_replay_of_a_file_that_is_none_is_refused(self):
        self.assert_refused(self.seem("point", "--replay", "none.h5"), r"none\.h5")
        self.assert_refused(self.seem("point", "--replay", self.database), r"expected the replay file of a failed run")
        self.assert_refused(self.seem("point", POINT, "--replay", "x.h5"), "--replay")


if __name__ == "__main__":
    unittest.main()
