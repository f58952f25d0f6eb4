"""What single causes do, net of displacement: two runs of one small town with the same chance, with a change and without."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy

from calibration.measures.england import england_weights
from calibration.measures.year import PLACE
from model.delivery.barrier import Barrier
from model.interventions import AssetInvestment, SocialPrescribing, WalkingScheme
from model.limits import INACTIVE_BELOW, WEEKS_A_YEAR
from model.parameters import Parameters
from model.population.columns import ASSET_KINDS
from model.state import State
from model.town.town import Neighbourhood

LOOK = 26
"""Weeks at the end of a pair of runs over which it is read."""
ROUTES, PARKS, NEAR_M, FAR_M = 3, 6, 1000.0, 5000.0
"""New routes and renovated parks, spread over zones; who is near a route, and who may be held against
them, in metres from home."""
JOIN_WEEKS = 12
ALL_ASKED = {
    "type": "walking_scheme",
    "groups": 480,
    "invite_per_week": 1.0,
    "start": "park",
    "when": {"weeks": JOIN_WEEKS},
}
"""Led walks with room for everybody, which everybody meant hears of at once."""


def town_of(parameters: Parameters, seed: int, sample: float) -> Neighbourhood:
    """The reference town after its warm-up."""
    return Neighbourhood(PLACE, seed=seed, sample=sample, parameters=parameters).warm_up()


def mechanisms(parameters: Parameters, seed: int, sample: float) -> dict[str, float]:
    """Everything below of one town, which is left as it is."""
    town = town_of(parameters, seed, sample)
    return free_entry(town) | route_gain(town) | park_gain(town) | take_up(town) | rural(town)


class Pair:
    """A town with a change and without, run side by side; sums over the last `LOOK` weeks.

    visits: (assets,) real people; minutes, sessions: (6, n); low: (n,) readings at which somebody was inactive.
    """

    def __init__(self, town: Neighbourhood, change: Any, weeks: int) -> None:
        self.arms = (town.fork([]), town.fork([change]))
        self.visits, self.minutes, self.sessions, self.low = [], [], [], []
        for arm in self.arms:
            state = arm.state
            arm.run(weeks - LOOK)
            visits, minutes = np.zeros(state.assets.n), np.zeros((6, state.people.n))
            sessions, low = minutes.copy(), np.zeros(state.people.n)
            for _ in range(LOOK):
                arm.step()
                visits += state.assets.visits / 256
                minutes += state.people.minutes
                sessions += state.people.sessions
                low += state.people.recent.mean(axis=0) < INACTIVE_BELOW
            self.visits.append(visits)
            self.minutes.append(minutes / LOOK)
            self.sessions.append(sessions / LOOK)
            self.low.append(low / LOOK)

    @property
    def gain(self) -> np.ndarray:
        """(n,) minutes a week more, home and garden left out."""
        more: np.ndarray = (self.minutes[1] - self.minutes[0])[:5].sum(axis=0)
        return more


def free_entry(town: Neighbourhood) -> dict[str, float]:
    """Every place is free for everybody, in the second half of the first year: ratios with it to without it."""
    state, weights = town.state, england_weights(town.state.people)
    paid = state.assets.offer["price"] > 0
    pair = Pair(town, Barrier(quantity="price", change=-100), WEEKS_A_YEAR)
    before, after = (float(visits[: len(paid)][paid].sum()) for visits in pair.visits)
    poor = state.people.means < 0.3
    rows = slice(3, 5)
    sessions = [(one[rows] * weights).sum(axis=0) for one in pair.sessions]
    without, more = sessions[0], sessions[1] - sessions[0]
    found = {
        "free_entry_visits": after / max(before, 1e-9),
        "free_entry_sessions": float(sessions[1].sum() / max(without.sum(), 1e-9)),
        "free_entry_sessions_poor": float(sessions[1][poor].sum() / max(without[poor].sum(), 1e-9)),
        "free_entry_sessions_not_poor": float(sessions[1][~poor].sum() / max(without[~poor].sum(), 1e-9)),
        "free_entry_new_share": float(100 * more.sum() * _real(state) / max(after - before, 1e-9)),
        "free_entry_minutes": float((pair.gain * weights).sum() / weights.sum()),
        "free_entry_inactive_points": float(
            100 * ((pair.low[1] - pair.low[0]) * weights).sum() / weights.sum()
        ),
    }
    return found


def _real(state: State) -> float:
    """Real people for each unit of weight, over the weeks of a reading."""
    return float(state.weight.sum() / 256 / state.people.n) * LOOK


def route_gain(town: Neighbourhood) -> dict[str, float]:
    """New walking and cycling routes, at the end of the second year: minutes a week, all kinds but home and garden together."""
    assets = town.state.assets
    pair = Pair(town, AssetInvestment(action="new", kind="path", count=ROUTES), 2 * WEEKS_A_YEAR)
    state = pair.arms[1].state
    new = (state.assets.kind == ASSET_KINDS.index("path")) & (np.arange(state.assets.n) >= assets.n)
    away = _nearest(state, new)
    near, within = away <= NEAR_M, away <= FAR_M
    nearer = (away[within].mean() - away[within]) / 1000.0
    walked = (pair.minutes[1] - pair.minutes[0])[:3].sum(axis=0)
    return {
        "route_gain_near": float(pair.gain[near].mean()),
        "route_gain_walk_cycle_near": float(walked[near].mean()),
        "route_gain_per_km_nearer": float((nearer * pair.gain[within]).sum() / max((nearer**2).sum(), 1e-9)),
        "route_gain_far": float(pair.gain[away > 2 * NEAR_M].mean()) if (away > 2 * NEAR_M).any() else 0.0,
        "route_inactive_points_near": float(100 * (pair.low[1] - pair.low[0])[near].mean()),
        "route_people_near": float(near.sum()),
    }


def _nearest(state: State, which: np.ndarray) -> np.ndarray:
    """(n,) metres from home to the nearest of the places `which`."""
    tree = scipy.spatial.cKDTree(np.column_stack([state.assets.x_m[which], state.assets.y_m[which]]))
    metres: np.ndarray = tree.query(np.column_stack([state.people.x_m, state.people.y_m]))[0]
    return metres


def park_gain(town: Neighbourhood) -> dict[str, float]:
    """Parks put in order, in the second half of the first year: percent of what was done in them before.

    net: less what other places to walk at lost.
    """
    kind = town.state.assets.kind
    pair = Pair(town, AssetInvestment(action="improve", kind="park", count=PARKS), WEEKS_A_YEAR)
    rows = pair.arms[1].state.programmes[0].rows
    mine = np.zeros(len(kind), dtype=bool)
    mine[rows] = True
    outdoor = np.isin(kind, [ASSET_KINDS.index(name) for name in ("park", "path", "waterside")])
    more = pair.visits[1] - pair.visits[0]
    base = max(float(pair.visits[0][mine].sum()), 1e-9)
    return {
        "park_gain": float(100 * more[mine].sum() / base),
        "park_gain_net": float(100 * more[outdoor].sum() / base),
        "park_visits": base,
    }


def take_up(town: Neighbourhood) -> dict[str, float]:
    """Who takes up what is offered: led walks with room for all within twelve weeks, and link workers; percent."""
    people = town.state.people
    inactive = people.recent.mean(axis=0) < INACTIVE_BELOW
    meant = inactive & (people.age >= 45) & (people.age <= 75)
    asked = {**ALL_ASKED, "who": {"level": ["inactive"], "age": {"min": 45, "max": 75}}}
    invited, anybody = (
        town.fork([WalkingScheme.model_validate(plan)]).run(JOIN_WEEKS) for plan in (asked, ALL_ASKED)
    )
    link = town.fork([SocialPrescribing(link_workers=40)]).run(2 * JOIN_WEEKS)
    joined = invited.state.programmes[0].ever_joined(invited.state)
    walkers = anybody.state.programmes[0].ever_joined(anybody.state)
    patients = link.state.programmes[0].status > 0
    return {
        "invited_joined": float(100 * joined[meant].mean()),
        "walkers_women": float(100 * (people.sex[walkers] == 0).mean()),
        "walkers_55": float(100 * (people.age[walkers] >= 55).mean()),
        "referred_women": float(100 * (people.sex[patients] == 0).mean()),
    }


def rural(town: Neighbourhood) -> dict[str, float]:
    """Inactive of rural less urban residents over half a year, in points: as they are, and within age, fifth and condition."""
    town = town.fork([])
    people = town.state.people
    low = np.zeros(people.n)
    for _ in range(LOOK):
        town.step()
        low += people.recent.mean(axis=0) < INACTIVE_BELOW
    low /= LOOK
    open_country = town.state.place.zones["urban"].to_numpy()[people.zone] < 0.5
    strata = (people.age_band.astype(int) * 6 + people.imd_quintile) * 2 + people.condition
    alike, weight = 0.0, 0.0
    for one in np.unique(strata):
        here = strata == one
        rural_here, urban_here = here & open_country, here & ~open_country
        if rural_here.any() and urban_here.any():
            alike += here.sum() * float(low[rural_here].mean() - low[urban_here].mean())
            weight += float(here.sum())
    return {
        "rural_minus_urban": float(100 * (low[open_country].mean() - low[~open_country].mean())),
        "rural_minus_urban_alike": 100 * alike / max(weight, 1.0),
    }
