"""Residents one by one: age, sex, disability, condition, care, work, money and know-how, zone by zone.

Rows stand zone by zone in the order of identity, and a row's place in its zone says nothing about it.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from model.parameters import Parameters
from model.population.columns import AGE_BAND_FLOORS, AGE_BANDS, AGE_GROUP_FLOORS, AGE_GROUPS, WORK
from model.synthesis.deal import Chance, begin, deal, logit, pick, round_counts, round_table, split_counts
from model.synthesis.zone_margins import Margins, group_name

NONE, UNEMPLOYED, SICK, PART_TIME, FULL_TIME, LONG_HOURS = range(len(WORK))
OLDEST = 105
PENSION_AGE = 66


def count_adults(margins: Margins, sample: float) -> np.ndarray:
    """Simulated adults of each zone (Z,): a share of the real ones, at least one where anybody lives."""
    counts = round_counts(margins.adults * sample)
    return np.where(margins.adults >= 0.5, np.maximum(counts, 1), counts)


def age_and_sex(
    margins: Margins, counts: np.ndarray, ids: np.ndarray, chance: Chance, p: Parameters
) -> tuple[np.ndarray, np.ndarray]:
    """Single year of age, and sex (0 = female), of each resident: uint8."""
    groups = round_table(counts[:, None] * margins.age, counts)
    wanted = counts[:, None] * margins.age * margins.women
    women = split_counts(
        groups, wanted, counts[:, None] * margins.age - wanted, round_counts(wanted.sum(axis=1))
    )
    cells = np.stack([women, groups - women], axis=2).reshape(len(counts), -1)
    level = deal(chance.uniform("people/age_sex", ids), begin(counts), cells)
    group, sex = level // 2, level % 2
    floors = np.array(AGE_GROUP_FLOORS, dtype=np.float64)
    widths = np.diff(floors, append=OLDEST)
    decline = np.zeros(len(AGE_GROUPS))
    decline[-2:] = p.age_decline_75_84, p.age_decline_85_plus
    u = chance.uniform("people/age_years", ids)
    rate, width = np.maximum(decline, 1e-9)[group], widths[group]
    years = (
        -np.log1p(-u * -np.expm1(-rate * width)) / rate
    )  # truncated exponential; flat where the rate is nought
    age = floors[group] + np.minimum(np.floor(years), width - 1)
    return age.astype(np.uint8), sex.astype(np.uint8)


def age_band(age: np.ndarray) -> np.ndarray:
    """Age band of each resident, uint8."""
    return (np.searchsorted(AGE_BAND_FLOORS, age, side="right") - 1).astype(np.uint8)


def disability(
    margins: Margins,
    counts: np.ndarray,
    age: np.ndarray,
    sex: np.ndarray,
    ids: np.ndarray,
    chance: Chance,
    p: Parameters,
) -> np.ndarray:
    """Census disability (0, 1, 2): England's shape by age, moved so that each zone's count holds."""
    starts = begin(counts)
    rates = np.array([getattr(p, f"disabled_rate_{group_name(band)}") for band in AGE_BANDS])
    log_odds = logit(rates)[age_band(age)] - p.disabled_women_log_odds * sex
    disabled = pick(
        chance.logistic("people/disability", ids), log_odds, starts, round_counts(counts * margins.disabled)
    )
    number = np.add.reduceat(np.append(disabled, False).astype(np.int64), starts[:-1]) * (counts > 0)
    a_lot = pick(
        chance.logistic("people/limited_a_lot", ids),
        p.limited_a_lot_older_log_odds * age / 10.0,
        starts,
        round_counts(number * margins.limited_a_lot),
        among=disabled,
    )
    return disabled.astype(np.uint8) + a_lot.astype(np.uint8)


def condition(
    margins: Margins,
    zone: np.ndarray,
    age: np.ndarray,
    disabled: np.ndarray,
    ids: np.ndarray,
    chance: Chance,
    p: Parameters,
) -> np.ndarray:
    """Survey-type limiting condition: the disabled, and others of the place by age and deprivation."""
    rates = np.array([getattr(p, f"disabled_rate_{group_name(band)}") for band in AGE_BANDS])
    log_odds = logit(rates)[age_band(age)] + p.condition_deprivation_log_odds * margins.deprivation[zone]
    extra = round_counts(np.array([(p.condition_ratio - 1.0) * np.count_nonzero(disabled)]))
    others = pick(
        chance.logistic("people/condition", ids),
        log_odds,
        begin(np.array([len(ids)])),
        extra,
        among=disabled == 0,
    )
    condition: np.ndarray = ((disabled > 0) | others).astype(np.uint8)
    return condition


def carers(
    margins: Margins,
    counts: np.ndarray,
    age: np.ndarray,
    sex: np.ndarray,
    lives_with_disabled: np.ndarray,
    ids: np.ndarray,
    chance: Chance,
    p: Parameters,
) -> np.ndarray:
    """Who gives 20 or more hours of care a week (0, 1)."""
    log_odds = (
        p.carer_women_log_odds * (sex == 0)
        + p.carer_with_disabled_log_odds * lives_with_disabled
        - 0.5 * ((age - p.carer_age) / p.carer_age_spread) ** 2
    )
    return pick(
        chance.logistic("people/carer", ids), log_odds, begin(counts), round_counts(counts * margins.carers)
    ).astype(np.uint8)


def work(
    margins: Margins,
    counts: np.ndarray,
    age: np.ndarray,
    sex: np.ndarray,
    disabled: np.ndarray,
    carer: np.ndarray,
    ids: np.ndarray,
    chance: Chance,
    p: Parameters,
) -> np.ndarray:
    """Work status (WORK) of each resident; 75 and over do not work. Each zone's counts of 16-74 hold."""
    starts = begin(counts)
    free = age < 75
    number = np.add.reduceat(np.append(free, False).astype(np.int64), starts[:-1]) * (counts > 0)
    women = sex == 0
    status = np.zeros(len(ids), dtype=np.uint8)

    def give(
        level: int, purpose: str, log_odds: np.ndarray, count: np.ndarray, among: np.ndarray
    ) -> np.ndarray:
        chosen = pick(chance.logistic(purpose, ids), log_odds, starts, count, among)
        status[chosen] = level
        return chosen

    pension = age >= PENSION_AGE
    sick_odds = (
        np.array([0.0, p.sick_limited_a_little_log_odds, p.sick_limited_a_lot_log_odds])[disabled]
        + p.sick_pension_age_log_odds * pension
    )
    n_sick, n_unemployed = round_counts(number * margins.sick), round_counts(number * margins.unemployed)
    n_employed = np.minimum(
        round_counts(number * (margins.active - margins.unemployed)), number - n_sick - n_unemployed
    )
    free &= ~give(SICK, "people/sick", sick_odds, n_sick, free)
    jobless_odds = p.unemployed_young_log_odds * (age < 25) + p.unemployed_pension_age_log_odds * pension
    free &= ~give(UNEMPLOYED, "people/unemployed", jobless_odds, n_unemployed, free)
    rates = np.array(
        [p.employed_rate_16_24, p.employed_rate_25_54, p.employed_rate_55_64, p.employed_rate_65_74]
    )
    odds = (
        logit(rates)[np.searchsorted([25, 55, 65], age, side="right")]
        + p.employed_women_log_odds * women
        + p.employed_disabled_log_odds * (disabled > 0)
        + p.employed_carer_log_odds * carer
    )
    employed = give(FULL_TIME, "people/employed", odds, n_employed, free)
    part_odds = p.part_time_women_log_odds * women + p.part_time_old_young_log_odds * (
        (age < 25) | (age >= 65)
    )
    part = give(
        PART_TIME, "people/part_time", part_odds, round_counts(n_employed * margins.part_time), employed
    )
    give(
        LONG_HOURS,
        "people/long_hours",
        p.long_hours_women_log_odds * women,
        round_counts(n_employed * margins.long_hours),
        employed & ~part,
    )
    return status


def means(
    margins: Margins,
    zone: np.ndarray,
    status: np.ndarray,
    household: np.ndarray,
    n_households: int,
    ids: np.ndarray,
    chance: Chance,
    p: Parameters,
) -> np.ndarray:
    """Money to spend as a national rank (0-1): the zone's income, the household's work, and luck."""
    adults = np.maximum(np.bincount(household, minlength=n_households), 1)
    score_of = np.array([getattr(p, f"means_of_{level}") for level in WORK])
    work_score = (np.bincount(household, weights=score_of[status], minlength=n_households) / adults)[
        household
    ]
    shared = chance.normal("people/means_shared", np.arange(n_households))[household]
    own = chance.normal("people/means_own", ids)
    noise = np.sqrt(p.means_shared) * shared + np.sqrt(1.0 - p.means_shared) * own
    rest = np.sqrt(max(1.0 - p.means_zone**2 - (0.55 * p.means_work) ** 2, 0.05))  # 0.55: SD of work_score
    score = p.means_centre + p.means_zone * margins.income[zone] + p.means_work * work_score + rest * noise
    rank: np.ndarray = ndtr(score).astype(np.float32)
    return rank


def knowhow(
    margins: Margins,
    zone: np.ndarray,
    age: np.ndarray,
    money: np.ndarray,
    ids: np.ndarray,
    chance: Chance,
    p: Parameters,
) -> np.ndarray:
    """Know-how as a national standard score: the zone's schooling, the cohort's, own money, and noise."""
    cohorts = np.array([p.knowhow_young, p.knowhow_middle, p.knowhow_older, p.knowhow_old])
    cohort = cohorts[np.searchsorted([25, 50, 65], age, side="right")]
    own_money = logit(np.clip(money, 1e-4, 1 - 1e-4)) / 1.8 - p.means_zone * margins.income[zone]
    spread = np.sqrt(
        max(1.0 - p.knowhow_zone**2 - p.knowhow_means**2 - 0.1, 0.1)
    )  # 0.1: variance of the cohorts
    score = (
        p.knowhow_zone * margins.education[zone]
        + p.knowhow_means * own_money
        + cohort
        + spread * chance.normal("people/knowhow", ids)
    )
    held: np.ndarray = np.clip(score, -5.0, 5.0).astype(np.float32)
    return held
