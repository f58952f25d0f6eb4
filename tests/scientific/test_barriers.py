"""Barriers: a named quantity changed as some people meet it, and for nobody else."""

from __future__ import annotations

import numpy as np
import pytest

from model import Neighbourhood
from model.interventions import Barrier
from model.population.columns import DYNAMIC
from model.quantities import MET
from scenarios import Scenario, compare

OLDER_WOMEN = {"sex": ["female"], "age": {"min": 65}}
SAFE = {"quantity": "disorder", "change": -1, "who": OLDER_WOMEN}


@pytest.fixture(scope="module")
def town() -> Neighbourhood:
    from model.parameters import Parameters

    short = Parameters.default().with_values({"warm_up_weeks": 12})
    return Neighbourhood("erewash", seed=4, sample=0.02, parameters=short).warm_up()


def run(town: Neighbourhood, *barriers: Barrier, weeks: int = 6) -> Neighbourhood:
    return town.fork(list(barriers)).run(weeks)


EVERYTHING = tuple(column.name for column in DYNAMIC)
WHAT_THEY_DO = ("sessions", "minutes", "destination", "access", "base", "unsafe")


def differing(one: Neighbourhood, other: Neighbourhood, columns: tuple[str, ...] = EVERYTHING) -> np.ndarray:
    """(n,) bool: residents of whom anything at all differs."""
    found = np.zeros(one.state.people.n, dtype=bool)
    for name in columns:
        a, b = (getattr(each.state.people, name) for each in (one, other))
        found |= (a != b).reshape(-1, a.shape[-1]).any(axis=0)
    return found


@pytest.mark.parametrize("name", MET)
def test_a_change_of_nothing_or_for_nobody_changes_nothing(town, name):
    nobody = {"age": {"min": 110}}
    assert not (town.state.people.age >= 110).any()
    plain = run(town, weeks=3)
    for barrier in (
        Barrier(quantity=name, change=0.0),
        Barrier(quantity=name, change=MET[name].most, who=nobody),
        Barrier(quantity=name, change=MET[name].most, when={"start_week": 3}),
    ):
        assert not differing(run(town, barrier, weeks=3), plain).any()


@pytest.mark.parametrize("name", MET)
def test_it_reaches_the_people_meant_and_at_first_nobody_else(town, name):
    barrier = Barrier(quantity=name, change=-MET[name].most, who=OLDER_WOMEN, where={"imd_quintile": [1, 2]})
    people = town.state.people
    meant = (people.sex == 0) & (people.age >= 65) & (people.imd_quintile <= 2)
    moved = differing(run(town, barrier, weeks=1), run(town, weeks=1), WHAT_THEY_DO)
    assert not (moved & ~meant).any()
    assert moved[meant].any()


def test_it_ends_cleanly(town):
    before = town.state.people
    safe = run(town, Barrier(**SAFE, when={"weeks": 2}), weeks=2)
    assert (safe.state.people.unsafe[(before.sex == 0) & (before.age >= 65)] == 0).all()
    over = safe.run(1)
    without = run(town, weeks=3).state.people
    np.testing.assert_array_equal(over.state.people.unsafe, without.unsafe)
    np.testing.assert_array_equal(over.state.people.base, without.base)


def test_a_fork_without_plans_leaves_barriers_behind(town):
    branch = run(town, Barrier(**SAFE), weeks=2).fork(keep_plans=False)
    np.testing.assert_array_equal(branch.state.people.unsafe, town.state.people.unsafe)


def test_a_group_by_level_is_chosen_once(town):
    then = town.state.people.level == 0
    branch = run(town, Barrier(quantity="utility.walk_leisure", change=2.0, who={"level": ["inactive"]}))
    now = branch.state.boost[0] > 0
    np.testing.assert_array_equal(now, then)
    stirred, plain = (one.state.people.level[then] > 0 for one in (branch, run(town)))
    assert stirred.mean() > plain.mean() + 0.03


def test_order_does_not_matter_and_changes_add_up(town):
    parts = [Barrier(quantity="traffic", change=c, who=OLDER_WOMEN) for c in (-0.1, -0.2, -0.3)]
    assert not differing(run(town, *parts), run(town, *reversed(parts))).any()
    whole = run(town, Barrier(quantity="traffic", change=-0.6, who=OLDER_WOMEN))
    np.testing.assert_allclose(run(town, *parts).state.people.base, whole.state.people.base, atol=1e-5)


def test_a_barrier_beside_a_plan_changes_no_luck_of_the_plan(town):
    from model.interventions import WalkingScheme

    walks = WalkingScheme(groups=60, invite_per_week=0.2)
    for_nobody = Barrier(quantity="price", change=-5, name="walking_scheme", who={"age": {"min": 110}})
    assert not differing(run(town, walks), run(town, walks, for_nobody)).any()


def test_taking_a_barrier_away_helps_those_who_met_it():
    scenario = Scenario.from_dict(
        {"name": "Safe streets", "weeks": 40, "barriers": [SAFE | {"who": {"sex": ["female"]}}]}
    )
    frame = compare([scenario], replicates=2, sample=0.03, jobs=1).frame
    chosen = frame[(frame["outcome"] == "inactive") & (frame["group"] == "sex")]
    change = chosen[chosen["horizon_weeks"] == 40].set_index("level")["difference"]
    assert change["female"] < -0.005 and abs(change["male"]) < abs(change["female"]) / 3
    assert frame[frame["outcome"] == "cost"]["scenario_value"].eq(0).all()


def test_scenarios_keep_their_barriers():
    plain = Scenario.load("walk_and_talk")
    assert "barriers" not in plain.as_dict()
    with_one = plain.changed({"barriers": [SAFE]})
    assert with_one.digest != plain.digest and with_one.barriers[0].change == -1
    assert Scenario.from_dict(with_one.as_dict()).as_dict() == with_one.as_dict()
    assert with_one.acts == [*plain.interventions, *with_one.barriers]
    assert plain.changed({"barriers": []}).digest == plain.digest
