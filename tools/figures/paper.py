#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""
The figures of Xu et al. (2024) from the tables that `seem figures` writes.

    paper.py DIRECTORY

figure_1    stress and energy of one atomistic (AQS) run against strain, its events marked
figure_2    (a) rate of events, (b) mean change of X1 and (c) mean stress deficit of an event in each bin, (d) mean flow with
            its nullclines and fixed points
figure_3a   events per bin with the path of the model and of a run over them
figure_3b   jumps of the events in the fullest bin, with the line of events that lose no energy
figure_4    X1 and stress against strain: one path of the model beside one run from the same state
figure_5    mean paths in the plane (X1, stress) by cooling rate, model beside runs
figure_S1   first moduli of the runs against X1, moduli of elastic branches against the elasticity of the database

each as PNG and PDF in DIRECTORY. Figures whose table is not there are left out.
"""

import argparse
import os

import numpy as np
from matplotlib import patheffects
from matplotlib.colors import LinearSegmentedColormap, LogNorm, Normalize
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from common import AQS, MODEL, FigureError, in_order, panel_name, plt, read_table, run, save, select, set_style

X1_LABEL = r"inelastic energy $X_1$ (meV/atom)"
TAU_LABEL = r"shear stress $\tau$ (GPa)"
STRAIN_LABEL = r"shear strain $\gamma$"
# Without its dark end, so that a black line stays visible.
LIGHT = LinearSegmentedColormap.from_list("light", plt.get_cmap("YlGnBu")(np.linspace(0.12, 0.72, 64)))
OUTLINE = [patheffects.withStroke(linewidth=2.0, foreground="white", alpha=0.8)]


def optional_table(path, numbers, texts=()):
    """As read_table(), but a table without rows is one of empty columns."""
    with open(path, encoding="utf-8") as stream:
        if sum(1 for line in stream if line.strip()) == 1:
            return {name: np.array([]) for name in (*numbers, *texts)}
    return read_table(path, numbers, texts)


class Grid:
    """Columns of a table with one row per rectangle, as arrays [rows along y, columns along x]."""

    def __init__(self, table, x_name, x_unit, y_name, y_unit):
        self.table = table
        self.x = np.unique(np.append(table[f"{x_name}_low_{x_unit}"], table[f"{x_name}_high_{x_unit}"][-1]))
        self.y = np.unique(np.append(table[f"{y_name}_low_{y_unit}"], table[f"{y_name}_high_{y_unit}"].max()))
        self.column = np.searchsorted(self.x, table[f"{x_name}_low_{x_unit}"])
        self.row = np.searchsorted(self.y, table[f"{y_name}_low_{y_unit}"])
        if len(self.table[f"{x_name}_low_{x_unit}"]) != (len(self.x) - 1) * (len(self.y) - 1):
            raise FigureError(f"the rows are no grid: {len(self.row)} of them for {len(self.x) - 1} x {len(self.y) - 1}")

    def __call__(self, name):
        values = np.full((len(self.y) - 1, len(self.x) - 1), np.nan)
        values[self.row, self.column] = self.table[name]
        return values


def draw_run(directory, table):
    """Figure 1: the whole run on the left, a small part of it on the right."""
    strain, event = table["strain"], table["event"] > 0
    begin = strain[0] + 0.4 * (strain[-1] - strain[0])
    window = (strain >= begin) & (strain <= begin + 0.03 * (strain[-1] - strain[0]))
    figure, panels = plt.subplots(2, 2, figsize=(6.6, 4.2), sharex="col", gridspec_kw={"width_ratios": [1.4, 1.0]})
    energy = 1e3 * (table["energy_eV"] - table["energy_eV"][0])
    for row, (values, label) in enumerate(((table["tau_GPa"], TAU_LABEL),
                                           (energy, r"energy $u - u(0)$ (meV/atom)"))):
        panels[row, 0].plot(strain, values, color=AQS, linewidth=0.7)
        panels[row, 0].axvspan(strain[window][0], strain[window][-1], color="0.88", linewidth=0)
        panels[row, 0].set_ylabel(label)
        # In the part each row is seen, and the branches between the events.
        panels[row, 1].plot(strain[window], values[window], color=AQS, marker=".", markersize=1.8, linewidth=0.7)
        marked = window & event
        panels[row, 1].plot(strain[marked], values[marked], linestyle="", marker="v", color="black", markersize=3.2,
                            label=f"event (in the whole run {np.count_nonzero(event)})")
        panel_name(panels[row, 0], "ab"[row])
    # Every event of the whole run as a tick at its foot.
    low, high = panels[0, 0].get_ylim()
    panels[0, 0].set_ylim(low - 0.07 * (high - low), high)
    panels[0, 0].plot(strain[event], np.full(np.count_nonzero(event), low - 0.03 * (high - low)), linestyle="", marker="|",
                      color="black", markersize=4, markeredgewidth=0.3)
    panels[0, 1].legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2)
    panels[1, 1].xaxis.set_major_locator(MaxNLocator(4))
    for axes in panels[1]:
        axes.set_xlabel(STRAIN_LABEL)
    panels[1, 0].set_xlim(strain[0], strain[-1])
    save(figure, directory, "figure_1")


def weighted_limit(values, weights):
    """The size that 98 % of the weight does not exceed: bins of few events must not take the colours from all others."""
    known = np.isfinite(values) & (weights > 0)
    size, weight = np.abs(values[known]), weights[known]
    order = np.argsort(size)
    share = np.cumsum(weight[order]) / np.sum(weight)
    limit = size[order][np.searchsorted(share, 0.98)]
    return limit if limit > 0 else 1.0


def draw_statistics(directory, grid, nullclines, points):
    """Figure 2: three maps of bins and the mean flow."""
    figure, panels = plt.subplots(2, 2, figsize=(7.2, 5.6), sharex=True, sharey=True)
    figure.get_layout_engine().set(wspace=0.06)
    x_edges, y_edges = 1e3 * grid.x, grid.y
    exposure = grid("exposure")
    events = grid("n_events")
    for axes, (letter, name, weights, scale, colours, label) in zip(panels.flat, (
            ("a", "rate", exposure, 1e-3, "viridis", r"events per 0.1 % strain"),
            ("b", "mean_dx1_eV", events, 1e3, "RdBu_r", r"mean $\Delta X_1$ of an event (meV/atom)"),
            ("c", "mean_dtau_GPa", events, 1.0, "YlOrRd", r"mean stress deficit of an event (GPa)"))):
        values = scale * grid(name)
        axes.pcolormesh(x_edges, y_edges, np.ma.masked_where(exposure == 0, np.ones_like(exposure)), cmap="Greys", vmin=0,
                        vmax=8)
        limit = weighted_limit(values, weights)
        low = -limit if name == "mean_dx1_eV" else 0.0
        mesh = axes.pcolormesh(x_edges, y_edges, np.ma.masked_invalid(values), cmap=colours, norm=Normalize(low, limit))
        over, under = np.nanmax(values) > limit, np.nanmin(values) < low
        figure.colorbar(mesh, ax=axes, label=label, pad=0.02,
                        extend={(1, 1): "both", (1, 0): "max", (0, 1): "min", (0, 0): "neither"}[over, under])
        panel_name(axes, letter)

    axes = panels[1, 1]
    x = 0.5 * (x_edges[1:] + x_edges[:-1])
    y = 0.5 * (y_edges[1:] + y_edges[:-1])
    dx, dy = 1e3 * grid("dx1_dgamma_eV"), grid("dtau_dgamma_GPa")
    visited = exposure > 0
    # Directions as they look in the figure; the speed in widths of it per unit strain as colour.
    across, up = dx / (x_edges[-1] - x_edges[0]), dy / (y_edges[-1] - y_edges[0])
    speed = np.hypot(across, up)
    x_nodes, y_nodes = np.meshgrid(x, y)
    arrows = axes.quiver(x_nodes[visited], y_nodes[visited], (across / speed)[visited], (up / speed)[visited],
                         speed[visited], cmap="cividis", norm=LogNorm(speed[visited].min(), speed[visited].max()),
                         angles="uv", pivot="mid", scale=26, width=0.005, headwidth=4)
    figure.colorbar(arrows, ax=axes, label="widths of the map per unit strain", pad=0.02)
    handles = []
    for of, style, colour, label in (("tau", "-", MODEL, r"$d\tau/d\gamma = 0$"), ("X1", "--", AQS, r"$dX_1/d\gamma = 0$")):
        rows = select(nullclines, of=of) if len(nullclines["of"]) else nullclines
        for number in in_order(rows["curve"]):
            curve = select(rows, curve=number)
            axes.plot(1e3 * curve["x1_eV"], curve["tau_GPa"], color=colour, linestyle=style, linewidth=1.5,
                      path_effects=OUTLINE)
        handles.append(Line2D([], [], color=colour, linestyle=style, linewidth=1.5, label=label))
    for attracting, marker, face, label in ((1, "*", "red", "attracting fixed point"),
                                            (0, "d", "white", "other fixed point")):
        these = select(points, attracting=attracting)
        if len(these["tau_GPa"]) > 0:
            handles.append(axes.plot(1e3 * these["x1_eV"], these["tau_GPa"], linestyle="", marker=marker, markersize=9 if attracting else 4,
                                     markerfacecolor=face, markeredgecolor="black", zorder=5, label=label)[0])
    panel_name(axes, "d")
    for row in panels:
        row[0].set_ylabel(TAU_LABEL)
    for axes in panels[1]:
        axes.set_xlabel(X1_LABEL)
    panels[0, 0].set_xlim(x_edges[0], x_edges[-1])
    panels[0, 0].set_ylim(y_edges[0], y_edges[-1])
    if np.any(visited & ~np.isfinite(grid("mean_dx1_eV"))):
        handles.append(Patch(facecolor="0.9", label="visited, no event (b, c)"))
    figure.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncol=len(handles))
    save(figure, directory, "figure_2")


def draw_visits(directory, grid, paths):
    """Figure 3a: events per bin, the model's path and the run's over them."""
    figure, axes = plt.subplots(figsize=(3.6, 2.9))
    x_edges, events, visited = 1e3 * grid.x, grid("n_events"), grid("exposure") > 0
    axes.pcolormesh(x_edges, grid.y, np.ma.masked_where(~visited | (events > 0), visited), cmap="Greys", vmin=0, vmax=6)
    mesh = axes.pcolormesh(x_edges, grid.y, np.ma.masked_where(events == 0, events), cmap=LIGHT,
                           norm=LogNorm(vmin=1, vmax=max(events.max(), 2)))
    figure.colorbar(mesh, ax=axes, label="events per bin", pad=0.02)
    for source, label, style in (("aqs", "AQS run", {"color": AQS, "linewidth": 0.7}),
                                 ("model", "model", {"color": "black", "linewidth": 1.1, "linestyle": (0, (1, 1.2))})):
        path = select(paths, source=source)
        if len(path["strain"]) > 0:
            axes.plot(1e3 * path["x1_eV"], path["tau_GPa"], path_effects=OUTLINE, label=label, **style)
    handles, _ = axes.get_legend_handles_labels()
    if np.any(visited & (events == 0)):
        handles.append(Patch(facecolor="0.87", label="visited, no event"))
    figure.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncol=3)
    axes.set_xlabel(X1_LABEL)
    axes.set_ylabel(TAU_LABEL)
    axes.set_xlim(x_edges[0], x_edges[-1])
    axes.set_ylim(grid.y[0], grid.y[-1])
    save(figure, directory, "figure_3a")


def draw_jumps(directory, grid, line, about):
    """Figure 3b: the jumps of one bin."""
    figure, axes = plt.subplots(figsize=(3.6, 2.9))
    counts = grid("n_events")
    mesh = axes.pcolormesh(1e3 * grid.x, grid.y, np.ma.masked_where(counts == 0, counts), cmap=LIGHT,
                           norm=LogNorm(vmin=0.9, vmax=max(counts.max(), 2.0)))
    figure.colorbar(mesh, ax=axes, label="events", pad=0.02)
    axes.axvline(0.0, color=AQS, linestyle="--", linewidth=1.2, label=r"$\Delta X_1 = 0$")
    axes.plot(1e3 * line["dx1_eV"], line["dtau_GPa"], color="black", linewidth=1.2, label=r"$\Delta S = 0$ ($D = 0$)")
    margin_x, margin_y = 0.04 * 1e3 * np.ptp(grid.x), 0.04 * np.ptp(grid.y)
    axes.set_xlim(1e3 * grid.x[0] - margin_x, max(1e3 * grid.x[-1], 0.0) + 4 * margin_x)
    axes.set_ylim(grid.y[0] - margin_y, grid.y[-1] + margin_y)
    axes.set_xlabel(r"$\Delta X_1$ (meV/atom)")
    axes.set_ylabel(r"stress deficit $\Delta\tau$ (GPa)")
    axes.set_title(f"{about['n_events'][0]:.0f} events at $\\tau$ = {about['tau_low_GPa'][0]:.2f}–"
                   f"{about['tau_high_GPa'][0]:.2f} GPa, $X_1$ = {1e3 * about['x1_low_eV'][0]:.1f}–"
                   f"{1e3 * about['x1_high_eV'][0]:.1f} meV", fontsize=7)
    figure.legend(loc="upper center", bbox_to_anchor=(0.5, 0.0), ncol=2)
    save(figure, directory, "figure_3b")


def draw_paths(directory, paths):
    """Figure 4: one path of the model and one run from the same state."""
    figure, panels = plt.subplots(2, 1, figsize=(3.5, 4.2), sharex=True)
    for axes, letter, name, scale, label in zip(panels, "ab", ("x1_eV", "tau_GPa"), (1e3, 1.0), (X1_LABEL, TAU_LABEL)):
        for source, text, style in (("model", "model", {"color": MODEL}),
                                    ("aqs", "AQS", {"color": AQS, "linestyle": (0, (4, 1.5))})):
            path = select(paths, source=source)
            axes.plot(path["strain"], scale * path[name], linewidth=0.9, label=text, **style)
        axes.set_ylabel(label)
        axes.text(0.03, 0.95, f"({letter})", transform=axes.transAxes, va="top", fontweight="bold")
    panels[0].legend(loc="lower right")
    panels[1].set_xlabel(STRAIN_LABEL)
    panels[1].set_xlim(left=0)
    panels[0].set_title(in_order(paths["name"])[0], fontsize=7)
    save(figure, directory, "figure_4")


def draw_means(directory, means):
    """Figure 5: mean paths by preparation, slow ones dark."""
    labels = in_order(means["label"])
    figure, axes = plt.subplots(figsize=(3.9, 3.2))
    shades = np.linspace(1.0, 0.45, len(labels)) if len(labels) > 1 else [0.8]
    for shade, label in zip(shades, labels):
        for source, colours, style in (("model", "Blues", "-"), ("aqs", "Oranges", (0, (4, 1.5)))):
            mean = select(means, source=source, label=label)
            if len(mean["strain"]) == 0:
                continue
            axes.plot(1e3 * mean["x1_eV"], mean["tau_GPa"], color=plt.get_cmap(colours)(shade), linestyle=style)
            if source == "model":
                rate = mean["cooling_rate_K_per_s"][0]
                text = label
                if rate > 0:
                    power = int(np.floor(np.log10(rate)))
                    text += f", ${rate / 10.0 ** power:.3g} \\times 10^{{{power}}}$ K/s"
                axes.plot([], [], color=plt.get_cmap("Greys")(shade), label=text, linewidth=2)
    handles, _ = axes.get_legend_handles_labels()
    handles.append(Line2D([], [], color=MODEL, label="model, mean"))
    if "aqs" in means["source"]:
        handles.append(Line2D([], [], color=AQS, linestyle=(0, (4, 1.5)), label="AQS, mean"))
    figure.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncol=3)
    axes.set_xlabel(X1_LABEL)
    axes.set_ylabel(TAU_LABEL)
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    save(figure, directory, "figure_5")


def draw_elasticity(directory, first, fit, branches):
    """Figure S1: first moduli against X1; branch moduli against stress and X1."""
    figure, panels = plt.subplots(1, 3, figsize=(7.2, 2.5))
    axes = panels[0]
    labels = in_order(first["label"])
    for number, label in enumerate(labels):
        rows = select(first, label=label)
        axes.plot(1e3 * rows["x1_eV"], rows["modulus_GPa"], linestyle="", marker="osD^v<>ph"[number % 9], markersize=3.5,
                  color=plt.get_cmap("viridis")(0.9 * number / max(len(labels) - 1, 1)), label=label)
    x1 = np.array([min(0.0, first["x1_eV"].min()), 1.1 * first["x1_eV"].max() + 1e-4])
    for of, style, colour in (("first moduli", "--", "black"), ("database", "-", MODEL)):
        row = select(fit, of=of)
        softening = x1 / row["u_a_eV"][0] if np.isfinite(row["u_a_eV"][0]) else 0.0 * x1
        axes.plot(1e3 * x1, row["g0_GPa"][0] * (1.0 - softening), style, color=colour,
                  label=r"$G_0(1 - X_1/u_A)$, " + ("fit" if of == "first moduli" else of))
    axes.set_xlabel(r"initial $X_1$ (meV/atom)")
    axes.set_ylabel(f"modulus below {100 * select(fit, of='first moduli')['strain'][0]:g} % strain (GPa)")
    panel_name(axes, "a")
    for axes, letter, over, scale, label in zip(panels[1:], "bc", ("tau", "x1"), (1.0, 1e3), (TAU_LABEL, X1_LABEL)):
        rows = select(branches, over=over)
        middle = 0.5 * scale * (rows["low"] + rows["high"])
        axes.errorbar(middle, rows["modulus_GPa"], np.nan_to_num(rows["modulus_se_GPa"]),
                      0.5 * scale * (rows["high"] - rows["low"]), fmt="o", color=AQS, markersize=3, elinewidth=0.8,
                      label="branches of the runs")
        axes.plot(middle, rows["elasticity_GPa"], "s", color=MODEL, markersize=5, markerfacecolor="none",
                  label="database, at the same pieces")
        axes.set_xlabel(label)
        axes.set_ylabel(r"tangent modulus $G_t$ (GPa)")
        panel_name(axes, letter)
    handles = panels[0].get_legend_handles_labels()[0] + panels[1].get_legend_handles_labels()[0]
    figure.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncol=4)
    save(figure, directory, "figure_S1")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", help="where `seem figures` wrote its tables")
    directory = parser.parse_args().directory
    set_style()

    def there(name):
        return os.path.isfile(os.path.join(directory, name))

    def read(name, numbers, texts=()):
        return read_table(os.path.join(directory, name), numbers, texts)

    bins = ["tau_low_GPa", "tau_high_GPa", "x1_low_eV", "x1_high_eV"]
    path_columns = (("strain", "tau_GPa", "x1_eV"), ("source", "name"))
    # The maps are always there: without them this is no directory of ours.
    grid = Grid(read("figure_2.csv", [*bins, "exposure", "n_events", "rate", "mean_dtau_GPa", "mean_dx1_eV",
                                      "dtau_dgamma_GPa", "dx1_dgamma_eV"]), "x1", "eV", "tau", "GPa")
    if not np.any(grid("n_events") > 0):
        raise FigureError("figure_2.csv: no bin holds an event")
    draw_statistics(directory, grid,
                    optional_table(os.path.join(directory, "figure_2_nullclines.csv"), ["curve", "tau_GPa", "x1_eV"], ["of"]),
                    optional_table(os.path.join(directory, "figure_2_fixed_points.csv"), ["tau_GPa", "x1_eV", "attracting"]))
    draw_jumps(directory, Grid(read("figure_3b.csv", ["dtau_low_GPa", "dtau_high_GPa", "dx1_low_eV", "dx1_high_eV",
                                                      "n_events"]), "dx1", "eV", "dtau", "GPa"),
               read("figure_3b_line.csv", ["dtau_GPa", "dx1_eV"]), read("figure_3b_bin.csv", [*bins, "n_events"]))
    if there("figure_1.csv"):
        draw_run(directory, read("figure_1.csv", ["strain", "tau_GPa", "energy_eV", "event"]))
    if there("figure_3a.csv"):
        draw_visits(directory, grid, read("figure_3a.csv", *path_columns))
    if there("figure_4.csv"):
        draw_paths(directory, read("figure_4.csv", *path_columns))
    if there("figure_5.csv"):
        draw_means(directory, read("figure_5.csv", ["cooling_rate_K_per_s", "strain", "tau_GPa", "x1_eV"],
                                   ["source", "label"]))
    if there("figure_S1.csv"):
        draw_elasticity(directory, read("figure_S1.csv", ["x1_eV", "modulus_GPa"], ["label"]),
                        read("figure_S1_fit.csv", ["strain", "g0_GPa", "u_a_eV"], ["of"]),
                        read("figure_S1_branches.csv", ["low", "high", "modulus_GPa", "modulus_se_GPa", "elasticity_GPa"],
                             ["over"]))


run(main)
