"""`work_rule: status`, women of ethnic groups, and `deprivation_index: people`: what moves, by how much, and what stays."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from model import Neighbourhood
from model.place.standing import deprivation_tenth, kept_outdoors
from model.population.columns import KINDS, WORK

STATUS = {
    "status_unemployed": 1.5,
    "status_sick": 0.7,
    "status_home": 0.4,
    "status_part_time": 0.3,
    "status_carer": 2.0,
}


@pytest.fixture(scope="module")
def towns(erewash, quick):
    """Makes towns of the same seed with other numbers, before any week."""
    return lambda place=erewash, **changes: Neighbourhood(
        place, seed=7, sample=0.02, parameters=quick.with_values(changes)
    )


@pytest.fixture(scope="module")
def usual(towns):
    """The town as the ledger has it."""
    return towns()


def gained(one: Neighbourhood, other: Neighbourhood) -> np.ndarray:
    """(6, n) what people of `one` have in each kind's base above those of `other`."""
    return one.state.people.base.astype(float) - other.state.people.base


def test_each_work_status_and_care_take_what_they_say_of_every_kind(towns, usual):
    people, found = usual.state.people, gained(towns(work_rule="status", **STATUS), usual)
    age, work = people.age, people.work
    lost = STATUS["status_carer"] * people.carer.astype(float)
    for name, level in (("unemployed", "unemployed"), ("sick", "long_term_sick"), ("part_time", "part_time")):
        lost += STATUS[f"status_{name}"] * (work == WORK.index(level))
    lost += STATUS["status_home"] * ((work == WORK.index("none")) & (age >= 25) & (age < 66))
    assert np.allclose(found, -lost, atol=1e-5)
    for group in (age < 25, age >= 66, work >= WORK.index("full_time")):
        free = (
            group & (people.carer == 0) & ((work == WORK.index("none")) | (work >= WORK.index("full_time")))
        )
        assert free.sum() > 20 and not found[:, free].any()


def test_a_rule_that_is_off_reads_none_of_its_numbers(towns, usual):
    off = towns(**STATUS, upkeep_outdoors=0.9, environment_outdoors=0.8)
    one, other = off.run(3).state.people, usual.fork().run(3).state.people
    assert all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ("base", "minutes", "motivation")
    )


@pytest.mark.parametrize(("name", "group"), [("asian", 1), ("black", 2)])
def test_women_of_an_ethnic_group_are_told_from_its_men(towns, usual, name, group):
    people, found = usual.state.people, gained(towns(**{f"ethnic_{name}_women": 0.5}), usual)
    theirs = (people.ethnicity == group) & (people.sex == 0)
    assert theirs.any() and np.allclose(found[:, theirs], -0.5, atol=1e-5)
    assert not found[:, ~theirs].any()


# Which deprivation


def altered(place, **columns):
    """The place with columns of its zones changed."""
    return dataclasses.replace(place, zones=place.zones.assign(**columns))


def test_an_old_rural_house_far_from_shops_counts_against_streets_and_people_by_the_index_alone(erewash):
    zones = erewash.zones
    far = zones.assign(decile_housing=1.0, decile_environment=1.0)
    for index in ("imd", "people"):
        assert np.array_equal(deprivation_tenth(far, index), deprivation_tenth(zones, index))
    poor = zones.assign(imd_decile=1)
    assert np.array_equal(deprivation_tenth(poor, "people"), deprivation_tenth(zones, "people"))
    assert (deprivation_tenth(poor, "imd") == 1).all()
    kept, indoors = kept_outdoors(zones, 0.33, 0.5), kept_outdoors(far, 0.33, 0.5)
    assert (kept - indoors <= 0.33 * 0.5 * 0.9 + 1e-9).all()
    assert np.array_equal(kept_outdoors(far, 0.0, 0.5), kept_outdoors(zones, 0.0, 0.5))


def test_tenths_of_people_run_over_the_whole_scale_and_rise_with_the_domains(erewash):
    names = ("income", "employment", "education", "health", "crime")
    ends = [erewash.zones.assign(**{f"decile_{name}": tenth for name in names}) for tenth in (1, 5.5, 10)]
    least, middle, most = (deprivation_tenth(zones, "people")[0] for zones in ends)
    assert (least, middle, most) == (1.0, 5.5, 10.0)
    for name in names:
        lower = erewash.zones.assign(**{f"decile_{name}": 1})
        assert (deprivation_tenth(lower, "people") <= deprivation_tenth(erewash.zones, "people")).all()


def test_place_and_streets_act_by_the_domains_about_people(towns, erewash):
    zones, worse = erewash.zones, altered(erewash, decile_health=1.0)
    about = {"deprivation_index": "people", "place_discrepancy": 0.9, "condition_deprivation_log_odds": 0.0,
             "lone_parent_deprivation_log_odds": 0.0, "part_time_deprivation": 0.0, "long_hours_deprivation": 0.0}  # fmt: skip
    before = towns(**about)
    fall = deprivation_tenth(worse.zones, "people") - deprivation_tenth(zones, "people")
    expected = 0.1 * fall[before.state.people.zone]
    assert np.allclose(gained(towns(worse, **about), before), expected, atol=1e-5) and fall.min() < -0.3


def test_what_stands_outdoors_is_told_by_a_place_that_gives_it(towns, erewash):
    ill_kept = altered(erewash, decile_outdoors=np.where(np.arange(len(erewash.zones)) < 20, 1.0, np.nan))
    about = {"deprivation_index": "people", "upkeep_effect": 1.0, "upkeep_outdoors": 0.5}
    before = towns(**about)
    found = gained(towns(ill_kept, **about), before)
    environment = erewash.zones["decile_environment"].to_numpy()
    fall = np.where(np.arange(len(environment)) < 20, 1.0 - (5.5 + 0.333 * (environment - 5.5)), 0.0) * 0.05
    walk = KINDS.index("walk_leisure")
    assert np.allclose(found[walk], fall[before.state.people.zone], atol=1e-5)
    assert not np.delete(found, walk, axis=0).any()
    assert not gained(towns(ill_kept), towns()).any(), "by the index as a whole the column is not read"


def test_conditions_follow_the_domains_about_people_and_fifths_stay_those_of_the_index(towns, erewash):
    ill = altered(erewash, **{f"decile_{name}": np.where(np.arange(len(erewash.zones)) % 2, 1.0, 10.0)
                              for name in ("income", "employment", "education", "health", "crime")})  # fmt: skip
    about = {"condition_deprivation_log_odds": 0.6}
    by_index, by_people = towns(ill, **about), towns(ill, deprivation_index="people", **about)
    people = by_people.state.people
    odd = people.zone % 2 == 1

    def beyond(town: Neighbourhood) -> float:
        had = (town.state.people.condition == 1) & (town.state.people.disability == 0)
        return had[odd].mean() - had[~odd].mean()

    assert beyond(by_people) > beyond(by_index) + 0.05
    tenth = erewash.zones["imd_decile"].to_numpy()[people.zone]
    assert np.array_equal(people.imd_decile, tenth) and np.array_equal(people.imd_quintile, (tenth + 1) // 2)


# What is measured


def test_every_work_status_is_read_apart_and_together_they_are_everybody(usual):
    from calibration.measures import shares

    people = usual.state.people
    n, one = people.n, np.ones(people.n)
    found = {}
    for name in ("full_time", "part_time", "unemployed", "long_term_sick", "retired", "students"):
        # Whoever is inactive alone shows in which of the groups they are counted.
        found[name] = np.array([
            shares.by_group(people, one, np.eye(1, n, row)[0], one)[f"inactive_{name}"] > 0 for row in range(0, n, 9)
        ])  # fmt: skip
    rows = np.arange(0, n, 9)
    work, age = people.work[rows], people.age[rows]
    assert np.array_equal(found["retired"], (work == 0) & (age >= 66))
    assert np.array_equal(found["students"], (work == 0) & (age < 25))
    assert np.array_equal(found["full_time"], work >= WORK.index("full_time"))
    home = (work == 0) & (age >= 25) & (age < 66)
    assert np.array_equal(sum(one.astype(int) for one in found.values()), ~home)


def test_women_and_men_of_an_ethnic_group_are_read_apart(usual):
    from calibration.measures import shares

    people = usual.state.people
    asian_women = ((people.ethnicity == 1) & (people.sex == 0)).astype(float)
    found = shares.by_group(people, np.ones(people.n), np.zeros(people.n), asian_women)
    assert (found["active_asian_women"], found["active_asian_men"], found["active_black_women"]) == (
        100,
        0,
        0,
    )
