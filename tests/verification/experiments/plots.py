#!/usr/bin/python3
"""Draws what the defaults give over what was measured.

Usage: plots.py PROGRAM FOLDER: runs PROGRAM (build/release/bin/veste_experiments) and writes
fundamental_diagram.png, counts.png, single_file.png and door_flow.png to FOLDER.
"""
import csv
import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

GREY, COLOUR = "0.6", "tab:blue"


def rows(folder, name):
    with open(Path(folder) / name, newline="") as file:
        return list(csv.DictReader(file))


def pick(table, column, **where):
    return np.array([float(r[column]) for r in table if all(r[k] == v for k, v in where.items())])


def save(figure, folder, name):
    figure.tight_layout()
    figure.savefig(Path(folder) / name, dpi=80)
    plt.close(figure)


def fundamental_diagram(data, folder):
    diagram = [r for r in rows(data, "diagram.csv") if r["experiment"].startswith("uo-")]
    summary = [r for r in rows(data, "summary.csv") if r["experiment"].startswith("uo-")]
    names = sorted({r["experiment"] for r in summary})
    mean = {s: [(pick(summary, "density_per_m2", experiment=n, source=s).mean(),
                 pick(summary, "speed_mps", experiment=n, source=s).mean()) for n in names]
            for s in ("measured", "simulated")}
    curve = np.array(sorted(mean["measured"]))
    off = [v - np.interp(d, curve[:, 0], curve[:, 1]) for d, v in mean["simulated"]]
    figure, axes = plt.subplots(figsize=(7.5, 5))
    for source, colour, label in (("measured", GREY, "measured"), ("simulated", COLOUR, "simulated")):
        # Densities come in steps of one person: simulated points stand a little to the right.
        axes.plot(pick(diagram, "density_per_m2", source=source) + 0.04 * (source == "simulated"),
                  pick(diagram, "speed_mps", source=source), ".", color=colour, ms=3, alpha=0.5)
        axes.plot(*np.array(mean[source]).T, "o", color="black" if source == "measured" else colour,
                  mec="white", ms=8, label=f"{label}, mean of each file")
    axes.set(xlabel="density, persons per m²", ylabel="speed, m/s", xlim=(0, 5), ylim=(0, 2),
             title="Corridor 1.8 m, measured arrivals (Hermes, 9 files)\nspeed off at equal density: "
                   f"rms {np.sqrt(np.mean(np.square(off))):.2f}, at most {np.abs(off).max():.2f} m/s")
    axes.legend()
    save(figure, folder, "fundamental_diagram.png")


def counts(data, folder):
    table, summary = rows(data, "counts.csv"), rows(data, "summary.csv")
    names = ["uo-050-180-180", "uo-180-180-180", "uo-180-180-070", "UNI_CORR_500_01", "040_c_56_h-",
             "00_01a"]
    labels = ["1.8 m corridor, entrance 0.5 m", "1.8 m corridor, open", "1.8 m corridor, exit 0.7 m",
              "5 m corridor, held out", "0.5 m opening, held out", "0.8 m opening, pupils (shown only)"]
    figure, grid = plt.subplots(2, 3, figsize=(12, 7))
    for axes, name, label in zip(grid.flat, names, labels):
        people = pick(table, "people", experiment=name, source="simulated")
        times = pick(table, "time_s", experiment=name, source="simulated")
        for k, start in enumerate(np.flatnonzero(people == 1)):
            end = start + int(people[start:].argmax()) + 1 if k == 2 else np.flatnonzero(
                people == 1)[k + 1]
            axes.step(times[start:end], people[start:end], where="post", color=COLOUR, lw=1,
                      label="simulated, 3 seeds" if k == 0 else None)
        axes.step(pick(table, "time_s", experiment=name, source="measured"),
                  pick(table, "people", experiment=name, source="measured"), where="post",
                  color=GREY, lw=3, label="measured", zorder=1)
        off = pick(summary, "count_deviation", experiment=name, source="simulated").mean()
        axes.set(xlabel="time, s", ylabel="persons passed, N(t)",
                 title=f"{label}\nrms off {100 * off:.1f} % of all")
        axes.legend(loc="upper left")
    save(figure, folder, "counts.png")


def single_file(data, folder):
    table = rows(data, "single_file.csv")
    figure, axes = plt.subplots(figsize=(7.5, 5))
    speeds = []
    for people, mark in (("8", "^"), ("20", "o")):
        for source, colour in (("measured", GREY), ("simulated", COLOUR)):
            where = dict(people=people, source=source)
            axes.plot(pick(table, "headway_m", **where), pick(table, "speed_mps", **where), mark,
                      color=colour, ms=3 if source == "measured" else 2,
                      alpha=0.8 if source == "measured" else 0.3,
                      zorder=2 if source == "measured" else 1, label=f"{source}, {people} people")
        speeds.append(pick(table, "speed_mps", people=people, source="simulated").mean()
                      - pick(table, "speed_mps", people=people, source="measured").mean())
    axes.set(xlabel="headway, m", ylabel="speed, m/s", xlim=(0, 4), ylim=(0, 1.8),
             title="Single file on an oval of 15 m (held out)\nmean speed off: "
                   f"{speeds[0]:+.2f} m/s with 8, {speeds[1]:+.2f} m/s with 20 people")
    axes.legend(markerscale=2)
    save(figure, folder, "single_file.png")


def door_flow(data, folder):
    table = rows(data, "door_flow.csv")
    width, flow = pick(table, "width_m"), pick(table, "flow_per_m_s")
    means = [flow[width == w].mean() for w in np.unique(width)]
    figure, axes = plt.subplots(figsize=(7.5, 5))
    axes.axhspan(1.6, 2.2, color="0.85", label="band required")
    axes.axhline(1.9, color=GREY, label="measured, about (Seyfried and others 2009)")
    axes.plot(width, flow, ".", color=COLOUR, alpha=0.5)
    axes.plot(np.unique(width), means, "o-", color=COLOUR, label="simulated, mean of 4 seeds")
    off = np.sqrt(np.mean((np.array(means) - 1.9) ** 2))
    axes.set(xlabel="width of the door, m", ylabel="flow, persons per m and s", ylim=(0, 3),
             title=f"150 people leave a room by one door\nrms off 1.9: {off:.2f} per m and s")
    axes.legend()
    save(figure, folder, "door_flow.png")


def main():
    program, folder = sys.argv[1:]
    Path(folder).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        subprocess.run([program, data], check=True)
        for draw in (fundamental_diagram, counts, single_file, door_flow):
            draw(data, folder)


if __name__ == "__main__":
    main()
