#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""
Figure of a point-model run under prescribed components of strain and stress.

    point_components.py DIRECTORY [--component xx] [--labels LABEL,LABEL...]

Reads mean.csv and paths.csv from DIRECTORY, as `seem point` writes them with Loading/Kind = components, and puts there

loading     stress against strain of the driven component; tau and X1 against t with the quantiles over the paths

as PNG and PDF.
"""

import argparse
import os

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from common import FigureError, in_order, panel_name, plt, read_table, run, save, select, set_style

COMPONENTS = ("xx", "yy", "zz", "yz", "xz", "xy")
COLOURS = ("#08519c", "#e6730a", "#2f7f3b", "#7b3294", "#8c2d04", "#525252")
STYLES = ("-", (0, (5, 1.5)), (0, (1, 1)), "-.")


def driven_component(mean):
    """The component that does most: the largest range of strain times the largest range of stress."""
    def reach(column):
        values = mean[column][np.isfinite(mean[column])]
        return np.ptp(values) if len(values) > 0 else 0.0

    def work(name):
        return reach(f"eps_{name}") * reach(f"sigma_{name}_GPa")
    return max(COMPONENTS, key=work)


def axes_of(component):
    """Factor and name of the strain, name of the stress: shear is shown as engineering strain."""
    if component[0] == component[1]:
        return 1.0, rf"strain $\varepsilon_{{{component}}}$", rf"stress $\sigma_{{{component}}}$ (GPa)"
    return 2.0, rf"shear strain $\gamma_{{{component}}}$", rf"stress $\sigma_{{{component}}}$ (GPa)"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", help="where `seem point` wrote its tables")
    parser.add_argument("--component", choices=COMPONENTS, help="component of the stress-strain panel (default: the driven one)")
    parser.add_argument("--labels", type=lambda text: text.split(","), help="labels to draw, separated by commas")
    arguments = parser.parse_args()

    tensors = [f"eps_{c}" for c in COMPONENTS] + [f"sigma_{c}_GPa" for c in COMPONENTS]
    quantiles = [f"{name}_q{q}_{unit}" for name, unit in (("tau", "GPa"), ("x1", "eV")) for q in ("05", "25", "50", "75", "95")]
    mean = read_table(os.path.join(arguments.directory, "mean.csv"), ("t", *tensors, "n", *quantiles), texts=("label",))
    paths = read_table(os.path.join(arguments.directory, "paths.csv"), ("t", *tensors), texts=("label", "path"))
    labels = in_order(mean["label"])
    if arguments.labels:
        unknown = [label for label in arguments.labels if label not in labels]
        if unknown:
            raise FigureError(f"no label {', '.join(unknown)} in mean.csv; found {', '.join(labels)}")
        labels = arguments.labels

    set_style()
    component = arguments.component or driven_component(mean)
    factor, strain_name, stress_name = axes_of(component)
    figure, panels = plt.subplots(1, 3, figsize=(7.2, 2.5))
    handles = []
    for k, label in enumerate(labels):
        rows, colour, style = select(mean, label=label), COLOURS[k % len(COLOURS)], STYLES[k % len(STYLES)]
        panels[0].plot(factor * rows[f"eps_{component}"], rows[f"sigma_{component}_GPa"], color=colour, linestyle=style,
                       zorder=3)
        for axes, name, unit, scale in ((panels[1], "tau", "GPa", 1.0), (panels[2], "x1", "eV", 1e3)):
            if k == 0:  # the bands of one label: those of several hide one another
                for low, high, alpha in (("05", "95", 0.15), ("25", "75", 0.3)):
                    axes.fill_between(rows["t"], scale * rows[f"{name}_q{low}_{unit}"], scale * rows[f"{name}_q{high}_{unit}"],
                                      color=colour, alpha=alpha, linewidth=0)
            axes.plot(rows["t"], scale * rows[f"{name}_q50_{unit}"], color=colour, linestyle=style, zorder=3)
        n = int(np.nanmax(rows["n"]))
        handles.append(Line2D([], [], color=colour, linestyle=style, label=f"{label}: {n} paths"))

    first = select(paths, label=labels[0])
    if len(first["t"]) > 0:
        first = select(first, path=in_order(first["path"])[0])
        panels[0].plot(factor * first[f"eps_{component}"], first[f"sigma_{component}_GPa"], color="0.6", linewidth=0.6)
        handles.append(Line2D([], [], color="0.6", linewidth=0.6, label=f"one path, {labels[0]}"))
    handles.append(Patch(facecolor=COLOURS[0], alpha=0.4, label=f"5, 25, 75, 95 %, {labels[0]}"))

    panels[0].set_xlabel(strain_name)
    panels[0].set_ylabel(stress_name)
    panels[1].set_ylabel(r"$\tau$, median (GPa)")
    panels[2].set_ylabel(r"$X_1$, median (meV/atom)")
    for axes in panels[1:]:
        axes.set_xlabel(r"pseudo-time $t$")
        axes.set_xlim(mean["t"].min(), mean["t"].max())
    for axes, letter in zip(panels, "abc"):
        panel_name(axes, letter)
    figure.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncol=min(len(handles), 5))
    save(figure, arguments.directory, "loading")


if __name__ == "__main__":
    run(main)
