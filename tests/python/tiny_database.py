# SPDX-License-Identifier: LGPL-2.1-or-later
"""A database whose numbers can be worked by hand, for the tests of the Python module."""

import h5py
import numpy as np

import seem

TAU_EDGES = [0.0, 0.5, 1.0, 2.0]
X1_EDGES = [0.0, 0.01, 0.03]

# [n_tau][n_x1]: one bin never visited, one visited without an event.
N_INCREMENTS = np.array([[1000, 0], [200, 50], [100, 10]])
N_EVENTS = np.array([[5, 0], [2, 0], [3, 1]])
INCREMENT = 1e-3

# States of the events, bin by bin.
TAU = np.array([0.3] * 5 + [0.7] * 2 + [1.5] * 3 + [1.6])
X1 = np.array([0.005] * 10 + [0.02])
DTAU = 0.1 + 0.01 * np.arange(11)
# Event 9, of the bin with the most, would create energy; events 7 and 8 beside it would not.
DX1 = 1e-4 * np.array([-2, -1, 0, 1, 2, 3, 4, 5, 6, 30, 8])

CONSTANTS = {"G0": seem.FittedNumber(25.0, 0.5), "uA": 0.1, "tauA": 8.0, "tauB": 3.0}


def tiny_database(**changes):
    """The database, or what the changed arguments make of it."""
    k = np.arange(len(TAU))
    arguments = {
        "axes": [seem.Axis("tau", "GPa", TAU_EDGES), seem.Axis("x1", "eV", X1_EDGES)],
        "exposure": N_INCREMENTS * INCREMENT,
        "n_increments": N_INCREMENTS,
        "events": seem.EventTable(tau=TAU, x=[X1], dtau=DTAU, dx=[DX1], net_dtau=-0.05 - 0.01 * k,
                                  strain=0.01 * k, sample=[int(i) for i in k % 3]),
        "samples": [seem.Sample(name=f"run{i}", label=label, initial=[0.1 * i, 0.004 + 0.001 * i], n_atoms=4000,
                                volume=64000, final_strain=0.5, cooling_rate=rate)
                    for i, (label, rate) in enumerate([("fast", 4e13), ("slow", 1e12), ("fast", 4e13)])],
        "elastic_constants": CONSTANTS,
        "n_atoms": 4000,
        "volume": 64000,
        "strain_increment": INCREMENT,
        "minimum_events": 1,
        "material": "tiny <glass> & more",
        "settings": {"Detection/Criterion": "union"},
    }
    return seem.Database(**{**arguments, **changes})


def remembering_database(directory):
    """The database with a memory of the preparation, X2: run 0 begins at X1 = 0.004, X2 = -0.5, run 1 at 0.006, 0.25."""
    k = np.arange(len(TAU))
    database = tiny_database(
        axes=[seem.Axis("tau", "GPa", TAU_EDGES), seem.Axis("x1", "eV", X1_EDGES), seem.Axis("memory", "1", [-1.0, 1.0])],
        exposure=(N_INCREMENTS * INCREMENT)[..., None], n_increments=N_INCREMENTS[..., None],
        events=seem.EventTable(tau=TAU, x=[X1, 0.0 * X1], dtau=DTAU, dx=[DX1, 0.0 * X1], net_dtau=-0.05 - 0.01 * k,
                               strain=0.01 * k, sample=[0] * len(TAU)),
        samples=[seem.Sample(name=name, label=name, initial=[0.1, x1, x2], n_atoms=4000, volume=64000, final_strain=0.5,
                             cooling_rate=1e12) for name, x1, x2 in (("a", 0.004, -0.5), ("b", 0.006, 0.25))])
    path = f"{directory}/remembering.h5"
    database.write(path)
    with h5py.File(path, "r+") as file:
        memory = file.create_group("memory")
        memory.attrs["reference_rate_K_per_s"] = 1e12
        for name, value in (("relaxation_strain", 0.2), ("mean", 0.05), ("per_decade", -0.25)):
            memory.create_group(name).attrs.update({"value": value, "standard_error": 0.1 * abs(value)})
    return seem.Database.read(path)
