#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""
Figure of the avalanches of a finite-element run.

    avalanches.py DIRECTORY

Reads avalanche_fits.csv, avalanche_distribution.csv and avalanche_durations.csv from DIRECTORY, as `seem avalanches` writes
them, and puts into it

avalanches   above, the densities of the sizes with their fits (from the smallest fitted size on); below, the mean size
             against the duration with its power law

as PNG and PDF.
"""

import argparse
import os

import numpy as np

from common import AQS, MODEL, panel_name, plt, read_table, run, save, select, set_style

LABELS = {"n_events": "events", "plastic_strain": "plastic strain", "stress_drop_GPa": "stress drop (GPa)",
          "heat_eV": "heat (eV)"}


def draw_density(axes, table, fit):
    """The density of one size with its fit."""
    some = table["n"] > 0
    middle = np.sqrt(table["low"] * table["high"])
    axes.errorbar(middle[some], table["density"][some], yerr=table["density_error"][some], fmt="o", markersize=2.5,
                  color=MODEL, elinewidth=0.7, linestyle="none")
    # The law is given as its mean over each bin, like the data.
    model = np.isfinite(table["model"]) & (table["model"] > 0)
    axes.plot(middle[model], table["model"][model], color=AQS)
    axes.set_xscale("log")
    axes.set_yscale("log", nonpositive="clip")
    axes.set_ylim(bottom=0.3 * table["density"][some].min())
    exponent = rf"$\tau$ = {fit['exponent'][0]:.2f} ± {fit['exponent_error'][0]:.2f}"
    if np.isfinite(fit["cutoff"][0]):
        exponent += f"\ncutoff {fit['cutoff'][0]:.2g}"
    axes.text(0.04, 0.05, exponent, transform=axes.transAxes, fontsize=7)


def draw_durations(axes, table, fit):
    """The mean size against the duration."""
    some = table["mean_size"] > 0
    duration, size = table["duration"][some], table["mean_size"][some]
    axes.errorbar(duration, size, yerr=np.nan_to_num(table["standard_error"][some]), fmt="o", markersize=2.5, color=MODEL,
                  elinewidth=0.7, linestyle="none")
    exponent = fit["duration_exponent"][0]
    if np.isfinite(exponent):
        # The fit has the sum of all sizes.
        weight = table["n"][some]
        level = np.sum(weight * size) / np.sum(weight * duration ** exponent)
        axes.plot(duration, level * duration ** exponent, color=AQS)
        axes.text(0.04, 0.9, f"exponent {exponent:.2f} ± {fit['duration_exponent_error'][0]:.2f}",
                  transform=axes.transAxes, fontsize=7, va="top")
    axes.set_xscale("log")
    axes.set_yscale("log", nonpositive="clip")
    axes.set_xlabel("duration (passes)")
    axes.xaxis.set_minor_formatter(plt.NullFormatter())
    axes.xaxis.set_major_formatter(plt.ScalarFormatter())
    axes.set_xticks([t for t in (1, 2, 3, 5, 10, 20, 50, 100, 200, 500) if t <= duration.max()])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", help="where `seem avalanches` wrote its tables")
    directory = parser.parse_args().directory

    fits = read_table(os.path.join(directory, "avalanche_fits.csv"),
                      ("exponent", "exponent_error", "cutoff", "duration_exponent", "duration_exponent_error"), ("size",))
    distribution = read_table(os.path.join(directory, "avalanche_distribution.csv"),
                              ("low", "high", "n", "density", "density_error", "model"), ("size",))
    durations = read_table(os.path.join(directory, "avalanche_durations.csv"),
                           ("duration", "n", "mean_size", "standard_error"), ("size",))

    set_style()
    sizes = fits["size"].tolist()
    figure, panels = plt.subplots(2, len(sizes), figsize=(0.6 + 2.1 * len(sizes), 3.8), squeeze=False)
    for i, size in enumerate(sizes):
        fit = select(fits, size=size)
        draw_density(panels[0, i], select(distribution, size=size), fit)
        panels[0, i].set_xlabel(LABELS.get(size, size))
        draw_durations(panels[1, i], select(durations, size=size), fit)
        panels[1, i].set_ylabel("mean " + LABELS.get(size, size))
        panel_name(panels[0, i], "abcd"[i])
        panel_name(panels[1, i], "efgh"[i])
    panels[0, 0].set_ylabel("probability density")
    save(figure, directory, "avalanches")


if __name__ == "__main__":
    run(main)
