#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""
`seem run` as a user starts it, on small specimens: parameters, shipped examples, avalanches, bands, meshes, replay. $SEEM_PROGRAM
names the program. What it writes: run_output_test.py.
"""

import json
import math
import os
import re
import shutil
import unittest

from program_test import POINT, SHEAR, SOURCE, WithDatabase, read_csv


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
