"""A calibration in words: what was fitted, how well, what it cannot tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from calibration.fitting import verdict_words
from calibration.fitting.result import FitResult


def summary(found: FitResult) -> dict[str, Any]:
    """What `calibrate --json` prints."""
    names = ("inside", "parameters", "trades", "predictive", "fitted", "waves", "screen", "seconds")
    told = found.as_dict()
    return {
        "targets": found.targets.fit,
        "sets": len(found.draws),
        **{name: told[name] for name in names},
    }


def own_lines(found: FitResult) -> list[str]:
    """What `calibrate --targets` says at its end: the verdict, then figures beside the sets that stand."""
    said = [*verdict_words.lines(found.judged, found.own.title), ""]
    said.append(f"{'figure':32s} {'wanted':>8s} {'nearest':>8s} {'errors':>7s}")
    for row in found.judged.targets:
        said.append(
            f"{row.target:32s} {row.wanted:8.2f} {row.reached:8.2f} {row.distance:7.1f}  {row.status}"
        )
    said.append(
        "Nearest: where any one set brings each figure by itself; no single set need bring them all there."
    )
    for held in found.held_out:
        verdict = "holds" if held.inside else "misses"
        said.append(
            f"{held.target:32s} {held.wanted:8.2f} {held.model:8.2f} {'':7s}  held out, never fitted: {verdict}"
        )
    count, tried = len(found.draws), found.draws_tried
    return [*said, "", f"{count} of {tried} sets drawn by the fit stand on the model itself."]


def lines(found: FitResult, written: list[Path]) -> list[str]:
    """What `calibrate` says at its end."""
    said = [f"{'target':26s} {'wanted':>8s} {'model':>8s}   95% of draws     predictive"]
    for row in found.predictive:
        mark = "" if row.inside else "   outside"
        said.append(f"{row.target:26s} {row.wanted:8.2f} {row.model:8.2f}   {row.model_low:6.2f} {row.model_high:6.2f}"
                     f"   {row.low:6.2f} {row.high:6.2f}{mark}")  # fmt: skip
    said += ["", f"{'parameter':22s} {'mean':>8s}   95%               posterior/prior"]
    for learnt in found.parameters:
        said.append(
            f"{learnt.name:22s} {learnt.mean:8.3f}   {learnt.low:7.3f} {learnt.high:7.3f}   {learnt.ratio:5.2f} {learnt.label}"
        )
    said += [f"trade-off: {one.one} and {one.two}, r = {one.r:.2f}" for one in found.trades]
    inside, count = found.inside, len(found.predictive)
    said += ["", f"{inside} of {count} targets inside their 95% predictive intervals; {len(found.draws)} sets of "
                  f"{found.draws_tried} confirmed on the model."]  # fmt: skip
    conflicts = found.waves[-1].conflicts if found.waves else {}
    if conflicts:
        said.append(f"In conflict with the rest: {', '.join(conflicts)}. That is a finding about the model.")
    return said + [f"Written: {path}" for path in written]
