# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Python module beside the program: the paths of `seem point`, bit by bit. $SEEM_PROGRAM names the program."""

import os
import subprocess
import tempfile
import unittest

# A second HDF5 library in the process, as in many notebooks.
import h5py
import numpy as np

import seem

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ENVIRONMENT = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")


def program(command, prm, *settings, output):
    assignments = [word for setting in settings for word in ("--set", setting)]
    subprocess.run([os.environ["SEEM_PROGRAM"], command, os.path.join(SOURCE, "prm", prm), *assignments, "--output", output],
                   check=True, capture_output=True, env=ENVIRONMENT)


class Program(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.directory = scratch.name
        program("harvest", "harvest_cu64zr36.prm", output=os.path.join(cls.directory, "harvest"))
        cls.file = os.path.join(cls.directory, "harvest", "cu64zr36.h5")
        cls.database = seem.Database.read(cls.file)

    def test_paths_are_those_of_seem_point(self):
        n_paths, seed, ratio = 5, 11, 2.0
        output = os.path.join(self.directory, "point")
        program("point", "point_cu64zr36.prm", f"Database file={self.file}", "Figures=false", "Runs/Manifest=",
                "Strain/Final strain=0.3", "Strain/Output increment=0.002", f"Ensemble/Paths per label={n_paths}",
                f"Ensemble/Seed={seed}", f"Ensemble/Volume ratio={ratio}", "Ensemble/Quadrature point=2",
                "Ensemble/First replica=100", output=output)
        law = seem.SeemLaw(self.database, bulk_modulus=148, seed=seed)
        with h5py.File(os.path.join(output, "point.h5")) as point:
            labels = [label.decode() for label in point["model/label"][:]]
            self.assertEqual(labels, [label for label in self.database.labels for _ in range(n_paths)])
            for k, label in enumerate(self.database.labels):
                name = {"first_replica": 100 + k * n_paths, "quadrature_point": 2}
                initial = seem.draw_initial_states(self.database.initial_states(label), n_paths, seed=seed, **name)
                ensemble = seem.shear_ensemble(law, initial, point["strain"][:], volume_ratio=ratio, **name)
                rows = slice(k * n_paths, (k + 1) * n_paths)
                self.assertGreater(ensemble.activity.n_events, 500)
                np.testing.assert_array_equal(ensemble.replica, point["model/replica"][rows])
                np.testing.assert_array_equal(ensemble.tau, point["model/tau"][rows])
                np.testing.assert_array_equal(ensemble.x1, point["model/x1"][rows])

    def test_database_is_that_of_the_file(self):
        with h5py.File(self.file) as file:
            for name in ("exposure", "n_events", "n_increments", "rate"):
                np.testing.assert_array_equal(getattr(self.database, name), file["grid"][name][:].T)
            for name in ("tau", "dtau", "net_dtau", "strain", "sample"):
                np.testing.assert_array_equal(getattr(self.database.events, name), file["events"][name][:])
            np.testing.assert_array_equal(self.database.events.x[0], file["events/x1"][:])
            self.assertEqual(self.database.elastic_constants["G0"].value, file["elasticity/G0"].attrs["value"])


if __name__ == "__main__":
    unittest.main()
