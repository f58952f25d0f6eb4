"""Every outcome, declared once: its name in files, its words, its unit, what it means, and which way is better."""

from __future__ import annotations

from dataclasses import dataclass

from model.limits import ACTIVE_FROM, INACTIVE_BELOW

UNITS = {
    "share": "share, 0 to 1 (differences in percentage points when multiplied by 100)",
    "gap": "difference of two shares (percentage points when multiplied by 100)",
    "ratio": "ratio, 1 = no difference",
    "minutes": "moderate-equivalent minutes a week",
    "people": "adults of the whole place",
    "person_years": "years lived by adults of the whole place",
    "residents": "simulated residents",
    "count": "number, scaled to the whole place",
    "pounds": "GBP at the scenario's price year",
}
"""What the numbers of a unit are."""


@dataclass(frozen=True)
class Outcome:
    """One outcome. `unit`: a key of UNITS. `better`: less, more, or empty where neither is good in itself.

    in_full: its name in the report's table of outcomes; empty when it does not stand there.
    """

    name: str
    label: str
    unit: str
    meaning: str
    better: str = ""
    in_full: str = ""


OUTCOMES = (
    Outcome("inactive", "Inactive", "share", f"Share of adults under {INACTIVE_BELOW} minutes a week.", "less",
            f"Inactive: under {INACTIVE_BELOW} minutes a week"),
    Outcome("fairly_active", "Fairly active", "share", f"Share of adults from {INACTIVE_BELOW} to {ACTIVE_FROM - 1} minutes a week.", "",
            f"Fairly active: {INACTIVE_BELOW} to {ACTIVE_FROM - 1} minutes a week"),
    Outcome("active", "Active", "share", f"Share of adults at {ACTIVE_FROM} minutes a week or more.", "more",
            f"Active: {ACTIVE_FROM} minutes a week or more"),
    Outcome("minutes_mean", "Minutes a week", "minutes", "Mean minutes a week as people report them.", "more",
            "Average minutes a week"),
    Outcome("people_moved", "Adults moved out of inactivity", "people",
            "Adults who are not inactive with the scenario and would be with the baseline, at that horizon.", "more"),
    Outcome("people_moved_during", "Adults moved out while it is delivered", "people",
            "Adults moved out of inactivity, mean over the weeks in which the scenario's programmes run.", "more"),
    Outcome("people_moved_after_52", "Adults moved out one year after", "people",
            "Adults moved out of inactivity one year after the last programme ends.", "more"),
    Outcome("people_moved_after_104", "Adults moved out two years after", "people",
            "Adults moved out of inactivity two years after the last programme ends.", "more"),
    Outcome("person_years_moved", "Person-years out of inactivity", "person_years",
            "Adults moved out of inactivity, added up from the first week to that horizon, in years.", "more"),
    Outcome("effect_during", "Inactive, while it is delivered", "share",
            "Share inactive, mean over the weeks in which the scenario's programmes run.", "less"),
    Outcome("effect_after_52", "Inactive, one year after", "share",
            "Share inactive one year after the last programme ends.", "less"),
    Outcome("effect_after_104", "Inactive, two years after", "share",
            "Share inactive two years after the last programme ends.", "less"),
    Outcome("persistence_52", "Inactive, one year after the end", "share",
            "The same as effect_after_52, under its older name; of everybody alone.", "less"),
    Outcome("persistence_104", "Inactive, two years after the end", "share",
            "The same as effect_after_104, under its older name; of everybody alone.", "less"),
    Outcome("effect_direct", "Inactive, without what spreads between people", "share",
            "Share inactive when nobody sees what the scenario changes in others (with --spillover).", "less"),
    Outcome("effect_spillover", "Inactive, by what spreads between people", "share",
            "The rest of the effect on the share inactive, which spread from person to person (with --spillover).",
            "less"),
    Outcome("gap_deprivation_difference", "Gap: most minus least deprived fifth", "gap",
            "Share inactive in national fifth 1 (most deprived) minus that in fifth 5.", "less",
            "Most and least deprived fifths, difference"),
    Outcome("gap_deprivation_ratio", "Gap: most over least deprived fifth", "ratio",
            "Share inactive in national fifth 1 (most deprived) over that in fifth 5.", "less",
            "Most and least deprived fifths, ratio"),
    Outcome("gap_deprivation_average", "Gap by deprivation, mean so far", "gap",
            "gap_deprivation_difference, mean from the first week up to that horizon.", "less"),
    Outcome("gap_disability_difference", "Gap: limiting condition minus none", "gap",
            "Share inactive with a limiting disability or long-term condition minus that without.", "less",
            "With and without a limiting condition, difference"),
    Outcome("gap_disability_ratio", "Gap: limiting condition over none", "ratio",
            "Share inactive with a limiting disability or long-term condition over that without.", "less",
            "With and without a limiting condition, ratio"),
    Outcome("gap_disability_average", "Gap by limiting condition, mean so far", "gap",
            "gap_disability_difference, mean from the first week up to that horizon.", "less"),
    Outcome("sii", "Slope index of inequality", "gap",
            "Slope of the share inactive over all fifths of deprivation; above 0 the most deprived do worse.", "less",
            "Slope index of inequality, across all fifths"),
    Outcome("rii", "Relative index of inequality", "ratio",
            "The same as a ratio; above 1 the most deprived do worse.", "less",
            "Relative index of inequality, across all fifths"),
    Outcome("reach", "Reached", "share", "Share of a group that ever joined a programme, by the end of the run.", "more"),
    Outcome("in_groups", "In a group of their own", "share",
            "Share of a group that is in a group that people keep going by themselves, at the end of the run.", "more"),
    Outcome("chasm_reach", "Across the chasm, by who joins", "gap",
            "Gain of the early majority less half that of innovators and early adopters, in the share that ever joined.",
            "more"),
    Outcome("chasm_in_groups", "Across the chasm, by groups of their own", "gap",
            "Gain of the early majority less half that of innovators and early adopters, in the share in groups of "
            "their own.", "more"),
    Outcome("chasm_inactive", "Across the chasm, by activity", "gap",
            "Gain of the early majority less half that of innovators and early adopters, in the share not inactive.",
            "more"),
    Outcome("joined", "People who joined", "people", "People who joined a programme, since the start."),
    Outcome("completed", "People who completed", "people", "People who completed a programme, since the start.", "more"),
    Outcome("members", "Members", "people", "People in programmes now."),
    Outcome("waiting", "Waiting", "people", "People on waiting lists of programmes now.", "less"),
    Outcome("cost", "Cost", "pounds", "Money spent on the scenario's programmes since the start.", "less"),
    Outcome("cost_per_person_moved", "Cost for each of them", "pounds",
            "Cost for each adult moved out of inactivity at that horizon; empty unless people surely moved.", "less"),
    Outcome("cost_per_person_year", "Cost for each person-year", "pounds",
            "Cost for each person-year out of inactivity up to that horizon; empty unless people surely moved.", "less"),
    Outcome("groups_alive", "Groups people keep going", "count", "Groups that people keep going by themselves, now.",
            "more"),
    Outcome("group_members", "People in them", "people", "People in groups of their own, now.", "more"),
    Outcome("organisers", "People who organise them", "people", "People who organise such groups, now.", "more"),
    Outcome("ties_made", "Friendships made by meeting", "count",
            "Friendships made by meeting in groups and at places, since the start.", "more"),
    Outcome("asset_use", "Use of places", "share", "Visits as a share of the room of a kind of place, in the last year."),
    Outcome("adults", "Adults behind a crossed group", "people",
            "Real adults that a crossed group stands for (with --by); no effect, its difference is 0."),
    Outcome("residents_simulated", "Residents simulated in a crossed group", "residents",
            "Residents simulated in a run, mean over runs (with --by); under 20 nothing else is told of the group."),
)  # fmt: skip
"""Every outcome, in the order in which tables show them."""

BY_NAME = {outcome.name: outcome for outcome in OUTCOMES}


def of_unit(*units: str) -> tuple[str, ...]:
    """Names of the outcomes in these units."""
    return tuple(outcome.name for outcome in OUTCOMES if outcome.unit in units)


def known(name: str) -> Outcome:
    """An outcome by its name; one that is not declared gets its name as words and no unit."""
    words = name.replace("_", " ")
    return BY_NAME.get(name) or Outcome(name, words[:1].upper() + words[1:], "", "")
