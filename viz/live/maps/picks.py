"""What a click on a map means, and the story of what was clicked: an area, a place, the groups that meet there."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.outcomes.record import UNIT
from model.population.columns import MEMBERSHIP
from viz import words
from viz.live.maps import groups
from viz.live.maps.maps import Ground
from viz.live.maps.scene import _use
from viz.live.towns.towns import Pair
from viz.live.view import View

MEMBER = MEMBERSHIP.index("member")


NEAR = 12
"""Pixels within which a click means a place."""


def at(
    pair: Pair, land: Ground, view: View, x_m: float, y_m: float, near_m: float, side: str = "plan"
) -> str:
    """The group or place drawn within `near_m` (NEAR pixels) of a point, else the area under it; empty outside.

    side: the map that was clicked; groups of the two differ.
    """
    state = pair.towns[groups.SIDES.index(side)].state
    if view.groups and (found := groups.under(state, side, x_m, y_m, near_m / NEAR)):
        return found
    assets = pair.plan.state.assets
    drawn = np.array(
        [one[0] for one in _use(pair.plan.state, view.kind)] if view.kind else [], dtype=np.int64
    )
    if len(drawn):
        away = np.hypot(assets.x_m[drawn] - x_m, assets.y_m[drawn] - y_m)
        if away.min() <= near_m:
            return f"asset:{int(drawn[np.argmin(away)])}"
    x, y, width, height = land.box()
    raster = land.raster
    column = int((x_m - x) / width * raster.shape[1])
    row = int((land.height_m - y_m - y) / height * raster.shape[0])
    if 0 <= column < raster.shape[1] and 0 <= row < raster.shape[0] and raster[row, column] >= 0:
        return f"area:{int(raster[row, column])}"
    return ""


def story(pair: Pair, land: Ground, pick: str) -> dict[str, Any] | None:
    """The story of a pick as a title and lines; None when it means nothing here."""
    kind, _, number = pick.partition(":")
    if kind == "group":
        side, _, number = number.partition(":")
        return groups.story(pair, side, int(number)) if number.isdigit() and side in groups.SIDES else None
    if not number.isdigit():
        return None
    if kind == "asset" and int(number) < pair.plan.state.assets.n:
        return _asset(pair, int(number))
    if kind == "area" and int(number) < land.count:
        return _area(pair, land, int(number))
    return None


def _asset(pair: Pair, asset: int) -> dict[str, Any]:
    now = pair.plan.state.assets
    frame = now.frame
    then = pair.today.state.assets
    visits = float(now.visits[asset]) / UNIT
    lines = [
        f"{words.number(visits)} visits this week, room for {words.number(float(now.now['capacity'][asset]))}."
    ]
    if asset < then.n:
        lines.append(f"With today’s plans: {words.number(float(then.visits[asset]) / UNIT)} visits.")
    else:
        lines.append("Opened by your plan.")
    offer = now.now
    price = float(offer["price"][asset])
    paid = "nothing" if price == 0 else f"£{price:.2f}"
    lines.append(
        f"Upkeep {offer['upkeep'][asset]:.2f}, welcome {offer['welcome'][asset]:.2f}, step-free "
        f"{offer['step_free'][asset]:.2f} on scales of 0 to 1; a visit costs {paid}."
    )
    programmes: list[Any] = pair.plan.state.programmes
    for one in programmes:
        sites = np.flatnonzero(np.asarray(getattr(one, "site_asset", [])) == asset)
        if len(sites) and hasattr(one, "status"):
            here = np.isin(one.site, sites) & (one.status == MEMBER)
            count = float(pair.plan.state.weight[here].sum()) / UNIT
            lines.append(
                f"{one.settings.name or one.settings.title} meets here: {words.people(count)} members."
            )
        if asset in np.asarray(getattr(one, "rows", [])):
            lines.append(f"{one.settings.name or one.settings.title} works here.")
    name = str(frame["name"].iloc[asset])
    return {
        "pick": f"asset:{asset}",
        "title": name,
        "kind": words.humanise(frame["kind"].iloc[asset]),
        "lines": lines,
        "at": [round(float(now.x_m[asset])), round(land_y(pair, float(now.y_m[asset])))],
    }


def land_y(pair: Pair, y_m: float) -> float:
    """Metres from the north edge."""
    place = pair.plan.state.place
    return place.height * place.cell_m - y_m


def _area(pair: Pair, land: Ground, area: int) -> dict[str, Any]:
    here = land.areas == area
    people = pair.plan.state.people
    zones = pair.plan.state.place.zones
    if land.unit == "zones":
        zone = zones.iloc[area]
        title, kind = str(zone.get("name", zone["code"])), "Neighbourhood"
        lines = [
            f"{int(zone['residents']):,} residents; national tenth of deprivation: {int(zone['imd_decile'])} "
            "(1 is the most deprived)."
        ]
    else:
        title, kind = "Half-kilometre square", "Square"
        lines = [f"About {words.people(float(land.total[area]))} adults."]
    if not land.shown[area]:
        return {
            "pick": f"area:{area}",
            "title": title,
            "kind": kind,
            "lines": [*lines, "Too few residents are simulated here to show shares."],
            "at": None,
        }
    weight = land.weight[here]
    shares = [float(np.average(town.state.people.level[here] == 0, weights=weight)) for town in pair.towns]
    lines.append(
        f"{words.in_100(shares[0])} adults are inactive with today’s plans, {words.in_100(shares[1])} with yours."
    )

    def share(which: np.ndarray) -> str:
        return words.percent(float(np.average(which[here], weights=weight)), 0)

    lines.append(
        f"{share(people.age >= 65)} are 65 and over; {share(people.disability > 0)} are limited by a disability; "
        f"{share(people.cars == 0)} have no car."
    )
    for one in pair.plan.state.programmes:
        if hasattr(one, "status"):
            count = float((weight * (one.status[here] == MEMBER)).sum())
            many = words.people(count) if count else "no"
            lines.append(f"{one.settings.name or one.settings.title}: {many} members live here.")
    watched = np.flatnonzero(here[pair.histories[1].rows])
    someone = int(people.id[pair.histories[1].rows[watched[0]]]) if len(watched) else -1
    return {
        "pick": f"area:{area}",
        "title": title,
        "kind": kind,
        "lines": lines,
        "at": None,
        "someone": someone,
    }
