# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Python module: event database, event source, elasticity."""

import os
import tempfile
import unittest

import h5py
import numpy as np
from tiny_database import CONSTANTS, DTAU, DX1, INCREMENT, N_EVENTS, N_INCREMENTS, TAU, X1, tiny_database

import seem


class Database(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.directory = scratch.name
        self.database = tiny_database()

    def file(self, name):
        return os.path.join(self.directory, name)

    def test_what_is_written_is_read_again(self):
        self.database.write(self.file("a.h5"))
        again = seem.Database.read(self.file("a.h5"))
        for name in ("exposure", "n_events", "n_increments", "rate"):
            np.testing.assert_array_equal(getattr(again, name), getattr(self.database, name))
        for name in ("tau", "x", "dtau", "dx", "net_dtau", "strain", "sample"):
            np.testing.assert_array_equal(getattr(again.events, name), getattr(self.database.events, name))
        np.testing.assert_array_equal(again.initial_states(), self.database.initial_states())
        for name in ("material", "settings", "n_atoms", "volume", "u0", "strain_increment", "minimum_events", "labels"):
            self.assertEqual(getattr(again, name), getattr(self.database, name), name)
        self.assertEqual(again.elastic_constants["G0"].standard_error, 0.5)
        again.write(self.file("b.h5"))
        with open(self.file("a.h5"), "rb") as a, open(self.file("b.h5"), "rb") as b:
            self.assertEqual(a.read(), b.read())

    def test_smoothing_and_memory_are_those_of_the_file(self):
        self.assertIsNone(self.database.smoothing)
        self.assertIsNone(self.database.memory)
        k = np.arange(len(TAU))
        database = tiny_database(
            axes=[*self.database.axes, seem.Axis("memory", "1", [-1.0, 1.0])], exposure=(N_INCREMENTS * INCREMENT)[..., None],
            n_increments=N_INCREMENTS[..., None],
            events=seem.EventTable(tau=TAU, x=[X1, 0.0 * X1], dtau=DTAU, dx=[DX1, 0.0 * X1], net_dtau=-0.05 - 0.01 * k,
                                   strain=0.01 * k, sample=[0] * len(TAU)),
            samples=[seem.Sample(name="a", label="a", initial=[0.1, 0.005, 0.2], n_atoms=4000, volume=64000, final_strain=0.5,
                                 cooling_rate=1e12)])
        database.write(self.file("a.h5"))
        with h5py.File(self.file("a.h5"), "r+") as file:
            file.create_group("smoothing").attrs.update({"rate_curvature": 4.0, "size_curvature": 1.5, "kernel_events": 80.0})
            memory = file.create_group("memory")
            memory.attrs["reference_rate_K_per_s"] = 1e12
            for name, value in (("relaxation_strain", 0.2), ("mean", 0.05), ("per_decade", -0.25)):
                memory.create_group(name).attrs.update({"value": value, "standard_error": 0.1 * abs(value)})
        again = seem.Database.read(self.file("a.h5"))
        self.assertEqual((again.smoothing.rate_curvature, again.smoothing.size_curvature, again.smoothing.kernel_events),
                         (4.0, 1.5, 80.0))
        memory = again.memory
        self.assertEqual([float(number) for number in (memory.relaxation_strain, memory.mean, memory.per_decade)],
                         [0.2, 0.05, -0.25])
        self.assertAlmostEqual(memory.per_decade.standard_error, 0.025)
        self.assertEqual(memory.reference_rate, 1e12)
        # Two decades above the reference: 0.05 - 2 * 0.25.
        self.assertAlmostEqual(memory.initial(1e14), -0.45)
        self.assertIn("80", repr(again.smoothing))
        self.assertIn("0.2", repr(memory))

    def test_arrays_per_bin_have_the_order_of_the_axes(self):
        self.assertEqual([(axis.name, axis.n_bins) for axis in self.database.axes], [("tau", 3), ("x1", 2)])
        np.testing.assert_array_equal(self.database.axes[1].edges, [0.0, 0.01, 0.03])
        np.testing.assert_array_equal(self.database.n_events, N_EVENTS)
        np.testing.assert_array_equal(self.database.n_increments, N_INCREMENTS)
        np.testing.assert_allclose(self.database.exposure, [[1.0, 0.0], [0.2, 0.05], [0.1, 0.01]])
        self.assertAlmostEqual(self.database.rate[2, 0], -np.log(0.97) / INCREMENT)
        pooled = self.database.pooled_rates()
        self.assertEqual(pooled.shape, (3, 2))
        for bin_, rate in (((0, 0), 5), ((1, 0), 10), ((2, 0), 30), ((2, 1), 100)):
            self.assertAlmostEqual(pooled[bin_], rate)

    def test_events_are_those_given(self):
        events = self.database.events
        self.assertEqual(len(events), 11)
        np.testing.assert_array_equal(events.tau, TAU)
        np.testing.assert_array_equal(events.x, [X1])
        np.testing.assert_array_equal(events.dtau, DTAU)
        np.testing.assert_array_equal(events.dx, [DX1])
        self.assertEqual(events.sample.tolist(), [i % 3 for i in range(11)])

    def test_views_are_read_only_and_outlive_the_database(self):
        n_events, dtau = self.database.n_events, self.database.events.dtau
        for array in (n_events, dtau, self.database.axes[0].edges, self.database.pooled_rates()):
            with self.assertRaises(ValueError):
                array[0] = 7
        del self.database
        np.testing.assert_array_equal(n_events, N_EVENTS)
        self.assertAlmostEqual(dtau[10], 0.2)

    def test_samples_by_label_slowest_cooled_first(self):
        self.assertEqual(self.database.labels, ["slow", "fast"])
        np.testing.assert_allclose(self.database.initial_states("fast"), [[0.0, 0.004], [0.2, 0.006]])
        np.testing.assert_allclose(self.database.initial_states("slow"), [[0.1, 0.005]])
        np.testing.assert_allclose(self.database.samples[1].initial, (0.1, 0.005))
        with self.assertRaisesRegex(ValueError, r'"medium".*slow, fast'):
            self.database.initial_states("medium")

    def test_a_notebook_shows_a_table_and_a_terminal_a_line(self):
        self.assertEqual(repr(self.database),
                         "<seem.Database tiny <glass> & more: 3 x 2 bins, 11 events of 3 samples (slow: 1, fast: 2)>")
        html = self.database._repr_html_()
        for word in ("<table>", "tiny &lt;glass&gt; &amp; more", "slow: 1, fast: 2", "25 ± 0.5 GPa",
                     "11 over a forward strain of 1.36: 8.1 per unit strain"):
            self.assertIn(word, html)

    def test_a_file_that_cannot_be_opened_is_an_os_error(self):
        with self.assertRaises(FileNotFoundError) as caught:
            seem.Database.read(self.file("no.h5"))
        self.assertEqual(caught.exception.filename, self.file("no.h5"))

    def test_a_file_that_is_no_database_is_named(self):
        with open(self.file("text.h5"), "w", encoding="utf-8") as stream:
            stream.write("no HDF5")
        with self.assertRaisesRegex(ValueError, "text.h5"):
            seem.Database.read(self.file("text.h5"))
        with self.assertRaisesRegex(ValueError, "no/such"):
            self.database.write("no/such/directory.h5")

    def test_inconsistent_statistics_are_refused(self):
        def events(**changes):
            n = len(TAU)
            return seem.EventTable(**{**{"tau": TAU, "x": [X1], "dtau": np.ones(n), "dx": [np.ones(n)],
                                         "net_dtau": np.ones(n), "strain": np.ones(n), "sample": [0] * n}, **changes})

        for changes, message in (
                ({"exposure": np.ones((2, 3))}, r"exposure must have one number per bin"),
                ({"n_increments": N_EVENTS - 1}, r"increments"),
                ({"elastic_constants": {"G0": 25}}, r"uA is missing"),
                ({"elastic_constants": {**CONSTANTS, "tauC": 1}}, r"'tauC' is none of"),
                ({"axes": [seem.Axis("tau", "GPa", [0, 1])]}, r"one for X1"),
                ({"events": events(x=[X1, X1])}, r"\[1\]\[11\]"),
                ({"events": events(dtau=np.ones(4))}, r"dtau has 4 entries, 11"),
                ({"events": events(sample=[9] * 11)}, r"names sample 9"),
                ({"n_atoms": -1}, r"number of atoms"),
                ({"samples": []}, r"sample 0, there are 0")):
            with self.subTest(message), self.assertRaisesRegex(ValueError, message):
                tiny_database(**changes)


class EventSource(unittest.TestCase):
    def setUp(self):
        self.source = seem.GridEventSource(tiny_database())

    def test_rates_are_broadcast(self):
        self.assertAlmostEqual(self.source.rate(0.7, 0.005), 10)
        rate = self.source.rate(np.array([[0.3], [0.7], [1.5]]), np.array([0.005, 0.02]))
        self.assertEqual(rate.shape, (3, 2))
        np.testing.assert_allclose(rate[:, 0], [5, 10, 30])
        self.assertAlmostEqual(rate[2, 1], 100)
        self.assertEqual(self.source.rate(2.5, 0.005), np.inf)

    def test_support_tells_visited_unvisited_and_forced(self):
        self.assertEqual(self.source.support([0.7, 0.3, 2.5], [0.005, 0.02, 0.005]).tolist(),
                         [int(seem.Support.inside), int(seem.Support.outside), int(seem.Support.forced)])

    def test_jumps_are_the_events_of_the_bin(self):
        jumps = self.source.jumps(0.7, 0.005)
        np.testing.assert_allclose(np.sort(jumps["dtau"]), [0.15, 0.16])
        np.testing.assert_allclose(np.sort(jumps["dx1"]), [3e-4, 4e-4])
        np.testing.assert_allclose(jumps["probability"], [0.5, 0.5])

    def test_counts_of_bins(self):
        self.assertEqual((self.source.n_visited_bins, self.source.n_pooled_bins, self.source.n_internal_variables), (5, 1, 1))

    def test_unloading_has_no_rate(self):
        for tau, x1 in ((-0.1, 0.005), (np.nan, 0.005), (0.1, np.inf)):
            with self.assertRaises(ValueError):
                self.source.rate(tau, x1)
            with self.assertRaises(ValueError):
                self.source.jumps(tau, x1)


class Elasticity(unittest.TestCase):
    def test_equation_7_and_what_follows_from_it(self):
        elasticity = seem.TaylorElasticity(g0=25.57, u_a=0.101, tau_a=8.7, tau_b=2.91, atomic_volume=16.0)
        # At tau = 2 GPa, X1 = 0.01 eV: c = 101/91; (tau/tauA)^2 = 0.0528471; (tau/tauB)^4 = 0.2231249.
        c, a, b = 101 / 91, 0.0528471, 0.2231249
        self.assertAlmostEqual(elasticity.tangent(2.0, 0.01), 25.57 / (c + 2 * a + 3 * b), places=4)
        self.assertAlmostEqual(elasticity.elastic_strain(2.0, 0.01), 2 / 25.57 * (c + 2 * a / 3 + 3 * b / 5), places=7)
        self.assertAlmostEqual(elasticity.energy_density(2.0, 0.01), 4 / (2 * 25.57) * (c + a + b), places=6)
        self.assertAlmostEqual(elasticity.elastic_energy(2.0, 0.01), 16 / 160.21766208 * elasticity.energy_density(2.0, 0.01))
        self.assertAlmostEqual(elasticity.inelastic_energy(0.01 + elasticity.elastic_energy(2.0, 0.01), 2.0), 0.01)
        self.assertEqual(elasticity.capped([0.09, 0.095]).tolist(), [False, True])
        self.assertEqual(elasticity.atomic_volume, 16.0)

    def test_functions_broadcast_and_invert_each_other(self):
        elasticity = tiny_database().elasticity
        tau, x1 = np.linspace(-2, 2, 5)[:, None], np.array([0.0, 0.01, 0.02])
        strain = elasticity.elastic_strain(tau, x1)
        self.assertEqual(strain.shape, (5, 3))
        np.testing.assert_allclose(elasticity.stress(strain, x1), tau + 0 * x1, atol=1e-12)
        self.assertEqual(elasticity.atomic_volume, 16.0)
        self.assertAlmostEqual(elasticity.tangent(0.0, 0.0), 25.0)

    def test_wrong_constants_are_refused(self):
        with self.assertRaisesRegex(ValueError, "G0|g0"):
            seem.TaylorElasticity(g0=-1, u_a=0.1, atomic_volume=16)


if __name__ == "__main__":
    unittest.main()
