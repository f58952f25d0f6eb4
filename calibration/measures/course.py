"""The course of people picked, treated or struck: regression to the mean, a programme and after, an illness."""

from __future__ import annotations

import numpy as np

from calibration.measures.england import england_weights
from calibration.measures.year import PLACE
from model.delivery.membership import Membership
from model.interventions import SocialPrescribing, WalkingScheme
from model.limits import INACTIVE_BELOW, WEEKS_A_YEAR
from model.parameters import Parameters
from model.population.people import People
from model.town.town import Neighbourhood

WEEKS, AFTER = 24, (0, 13, 26, WEEKS_A_YEAR, 2 * WEEKS_A_YEAR, 3 * WEEKS_A_YEAR)
WALKS = {"type": "walking_scheme", "groups": 60, "invite_per_week": 0.5, "when": {"weeks": WEEKS},
         "who": {"level": ["inactive", "fairly_active"]}}  # fmt: skip
LINK = {"type": "social_prescribing", "link_workers": 40, "when": {"weeks": WEEKS}}


def course(parameters: Parameters, seed: int, sample: float) -> dict[str, float]:
    """Minutes and percent along three years and a half of the reference town with and without plans."""
    town = Neighbourhood(PLACE, seed=seed, sample=sample, parameters=parameters).warm_up()
    weights = england_weights(town.state.people)
    arms = {"walks": town.fork([WalkingScheme.model_validate(WALKS)]),
            "link": town.fork([SocialPrescribing.model_validate(LINK)])}  # fmt: skip
    people = town.state.people
    picked = people.recent.mean(axis=0) < INACTIVE_BELOW
    before: dict[int, np.ndarray] = {0: people.recent.mean(axis=0)}
    illness = _Illness(people.n)
    for week in range(1, WEEKS + max(AFTER) + 1):
        town.step()
        before[week] = people.recent.mean(axis=0)
        illness.see(people, week)
    found = {f"picked_inactive_after_{w}": float((before[w] * weights)[picked].sum() / weights[picked].sum())
             for w in (12, WEEKS_A_YEAR)}  # fmt: skip
    found["picked_inactive_now"] = float((before[0] * weights)[picked].sum() / weights[picked].sum())
    found |= illness.read()
    return found | _walks(arms["walks"], before, weights) | _link(arms["link"])


def _walks(town: Neighbourhood, without: dict[int, np.ndarray], weights: np.ndarray) -> dict[str, float]:
    """Led walks of 24 weeks: who stays, what is gained, what is left of it, and what spreads to others."""
    state, programme = town.state, town.state.programmes[0]
    assert isinstance(programme, Membership)
    early: np.ndarray | None = None
    found: dict[str, float] = {}
    gains: dict[int, float] = {}
    for week in range(1, WEEKS + max(AFTER) + 1):
        town.step()
        if week == 4:
            early = programme.joined_ever.copy()
        if week in (10, WEEKS) and early is not None and early.any():
            still = (
                (programme.status == 2) | (programme.status == 4) if week == WEEKS else programme.status == 2
            )
            name = "walks_on_register_6_weeks" if week == 10 else "walks_on_register_20_weeks"
            found[name] = float(100 * still[early].mean())
            if week == WEEKS:
                found |= _by_fifth(still, early, state.people.imd_quintile)
        if week - WEEKS in AFTER:
            joined = programme.ever_joined(state)
            gain = state.people.recent.mean(axis=0) - without[week]
            gains[week - WEEKS] = float(gain[joined].mean()) if joined.any() else 0.0
            left = joined & (state.people.group < 0)
            if week > WEEKS and left.any():
                found[f"walks_left_net_{week - WEEKS}_weeks"] = float(gain[left].mean())
            if week == WEEKS:
                total = float(np.abs(gain[joined]).sum())
                found["walks_spillover"] = float(100 * gain[~joined].sum() / total) if total > 0 else 0.0
                found["walks_joined_women"] = float(100 * (state.people.sex[joined] == 0).mean())
                found["walks_joined_55"] = float(100 * (state.people.age[joined] >= 55).mean())
    found["walks_gain_minutes"] = gains[0]
    for weeks in AFTER[1:]:
        kept = 100 * gains[weeks] / gains[0] if gains[0] > 1 else 0.0
        found[f"walks_kept_{weeks}_weeks"] = float(np.clip(kept, -100, 200))
        found[f"walks_net_{weeks}_weeks"] = gains[weeks]
    return found


def _by_fifth(still: np.ndarray, early: np.ndarray, fifth: np.ndarray) -> dict[str, float]:
    """Percent still members after 20 weeks in the two most and the two least deprived fifths, where anybody joined."""
    ends = {"most_deprived": early & (fifth <= 2), "least_deprived": early & (fifth >= 4)}
    return {
        f"walks_on_register_20_weeks_{name}": float(100 * still[who].mean())
        for name, who in ends.items()
        if who.any()
    }


def _link(town: Neighbourhood) -> dict[str, float]:
    """Social prescribing over its weeks: the share of people seen who have a condition, and who complete."""
    town.run(WEEKS + 26)
    programme, people = town.state.programmes[0], town.state.people
    joined = programme.ever_joined(town.state)
    if not joined.any():
        return {}
    return {"link_joined_deprived_fifths": float(100 * (people.imd_quintile[joined] <= 2).mean()),
            "link_joined_women": float(100 * (people.sex[joined] == 0).mean())}  # fmt: skip


class _Illness:
    """Minutes before, in and after a spell of illness or injury, against everybody's at the same time."""

    def __init__(self, n: int) -> None:
        self.was, self.since = np.zeros(n, dtype=bool), np.full(n, -1)
        self.minutes: dict[str, list[float]] = {"before": [], "in": [], "half_a_year_on": []}
        self.memory: dict[int, np.ndarray] = {}

    def see(self, people: People, week: int) -> None:
        """Note a week."""
        ill = people.ill > 0
        recent = people.recent.mean(axis=0).copy()
        level = recent.mean()
        self.memory[week] = recent
        new = ill & ~self.was & (self.since < 0) & (week > 4) & (week <= 40)
        if new.any():
            self.minutes["before"].append(float(self.memory[week - 1][new].mean() / level))
            self.since[new] = week
        for name, lag in (("in", 4), ("half_a_year_on", 26)):
            then = self.since == week - lag
            if then.any():
                self.minutes[name].append(float(recent[then].mean() / level))
        self.was = ill

    def read(self) -> dict[str, float]:
        """Percent of everybody's minutes."""
        return {
            f"ill_{name}": 100 * float(np.mean(values)) for name, values in self.minutes.items() if values
        }
