# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the figure scripts share: reading tables with checks, the look of the figures, saving them."""

import csv
import math
import os
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402

# Model and atomistic runs differ by colour, line style and brightness, so that a black-and-white print still tells them
# apart.
MODEL = "#08519c"
AQS = "#e6730a"


class FigureError(Exception):
    """The input of a figure is missing or wrong; the message is for the user."""


def read_table(path, numbers, texts=(), optional=()):
    """
    Read a CSV file with a header line; lines that start with # are comments.

    numbers, texts   names of the columns that must be there
    optional         columns of numbers that are read if they are there
    returns          dict of column name -> array, all [n_rows]
    """
    if not os.path.isfile(path):
        raise FigureError(f"{path}: no such file")
    with open(path, newline="", encoding="utf-8") as stream:
        rows = [(line, row) for line, row in enumerate(csv.reader(stream), start=1)
                if row and not row[0].startswith("#")]
    if not rows:
        raise FigureError(f"{path}: empty, expected a header line")

    header = [name.strip() for name in rows[0][1]]
    missing = [name for name in (*numbers, *texts) if name not in header]
    if missing:
        raise FigureError(f"{path}: no column {', '.join(missing)}; found {', '.join(header)}")
    if len(rows) == 1:
        raise FigureError(f"{path}: a header but no rows")

    columns = {name: [] for name in (*numbers, *texts, *(name for name in optional if name in header))}
    places = {name: header.index(name) for name in columns}
    for line, row in rows[1:]:
        if len(row) != len(header):
            raise FigureError(f"{path}:{line}: {len(row)} entries, but the header names {len(header)}")
        for name, place in places.items():
            entry = row[place].strip()
            if name in texts:
                columns[name].append(entry)
                continue
            try:
                columns[name].append(float(entry) if entry else math.nan)
            except ValueError:
                raise FigureError(f"{path}:{line}: column {name}: '{entry}' is not a number") from None
    return {name: np.array(values) for name, values in columns.items()}


def select(table, **values):
    """The rows of a table whose columns have the given values."""
    keep = np.ones(len(next(iter(table.values()))), dtype=bool)
    for name, value in values.items():
        keep &= table[name] == value
    return {name: column[keep] for name, column in table.items()}


def in_order(values):
    """The different values in the order of their first appearance."""
    return list(dict.fromkeys(values.tolist()))


def set_style():
    """Sizes and fonts for a journal column."""
    plt.rcParams.update({
        "font.size": 8, "axes.labelsize": 8, "axes.titlesize": 8, "legend.fontsize": 7,
        "xtick.labelsize": 7, "ytick.labelsize": 7, "lines.linewidth": 1.0, "axes.linewidth": 0.6,
        "xtick.direction": "in", "ytick.direction": "in", "xtick.top": True, "ytick.right": True,
        "xtick.major.width": 0.6, "ytick.major.width": 0.6, "legend.frameon": False,
        "figure.constrained_layout.use": True, "savefig.dpi": 200, "pdf.fonttype": 42,
        "mathtext.default": "regular",
    })


def panel_name(axes, letter):
    """A letter in front of the title's place."""
    axes.set_title(f"({letter})", loc="left", fontweight="bold")


def save(figure, directory, name):
    """Write the figure as PNG and PDF and say where."""
    for ending in ("png", "pdf"):
        path = os.path.join(directory, f"{name}.{ending}")
        # No dates in the files: the same data give the same bytes.
        figure.savefig(path, bbox_inches="tight", pad_inches=0.04,
                       metadata={"CreationDate": None} if ending == "pdf" else {"Software": None})
        print(path)
    plt.close(figure)


def run(main):
    """Call main(); a FigureError becomes a message and exit status 1."""
    try:
        main()
    except FigureError as error:
        print(f"{os.path.basename(sys.argv[0])}: {error}", file=sys.stderr)
        sys.exit(1)
