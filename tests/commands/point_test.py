#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""
`seem point` as a user starts it: the model beside the runs, under components, refusals. $SEEM_PROGRAM names the program.
What needs h5py is skipped where it is missing.
"""

import math
import os
import shutil
import subprocess
import unittest

from program_test import POINT, SOURCE, WithDatabase, python_with, read_csv


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


if __name__ == "__main__":
    unittest.main()
