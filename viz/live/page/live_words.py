"""What the live view says of one run, in plain sentences. One run has no range, and the words say so."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from model.outcomes import levels, summary
from model.outcomes.summary import Key
from viz import words
from viz.live import course
from viz.live.towns.towns import Pair


@dataclass(frozen=True)
class Figures:
    """Every outcome of both arms over the weeks that `compare` reads at this point: four, or 52 at the end."""

    today: dict[Key, float]
    plan: dict[Key, float]
    weeks: int
    window: int

    def change(self, key: Key) -> float:
        """Plan minus today."""
        return self.plan.get(key, 0.0) - self.today.get(key, 0.0)


def window_of(pair: Pair) -> levels.Window:
    """The weeks averaged: those of the last horizon when the run is over, else the last four."""
    back = levels.LONG if pair.done else levels.SHORT
    return levels.Window(pair.week, max(0, pair.week - back), pair.week)


def figures(pair: Pair) -> Figures:
    """Both arms read as `run.py compare` reads them."""
    window = window_of(pair)
    read = []
    for town in pair.towns:
        record = town.record()
        values = summary.at_horizons(record, [window])[0]
        told = dict(zip(summary.keys(record), values.tolist(), strict=True))
        told |= {Key("reach", group, level): share for (group, level), share in record.reach.items()}
        read.append(told)
    return Figures(read[0], read[1], pair.week, window.weeks)


def share_now(pair: Pair, group: str = "all", level: str = "all", column: int = 0) -> tuple[float, float]:
    """Share inactive of a stratum in both arms over the window."""
    window = window_of(pair)
    row = pair.histories[0].row_of(group, level)
    both = [float(np.mean(h.of("shares")[window.first : window.last, row, column])) for h in pair.histories]
    return both[0], both[1]


def headline(pair: Pair) -> course.Parts:
    """The course so far, in people, from one run; numbers that stand out are marked."""
    scenario, week = pair.setup.scenario, pair.week
    parts = course.stretches(scenario, week)
    if not parts:
        first = first_week(pair)
        begins = "Nothing is planned" if first is None else f"Your plan starts in week {first}; until then"
        return [(f"{begins}{':' if first is None else ''} both towns are one.", False)]
    shares = [history.of("shares")[:, 0, 0].astype(float) for history in pair.histories]
    gap = np.nan_to_num(shares[0] - shares[1])
    adults = float(pair.histories[0].people(pair.today.state)[0])
    grain = adults / max(1, pair.plan.state.people.n)
    return course.said(course.moved(gap, adults, parts), grain)


def second_line(pair: Pair) -> str:
    """How many are inactive anyway, and that one run is one run."""
    today, _ = share_now(pair)
    return (
        f"About {words.number(100 * today)} in 100 adults are inactive with today’s plans. One run, in which chance "
        "plays its part; five more, made quietly, give a range."
    )


def first_week(pair: Pair) -> int | None:
    """The first week in which anything is otherwise; None when the plan holds nothing."""
    return min((one.when.start_week for one in pair.setup.scenario.acts), default=None)


def delivery(pair: Pair) -> tuple[int, int] | None:
    """First and last week of delivery."""
    return course.delivery(pair.setup.scenario)


def turn(before: float, after: float, closed: float) -> str:
    """What became of a gap: narrower, wider, hardly changed (less than one part in two hundred), unchanged."""
    if not (math.isfinite(before) and math.isfinite(after)) or abs(after - before) < 1e-12:
        return "unchanged"
    if abs(after - before) < 0.005 * abs(before - closed):
        return "hardly changed"
    return "wider" if abs(after - closed) > abs(before - closed) else "narrower"


def map_words(values: np.ndarray, names: list[str], layer: str, unit: str) -> str:
    """A map in words: its lowest and highest areas."""
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return "No area has enough people to show."

    def told(value: float) -> str:
        if layer in ("inactive",):
            return words.percent(value)
        if layer == "change":
            return f"{words.points(value)} points"
        return words.number(value, 0 if abs(value) >= 10 else 1)

    low, high = known[np.argmin(values[known])], known[np.argmax(values[known])]
    where = (f" ({names[low]})", f" ({names[high]})") if names else ("", "")
    return (
        f"{len(known)} {unit}, from {told(values[low])}{where[0]} to {told(values[high])}{where[1]}; "
        f"half lie below {told(float(np.median(values[known])))}."
    )
