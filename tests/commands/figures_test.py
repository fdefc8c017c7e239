#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""`seem figures` and `seem info` on what the commands write, as a user sees them."""

import json
import os
import shutil
import unittest

from program_test import DATA, POINT, WithDatabase, python_with, read_csv

MANIFEST = os.path.join(DATA, "manifest.csv")
RUN = "cu64zr36_q8_s1_d1.aqs.gz"
WITHOUT_RUNS = ["figure_2.csv", "figure_2_fixed_points.csv", "figure_2_nullclines.csv", "figure_3a.csv", "figure_3b.csv",
                "figure_3b_bin.csv", "figure_3b_line.csv", "figure_5.csv"]
WITH_RUNS = ["figure_1.csv", *WITHOUT_RUNS[:7], "figure_4.csv", "figure_5.csv", "figure_S1.csv", "figure_S1_branches.csv",
             "figure_S1_fit.csv"]


class Figures(WithDatabase):
    def figures(self, *arguments, file=None, output="out", environment=None):
        return self.seem("figures", file or self.database, "--output", output, *arguments, environment=environment)

    def texts(self, directory):
        result = {}
        for name in os.listdir(self.file(directory)):
            with open(self.file(directory, name), encoding="utf-8") as stream:
                result[name] = stream.read()
        return result

    def numbers(self, *arguments, output="out", **more):
        """The tables alone; standard error names what is not drawn."""
        result = self.figures("--set", "Figures=false", "--set", "Model/Paths per label=5", *arguments, output=output, **more)
        self.assert_done(result)
        return result, sorted(name for name in os.listdir(self.file(output)) if name.endswith(".csv"))

    @unittest.skipUnless(python_with("matplotlib, numpy"), "needs python3 with matplotlib")
    def test_every_figure_is_drawn_by_one_command(self):
        result = self.figures("--runs", MANIFEST, "--set", "Model/Paths per label=5")
        self.assert_done(result)
        self.assertEqual(result.stderr, "")
        self.assertRegex(result.stdout, r"(?m)^Fixed point of the mean flow: tau 1\.\d+ GPa, X1 2\d\.\d+ meV, attracting$")
        names = [f"figure_{n}" for n in ("1", "2", "3a", "3b", "4", "5", "S1")]
        self.assertEqual(sorted(os.listdir(self.file("out"))),
                         sorted([*WITH_RUNS, *(f"{name}.{ending}" for name in names for ending in ("png", "pdf"))]))
        for name in names:
            self.assertGreater(os.path.getsize(self.file("out", f"{name}.png")), 10000, name)

    def test_the_tables_hold_what_the_database_and_the_runs_say(self):
        _, names = self.numbers("--runs", MANIFEST, "--set", f"Run={RUN}")
        self.assertEqual(names, sorted(WITH_RUNS))
        run = read_csv(self.file("out", "figure_1.csv"))
        self.assertEqual(len(run), 3001)
        # The file has the run's own rows: an event lowers the energy below the work.
        marked = [i for i, row in enumerate(run) if row["event"] == "1"]
        self.assertGreater(len(marked), 100)
        falls = [i for i in range(3000) if float(run[i + 1]["tau_GPa"]) < float(run[i]["tau_GPa"]) - 0.02]
        self.assertGreater(len(falls), 10)
        self.assertEqual([i for i in falls if i not in marked and float(run[i]["tau_GPa"]) > 0], [])

        bins = read_csv(self.file("out", "figure_2.csv"))
        self.assertEqual(len(bins), 400)
        n_events = sum(float(row["n_events"]) for row in bins)
        about = read_csv(self.file("out", "figure_3b_bin.csv"))[0]
        self.assertEqual(float(about["n_events"]), max(float(row["n_events"]) for row in bins))
        self.assertEqual(sum(float(row["n_events"]) for row in read_csv(self.file("out", "figure_3b.csv"))),
                         float(about["n_events"]))
        self.assertGreater(n_events, 2000)

        paths = read_csv(self.file("out", "figure_4.csv"))
        first = {row["source"]: row for row in reversed(paths)}
        self.assertEqual(set(first), {"model", "aqs"})
        for column in ("tau_GPa", "x1_eV"):
            self.assertAlmostEqual(float(first["model"][column]), float(first["aqs"][column]), places=9)
        self.assertEqual({row["name"] for row in paths}, {RUN})
        means = read_csv(self.file("out", "figure_5.csv"))
        self.assertEqual({(row["source"], row["label"], row["n"]) for row in means},
                         {("model", label, "5") for label in ("q8", "q10", "q12")} |
                         {("aqs", "q8", "3"), ("aqs", "q10", "6"), ("aqs", "q12", "4")})
        self.assertEqual(len(read_csv(self.file("out", "figure_S1.csv"))), 13)
        fits = {row["of"]: float(row["g0_GPa"]) for row in read_csv(self.file("out", "figure_S1_fit.csv"))}
        self.assertLess(abs(fits["first moduli"] / fits["database"] - 1), 0.03)

    def test_without_runs_it_says_what_is_missing_and_makes_the_rest(self):
        result, names = self.numbers()
        self.assertEqual(names, WITHOUT_RUNS)
        self.assertRegex(result.stderr, r"seem: note: not drawn: figures 1, 4, S1, .*: no atomistic runs were given")
        self.assertEqual({row["source"] for row in read_csv(self.file("out", "figure_3a.csv"))}, {"model"})

    def test_if_drawing_fails_the_tables_are_there_and_the_status_says_so(self):
        self.write("broken/paper.py", "import sys\nsys.exit('no ink')\n")
        result = self.figures("--set", "Model/Paths per label=2", environment={"SEEM_FIGURES_DIR": self.file("broken")})
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, r"seem: error: no figures: (?s:.*)no ink")
        self.assertEqual(sorted(os.listdir(self.file("out"))), WITHOUT_RUNS)

    def test_a_run_that_the_manifest_has_not_is_named(self):
        with open(MANIFEST, encoding="utf-8") as stream:
            lines = stream.read().splitlines()
        few = [line.replace("cu64zr36_q", os.path.join(DATA, "cu64zr36_q"), 1) for line in lines if RUN not in line]
        manifest = self.write("few.csv", "\n".join(few) + "\n")
        result, names = self.numbers("--runs", manifest, "--set", f"Run={RUN}")
        self.assertRegex(result.stderr, rf"not drawn: figures 1 and 4, .*: the manifest has no run \"{RUN}\"")
        self.assertNotIn("figure_1.csv", names)
        self.assertIn("figure_S1.csv", names)

    def test_every_parameter_changes_something(self):
        def tables(*assignments):
            arguments = [word for a in assignments for word in ("--set", a)]
            shutil.rmtree(self.file("out"), ignore_errors=True)
            self.numbers("--runs", MANIFEST, "--set", "Model/Final strain=0.05", *arguments)
            return self.texts("out")
        base = tables()
        self.assertEqual(base, tables("Threads=1"))
        for assignment, changed in ((f"Run={RUN}", "figure_4.csv"), ("First strain=0.03", "figure_S1.csv"),
                                    ("Histogram bins=7", "figure_3b.csv"), ("Model/Paths per label=3", "figure_5.csv"),
                                    ("Model/Seed=2", "figure_3a.csv"), ("Model/Final strain=0.04", "figure_4.csv"),
                                    ("Model/Output increment=0.002", "figure_4.csv")):
            with self.subTest(assignment=assignment):
                self.assertNotEqual(tables(assignment)[changed], base[changed])

    def test_a_parameter_file_does_the_same(self):
        prm = self.write("f.prm", f"set Database file = {self.database}\nsubsection Model\n  set Paths per label = 5\nend\n"
                                  f"subsection Runs\n  set Manifest = {MANIFEST}\nend\n")
        self.numbers(file=prm, output="a")
        self.numbers("--runs", MANIFEST, output="b")
        self.assertEqual(sorted(self.texts("a")), sorted(WITH_RUNS))
        self.assertEqual(self.texts("a"), self.texts("b"))

    def test_bad_input_is_refused(self):
        self.assert_refused(self.figures(file="none.h5"), r"none\.h5")
        self.assert_refused(self.figures("--set", "Run=cu64zr36_q8_s1_d9.aqs.gz"), r'"Run".*did you mean "cu64zr36_q8')
        self.assert_refused(self.figures("--runs", "none.csv"), r"none\.csv")


class Info(WithDatabase):
    def info(self, *names):
        result = self.seem("info", self.file(*names))
        self.assert_done(result)
        self.assertTrue(result.stdout.startswith(self.file(*names)), result.stdout)
        return result.stdout

    def test_of_the_files_of_harvest_and_figures(self):
        folder = os.path.dirname(self.database)
        text = self.info(folder, "report.json")
        with open(os.path.join(folder, "report.json"), encoding="utf-8") as stream:
            report = json.load(stream)
        self.assertIn("report of seem harvest", text)
        self.assertIn("Samples: 13 of 7 glasses\n", text)
        self.assertRegex(text, r"\n  q10 +6 runs, yield peak 2\.323 GPa, ")
        self.assertIn(f"{report['events']['event_increments']} increments, {report['events']['in_table']} in the table", text)
        self.seem("figures", self.database, "--runs", MANIFEST, "--output", "f", "--set", "Model/Paths per label=2",
                  "--set", "Figures=false")
        for name, rows in (("figure_1", 5001), ("figure_2", 400), ("figure_S1", 13), ("figure_3b_bin", 1)):
            text = self.info("f", f"{name}.csv")
            self.assertIn("of seem figures", text)
            self.assertIn(f"\n{rows} rows, columns:\n", text)
        for name in WITH_RUNS:
            self.info("f", name)

    def test_of_the_files_of_point(self):
        self.assert_done(self.seem("point", POINT, "--output", "out", "--set", f"Database file={self.database}", "--set",
                                   "Figures=false", "--set", "Ensemble/Paths per label=3", "--set", "Strain/Final strain=0.02"))
        self.assertIn("mean of seem point and of atomistic runs", self.info("out", "mean.csv"))
        text = self.info("out", "paths.csv")
        self.assertRegex(text, r"strain +0 to 0\.02\n")
        self.assertRegex(text, r"label +.*q8")
        self.assertIn("summary of seem point", self.info("out", "summary.csv"))
        self.assertIn("bins of the event database", self.info("out", "grid.csv"))
        self.assertIn("paths of the point model", self.info("out", "point.h5"))

    def test_of_files_of_run_and_validate_by_their_columns(self):
        # Those commands are slow; their own tests hold the columns.
        for name, header, row, words in (
                ("history.csv", "step,strain,stress_xy_GPa,n_passes,first_law_residual_GPa", "1,0.001,0.02,3,1e-12", "history"),
                ("timings.csv", "step,wall_s,newton_steps", "1,0.5,2", "timings"),
                ("curves.csv", "held_out,label,strain,tau_runs_GPa,tau_model_GPa", "glass,q8,0.1,1,nan", "mean curves"),
                ("hazard.csv", "held_out,label,age_low,hazard_runs", "glass,q8,0.1,400", "hazard")):
            self.write(name, f"{header}\n{row}\n")
            text = self.info(name)
            self.assertIn(words, text)
            self.assertIn("\n1 rows, columns:\n", text)
        self.assertRegex(self.info("curves.csv"), r"tau_model_GPa +1 without a number")
        self.write("fields.pvd", '<?xml version="1.0"?>\n<VTKFile type="Collection"><Collection>\n<DataSet timestep="0" '
                                 'file="a.pvtu"/>\n<DataSet timestep="0.5" file="b.pvtu"/>\n</Collection></VTKFile>\n')
        self.assertIn("2 times from 0 to 0.5", self.info("fields.pvd"))
        self.write("validation.json", json.dumps({
            "kind": "validation", "program_version": "0.1", "passed": False, "judged": True,
            "checks": [{"quantity": "yield peak", "label": "q8", "unit": "%", "value": 7.5, "limit": 5.0, "judged": True,
                        "passed": False}],
            "hold_outs": [{"held_out": "glass", "labels": [1], "folds": [1, 2],
                           "overall": {"yield_peak_rms_percent": 7.5, "end_stress_rms_percent": None,
                                       "mean_stress_rms_GPa": 0.06}}], "settings": {"Threads": "0"}}))
        text = self.info("validation.json")
        for words in ("Verdict: not passed", "yield peak", "7.5 %", "rms of the yield peak 7.50 %, end stress - %", "Threads = 0"):
            self.assertIn(words, text)

    def test_unknown_and_damaged_files_are_refused(self):
        for name, text, pattern in (("a.csv", "x,y\n1,2\n", r"a\.csv: not a file that seem writes, expected .*report\.json"),
                                    ("b.json", '{"kind": "cake"}', r"b\.json: not a file that seem writes"),
                                    ("c.json", '{"kind": "validation"', r"c\.json: .*damaged or cut off"),
                                    ("d.json", '{"kind": "validation"}', r"d\.json: kind \"validation\", but not as seem"),
                                    ("e.csv", "step,wall_s,newton_steps\n1,2\n", r"e\.csv:2: 2 entries, .* names 3"),
                                    ("f.csv", "", r"f\.csv: not a file"), ("g.png", "\x89PNG", r"g\.png: not a file")):
            self.assert_refused(self.seem("info", self.write(name, text)), pattern)
        self.assert_refused(self.seem("info", "none.csv"), r"none\.csv")


if __name__ == "__main__":
    unittest.main()
