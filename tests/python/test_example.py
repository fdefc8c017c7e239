# SPDX-License-Identifier: LGPL-2.1-or-later
"""examples/notebook/point_law.py runs as a script, with the shipped data if $SEEM_PROGRAM can harvest them."""

import os
import re
import subprocess
import sys
import tempfile
import unittest

from tiny_database import tiny_database

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EXAMPLE = os.path.join(SOURCE, "examples", "notebook", "point_law.py")


class Example(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.directory = scratch.name

    def run_example(self, database):
        picture = os.path.join(self.directory, "picture.png")
        result = subprocess.run([sys.executable, EXAMPLE], capture_output=True, text=True, check=False, cwd=self.directory,
                                env=dict(os.environ, MPLBACKEND="Agg", SEEM_DATABASE=database, SEEM_FIGURE=picture))
        self.assertEqual(result.returncode, 0, result.stderr)
        with open(picture, "rb") as stream:
            data = stream.read()
        self.assertEqual(data[:8], b"\x89PNG\r\n\x1a\n")
        self.assertGreater(len(data), 20000)
        return result.stdout

    def test_it_runs_on_any_database(self):
        database = os.path.join(self.directory, "tiny.h5")
        tiny_database().write(database)
        text = self.run_example(database)
        self.assertIn("200 paths to gamma = 0.3", text)
        self.assertIn("slow: largest mean stress", text)

    def test_its_cells_are_those_of_a_notebook(self):
        with open(EXAMPLE, encoding="utf-8") as stream:
            text = stream.read()
        cells = re.split(r"(?m)^# %%", text)[1:]
        self.assertGreater(len(cells), 6)
        for cell in cells:
            if cell.startswith(" [markdown]"):
                self.assertTrue(all(line.startswith("#") for line in cell.strip().split("\n")[1:]), cell)
            else:
                compile(cell.split("\n", 1)[1], EXAMPLE, "exec")

    @unittest.skipUnless("SEEM_PROGRAM" in os.environ, "built without the program")
    def test_it_runs_on_the_shipped_data(self):
        output = os.path.join(self.directory, "harvest")
        subprocess.run([os.environ["SEEM_PROGRAM"], "harvest", os.path.join(SOURCE, "prm", "harvest_cu64zr36.prm"),
                        "--output", output], check=True, capture_output=True,
                       env=dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1"))
        text = self.run_example(os.path.join(output, "cu64zr36.h5"))
        peak = float(re.search(r"q8: largest mean stress ([0-9.]+) GPa", text).group(1))
        # `seem point` has 2.50 GPa after smoothing over 0.01.
        self.assertTrue(2.4 < peak < 2.7, peak)


if __name__ == "__main__":
    unittest.main()
