"""The town as a whole: it repeats itself exactly, forks cleanly, and is a Mesa model."""

from __future__ import annotations

import hashlib

import mesa
import numpy as np
import pytest
from mesa.agent import AgentSet

from model import Neighbourhood
from model.errors import InputError
from model.interventions import REGISTRY, Nothing, WalkingScheme
from model.machine import parallel
from model.population.columns import DYNAMIC, RESIDENT


def digest(town: Neighbourhood) -> str:
    """Every bit of the residents' state, in order of identity."""
    people = town.state.people
    order = np.argsort(people.id)
    held = hashlib.blake2b(digest_size=16)
    for name in RESIDENT:
        held.update(np.ascontiguousarray(getattr(people, name)[..., order]).tobytes())
    return held.hexdigest()


def test_the_same_seed_gives_the_same_bits(erewash, quick):
    made = [Neighbourhood(erewash, seed=3, sample=0.02, parameters=quick).run(8) for _ in range(2)]
    assert digest(made[0]) == digest(made[1])
    other = Neighbourhood(erewash, seed=4, sample=0.02, parameters=quick).run(8)
    assert digest(other) != digest(made[0])


def test_threads_change_nothing(erewash, quick, monkeypatch):
    monkeypatch.setattr(parallel, "SMALLEST_CHUNK", 4096)
    one = Neighbourhood(erewash, seed=3, sample=0.15, parameters=quick, threads=1).run(3)
    two = Neighbourhood(erewash, seed=3, sample=0.15, parameters=quick, threads=3).run(3)
    assert len(two.state.chunks.bounds) > 1
    assert digest(one) == digest(two)
    assert np.array_equal(one.record().counts, two.record().counts)
    assert np.array_equal(one.record().minutes, two.record().minutes)


def test_doing_nothing_changes_nothing(town):
    left, right = town.fork(), town.fork([Nothing(), REGISTRY["none"](name="again")])
    left.run(20), right.run(20)
    assert digest(left) == digest(right)
    for name in ("counts", "minutes", "kind_minutes", "asset_visits"):
        assert np.array_equal(getattr(left.record(), name), getattr(right.record(), name)), name


def test_a_fork_leaves_the_town_as_it_was(town):
    before = digest(town)
    town.fork([WalkingScheme(groups=40)]).run(10)
    assert digest(town) == before


def test_a_plan_changes_nothing_before_it_starts(town):
    plan = WalkingScheme(groups=40, when={"start_week": 6})
    left, right = town.fork(), town.fork([plan])
    left.run(6), right.run(6)
    assert digest(left) == digest(right)
    left.run(12), right.run(12)
    assert digest(left) != digest(right)


def test_split_horizon_is_one_horizon(town):
    whole, split = town.fork().run(10), town.fork().run(4).run(6)
    assert digest(whole) == digest(split)


def test_it_is_a_mesa_model(town):
    assert isinstance(town, mesa.Model)
    assert isinstance(town.agents, AgentSet)
    assert len(town.agents) == town.state.people.n
    inactive = town.agents.select(lambda r: r.level == "inactive")
    assert len(inactive) == int((town.state.people.level == 0).sum())
    assert town.agents.agg("age", max) == town.state.people.age.max()
    sizes = town.agents.groupby("sex").count()
    assert sizes["female"] == int((town.state.people.sex == 0).sum())
    assert town.steps == town.week == 0


def test_a_resident_is_a_view_of_a_row(town):
    arm = town.fork()
    resident = arm.resident(5)
    people = arm.state.people
    assert resident.age == people.age[5]
    resident.motivation = 1.5
    assert people.motivation[5] == np.float32(1.5)
    assert set(resident.sessions) == {"walk_leisure", "walk_travel", "cycle", "gym", "sport", "home_garden"}
    assert {friend.row for friend in resident.friends} == set(
        arm.state.ties.strong[5, : arm.state.ties.strong_degree[5]].tolist()
    )
    with pytest.raises(AttributeError):
        _ = resident.shoe_size


def test_mesa_cells_agree_with_where_people_were(town):
    arm = town.fork()
    arm.run(2)
    arm.fill_cells()
    where = arm.whereabouts()
    width = arm.state.place.width
    held = {cell.coordinate: len(cell.agents) for cell in arm.grid.all_cells if cell.agents}
    flat, counts = np.unique(where, return_counts=True)
    assert held == {(int(f % width), int(f // width)): int(c) for f, c in zip(flat, counts, strict=True)}
    out = int(np.flatnonzero(arm.state.people.place >= 0)[0])
    asset = arm.state.people.place[out]
    assert arm.resident(out).cell.coordinate[0] == int(arm.state.assets.cell[asset] % width)
    assert arm.grid.walkability.data.shape == (arm.state.place.width, arm.state.place.height)


def test_columns_stay_within_their_bounds(town):
    arm = town.fork([WalkingScheme(groups=60, invite_per_week=0.2)]).run(20)
    for column in DYNAMIC:
        values = getattr(arm.state.people, column.name)
        assert np.isfinite(values.astype(np.float64)).all(), column.name
        if column.low is not None:
            assert values.min() >= column.low, column.name
        if column.high is not None:
            assert values.max() <= column.high, column.name


def test_people_go_only_where_they_can(town):
    state = town.state
    people, reach = state.people, state.candidates
    for kind in range(5):
        slots = slice(int(reach.first[kind]), int(reach.first[kind + 1]))
        going = np.flatnonzero(people.destination[kind] >= 0)
        rows = state.cell_row[going]
        assert (reach.asset[rows, slots] == people.destination[kind, going][:, None]).any(axis=1).all()


def test_memory_is_under_a_kilobyte_a_resident(town):
    ties = town.state.ties
    held = town.state.people.nbytes + sum(getattr(ties, name).nbytes for name in
                                          ("strong", "strong_degree", "weak_start", "weak"))  # fmt: skip
    assert held / town.state.people.n < 1000


@pytest.mark.parametrize(
    "wrong", [{"sample": 0}, {"sample": 1.5}, {"definition": "sport_engand"}, {"seed": -1}]
)
def test_wrong_settings_are_said(erewash, wrong):
    with pytest.raises(InputError) as caught:
        Neighbourhood(erewash, **wrong)
    assert caught.value.faults[0].key in ("sample", "definition", "seed")


def test_both_definitions_share_one_behaviour(erewash, quick):
    sport = Neighbourhood(erewash, seed=3, sample=0.02, parameters=quick).run(6)
    ohid = Neighbourhood(erewash, seed=3, sample=0.02, parameters=quick, definition="ohid").run(6)
    assert np.array_equal(sport.state.people.minutes, ohid.state.people.minutes)
    assert (ohid.state.people.level >= sport.state.people.level).all()
    counted = ohid.record().counts[0, 0].sum()
    assert counted < sport.record().counts[0, 0].sum()


def test_who_is_in_a_group_of_their_own_is_read_by_attribute(town):
    arm, counted = town.fork().run(1), town.state.counted
    record, people, inside = arm.record(), arm.state.people, arm.state.people.group >= 0
    assert record.in_groups["all", "all"] == pytest.approx(counted[inside].sum() / counted.sum())
    assert 0 < record.in_groups["all", "all"] < 0.1
    early = people.segment == 2
    expected = counted[inside & early].sum() / counted[early].sum()
    assert record.in_groups["segment", "early_majority"] == pytest.approx(expected)
