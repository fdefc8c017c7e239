#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""
What `seem run` writes and says, as a user starts it: history and events in HDF5, fields and when they are written, timings,
--validate, notices. $SEEM_PROGRAM names the program. What needs h5py or mpirun is skipped where they are missing.
"""

import json
import os
import re
import shutil
import subprocess
import unittest

from program_test import PROGRAM, SOURCE, Program, WithDatabase, python_with, read_csv
from run_test import Run

DUMP = """
import json, sys, h5py
with h5py.File(sys.argv[1]) as f:
    text = lambda x: x.decode() if isinstance(x, bytes) else str(x)
    result = {"attributes": {k: [text(x) for x in v] if getattr(v, "shape", ()) else text(v) for k, v in f.attrs.items()}}
    for name, d in f.items():
        data = d[()]
        if data.dtype.names:
            result[name] = {k: data[k].tolist() for k in data.dtype.names}
            result[name + " units"] = [text(x) for x in d.attrs["units"]]
        else:
            result[name] = data.tolist()
            result[name + " unit"] = text(d.attrs["unit"])
print(json.dumps(result))
"""
PARTS = {"set_up", "law", "strains_forces", "linear_solves", "preconditioners", "output", "comparison", "rest"}
KEY = ("step", "pass", "cell", "quadrature_point", "copy", "number")


def read_hdf5(path):
    """All data sets and root attributes of a file, by another reader than ours."""
    python = python_with("h5py")
    if python is None:
        raise unittest.SkipTest("no python3 with h5py")
    done = subprocess.run([python, "-c", DUMP, path], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def ranks_to_try():
    return (1, 2) if shutil.which("mpirun") else (1,)


class SmallRun(WithDatabase):
    run_specimen = Run.run_specimen

    def written(self, *assignments, ranks=1, output="out"):
        result = self.run_specimen(*assignments, ranks=ranks, output=output)
        self.assert_done(result)
        return result


class History(SmallRun):
    def test_hdf5_has_the_same_columns_and_numbers(self):
        for ranks in ranks_to_try():
            with self.subTest(ranks=ranks):
                self.written("Output/History formats=csv, hdf5", ranks=ranks)
                rows = read_csv(self.file("out", "history.csv"))
                file = read_hdf5(self.file("out", "history.h5"))
                self.assertEqual(file["attributes"]["kind"], "run history")
                self.assertEqual(file["attributes"]["columns"], list(rows[0]))
                self.assertGreater(len(rows), 20)
                for name in rows[0]:
                    self.assertEqual([repr(float(x)) for x in file[name]], [repr(float(row[name])) for row in rows], name)
                    unit = next((u for u in ("GPa", "eV", "nm", "deg") if name.endswith(f"_{u}")), "1")
                    self.assertEqual(file[name + " unit"], unit, name)
                self.assertIsInstance(file["n_events"][0], int)

        summary = self.seem("info", "out/history.h5")
        self.assert_done(summary)
        self.assertIn(f"{len(rows)} steps, t = 0.002 to 0.06", summary.stdout)

    def test_pandas_takes_it(self):
        python = python_with("h5py, pandas")
        if python is None:
            self.skipTest("no python3 with h5py and pandas")
        self.written("Output/History formats=csv, hdf5")
        code = ("import sys, h5py, pandas\nf = h5py.File(sys.argv[1])\n"
                "d = pandas.DataFrame({n: f[n][:] for n in f.attrs['columns']})\nprint(len(d), d.stress_GPa.max())")
        done = subprocess.run([python, "-c", code, self.file("out", "history.h5")], capture_output=True, text=True, check=True)
        n, peak = done.stdout.split()
        rows = read_csv(self.file("out", "history.csv"))
        self.assertEqual((int(n), float(peak)), (len(rows), max(float(row["stress_GPa"]) for row in rows)))


class Events(SmallRun):
    def rows(self, *assignments, ranks=1, output="out"):
        """(rows of events.csv, rows of events.h5 as sorted tuples in its columns, the file)"""
        self.written("Output/Event log=true", "Output/Event formats=csv, hdf5", *assignments, ranks=ranks, output=output)
        file = read_hdf5(self.file(output, "events.h5"))
        events = file["events"]
        return read_csv(self.file(output, "events.csv")), sorted(zip(*(events[name] for name in events))), file

    def test_hdf5_has_the_events_of_the_table_on_any_number_of_ranks(self):
        by_ranks = []
        for ranks in ranks_to_try():
            with self.subTest(ranks=ranks):
                table, log, file = self.rows(ranks=ranks)
                names = list(file["events"])
                self.assertEqual(names, list(table[0]))
                self.assertEqual(names[:6], list(KEY))
                supports = ["inside", "outside", "forced"]
                expected = [tuple(supports.index(row[n]) if n == "support" else int(row[n]) if n in KEY else float(row[n])
                                  for n in names) for row in table]
                self.assertGreater(len(expected), 300)
                self.assertEqual(log, expected)  # the table is sorted by the key
                self.assertEqual(file["attributes"]["filter"], "none")
                self.assertEqual(file["events units"][7:9], ["GPa", "eV per atom"])
                by_ranks.append([row[:6] for row in log])

                # Places of the states: those of the final field.
                places = {(cell, q): (x, y) for cell, q, x, y in zip(*(file["states"][n] for n in
                                                                       ("cell", "quadrature_point", "x_nm", "y_nm")))}
                for row in read_csv(self.file("out", "final_field.csv")):
                    x, y = places.pop((int(row["cell"]), int(row["quadrature_point"])))
                    self.assertAlmostEqual(x, float(row["x_nm"]), places=9)
                    self.assertAlmostEqual(y, float(row["y_nm"]), places=9)
                self.assertEqual(places, {})
        self.assertEqual(by_ranks[0], by_ranks[-1])
        summary = self.seem("info", "out/events.h5")
        self.assert_done(summary)
        self.assertIn(f"{len(table)} events of 24 states", summary.stdout)

    def test_a_filter_keeps_what_meets_all_its_conditions(self):
        every, _, file = self.rows()
        drops = sorted(float(row["dtau_GPa"]) for row in every)
        drop = drops[len(drops) // 2]
        slips = sorted(float(row["plastic_shear"]) for row in every)
        slip = slips[len(slips) // 3]
        places = dict(zip(zip(file["states"]["cell"], file["states"]["quadrature_point"]), file["states"]["x_nm"]))
        middle = sorted(places.values())[len(places) // 2]
        inside = [row for row in every if places[int(row["cell"]), int(row["quadrature_point"])] <= middle]
        for settings, expected in (
                ([f"Event minimum drop={drop!r}"], [r for r in every if float(r["dtau_GPa"]) >= drop]),
                ([f"Event minimum plastic strain={slip!r}"], [r for r in every if float(r["plastic_shear"]) >= slip]),
                ([f"Event region=0, {middle + 1e-9!r}, 0, 1000"], inside),
                ([f"Event region=0, {middle + 1e-9!r}, 0, 1000", f"Event minimum drop={drop!r}"],
                 [r for r in inside if float(r["dtau_GPa"]) >= drop])):
            with self.subTest(settings=settings):
                table, log, _ = self.rows(*(f"Output/{s}" for s in settings), ranks=ranks_to_try()[-1])
                self.assertTrue(0 < len(expected) < len(every))
                key = [tuple(int(row[n]) for n in KEY) for row in expected]
                self.assertEqual([tuple(int(row[n]) for n in KEY) for row in table], key)
                self.assertEqual([row[:6] for row in log], key)

    def test_hdf5_alone_leaves_no_table(self):
        self.written("Output/Event log=true", "Output/Event formats=hdf5", "Output/Field interval=0")
        self.assertTrue(os.path.exists(self.file("out", "events.h5")))
        self.assertFalse(os.path.exists(self.file("out", "events.csv")))


class Fields(SmallRun):
    def reasons(self):
        return [(int(row["step"]), row["reasons"]) for row in read_csv(self.file("out", "fields", "fields.csv"))]

    def test_they_are_written_when_they_are_due(self):
        self.written("Output/Field interval=0.02", "Output/Field times=0.0151")
        # Steps of 0.002, one of which ends at the listed time.
        self.assertEqual(self.reasons()[0], (8, "time"))
        self.assertEqual([reason for _, reason in self.reasons()][1:], ["interval", "interval", "interval+end"])
        with open(self.file("out", "fields", "fields.pvd"), encoding="utf-8") as stream:
            times = re.findall(r'timestep="([^"]+)"', stream.read())
        index = read_csv(self.file("out", "fields", "fields.csv"))
        self.assertEqual([f"{float(t):.9f}" for t in times], [f"{float(row['time']):.9f}" for row in index])
        self.assertEqual(float(times[0]), 0.0151)

        self.written("Output/Field interval=0", "Output/Field steps=10")
        self.assertEqual(self.reasons(), [(10, "steps"), (20, "steps"), (30, "steps+end")])

    def test_after_the_peak_the_stress_has_fallen_by_the_share(self):
        self.written("Output/Field interval=0", "Output/Peak drop=0.1", "Loading/Strain path=0.06*sin(6.2831853*t)",
                     "Loading/Final strain=0.2", "Loading/Final time=0.5", "Loading/Largest increment=0.02")
        history = read_csv(self.file("out", "history.csv"))
        stress = [abs(float(row["stress_GPa"])) for row in history]
        due = next(i for i in range(len(stress)) if stress[i] < 0.9 * max(stress[:i + 1]))
        self.assertEqual(self.reasons(), [(due + 1, "peak"), (len(stress), "end")])

    def test_hdf5_with_one_mesh(self):
        for ranks in ranks_to_try():
            with self.subTest(ranks=ranks):
                self.written("Output/Field format=hdf5", "Output/Field interval=0.02", "Output/Tensor fields=both", ranks=ranks,
                             output=f"out{ranks}")
                directory = self.file(f"out{ranks}", "fields")
                self.assertEqual(sorted(os.listdir(directory)),
                                 ["fields.csv", "fields.xdmf", "fields_00000.h5", "fields_00001.h5", "fields_00002.h5",
                                  "mesh_00000.h5"])


class Timings(SmallRun):
    def test_the_parts_are_the_whole(self):
        for ranks in ranks_to_try():
            with self.subTest(ranks=ranks):
                result = self.written("Output/Point paths=20", ranks=ranks)
                with open(self.file("out", "timings.json"), encoding="utf-8") as stream:
                    timings = json.load(stream)
                self.assertEqual((timings["kind"], timings["n_ranks"]), ("run timings", ranks))
                self.assertEqual(set(timings["parts"]), PARTS)
                # Each rank's parts are that rank's wall time; wall_s is the longest of them, so this holds on a busy machine too.
                least, mean, most = (sum(part[key] for part in timings["parts"].values()) for key in ("min_s", "mean_s", "max_s"))
                self.assertLessEqual(least, mean + 1e-9)
                self.assertLessEqual(mean, timings["wall_s"] + 1e-9)
                self.assertLessEqual(timings["wall_s"], most + 1e-9)
                if ranks == 1:
                    self.assertAlmostEqual(mean, timings["wall_s"], places=9)
                self.assertAlmostEqual(sum(part["share"] for part in timings["parts"].values()), 1.0, places=9)
                for name, part in timings["parts"].items():
                    self.assertLessEqual(part["min_s"], part["mean_s"] + 1e-12, name)
                    self.assertLessEqual(part["mean_s"], part["max_s"] + 1e-12, name)
                    self.assertGreaterEqual(part["min_s"], 0.0, name)
                for name in ("law", "linear_solves", "output", "set_up"):
                    self.assertGreater(timings["parts"][name]["mean_s"], 0.0, name)
                history = read_csv(self.file("out", "history.csv"))
                self.assertEqual(timings["n_steps"], len(history))
                self.assertEqual(timings["n_events"], int(history[-1]["n_events_total"]))
                self.assertEqual(timings["n_passes"], sum(int(row["n_passes"]) for row in history))
                self.assertAlmostEqual(timings["s_per_event"] * timings["n_events"], timings["wall_s"], places=9)
                self.assertGreater(timings["peak_memory_MB"], 20.0 * ranks)
                self.assertRegex(result.stdout, rf"where the time went: [\d.]+ s on {ranks} rank")
                self.assertRegex(result.stdout, r"(?m)^  linear solves .* %$")
                self.assertRegex(result.stdout, r"per step .* s, per pass .* ms, per event .* us")
        summary = self.seem("info", "out/timings.json")
        self.assert_done(summary)
        self.assertIn("linear_solves", summary.stdout)


class Notices(SmallRun):
    def test_tension_and_large_strains_are_told_of(self):
        plain = self.written("Loading/Final strain=0.03")
        self.assertNotIn("nearer to tension", plain.stderr)
        self.assertNotIn("taken as small", plain.stderr)
        law = ("Material/Law=linear elastic", "Loading/Final strain=0.3", "Loading/Largest increment=0.1")
        self.assertRegex(self.written(*law).stderr, r"notice: the shear strain of up to 100\.0 % of the points exceeded 0\.2: "
                                                    r"strains and rotations are taken as small")
        tension = self.written("Loading/Kind=components", "Loading/Strain xx=t", "Loading/Stress yy=0", "Loading/Final time=0.02",
                               "Loading/Final strain=0.2", "Material/Law=linear elastic")
        self.assertRegex(tension.stderr, r"notice: up to 100\.0 % of the points were nearer to tension or compression .*isotropic")


class Validate(SmallRun):
    def validate(self, *assignments, ranks=1, prm="simple_shear"):
        settings = [f"Database file={self.database}", "Specimen/Cells=6, 4", *assignments]
        return self.seem("run", os.path.join(SOURCE, "prm", f"{prm}.prm"), "--validate", "--output", "out",
                         *(word for setting in settings for word in ("--set", setting)),
                         prefix=["mpirun", "-n", str(ranks)] if ranks > 1 else [])

    def test_a_good_run_is_described_and_nothing_is_written(self):
        for ranks in ranks_to_try():
            with self.subTest(ranks=ranks):
                result = self.validate(ranks=ranks)
                self.assert_done(result)
                for pattern in (r"no problems found", r"24 cells of degree 1, 70 degrees of freedom, 96 quadrature points",
                                r"states of the law: 96, m = 1 \.\. 1, median 1", r"t = 0 to 0\.2, at least 200 steps",
                                rf"\d+ MB on {ranks} rank"):
                    self.assertRegex(result.stdout, pattern)
                self.assertEqual(result.stdout.count("no problems found"), 1)
                self.assertFalse(os.path.exists(self.file("out")))

    def test_all_problems_are_told_at_once(self):
        self.write("out/there.txt", "precious")
        for ranks in ranks_to_try():
            with self.subTest(ranks=ranks):
                result = self.validate("Loading/Larget increment=3", "Initial state/Label=q9", "Specimen/Cell edge=80",
                                       "Output/History formats=hdf5", "Material/Yield stress=1", ranks=ranks)
                self.assertEqual(result.returncode, 1)
                for pattern in (r'did you mean "Largest increment"', r"no such samples; it has q10, q12, q8",
                                r"cell \d+: .* m = .*Cell edge", r"choose csv, or csv, hdf5", r"Yield stress.* is only used if",
                                r"out.*not empty.*--overwrite", r"seem: 6 problems in "):
                    self.assertRegex(result.stderr, pattern)
                self.assertEqual(result.stderr.count("seem: error: "), 6, result.stderr)
                self.assertEqual(os.listdir(self.file("out")), ["there.txt"])

    def test_what_depends_on_a_problem_is_left_out_and_the_rest_is_checked(self):
        result = self.validate("Database file=none.h5", "Loading/Kind=plates", "Loading/Upper boundary=roof", "Output/Peak drop=2")
        self.assertEqual(result.returncode, 1)
        self.assertIn("none.h5", result.stderr)
        self.assertRegex(result.stderr, r"Peak drop.* from 0 to 1")
        # With a database the mesh can be made, and the boundary is looked for.
        result = self.validate("Loading/Kind=plates", "Loading/Upper boundary=roof", "Specimen/Periodic=x")
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, r"roof")
        self.assertIn("seem: 1 problem in ", result.stderr)

    def test_the_shipped_parameter_files_are_good(self):
        for name in ("cyclic_shear", "stress_controlled_shear", "simple_shear"):
            with self.subTest(name=name):
                self.assert_done(self.validate(prm=name))


class Ensemble(SmallRun):
    def test_members_are_single_runs_and_the_table_is_that_of_their_histories(self):
        for ranks in ranks_to_try():
            with self.subTest(ranks=ranks):
                self.assertIn("3 runs in", self.written("Ensemble/Runs=3", "Seed=4", ranks=ranks).stdout)
                self.written("Seed=5", output="single")
                names = [self.file("out", f"seed_{seed}", "history.csv") for seed in (4, 5, 6)]
                with open(names[1], encoding="utf-8") as member, open(self.file("single", "history.csv"), encoding="utf-8") as single:
                    self.assertEqual(member.read(), single.read())
                # All steps are 2e-3 long here: the last row is the last step of all.
                last = [float(read_csv(name)[-1]["stress_GPa"]) for name in names]
                self.assertEqual(len(set(last)), 3)
                row = read_csv(self.file("out", "ensemble.csv"))[-1]
                self.assertAlmostEqual(float(row["time"]), 0.06)
                self.assertAlmostEqual(float(row["stress_mean_GPa"]), sum(last) / 3, places=12)
                self.assertAlmostEqual(float(row["stress_q50_GPa"]), sorted(last)[1], places=12)
                self.assertAlmostEqual(float(row["stress_q25_GPa"]), (sorted(last)[0] + sorted(last)[1]) / 2, places=12)
                self.assertEqual(row["n"], "3")
                self.assertEqual(os.path.exists(self.file("out", "seed_5.log")), ranks == 2)

    def test_a_member_that_fails_is_named_and_the_others_end(self):
        # Files in the way of two members: of two groups, if there are two ranks.
        for seed in (2, 3):
            self.write(f"out/seed_{seed}", "not a directory")
        result = self.run_specimen("Ensemble/Runs=4", ranks=ranks_to_try()[-1])
        self.assertEqual(result.returncode, 1)
        for seed in (2, 3):
            self.assertIn(f"seed {seed}: ", result.stderr)
        self.assertNotIn("seed 1: ", result.stderr)
        for seed in (1, 4):
            self.assertTrue(os.path.exists(self.file("out", f"seed_{seed}", "final_field.csv")))
        self.assertFalse(os.path.exists(self.file("out", "ensemble.csv")))

    def test_groups_must_share_out_the_ranks(self):
        result = self.run_specimen("Ensemble/Runs=2", "Ensemble/Ranks per run=3", ranks=ranks_to_try()[-1])
        self.assertEqual(result.returncode, 1)
        self.assertIn("cannot be shared out in groups of 3", result.stderr)
        result = self.run_specimen("Ensemble/Ranks per run=2")
        self.assertIn("only used if", result.stderr)


class RunParameters(Program):
    def test_are_printed_in_three_formats_with_unit_range_and_default(self):
        prm = self.seem("parameters", "run")
        self.assert_done(prm)
        self.assertRegex(prm.stdout, r"(?s)subsection Output.*# Fields are written once .*A number,?\n? *#? *from 0 to 1\.\n  "
                                     r"set Peak drop = 0\.05\n")
        markdown = self.seem("parameters", "run", "--format", "markdown")
        self.assert_done(markdown)
        self.assertRegex(markdown.stdout, r"(?m)^\| Files per time \| `1` \| a whole number, at least 1 \| .*\[-\]\. \|$")
        document = self.seem("parameters", "run", "--format", "json")
        self.assert_done(document)
        tree = json.loads(document.stdout)

        # Every entry, in all three: its name, its default, and what it accepts.
        entries = []

        def visit(node, section):
            for name, child in node.items():
                if "default_value" in child:
                    entries.append((section, name, child))
                    for key in ("value", "documentation", "pattern_description", "accepts", "required"):
                        self.assertIn(key, child, name)
                    if "number" in child["accepts"]:
                        self.assertIn("unit", child, name)
                else:
                    visit(child, [*section, name])
        visit(tree, [])
        self.assertGreater(len(entries), 60)
        self.assertEqual(tree["Output"]["Peak drop"]["accepts"], "a number from 0 to 1")
        self.assertEqual((tree["Material"]["Bulk modulus"]["unit"], tree["Material"]["Bulk modulus"]["required"]), ("GPa", True))
        for section, name, child in entries:
            shown = re.escape(name.replace("|", "\\|"))
            self.assertRegex(markdown.stdout, rf"(?m)^\| {shown} \| ", name)
            self.assertRegex(prm.stdout, rf"(?m)^{'  ' * len(section)}set {re.escape(name)} = ", name)

    def test_what_is_printed_is_a_parameter_file(self):
        printed = self.seem("parameters", "run").stdout
        prm = self.write("run.prm", re.sub(r"(?m)^(\s*set Bulk modulus *=) *$", r"\1 150", printed))
        result = self.seem("run", prm, "--validate", "--set", "Database file=none.h5", "--output", "out")
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, r"none\.h5")
        self.assertIn("seem: 1 problem in ", result.stderr)


del Run, WithDatabase, Program

if __name__ == "__main__":
    if not shutil.which(PROGRAM):
        raise SystemExit(f"SEEM_PROGRAM = {PROGRAM} is no program")
    unittest.main()
