"""Scenario discovery: planted conditions are found, by a tree and by PRIM; noise has none; regret is what it says."""

import itertools
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "batches"))

from towns import SWEEP, QuickTown, open_quick

from calibration.analysis import boxes, chance, prim
from calibration.analysis.discovery import Discovery, direction, discover, look
from calibration.analysis.regret import regret
from model import rng
from model.errors import InputError
from scenarios.results.effects import paired
from scenarios.sweeps.sweep import Sweep, sweep
from tests.contract.door import door


def draws(seed: int, purpose: str, *shape: int) -> np.ndarray:
    """Uniform numbers of this shape."""
    return rng.uniform(rng.key(seed, 0, purpose), np.arange(int(np.prod(shape)))).reshape(shape)


def noise(seed: int, purpose: str, *shape: int) -> np.ndarray:
    """Numbers of mean 0 and spread 1, near enough normal."""
    return draws(seed, purpose, 12, *shape).sum(axis=0) - 6.0


def factors(seed: int, points: int) -> pd.DataFrame:
    """Two numbers and a switch."""
    found = pd.DataFrame(draws(seed, "factors", points, 2), columns=["one", "two"])
    return found.assign(switch=np.where(draws(seed, "switch", points) < 0.5, "a", "b"))


def searched(found: pd.DataFrame, lead: np.ndarray) -> Discovery:
    mean, low, _ = paired(lead.T)
    cases = (low if lead.shape[1] > 1 else mean) > 0
    asked = Discovery("it beats", "inactive", *lead.shape, int(cases.sum()), 0, 0.0, found)
    return look(asked, found, cases, lead)


def shows(told: Discovery) -> bool:
    return bool(told.boxes) or told.prim is not None


# ------------------------------------------------------------------------------------------------ chance


def of_noise(seed: int, points: int = 60, replicates: int = 4) -> Discovery:
    """Nothing but chance: of each point's own, or luck that neighbouring points share."""
    found = factors(seed, points)
    lead = noise(seed, "own", points, replicates)
    if seed % 2:
        band = np.floor(found["one"].to_numpy() * 5).astype(int)
        lead = 0.3 * lead + noise(seed, "shared", 5, replicates)[band]
    return searched(found, lead)


def test_no_conditions_are_found_in_noise():
    assert sum(shows(of_noise(seed)) for seed in range(1, 31)) <= 3


@pytest.mark.slow
@pytest.mark.parametrize("replicates", [3, 4, 8])
def test_conditions_are_found_in_at_most_a_twentieth_of_noise(replicates):
    found = sum(shows(of_noise(seed, 100, replicates)) for seed in range(1, 201))
    assert found <= 16, "beyond that, 5% of 200 would be a 3% chance"


def test_what_chance_finds_is_said_to_be_chance():
    said = " ".join(of_noise(4).words())
    assert "no more than what chance finds in shuffled points" in said and "Mostly so" not in said


def test_luck_that_points_share_is_no_condition():
    found = factors(1, 80)
    luck = np.where(found["switch"] == "a", 1.0, -1.0)[:, None] + 0.1 * noise(1, "own", 80, 1)
    one = searched(found, luck)
    assert one.verdict.points <= 0.05 and not shows(one) and "replicates" in one.verdict.words()
    four = np.hstack([luck, -luck, luck, -luck * 0.9])
    assert chance.held_out(boxes.columns(found)[0], 40, four) > 0.05


def test_planted_conditions_are_found_by_tree_and_prim():
    found = factors(2, 100)
    planted = ((found["one"] > 0.4) & (found["switch"] == "a")).to_numpy()
    told = searched(found, np.where(planted, 1.5, -1.5)[:, None] + 0.7 * noise(2, "own", 100, 4))
    assert told.verdict.stands and told.left_out > 0.85
    assert {"one", "switch"} <= {name for box in told.boxes for name in box.limits}
    best = told.prim.best
    assert set(best.limits) == {"one", "switch"} and best.density > 0.85 and best.coverage > 0.85
    assert best.limits["one"][0] == pytest.approx(0.4, abs=0.06)
    said = "\n".join(told.words())
    assert "More than chance finds" in said and "PRIM: so where" in said and "coverage, density, mass" in said


# ------------------------------------------------------------------------------------------------ PRIM


def test_peeling_trades_coverage_for_density_a_little_at_a_time():
    x = draws(3, "peel", 200, 3)
    cases = (x[:, 0] > 0.7) & (x[:, 1] < 0.6)
    told = prim.prim(x, cases, [("x", None), ("y", None), ("z", None)])
    mass = [box.mass for box in told.trajectory]
    assert mass[0] == 1.0 and told.trajectory[0].conditions == () and told.trajectory[0].coverage == 1.0
    assert all(0.9 * before <= after < before for before, after in itertools.pairwise(mass))
    assert told.trajectory[-1].density == 1.0 and told.best.density > 0.95 and told.best.coverage > 0.95
    assert set(told.best.limits) == {"x", "y"}, "what is not needed falls"


def test_pasting_takes_back_what_was_peeled_too_far():
    x = draws(5, "paste", 300, 1)
    cases = x[:, 0] > 0.5
    narrow = prim.Edges(np.array([0.7]), np.array([0.9]), (x[:, 0] >= 0.7) & (x[:, 0] <= 0.9))
    wide = prim.paste(x, cases, narrow)
    assert wide.high[0] == np.inf and 0.45 < wide.low[0] < 0.55
    assert (wide.inside == cases).mean() > 0.98


# ------------------------------------------------------------------------------------------------ regret


def test_regret_is_how_far_short_of_the_best_at_each_point():
    better = np.array([[[0.0, 3.0, 1.0]], [[0.0, -2.0, 1.0]]])  # two points, one replicate, three plans
    told = regret(better, ["nothing", "bold", "careful"])
    table = told.table.set_index("plan")
    assert table["largest"].to_dict() == {"nothing": 3.0, "bold": 3.0, "careful": 2.0}
    assert table["mean"].to_dict() == {"nothing": 2.0, "bold": 1.5, "careful": 1.0}
    assert table.loc["bold", "best_at"] == 0.5 and told.least == "careful"
    assert any("chance could turn" in line for line in told.words(str))


def test_a_choice_that_chance_could_turn_is_said_so():
    close = np.stack([noise(1, "one", 40, 4), noise(2, "two", 40, 4)], axis=2)
    assert any("chance could turn this: so in" in line for line in regret(close, ["one", "two"]).words(str))
    far = close + np.array([0.0, 20.0])
    assert (
        regret(far, ["one", "two"]).words(str)[-1] == "Least regret at its worst: two, by but 4 replicates."
    )
    assert regret(np.tile(far, (1, 2, 1)), ["one", "two"]).words(str)[-1] == "Least regret at its worst: two."


# ------------------------------------------------------------------------------------------------ what is better


@pytest.fixture(scope="module")
def swept(tmp_path_factory) -> Sweep:
    spec = {**SWEEP, "vary": {"interventions.0.groups": [5, 10, 20, 40]}}
    return sweep(spec, tmp_path_factory.mktemp("discovery") / "one", opener=open_quick, apart=False, jobs=1)


def test_beats_means_better_whichever_way_that_is(swept):
    for outcome in ("inactive", "active", "minutes_mean"):
        assert discover(swept, outcome=outcome).cases == 4, outcome
    assert discover(swept, outcome="cost").cases == 0, "it costs more than nothing"
    assert discover(swept, outcome="minutes_mean", when="lowers").cases == 0
    assert discover(swept, outcome="joined", when="raises").cases == 4
    with pytest.raises(InputError, match=r"neither more nor less.*raises"):
        discover(swept, outcome="joined")
    with pytest.raises(InputError, match="raises"):
        direction("inactive", "raise")


def test_a_threshold_asks_for_more(swept):
    every = [discover(swept, threshold=edge).cases for edge in (0.0, 0.05, 0.1, 0.9)]
    assert every == sorted(every, reverse=True) and every[0] == 4 and every[-1] == 0 < every[1] < 4
    with pytest.raises(InputError, match="not below 0"):
        discover(swept, threshold=-1.0)


def test_regret_counts_the_baseline_as_a_plan(swept):
    told = discover(swept)
    table = told.regret.table.set_index("plan")
    assert told.regret.least == "walk_and_talk" and table.loc["walk_and_talk", "largest"] == 0
    assert table.loc["baseline", "largest"] == pytest.approx(-told.frame["difference"].min())
    assert discover(swept, outcome="joined", when="raises").regret is None


# ------------------------------------------------------------------------------------------------ ranges


class Rare(QuickTown):
    """A town where the plan moves but a few, by another little in each run."""

    def fork(self, interventions):
        push = 0.001 * (1 + self.job.replicate % 2) if interventions else 0.0
        return type(self)(self.job, push)


SEVERAL = ("inactive", "active", "gap_deprivation_difference", "gap_deprivation_ratio", "joined", "people_moved",
           "person_years_moved", "gap_deprivation_average", "minutes_mean", "cost")  # fmt: skip


@pytest.mark.parametrize("opener", [open_quick, Rare])
def test_points_have_the_ranges_of_the_sweeps_own_effects(tmp_path, opener):
    done = sweep({**SWEEP, "replicates": 4}, tmp_path / "one", opener=opener, apart=False, jobs=1)
    effects = done.effects()
    for outcome, group in [*((one, None) for one in SEVERAL), ("inactive", "imd_quintile=1")]:
        if outcome not in set(effects["outcome"]):
            continue
        own = effects[(effects["outcome"] == outcome) & (effects["horizon_weeks"] == SWEEP["weeks"])]
        own = own[(own["group"] == (group or "all=").split("=")[0]) & own["level"].isin(["all", "1"])]
        own = own[own["window_weeks"] == own["window_weeks"].max()].sort_values("point")
        found = discover(done, outcome=outcome, when="raises", group=group)
        np.testing.assert_allclose(found.frame["low"], own["range_low"], err_msg=outcome)
        np.testing.assert_allclose(found.frame["high"], own["range_high"], err_msg=outcome)
        assert found.cases == (own["range_low"] > 0).sum()


def test_with_fewer_than_four_replicates_nothing_is_sure(swept, tmp_path):
    said = " ".join(discover(swept).words())
    assert "surely" not in said and "fewer than 4 replicates nothing of this is sure" in said
    four = sweep({**SWEEP, "replicates": 4}, tmp_path / "one", opener=open_quick, apart=False, jobs=1)
    assert "surely at" in discover(four).words()[0] and discover(four).describe()["sure"]


# ------------------------------------------------------------------------------------------------ questions


def test_only_a_gap_widens_and_weeks_go_forward(swept):
    for when in ("widens", "narrows"):
        with pytest.raises(InputError, match=r"is no gap.*gap_deprivation_difference.*raises"):
            discover(swept, outcome="inactive", when=when)
        assert direction("sii", when) and direction("gap_deprivation_average", when)
    with pytest.raises(InputError, match="no stretch of weeks"):
        swept.differences(window=(36, 26))


def test_two_thresholds_are_kept_in_files_of_their_own(swept):
    for edge in ("0", "0.05", "0.1"):
        assert door("discover", str(swept.folder), "--threshold", edge).exit_code == 0
    names = {path.name for path in swept.folder.glob("discovery_*.json")}
    assert names == {"discovery_inactive_beats.json", "discovery_inactive_beats_by_0.05.json",
                     "discovery_inactive_beats_by_0.1.json"}  # fmt: skip
