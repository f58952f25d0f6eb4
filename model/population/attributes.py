"""Every attribute of residents, declared once: its levels, how it is stored, its words, and who reads it.

Columns, strata and crossings, targeting (`who`), the schema, the terminal, the report, the live view and the dictionary of
results read this catalogue; nothing else spells an attribute's levels or says where they are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

AGE_BANDS = ("16-34", "35-54", "55-64", "65-74", "75-84", "85+")
SEXES = ("female", "male")
ETHNICITIES = ("white", "asian", "black", "mixed", "other")
DISABILITIES = ("none", "limited_a_little", "limited_a_lot")
WORK = ("none", "unemployed", "long_term_sick", "part_time", "full_time", "long_hours")
"""`none` = retired, studying or at home; `long_hours` = 49 hours a week or more."""
NO_YES = ("no", "yes")


@dataclass(frozen=True)
class Attribute:
    """One attribute of residents.

    levels: as written in files and tables, in order; label: its name as a heading; words: the levels in plain words.
    column: where it is stored, when not under its own name; first: what the first level is stored as; meaning: of the
    column, for attributes whose column is declared by the catalogue alone.
    counted: whether outcomes are read by it; crossing: with which others it is counted in one go, `home` or `person`.
    who: what the key of `who` means, which targets by it; empty = nobody is targeted by it. builder: that key's label.
    order: where it stands among the groups of the report and the live view; 0 = it does not. terminal: its name there when
    not the label; asked: whether surveys ask it. among: where a sentence looks that finds no change in any level;
    people: the people of a level inside a sentence, one for all levels (of {name} and {small}) or one for each.
    """

    name: str
    levels: tuple[str, ...]
    label: str
    words: tuple[str, ...] = ()
    column: str = ""
    first: int = 0
    meaning: str = ""
    counted: bool = True
    crossing: str = "person"
    who: str = ""
    builder: str = ""
    order: int = 50
    terminal: str = ""
    asked: bool = True
    among: str = ""
    people: tuple[str, ...] = ("{name}",)

    @property
    def held_in(self) -> str:
        """The column of residents that stores it."""
        return self.column or self.name

    @property
    def yes_or_no(self) -> bool:
        """Whether it is had or not."""
        return self.levels == NO_YES

    @property
    def numbers(self) -> bool:
        """Whether its levels are whole numbers, stored as they are."""
        return self.first > 0

    def codes(self, people: Any) -> np.ndarray:
        """(n,) int64 index into `levels` of each resident of `people`."""
        return np.asarray(people.column(self.held_in)).astype(np.int64) - self.first

    def level_words(self) -> dict[str, str]:
        """Levels in plain words, in order."""
        return dict(
            zip(self.levels, self.words or (level.replace("_", " ") for level in self.levels), strict=True)
        )

    def inside(self, level: str) -> str:
        """The people of a level, as they stand inside a sentence."""
        name = self.level_words().get(level, level)
        at = self.levels.index(level) if level in self.levels and len(self.people) > 1 else 0
        return self.people[at].format(name=name, small=f"{name[:1].lower()}{name[1:]}")


CATALOGUE = (
    Attribute(
        "imd_quintile", ("1", "2", "3", "4", "5"), "Neighbourhood deprivation",
        ("Most deprived fifth", "Second most deprived fifth", "Middle fifth", "Second least deprived fifth",
         "Least deprived fifth"),
        first=1, crossing="home", who="National fifths of deprivation of the home; 1 = the most deprived.",
        builder="For homes in fifths of deprivation", order=1, terminal="Deprivation fifth (1 = most deprived)",
        among="in any fifth of neighbourhoods", people=("the {small}",),
    ),
    Attribute(
        "imd_decile", tuple(str(tenth) for tenth in range(1, 11)), "Neighbourhood deprivation, in tenths",
        ("Most deprived tenth", *(f"Tenth {tenth}, 1 being the most deprived" for tenth in range(2, 10)),
         "Least deprived tenth"),
        first=1, crossing="home", order=0,
    ),
    Attribute(
        "disability", DISABILITIES, "Day-to-day activities limited by disability",
        ("Not limited", "Limited a little", "Limited a lot"), crossing="home",
        who="How far day-to-day activities are limited, as in the census.", builder="For people with limited activities",
        order=3, terminal="Disability (census)", people=("people {small}",),
    ),
    Attribute(
        "condition", NO_YES, "Limiting disability or long-term condition",
        ("No such condition", "Has such a condition"), crossing="home",
        who="true: only people with a limiting disability or long-term condition; false: only people without.",
        builder="For people with a limiting condition", order=2, terminal="Limiting condition (survey)",
    ),
    Attribute(
        "age_band", AGE_BANDS, "Age", ("16 to 34", "35 to 54", "55 to 64", "65 to 74", "75 to 84", "85 and over"),
        order=4, among="at any age", people=("people aged {name}",),
    ),
    Attribute(
        "sex", SEXES, "Sex", ("Women", "Men"), who="Sexes.", builder="For women, men or both", order=5,
        among="among women or men", people=("{small}",),
    ),
    Attribute(
        "ethnicity", ETHNICITIES, "Ethnic group", ("White", "Asian", "Black", "Mixed", "Other ethnic group"),
        who="Ethnic groups.", builder="For ethnic groups", order=6, among="in any ethnic group",
        people=("White people", "Asian people", "Black people", "people of mixed ethnicity",
                "people of other ethnic groups"),
    ),
    Attribute(
        "car", ("none", "one", "two_or_more"), "Cars in the household", ("No car", "One car", "Two cars or more"),
        column="cars", who="Cars or vans in the household.", builder="For households by cars", order=7,
        among="by cars in the household", people=("households with {small}",),
    ),
    Attribute(
        "segment", ("innovators", "early_adopters", "early_majority", "late_majority", "laggards"),
        "Place on the adoption curve",
        ("Innovators: first to take up anything", "Early adopters", "Early majority", "Late majority",
         "Last to take up anything"), order=0, asked=False,
    ),
    Attribute(
        "work", WORK, "Work", counted=False, order=0, who="Kinds of work; none = retired, studying or at home.",
        builder="For people by work",
    ),
    Attribute(
        "carer", NO_YES, "Unpaid care", counted=False, order=0, builder="For unpaid carers",
        who="true: only people who give 20 or more hours of unpaid care a week; false: only people who do not.",
    ),
)  # fmt: skip
"""All attributes, in the order of tables. A new one is dealt by synthesis (`model/synthesis/people.py`) and stands here."""

BY_NAME: Mapping[str, Attribute] = {one.name: one for one in CATALOGUE}
ATTRIBUTES: dict[str, tuple[str, ...]] = {one.name: one.levels for one in CATALOGUE if one.counted}
"""Attributes by which outcomes are read, with the levels as written in files and tables."""
SHOWN = tuple(
    one.name for one in sorted(CATALOGUE, key=lambda one: one.order) if one.order > 0 and one.counted
)
"""Groups of the report and the live view, in their order."""


def counted_with(crossing: str) -> tuple[str, ...]:
    """Attributes that are counted in one go."""
    return tuple(one.name for one in CATALOGUE if one.counted and one.crossing == crossing)
