#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""
A run that was stopped or killed goes on from its checkpoint to the same answer. $SEEM_PROGRAM names the program.
"""

import filecmp
import json
import os
import signal
import subprocess
import time
import unittest

from main_job_test import ENVIRONMENT, PROGRAM, MainJob, prm, read_csv, seem

PATIENCE = 120.0  # seconds
KEY = ("step", "pass", "cell", "quadrature_point", "number")


class Restart(MainJob):
    settings = ("Specimen/Cells=16, 8", "Initial state/Label=q12", "Loading/Final strain=0.1", "Output/Event log=true",
                "Output/Event formats=csv, hdf5", "Output/Field steps=30")

    def command(self, name, *settings, ranks=1, file="simple_shear.prm"):
        arguments = [f"Database file={self.database}", "Output/Figures=false", "Output/Point paths=0", *settings]
        assignments = [word for setting in arguments for word in ("--set", setting)]
        prefix = ["mpirun", "-n", str(ranks)] if ranks > 1 else []
        return [*prefix, PROGRAM, "run", prm(file), *assignments, "--output", self.file(name)]

    def start(self, command):
        process = subprocess.Popen(command, env=dict(ENVIRONMENT, OMPI_MCA_mpi_yield_when_idle="1"), text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)

        def clean_up():
            process.kill()
            process.communicate()

        self.addCleanup(clean_up)
        return process

    def wait_until(self, process, is_true):
        end = time.monotonic() + PATIENCE
        while not is_true():
            self.assertIsNone(process.poll(), "the run has ended already")
            self.assertLess(time.monotonic(), end)
            time.sleep(0.005)

    def n_rows(self, name):
        try:
            with open(self.file(name, "history.csv"), encoding="utf-8") as stream:
                return len(stream.readlines()) - 1
        except FileNotFoundError:
            return 0

    def go_on(self, name, *settings, ranks=1, file="simple_shear.prm"):
        command = self.command(name, *settings, ranks=ranks, file=file) + ["--restart"]
        result = subprocess.run(command, capture_output=True, text=True, check=False,
                                env=dict(ENVIRONMENT, OMPI_MCA_mpi_yield_when_idle="1"))
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result

    def assert_same_files(self, name, other, files):
        for file in files:
            self.assertTrue(filecmp.cmp(self.file(name, file), self.file(other, file), shallow=False), file)

    def assert_stopped_and_continued_is_uninterrupted(self, file, settings, files, rows):
        """On one rank, byte for byte."""
        whole, stopped = f"whole_{rows}", f"stopped_{rows}"
        seem(*self.command(whole, *settings, file=file)[1:])
        process = self.start(self.command(stopped, *settings, file=file))
        self.wait_until(process, lambda: self.n_rows(stopped) >= rows)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 75, errors)
        self.assertIn("--restart", errors)
        self.assertFalse(os.path.exists(self.file(stopped, "final_field.csv")))
        self.go_on(stopped, *settings, file=file)
        self.assert_same_files(whole, stopped, files)

    def test_a_run_that_was_told_to_end_goes_on_to_the_same_bytes(self):
        self.assert_stopped_and_continued_is_uninterrupted(
            "simple_shear.prm", self.settings, ("history.csv", "events.csv", "final_field.csv", "fields/fields.csv"), rows=40)

    def test_so_does_one_under_stress_control(self):
        self.assert_stopped_and_continued_is_uninterrupted(
            "stress_controlled_shear.prm", ("Specimen/Cells=8, 8", "Loading/Largest increment=0.01", "Output/Event log=true"),
            ("history.csv", "events.csv", "final_field.csv"), rows=60)

    def test_so_does_one_in_space_with_reactions_and_several_materials(self):
        self.assert_stopped_and_continued_is_uninterrupted(
            "notched_bar_platens.prm", ("Specimen/Refinements=0", "Loading/Final strain=0.02", "Output/Event log=true"),
            ("history.csv", "events.csv", "final_field.csv", "reactions.csv"), rows=8)

    def test_so_does_one_by_next_events(self):
        self.assert_stopped_and_continued_is_uninterrupted(
            "simple_shear.prm", ("Specimen/Cells=6, 6", "Loading/Stepping=next event", "Loading/Final strain=0.02"),
            ("history.csv", "avalanches.csv", "final_field.csv"), rows=100)

    def test_a_killed_run_goes_on_on_another_number_of_ranks(self):
        seem(*self.command("alone", *self.settings)[1:])
        process = self.start(self.command("killed", *self.settings, ranks=2))
        checkpoint = self.file("killed", "checkpoint", "run.json")
        self.wait_until(process, lambda: self.n_rows("killed") >= 30)
        process.send_signal(signal.SIGUSR1)  # mpirun hands it on
        self.wait_until(process, lambda: os.path.exists(checkpoint))
        rows = self.n_rows("killed")
        self.wait_until(process, lambda: self.n_rows("killed") > rows)
        process.kill()
        process.communicate()
        with open(checkpoint, encoding="utf-8") as stream:
            self.assertLessEqual(json.load(stream)["progress"]["step"], rows + 1)
        self.go_on("killed", *self.settings, ranks=3)

        events, reference = (read_csv(self.file(name, "events.csv")) for name in ("killed", "alone"))
        self.assertGreater(len(reference), 10000)
        for i, (a, b) in enumerate(zip(reference, events)):
            self.assertEqual([a[name] for name in KEY], [b[name] for name in KEY], f"first differing event: {i}")
        self.assertEqual(len(events), len(reference))
        history, other = (read_csv(self.file(name, "history.csv")) for name in ("alone", "killed"))
        self.assertEqual(len(history), len(other))
        for a, b in zip(history, other):
            for name in ("time", "stress_GPa", "mean_tau_GPa", "mean_x1_eV", "work_GPa", "event_heat_GPa"):
                self.assertAlmostEqual(float(a[name]), float(b[name]), delta=1e-8 * abs(float(a[name])))

    def test_what_does_not_fit_is_refused(self):
        settings = ("Specimen/Cells=4, 4", "Loading/Final strain=0.01")
        seem(*self.command("small", *settings)[1:])

        def refused(name, *others, message):
            result = seem(*self.command(name, *others)[1:], "--restart", expect_success=False)
            self.assertEqual(result.returncode, 1)
            self.assertIn(message, result.stderr)

        os.mkdir(self.file("empty"))
        refused("empty", *settings, message="no checkpoint here")
        refused("small", "Specimen/Cells=4, 8", "Loading/Final strain=0.01", message="of a specimen of 16 cells; this one has 32")
        refused("small", *settings, "Material/Law=linear elastic", message="states of its laws have other parts")
        with open(self.file("small", "checkpoint", "run.json"), "r+", encoding="utf-8") as stream:
            stream.truncate(100)
        refused("small", *settings, message="run.json: damaged")

    def test_a_run_that_begins_anew_is_not_continued_from_what_was_there(self):
        settings = ("Specimen/Cells=8, 8", "Loading/Final strain=0.1")
        seem(*self.command("again", *settings, "Loading/Final strain=0.01")[1:])
        self.assertTrue(os.path.exists(self.file("again", "checkpoint", "run.json")))
        os.remove(self.file("again", "history.csv"))
        process = self.start(self.command("again", *settings, "Seed=2") + ["--overwrite"])
        self.wait_until(process, lambda: self.n_rows("again") >= 2)
        process.kill()
        process.communicate()
        result = seem(*self.command("again", *settings, "Seed=2")[1:], "--restart", expect_success=False)
        self.assertEqual(result.returncode, 1)
        self.assertIn("no checkpoint here", result.stderr)

    def test_a_run_that_has_ended_goes_on_to_a_larger_strain(self):
        seem(*self.command("longer", "Specimen/Cells=4, 4", "Loading/Final strain=0.01")[1:])
        result = self.go_on("longer", "Specimen/Cells=4, 4", "Loading/Final strain=0.02")
        self.assertIn('"Loading/Final strain" is 0.02 now; it was 0.01', result.stderr)
        history = read_csv(self.file("longer", "history.csv"))
        self.assertEqual([row["step"] for row in history], [str(i) for i in range(1, 21)])
        self.assertAlmostEqual(float(history[-1]["strain"]), 0.02)


if __name__ == "__main__":
    unittest.main()
