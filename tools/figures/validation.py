#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""
Figures of a validation.

    validation.py DIRECTORY [--held-out glass|label|none]

Reads curves.csv, labels.csv, events.csv, sizes.csv and hazard.csv from DIRECTORY, as `seem validate` writes them, and puts
there

validation_curves  mean stress and X1 against strain, model beside runs with standard errors, one column of panels per label
validation_events  events per strain, their sizes, and the hazard by the strain since the last event
validation_errors  differences in per cent, label by label, for each kind of hold-out

each as PNG and PDF. The first two are of the glasses held out if there are such, else of what comes first.
"""

import argparse
import os

import numpy as np
from matplotlib.patches import Patch

from common import AQS, MODEL, FigureError, in_order, panel_name, plt, read_table, run, save, select, set_style

ERRORS = (("yield peak", "yield peak"), ("yield peak of few paths", "yield peak,\nfew paths"), ("end stress", "end stress"),
          ("end X1", "end $X_1$"), ("scatter of stress", "scatter\nof stress"),
          ("events per unit strain", "events per\nstrain"), ("Fano factor", "Fano\nfactor"))
MIN_EXPECTED = 5
HOLD_OUT_NAMES = {"glass": "glasses held out", "label": "labels held out", "none": "nothing held out"}
HOLD_OUT_COLOURS = {"glass": MODEL, "label": "#6baed6", "none": "0.7"}


def panels_per_label(labels, height):
    figure, panels = plt.subplots(height, len(labels), squeeze=False, sharex="row", sharey="row",
                                  figsize=(max(3.5, 0.6 + 2.1 * len(labels)), 0.5 + 1.9 * height))
    for axes, label in zip(panels[0], labels):
        axes.set_title(label)
    for row, letter in zip(panels, "abcdef"):
        row[0].text(0.03, 0.96, f"({letter})", transform=row[0].transAxes, va="top", fontweight="bold")
    return figure, panels


def draw_curves(directory, curves, labels):
    """Means of the runs with a band of one standard error, and of the model."""
    figure, panels = panels_per_label(labels, 2)
    handles = {}
    for column, label in enumerate(labels):
        table = select(curves, label=label)
        for axes, name, unit, scale in ((panels[0, column], "tau", "GPa", 1.0), (panels[1, column], "x1", "eV", 1e3)):
            strain, runs = table["strain"], scale * table[f"{name}_runs_{unit}"]
            error = np.nan_to_num(scale * table[f"{name}_runs_se_{unit}"])
            band = axes.fill_between(strain, runs - error, runs + error, color="#fdd0a2", linewidth=0)
            line, = axes.plot(strain, runs, color=AQS, linewidth=0.8)
            handles["AQS runs, mean ± s.e. (one glass: mean)"] = (band, line)
            handles["model, mean"], = axes.plot(strain, scale * table[f"{name}_model_{unit}"], color=MODEL, linestyle="--",
                                                linewidth=1.2)
            axes.set_xlim(0, strain[-1])
        panels[1, column].set_xlabel(r"shear strain $\gamma$")
    panels[0, 0].set_ylabel(r"$\tau$ (GPa)")
    panels[1, 0].set_ylabel(r"$X_1$ (meV/atom)")
    figure.legend(handles.values(), handles.keys(), loc="upper center", bbox_to_anchor=(0.5, 0.0), ncol=2)
    save(figure, directory, "validation_curves")


def draw_events(directory, events, sizes, hazard, labels):
    figure, panels = panels_per_label(labels, 3)
    handles = {}
    for column, label in enumerate(labels):
        table = select(events, label=label)
        width = table["strain"][1] - table["strain"][0] if len(table["strain"]) > 1 else 1.0
        axes = panels[0, column]
        handles["AQS runs"], = axes.plot(table["strain"], table["events_runs"] / width, color=AQS, linewidth=0.9)
        handles["model"], = axes.plot(table["strain"], table["events_model"] / width, color=MODEL, linestyle="--")
        axes.set_xlabel(r"shear strain $\gamma$")
        axes.set_ylim(bottom=0)

        table = select(sizes, label=label, quantity="stress drop")
        axes = panels[1, column]
        for name, colour, style in (("runs", AQS, "-"), ("model", MODEL, "--")):
            keep = (table[name] > 0) & (table["probability"] < 1)
            axes.loglog(table[name][keep], 1 - table["probability"][keep], color=colour, linestyle=style)
        axes.set_xlabel(r"stress drop $\Delta\tau$ (GPa)")

        table = select(hazard, label=label)
        axes = panels[2, column]
        middle = np.sqrt(table["age_low"] * table["age_high"])
        for name, colour, style in (("runs", AQS, "o-"), ("model", MODEL, "s--")):
            # Bins in which fewer than a handful of events would be expected show only their scatter.
            keep = table[f"exposure_{name}"] * table["hazard_model"] > MIN_EXPECTED
            axes.errorbar(middle[keep], table[f"hazard_{name}"][keep], np.nan_to_num(table[f"hazard_{name}_se"][keep]), fmt=style,
                          color=colour, markersize=3, elinewidth=0.8, capsize=1.5)
        axes.set_xscale("log")
        axes.set_ylim(bottom=0)
        axes.set_xlabel("strain since the last event")
    panels[0, 0].set_ylabel("events per unit strain")
    panels[1, 0].set_ylabel("share of larger events")
    panels[2, 0].set_ylabel("hazard (per unit strain)")
    figure.legend(handles.values(), handles.keys(), loc="upper center", bbox_to_anchor=(0.5, 0.0), ncol=2)
    save(figure, directory, "validation_events")


def draw_errors(directory, table, labels):
    """Bars of the differences with one standard error; labels that are not judged are hatched."""
    held_out = in_order(table["held_out"])
    figure, panels = plt.subplots(len(labels), 1, squeeze=False, sharex=True, figsize=(6.0, 0.7 + 1.35 * len(labels)))
    width = 0.8 / len(held_out)
    for row, (label, letter) in enumerate(zip(labels, "abcdefghij")):
        axes = panels[row, 0]
        for k, kind in enumerate(held_out):
            rows = select(table, held_out=kind, label=label)
            value = [select(rows, quantity=name)["difference_percent"][0] for name, _ in ERRORS]
            error = [select(rows, quantity=name)["difference_percent_se"][0] for name, _ in ERRORS]
            axes.bar(np.arange(len(ERRORS)) + (k - 0.5 * (len(held_out) - 1)) * width, value, width,
                     yerr=np.nan_to_num(error), color=HOLD_OUT_COLOURS.get(kind, "0.4"), error_kw={"elinewidth": 0.7},
                     hatch=None if rows["judged"][0] else "////", edgecolor="white", linewidth=0.3)
        axes.axhline(0, color="black", linewidth=0.6)
        axes.set_ylabel("model − runs (%)")
        panel_name(axes, letter)
        axes.set_title(label + ("" if rows["judged"][0] else " (too few glasses to judge)"))
    panels[-1, 0].set_xticks(range(len(ERRORS)), [text for _, text in ERRORS])
    handles = [Patch(color=HOLD_OUT_COLOURS.get(kind, "0.4"), label=HOLD_OUT_NAMES.get(kind, kind)) for kind in held_out]
    figure.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncol=3)
    save(figure, directory, "validation_errors")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", help="where `seem validate` wrote its tables")
    parser.add_argument("--held-out", metavar="KIND", help="glass, label or none (default: glass if it is there)")
    arguments = parser.parse_args()

    def table(name, numbers, texts=()):
        return read_table(os.path.join(arguments.directory, name), numbers, ("held_out", "label", *texts))

    curves = table("curves.csv", ("strain", *(f"{q}_{who}_{part}{unit}" for q, unit in (("tau", "GPa"), ("x1", "eV"))
                                              for who in ("runs", "model") for part in ("", "se_"))))
    errors = table("labels.csv", ("judged", "difference_percent", "difference_percent_se"), ("quantity",))
    events = table("events.csv", ("strain", "events_runs", "events_model"))
    sizes = table("sizes.csv", ("probability", "runs", "model"), ("quantity",))
    hazard = table("hazard.csv", ("age_low", "age_high", "exposure_runs", "hazard_runs", "hazard_runs_se",
                                  "exposure_model", "hazard_model", "hazard_model_se"))
    kinds = in_order(curves["held_out"])
    kind = arguments.held_out or ("glass" if "glass" in kinds else kinds[0])
    if kind not in kinds:
        raise FigureError(f"{arguments.directory}: nothing of \"{kind}\" held out; found {', '.join(kinds)}")
    curves = select(curves, held_out=kind)
    labels = in_order(curves["label"])
    set_style()
    draw_curves(arguments.directory, curves, labels)
    draw_events(arguments.directory, *(select(t, held_out=kind) for t in (events, sizes, hazard)), labels)
    draw_errors(arguments.directory, errors, labels)


run(main)
