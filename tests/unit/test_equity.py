"""Gaps have closed forms: a rate that is a straight line of rank has SII = b and RII = (a + b) / a."""

from datetime import date

import numpy as np
import pytest

from model.outcomes import equity, levels, summary
from model.outcomes.record import UNIT, Record


def record_of(
    inactive: dict[tuple[str, str], list[float]], people: dict[tuple[str, str], int], **flows
) -> Record:
    """A record whose strata hold so many people, with the given share inactive week by week; the rest are active."""
    strata = list(inactive)
    shares = np.array([inactive[stratum] for stratum in strata]).T
    total = np.array([people[stratum] for stratum in strata]) * UNIT
    still = np.rint(shares * total).astype(np.int64)
    counts = np.stack([still, np.zeros_like(still), total - still], axis=2)
    weeks = np.arange(len(shares))
    return Record(strata, weeks, counts, counts[:, :, 2] * 100, np.zeros((len(shares), 6), np.int64),
                  {name: np.asarray(flow, float) for name, flow in flows.items()})  # fmt: skip


@pytest.mark.parametrize("people", [[20, 20, 20, 20, 20], [5, 10, 20, 40, 25], [1, 0, 3, 0, 7]])
@pytest.mark.parametrize(("a", "b"), [(0.2, 0.15), (0.3, -0.1), (0.25, 0.0)])
def test_straight_line_gives_its_own_slope_and_ends(people, a, b):
    people = np.array(people)
    rates = a + b * equity.ridit_midpoints(people)
    sii, rii = equity.slope_indices(rates[None], people)
    assert sii[0] == pytest.approx(b, abs=1e-12)
    assert rii[0] == pytest.approx((a + b) / a)


def test_ridit_midpoints_of_equal_fifths():
    assert equity.ridit_midpoints(np.ones(5)) == pytest.approx([0.1, 0.3, 0.5, 0.7, 0.9])


def test_slope_weights_groups_by_their_people():
    rates = np.array([[0.1, 0.5, 0.3]])
    people = np.array([100.0, 1.0, 100.0])
    slope = np.polyfit(equity.ridit_midpoints(people), rates[0], 1, w=np.sqrt(people))[0]
    assert equity.slope_indices(rates, people)[0][0] == pytest.approx(slope)


def test_one_group_has_no_gap():
    sii, rii = equity.slope_indices(np.array([[0.3, 0.4]]), np.array([10, 0]))
    assert np.isnan(sii[0]) and np.isnan(rii[0])


def test_ratio_of_nothing_is_unknown():
    assert np.isnan(equity.ratio(np.array([0.2]), np.array([0.0]))[0])


def test_gaps_name_the_most_deprived_first():
    rates = {"1": 0.35, "2": 0.3, "3": 0.25, "4": 0.22, "5": 0.2}
    cells = {("imd_quintile", level): [rate] for level, rate in rates.items()}
    cells |= {("condition", "no"): [0.2], ("condition", "yes"): [0.4]}
    gaps = summary.gaps(record_of(cells, dict.fromkeys(cells, 1000)))
    assert gaps["gap_deprivation_ratio"][0] == pytest.approx(1.75, rel=1e-4)
    assert gaps["gap_deprivation_difference"][0] == pytest.approx(0.15, abs=1e-4)
    assert gaps["gap_disability_ratio"][0] == pytest.approx(2, rel=1e-4)
    assert gaps["gap_disability_difference"][0] == pytest.approx(0.2, abs=1e-4)
    assert gaps["sii"][0] > 0.15 and gaps["rii"][0] > 1.75


def test_ranks_stay_those_of_the_first_week():
    cells = {
        ("imd_quintile", level): [rate] * 60
        for level, rate in zip("12345", [0.5, 0.4, 0.3, 0.2, 0.1], strict=True)
    }
    record = record_of(cells, dict.fromkeys(cells, 1000))
    first = summary.gaps(record)["sii"][0]
    record.counts[1:, 0] *= 9  # later, nine times as many live in the most deprived fifth at the same rate
    last = summary.at_horizons(record, [levels.Window(60, 8, 60)])[0]
    column = [key.outcome for key in summary.keys(record)].index("sii")
    assert last[column] == pytest.approx(first, abs=1e-9)


def test_windows_cover_the_horizons():
    chosen = levels.windows(104)
    assert [(w.horizon_weeks, w.first, w.last) for w in chosen] == [
        (12, 8, 12),
        (26, 22, 26),
        (52, 48, 52),
        (104, 52, 104),
    ]
    assert [(w.horizon_weeks, w.weeks) for w in levels.windows(8)] == [(8, 8)]


def test_flows_add_up_and_stocks_average():
    record = record_of({("all", "all"): [0.3, 0.2, 0.1, 0.2]}, {("all", "all"): 100}, joined=[1, 2, 3, 4],
                       members=[0, 2, 4, 6], cost=[10, 0, 0, 5])  # fmt: skip
    names = [key.outcome for key in summary.keys(record)]
    week = dict(zip(names, summary.weekly(record)[2], strict=True))
    assert (week["joined"], week["members"], week["cost"]) == (6, 4, 10)
    over = dict(zip(names, summary.at_horizons(record, [levels.Window(4, 1, 4)])[0], strict=True))
    assert (over["joined"], over["members"], over["cost"]) == (10, 4, 15)
    assert over["inactive"] == pytest.approx(np.mean([0.2, 0.1, 0.2]), abs=1e-3)


def test_tidy_weeks_hold_every_outcome_and_zones_seldom():
    cells = {("all", "all"): [0.2] * 6, ("zone", "E01"): [0.2] * 6}
    table = summary.frame(record_of(cells, dict.fromkeys(cells, 50)), date(2026, 1, 5), zone_step=4)
    assert sorted(table.loc[table["group"] == "zone", "week"].unique()) == [0, 4]
    everybody = table[(table["group"] == "all") & (table["outcome"] == "inactive")]
    assert len(everybody) == 6
    assert str(everybody["date"].iloc[1].date()) == "2026-01-12"
    assert everybody["value"].tolist() == pytest.approx([0.2] * 6, abs=1e-3)


def test_shares_of_a_stratum_sum_to_one():
    record = record_of({("all", "all"): [0.21, 0.4]}, {("all", "all"): 77})
    assert levels.by_stratum(record)[:, 0, :3].sum(axis=1) == pytest.approx([1, 1])


def test_describe_groups_the_last_year():
    cells = {("all", "all"): [0.5] * 8 + [0.25] * 52, ("sex", "female"): [0.5] * 8 + [0.25] * 52}
    record = record_of(cells, dict.fromkeys(cells, 100))
    record.reach = {("all", "all"): 0.1, ("sex", "female"): 0.2}
    told = summary.describe(record)
    assert told["outcomes"]["inactive"] == pytest.approx(0.25)
    assert told["by"]["sex"]["female"]["reach"] == 0.2
    assert np.isnan(told["gaps"]["sii"])
