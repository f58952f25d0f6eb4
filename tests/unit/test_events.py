"""The story of a run: every birth and end of a group, every start and stop of a programme, and nothing else."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from model import Neighbourhood
from model.interventions import MovementSupport, WalkingScheme
from model.outcomes.events import COLUMNS, counted, events
from model.parameters import Parameters
from model.population.columns import KINDS
from model.population.groups import ORIGINS

WEEKS = 30
NUMBERS = {
    "warm_up_weeks": 8,
    "groups_start": 10.0,
    "group_found": 6.0,
    "group_uptake": -1.0,
    "group_ends": 0.4,
}
PLANS = (
    WalkingScheme(name="Walks", groups=100, invite_per_week=0.2, when={"start_week": 3, "weeks": 12}),
    MovementSupport(grants_per_year=400, when={"start_week": 5}),
)


@pytest.fixture(scope="module")
def run(erewash) -> Neighbourhood:
    numbers = Parameters.default().with_values(NUMBERS)
    town = Neighbourhood(erewash, seed=3, sample=0.03, parameters=numbers).warm_up()
    assert any(clock < 8 for clock, *_ in town.state.groups.events), "the warm-up has a story too"
    return town.fork(PLANS).run(WEEKS)


def test_columns_are_of_one_length_and_in_the_order_of_weeks(run):
    told = run.record().events
    assert tuple(told) == COLUMNS and len({len(column) for column in told.values()}) == 1
    assert (np.diff(told["week"]) >= 0).all()
    assert told["week"].min() >= 0 and told["week"].max() < WEEKS


def test_births_and_ends_of_the_run_are_told_once(run):
    told, groups, start = run.record().events, run.state.groups, run.state.warm_up_weeks
    born = np.isin(told["event"], ["founded", "split", "carried on"])
    assert sorted(told["group"][born]) == (np.flatnonzero(groups.founded >= start) + 1).tolist()
    ends = told["event"] == "ended"
    assert sorted(told["group"][ends]) == (np.flatnonzero(groups.ended >= start) + 1).tolist()
    assert born.sum() > 5 and ends.sum() > 2
    for name in ("founded", "ended"):
        weeks = told["week"][told["event"] == name]
        numbers = told["group"][told["event"] == name] - 1
        assert (weeks + start == getattr(groups, name)[numbers]).all()


def test_rows_tell_what_the_group_is(run):
    told, state = run.record().events, run.state
    of_groups = np.flatnonzero(told["group"] > 0)
    number = told["group"][of_groups] - 1
    groups = state.groups
    assert told["origin"][of_groups].tolist() == [ORIGINS[code] for code in groups.origin[number]]
    assert told["kind"][of_groups].tolist() == [KINDS[code] for code in groups.kind[number]]
    assert told["place"][of_groups].tolist() == state.assets.frame["name"].iloc[groups.place[number]].tolist()
    zones = state.place.zones["code"].to_numpy()
    assert (told["zone"][of_groups] == zones[state.people.zone[state.row_of(groups.founder[number])]]).all()
    founded = of_groups[told["event"][of_groups] == "founded"]
    assert (told["people"][founded] >= 3 * 0.9 / state.sample).all(), "real people, not simulated ones"


def test_programmes_start_and_stop(run):
    told = run.record().events
    rows = [(int(told["week"][k]), str(told["event"][k]), str(told["programme"][k]))
            for k in np.flatnonzero(told["group"] == 0)]  # fmt: skip
    assert rows == [(3, "starts", "Walks"), (5, "starts", "Movement support"), (15, "stops", "Walks")]
    assert (told["programme"][told["group"] > 0] == "").all()


def test_counts_are_those_of_the_rows(run):
    told = run.record().events
    assert counted(told) == Counter(told["event"].tolist()) and counted({}) == {}


def test_a_span_of_weeks_can_be_asked_for(run):
    some = events(run.state, 10, 12)
    whole = run.record().events
    inside = (whole["week"] >= 10) & (whole["week"] < 12)
    assert {name: column.tolist() for name, column in some.items()} == {
        name: column[inside].tolist() for name, column in whole.items()
    }


def test_a_run_without_a_story_has_empty_columns(erewash):
    numbers = Parameters.default().with_values({"groups": "none", "warm_up_weeks": 8})
    told = Neighbourhood(erewash, seed=3, sample=0.002, parameters=numbers).run(2).record().events
    assert tuple(told) == COLUMNS and all(len(column) == 0 for column in told.values())
