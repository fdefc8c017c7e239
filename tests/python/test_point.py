# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Python module: laws, points, ensembles."""

import copy
import signal
import tempfile
import threading
import time
import unittest

import numpy as np
from tiny_database import remembering_database, tiny_database

import seem

GPA_PER_EV = 160.21766208 / 16.0  # energy density of 1 eV per atom of 16 A^3


def law(**parameters):
    return seem.SeemLaw(tiny_database(), **{"bulk_modulus": 148, **parameters})


def sheared(point, final=0.3, n=30):
    for gamma in np.linspace(0, final, n + 1)[1:]:
        point.shear_to(gamma)
    return point


class LinearElastic(unittest.TestCase):
    def test_strain_and_stress_are_tensor_components(self):
        point = seem.Point(seem.LinearElasticLaw(shear_modulus=30, bulk_modulus=100))
        point.advance([1e-3, 0, 0, 0, 0, 2e-3])
        # 2 G dev + K tr: dev = (2, -1, -1)/3e3
        np.testing.assert_allclose(point.stress, [0.14, 0.08, 0.08, 0, 0, 0.12], atol=1e-15)
        np.testing.assert_array_equal(point.strain, [1e-3, 0, 0, 0, 0, 2e-3])
        self.assertEqual((point.state.shape, point.state_layout, len(point.events)), ((0,), [], 0))

    def test_tangent_maps_tensor_components(self):
        point = seem.Point(seem.LinearElasticLaw(shear_modulus=30, bulk_modulus=100))
        expected = np.diag([60.0] * 6)
        expected[:3, :3] += 80
        np.testing.assert_allclose(point.tangent, expected, atol=1e-13)
        point.advance([1e-3, -3e-4, 2e-4, 5e-4, -1e-4, 2e-3])
        np.testing.assert_allclose(point.tangent @ point.strain, point.stress, rtol=1e-12)

    def test_wrong_moduli_are_refused(self):
        with self.assertRaisesRegex(ValueError, "shear modulus -1"):
            seem.LinearElasticLaw(shear_modulus=-1, bulk_modulus=100)


class J2(unittest.TestCase):
    def test_shear_yields_at_y0_over_sqrt_3_and_hardens(self):
        # G_t = G H/(3 G + H) = 30 * 10/100 = 3; yield at gamma = 0.02.
        law = seem.J2Law(shear_modulus=30, bulk_modulus=100, yield_stress=0.6 * 3 ** 0.5, hardening=10)
        ensemble = seem.shear_ensemble(law, [[0, 0]], [0, 0.01, 0.02, 0.07])
        np.testing.assert_allclose(ensemble.tau, [[0, 0.3, 0.6, 0.75]])
        point = seem.Point(law)
        point.shear_to(0.07)
        self.assertAlmostEqual(point.fields.plastic_shear, 0.07 - 0.75 / 30)
        # The last advance() ended on the yield surface: from there on, the tangent is that of the flow.
        ahead = point.copy()
        ahead.strain = [0, 0, 0, 0, 0, 0.036]
        self.assertAlmostEqual(ahead.tangent[5, 5], 2 * 3)
        # Plastic work 0.045 * (0.6 + 0.75)/2, of which y0 alpha = 0.6 * 0.045 is heat.
        self.assertAlmostEqual(point.energy.heat, 0.027)
        self.assertAlmostEqual(point.energy.inelastic, 0.045 * 0.675 - 0.027)

    def test_wrong_numbers_are_refused(self):
        with self.assertRaisesRegex(ValueError, "yield"):
            seem.J2Law(shear_modulus=30, bulk_modulus=100, yield_stress=0)


class MeanFlow(unittest.TestCase):
    def test_it_is_the_limit_of_many_small_events(self):
        grid = seem.strain_grid(0.3, 0.01)
        flow = seem.MeanFlowLaw(tiny_database(), bulk_modulus=148, energy_bound="clip")
        mean = seem.shear_ensemble(flow, [[0, 0.005]], grid)
        self.assertEqual(mean.activity.n_events, 0)
        errors = [np.sqrt(np.mean((seem.shear_ensemble(law(), [[0, 0.005]] * 8, grid, volume_ratio=m).tau - mean.tau) ** 2))
                  for m in (20, 2000)]
        # Fluctuations fall as m^-1/2.
        self.assertLess(errors[1], 0.2 * errors[0])

    def test_each_parameter_matters(self):
        def last(**parameters):
            point = seem.Point(seem.MeanFlowLaw(tiny_database(), **{"bulk_modulus": 148, **parameters}), x1=0.005)
            for strain in ([0, 0, 0, 0, 0, 0.1], [1e-3, 1e-3, 1e-3, 0, 0, 0.08], [0, 0, 0, 0, 0, 0.12]):
                point.advance(strain)
            return point.state.tobytes()

        elasticity = seem.TaylorElasticity(g0=20, u_a=0.1, atomic_volume=16)
        results = [last(), last(energy_bound="report"), last(energy_bound="redraw"), last(record=False), last(sub_step=1e-4),
                   last(elasticity=elasticity)]
        self.assertEqual(len(set(results)), len(results))
        self.assertEqual(last(bulk_modulus=100), results[0])
        with self.assertRaises(seem.StepError):
            last(max_sub_steps=10)


class SubVolumes(unittest.TestCase):
    def test_a_point_holds_m_volumes_side_by_side(self):
        point = sheared(seem.Point(seem.SubVolumeLaw(law(), n_max=4), volume_ratio=3, x1=0.005))
        one = sheared(seem.Point(law(), x1=0.005))
        self.assertEqual(set(point.events["copy"]), {0, 1, 2})
        # The first of them is the point of one volume with that name.
        first = point.events[point.events["copy"] == 0]
        np.testing.assert_array_equal(first["dtau"], one.events["dtau"])
        self.assertEqual(point.fields.n_events, len(point.events))

    def test_more_than_n_max_are_refused(self):
        with self.assertRaises(ValueError):
            seem.Point(seem.SubVolumeLaw(law(), n_max=2), volume_ratio=3, x1=0.005)


class Point(unittest.TestCase):
    def test_initial_stress_is_that_given(self):
        for tau in (-0.15, 0.2):
            point = seem.Point(law(), tau=tau, x1=0.005)
            np.testing.assert_allclose(point.stress, [0, 0, 0, 0, 0, tau], atol=1e-14)
            self.assertEqual(point.fields.x1, 0.005)

    def test_memory_is_given_or_that_of_the_nearest_run(self):
        with tempfile.TemporaryDirectory() as directory:
            remembering = seem.SeemLaw(remembering_database(directory), bulk_modulus=100)
        x2 = lambda **start: seem.Point(remembering, **start).state[1]
        self.assertEqual(x2(x1=0.0049), -0.5)
        self.assertEqual(x2(x1=0.0051), 0.25)
        self.assertEqual(x2(x1=0.0051, x2=0.0), 0.0)
        with self.assertRaisesRegex(ValueError, "nan"):
            x2(x1=0.005, x2=float("nan"))
        # An ensemble leaves open what its rows do not have.
        grid = seem.strain_grid(0.3, 1e-2)
        ensemble = lambda row: seem.shear_ensemble(remembering, [row], grid).tau
        np.testing.assert_array_equal(ensemble([0.0, 0.0049]), ensemble([0.0, 0.0049, -0.5]))
        self.assertFalse(np.array_equal(ensemble([0.0, 0.0049]), ensemble([0.0, 0.0049, 0.25])))

    def test_before_the_first_event_the_path_is_elastic(self):
        point = seem.Point(law(), x1=0.005)
        point.shear_to(0.004)
        self.assertEqual(len(point.events), 0)
        tau = tiny_database().elasticity.stress(0.004, 0.005)
        self.assertAlmostEqual(point.stress[5], tau, places=13)
        self.assertAlmostEqual(point.energy.elastic, tiny_database().elasticity.energy_density(tau, 0.005), places=13)
        self.assertAlmostEqual(point.energy.inelastic, 0.005 * GPA_PER_EV, places=13)
        np.testing.assert_array_equal(point.strain, [0, 0, 0, 0, 0, 0.002])

    def test_an_event_is_a_jump_of_the_database_over_m(self):
        database, ratio = tiny_database(), 2.5
        point = sheared(seem.Point(law(energy_bound="report"), volume_ratio=ratio, x1=0.005))
        events = point.events
        self.assertGreater(len(events), 5)
        self.assertEqual(events["number"].tolist(), list(range(len(events))))
        source, elasticity = seem.GridEventSource(database), database.elasticity
        first = events[0]
        self.assertAlmostEqual(first["tau"], elasticity.stress(2 * first["strain"][5], 0.005), places=12)
        heat = 0.0
        for event in events:
            jumps = source.jumps(event["tau"], event["x1"])
            self.assertLess(np.min(np.hypot(jumps["dtau"] / ratio - event["dtau"], jumps["dx1"] / ratio - event["dx1"])), 1e-14)
            after = (event["tau"] - event["dtau"], event["x1"] + event["dx1"])
            before = (event["tau"], event["x1"])
            self.assertAlmostEqual(event["plastic_shear"], elasticity.elastic_strain(*before) - elasticity.elastic_strain(*after))
            self.assertAlmostEqual(event["heat"], elasticity.energy_density(*before) - elasticity.energy_density(*after)
                                   - GPA_PER_EV * event["dx1"])
            heat += event["heat"]
        self.assertAlmostEqual(point.energy.heat, heat)
        self.assertAlmostEqual(point.activity.heat, heat)
        self.assertAlmostEqual(point.fields.x1, 0.005 + events["dx1"].sum())
        self.assertEqual((point.fields.n_events, point.activity.n_events), (len(events), len(events)))

    def test_the_same_call_gives_the_same_bits_and_another_name_another_path(self):
        def path(seed=1, **name):
            point = sheared(seem.Point(law(seed=seed), x1=0.005, **name))
            return point.events.tobytes() + point.state.tobytes() + point.stress.tobytes()

        self.assertEqual(path(), path())
        self.assertEqual(len({path(), path(seed=2), path(cell=1), path(quadrature_point=1), path(volume_ratio=2)}), 5)

    def test_the_result_does_not_depend_on_the_steps(self):
        points = [sheared(seem.Point(law(), x1=0.005), n=n) for n in (1, 7, 100)]
        for other in points[1:]:
            self.assertEqual(len(other.events), len(points[0].events))
            np.testing.assert_allclose(other.events["strain"], points[0].events["strain"], atol=1e-12)
            np.testing.assert_allclose(other.stress, points[0].stress, atol=1e-10)

    def test_tangent_is_the_derivative_of_the_stress(self):
        point = seem.Point(law(), x1=0.005)
        point.advance([3e-3, -1e-3, 5e-4, 2e-3, -4e-3, 9e-3])
        tangent, strain, h = point.tangent, point.strain, 1e-6
        for j in range(6):
            stress = []
            for sign in (1, -1):
                moved = point.copy()
                moved.strain = strain + sign * h * np.eye(6)[j]
                stress.append(moved.stress)
            np.testing.assert_allclose(tangent[:, j], (stress[0] - stress[1]) / (2 * h), atol=1e-6)

    def test_state_and_strain_put_back_go_on_with_the_same_bits(self):
        point = sheared(seem.Point(law(), x1=0.005), 0.1)
        state, strain, forks = point.state, point.strain, [point.copy(), copy.copy(point), copy.deepcopy(point)]
        end = point.shear_to(0.3)
        self.assertGreater(end.n_events, 3)
        other = seem.Point(law(), x1=0.02)
        other.state, other.strain = state, strain
        other.shear_to(0.3)
        self.assertEqual(other.state.tobytes(), point.state.tobytes())
        for fork in forks:
            self.assertEqual(fork.state.tobytes(), state.tobytes())
            fork.shear_to(0.3)
            self.assertEqual(fork.events.tobytes(), point.events.tobytes())

    def test_state_is_a_copy_in_the_order_of_its_layout(self):
        point = seem.Point(law(), x1=0.005)
        self.assertEqual(sum(field.size for field in point.state_layout), len(point.state))
        self.assertEqual(point.state_layout[0].unit, "eV per atom")
        point.state[0] = 7
        self.assertEqual(point.state[0], 0.005)

    def test_too_many_events_name_the_share_that_may_work_and_change_nothing(self):
        point = sheared(seem.Point(law(max_events_per_update=3), x1=0.005), 0.02, 20)
        before, n = point.state.tobytes(), len(point.events)
        with self.assertRaises(seem.StepError) as caught:
            point.shear_to(1.0)
        share = caught.exception.admissible_share
        self.assertIsInstance(caught.exception, RuntimeError)
        self.assertTrue(0 < share < 1)
        self.assertEqual((point.state.tobytes(), len(point.events), point.strain[5]), (before, n, 0.01))
        point.shear_to(0.02 + share * 0.98)
        self.assertGreater(len(point.events), n)

    def test_each_parameter_of_the_law_matters(self):
        def last(**parameters):
            point = sheared(seem.Point(law(**parameters), x1=0.005), 0.2)
            for gamma in (0.16, 0.24):  # unloading, reloading
                strain = [0, 0, 0, 0, 0, gamma / 2]
                point.advance(strain)
            return point.stress.tobytes() + point.events.tobytes()

        elasticity = seem.TaylorElasticity(g0=20, u_a=0.1, atomic_volume=16)
        results = [last(), last(bulk_modulus=100), last(seed=2), last(energy_bound="report"), last(energy_bound="redraw"),
                   last(record=False), last(direction_spread=0.5), last(direction_spread=0.5, plane_strain=True),
                   last(elasticity=elasticity)]
        # Without volume change the bulk modulus does nothing.
        self.assertEqual(results[1], results[0])
        self.assertEqual(len(set(results)), len(results) - 1)

    def test_wrong_input_is_refused(self):
        for make, message in ((lambda: law(bulk_modulus=0), "bulk modulus"),
                              (lambda: law(energy_bound="clamp"), "'clamp'.*report, redraw or clip"),
                              (lambda: law(direction_spread=-1), "direction spread"),
                              (lambda: seem.Point(law(), volume_ratio=0), "volume ratio"),
                              (lambda: seem.Point(law(), tau=np.nan), "nan"),
                              (lambda: seem.Point(law()).advance([0, 0, 0]), "six components"),
                              (lambda: seem.Point(law()).advance(np.zeros((3, 3))), "six components"),
                              (lambda: seem.Point(law()).shear_to(np.inf), "not finite"),
                              (lambda: setattr(seem.Point(law()), "state", [1, 2]), "18 numbers")):
            with self.subTest(message), self.assertRaisesRegex(ValueError, message):
                make()
        with self.assertRaises(TypeError):
            seem.SeemLaw(tiny_database())  # no bulk modulus
        with self.assertRaises(TypeError):
            seem.Point(None)
        with self.assertRaises(TypeError):
            seem.Point(law(), cell=-1)


class Ensemble(unittest.TestCase):
    GRID = seem.strain_grid(0.2, 0.01)

    def run_ensemble(self, **arguments):
        return seem.shear_ensemble(law(), **{"initial": [[0.1, 0.004], [-0.1, 0.006], [0.0, 0.005]], "strain": self.GRID,
                                             **arguments})

    def test_each_path_is_the_point_of_that_name(self):
        ensemble = self.run_ensemble(volume_ratio=1.5, first_replica=40, quadrature_point=3)
        self.assertEqual(ensemble.replica.tolist(), [40, 41, 42])
        self.assertEqual((ensemble.tau.shape, ensemble.x1.shape, ensemble.n_events.shape), ((3, 21),) * 3)
        total = 0
        for path, (tau, x1) in enumerate([[0.1, 0.004], [-0.1, 0.006], [0.0, 0.005]]):
            point = seem.Point(law(), cell=40 + path, quadrature_point=3, volume_ratio=1.5, tau=tau, x1=x1)
            for i, gamma in enumerate(self.GRID):
                point.shear_to(gamma)
                self.assertEqual((ensemble.tau[path, i], ensemble.x1[path, i], ensemble.n_events[path, i]),
                                 (point.stress[5], point.fields.x1, len(point.events)))
            total += len(point.events)
        self.assertGreater(total, 5)
        self.assertEqual(ensemble.activity.n_events, total)
        np.testing.assert_array_equal(ensemble.strain, self.GRID)

    def test_repeated_runs_have_the_same_bits(self):
        a, b = self.run_ensemble(), self.run_ensemble()
        self.assertEqual(a.tau.tobytes() + a.x1.tobytes(), b.tau.tobytes() + b.x1.tobytes())

    def test_any_law_can_be_sheared(self):
        ensemble = seem.shear_ensemble(seem.LinearElasticLaw(shear_modulus=30, bulk_modulus=100), [[0, 0]], [0, 0.01, 0.03])
        np.testing.assert_allclose(ensemble.tau, [[0, 0.3, 0.9]])

    def test_drawn_states_are_those_of_their_replicas(self):
        states = np.array([[0.01 * i, 0.001 * i] for i in range(50)])
        drawn = seem.draw_initial_states(states, 200, seed=5)
        self.assertEqual(drawn.shape, (200, 2))
        self.assertGreater(len(np.unique(drawn[:, 0])), 40)
        self.assertTrue(set(drawn[:, 0]) <= set(states[:, 0]))
        np.testing.assert_array_equal(seem.draw_initial_states(states, 100, seed=5, first_replica=100), drawn[100:])
        for other in ({"seed": 6}, {"seed": 5, "quadrature_point": 1}):
            self.assertFalse(np.array_equal(seem.draw_initial_states(states, 200, **other), drawn))

    def test_grid_ends_at_the_final_strain(self):
        np.testing.assert_allclose(seem.strain_grid(0.25, 0.1), [0, 0.1, 0.2, 0.25])

    def test_wrong_input_is_refused(self):
        for changes, message in (({"initial": []}, "initial states"), ({"initial": np.zeros((0, 2))}, "at least one"),
                                 ({"initial": [[0.1]]}, "not 1 numbers"), ({"initial": [[0, 0], [0, np.nan]]}, "state 1: nan"),
                                 ({"strain": [0.1, 0.2]}, "begin at 0"), ({"strain": [0, 0.2, 0.1]}, "grow strictly"),
                                 ({"strain": [[0, 1]]}, "one dimension"), ({"volume_ratio": -1}, "volume ratio")):
            with self.subTest(message), self.assertRaisesRegex(ValueError, message):
                self.run_ensemble(**changes)
        with self.assertRaisesRegex(seem.StepError, "path 0 .replica 7.*refine") as caught:
            seem.shear_ensemble(law(max_events_per_update=2), [[0, 0.005]], [0, 0.5], first_replica=7)
        self.assertTrue(0 < caught.exception.admissible_share < 1)
        self.assertNotAlmostEqual(caught.exception.admissible_share, 0.5)

    def test_other_threads_run_meanwhile(self):
        started = threading.Event()

        def work():
            started.set()
            try:
                seem.shear_ensemble(law(), np.tile([0, 0.005], (400, 1)), seem.strain_grid(0.5, 1e-4))
            finally:
                finished.append(time.monotonic())

        finished = []
        thread = threading.Thread(target=work)
        thread.start()
        started.wait()
        time.sleep(0.05)
        self.assertEqual(finished, [])
        thread.join()

    def test_a_signal_stops_it(self):
        def interrupt(*_):
            raise KeyboardInterrupt

        def run(n_paths):
            start = time.monotonic()
            try:
                seem.shear_ensemble(law(), np.tile([0, 0.005], (n_paths, 1)), seem.strain_grid(0.5, 1e-4))
            finally:
                seconds.append(time.monotonic() - start)

        seconds = []
        run(100)
        before = signal.signal(signal.SIGALRM, interrupt)
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            with self.assertRaises(KeyboardInterrupt):
                run(5000)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        # Not only raised at the end of the 5000 paths.
        self.assertLess(seconds[1], 0.5 * 50 * seconds[0])


if __name__ == "__main__":
    unittest.main()
