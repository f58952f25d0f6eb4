"""A hundred random pairs of scenarios and places: refused by name, warned of, or right; never a traceback."""

from __future__ import annotations

import numpy as np
import pytest

from cli.look_words import lines
from model import Neighbourhood
from model.errors import InputError
from model.interventions import REGISTRY
from model.place.place import list_places
from model.population.columns import ASSET_KINDS, DISABILITIES, ETHNICITIES, LEVELS, SEXES, WORK
from model.quantities import MET
from scenarios.comparison import compare
from scenarios.files.schema import Scenario
from scenarios.files.store import to_json
from scenarios.preflight.look_ahead import check
from scenarios.preflight.preflight import Preflight
from scenarios.simulate import simulate

PAIRS, TO_RUN, SAMPLE = 100, 3, 0.03
PLACES = [one["name"] for one in list_places()][::2]


class Draw:
    """Keyed choices, the same on every machine."""

    def __init__(self, number: int) -> None:
        self.chance = np.random.default_rng(number)

    def one(self, choices):
        return choices[int(self.chance.integers(len(choices)))]

    def some(self, choices):
        return sorted({self.one(choices) for _ in range(3)}, key=list(choices).index)

    def maybe(self, value, share: float = 0.4) -> dict:
        return value if self.chance.random() < share else {}

    def number(self, low: int, high: int) -> int:
        """Small numbers as likely as large ones."""
        return (
            round(low * (max(high, 1) / max(low, 1)) ** self.chance.random())
            if low
            else self.one([0, 1, high])
        )


def where(draw: Draw) -> dict:
    return {**draw.maybe({"imd_quintile": draw.some(range(1, 6))}), **draw.maybe({"urban": draw.one([True, False])}, 0.2),
            **draw.maybe({"imd_within_place": draw.some(range(1, 6))}, 0.2)}  # fmt: skip


def who(draw: Draw, level: bool) -> dict:
    low = draw.one([16, 30, 60, 85, 100])
    return {**draw.maybe({"age": {"min": low, "max": draw.one([low, 110])}}, 0.2), **draw.maybe({"sex": draw.some(SEXES)}, 0.1),
            **draw.maybe({"disability": draw.some(DISABILITIES)}, 0.1), **draw.maybe({"work": draw.some(WORK)}, 0.1),
            **draw.maybe({"ethnicity": draw.some(ETHNICITIES)}, 0.1), **draw.maybe({"imd_quintile": draw.some(range(1, 6))}, 0.2),
            **draw.maybe({"level": draw.some(LEVELS)} if level else {})}  # fmt: skip


def own(draw: Draw, kind: str) -> dict:
    """Settings of one type."""
    if kind == "asset_investment":
        points = [
            {"easting": draw.number(300_000, 600_000), "northing": draw.number(200_000, 500_000)}
            for _ in range(2)
        ]
        return {"action": draw.one(["new", "improve", "step_free", "cheaper", "longer_hours"]), "kind": draw.one(ASSET_KINDS),
                **(draw.maybe({"at": points}, 0.3) or {"count": draw.number(1, 200)}),
                "construction_weeks": draw.one([0, 0, 10, 100])}  # fmt: skip
    return {
        "walking_scheme": lambda: {"groups": draw.number(1, 100), "group_size": draw.number(2, 40)},
        "peer_support": lambda: {"groups": draw.number(1, 200)},
        "social_prescribing": lambda: {"link_workers": draw.one([0, 0.01, 1, 40])},
        "community_champions": lambda: {"champions": draw.number(1, 5000)},
        "movement_support": lambda: {"grants_per_year": draw.number(0, 500), "spur": draw.one([0, 4.0])},
        "campaign": lambda: {"reach_per_week": draw.one([0, 0.02, 1.0])},
    }.get(kind, dict)()


def scenario(draw: Draw) -> Scenario:
    weeks = draw.one([10, 60, 120])
    acts = []
    for _ in range(draw.one([1, 1, 2])):
        kind = draw.one(list(REGISTRY))
        acts.append({"type": kind, "where": where(draw), "who": who(draw, REGISTRY[kind].asks_level),
                     "when": {"start_week": draw.one([0, 0, 0, 5, 100]), **draw.maybe({"weeks": draw.one([1, 20])})},
                     "need": draw.one(["universal", "universal", "targeted", "proportionate"]), **own(draw, kind)})  # fmt: skip
    barrier = {
        "quantity": draw.one(list(MET)),
        "change": draw.one([-1, 0, 0.5]),
        "who": who(draw, True),
        "where": where(draw),
    }
    return Scenario.from_dict({"name": "Random", "place": draw.one(PLACES), "weeks": weeks, "interventions": acts,
                               "barriers": [barrier] if draw.chance.random() < 0.3 else []})  # fmt: skip


@pytest.fixture(scope="module")
def towns():
    """A look ahead at each place, in a tiny town of it."""
    return {name: Preflight(Neighbourhood(name, sample=SAMPLE).state) for name in PLACES}


@pytest.mark.slow
def test_a_hundred_random_pairs_are_refused_by_name_warned_of_or_right(towns):
    refused = warned = right = 0
    for number in range(PAIRS):
        plan = scenario(Draw(number))
        found = towns[plan.place].look(plan.interventions, plan.barriers, plan.weeks, plan.weeks)
        assert to_json(found.as_dict()) and bool(list(lines(found))) == bool(found.acts)
        for fault in (*found.faults, *found.warnings):
            assert (
                fault.key and fault.key.partition(".")[0] in ("interventions", "barriers") and fault.message
            )
        bad = {".".join(fault.key.split(".")[:2]) for fault in found.faults}
        doubtful = bad | {".".join(fault.key.split(".")[:2]) for fault in found.warnings}
        for act in found.acts:
            assert 0 <= act.simulated <= len(found.weights) and len(act.cost_by_year) == -(-found.weeks // 52)
            nothing = act.offered and act.offered["at_sample"] == 0
            assert act.type == "none" or not nothing or act.key in doubtful, (number, act)
            assert act.type == "none" or act.simulated or act.key in doubtful, (number, act)
        refused += bool(found.faults)
        warned += not found.faults and bool(found.warnings)
        right += not found.faults and not found.warnings
    assert min(refused, warned, right) >= 5, (refused, warned, right)


@pytest.mark.parametrize("fine", [True, False], ids=["taken", "refused"])
def test_runs_and_the_check_agree_on_what_is_refused(towns, fine):
    done = 0
    for number in range(PAIRS):
        plan = scenario(Draw(number))
        weeks = min(plan.weeks, 3) if fine else plan.weeks
        if bool(towns[plan.place].look(plan.interventions, plan.barriers, weeks, plan.weeks).faults) == fine:
            continue
        if fine:
            assert simulate(plan, sample=SAMPLE, weeks=weeks)["outcomes"]["inactive"] >= 0
        else:
            assert check(plan, sample=SAMPLE).faults
            with pytest.raises(InputError):
                compare([plan], replicates=1, sample=SAMPLE, jobs=1)
        done += 1
        if done == TO_RUN:
            return
