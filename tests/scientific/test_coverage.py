"""How often 95% ranges hold a known truth, on real paired differences: those of many small runs are the population, their
mean is the truth, and comparisons are drawn from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import numpy as np
import pytest

from scenarios import compare
from scenarios.files.schema import Scenario
from scenarios.statistics.estimates import paired, ratio
from scenarios.statistics.resolution import FEW, THREE

pytestmark = pytest.mark.slow

RUNS, SAMPLE, WEEKS = 300, 0.01, 39
PLANS = ("walk_and_talk", "fair_share")
COMPARISONS = 3000
"""Drawn of each plan and number of replicates."""

Interval = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]


@pytest.fixture(scope="module")
def population():
    """(RUNS,) differences by plan and outcome, of plans delivered from the first week on, and of fifths."""
    plans = []
    for name in PLANS:
        told = Scenario.load(name).as_dict()
        for one in told["interventions"]:
            one["when"] = {"start_week": 0, "weeks": 26}
        plans.append(Scenario.from_dict(told, name))
    effects = compare(plans, replicates=RUNS, sample=SAMPLE, weeks=WEEKS, seed=11, parameters="fitted")
    found = {}
    for group in ("all", "imd_quintile"):
        rows = effects.runs(group).sort_values("replicate")
        for key, each in rows.groupby(["scenario", "outcome", "level"], observed=True):
            found[key] = each["difference"].to_numpy()
    return SimpleNamespace(of=found, adults=float(effects.manifest["adults"]),
                           residents=int(effects.manifest["residents"]))  # fmt: skip


def drawn(count: int) -> Iterator[tuple[str, np.ndarray]]:
    """Of each plan, which runs the comparisons (count, COMPARISONS) hold."""
    luck = np.random.default_rng(20)
    for plan in PLANS:
        yield plan, luck.integers(0, RUNS, (count, COMPARISONS))


def held(low: np.ndarray, truth: float, high: np.ndarray) -> np.ndarray:
    slack = 1e-12 * max(1.0, abs(truth))
    return (low <= truth + slack) & (truth - slack <= high)


def share_held(population, outcome: str, count: int, interval: Interval = paired) -> float:
    """Of all comparisons, the share whose range holds the truth."""
    told = []
    for plan, chosen in drawn(count):
        values = population.of[plan, outcome, "all"]
        _, low, high = interval(values[chosen])
        told.append(held(low, values.mean(), high))
    return float(np.mean(told))


@pytest.mark.parametrize("count", [10, 20])
@pytest.mark.parametrize("outcome", ["inactive", "gap_deprivation_difference", "joined"])
def test_ranges_hold_the_truth_as_often_as_they_say(population, outcome, count):
    assert 0.93 <= share_held(population, outcome, count) <= 0.97


@pytest.mark.parametrize("count", [10, 20])
def test_prices_hold_the_truth_as_often_as_they_say(population, count):
    told = []
    for plan, chosen in drawn(count):
        cost = population.of[plan, "cost", "all"]
        moved = -population.of[plan, "inactive", "all"] * population.adults
        for at in chosen.T:
            _, low, high = ratio(cost[at], moved[at])
            if np.isfinite(low):
                told.append(held(low, cost.mean() / moved.mean(), high))
    assert len(told) >= 400 and 0.93 <= np.mean(told) <= 0.97


def test_no_group_that_is_rarely_touched_is_told_without_doubt(population):
    """The plan for the most deprived fifth hardly reaches the others: Student's t held this in 22 to 54 of 100."""
    for count in (10, 20):
        for (plan, outcome, level), values in population.of.items():
            if outcome != "inactive" or level == "all" or np.mean(values != 0) > 0.1:
                continue
            _, chosen = next(drawn(count))
            least = THREE / count / (population.residents / 6)
            rare = (values[chosen] != 0).sum(axis=0) < FEW
            _, low, high = paired(values[chosen], least=np.where(rare, least, 0.0) * np.ones((2, 1)))
            assert held(low, values.mean(), high).mean() >= 0.93, (plan, level)
