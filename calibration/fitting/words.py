"""A calibration in words: what was fitted, how well, what it cannot tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from calibration.fitting import verdict_words


def summary(told: dict[str, Any]) -> dict[str, Any]:
    """What `calibrate --json` prints."""
    names = ("inside", "parameters", "trades", "predictive", "fitted", "waves", "screen", "seconds")
    return {
        "targets": told["targets"]["fit"],
        "sets": len(told["draws"]),
        **{name: told[name] for name in names},
    }


def own_lines(told: dict[str, Any]) -> list[str]:
    """What `calibrate --targets` says at its end: the verdict, then figures beside the sets that stand."""
    found = [*verdict_words.lines(told["verdict"], told["targets"]["title"]), ""]
    found.append(f"{'figure':32s} {'wanted':>8s} {'nearest':>8s} {'errors':>7s}")
    for row in told["verdict"]["targets"]:
        found.append(
            f"{row['target']:32s} {row['wanted']:8.2f} {row['reached']:8.2f} {row['distance']:7.1f}  {row['status']}"
        )
    found.append(
        "Nearest: where any one set brings each figure by itself; no single set need bring them all there."
    )
    for row in told.get("held_out", []):
        said = "holds" if row["inside"] else "misses"
        found.append(
            f"{row['target']:32s} {row['wanted']:8.2f} {row['model']:8.2f} {'':7s}  held out, never fitted: {said}"
        )
    count, tried = len(told["draws"]), told["draws_tried"]
    return [*found, "", f"{count} of {tried} sets drawn by the fit stand on the model itself."]


def lines(told: dict[str, Any], written: list[Path]) -> list[str]:
    """What `calibrate` says at its end."""
    found = [f"{'target':26s} {'wanted':>8s} {'model':>8s}   95% of draws     predictive"]
    for row in told["predictive"]:
        mark = "" if row["inside"] else "   outside"
        found.append(f"{row['target']:26s} {row['wanted']:8.2f} {row['model']:8.2f}   {row['model_low']:6.2f} {row['model_high']:6.2f}"
                     f"   {row['low']:6.2f} {row['high']:6.2f}{mark}")  # fmt: skip
    found += ["", f"{'parameter':22s} {'mean':>8s}   95%               posterior/prior"]
    for row in told["parameters"]:
        found.append(
            f"{row['name']:22s} {row['mean']:8.3f}   {row['low']:7.3f} {row['high']:7.3f}   {row['ratio']:5.2f} {row['label']}"
        )
    found += [f"trade-off: {one['one']} and {one['two']}, r = {one['r']:.2f}" for one in told["trades"]]
    inside, count = told["inside"], len(told["predictive"])
    found += ["", f"{inside} of {count} targets inside their 95% predictive intervals; {len(told['draws'])} sets of "
                  f"{told['draws_tried']} confirmed on the model."]  # fmt: skip
    conflicts = told["waves"][-1]["conflicts"] if told["waves"] else {}
    if conflicts:
        found.append(f"In conflict with the rest: {', '.join(conflicts)}. That is a finding about the model.")
    return found + [f"Written: {path}" for path in written]
