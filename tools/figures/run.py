#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""
Figures of a finite-element run.

    run.py DIRECTORY

Reads history.csv and final_field.csv from DIRECTORY, as `seem run` writes them, and point_mean.csv (the mean of the
point model started from the same state) if it is there. Puts into DIRECTORY

stress_strain   mean stress against strain beside the point model with its standard deviation; below it the events and
                the passes of each step, on logarithmic axes where one avalanche outgrows the rest
plastic_strain  maps of the plastic strain, the stress and X1 at the end; the plastic strain of a narrow band on a
                logarithmic scale

each as PNG and PDF.
"""

import argparse
import os

import numpy as np
from matplotlib.colors import LogNorm, Normalize
from matplotlib.tri import Triangulation

from common import MODEL, FigureError, panel_name, plt, read_table, run, save, set_style


def draw_stress_strain(directory, history, point):
    """Mean stress and point model; events and passes per step."""
    figure, panels = plt.subplots(3, 1, sharex=True, figsize=(3.5, 4.4), gridspec_kw={"height_ratios": [3, 1, 1]})
    upper = panels[0]
    if point is not None:
        middle, spread = point["tau_GPa"], point["tau_std_GPa"]
        upper.fill_between(point["strain"], middle - spread, middle + spread, color="0.85", linewidth=0,
                           label="point model, ± std")
        upper.plot(point["strain"], middle, color="black", linestyle="--", label="point model, mean")
    upper.plot(history["strain"], history["stress_GPa"], color=MODEL, linewidth=1.3,
               label="finite elements, mean")
    upper.set_ylabel("mean stress (GPa)")
    if history["stress_GPa"].min() >= 0.0:
        upper.set_ylim(bottom=0.0)
    upper.legend(loc="lower right")
    for axes, column, what in zip(panels[1:], ("n_events", "n_passes"), ("events\nper step", "passes\nper step")):
        counts = history[column]
        axes.step(history["strain"], counts, where="pre", color=MODEL, linewidth=0.8)
        axes.set_ylabel(what)
        # One large avalanche must not flatten all the other steps.
        if counts.max() > 8 * max(np.median(counts), 1):
            axes.set_yscale("log", nonpositive="clip")
        else:
            axes.set_ylim(bottom=0)
    figure.align_ylabels(panels)
    panels[-1].set_xlabel("mean strain")
    panels[-1].set_xlim(min(history["strain"].min(), 0), max(history["strain"].max(), 0))
    for axes, letter in zip(panels, "abc"):
        panel_name(axes, letter)
    save(figure, directory, "stress_strain")


def merge_layers(field):
    """Points above each other in z become one with the mean values: [n_points] of x, y and the rest."""
    places, group = np.unique(np.round(np.column_stack([field["x_nm"], field["y_nm"]]), 6), axis=0,
                              return_inverse=True)
    group = group.ravel()
    counts = np.bincount(group)
    merged = {name: np.bincount(group, weights=values) / counts for name, values in field.items()}
    merged["x_nm"], merged["y_nm"] = places.T
    return merged, bool(np.any(counts > 1))


def tensor_grid(x, y):
    """
    Quadrature points on a tensor grid: edges of their tiles half-way between neighbours. For two Gauss points per
    direction this puts every second edge on the boundary of the cells.

    returns  (edges in x, edges in y, row of each point, column of each point), or None if it is no tensor grid
    """
    def edges_and_index(values):
        different = np.unique(np.round(values, 6))
        if len(different) < 2:
            return None, None
        middle = 0.5 * (different[1:] + different[:-1])
        edges = np.concatenate([[2 * different[0] - middle[0]], middle, [2 * different[-1] - middle[-1]]])
        return edges, np.searchsorted(different, np.round(values, 6))

    x_edges, column = edges_and_index(x)
    y_edges, row = edges_and_index(y)
    if x_edges is None or y_edges is None or (len(x_edges) - 1) * (len(y_edges) - 1) != len(x):
        return None
    return x_edges, y_edges, row, column


def triangulate(x, y):
    """Triangles between the points of any mesh; those that bridge holes and notches are masked."""
    try:
        triangles = Triangulation(x, y)
    except (RuntimeError, ValueError) as error:
        raise FigureError(f"final_field.csv: the points cannot be triangulated: {error}") from None
    corners = triangles.triangles
    sides = np.stack([np.hypot(x[corners[:, i]] - x[corners[:, i - 1]], y[corners[:, i]] - y[corners[:, i - 1]])
                      for i in range(3)])
    longest = sides.max(axis=0)
    triangles.set_mask(longest > 3.5 * np.median(longest))
    return triangles


def colour_scale(values, may_be_logarithmic):
    """
    Colour limits that a few extreme points do not eat; the colour bar says so by its pointed ends. A quantity that a band
    concentrates (largest values far above the median) gets a logarithmic scale, if that is allowed.

    returns  (norm, which ends of the colour bar are pointed)
    """
    low, high = np.nanmin(values), np.nanmax(values)
    top = np.nanpercentile(values, 99.5)
    middle = np.nanmedian(values)
    if may_be_logarithmic and 0 < 20 * middle < top:
        bottom = max(np.nanpercentile(values, 1), 0.1 * middle)
        return LogNorm(bottom, high), "min" if low < bottom else "neither"
    if low < top < high:
        return Normalize(low, top), "max"
    return Normalize(low, max(high, low + 1e-12)), "neither"


def draw_map(figure, axes, x, y, values, label, colours, may_be_logarithmic=False):
    """One scalar at the quadrature points as a map, with a colour bar of its height."""
    norm, pointed = colour_scale(values, may_be_logarithmic)
    grid = tensor_grid(x, y)
    if grid is not None:
        x_edges, y_edges, row, column = grid
        tiles = np.full((len(y_edges) - 1, len(x_edges) - 1), np.nan)
        tiles[row, column] = values
        image = axes.pcolormesh(x_edges, y_edges, tiles, cmap=colours, rasterized=True, norm=norm)
    else:
        image = axes.tripcolor(triangulate(x, y), values, cmap=colours, shading="gouraud", rasterized=True, norm=norm)
    axes.set_aspect("equal")
    axes.tick_params(direction="out", top=False, right=False)
    axes.set_xlabel("x (nm)")
    axes.set_ylabel("y (nm)")
    bar = axes.inset_axes([1.02, 0.0, 0.04, 1.0])
    figure.colorbar(image, cax=bar, label=label, extend=pointed)


def draw_fields(directory, field, strain):
    """Plastic strain large, stress and X1 at its side."""
    field, layered = merge_layers(field)
    x, y = field["x_nm"], field["y_nm"]
    width, height = np.ptp(x), np.ptp(y)
    if width <= 0 or height <= 0:
        raise FigureError("final_field.csv: all points lie on one line, nothing to map")
    shape = height / width
    if shape < 0.6:
        layout, size = [["p", "p"], ["p", "p"], ["s", "x"]], (7.0, max(1.6 + 8.4 * shape, 2.6))
    elif shape < 1.5:
        layout, size = [["p", "p", "s"], ["p", "p", "x"]], (7.0, 0.6 + 3.6 * shape)
    else:
        layout, size = [["p", "s", "x"]], (7.0, min(0.6 + 1.7 * shape, 8.0))
    figure, axes = plt.subplot_mosaic(layout, figsize=size)

    draw_map(figure, axes["p"], x, y, field["plastic_strain"], r"plastic shear strain $\gamma^{\,pl}$", "inferno_r",
             may_be_logarithmic=True)
    draw_map(figure, axes["s"], x, y, field["tau_GPa"], r"$\tau$ (GPa)", "cividis")
    draw_map(figure, axes["x"], x, y, 1e3 * field["x1_eV"], r"$X_1$ (meV/atom)", "viridis")
    for name, letter in zip("psx", "abc"):
        panel_name(axes[name], letter)
    axes["p"].set_title(f"strain {strain:.4g}" + ("\nmean over z" if layered else ""))
    save(figure, directory, "plastic_strain")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", help="where `seem run` wrote its tables")
    directory = parser.parse_args().directory

    history = read_table(os.path.join(directory, "history.csv"), ("strain", "stress_GPa", "n_events", "n_passes"))
    field = read_table(os.path.join(directory, "final_field.csv"),
                       ("x_nm", "y_nm", "plastic_strain", "tau_GPa", "x1_eV"))
    point_file = os.path.join(directory, "point_mean.csv")
    point = read_table(point_file, ("strain", "tau_GPa", "tau_std_GPa")) if os.path.exists(point_file) else None

    set_style()
    draw_stress_strain(directory, history, point)
    draw_fields(directory, field, history["strain"][-1])


if __name__ == "__main__":
    run(main)
