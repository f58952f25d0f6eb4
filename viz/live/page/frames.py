"""One frame of the live view: everything the page shows of one week, as plain data ready for JSON."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from viz.live import course
from viz.live.builder import barriers, beside
from viz.live.maps import picks, scene
from viz.live.maps.maps import Ground
from viz.live.page import live_words, stories
from viz.live.panels import over_time, panel
from viz.live.towns.live import Status
from viz.live.towns.towns import Pair
from viz.live.view import View

WORDED = ("headline", "told", "second", "maps", "panel", "pick")
"""Parts of a frame that speak of today's plans."""


def frame(
    pair: Pair | None, status: Status, view: View, land: Ground | None, found: dict[str, Any] | None
) -> dict[str, Any]:
    """A frame; without a pair only how far the town's making has come.

    found: what a finished batch tells (`viz.live.towns.batch.read`); its course takes the headline from the single run.
    """
    head: dict[str, Any] = {
        "phase": status.phase,
        "share": round(status.share, 2),
        "playing": status.playing,
        "speed": status.speed,
        "faults": list(status.faults),
        "updates": round(status.updates_per_second, 1),
        "week": 0,
        "weeks": 0,
        "date": "",
        "headline": "",
        "told": [],
        "second": "",
    }
    if pair is None or land is None or pair.week == 0:
        return head
    one = pair.setup.scenario
    day = one.start + timedelta(weeks=pair.week - 1)
    told = found["course"] if found else live_words.headline(pair)
    made = head | {
        "week": pair.week,
        "weeks": pair.weeks,
        "date": f"{day.day} {day:%B %Y}",
        "headline": course.text(told),
        "told": [list(piece) for piece in told],
        "second": found["second"] if found else live_words.second_line(pair),
        "plan_name": barriers.caption(one),
        "left": "" if pair.setup.against is None else f"“{pair.setup.against.name}”",
        "residents": pair.plan.state.people.n,
        "maps": scene.pictures(pair, land, view),
        "marks": scene.marks(pair, view, status.playing),
        "panel": panel(pair, view),
        "pick": picks.story(pair, land, view.pick) if view.pick else None,
    }
    if view.tab == "over_time" and found and view.outcome in found["ribbons"]:
        made["panel"] |= over_time.panel(pair, view, found["ribbons"][view.outcome])
    if view.tab == "people" and view.ties:
        spot, _ = stories.find(pair, view)
        made["ties"] = scene.ties_of(pair, land, int(pair.histories[1].rows[spot]))
    whole: dict[str, Any] = made | beside.said({key: made[key] for key in WORDED}, pair.setup.against)
    return whole
