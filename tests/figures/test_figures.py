#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tests of tools/figures: from synthetic tables the pictures appear; what is missing is named and is an error."""

import csv
import math
import os
import random
import subprocess
import sys
import tempfile
import unittest

FIGURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "figures")
PNG = b"\x89PNG\r\n\x1a\n"


def write(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)


def write_point_tables(directory, labels=("q8", "q10", "q12"), models=("model",), quantiles=False):
    """mean.csv, paths.csv and grid.csv of a model that loads, yields and flows. Unequal numbers of bins on purpose."""
    rng = random.Random(1)
    mean, paths = [], []
    for label in labels:
        for source in ("aqs", *models):
            for i in range(101):
                strain = 0.003 * i
                tau = min(25 * strain, 1.8)
                x1 = min(0.08 * strain, 0.02)
                mean.append([source, label, strain, tau, 0.2, 0.05, x1, 0.002, 0.001, 3])
                if quantiles:
                    mean[-1] += [tau + 0.1 * k for k in (-3, -1, 0, 2, 4)] + [x1 + 0.001 * k for k in (-3, -1, 0, 2, 4)]
                paths.append([source, label, f"{label}_1", strain, tau + rng.gauss(0, 0.05), x1 + rng.gauss(0, 3e-4)])
    grid = []
    for i in range(5):
        for j in range(7):
            exposure = 0.1 if (i + j) % 3 else 0.0
            events = (i * j) if exposure else 0
            grid.append([0.5 * i, 0.5 * (i + 1), 0.004 * j, 0.004 * (j + 1), exposure, events,
                         events / exposure if exposure else 0])
    write(os.path.join(directory, "mean.csv"),
          "source,label,strain,tau_GPa,tau_std_GPa,tau_se_GPa,x1_eV,x1_std_eV,x1_se_eV,n".split(",") +
          [f"{name}_q{q}_{unit}" for name, unit in (("tau", "GPa"), ("x1", "eV")) for q in ("05", "25", "50", "75", "95")
           if quantiles], mean)
    write(os.path.join(directory, "paths.csv"), "source,label,path,strain,tau_GPa,x1_eV".split(","), paths)
    write(os.path.join(directory, "grid.csv"),
          "tau_low_GPa,tau_high_GPa,x1_low_eV,x1_high_eV,exposure,n_events,rate".split(","), grid)


def write_component_tables(directory, labels=("q8", "q10"), component="xx"):
    """mean.csv and paths.csv of a cycle in one component; the last rows of the mean are beyond the strength."""
    names = ("xx", "yy", "zz", "yz", "xz", "xy")
    columns = [f"eps_{c}" for c in names] + [f"sigma_{c}_GPa" for c in names]
    quantiles = [f"{name}_q{q}_{unit}" for name, unit in (("tau", "GPa"), ("x1", "eV")) for q in ("05", "25", "50", "75", "95")]
    mean, paths = [], []
    for label in labels:
        for i in range(61):
            strain = 0.08 * math.sin(0.1 * i)
            tensors = [strain if c == component else 0.001 * i for c in names]
            tensors += [min(max(60 * strain, -1.7), 1.7) if c == component else 0.0 for c in names]
            tau = abs(tensors[6 + names.index(component)]) / 1.7
            spread = [tau * f for f in (0.8, 0.9, 1.0, 1.1, 1.2)] + [1e-4 * i * f for f in (0.8, 0.9, 1.0, 1.1, 1.2)]
            if i > 55:
                tensors, spread = ["nan"] * 12, ["nan"] * 10
            mean.append(["model", label, 0.1 * i, *tensors, 40 if i <= 55 else 0, *spread])
            paths.append(["model", label, "7", 0.1 * i, *tensors])
    write(os.path.join(directory, "mean.csv"), ["source", "label", "t", *columns, "n", *quantiles], mean)
    write(os.path.join(directory, "paths.csv"), ["source", "label", "path", "t", *columns], paths)


def write_run_tables(directory, point_model=True, hole=False):
    """history.csv, final_field.csv and point_mean.csv of a specimen of 12 x 5 cells with 2 x 2 points."""
    rng = random.Random(2)
    write(os.path.join(directory, "history.csv"), "step,strain,stress_GPa,mean_x1_eV,n_events,n_passes".split(","),
          [[i, 0.001 * i, min(0.025 * i, 1.8), 1e-4 * i, rng.randrange(5 + i), rng.randrange(1, 9)]
           for i in range(101)])
    points = [(8.0 * (i + g), 8.0 * (j + h)) for i in range(12) for j in range(5)
              for g in (0.2113, 0.7887) for h in (0.2113, 0.7887)]
    if hole:
        points = [(x, y) for x, y in points if (x - 48) ** 2 + (y - 20) ** 2 > 100]
    write(os.path.join(directory, "final_field.csv"), "x_nm,y_nm,plastic_strain,tau_GPa,x1_eV,n_events".split(","),
          [[x, y, rng.random(), rng.gauss(1.7, 0.1), rng.gauss(0.01, 0.001), rng.randrange(9)] for x, y in points])
    if point_model:
        write(os.path.join(directory, "point_mean.csv"), "strain,tau_GPa,tau_std_GPa,x1_eV".split(","),
              [[0.001 * i, min(0.025 * i, 1.7), 0.2, 1e-4 * i] for i in range(101)])


def write_avalanche_tables(directory, sizes=("n_events", "plastic_strain", "stress_drop_GPa", "heat_eV")):
    """What `seem avalanches` writes; the last size has no cutoff and no scaling."""
    fits, distribution, durations = [], [], []
    for size in sizes:
        last = size == sizes[-1]
        fits.append([size, 1.4, 0.05, math.inf if last else 20.0, math.nan if last else 1.7, math.nan if last else 0.1])
        for i in range(12):
            low, high = 10 ** (i / 6 - 1), 10 ** ((i + 1) / 6 - 1)
            density = low ** -1.4
            distribution.append([size, low, high, 12 - i if i < 11 else 0, density if i < 11 else 0.0, 0.2 * density,
                                 density if i > 2 else math.nan])
        for duration in range(1, 8):
            durations.append([size, duration, 50 // duration, 0.1 * duration ** 1.7, math.nan if duration == 7 else 0.02])
    write(os.path.join(directory, "avalanche_fits.csv"), "size,exponent,exponent_error,cutoff,duration_exponent,"
          "duration_exponent_error".split(","), fits)
    write(os.path.join(directory, "avalanche_distribution.csv"), "size,low,high,n,density,density_error,model".split(","),
          distribution)
    write(os.path.join(directory, "avalanche_durations.csv"), "size,duration,n,mean_size,standard_error".split(","), durations)


def without_column(path, name):
    with open(path, newline="", encoding="utf-8") as stream:
        rows = list(csv.reader(stream))
    place = rows[0].index(name)
    write(path, rows[0][:place] + rows[0][place + 1:], [row[:place] + row[place + 1:] for row in rows[1:]])


def write_validation_tables(directory, labels=("q8", "q10"), held_out=("glass", "none")):
    """What `seem validate` writes, without errors for the first label, as if it were one glass."""
    curves, numbers, events, sizes, hazard = [], [], [], [], []
    for kind in held_out:
        for label in labels:
            error = math.nan if label == labels[0] else 0.05
            for i in range(31):
                tau, x1 = min(0.25 * i, 1.8), 5e-4 * i
                curves.append([kind, label, 0.01 * i, tau, error, 1.05 * tau, 0.01, x1, 1e-3 * error, 0.9 * x1, 1e-4])
            for quantity in ("yield peak", "yield peak of few paths", "end stress", "end X1", "scatter of stress",
                             "events per unit strain", "Fano factor"):
                numbers.append([kind, label, int(label != labels[0]), quantity, 5.0, error])
            for i in range(7):
                events.append([kind, label, 0.01 * i + 0.005, 5.0 + i % 3, 5.5])
                sizes.append([kind, label, "stress drop", i / 6, 10.0 ** (i - 5), 2 * 10.0 ** (i - 5)])
                hazard.append([kind, label, 1e-4 * 2 ** i, 2e-4 * 2 ** i, 0.1, 400 + 50 * i, error, 0.2, 500, 5])
    write(os.path.join(directory, "curves.csv"), "held_out,label,strain,tau_runs_GPa,tau_runs_se_GPa,tau_model_GPa,tau_model_se_GPa,"
          "x1_runs_eV,x1_runs_se_eV,x1_model_eV,x1_model_se_eV".split(","), curves)
    write(os.path.join(directory, "labels.csv"),
          "held_out,label,judged,quantity,difference_percent,difference_percent_se".split(","), numbers)
    write(os.path.join(directory, "events.csv"), "held_out,label,strain,events_runs,events_model".split(","), events)
    write(os.path.join(directory, "sizes.csv"), "held_out,label,quantity,probability,runs,model".split(","), sizes)
    write(os.path.join(directory, "hazard.csv"), "held_out,label,age_low,age_high,exposure_runs,hazard_runs,hazard_runs_se,"
          "exposure_model,hazard_model,hazard_model_se".split(","), hazard)


def write_paper_tables(directory, runs=True, fixed_points=True):
    """What `seem figures` writes for a map of 5 x 7 bins."""
    def table(name, header, rows):
        write(os.path.join(directory, name), header.split(","), rows)

    bins = []
    for j in range(7):
        for i in range(5):
            visited = (i + 2 * j) % 4 != 0
            n = i * j if visited else 0
            jump = (0.01 * i, 1e-4 * (i - j)) if n else ("nan", "nan")
            bins.append([0.5 * i, 0.5 * (i + 1), 0.004 * j, 0.004 * (j + 1), 0.1 * visited, n, 10.0 * n if visited else "nan", *jump,
                         30 - 12 * i, 1e-2 * (3 - j)])
    table("figure_2.csv", "tau_low_GPa,tau_high_GPa,x1_low_eV,x1_high_eV,exposure,n_events,rate,mean_dtau_GPa,mean_dx1_eV,"
          "dtau_dgamma_GPa,dx1_dgamma_eV", bins)
    table("figure_2_nullclines.csv", "of,curve,tau_GPa,x1_eV",
          [[of, 0, 1.5 + 0.01 * k, 0.01 + 0.001 * k] for of in ("tau", "X1") for k in range(5)] if fixed_points else [])
    table("figure_2_fixed_points.csv", "tau_GPa,x1_eV,attracting", [[1.5, 0.013, 1], [1.6, 0.02, 0]] if fixed_points else [])
    table("figure_3b.csv", "dtau_low_GPa,dtau_high_GPa,dx1_low_eV,dx1_high_eV,n_events",
          [[0.1 * i, 0.1 * (i + 1), 1e-4 * (j - 2), 1e-4 * (j - 1), i * j] for j in range(4) for i in range(3)])
    table("figure_3b_line.csv", "dtau_GPa,dx1_eV", [[0.1 * k, 2e-4 * k] for k in range(4)])
    table("figure_3b_bin.csv", "tau_low_GPa,tau_high_GPa,x1_low_eV,x1_high_eV,n_events", [[1.5, 2.0, 0.012, 0.016, 18]])
    sources = ("model", "aqs") if runs else ("model",)
    path = [[source, "run 1", 0.01 * k, min(0.25 * k, 1.7), 1e-3 * k] for source in sources for k in range(20)]
    table("figure_3a.csv", "source,name,strain,tau_GPa,x1_eV", path)
    table("figure_5.csv", "source,label,cooling_rate_K_per_s,strain,tau_GPa,x1_eV",
          [[source, label, rate, 0.01 * k, min(0.25 * k, 1.7), x1 + 1e-3 * k] for label, rate, x1 in (("q8", 2.56e12, 0), ("q10", 0, 0.005))
           for source in sources for k in range(20)])
    if not runs:
        return
    table("figure_4.csv", "source,name,strain,tau_GPa,x1_eV", path)
    table("figure_1.csv", "strain,tau_GPa,energy_eV,event",
          [[1e-3 * k, 0.02 * (k % 90), -4.4 + 1e-5 * k, int(k % 30 == 29)] for k in range(400)])
    table("figure_S1.csv", "label,x1_eV,modulus_GPa", [["q8", 0.0, 30.0], ["q8", 1e-4, 31.0], ["q10", 0.006, 28.0]])
    table("figure_S1_fit.csv", "of,strain,g0_GPa,u_a_eV", [["first moduli", 0.02, 30.5, 0.1], ["database", "nan", 30.2, "inf"]])
    table("figure_S1_branches.csv", "over,low,high,modulus_GPa,modulus_se_GPa,elasticity_GPa",
          [[over, 0.1 * k, 0.1 * (k + 1), 30 - k, "nan" if k else 0.3, 30.1 - k] for over in ("tau", "x1") for k in range(4)])


class Figures(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        self.directory = self.scratch.name

    def draw(self, script, *arguments):
        return subprocess.run([sys.executable, os.path.join(FIGURES, script), self.directory, *arguments],
                              capture_output=True, text=True, check=False)

    def file(self, name):
        return os.path.join(self.directory, name)

    def assert_drawn(self, result, *names):
        self.assertEqual(result.returncode, 0, result.stderr)
        for name in names:
            with open(self.file(name + ".png"), "rb") as stream:
                content = stream.read()
            self.assertTrue(content.startswith(PNG))
            self.assertGreater(len(content), 5000)
            with open(self.file(name + ".pdf"), "rb") as stream:
                self.assertTrue(stream.read(5).startswith(b"%PDF"))

    def assert_refused(self, result, *words):
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertNotIn("Traceback", result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)

    def test_point_draws_visits_and_comparison(self):
        write_point_tables(self.directory)
        self.assert_drawn(self.draw("point.py"), "visits", "comparison")

    def test_point_draws_one_label_and_many(self):
        write_point_tables(self.directory, labels=["q10"])
        self.assert_drawn(self.draw("point.py"), "comparison")
        write_point_tables(self.directory, labels=[f"q{i}" for i in range(1, 10)])
        self.assert_drawn(self.draw("point.py"), "comparison")
        self.assert_refused(self.draw("point.py", "--labels", "q3,q11"), "q11", "q9")

    def test_point_draws_both_integrators_and_either_alone(self):
        for models in (("model", "bernoulli"), ("bernoulli",)):
            with self.subTest(models=models):
                write_point_tables(self.directory, models=models)
                self.assert_drawn(self.draw("point.py"), "visits", "comparison")

    def test_every_needed_column_of_the_point_tables_is_missed(self):
        for table, column in (("mean.csv", "tau_std_GPa"), ("mean.csv", "label"), ("paths.csv", "x1_eV"),
                              ("grid.csv", "n_events")):
            with self.subTest(table=table, column=column):
                write_point_tables(self.directory)
                without_column(self.file(table), column)
                self.assert_refused(self.draw("point.py"), table, column)

    def test_quantiles_replace_the_standard_deviation(self):
        write_point_tables(self.directory)
        self.assert_drawn(self.draw("point.py"), "comparison")
        with open(self.file("comparison.png"), "rb") as stream:
            plain = stream.read()
        write_point_tables(self.directory, quantiles=True)
        self.assert_drawn(self.draw("point.py"), "comparison")
        with open(self.file("comparison.png"), "rb") as stream:
            self.assertNotEqual(stream.read(), plain)

    def test_components_draw_the_loading(self):
        for labels, component in ((("q8", "q10"), "xx"), (("q8",), "xy")):
            with self.subTest(component=component):
                write_component_tables(self.directory, labels, component)
                result = self.draw("point_components.py")
                self.assert_drawn(result, "loading")
                with open(self.file("loading.png"), "rb") as stream:
                    driven = stream.read()
                # The component with the loop is found; another one is another picture.
                self.assert_drawn(self.draw("point_components.py", "--component", component), "loading")
                with open(self.file("loading.png"), "rb") as stream:
                    self.assertEqual(stream.read(), driven)
                self.assert_drawn(self.draw("point_components.py", "--component", "yz"), "loading")
                with open(self.file("loading.png"), "rb") as stream:
                    self.assertNotEqual(stream.read(), driven)

    def test_every_needed_column_of_the_component_tables_is_missed(self):
        for table, column in (("mean.csv", "t"), ("mean.csv", "tau_q25_GPa"), ("mean.csv", "sigma_xz_GPa"),
                              ("paths.csv", "eps_yy")):
            with self.subTest(table=table, column=column):
                write_component_tables(self.directory)
                without_column(self.file(table), column)
                self.assert_refused(self.draw("point_components.py"), table, column)

    def test_a_missing_file_is_named(self):
        write_point_tables(self.directory)
        os.remove(self.file("grid.csv"))
        self.assert_refused(self.draw("point.py"), "grid.csv")
        self.assert_refused(self.draw("run.py"), "history.csv")

    def test_what_is_no_number_is_named_with_its_line(self):
        write_point_tables(self.directory)
        with open(self.file("paths.csv"), "a", encoding="utf-8") as stream:
            stream.write("aqs,q8,q8_1,0.4,1.8x,0.02\n")
        self.assert_refused(self.draw("point.py"), "paths.csv:608", "tau_GPa", "1.8x")

    def test_run_draws_stress_strain_and_plastic_strain(self):
        write_run_tables(self.directory)
        self.assert_drawn(self.draw("run.py"), "stress_strain", "plastic_strain")

    def test_run_needs_no_point_model_and_no_regular_mesh(self):
        write_run_tables(self.directory, point_model=False, hole=True)
        self.assert_drawn(self.draw("run.py"), "stress_strain", "plastic_strain")

    def test_every_needed_column_of_the_run_tables_is_missed(self):
        for table, column in (("history.csv", "stress_GPa"), ("history.csv", "n_passes"),
                              ("final_field.csv", "plastic_strain"), ("point_mean.csv", "tau_std_GPa")):
            with self.subTest(table=table, column=column):
                write_run_tables(self.directory)
                without_column(self.file(table), column)
                self.assert_refused(self.draw("run.py"), table, column)

    def test_avalanches_draws_sizes_and_durations_of_any_number_of_measures(self):
        for sizes in (("n_events",), ("n_events", "plastic_strain", "stress_drop_GPa", "heat_eV")):
            with self.subTest(sizes=sizes):
                write_avalanche_tables(self.directory, sizes)
                self.assert_drawn(self.draw("avalanches.py"), "avalanches")

    def test_every_needed_column_of_the_avalanche_tables_is_missed(self):
        for table, column in (("avalanche_fits.csv", "cutoff"), ("avalanche_distribution.csv", "model"),
                              ("avalanche_durations.csv", "mean_size")):
            with self.subTest(table=table, column=column):
                write_avalanche_tables(self.directory)
                without_column(self.file(table), column)
                self.assert_refused(self.draw("avalanches.py"), table, column)

    def test_ensemble_draws_the_bands(self):
        names = ["strain_mean", "n"] + [f"{name}_{what}_{unit}" for name, unit in (("stress", "GPa"), ("mean_x1", "eV"))
                                        for what in ("mean", "q05", "q25", "q50", "q75", "q95")]
        with open(self.file("ensemble.csv"), "w", encoding="utf-8") as stream:
            stream.write(",".join(names) + "\n")
            for i in range(5):
                stream.write(",".join(str(0.01 * i + 0.001 * j) for j in range(len(names))) + "\n")
        self.assert_drawn(self.draw("ensemble.py"), "ensemble")
        without_column(self.file("ensemble.csv"), "stress_q25_GPa")
        self.assert_refused(self.draw("ensemble.py"), "ensemble.csv", "stress_q25_GPa")

    PAPER = ("figure_1", "figure_2", "figure_3a", "figure_3b", "figure_4", "figure_5", "figure_S1")

    def test_paper_draws_every_figure(self):
        write_paper_tables(self.directory)
        self.assert_drawn(self.draw("paper.py"), *self.PAPER)

    def test_paper_draws_what_there_is_without_runs_or_fixed_points(self):
        write_paper_tables(self.directory, runs=False, fixed_points=False)
        self.assert_drawn(self.draw("paper.py"), "figure_2", "figure_3a", "figure_3b", "figure_5")
        for name in ("figure_1", "figure_4", "figure_S1"):
            self.assertFalse(os.path.exists(self.file(f"{name}.png")), name)

    def test_every_needed_column_of_the_paper_tables_is_missed(self):
        for table, column in (("figure_2.csv", "dx1_dgamma_eV"), ("figure_3b.csv", "dx1_low_eV"), ("figure_3b_line.csv", "dtau_GPa"),
                              ("figure_1.csv", "event"), ("figure_4.csv", "x1_eV"), ("figure_5.csv", "label"),
                              ("figure_S1_branches.csv", "elasticity_GPa")):
            with self.subTest(table=table, column=column):
                write_paper_tables(self.directory)
                without_column(self.file(table), column)
                self.assert_refused(self.draw("paper.py"), table, column)

    def test_validation_draws_curves_events_and_errors(self):
        write_validation_tables(self.directory)
        self.assert_drawn(self.draw("validation.py"), "validation_curves", "validation_events", "validation_errors")

    def test_every_needed_column_of_the_validation_tables_is_missed(self):
        for table, column in (("curves.csv", "tau_model_GPa"), ("labels.csv", "difference_percent"), ("events.csv", "events_runs"),
                              ("sizes.csv", "probability"), ("hazard.csv", "exposure_runs")):
            with self.subTest(table=table, column=column):
                write_validation_tables(self.directory)
                without_column(self.file(table), column)
                self.assert_refused(self.draw("validation.py"), table, column)

    def test_validation_refuses_what_was_not_held_out(self):
        write_validation_tables(self.directory, held_out=("none",))
        self.assert_refused(self.draw("validation.py", "--held-out", "label"), "label", "none")


if __name__ == "__main__":
    unittest.main()
