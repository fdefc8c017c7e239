#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""
Pictures of meshes: specimens.py PICTURE.png MESH.vtk [MESH.vtk ...]

Reads legacy VTK files of quadrilaterals or hexahedra as write_mesh_vtk() of the solver writes them, coloured by material.
The titles are the names of the files, with spaces for underscores.
"""

import collections
import os
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import PolyCollection
from mpl_toolkits.mplot3d.art3d import Poly3DCollection
from PIL import Image  # a part of matplotlib's installation

COLOURS = ["#c6d8ea", "#e3d5b8", "#cfe3c4", "#e6c8c8"]
FACES = [(0, 1, 2, 3), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)]


def read_mesh(name):
    """Points (n, 3), cells (n, 4 or 8) and material ids (n) of a legacy VTK file."""
    with open(name, encoding="utf-8") as stream:
        words = stream.read().split()
    at = words.index("POINTS")
    n_points = int(words[at + 1])
    points = np.array(words[at + 3:at + 3 + 3 * n_points], dtype=float).reshape(-1, 3)
    at = words.index("CELLS")
    n_cells = int(words[at + 1])
    cells, position = [], at + 3
    for _ in range(n_cells):
        n = int(words[position])
        cells.append([int(word) for word in words[position + 1:position + 1 + n]])
        position += 1 + n
    at = words.index("MaterialID")
    at = words.index("default", at) + 1
    return points, np.array(cells), np.array(words[at:at + n_cells], dtype=int)


def boundary(cells, materials):
    """Faces that belong to one hexahedron alone, with its material."""
    found = collections.defaultdict(list)
    for cell, material in zip(cells, materials):
        for face in FACES:
            nodes = tuple(cell[list(face)])
            found[tuple(sorted(nodes))].append((nodes, material))
    return [faces[0] for faces in found.values() if len(faces) == 1]


def colour(materials, material):
    """Of a material among those of the mesh."""
    return COLOURS[sorted(set(materials)).index(material) % len(COLOURS)]


def draw(figure, place, name):
    """One mesh into one place of the figure."""
    points, cells, materials = read_mesh(name)
    title = os.path.splitext(os.path.basename(name))[0].replace("_", " ")
    if cells.shape[1] == 4:
        axes = figure.add_subplot(*place)
        axes.add_collection(PolyCollection(points[cells][:, :, :2], edgecolors="0.25", linewidths=0.3,
                                           facecolors=[colour(materials, m) for m in materials]))
        axes.autoscale()
        axes.set_aspect("equal")
        axes.tick_params(labelsize=6)
    else:
        axes = figure.add_subplot(*place, projection="3d")
        faces = boundary(cells, materials)
        axes.add_collection3d(Poly3DCollection([points[list(nodes)] for nodes, _ in faces], edgecolors="0.25", linewidths=0.2,
                                               facecolors=[colour(materials, m) for _, m in faces]))
        low, high = points.min(axis=0), points.max(axis=0)
        axes.set_xlim(low[0], high[0])
        axes.set_ylim(low[1], high[1])
        axes.set_zlim(low[2], high[2])
        axes.set_box_aspect(high - low)
        axes.view_init(elev=55 if high[2] - low[2] < high[1] - low[1] else 20, azim=-60)
        axes.set_axis_off()
    axes.set_title(title, fontsize=8)


def main():
    """The command line."""
    if len(sys.argv) < 3:
        sys.exit(__doc__.strip())
    names = sys.argv[2:]
    n_columns = min(4, len(names))
    n_rows = -(-len(names) // n_columns)
    figure = plt.figure(figsize=(2.4 * n_columns, 2.6 * n_rows))
    for i, name in enumerate(names):
        draw(figure, (n_rows, n_columns, i + 1), name)
    figure.tight_layout()
    figure.savefig(sys.argv[1], dpi=100)
    # Few colours: a third of the size.
    Image.open(sys.argv[1]).convert("RGB").quantize(24).save(sys.argv[1], optimize=True)


if __name__ == "__main__":
    main()
