"""Movement: groups people keep going and programmes, the people in them, and how joining runs along ties."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.outcomes.record import UNIT
from model.population.columns import MEMBERSHIP
from model.population.groups import STAGES
from scenarios.results.waves import FLOW, in_one_run
from viz import words
from viz.live.maps.groups import DOING, EVENTS, STAGE_WORDS
from viz.live.page import charts
from viz.live.towns.towns import Pair
from viz.live.view import View
from viz.report import wave_words

MEMBER = MEMBERSHIP.index("member")

SHOWN = 12
"""Groups and events shown."""


def panel(pair: Pair, view: View) -> dict[str, Any]:
    """People in groups of their own and in programmes; the groups, and what happened to them."""
    ours, today = pair.histories[1], pair.histories[0]
    state = pair.plan.state
    lines = {
        "Own groups, your plan": ours.of("flow.group_members"),
        "Own groups, today’s plans": today.of("flow.group_members"),
        "The plan’s programmes": ours.of("flow.members"),
    }
    programmes = [one for one in state.programmes if hasattr(one, "status")]
    waves = in_one_run(ours.of(f"flow.{FLOW}"))
    return {
        "chart": charts.stocks(lines, pair.weeks, "people"),
        "chart_label": "People in groups of their own under both plans, and in the plan’s programmes, week by week.",
        "words": [
            _groups_in_words(pair),
            wave_words.live_sentence(waves),
            *(_spread(pair, one) for one in programmes),
        ],
        "tables": [_groups(pair), _events(pair), *(_sites(pair, one) for one in programmes)],
    }


def _groups_in_words(pair: Pair) -> str:
    """Groups alive, organisers and stages, beside today's plans."""
    (today, _), (ours, stages) = (_counted(town.state) for town in (pair.today, pair.plan))
    if not ours[0]:
        return "Nobody here is in a group of their own just now."
    told = ", ".join(f"{words.number(count)} {STAGE_WORDS[name]}" for name, count in stages.items() if count)
    return (
        f"{words.number(ours[0])} groups that people keep going by themselves ({words.number(today[0])} under "
        f"today’s plans), with {words.number(ours[1])} organisers ({words.number(today[1])}): {told}."
    )


def _counted(state: Any) -> tuple[tuple[float, float], dict[str, float]]:
    """Real groups alive and organisers, and real groups alive by stage."""
    groups, weight = state.groups, state.groups.weight / UNIT
    alive = groups.alive
    organisers = float(state.weight[state.people.organiser > 0].sum()) / UNIT
    stages = np.bincount(groups.stage(state.clock, state.parameters)[alive], weight[alive], len(STAGES))
    return (float(weight[alive].sum()), organisers), dict(zip(STAGES, stages.tolist(), strict=True))


def _groups(pair: Pair) -> dict[str, Any]:
    """The largest simulated groups: where they meet, what they do, how they are."""
    state = pair.plan.state
    groups, people = state.groups, state.people
    members = np.bincount(people.group[people.group >= 0], minlength=groups.n)
    organisers = np.bincount(people.group[people.organiser > 0], minlength=groups.n)
    stage, names = groups.stage(state.clock, state.parameters), state.assets.frame["name"]
    largest = np.flatnonzero(groups.alive)
    largest = largest[np.argsort(-members[largest], kind="stable")][:SHOWN]
    rows = [
        [str(g + 1), DOING[groups.kind[g]], str(names.iloc[int(groups.place[g])]), str(members[g]),
         str(organisers[g]), STAGE_WORDS[STAGES[stage[g]]], f"{max(state.clock - groups.founded[g], 0)} weeks"]
        for g in largest
    ]  # fmt: skip
    return {
        "caption": "Groups people keep going, as simulated (each stands for several real ones when a share is simulated)",
        "head": ["Group", "What they do", "Where they meet", "Members", "Organisers", "How it is", "Age"],
        "rows": rows,
    }


def _events(pair: Pair) -> dict[str, Any]:
    """What happened last, newest first."""
    state = pair.plan.state
    start = state.warm_up_weeks
    last = [event for event in state.groups.events if event[0] >= start][-SHOWN:][::-1]
    rows = [[str(clock - start + 1), EVENTS[what].format(group=group + 1, people=people)]
            for clock, what, group, people in last]  # fmt: skip
    return {"caption": "What happened last", "head": ["Week", "What"], "rows": rows}


def _spread(pair: Pair, programme: Any) -> str:
    """How far joining ran along strong ties, in words."""
    state = pair.plan.state
    member = programme.status == MEMBER
    name = programme.settings.name or programme.settings.title
    if not member.any():
        return f"{name}: nobody is a member just now."
    friend = share_with_friend(state.ties, member)
    weight = state.weight / UNIT
    among = float(weight[member & friend].sum() / weight[member].sum())
    chance = float(weight[friend].sum() / weight.sum())
    return (
        f"{name}: {words.people(float(weight[member].sum()))} members. {words.percent(among, 0)} of them have a "
        f"close tie who is a member; of all adults {words.percent(chance, 1)} do. Nearness and company both play a part."
    )


def share_with_friend(ties: Any, member: np.ndarray) -> np.ndarray:
    """(n,) bool: whether at least one strong tie is a member."""
    known = np.where(ties.strong >= 0, ties.strong, 0)
    known_member: np.ndarray = (member[known] & (ties.strong >= 0)).any(axis=1)
    return known_member


def _sites(pair: Pair, programme: Any) -> dict[str, Any]:
    """A programme's sites with the members of each."""
    state = pair.plan.state
    weight = state.weight / UNIT
    frame = state.assets.frame
    member, waiting = programme.status == MEMBER, programme.status == MEMBERSHIP.index("waiting")
    count = len(programme.site_asset)
    here = np.bincount(programme.site[member], weight[member], count)
    queue = np.bincount(programme.site[waiting], weight[waiting], count)
    rows = [
        [
            str(frame["name"].iloc[int(asset)]) if asset >= 0 else "–",
            words.number(here[k]),
            words.number(queue[k]),
        ]
        for k, asset in enumerate(programme.site_asset)
    ]
    return {
        "caption": f"{programme.settings.name or programme.settings.title}: where it meets",
        "head": ["Place", "Members", "Waiting"],
        "rows": rows,
    }
