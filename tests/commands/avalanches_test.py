#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""
`seem avalanches` as a user starts it, with sizes drawn from a known law. $SEEM_PROGRAM names the program.
"""

import random
import unittest

from program_test import Program, read_csv


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
                ([self.write("other.csv", "a,b\n1,2\n")], r"other\.csv: no column 'strain'.*next event"),
                ([table, "--set", "From strain=1"], r"none of its 30 avalanches lies between"),
                ([table, "--set", "From strain=1", "--set", "To strain=0.5"], r'must be above "From strain"'),
                ([table, "--set", "Smallest size/n_events=1.5"], r"expected a whole number"),
                ([table], r"none of the sizes can be fitted")):
            with self.subTest(arguments=arguments):
                result = self.seem("avalanches", *arguments, "--output", "fits", "--set", "Figures=false")
                self.assertNotEqual(result.returncode, 0)
                self.assertRegex(result.stderr, pattern)


if __name__ == "__main__":
    unittest.main()
