"""Where programmes met people, how full they were and what they cost: sums of what the run itself tells."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from model.delivery.build import labels_of, programmes_for
from model.interventions import (
    AssetInvestment,
    Campaign,
    CommunityChampions,
    MovementSupport,
    Nothing,
    PeerSupport,
    Signposting,
    SocialPrescribing,
    WalkingScheme,
)
from model.outcomes.delivery import MEASURES, SERVED, SPENT, YEAR
from model.population.columns import ASSET_KINDS

WALKS = WalkingScheme(groups=200, group_size=20, invite_per_week=0.2, when={"start_week": 2, "weeks": 55})
EVERYTHING = [
    WALKS,
    PeerSupport(name="Buddies", groups=60),
    SocialPrescribing(link_workers=100, plan_weeks=12, sessions=6),
    AssetInvestment(action="new", kind="park", count=2, construction_weeks=3),
    CommunityChampions(champions=500),
    MovementSupport(grants_per_year=900),
    Campaign(),
    Signposting(),
    Nothing(),
]
WEEKS = 58


@pytest.fixture(scope="module")
def record(town):
    return town.fork(EVERYTHING).run(WEEKS).record()


@pytest.fixture(scope="module")
def served(record):
    return pd.DataFrame(record.served)


def test_everybody_who_joins_and_completes_is_told_once(record, served):
    one = served[~((served["programme"] == "social_prescribing#1") & (served["part"] == "group"))]
    for name in ("joined", "completed"):
        assert one[name].sum() == pytest.approx(record.flows[name].sum())
    assert record.flows["joined"].sum() > 0 and record.flows["completed"].sum() > 0


def test_parts_of_the_cost_add_up_to_the_cost(record):
    spent = pd.DataFrame(record.spent)
    assert list(spent.columns) == list(SPENT)
    assert spent["pounds"].sum() == pytest.approx(record.flows["cost"].sum())
    assert set(spent.loc[spent["part"] == "setup", "year"]) == {1}
    first = spent.loc[spent["year"] == 1, "pounds"].sum()
    assert first == pytest.approx(record.flows["cost"][:YEAR].sum())


def test_members_and_people_waiting_at_venues_are_those_of_the_programme(town):
    record = town.fork([WALKS]).run(WEEKS).record()
    served = pd.DataFrame(record.served)
    for year, weeks in ((1, slice(0, YEAR)), (2, slice(YEAR, WEEKS))):
        here = served[served["year"] == year]
        for name in ("members", "waiting"):
            assert here[name].sum() == pytest.approx(record.flows[name][weeks].mean())
    full = WALKS.groups * WALKS.group_size / town.state.parameters.attendance
    assert served.loc[served["year"] == 1, "room"].sum() == pytest.approx(full * 50 / 52)
    assert served.loc[served["year"] == 1, "groups"].sum() == WALKS.groups


def test_venues_are_assets_of_the_town_with_the_zone_they_stand_in(town, served):
    assert list(served.columns) == list(SERVED)
    frame, place = town.state.assets.frame, town.state.place
    walks = served[served["programme"] == "walking_scheme#1"]
    assert set(walks["kind"]) == {"community_centre"} and set(walks["venue"]) <= set(frame["name"])
    row = walks.iloc[0]
    asset = frame[(frame["name"] == row["venue"]) & (frame["kind"] == row["kind"])].iloc[0]
    assert (asset["easting"], asset["northing"]) == (row["easting"], row["northing"])
    zone = place.layers["zone"].ravel()[int(asset["cell"])]
    assert zone < 0 or place.zones["code"].iloc[zone] == row["zone"]
    assert set(served["kind"]) - {""} <= set(ASSET_KINDS)


def test_each_type_tells_what_it_has(served):
    parts = served.groupby("programme")["part"].unique().map(set).to_dict()
    assert parts == {
        "walking_scheme#1": {"group"}, "Buddies#1": {"group"}, "social_prescribing#1": {"plan", "group"},
        "asset_investment#1": {"place"}, "community_champions#1": {"champion"}, "movement_support#1": {"grant"},
        "signposting#1": {"finder"},
    }  # fmt: skip
    places = served[served["part"] == "place"]
    assert places["members"].isna().all() and (places["visits"] > 0).any() and (places["room"] > 0).all()
    nowhere = served[served["venue"] == ""]
    assert set(nowhere["part"]) == {"plan", "champion", "finder"} and nowhere["easting"].isna().all()
    assert (served[list(MEASURES)].fillna(0) >= 0).all(axis=None)


def test_a_town_without_plans_tells_nothing(town):
    record = town.fork([]).run(3).record()
    assert all(len(column) == 0 for column in (*record.served.values(), *record.spent.values()))


def test_a_branch_tells_only_what_it_did_itself(town):
    first = town.fork([WALKS]).run(6)
    left = first.fork([], keep_plans=False).run(2).record()
    assert len(left.served["year"]) == 0 and len(first.record().served["year"]) > 0
    on = first.fork([]).run(2).record()
    assert 0 < on.spent["pounds"].sum() < first.record().spent["pounds"].sum()


def test_labels_are_those_of_the_programmes():
    acts = [WALKS, WalkingScheme(name="Buddies"), PeerSupport(name="Buddies"), WALKS]
    assert labels_of(acts) == ["walking_scheme#1", "Buddies#1", "Buddies#2", "walking_scheme#2"]
    assert sorted(labels_of(acts)) == [one.label for one in programmes_for(acts)]


def test_means_are_over_the_weeks_of_the_year(town):
    late = WalkingScheme(groups=50, when={"start_week": 5, "weeks": 2})
    record = town.fork([late]).run(8).record()
    room = np.sum(record.served["room"]) * 8 / 2
    assert room == pytest.approx(50 * late.group_size / town.state.parameters.attendance)
