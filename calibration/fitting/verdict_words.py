"""A verdict on a place in plain English."""

from __future__ import annotations

from calibration.fitting.verdict import CANNOT, MATCHED
from calibration.fitting.verdict_result import End, OwnFigure, Verdict


def headline(found: Verdict, title: str) -> str:
    """The verdict in one sentence."""
    tried = f"{found.tried:,} runs over the ranges of {found.parameters} parameters"
    if found.status == MATCHED:
        sets = f"{found.sets} sets of parameters stand" if found.sets else "one set of parameters was found"
        return f"{title} can be matched: {sets} within {found.cut:g} errors of every figure, on the model itself."
    if found.status == CANNOT:
        return f"{title} cannot be matched: of {tried}, none came within {found.cut:g} errors of every figure; the nearest is {found.nearest_run:.1f} away."
    return (f"Whether {title} can be matched is open: single runs came within {found.cut:g} errors of every figure, and no "
            "set did in the mean of several under other random numbers.")  # fmt: skip


def why(found: Verdict) -> list[str]:
    """The reasons, one a sentence; empty when the place can be matched."""
    reasons = [reason for row in found.targets if (reason := of_target(row))]
    for one in found.conflicts:
        can = "cannot" if one.status == CANNOT else "could not, but by one lucky run,"
        reasons.append(f"{one.one} and {one.two} are in conflict: each can be matched alone, and they {can} be together "
                     f"(nearest together: {_n(one.one_reached)} and {_n(one.two_reached)}).{_beyond(one.ends)}")  # fmt: skip
    if found.status == MATCHED or reasons:
        return reasons
    if found.own_together == MATCHED:
        return ["Your figures can be matched together, but not along with England's: the place differs from England in a way "
                "that its people and places do not account for."]  # fmt: skip
    return [
        "Each figure can be matched alone, and no pair excludes the other; all of them together were not met."
    ]


def of_target(row: OwnFigure) -> str:
    """Why one figure was not matched; empty when it was."""
    if row.status == MATCHED:
        return ""
    figure = f"{_n(row.wanted)} ({_n(row.low)} to {_n(row.high)})"
    can = "cannot be matched by any set tried" if row.status == CANNOT else "was met by single runs only"
    text = f"{row.target}: {figure} {can}; the nearest is {_n(row.reached)}, {row.distance:.1f} errors away."
    return text + (_beyond(row.ends) or " No parameter at an end of its range would bring it nearer.")


def _beyond(ends: list[End]) -> str:
    """What would have to go beyond its range."""
    said = "; ".join(
        f"{one.name} ({one.meaning.rstrip('.')}) stands at its {one.end}, {one.value:g}" for one in ends
    )
    return f" It would take more than the ranges allow: {said}." if said else ""


def lines(found: Verdict, title: str) -> list[str]:
    """The whole verdict, for a screen."""
    failed = found.failed
    doubt = [f"{failed} runs failed and count as no match; they are in `attempts`."] if failed else []
    return [headline(found, title), *(f"- {reason}" for reason in why(found)), *doubt]


def _n(value: float) -> str:
    return f"{value:.3g}"
