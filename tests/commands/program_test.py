#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""
The program as a user starts it: exit status, messages, files. $SEEM_PROGRAM names it.

$SEEM_FAILING_RANK names the program of failing_rank/. Nothing but the standard library is needed; what needs h5py or
mpirun is skipped where they are missing.
"""

import csv
import os
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


if __name__ == "__main__":
    unittest.main()
