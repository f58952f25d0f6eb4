"""Weighted shares, gaps and association, as surveys publish them."""

from __future__ import annotations

import numpy as np

from model.population.columns import WORK
from model.population.people import People

STUDENTS_BELOW, RETIRED_FROM = 25, 66
"""Ages that tell students and the retired among those who neither work nor seek it."""


def share(values: np.ndarray, weights: np.ndarray, among: np.ndarray | None = None) -> float:
    """Weighted mean of 0/1 values or shares, percent; among: a mask."""
    if among is None:
        among = np.ones(len(values), dtype=bool)
    return float(100 * (values * weights)[among].sum() / max(weights[among].sum(), 1e-12))


def correlation(one: np.ndarray, two: np.ndarray, weights: np.ndarray) -> float:
    """Weighted correlation; 0 when either does not vary."""
    w = weights / weights.sum()
    a, b = one - (w * one).sum(), two - (w * two).sum()
    spread = np.sqrt((w * a * a).sum() * (w * b * b).sum())
    return float((w * a * b).sum() / spread) if spread > 0 else 0.0


def quantile(values: np.ndarray, weights: np.ndarray, at: float) -> float:
    """Weighted quantile."""
    order = np.argsort(values, kind="stable")
    grown = np.cumsum(weights[order]) / weights.sum()
    return float(values[order[min(int(np.searchsorted(grown, at)), len(values) - 1)]])


def kappa(one: np.ndarray, two: np.ndarray, weights: np.ndarray, levels: int = 2) -> float:
    """Cohen's kappa of two readings (0 to levels - 1), with linear weights; 0 when nothing can be told."""
    table = np.zeros((levels, levels))
    np.add.at(table, (one.astype(int), two.astype(int)), weights)
    table /= table.sum()
    apart = np.abs(np.subtract.outer(np.arange(levels), np.arange(levels))) / (levels - 1)
    expected = (apart * np.outer(table.sum(axis=1), table.sum(axis=0))).sum()
    return float(1 - (apart * table).sum() / expected) if expected > 0 else 0.0


def odds_ratio(
    one: np.ndarray, two: np.ndarray, weights: np.ndarray, strata: np.ndarray | None = None
) -> float:
    """Odds ratio of two 0/1 readings, within strata after Mantel and Haenszel; 1 when nothing can be told."""
    strata = np.zeros(len(one), dtype=int) if strata is None else np.unique(strata, return_inverse=True)[1]
    cells = np.zeros((strata.max(initial=0) + 1, 2, 2))
    np.add.at(cells, (strata, one.astype(int), two.astype(int)), weights)
    total = np.maximum(cells.sum(axis=(1, 2)), 1e-12)
    top = (cells[:, 0, 0] * cells[:, 1, 1] / total).sum()
    below = (cells[:, 0, 1] * cells[:, 1, 0] / total).sum()
    return float(top / below) if below > 0 and top > 0 else 1.0


def couples(people: People) -> np.ndarray:
    """(C, 2) rows of wife and husband: the one woman and the one man of 25 or over, within 15 years, of a household."""
    grown = np.flatnonzero(people.age >= 25)
    order = grown[np.argsort(people.household[grown], kind="stable")]
    _, first, count = np.unique(people.household[order], return_index=True, return_counts=True)
    two = first[count == 2]
    one, other = order[two], order[two + 1]
    apart = np.abs(people.age[one].astype(int) - people.age[other]) <= 15
    pairs = (people.sex[one] != people.sex[other]) & apart
    one, other = one[pairs], other[pairs]
    woman = people.sex[one] == 0
    return np.column_stack([np.where(woman, one, other), np.where(woman, other, one)])


def spouse_odds_ratio(people: People, active: np.ndarray, weights: np.ndarray) -> float:
    """Odds of the wife being active when the husband is, within age band, fifth and either's condition."""
    wife, husband = couples(people).T
    return odds_ratio(active[wife], active[husband], weights[wife], couples_strata(people, wife, husband))


def couples_strata(people: People, wife: np.ndarray, husband: np.ndarray) -> np.ndarray:
    """(C,) what couples are held against each other within, as one number: age band, fifth, conditions of both."""
    strata: np.ndarray = people.age_band[husband].astype(int) * 100 + people.imd_quintile[husband] * 10
    strata += people.condition[wife] * 2 + people.condition[husband]
    return strata


def disadvantages(people: People, weights: np.ndarray) -> np.ndarray:
    """(n,) how many of: lowest 30% of know-how (16 to 74), a limiting condition, 65 or over, Asian or Black."""
    low = (people.age < 75) & (people.knowhow <= _knowhow_cuts(people, weights)[0])
    count: np.ndarray = (
        low.astype(int) + (people.condition == 1) + (people.age >= 65) + np.isin(people.ethnicity, (1, 2))
    )
    return count


def _knowhow_cuts(people: People, weights: np.ndarray) -> tuple[float, float]:
    """Know-how below which are 30% of adults of 16 to 74, and above which are 35%: NS-SEC 6-8, and 1-2."""
    young = people.age < 75
    values, mine = people.knowhow[young], weights[young]
    return quantile(values, mine, 0.30), quantile(values, mine, 0.65)


def by_group(people: People, weights: np.ndarray, low: np.ndarray, high: np.ndarray) -> dict[str, float]:
    """Percent inactive and active by group; low, high: (n,) share of readings at which somebody was."""
    young, old = people.age < 75, people.age >= 55
    women, idle = people.sex == 0, people.work == WORK.index("none")
    bottom, top = _knowhow_cuts(people, weights)
    poor = people.means < quantile(people.means, weights, 0.2)
    rich = people.means >= quantile(people.means, weights, 0.8)
    number = disadvantages(people, weights)
    fifths = ("most_deprived", "second_fifth", "third_fifth", "fourth_fifth", "least_deprived")

    def at(values: np.ndarray, mask: np.ndarray) -> float:
        return share(values, weights, mask)

    found = {f"inactive_{name}": at(low, people.imd_quintile == k) for k, name in enumerate(fifths, 1)}
    return found | {
        "inactive_condition": at(low, people.condition == 1),
        "inactive_no_condition": at(low, people.condition == 0),
        "active_condition": at(high, people.condition == 1),
        "inactive_limited_a_lot": at(low, people.disability == 2),
        "inactive_women": at(low, people.sex == 0),
        "inactive_men": at(low, people.sex == 1),
        "active_women": at(high, people.sex == 0),
        "active_men": at(high, people.sex == 1),
        "active_55_and_over": at(high, old),
        "inactive_knowhow_low": at(low, young & (people.knowhow <= bottom)),
        "inactive_knowhow_high": at(low, young & (people.knowhow > top)),
        "active_means_gap": at(high, rich) - at(high, poor),
        "inactive_asian": at(low, people.ethnicity == 1),
        "inactive_black": at(low, people.ethnicity == 2),
        "inactive_mixed": at(low, people.ethnicity == 3),
        "inactive_other_ethnic": at(low, people.ethnicity == 4),
        "active_asian_women": at(high, women & (people.ethnicity == 1)),
        "active_asian_men": at(high, ~women & (people.ethnicity == 1)),
        "active_black_women": at(high, women & (people.ethnicity == 2)),
        "inactive_full_time": at(low, people.work >= WORK.index("full_time")),
        "inactive_part_time": at(low, people.work == WORK.index("part_time")),
        "inactive_unemployed": at(low, people.work == WORK.index("unemployed")),
        "inactive_long_term_sick": at(low, people.work == WORK.index("long_term_sick")),
        "inactive_retired": at(low, idle & (people.age >= RETIRED_FROM)),
        "inactive_students": at(low, idle & (people.age < STUDENTS_BELOW)),
        "active_no_disadvantage": at(high, number == 0),
        "active_one_disadvantage": at(high, number == 1),
        "active_two_disadvantages": at(high, number >= 2),
        "carers_minus_all_55": at(low, old & (people.carer == 1)) - at(low, old),
    }


AGES = ("16-54", "55-74", "75_and_over")
"""Ages of the crossings: too few people are left in finer ones."""


def crossed(people: People, weights: np.ndarray, low: np.ndarray) -> dict[str, float]:
    """Percent inactive by age, condition and fifth together: `cross_AGE_CONDITION_FIFTH`."""
    age = np.digitize(people.age, [55, 75])
    return {
        f"cross_{AGES[a]}_{'yes' if c else 'no'}_{q}": share(
            low, weights, (age == a) & (people.condition == c) & (people.imd_quintile == q)
        )
        for a in range(3)
        for c in range(2)
        for q in range(1, 6)
    }


def cells(people: People) -> np.ndarray:
    """(n,) cell of age band, sex, condition and fifth: what a simple regression would know of a person."""
    cell: np.ndarray = (
        ((people.age_band.astype(int) * 2 + people.sex) * 2 + people.condition) * 5 + people.imd_quintile - 1
    )
    return cell


CELLS = 6 * 2 * 2 * 5
