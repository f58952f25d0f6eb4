"""People's stories: one resident's weeks as plain sentences, and the search for somebody like the visitor."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from model.limits import ACTIVE_FROM, INACTIVE_BELOW
from model.population.attributes import ATTRIBUTES
from model.population.columns import AGE_BANDS, DISABILITIES, KINDS, MEMBERSHIP, SEXES, WORK
from viz import words
from viz.live.maps import groups
from viz.live.page import charts
from viz.live.towns.towns import Pair
from viz.live.view import View

MEMBER, LEFT, COMPLETED = (MEMBERSHIP.index(name) for name in ("member", "left", "completed"))
STEADY = 4
"""Weeks that a new level must last before the story tells it."""

KIND_WORDS = dict(
    zip(
        KINDS,
        (
            "walks for pleasure",
            "walks to get somewhere",
            "cycles",
            "goes to the gym or a class",
            "plays sport",
            "gardens or does active work at home",
        ),
        strict=True,
    )
)
LEVEL_WORDS = (
    f"inactive (under {INACTIVE_BELOW} minutes a week)",
    f"fairly active ({INACTIVE_BELOW} to {ACTIVE_FROM - 1} minutes)",
    f"active ({ACTIVE_FROM} minutes or more)",
)
WORK_WORDS = dict(
    zip(
        WORK,
        (
            "not in paid work",
            "unemployed",
            "long-term sick",
            "works part time",
            "works full time",
            "works 49 hours a week or more",
        ),
        strict=True,
    )
)


def find(pair: Pair, view: View) -> tuple[int, str]:
    """The watched resident (a position in `history.rows`) who fits best, and how well, in words.

    `view.other` asks for the next one who fits; `view.resident` names a resident by identity.
    """
    people, rows = pair.plan.state.people, pair.histories[1].rows
    if view.resident >= 0:
        found = np.flatnonzero(people.id[rows] == view.resident)
        if len(found):
            return int(found[0]), "The resident you chose."
    asked = [
        (people.age_band, AGE_BANDS.index(view.like_age) if view.like_age else None, "age"),
        (
            people.disability,
            DISABILITIES.index(view.like_disability) if view.like_disability else None,
            "limitation",
        ),
        (
            people.imd_quintile,
            int(view.like_quintile) if view.like_quintile else None,
            "kind of neighbourhood",
        ),
        (people.sex, SEXES.index(view.like_sex) if view.like_sex else None, "sex"),
    ]
    wanted = [(column[rows] == value, name) for column, value, name in asked if value is not None]
    given_up: list[str] = []
    while True:
        fits = np.ones(len(rows), dtype=bool)
        for mask, _ in wanted:
            fits &= mask
        if fits.any() or not wanted:
            break
        given_up.append(wanted.pop()[1])
    # People whose weeks the plan touched tell most; among equals, the order never changes.
    touched = pair.histories[1].of("member").max(axis=0) if pair.week else np.zeros(len(rows))
    spots = np.flatnonzero(fits)
    order = spots[np.argsort(-np.isin(touched[spots], (MEMBER, LEFT, COMPLETED)).astype(int), kind="stable")]
    spot = int(order[view.other % len(order)])
    many = (
        f"{len(order)} of {len(rows)} residents followed fit what you chose"
        if wanted or given_up
        else "One of the residents followed"
    )
    lost = f"; nobody fits all, so {words.listing(given_up)} was left out" if given_up else ""
    return spot, f"{many}{lost}. This is number {view.other % len(order) + 1}."


def story(pair: Pair, spot: int) -> dict[str, Any]:
    """Everything told of one watched resident: who they are, their weeks under both plans, a chart and a table."""
    today, plan = pair.histories
    row = int(plan.rows[spot])
    happened = events(pair, spot)
    minutes = [history.of("minute_sum")[:, spot].astype(float) for history in (today, plan)]
    option = charts.over_weeks(
        _calm(minutes[0]), _calm(minutes[1]), pair.weeks, "minutes a week", less_is_better=False
    )
    gap = float(minutes[1].mean() - minutes[0].mean()) if pair.week else 0.0
    told = (
        "the same under both plans"
        if abs(gap) < 0.5
        else f"{words.number(abs(gap))} {'more' if gap > 0 else 'fewer'} with yours"
    )
    usual = float(minutes[0].mean()) if pair.week else 0.0
    lines = [*in_the_way(pair, row), *_helped(pair, row)]
    rows = [[event["when"], event["text"]] for event in happened]
    return {
        "person": person(pair, row),
        "lines": [
            f"Minutes a week so far, on average: {words.number(usual)} with today’s plans; {told}.",
            *lines,
        ],
        "events": happened,
        "chart": option,
        "chart_label": "Minutes of activity a week, average of four weeks: today’s plans dashed, your plan solid.",
        "table": {
            "caption": "Their weeks under your plan",
            "head": ["When", "What happened"],
            "rows": rows or [["–", "Nothing out of the ordinary yet."]],
        },
    }


def _calm(minutes: np.ndarray) -> np.ndarray:
    """A trailing mean of four weeks."""
    if not len(minutes):
        return minutes
    total = np.cumsum(minutes)
    back = np.concatenate([np.zeros(min(4, len(total))), total[:-4]])[: len(total)]
    means: np.ndarray = (total - back) / np.minimum(np.arange(1, len(total) + 1), 4)
    return means


def person(pair: Pair, row: int) -> dict[str, Any]:
    """Who a resident is, in words, and where."""
    state = pair.plan.state
    p = state.people
    quintile = words.level_name("imd_quintile", str(int(p.imd_quintile[row])))
    noun = ("woman", "man")[int(p.sex[row])]
    size = int(p.household_size[row])
    home = "lives alone" if size == 1 else f"lives with {size - 1} other{'s' if size > 2 else ''}"
    limits = (
        "day-to-day activities not limited",
        "day-to-day activities limited a little",
        "day-to-day activities limited a lot",
    )[int(p.disability[row])]
    facts = [
        home,
        limits,
        words.level_name("car", ATTRIBUTES["car"][int(p.cars[row])]).lower(),
        WORK_WORDS[WORK[int(p.work[row])]],
    ]
    if p.children[row]:
        facts.insert(1, "a child at home")
    if p.carer[row]:
        facts.append("cares for somebody 20 hours a week or more")
    if p.group[row] >= 0:
        does = "helps run" if p.organiser[row] else "in"
        facts.append(f"{does} a group: {groups.name_of(state, int(p.group[row]))}")
    ties = state.ties
    strong = int(ties.strong_degree[row])
    weak = int(ties.weak_start[row + 1] - ties.weak_start[row])
    friends = ties.strong[row, :strong]
    moving = int((p.level[friends] == 2).sum()) if strong else 0
    zone = str(state.place.zones["name"].iloc[int(p.zone[row])]) if "name" in state.place.zones else ""
    return {
        "id": int(p.id[row]),
        "title": f"A {noun} of {int(p.age[row])}",
        "where": f"{zone}, {quintile[:1].lower()}{quintile[1:]}",
        "facts": facts,
        "ties": f"Close to {strong} people, {moving} of them active; knows {weak} others.",
        "now": f"This week: {LEVEL_WORDS[int(p.level[row])]}"
        + (", ill" if p.ill[row] else "")
        + f". With today’s plans: {LEVEL_WORDS[int(pair.today.state.people.level[row])]}.",
    }


def events(pair: Pair, spot: int, most: int = 14) -> list[dict[str, Any]]:
    """What happened under the visitor's plan, week by week; the last `most`."""
    history, start = pair.histories[1], pair.setup.scenario.start
    found: list[tuple[int, str]] = []
    found += _levels(history.of("level")[:, spot])
    found += _illness(history.of("ill")[:, spot])
    found += _joining(pair, history.of("member")[:, spot])
    found += _places(pair, history.of("place")[:, spot])
    ours = history.of("minute_sum")[:, spot].astype(int)
    theirs = pair.histories[0].of("minute_sum")[:, spot].astype(int)
    apart = np.flatnonzero(ours != theirs)
    if len(apart):
        found.append(
            (int(apart[0]), "From here on this life differs from the same life under today’s plans.")
        )
    found.sort()
    return [{"week": week, "when": _when(start, week), "text": text} for week, text in found[-most:]]


def _when(start: date, week: int) -> str:
    day = start + timedelta(weeks=week)
    return f"Week {week + 1} ({day:%b %Y})"


def _levels(level: np.ndarray) -> list[tuple[int, str]]:
    """Changes of level that last."""
    if len(level) < STEADY:
        return []
    found, held = [(0, f"Begins {LEVEL_WORDS[int(level[0])]}.")], int(level[0])
    for week in range(1, len(level) - STEADY + 1):
        now = level[week : week + STEADY]
        if now[0] != held and (now == now[0]).all():
            act = "Becomes" if now[0] > held else "Falls back to being"
            found.append((week, f"{act} {LEVEL_WORDS[int(now[0])]}."))
            held = int(now[0])
    return found


def _illness(ill: np.ndarray) -> list[tuple[int, str]]:
    """Spells of illness or injury of three weeks and more."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], ill.astype(int), [0]])))
    return [(int(a), f"Ill or injured for {b - a} weeks.") for a, b in edges.reshape(-1, 2) if b - a >= 3]


def _joining(pair: Pair, member: np.ndarray) -> list[tuple[int, str]]:
    names = [
        one.settings.name or one.settings.title
        for one in pair.plan.state.programmes
        if one.settings.type != "barrier"
    ]
    name = names[0] if len(names) == 1 else "a programme of the plan"
    said = {
        1: f"Wants to join {name}, and waits for a place.",
        2: f"Joins {name}.",
        3: f"Stops coming to {name}.",
        4: f"Completes {name}.",
    }
    weeks = np.flatnonzero(np.diff(member.astype(int))) + 1
    found = [(int(w), said[int(member[w])]) for w in weeks if int(member[w]) in said]
    return [(0, said[int(member[0])]), *found] if len(member) and int(member[0]) in said else found


def _places(pair: Pair, place: np.ndarray) -> list[tuple[int, str]]:
    """The first weeks spent mostly at a new place, once the first year's habits are known."""
    frame, seen, found = pair.plan.state.assets.frame, set(place[:8].tolist()), []
    for week in range(8, len(place)):
        here = int(place[week])
        if here >= 0 and here not in seen:
            seen.add(here)
            found.append((week, f"Spends most active time at a new place: {frame['name'].iloc[here]}."))
    return found[-3:]


def in_the_way(pair: Pair, row: int) -> list[str]:
    """What makes moving harder for this resident than for most, in words."""
    p = pair.plan.state.people
    found = []
    if p.unsafe[row] > np.quantile(p.unsafe, 0.75):
        found.append("streets around home feel less safe than to most")
    if p.access[0, row] < np.quantile(p.access[0], 0.25):
        found.append("few good places to walk are near")
    if p.disability[row] == 2:
        found.append("day-to-day activities are limited a lot")
    if p.means[row] < 0.25:
        found.append("little money to spend")
    if p.work[row] == WORK.index("long_hours"):
        found.append("long hours of work")
    if p.carer[row]:
        found.append("caring takes time")
    ill = (
        pair.histories[1].of("ill")[:, int(np.searchsorted(pair.histories[1].rows, row))].mean()
        if pair.week
        else 0
    )
    if ill > 0.15:
        found.append(f"ill or injured in {words.percent(float(ill), 0)} of weeks")
    return (
        [f"What gets in the way: {words.listing(found)}."]
        if found
        else ["Nothing stands out as being in the way."]
    )


def _helped(pair: Pair, row: int) -> list[str]:
    p, ties = pair.plan.state.people, pair.plan.state.ties
    found = []
    friends = ties.strong[row, : int(ties.strong_degree[row])]
    if len(friends) and (p.level[friends] == 2).mean() > 0.75:
        found.append("most people close to them are active")
    if p.access[0, row] > np.quantile(p.access[0], 0.75):
        found.append("good places to walk are near")
    best = int(np.argmax(p.habit[:, row]))
    if p.habit[best, row] > 0.3:
        found.append(f"a habit has formed: {KIND_WORDS[KINDS[best]]}")
    return [f"What helps: {words.listing(found)}."] if found else []
