#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""
Figures of a point-model run.

    point.py DIRECTORY [--labels LABEL,LABEL...] [--model-path N] [--aqs-path N]

Reads mean.csv, paths.csv and grid.csv from DIRECTORY, as `seem point` writes them, and puts there

visits      events per bin in the (X1, tau) plane, with one model path and one atomistic (AQS) run: Fig. 3(a) of the paper
comparison  X1 and tau against strain, model beside AQS, one column of panels per label: Fig. 4 of the paper, with means

each as PNG and PDF.
"""

import argparse
import os
import re
import sys

import numpy as np
from matplotlib import patheffects
from matplotlib.colors import LinearSegmentedColormap, LogNorm
from matplotlib.patches import Patch

from common import AQS, MODEL, FigureError, in_order, panel_name, plt, read_table, run, save, select, set_style

MAX_LABELS = 4  # more columns are too narrow to read


def chosen_labels(mean, wanted):
    """The labels to draw: those asked for, else all, else a few evenly spaced ones."""
    # q8 comes before q10.
    labels = sorted(in_order(mean["label"]), key=lambda label: [
        (0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", label)])
    if wanted:
        unknown = [label for label in wanted if label not in labels]
        if unknown:
            raise FigureError(f"no label {', '.join(unknown)} in mean.csv; found {', '.join(labels)}")
        return wanted
    if len(labels) > MAX_LABELS:
        picked = np.unique(np.round(np.linspace(0, len(labels) - 1, MAX_LABELS)).astype(int))
        labels = [labels[i] for i in picked]
        print(f"drawing {', '.join(labels)}; choose others with --labels", file=sys.stderr)
    return labels


def model_source(table):
    """Name of the source that is the model: the event-driven one, else whatever is there beside the runs."""
    sources = [source for source in in_order(table["source"]) if source != "aqs"]
    return "model" if "model" in sources or not sources else sources[0]


def one_path(paths, source, label, number):
    """Path `number` of a source and label: dict of columns, or None if that source has no path of that label."""
    rows = select(paths, source=source, label=label)
    names = in_order(rows["path"])
    if not names:
        return None
    if number >= len(names):
        raise FigureError(f"paths.csv has {len(names)} {source} path(s) of {label}, none with number {number}")
    return select(rows, path=names[number])


def draw_visits(directory, grid, paths, label, arguments):
    """Events per bin as a colour map; one model path and one AQS run on top."""
    edges = {}
    for name in ("tau", "x1"):
        unit = "GPa" if name == "tau" else "eV"
        low, high = grid[f"{name}_low_{unit}"], grid[f"{name}_high_{unit}"]
        if np.any(high <= low):
            raise FigureError(f"grid.csv: a bin whose {name}_high_{unit} is not above its {name}_low_{unit}")
        # The high edge of a bin and the low edge of the next are one number, up to rounding.
        sorted_edges = np.sort(np.concatenate([low, high]))
        apart = np.diff(sorted_edges, prepend=-np.inf) > 1e-6 * (sorted_edges[-1] - sorted_edges[0])
        edges[name] = sorted_edges[apart]
    shape = (len(edges["tau"]) - 1, len(edges["x1"]) - 1)
    events = np.zeros(shape)
    visited = np.zeros(shape, dtype=bool)
    middle = {"tau": 0.5 * (grid["tau_low_GPa"] + grid["tau_high_GPa"]),
              "x1": 0.5 * (grid["x1_low_eV"] + grid["x1_high_eV"])}
    row = np.searchsorted(edges["tau"], middle["tau"]) - 1
    column = np.searchsorted(edges["x1"], middle["x1"]) - 1
    events[row, column] = grid["n_events"]
    visited[row, column] = grid["exposure"] > 0

    if not np.any(events > 0):
        raise FigureError("grid.csv: no bin holds an event")

    figure, axes = plt.subplots(figsize=(3.6, 2.9))
    x1_edges = 1e3 * edges["x1"]
    axes.pcolormesh(x1_edges, edges["tau"], np.ma.masked_where(~visited | (events > 0), visited),
                    cmap="Greys", vmin=0, vmax=6)
    norm = LogNorm(vmin=1, vmax=max(events.max(), 2))
    # The dark end of the map is left out, so that a black line stays visible.
    colours = LinearSegmentedColormap.from_list("light", plt.get_cmap("YlGnBu")(np.linspace(0.08, 0.72, 64)))
    mesh = axes.pcolormesh(x1_edges, edges["tau"], np.ma.masked_where(events == 0, events), cmap=colours, norm=norm)
    figure.colorbar(mesh, ax=axes, label="events per bin", pad=0.02)

    outline = [patheffects.withStroke(linewidth=2.0, foreground="white", alpha=0.8)]
    aqs = one_path(paths, "aqs", label, arguments.aqs_path)
    if aqs is not None:
        axes.plot(1e3 * aqs["x1_eV"], aqs["tau_GPa"], color=AQS, linewidth=0.7, alpha=0.95,
                  path_effects=outline, label=f"AQS run, {label}")
    model = one_path(paths, model_source(paths), label, arguments.model_path)
    if model is not None:
        axes.plot(1e3 * model["x1_eV"], model["tau_GPa"], color="black", linewidth=1.1, linestyle=(0, (1, 1.2)),
                  path_effects=outline, label=f"model path, {label}")

    handles, _ = axes.get_legend_handles_labels()
    if np.any(visited & (events == 0)):
        handles.append(Patch(facecolor="0.87", label="visited, no event"))
    figure.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncol=3, handlelength=1.6,
                  columnspacing=1.2)
    axes.set_xlabel(r"inelastic energy $X_1$ (meV/atom)")
    axes.set_ylabel(r"shear stress $\tau$ (GPa)")
    axes.set_xlim(x1_edges[0], x1_edges[-1])
    axes.set_ylim(edges["tau"][0], edges["tau"][-1])
    save(figure, directory, "visits")


def draw_spread(axes, model, name, unit, scale, handles):
    """The mean of the model over shaded quantiles; tables without quantiles have their standard deviation shaded."""
    strain, middle = model["strain"], scale * model[f"{name}_{unit}"]
    if f"{name}_q05_{unit}" in model:
        text, bands = "model, mean; 5, 25, 75, 95 %", (("05", "95", "#deebf7"), ("25", "75", "#b3cfe5"))
        bands = [(scale * model[f"{name}_q{low}_{unit}"], scale * model[f"{name}_q{high}_{unit}"], colour)
                 for low, high, colour in bands]
    else:
        spread = scale * model[f"{name}_std_{unit}"]
        text, bands = "model, mean ± std", [(middle - spread, middle + spread, "#c6dbef")]
    for low, high, colour in bands:
        band = axes.fill_between(strain, low, high, color=colour, linewidth=0)
    handles[text] = (band, axes.plot(strain, middle, color="black", linewidth=1.3)[0])


def draw_comparison(directory, mean, paths, labels, arguments):
    """X1(gamma) above tau(gamma), one column per label."""
    quantities = [("x1", "eV", 1e3, r"$X_1$ (meV/atom)"), ("tau", "GPa", 1.0, r"$\tau$ (GPa)")]
    figure, panels = plt.subplots(2, len(labels), sharex=True, sharey="row", squeeze=False,
                                  figsize=(max(3.5, 0.6 + 2.1 * len(labels)), 4.4))
    handles = {}
    for column, label in enumerate(labels):
        for row, (name, unit, scale, axis_label) in enumerate(quantities):
            axes = panels[row, column]
            value, error = f"{name}_{unit}", f"{name}_se_{unit}"

            model = select(mean, source=model_source(mean), label=label)
            aqs = select(mean, source="aqs", label=label)
            if len(model["strain"]) > 0:
                draw_spread(axes, model, name, unit, scale, handles)
            if model_source(mean) == "model" and "bernoulli" in mean["source"]:
                bernoulli = select(mean, source="bernoulli", label=label)
                handles["Bernoulli, mean"], = axes.plot(bernoulli["strain"], scale * bernoulli[value], color="0.35",
                                                        linewidth=1.0, linestyle="-.")
            path = one_path(paths, model_source(paths), label, arguments.model_path)
            if path is not None:
                handles["model, one path"], = axes.plot(path["strain"], scale * path[value], color=MODEL,
                                                        linewidth=0.7)
            path = one_path(paths, "aqs", label, arguments.aqs_path)
            if path is not None:
                handles["AQS, one run"], = axes.plot(path["strain"], scale * path[value], color=AQS,
                                                     linewidth=0.8, linestyle=(0, (4, 1.5)))
            if len(aqs["strain"]) > 0:
                # Twelve points suffice to show a smooth curve with its errors.
                strain = aqs["strain"]
                shown = np.unique(np.searchsorted(strain, np.linspace(strain[0], strain[-1], 13)[1:] - 1e-12))
                shown = shown[shown < len(strain)]
                # One glass alone has no standard error: a marker, whose bar of length zero is hidden behind it.
                handles["AQS, mean ± s.e."] = axes.errorbar(
                    strain[shown], scale * aqs[value][shown], np.nan_to_num(scale * aqs[error][shown]), fmt="o", color="black",
                    markersize=3.2, markerfacecolor="white", markeredgewidth=0.8, elinewidth=0.8, capsize=1.5,
                    zorder=5)
            if row == 0:
                counts = [f"{int(np.nanmax(table['n']))} {what}" for what, table in
                          (("AQS runs", aqs), ("model paths", model)) if len(table["n"]) > 0]
                axes.set_title(f"{label}: {', '.join(counts)}")
            if column == 0:
                axes.set_ylabel(axis_label)
            if row == 1:
                axes.set_xlabel(r"shear strain $\gamma$")
                axes.set_xlim(left=0)
    for row, letter in enumerate("ab"):
        panels[row, 0].text(0.03, 0.96, f"({letter})", transform=panels[row, 0].transAxes, va="top",
                            fontweight="bold")
    order = [name for name in ("model, mean; 5, 25, 75, 95 %", "model, mean ± std", "model, one path", "Bernoulli, mean", "AQS, mean ± s.e.",
                               "AQS, one run") if name in handles]
    figure.legend([handles[name] for name in order], order, loc="upper center", bbox_to_anchor=(0.5, 0.0),
                  ncol=len(order) if len(labels) > 2 else 2)
    save(figure, directory, "comparison")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", help="where `seem point` wrote its tables")
    parser.add_argument("--labels", type=lambda text: text.split(","), help="labels to draw, separated by commas")
    parser.add_argument("--model-path", type=int, default=0, metavar="N", help="which model path (default: 0)")
    parser.add_argument("--aqs-path", type=int, default=0, metavar="N", help="which AQS run (default: 0)")
    arguments = parser.parse_args()
    directory = arguments.directory

    values = ("strain", "tau_GPa", "x1_eV")
    spreads = ("tau_std_GPa", "tau_se_GPa", "x1_std_eV", "x1_se_eV", "n")
    quantiles = [f"{name}_q{q}_{unit}" for name, unit in (("tau", "GPa"), ("x1", "eV")) for q in ("05", "25", "75", "95")]
    mean = read_table(os.path.join(directory, "mean.csv"), (*values, *spreads), texts=("source", "label"), optional=quantiles)
    paths = read_table(os.path.join(directory, "paths.csv"), values, texts=("source", "label", "path"))
    grid = read_table(os.path.join(directory, "grid.csv"),
                      ("tau_low_GPa", "tau_high_GPa", "x1_low_eV", "x1_high_eV", "exposure", "n_events"))

    set_style()
    labels = chosen_labels(mean, arguments.labels)
    draw_visits(directory, grid, paths, labels[0], arguments)
    draw_comparison(directory, mean, paths, labels, arguments)


if __name__ == "__main__":
    run(main)
