"""The patterns P1 to P9, change of persons, crossings that nobody fitted: each function brings its rows."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from calibration import targets
from calibration.measures import shares
from calibration.validation import naive
from calibration.validation.pattern import Measured, Row, against, brings, pattern_row, within

WHICH = {"walking_share": "P2", "winter_minus_summer": "P8", "kappa_20_years": "P3", "correlation_1_year": "P3",
         "kappa_7_years": "P3", "active_again_odds_ratio": "P3", "became_active_1_year": "P3",
         "retention_3_months": "P5", "spouse_odds_ratio": "ties", "inactive_most_deprived": "P2",
         "inactive_least_deprived": "P2", "inactive_condition": "P2", "inactive_no_condition": "P2"}  # fmt: skip


@brings
def published(measured: Measured) -> list[Row]:
    """Every target, fitted or held out; the naive regression beside those that it can see."""
    rows = []
    seen = naive.masks()
    for target in targets.read():
        if measured.has(target.name):
            beside = naive.rate(seen[target.name]) if target.name in seen else None
            name = target.name.replace("_", " ")
            rows.append(
                against(WHICH.get(target.name, "P1"), name, target, measured.values(target.name), beside)
            )
    return rows


@brings
def gaps(measured: Measured) -> list[Row]:
    """The two ratios of the founding documents."""
    rows = []
    for name, over, under, low, high, note in (
        ("most over least deprived", "inactive_most_deprived", "inactive_least_deprived", 1.5, 1.8, "A071; founding documents 1.75"),
        ("disabled over not", "inactive_condition", "inactive_no_condition", 1.85, 2.1, "A057; founding documents 2"),
    ):  # fmt: skip
        if measured.has(over):
            ratio = measured.values(over, "year") / measured.values(under, "year")
            rows.append(within("P2", name, "ratio", low, high, ratio, note, "fit"))
    return rows


@brings
def stationary(measured: Measured) -> list[Row]:
    """Without plans the share inactive neither rises nor falls over twenty years."""
    if not measured.has("drift_of_inactive"):
        return []
    values = measured.values("drift_of_inactive")
    return [
        within(
            "P3", "inactive, year 20 minus year 1", "points", -1.5, 1.5, values, "must stand still (design)"
        )
    ]


@brings
def change(measured: Measured) -> list[Row]:
    """How people move between levels from one year to the next."""
    return [pattern_row("change", f"of the {one.replace('_', ' ')}, {two.replace('_', ' ')} a year on", "%",
                 measured.values(f"move_{one}_{two}"), "no English panel is published")
            for one in ("inactive", "fairly_active", "active") for two in ("inactive", "fairly_active", "active")
            if measured.has(f"move_{one}_{two}")]  # fmt: skip


def _ranged(
    measured: Measured, id: str, table: Sequence[tuple[str, str, str, float, float, str]]
) -> list[Row]:
    """Rows of numbers held to a range, as far as they were measured: (name, words, unit, low, high, note) each."""
    return [within(id, text, unit, low, high, measured.values(name), note)
            for name, text, unit, low, high, note in table if measured.has(name)]  # fmt: skip


def _told(measured: Measured, id: str, table: Sequence[tuple[str, str, str, str]]) -> list[Row]:
    """The same of numbers for which nothing is published: (name, words, unit, note) each."""
    return [pattern_row(id, text, unit, measured.values(name), note)
            for name, text, unit, note in table if measured.has(name)]  # fmt: skip


@brings
def course(measured: Measured) -> list[Row]:
    """Regression to the mean, programmes and after them, illness."""
    rows = _ranged(measured, "P5", (
        ("walks_on_register_6_weeks", "led walks: still members six weeks on", "%", 60, 85, "28% lost by week 6 (S057); the chance of leaving is an input"),
        ("walks_on_register_20_weeks", "led walks: still members about 20 weeks on", "%", 40, 78, "45% lost in 24 weeks (S057), 77% stay (S054); an input"),
        ("walks_joined_women", "led walks: members who are women", "%", 65, 80, "S053; enters through uptake_female"),
        ("walks_joined_55", "led walks: members of 55 and over", "%", 65, 80, "about 75 (S053); enters through uptake_older"),
        ("walks_gain_minutes", "led walks: gain at the end, all who joined", "min/week", 20, 60, "I010 45 (30-60) at its best; H015 45"),
        ("walks_kept_13_weeks", "of that gain, left after 13 weeks", "%", 50, 90, "H015 70 (60-80)"),
        ("walks_kept_26_weeks", "of that gain, left after 26 weeks", "%", -45, 60, "I005: back to the start at 4 to 8 months"),
        ("walks_net_13_weeks", "joiners, 3 months on: minutes above themselves without the walks", "min/week", 10, 50, "I011 34 (20-50) at 12 months; I005 nothing at 8"),
        ("walks_net_52_weeks", "the same, 12 months on", "min/week", -20, 50, "I005 0 (-20 to 20), I011 34 (20-50)"),
        ("walks_net_104_weeks", "the same, 24 months on", "min/week", -20, 105, "I005 0 (-20 to 20); I069 70 (35-105) where walks go on"),
        ("walks_left_net_104_weeks", "those of them who are in no group, 24 months on", "min/week", -20, 20, "design: back within 20 minutes of their start"),
        ("link_joined_deprived_fifths", "social prescribing: from the two most deprived fifths", "%", 40, 57, "S086 42, I041 57"),
        ("link_joined_women", "social prescribing: women", "%", 55, 65, "S086 60"),
    ))  # fmt: skip
    rows += _told(measured, "P5", (
        ("walks_net_156_weeks", "joiners, 36 months on: minutes above themselves without the walks", "min/week", "not published"),
        ("walks_on_register_20_weeks_most_deprived", "led walks, two most deprived fifths: still members about 20 weeks on", "%", "S067: fewer where more deprived"),
        ("walks_on_register_20_weeks_least_deprived", "the same, two least deprived fifths", "%", "S067"),
    ))  # fmt: skip
    for name, text in (
        ("picked_inactive_now", "people picked as inactive: minutes now"),
        ("picked_inactive_after_12", "the same people, nothing done, 12 weeks on"),
        ("picked_inactive_after_52", "the same people, nothing done, a year on"),
    ):
        if measured.has(name):
            rows.append(
                pattern_row("change", text, "min/week", measured.values(name), "regression to the mean")
            )
    for name, text in (
        ("ill_before", "before a spell of illness: minutes, of everybody's mean"),
        ("ill_in", "four weeks after it began"),
        ("ill_half_a_year_on", "half a year on"),
    ):
        if measured.has(name):
            rows.append(
                pattern_row("change", text, "%", measured.values(name), "life event: illness or injury")
            )
    if measured.has("walks_spillover"):
        values = measured.values("walks_spillover")
        rows.append(
            pattern_row(
                "ties",
                "led walks: others' gain for each 100 minutes of members'",
                "min",
                values,
                "not published",
            )
        )
    return rows


@brings
def mechanisms(measured: Measured) -> list[Row]:
    """What single causes do, net of displacement, and rural life."""
    rows = _ranged(measured, "cause", (
        ("free_entry_visits", "free entry everywhere: visits to places that cost something, with it to without it", "ratio", 1.43, 1.89, "I056 1.64"),
        ("free_entry_new_share", "of those visits, not done elsewhere otherwise", "%", 30, 45, "V011, from memory"),
        ("route_gain_near", "a new route: gain of those within a kilometre at two years", "min/week", 5, 25, "E011, range by judgement"),
        ("route_gain_per_km_nearer", "the same for each kilometre nearer, of all within 5 km", "min/week", 6.5, 24.2, "E011 15.3"),
        ("park_gain", "a park put in order: visits to it", "%", 0, 60, "E021 25"),
        ("invited_joined", "led walks: of invited inactive people of 45 to 75, joined", "%", 9, 11, "I013 10"),
        ("walkers_women", "led walks open to all: women among walkers", "%", 65, 80, "S053 72"),
        ("walkers_55", "the same: 55 and over", "%", 65, 80, "S053 about 75"),
        ("referred_women", "women among those whom the practice refers", "%", 55, 65, "S086 60"),
        ("rural_minus_urban", "inactive, rural less urban residents", "points", -4, -1.5, "O337 -3; never fitted"),
    ))  # fmt: skip
    return rows + _told(measured, "cause", (
        ("park_gain_net", "a park put in order: visits less what other places to walk at lose", "%", "E021 counts the park alone"),
        ("rural_minus_urban_alike", "inactive, rural less urban, within age, fifth and condition", "points", "O337: mostly age and affluence"),
        ("free_entry_inactive_points", "free entry everywhere: inactive", "points", "not published"),
    ))  # fmt: skip


@brings
def habit(measured: Measured) -> list[Row]:
    """P4: days of daily repetition to 95% of the asymptote, by the equation itself."""
    from model.parameters import Parameters

    p = Parameters.default()
    grown = 1 - math.exp(-7 * p.habit_gain)
    kept = math.exp(-p.habit_loss)
    settles = grown * kept / (1 - (1 - grown) * kept)
    strength, weeks = 0.0, 0
    while strength < 0.95 * settles and weeks < 500:
        strength, weeks = (1 - (1 - strength) * (1 - grown)) * kept, weeks + 1
    days = np.full(2, 7.0 * weeks)
    return [
        within(
            "P4",
            "days of daily repetition to 95% of a habit",
            "days",
            18,
            254,
            days,
            "median 66, range 18-254 (H001)",
        )
    ]


@brings
def near(measured: Measured) -> list[Row]:
    """P9: most sessions within 20 minutes of home."""
    if not measured.has("near_20_minutes"):
        return []
    values = measured.values("near_20_minutes", "year")
    return [
        within(
            "P9",
            "sessions from the door or within 20 minutes on foot",
            "%",
            50,
            100,
            values,
            "A104: most, 60 (50-75) outdoors",
        )
    ]


@brings
def crossings(measured: Measured) -> list[Row]:
    """Age by condition by fifth, and number of disadvantages: nobody fitted them; the naive regression beside."""
    rows = []
    for a, age in enumerate(shares.AGES):
        for c, condition in enumerate(("no", "yes")):
            for fifth in (1, 3, 5):
                name = f"cross_{age}_{condition}_{fifth}"
                if measured.has(name):
                    text = f"inactive: {age.replace('_', ' ')}, {'a' if c else 'no'} limiting condition, fifth {fifth}"
                    rows.append(pattern_row("cross", text, "%", measured.values(name, "year"), "no English cross-table",
                                     naive.crossing(a, c, fifth)))  # fmt: skip
    if measured.has("active_one_disadvantage"):
        rows.append(pattern_row("cross", "active: one disadvantage", "%", measured.values("active_one_disadvantage"),
                         "between 72 (none) and 40 (two or more), O041"))  # fmt: skip
    return rows
