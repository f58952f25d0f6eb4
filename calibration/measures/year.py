"""A year of the reference town, weighted to England, read as surveys read it; and a trial of led walks beside it."""

from __future__ import annotations

import numpy as np

from calibration.measures import shares
from calibration.measures.authorities import by_authority
from calibration.measures.england import england_weights
from model.interventions import WalkingScheme
from model.limits import ACTIVE_FROM, INACTIVE_BELOW, WEEKS_A_YEAR
from model.parameters import Parameters
from model.population.columns import AGE_BANDS, KINDS
from model.town.town import Neighbourhood

PLACE = "england"
WINTER, SUMMER = (12, 1, 2), (6, 7, 8)
OFTEN = {"walks_monthly": (slice(0, 2), 1), "walks_weekly": (slice(0, 2), 4), "travel_weekly": (slice(1, 2), 4),
         "cycles_monthly": (slice(2, 3), 1), "cycles_weekly": (slice(2, 3), 4), "cycles_5_a_week": (slice(2, 3), 20)}  # fmt: skip
"""Kinds, and sessions in four weeks, as the survey counts: at least once a week is four times in 28 days."""
TRIAL_WEEKS, AFTER = 12, 13
"""Weeks of led walks, and weeks after them at which what is kept is read (Madigan 2021: three months)."""

WALKS = {"type": "walking_scheme", "groups": 120, "invite_per_week": 0.5, "when": {"weeks": TRIAL_WEEKS},
         "who": {"level": ["inactive", "fairly_active"]}}  # fmt: skip
"""The led walks of the trial: enough of them for the mean gain to be told, few enough to leave the town as it is."""


def year_and_trial(parameters: Parameters, seed: int, sample: float) -> dict[str, float]:
    """Everything that a year says, percent unless the target says otherwise."""
    town = Neighbourhood(PLACE, seed=seed, sample=sample, parameters=parameters).warm_up()
    weights = england_weights(town.state.people)
    walks = town.fork([WalkingScheme.model_validate(WALKS)])
    read = Year(town, weights)
    return read.run() | read.authorities() | _trial(walks, read.trial_minutes)


class Year:
    """Sums over a year of residents; rates are read every four weeks from four-week means."""

    def __init__(self, town: Neighbourhood, weights: np.ndarray) -> None:
        self.town, self.weights, self.people = town, weights, town.state.people
        n = self.people.n
        self.low, self.middle, self.ohid = np.zeros(n), np.zeros(n), np.zeros(n)
        self.minutes, self.total = np.zeros(6), np.zeros(n)
        self.by_walking = [0.0, 0.0]
        self.twice, self.walks = np.zeros(6), np.zeros(2)
        self.often = dict.fromkeys(OFTEN, 0.0)
        self.season: dict[bool, list[float]] = {True: [], False: []}
        self.trial_minutes: list[np.ndarray] = []
        self.reads = 0

    def run(self, weeks: int = WEEKS_A_YEAR) -> dict[str, float]:
        """Run the year and read it."""
        people = self.people
        first = people.recent.mean(axis=0)
        done = np.zeros((6, people.n), dtype=np.int64)
        leisure = np.zeros(people.n)
        for week in range(weeks):
            self.town.step()
            self.minutes += (people.minutes * self.weights).sum(axis=1)
            self.total += people.minutes[:5].sum(axis=0)
            done += people.sessions
            leisure += people.minutes[0]
            if week + 1 in (TRIAL_WEEKS, TRIAL_WEEKS + AFTER):
                self.trial_minutes.append(people.recent.mean(axis=0))
            walks = people.sessions[:2].sum(axis=0)
            self.walks += [self._share(walks >= 3), self._share(walks >= 5)]
            if week % 4 == 3:
                self._read(done, leisure)
                done[:], leisure[:] = 0, 0
        return self._found(weeks, first)

    def authorities(self) -> dict[str, float]:
        """What the year, once run, says of authorities made up of England's zones."""
        people = self.people
        score = self.town.state.place.zones["imd_score"].to_numpy(dtype=float)[people.zone]
        return by_authority(self.weights, score, self.ohid / self.reads, people.age >= 19)

    def _share(self, mask: np.ndarray, among: np.ndarray | None = None) -> float:
        return shares.share(mask, self.weights, among)

    def _read(self, done: np.ndarray, leisure: np.ndarray) -> None:
        people = self.people
        recent = people.recent.mean(axis=0)
        low = recent < INACTIVE_BELOW
        self.reads += 1
        self.low += low
        self.middle += ~low & (recent < ACTIVE_FROM)
        self.ohid += recent + people.recent_garden.mean(axis=0) < INACTIVE_BELOW
        self.twice += [self._share(kind >= 2) for kind in done]
        for name, (kinds, times) in OFTEN.items():
            self.often[name] += self._share(done[kinds].sum(axis=0) >= times)
        self.by_walking[0] += self._share((leisure >= 600) & (recent >= ACTIVE_FROM))
        self.by_walking[1] += self._share(recent >= ACTIVE_FROM)
        month = self.town.state.date.month
        if month in WINTER or month in SUMMER:
            self.season[month in WINTER].append(self._share(low))

    def _found(self, weeks: int, first: np.ndarray) -> dict[str, float]:
        people, weights, reads = self.people, self.weights, self.reads
        low, high = self.low / reads, 1.0 - (self.low + self.middle) / reads
        adult = people.age >= 19
        found = {
            "inactive": self._share(low),
            "fairly_active": self._share(self.middle / reads),
            "inactive_ohid": self._share(self.ohid / reads, adult),
            "winter_minus_summer": float(np.mean(self.season[True]) - np.mean(self.season[False])),
            "walking_share": float(100 * self.minutes[:2].sum() / self.minutes[:5].sum()),
            "minutes_mean": float(self.minutes[:5].sum() / weights.sum() / weeks),
            "walks_3_a_week": self.walks[0] / weeks,
            "walks_5_a_week": self.walks[1] / weeks,
            **{name: times / reads for name, times in self.often.items()},
            "active_by_walking_alone": 100 * self.by_walking[0] / max(self.by_walking[1], 1e-9),
            "correlation_1_year": shares.correlation(
                np.log1p(first), np.log1p(people.recent.mean(axis=0)), weights
            ),
            "spouse_odds_ratio": shares.spouse_odds_ratio(people, self.total / weeks >= ACTIVE_FROM, weights),
        }
        found |= {f"does_{kind}": self.twice[k] / reads for k, kind in enumerate(KINDS)}
        found |= shares.by_group(people, weights, low, high)
        found |= shares.crossed(people, weights, low)
        found["near_20_minutes"] = near(self.town, weights)
        for k, band in enumerate(AGE_BANDS):
            found[f"inactive_{band}"] = self._share(low, people.age_band == k)
        return {name: float(value) for name, value in found.items()}


def near(town: Neighbourhood, weights: np.ndarray, limit_minutes: float = 20.0) -> float:
    """Percent of this week's sessions, home and garden left out, done from the door or within 20 minutes on foot."""
    p, people, assets = town.state.parameters, town.state.people, town.state.assets
    reach_m = p.walk_speed * 1000 / 60 * limit_minutes / p.detour
    done, close = 0.0, 0.0
    for k in range(5):
        at = np.maximum(people.destination[k], 0)
        away = np.hypot(assets.x_m[at] - people.x_m, assets.y_m[at] - people.y_m)
        sessions = people.sessions[k] * weights
        done += float(sessions.sum())
        close += float(sessions[(people.destination[k] < 0) | (away <= reach_m)].sum())
    return 100 * close / max(done, 1e-9)


def _trial(walks: Neighbourhood, without: list[np.ndarray]) -> dict[str, float]:
    """What is left, 13 weeks after the end, of what people who joined led walks gained by the end; percent."""
    gains = []
    people, programme = walks.state.people, walks.state.programmes[0]
    for weeks, before in zip((TRIAL_WEEKS, AFTER), without, strict=True):
        walks.run(weeks)
        joined = programme.ever_joined(walks.state)
        gains.append(float((people.recent.mean(axis=0) - before)[joined].mean()) if joined.any() else 0.0)
    kept = 100 * gains[1] / gains[0] if gains[0] > 1.0 else 0.0
    return {"trial_gain_minutes": gains[0], "retention_3_months": float(np.clip(kept, -50, 150))}
