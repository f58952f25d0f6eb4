"""The figures of a place that a survey can give and a year of the model measures: by outcome, group and level."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from model.limits import ACTIVE_FROM, INACTIVE_BELOW
from model.outcomes.strata import CROSSABLE
from model.population.attributes import BY_NAME
from model.population.columns import AGE_BANDS, KINDS, LEVELS

GROUPS = {name: levels for name, levels in CROSSABLE.items() if name not in BY_NAME or BY_NAME[name].asked}
"""Attributes that a survey asks; the segments of those who take things up are the model's own."""
NATIONAL = {
    **{f"inactive_{name}": ("inactive", "imd_quintile", str(fifth)) for fifth, name in enumerate(
        ("most_deprived", "second_fifth", "third_fifth", "fourth_fifth", "least_deprived"), 1)},
    **{f"inactive_{band}": ("inactive", "age_band", band) for band in AGE_BANDS},
    "inactive_condition": ("inactive", "condition", "yes"),
    "inactive_no_condition": ("inactive", "condition", "no"),
    "active_condition": ("active", "condition", "yes"),
    "inactive_limited_a_lot": ("inactive", "disability", "limited_a_lot"),
    "inactive_women": ("inactive", "sex", "female"),
    "inactive_men": ("inactive", "sex", "male"),
    "active_women": ("active", "sex", "female"),
    "active_men": ("active", "sex", "male"),
    "inactive_asian": ("inactive", "ethnicity", "asian"),
    "inactive_black": ("inactive", "ethnicity", "black"),
    "inactive_mixed": ("inactive", "ethnicity", "mixed"),
}  # fmt: skip
"""Names that these figures have among the national targets."""
OTHERS = {
    "inactive_ohid": ("%", "inactive as OHID counts: 19 and over, gardening counted"),
    "walking_share": ("%", "walking, of all active minutes but gardening"),
    **{f"does_{kind}": ("%", f"did {kind.replace('_', ' ')} twice or more in 28 days") for kind in KINDS},
    "walks_monthly": ("%", "walked in the last four weeks, for any purpose"),
    "walks_weekly": ("%", "walked four times or more in 28 days, for any purpose"),
    "walks_3_a_week": ("%", "walked three times or more in a week"),
    "walks_5_a_week": ("%", "walked five times or more in a week"),
    "travel_weekly": ("%", "walked for travel four times or more in 28 days"),
    "cycles_monthly": ("%", "cycled in the last four weeks"),
    "cycles_weekly": ("%", "cycled four times or more in 28 days"),
    "cycles_5_a_week": ("%", "cycled twenty times or more in 28 days"),
    "active_by_walking_alone": ("%", f"of the active: {ACTIVE_FROM} minutes by leisure walking alone"),
    "minutes_mean": ("min/week", "active minutes of an adult, but gardening"),
    "winter_minus_summer": ("points", "inactive in winter, less inactive in summer"),
    "spouse_odds_ratio": ("ratio", "odds of the wife being active when the husband is"),
    "correlation_1_year": ("r", "log minutes of the same people, a year apart"),
    "inactive_knowhow_low": ("%", "inactive: routine occupations (NS-SEC 6-8), 16 to 74"),
    "inactive_knowhow_high": ("%", "inactive: higher occupations (NS-SEC 1-2), 16 to 74"),
    "active_means_gap": ("points", "active: highest fifth of incomes, less the lowest"),
    "active_55_and_over": ("%", "active: 55 and over"),
    "active_no_disadvantage": ("%", "active: none of low class, disability, 65 and over, Asian or Black"),
    "active_two_disadvantages": ("%", "active: two or more of those"),
    "carers_minus_all_55": ("points", "inactive: carers of 55 and over, less all of 55 and over"),
    "inactive_full_time": ("%", "inactive: at work full time"),
    "inactive_part_time": ("%", "inactive: at work part time"),
    "inactive_unemployed": ("%", "inactive: out of work and seeking it"),
    "inactive_long_term_sick": ("%", "inactive: long-term sick"),
    "inactive_retired": ("%", "inactive: 66 and over, not at work"),
    "inactive_students": ("%", "inactive: 16 to 24, neither at work nor seeking it (students, most of them)"),
    "inactive_other_ethnic": ("%", "inactive: other ethnic groups"),
    "active_asian_women": ("%", "active: Asian women"),
    "active_asian_men": ("%", "active: Asian men"),
    "active_black_women": ("%", "active: Black women"),
}
"""Figures of all adults that are no share at a level, or of a group that is no attribute: unit, and meaning."""
ALL = "all"


@dataclass(frozen=True)
class Figure:
    """One figure. `group` and `level` are `all` where it is of everybody, or of a group of its own."""

    name: str
    outcome: str
    group: str
    level: str
    unit: str
    meaning: str

    @property
    def key(self) -> tuple[str, str, str]:
        """How a table of results would name it."""
        return self.outcome, self.group, self.level


@cache
def figures() -> dict[str, Figure]:
    """Every figure by name, those of all adults first."""
    of_group = {key: name for name, key in NATIONAL.items()}
    found = [Figure(level, level, ALL, ALL, "%", _said(level)) for level in LEVELS]
    found += [Figure(name, name, ALL, ALL, unit, meaning) for name, (unit, meaning) in OTHERS.items()]
    for outcome in LEVELS:
        for group, levels in GROUPS.items():
            for level in levels:
                name = of_group.get((outcome, group, level), f"{outcome}_{group}_{level}")
                meaning = f"{_said(outcome)}: {group.replace('_', ' ')} {level.replace('_', ' ')}"
                found.append(Figure(name, outcome, group, level, "%", meaning))
    return {one.name: one for one in found}


def _said(level: str) -> str:
    return {"inactive": f"under {INACTIVE_BELOW} minutes a week", "fairly_active": f"{INACTIVE_BELOW} to {ACTIVE_FROM - 1} minutes a week",
            "active": f"{ACTIVE_FROM} minutes a week or more"}[level]  # fmt: skip
