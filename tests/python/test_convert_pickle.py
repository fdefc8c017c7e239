# SPDX-License-Identifier: LGPL-2.1-or-later
"""tools/convert_pickle: pandas pickles become files that `seem harvest` reads."""

import os
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np
import pandas as pd

TOOL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "convert_pickle")
PROGRAM = os.environ.get("SEEM_PROGRAM")


def elastic_run(seed, n=41):
    """Columns of a run of 4 atoms in 64 A^3, elastic with 25 GPa, under names that seem does not know."""
    gamma = 1e-3 * np.arange(n)
    tau = 25.0 * gamma + 1e-5 * seed
    work = 64.0 / 160.21766208 * np.cumsum(np.append(0.0, 0.5 * (tau[1:] + tau[:-1]) * np.diff(gamma)))
    return pd.DataFrame({"gamma": gamma, "PotEng": -20.0 + seed + work, "tau": tau, "note": ["x"] * n})


class ConvertPickle(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.directory = scratch.name

    def file(self, name):
        return os.path.join(self.directory, name)

    def pickle(self, value, name="a.pkl"):
        pd.to_pickle(value, self.file(name))
        return self.file(name)

    def convert(self, *arguments):
        return subprocess.run([sys.executable, TOOL, *arguments], capture_output=True, text=True, check=False, timeout=300)

    def listed(self, value, *arguments):
        """Names of the runs in a pickle, with their number of rows."""
        result = self.convert(self.pickle(value), "--list", *arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return {line.split(": ")[0]: int(line.split(": ")[1].split()[0]) for line in result.stdout.splitlines()}

    def assert_refused(self, result, *words):
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertNotIn("Traceback", result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)

    def test_a_frame_is_one_run_with_all_its_numbers(self):
        run = elastic_run(1)
        result = self.convert(self.pickle(run, "q10.pkl.gz"), "--output", self.file("out"))
        self.assertEqual(result.returncode, 0, result.stderr)
        again = pd.read_csv(self.file("out/q10.csv.gz"), float_precision="round_trip")
        self.assertEqual(list(again.columns), ["gamma", "PotEng", "tau"])
        for column in again.columns:
            np.testing.assert_array_equal(again[column], run[column])

    def test_runs_are_found_in_every_shape(self):
        a, b = elastic_run(1), elastic_run(2, 31)
        self.assertEqual(self.listed({"x": a, "y": [b, a]}), {"a_x": 41, "a_y_0": 31, "a_y_1": 41})
        self.assertEqual(self.listed({"x": {name: a[name].to_numpy() for name in ("gamma", "tau")}}), {"a_x": 41})
        together = pd.concat([a, b], keys=["q8", "q10"])
        self.assertEqual(self.listed(together), {"a_q8": 41, "a_q10": 31})
        self.assertEqual(self.listed(pd.concat([together, together], keys=[1, 2])),
                         {"a_1_q8": 41, "a_1_q10": 31, "a_2_q8": 41, "a_2_q10": 31})
        self.assertEqual(self.listed(pd.concat([a.assign(seed=7), b.assign(seed=9)]), "--by", "seed"), {"a_7": 41, "a_9": 31})
        cells = pd.DataFrame({"seed": [1, 2], "gamma": [a.gamma.tolist(), b.gamma.to_numpy()],
                              "tau": [a.tau.to_numpy(), b.tau.to_numpy()]})
        self.assertEqual(self.listed(cells), {"a_0": 41, "a_1": 31})
        result = self.convert(self.pickle(a.set_index("gamma")), "--list")
        self.assertIn("gamma 0 to 0.04", result.stdout)

    def test_the_formats_hold_the_same_numbers(self):
        run = elastic_run(3)
        path = self.pickle({"r1": run})
        columns = ["--columns", "strain=gamma,tau_GPa=tau"]
        for kind in ("npz", "hdf5"):
            result = self.convert(path, "--format", kind, "--output", self.file(kind), *columns)
            self.assertEqual(result.returncode, 0, result.stderr)
        with np.load(self.file("npz/a_r1.npz")) as archive, h5py.File(self.file("hdf5/runs.h5")) as file:
            self.assertEqual(sorted(archive), ["strain", "tau_GPa"])
            self.assertEqual(sorted(file["a_r1"]), ["strain", "tau_GPa"])
            for new, old in (("strain", "gamma"), ("tau_GPa", "tau")):
                np.testing.assert_array_equal(archive[new], run[old])
                np.testing.assert_array_equal(file["a_r1"][new], run[old])

    @unittest.skipUnless(PROGRAM, "the program was not built")
    def test_seem_reads_what_was_converted(self):
        path = self.pickle([elastic_run(0), elastic_run(1)])
        for kind in ("csv.gz", "npz", "hdf5"):
            result = self.convert(path, "--format", kind, "--output", self.file(kind), "--atoms", "4", "--volume", "64",
                                  "--label", "q8", "--cooling-rate", "1e12",
                                  "--columns", "strain=gamma,pe_eV=PotEng,tau_GPa=tau")
            self.assertEqual(result.returncode, 0, result.stderr)
            prm = self.file(f"{kind}.prm")
            with open(prm, "w", encoding="utf-8") as stream:
                stream.write(f"subsection Runs\n  set Manifest = {kind}/manifest.csv\nend\n")
            check = subprocess.run([PROGRAM, "harvest", prm, "--check"], capture_output=True, text=True, check=False, timeout=300)
            self.assertEqual(check.returncode, 0, check.stdout + check.stderr)
            self.assertIn("2 of 2 runs good, 2 of q8", check.stdout)

    def test_what_cannot_be_converted_is_named(self):
        path = self.pickle(elastic_run(1))
        self.assert_refused(self.convert(self.file("b.pkl"), "--list"), "b.pkl", "no such file")
        self.assert_refused(self.convert(path, "--output", self.file("out"), "--columns", "strain=eps"), "eps", "gamma, PotEng")
        self.assertEqual(self.convert(path, "--output", self.file("out")).returncode, 0)
        self.assert_refused(self.convert(path, "--output", self.file("out")), "a.csv.gz", "exists")
        self.assert_refused(self.convert(self.pickle({"x": 3.0}), "--list"), "a_x", "float")
        self.assert_refused(self.convert(self.pickle({"x": np.arange(3), "y": np.arange(4)}), "--list"), "x 3, y 4")
        self.assert_refused(self.convert(self.pickle(pd.DataFrame({"note": ["a", "b"]})), "--list"), "no column holds numbers")
        with open(self.file("c.pkl"), "wb") as stream:
            stream.write(b"no pickle")
        self.assert_refused(self.convert(self.file("c.pkl"), "--list"), "c.pkl", "cannot read")

    def test_the_help_says_that_pickles_execute_code(self):
        result = self.convert("--help")
        self.assertIn("PICKLES EXECUTE CODE", result.stdout)
        self.assertIn("python3-pandas", result.stdout)


if __name__ == "__main__":
    unittest.main()
