"""A picture of scenario discovery: the points over the two conditions that decide most, and the best box."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from calibration.analysis.discovery import Discovery
from model.files import moving
from scenarios.files import store
from viz import theme
from viz.report.figures.sensitivity import name_of


def save(found: Discovery, folder: Path, name: str) -> list[str]:
    """Write the figure and the tables of a discovery under one name in a sweep's folder; their paths, the figure first."""
    paths = [draw(found, folder / f"{name}.png"), folder / f"{name}.json", folder / f"{name}_points.csv"]
    store.write_json(paths[1], found.describe())
    frame = found.frame.copy()
    frame.insert(0, "point", np.arange(len(frame)))
    store.write_csv(frame, paths[2])
    boxes, regret = folder / f"{name}_boxes.csv", folder / f"{name}_regret.csv"
    for stale in (boxes, regret):
        moving.remove(stale)
    if found.prim is not None:
        rows = [("tree", box) for box in found.boxes] + [("prim", box) for box in found.prim.trajectory]
        rows.append(("prim, best", found.prim.best))
        told = [
            {"found_by": by, **box.as_dict(), "conditions": str(box).partition(":")[0]} for by, box in rows
        ]
        store.write_csv(pd.DataFrame(told), boxes)
        paths.append(boxes)
    if found.regret is not None:
        store.write_csv(found.regret.by_point, regret)
        paths.append(regret)
    return [str(path) for path in paths]


def draw(found: Discovery, path: Path) -> Path:
    """Write the figure as PNG."""
    names = [name for box in found.boxes for name in box.limits]
    names += [name for name in found.frame.columns if name not in ("difference", "low", "high", "case")]
    names = list(dict.fromkeys(names))[:2]
    style: Any = theme.settings() | {"figure.facecolor": theme.PAPER, "savefig.facecolor": theme.PAPER}
    with matplotlib.rc_context(style):
        figure = Figure(figsize=(6.4, 4.4), layout="constrained")
        axes = figure.add_subplot()
        places = [_axis(found.frame[name]) for name in names]
        x = places[0][0]
        y = places[1][0] if len(names) > 1 else found.frame["difference"].to_numpy()
        case = found.frame["case"].to_numpy(dtype=bool)
        axes.scatter(x[case], y[case], s=26, color=theme.PLAN, marker="o", label="yes")
        axes.scatter(
            x[~case], y[~case], s=26, facecolors="none", edgecolors=theme.WORSE, marker="s", label="no"
        )
        if found.boxes and len(names) > 1:
            _frame_box(axes, found, names, x, y)
        for axis, name, (_, ticks) in zip((axes.xaxis, axes.yaxis), names, places, strict=False):
            axis.set_label_text(name_of(name))
            if ticks:
                axis.set_ticks(range(len(ticks)), ticks)
        if len(names) < 2:
            axes.set_ylabel("difference")
        axes.set_title(found.question.replace("_", " "))
        axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
        figure.savefig(path, dpi=160, metadata={"Software": None})
    return path


def _axis(values: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Places along an axis, and the names of choices when they are no numbers."""
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return values.to_numpy(dtype=float), []
    codes, names = pd.factorize(values.astype(str))
    return codes.astype(float), [str(name) for name in names]


def _frame_box(axes: Axes, found: Discovery, names: list[str], x: np.ndarray, y: np.ndarray) -> None:
    spans = []
    for name, values in zip(names, (x, y), strict=True):
        low, high = found.boxes[0].limits.get(name, (-np.inf, np.inf))
        if found.frame[name].dtype.kind not in "if":
            low, high = -np.inf, np.inf
        spans.append((max(low, values.min()), min(high, values.max())))
    (left, right), (bottom, top) = spans
    axes.add_patch(
        Rectangle((left, bottom), right - left, top - bottom, fill=False, edgecolor=theme.INK, linestyle="--")
    )
