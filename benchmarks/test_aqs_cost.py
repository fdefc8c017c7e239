#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tests of aqs_cost, with programs in place of LAMMPS and benchmark_law whose costs and tables are known."""

import os
import subprocess
import sys
import tempfile
import unittest

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "aqs_cost")

# A solid that is elastic, 20 GPa, up to YIELD and flows at constant stress beyond; three of its fine increments lose 1 meV.
# Each fine increment takes 20 ms of processor time, and sleeps as long.
LAMMPS = """#!{python}
import sys, time
YIELD = {yield_strain}
volume, per_volume = 1000.0, 1 / 160.21766208
var = {{sys.argv[i + 1]: sys.argv[i + 2] for i, argument in enumerate(sys.argv) if argument == "-var"}}
open("calls", "a").write("lmp\\n")
if "quench.in" in " ".join(sys.argv):
    open(var["out"], "w").close()
    sys.exit()
start, strain, step = float(var.get("start", 0)), float(var["strain"]), float(var["increment"])
stress = lambda gamma: 20 * min(gamma, YIELD)
print("Changing box ...")
print("Loop time of 0 on 1 procs")
lost, rows = 0.0, []
for i in range(round((strain - start) / step) + 1):
    gamma = start + i * step
    if i > 0:
        print("Changing box ...")
        if step < 2e-4:
            end = time.process_time() + 0.02
            while time.process_time() < end:
                pass
            time.sleep(0.02)
        print("Loop time of 0 on 1 procs")
    if i in (3, 7, 8) and step < 2e-4:
        lost += 1e-3
    elastic = min(gamma, YIELD)
    work = 10 * elastic**2 + 20 * YIELD * (gamma - elastic)
    rows.append(f"{{gamma:.6f}} {{work * volume * per_volume - lost:.9f}} {{stress(gamma):.8f}}")
with open(var["out"], "w") as table:
    print("# AQS: atoms 256 volume_A3 1000.0 increment x", "# strain pe_eV tau_GPa", *rows, sep="\\n", file=table)
print("not part of an increment")
"""

# Paths of 2, 1 and 4 ms, and a row that is no measurement.
LAW = """#!{python}
import json, sys
out = [argument.split("=")[1] for argument in sys.argv if argument.startswith("--benchmark_out=")][0]
runs = [dict(run_type="iteration", items_per_second=1 / time, **{{"events per path": 140}}) for time in (2e-3, 1e-3, 4e-3)]
runs.append(dict(run_type="aggregate", items_per_second=1.0))
json.dump(dict(benchmarks=runs), open(out, "w"))
"""


class AqsCost(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.directory = temporary.name
        self.program("law", LAW)
        with open(os.path.join(self.directory, "potential"), "w", encoding="utf-8"):
            pass

    def program(self, name, text, **values):
        path = os.path.join(self.directory, name)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text.format(python=sys.executable, **values))
        os.chmod(path, 0o755)

    def cost(self, *more):
        """Run aqs_cost; its table as a dictionary, its messages, its exit status."""
        done = subprocess.run([sys.executable, SCRIPT, "--lammps", "./lmp", "--law-benchmark", "./law", "--potential", "potential",
                               "--increments", "50", *more, "runs"], cwd=self.directory, capture_output=True, text=True,
                              check=False)
        table = dict(line.strip().split("  ", 1) for line in done.stdout.splitlines())
        return {name: value.strip() for name, value in table.items()}, done.stderr, done.returncode

    def test_the_ratio_is_processor_time_of_5000_increments_over_the_median_path(self):
        self.program("lmp", LAMMPS, yield_strain=0.05)
        table, errors, status = self.cost()
        self.assertEqual(status, 0, errors)
        mean = float(table["mean per increment"].split()[0])
        self.assertGreaterEqual(mean, 0.0195)
        self.assertLess(mean, 0.030)  # 0.04 and more with the sleep
        self.assertTrue(table["path of the point law, 5000 increments"].startswith("2.000 ms (1.000 to 4.000)"), table)
        self.assertAlmostEqual(float(table["ratio"]) / (mean * 5000 / 2e-3), 1.0, delta=0.06)  # two digits are printed
        self.assertEqual(table["of these with an event"], "3")
        self.assertEqual(table["timed increments"], "50 of 0.0001, strain 0.1500 to 0.1550")
        # Elastic to 0.05 at 20 GPa: 1 GPa, and 0.15 - 0.05 is plastic.
        self.assertEqual(table["stress and plastic strain at its end"], "1.000 GPa, 0.100")

    def test_what_is_complete_is_kept_and_other_options_are_refused(self):
        self.program("lmp", LAMMPS, yield_strain=0.05)
        for _ in range(2):
            _, errors, status = self.cost()
            self.assertEqual(status, 0, errors)
        with open(os.path.join(self.directory, "runs", "calls"), encoding="utf-8") as stream:
            self.assertEqual(len(stream.readlines()), 3)
        _, errors, status = self.cost("--rate", "2e14")
        self.assertEqual(status, 1)
        self.assertIn("other options", errors)

    def test_increments_before_yield_are_refused(self):
        self.program("lmp", LAMMPS, yield_strain=0.149)
        _, errors, status = self.cost()
        self.assertEqual(status, 1)
        self.assertIn("not yielded", errors)

    def test_a_failure_of_lammps_names_its_output(self):
        self.program("lmp", "#!{python}\nimport sys\nprint('ERROR: lost atoms')\nsys.exit(1)\n")
        _, errors, status = self.cost()
        self.assertEqual(status, 1)
        self.assertIn("glass.log", errors)


if __name__ == "__main__":
    unittest.main()
