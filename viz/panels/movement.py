"""Movement: programmes and the people in them; how joining runs along ties. Shows what the model has."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.columns import MEMBERSHIP
from model.outcomes.record import UNIT
from viz import charts, words
from viz.towns import Pair
from viz.view import View

MEMBER = MEMBERSHIP.index("member")


def panel(pair: Pair, view: View) -> dict[str, Any]:
    """Members and people waiting, sites, and how many members have a friend who goes."""
    history, state = pair.histories[1], pair.plan.state
    lines = {
        "Members": history.of("flow.members"),
        "Waiting": history.of("flow.waiting"),
        "Ever joined": np.cumsum(history.of("flow.joined")),
    }
    programmes = [one for one in state.programmes if hasattr(one, "status")]
    said = [_spread(pair, one) for one in programmes]
    if not programmes:
        said = ["This plan has no groups to join: it works through places. Its visits show on the map."]
    if not hasattr(state, "groups"):
        said.append(
            "Groups that people start by themselves, their organisers and waves show here once the model has them."
        )
    return {
        "chart": charts.stocks(lines, pair.weeks, "people") if programmes else None,
        "chart_label": "People in the plan’s programmes, week by week.",
        "words": said,
        "tables": [_sites(pair, one) for one in programmes],
    }


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
    return (member[known] & (ties.strong >= 0)).any(axis=1)


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
