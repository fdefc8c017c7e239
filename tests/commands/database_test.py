#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""`seem database` and harvests with the elasticity of a database, on the runs that ship with seem."""

import json
import os
import subprocess
import tempfile
import unittest

from program_test import DATA, ENVIRONMENT, HARVEST, PROGRAM, Program


class Database(Program):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.shared = scratch.name
        with open(os.path.join(DATA, "manifest.csv"), encoding="utf-8") as stream:
            header, *runs = stream.read().splitlines()
        cls.runs = runs
        for name, part in (("whole", runs), ("first", runs[:6]), ("second", runs[6:])):
            with open(os.path.join(cls.shared, name + ".csv"), "w", encoding="utf-8") as stream:
                stream.write(header + "\n" + "".join(os.path.join(DATA, run) + "\n" for run in part))
        cls.harvest("whole")
        for name in ("first", "second"):
            cls.harvest(name, "Elasticity/Source=database", f"Elasticity/Database={cls.h5('whole')}")

    @classmethod
    def h5(cls, name):
        return os.path.join(cls.shared, name, "cu64zr36.h5")

    @classmethod
    def harvest(cls, name, *assignments, output=None):
        arguments = [PROGRAM, "harvest", HARVEST, "--output", os.path.join(cls.shared, output or name)]
        for assignment in (f"Runs/Manifest={cls.shared}/{name}.csv", "Standard errors/Resamples=3", "Grid/Stress bins=12",
                           "Grid/X1 bins=10", *assignments):
            arguments += ["--set", assignment]
        result = subprocess.run(arguments, capture_output=True, text=True, check=False, env=ENVIRONMENT)
        assert result.returncode == 0, result.stderr
        return result

    def compare(self, first, second):
        result = self.seem("database", "compare", first, second, "--json")
        self.assert_done(result)
        return json.loads(result.stdout)

    def test_help_names_the_subcommands(self):
        result = self.seem("database", "--help")
        self.assert_done(result)
        for command in ("merge", "bootstrap", "select", "compare"):
            self.assertRegex(result.stdout, rf"(?m)^  {command} ")
        self.assert_refused(self.seem("database"), "subcommand is required")
        self.assert_refused(self.seem("database", "merge", "out", "a.h5"), r"DATABASE")

    def test_harvests_of_halves_merge_to_the_harvest_of_all(self):
        self.assert_done(self.seem("database", "merge", "all.h5", self.h5("first"), self.h5("second")))
        comparison = self.compare(self.h5("whole"), "all.h5")
        self.assertTrue(comparison["same_grid"])
        self.assertEqual(comparison["n_common_runs"], 13)
        for number in comparison["constants"] + [comparison["total_rate"]]:
            # The volume is a mean in another order, the memory the minimum of a search.
            self.assertAlmostEqual(number["first"]["value"] / number["second"]["value"], 1.0, delta=1e-6, msg=number["name"])
            self.assertAlmostEqual(number["first"]["standard_error"], number["second"]["standard_error"],
                                   delta=1e-3 * number["first"]["standard_error"], msg=number["name"])
        self.assertGreater(comparison["constants"][0]["first"]["standard_error"], 0.0)
        self.assertEqual([n["name"] for n in comparison["constants"]][-3:], ["memory", "per decade", "relaxation"])
        for statistic in ("rate", "mean_dtau", "mean_dx1"):
            self.assertGreater(comparison[statistic]["n_bins"], 20)
            self.assertLess(comparison[statistic]["chi_squared"], 1e-12)
        self.assertEqual(set(comparison["settings"]) - {"Runs/Manifest"},
                         {"X1 range", "deficit floor", "elasticity", "elasticity database", "energy floor", "given G0",
                          "given tauA", "given tauB", "given uA", "reference energy", "tau range"})
        # The smoothing, which is chosen from the glasses, as `seem info` says it.
        whole, merged = (self.seem("info", name).stdout for name in (self.h5("whole"), "all.h5"))
        line = [text for text in whole.splitlines() if "urvature" in text][0]
        self.assertIn(line, merged)

    def test_a_merged_database_can_be_used(self):
        self.assert_done(self.seem("database", "merge", "all.h5", self.h5("first"), self.h5("second")))
        point = os.path.join(os.path.dirname(HARVEST), "point_cu64zr36.prm")
        self.assert_done(self.seem("point", point, "--output", "p", "--set", f"Database file={self.file('all.h5')}"))

    def test_a_selection_and_its_rest_merge_to_the_whole(self):
        self.assert_done(self.seem("database", "select", "q10.h5", self.h5("whole"), "--label", "q10"))
        result = self.seem("database", "select", "rest.h5", self.h5("whole"), "--label", "q8", "--label", "q12")
        self.assert_done(result)
        self.assertRegex(result.stdout, r"rest\.h5: 7 runs of 4 glasses, \d+ events")
        self.assert_done(self.seem("database", "merge", "all.h5", "q10.h5", "rest.h5"))
        comparison = self.compare(self.h5("whole"), "all.h5")
        self.assertLess(comparison["rate"]["chi_squared"], 1e-12)
        self.assertEqual(comparison["settings"], {})

    def test_a_bootstrap_follows_its_seed(self):
        for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
            self.assert_done(self.seem("database", "bootstrap", name, self.h5("whole"), "--seed", seed))
        contents = []
        for name in "abc":
            with open(self.file(name), "rb") as stream:
                contents.append(stream.read())
        self.assertEqual(contents[0], contents[1])
        self.assertNotEqual(contents[0], contents[2])

    def test_labels_that_differ_are_told_in_standard_errors(self):
        for label in ("q8", "q12"):
            self.assert_done(self.seem("database", "select", label, self.h5("whole"), "--label", label))
        result = self.seem("database", "compare", "q8", "q12")
        self.assert_done(result)
        for pattern in (r"G0 .* the same", r"rate \[1/strain\] at equal state: .* second less first [+-]",
                        r"mean dtau \[GPa\] at equal state", r"mean dX1 \[eV\]", r"chi\^2 = \d", r"standard errors"):
            self.assertRegex(result.stdout, pattern)
        self.assertNotIn("runs are in both", result.stdout)
        comparison = self.compare("q8", "q12")
        # One glass of q8: the scatter between glasses is not known.
        self.assertIsNone(comparison["rate"]["difference"]["standard_error"])
        self.assertGreater(len(comparison["rate"]["bins"]), 5)

    def test_errors_name_file_and_cure(self):
        whole, first = self.h5("whole"), self.h5("first")
        merge = ("database", "merge", "out")
        self.assert_refused(self.seem(*merge, whole, first), r"whole/cu64zr36\.h5", r"first/cu64zr36\.h5",
                            r"run '.*q10_s1_d0.*' of the second is run", r"seem database select")
        self.harvest("second", output="own")
        self.assert_refused(self.seem(*merge, first, self.h5("own")), r"own/cu64zr36\.h5", r"u0 \[eV\] is ",
                            r"Elasticity/Source = database")
        self.assert_refused(self.seem(*merge, whole, "none.h5"), r"none\.h5")
        path = self.write("text.h5", "text")
        self.assert_refused(self.seem("database", "compare", whole, path), r"text\.h5")
        self.assert_refused(self.seem("database", "select", "out", whole, "--label", "q9"),
                            r'no label "q9"; it has q10, q12, q8')
        result = self.seem("database", "select", "text.h5", whole, "--label", "q8")
        self.assertNotEqual(result.returncode, 0)
        self.assertRegex(result.stderr, r"text\.h5 exists.*--overwrite")
        with open(path, encoding="utf-8") as stream:
            self.assertEqual(stream.read(), "text")
        self.assert_done(self.seem("database", "select", "text.h5", whole, "--label", "q8", "--overwrite"))
        self.assertEqual(os.listdir(self.directory), ["text.h5"])
        self.assert_refused(self.seem("database", "select", "no/directory/x.h5", whole, "--label", "q8"),
                            r"no/directory")

    def test_elasticity_of_a_database_needs_one_and_nothing_else(self):
        harvest = ("harvest", HARVEST, "--output", "out", "--set")
        self.assert_refused(self.seem(*harvest, "Elasticity/Source=database"), r"Elasticity", r"Database",
                            r"expected the name of a file")
        self.assert_refused(self.seem(*harvest, f"Elasticity/Database={self.h5('whole')}"), r"is only used if")
        self.assert_refused(self.seem(*harvest, "Elasticity/Source=database", "--set",
                                      f"Elasticity/Database={self.h5('whole')}", "--set", "Grid/X1 range=0,0.1"),
                            r"X1 range", r"comes from the database")


if __name__ == "__main__":
    unittest.main()
