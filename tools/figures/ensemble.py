#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""
Figure of an ensemble of finite-element runs.

    ensemble.py DIRECTORY

Reads ensemble.csv from DIRECTORY, as `seem run` writes it with Ensemble/Runs above 1, and puts there

ensemble  mean stress and mean X1 of the specimens against their mean strain: mean over the runs, median, the bands between the quartiles
          and between 5 and 95 %

as PNG and PDF.
"""

import argparse
import os

from common import MODEL, panel_name, plt, read_table, run, save, set_style


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", help="where `seem run` wrote ensemble.csv")
    arguments = parser.parse_args()

    panels = (("stress", "GPa", "mean stress (GPa)", 1.0), ("mean_x1", "eV", r"mean $X_1$ (meV/atom)", 1e3))
    columns = [f"{name}_{what}_{unit}" for name, unit, _, _ in panels for what in ("mean", "q05", "q25", "q50", "q75", "q95")]
    table = read_table(os.path.join(arguments.directory, "ensemble.csv"), ("strain_mean", "n", *columns))

    set_style()
    figure, axes = plt.subplots(1, 2, figsize=(7.0, 2.7))
    strain = table["strain_mean"]
    for panel, (name, unit, label, factor), letter in zip(axes, panels, "ab"):
        def of(what, name=name, unit=unit, factor=factor):
            return factor * table[f"{name}_{what}_{unit}"]
        panel.fill_between(strain, of("q05"), of("q95"), color=MODEL, alpha=0.15, linewidth=0, label="5 to 95 %")
        panel.fill_between(strain, of("q25"), of("q75"), color=MODEL, alpha=0.3, linewidth=0, label="quartiles")
        panel.plot(strain, of("q50"), color="black", linestyle="--", linewidth=0.9, label="median")
        panel.plot(strain, of("mean"), color=MODEL, linewidth=1.3, label=f"mean of {int(table['n'][0])}")
        panel.set_xlabel("mean strain")
        panel.set_ylabel(label)
        panel_name(panel, letter)
    axes[0].legend(loc="lower right")
    save(figure, arguments.directory, "ensemble")


if __name__ == "__main__":
    run(main)
