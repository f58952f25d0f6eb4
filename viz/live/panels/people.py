"""People's stories: find somebody like you, and read their weeks under both plans."""

from __future__ import annotations

from typing import Any

from model.population.columns import AGE_BANDS, DISABILITIES, SEXES
from viz import words
from viz.live.page import stories
from viz.live.towns.towns import Pair
from viz.live.view import View


def panel(pair: Pair, view: View) -> dict[str, Any]:
    """The story of the resident who fits the choices best."""
    spot, fits = stories.find(pair, view)
    told = stories.story(pair, spot)
    any_of = {"": "Any"}
    return {
        "words": [fits, *told["lines"]],
        "chart": told["chart"],
        "chart_label": told["chart_label"],
        "tables": [told["table"]],
        "person": told["person"],
        "events": told["events"],
        "asks": {
            "like_age": (
                view.like_age,
                any_of | {v: words.level_name("age_band", v) for v in AGE_BANDS},
                "Age",
            ),
            "like_sex": (view.like_sex, any_of | {v: words.level_name("sex", v) for v in SEXES}, "Sex"),
            "like_disability": (
                view.like_disability,
                any_of | {v: words.level_name("disability", v) for v in DISABILITIES},
                "Day-to-day activities",
            ),
            "like_quintile": (
                view.like_quintile,
                any_of | {str(v): words.level_name("imd_quintile", str(v)) for v in range(1, 6)},
                "Lives in",
            ),
        },
    }
