"""The town before any plan: its people, and a year of it beside the published figures for England."""

from __future__ import annotations

from typing import Any

import numpy as np

from calibration import targets
from calibration.measures.year import Year
from model.outcomes.record import UNIT
from model.population.attributes import ATTRIBUTES, BY_NAME, SHOWN
from model.population.people import People
from model.town.town import Neighbourhood
from viz import words

FEWEST = 100
"""Simulated residents below which a group's share would be mostly chance."""

SAID: dict[str, str] = {
    "inactive": "All adults",
    "fairly_active": "All adults: fairly active",
    "inactive_most_deprived": "Most deprived fifth",
    "inactive_second_fifth": "Second fifth",
    "inactive_least_deprived": "Least deprived fifth",
    "inactive_condition": "Limiting condition",
    "inactive_no_condition": "No such condition",
    "inactive_limited_a_lot": "Limited a lot",
    "inactive_16-34": "Aged 16–34",
    "inactive_35-54": "Aged 35–54",
    "inactive_55-64": "Aged 55–64",
    "inactive_65-74": "Aged 65–74",
    "inactive_75-84": "Aged 75–84",
    "inactive_85+": "Aged 85 and over",
    "inactive_women": "Women",
    "inactive_men": "Men",
    "active_women": "Women: active",
    "active_men": "Men: active",
    "inactive_asian": "Asian adults",
    "inactive_black": "Black adults",
    "walking_share": "Walking, of all active time",
}
"""Figures of a district that have a target, in plain words: the share inactive unless they say otherwise."""


def fit_rows(town: Neighbourhood) -> dict[str, Any]:
    """People and fit of a warm town as words and tables; the town itself is left as it stands."""
    people, weights = town.state.people, town.state.weight / UNIT
    found = Year(town.fork(), weights).run()
    few = too_few(people)
    wanted = [one for one in targets.read() if one.name in SAID and one.name in found]
    missed = sum(_miss(one, found) > 1.96 * one.sd for one in wanted if one.name not in few)
    shown = sum(one.name not in few for one in wanted)
    said = (
        f"A year of today’s plans, one run, beside surveys of England. Of {shown} figures {shown - missed} lie within "
        "what surveys and the model’s stated error allow. The model was fitted to some of them and tested on those kept "
        "apart. The place as a whole may differ from England, since its people do; groups should not by much."
    )
    fits = [
        _fit_table(caption, [one for one in wanted if one.role == role], found, few)
        for role, caption in (
            ("fit", "Figures that the model was fitted to"),
            ("held_out", "Figures kept apart"),
        )
    ]
    return {"words": [said], "tables": [_people_table(people, weights), *fits]}


def too_few(people: People) -> set[str]:
    """Figures of groups with too few simulated residents."""
    groups = {
        "most_deprived": people.imd_quintile == 1, "second_fifth": people.imd_quintile == 2,
        "least_deprived": people.imd_quintile == 5, "condition": people.condition == 1,
        "no_condition": people.condition == 0, "limited_a_lot": people.disability == 2,
        "women": people.sex == 0, "men": people.sex == 1,
        "asian": people.ethnicity == 1, "black": people.ethnicity == 2,
        **{band: people.age_band == k for k, band in enumerate(ATTRIBUTES["age_band"])},
    }  # fmt: skip
    small = [name for name, mask in groups.items() if mask.sum() < FEWEST]
    return {f"{level}_{name}" for name in small for level in ("inactive", "active")}


def _miss(target: targets.Target, found: dict[str, float]) -> float:
    return abs(found[target.name] - target.value)


def _fit_table(
    caption: str, wanted: list[targets.Target], found: dict[str, float], few: set[str]
) -> dict[str, Any]:
    rows = []
    for one in wanted:
        here = "too few" if one.name in few else f"{found[one.name]:.1f}%"
        low, high = one.value - 1.96 * one.se, one.value + 1.96 * one.se
        rows.append([SAID[one.name], here, f"{one.value:.1f}% ({low:.1f}–{high:.1f})"])
    return {"caption": caption, "head": ["", "Here", "England (range)"], "rows": rows}


FIRST = ("age_band", "sex", "disability", "imd_quintile")


def _people_table(people: People, weights: np.ndarray) -> dict[str, Any]:
    """Who lives here: shares of adults by group."""
    rows = []
    for group in (*FIRST, *(one for one in SHOWN if one not in (*FIRST, "condition"))):
        share = np.bincount(BY_NAME[group].codes(people), weights) / weights.sum()
        for level, part in zip(ATTRIBUTES[group], share.tolist(), strict=False):
            rows.append(
                [f"{words.group_name(group)}: {words.level_name(group, level)}", words.percent(part, 0)]
            )
    return {
        "caption": f"Its adults ({words.people(float(weights.sum()))})",
        "head": ["", "Share"],
        "rows": rows,
    }
