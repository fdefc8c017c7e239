# SPDX-License-Identifier: LGPL-2.1-or-later
# %% [markdown]
# # The point law of Cu64Zr36
#
# This file is a notebook: VS Code, Spyder and Jupyter (with jupytext) open it as cells; `python3 point_law.py` runs it
# and saves the picture. It needs the module `seem` (doc/python.md says how to build it), matplotlib, and the database
# that `scripts/quickstart` leaves in `results/harvest`; `SEEM_DATABASE` names another one.

# %%
import os

import matplotlib.pyplot as plt
import numpy as np

import seem

database = seem.Database.read(os.environ.get("SEEM_DATABASE", "results/harvest/cu64zr36.h5"))
print(database)
database

# %% [markdown]
# ## One path
#
# A point starts as one of the samples, without load, and is sheared. Stress [GPa], X1 [eV per atom], gamma = 2 eps_xy.
# The events are listed with the state just before and the jump that they made.

# %%
law = seem.SeemLaw(database, bulk_modulus=148, seed=1)
label = database.labels[0]
tau0, x10 = database.initial_states(label)[0][:2]
point = seem.Point(law, cell=0, tau=tau0, x1=x10)

gamma = seem.strain_grid(0.3, 1e-3)
path = np.empty((len(gamma), 2))
for i, g in enumerate(gamma):
    point.shear_to(g)
    path[i] = point.stress[5], point.fields.x1

events = point.events
print(point)
print(f"mean stress deficit of an event {events['dtau'].mean():.3f} GPa, mean change of X1 {1e3 * events['dx1'].mean():.3f} meV")
print(f"energy in GPa: elastic {point.energy.elastic:.4f}, inelastic {point.energy.inelastic:.4f}, heat {point.energy.heat:.4f}")

# %% [markdown]
# ## Many paths
#
# `shear_ensemble` does the same for many points at once. Their initial states are drawn from the samples, as `seem point`
# does: with the same seed and replicas these are its paths, to the last bit.

# %%
n_paths = 200
initial = seem.draw_initial_states(database.initial_states(label), n_paths, seed=1)
ensemble = seem.shear_ensemble(law, initial, gamma)
print(ensemble)
low, median, high = np.quantile(ensemble.tau, [0.05, 0.5, 0.95], axis=0)
mean = ensemble.tau.mean(axis=0)
print(f"{label}: largest mean stress {mean.max():.3f} GPa at gamma = {gamma[mean.argmax()]:.3f}")

# %% [markdown]
# ## The picture
#
# Left: the rate of events that the law uses, per unit shear strain, with the path on top. Right: the ensemble.

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(8.2, 3.4), constrained_layout=True)

tau_axis, x1_axis = database.axes[:2]
rates = np.ma.masked_where(database.exposure == 0, database.pooled_rates())
mesh = left.pcolormesh(1e3 * x1_axis.edges, tau_axis.edges, rates[:, :, 0] if rates.ndim == 3 else rates, cmap="YlGnBu")
figure.colorbar(mesh, ax=left, label=r"rate $\lambda$ (1/strain)")
left.plot(1e3 * path[:, 1], path[:, 0], color="#e6730a", linewidth=0.9)
left.set(xlabel=r"inelastic energy $X_1$ (meV/atom)", ylabel=r"shear stress $\tau$ (GPa)", title=f"one path, {label}")

right.fill_between(gamma, low, high, color="#c6dbef", linewidth=0, label="5 to 95 %")
right.plot(gamma, median, color="black", linewidth=1.3, label="median")
right.plot(gamma, path[:, 0], color="#e6730a", linewidth=0.7, label="one path")
right.set(xlabel=r"shear strain $\gamma$", ylabel=r"shear stress $\tau$ (GPa)", title=f"{n_paths} paths, {label}", xlim=(0, 0.3))
right.legend(frameon=False)

picture = os.environ.get("SEEM_FIGURE", "point_law.png")
figure.savefig(picture, dpi=150, metadata={"Software": None})
print(picture)
