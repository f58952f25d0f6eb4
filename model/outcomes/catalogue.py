"""Every outcome, declared once, and those of one's own: whoever shows, sums or asks for outcomes asks here.

A new one is an entry here, and a reader in model/outcomes/readers/ where that needs more than a line; or, without touching
the project, `register(Outcome(...))`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from model.errors import Fault, InputError, nearest
from model.limits import ACTIVE_FROM, INACTIVE_BELOW
from model.outcomes.outcome import UNITS, Kept, Outcome
from model.outcomes.readers import gaps, levels
from model.own import Own, name_faults

__all__ = ["OUTCOMES", "UNITS", "Outcome", "every", "known", "names", "own", "register"]

OUTCOMES = (
    Outcome("inactive", "Inactive", "share", f"Share of adults under {INACTIVE_BELOW} minutes a week.", "less",
            f"Inactive: under {INACTIVE_BELOW} minutes a week",
            kept="level", groups="zones", read=levels.share(0), headline=1),
    Outcome("fairly_active", "Fairly active", "share", f"Share of adults from {INACTIVE_BELOW} to {ACTIVE_FROM - 1} minutes a week.", "",
            f"Fairly active: {INACTIVE_BELOW} to {ACTIVE_FROM - 1} minutes a week",
            kept="level", groups="zones", read=levels.share(1)),
    Outcome("active", "Active", "share", f"Share of adults at {ACTIVE_FROM} minutes a week or more.", "more",
            f"Active: {ACTIVE_FROM} minutes a week or more",
            kept="level", groups="zones", read=levels.share(2)),
    Outcome("minutes_mean", "Minutes a week", "minutes", "Mean minutes a week as people report them.", "more",
            "Average minutes a week",
            kept="level", groups="zones", read=levels.minutes, headline=6),
    Outcome("people_moved", "Adults moved out of inactivity", "people",
            "Adults who are not inactive with the scenario and would be with the baseline, at that horizon.", "more",
            of="inactive", headline=9),
    Outcome("people_moved_during", "Adults moved out while it is delivered", "people",
            "Adults moved out of inactivity, mean over the weeks in which the scenario's programmes run.", "more",
            over="own", of="inactive"),
    Outcome("people_moved_after_52", "Adults moved out one year after", "people",
            "Adults moved out of inactivity one year after the last programme ends.", "more",
            over="own", of="inactive"),
    Outcome("people_moved_after_104", "Adults moved out two years after", "people",
            "Adults moved out of inactivity two years after the last programme ends.", "more",
            over="own", of="inactive"),
    Outcome("person_years_moved", "Person-years out of inactivity", "person_years",
            "Adults moved out of inactivity, added up from the first week to that horizon, in years.", "more",
            over="sum", of="inactive"),
    Outcome("effect_during", "Inactive, while it is delivered", "share",
            "Share inactive, mean over the weeks in which the scenario's programmes run.", "less",
            groups="groups", over="own", of="inactive"),
    Outcome("effect_after_52", "Inactive, one year after", "share",
            "Share inactive one year after the last programme ends.", "less",
            groups="groups", over="own", of="inactive"),
    Outcome("effect_after_104", "Inactive, two years after", "share",
            "Share inactive two years after the last programme ends.", "less",
            groups="groups", over="own", of="inactive"),
    Outcome("persistence_52", "Inactive, one year after the end", "share",
            "The same as effect_after_52, under its older name; of everybody alone.", "less",
            over="own", of="inactive"),
    Outcome("persistence_104", "Inactive, two years after the end", "share",
            "The same as effect_after_104, under its older name; of everybody alone.", "less",
            over="own", of="inactive"),
    Outcome("effect_direct", "Inactive, without what spreads between people", "share",
            "Share inactive when nobody sees what the scenario changes in others (with --spillover).", "less",
            of="inactive", swept=False),
    Outcome("effect_spillover", "Inactive, by what spreads between people", "share",
            "The rest of the effect on the share inactive, which spread from person to person (with --spillover).",
            "less",
            of="inactive", swept=False),
    Outcome("gap_deprivation_difference", "Gap: most minus least deprived fifth", "gap",
            "Share inactive in national fifth 1 (most deprived) minus that in fifth 5.", "less",
            "Most and least deprived fifths, difference",
            kept="gap", read=gaps.difference(*gaps.MOST_AND_LEAST_DEPRIVED), between=gaps.MOST_AND_LEAST_DEPRIVED,
            headline=2, together="Most and least deprived fifths"),
    Outcome("gap_deprivation_ratio", "Gap: most over least deprived fifth", "ratio",
            "Share inactive in national fifth 1 (most deprived) over that in fifth 5.", "less",
            "Most and least deprived fifths, ratio",
            kept="gap", read=gaps.ratio(*gaps.MOST_AND_LEAST_DEPRIVED), between=gaps.MOST_AND_LEAST_DEPRIVED,
            headline=3, difference="gap_deprivation_difference", before="gap_deprivation_difference"),
    Outcome("gap_deprivation_average", "Gap by deprivation, mean so far", "gap",
            "gap_deprivation_difference, mean from the first week up to that horizon.", "less",
            over="so_far", of="gap_deprivation_difference", between=gaps.MOST_AND_LEAST_DEPRIVED),
    Outcome("gap_disability_difference", "Gap: limiting condition minus none", "gap",
            "Share inactive with a limiting disability or long-term condition minus that without.", "less",
            "With and without a limiting condition, difference",
            kept="gap", read=gaps.difference(*gaps.LIMITED_AND_NOT), between=gaps.LIMITED_AND_NOT,
            headline=4, together="With and without a limiting condition"),
    Outcome("gap_disability_ratio", "Gap: limiting condition over none", "ratio",
            "Share inactive with a limiting disability or long-term condition over that without.", "less",
            "With and without a limiting condition, ratio",
            kept="gap", read=gaps.ratio(*gaps.LIMITED_AND_NOT), between=gaps.LIMITED_AND_NOT,
            headline=5, difference="gap_disability_difference", before="gap_disability_difference"),
    Outcome("gap_disability_average", "Gap by limiting condition, mean so far", "gap",
            "gap_disability_difference, mean from the first week up to that horizon.", "less",
            over="so_far", of="gap_disability_difference", between=gaps.LIMITED_AND_NOT),
    Outcome("sii", "Slope index of inequality", "gap",
            "Slope of the share inactive over all fifths of deprivation; above 0 the most deprived do worse.", "less",
            "Slope index of inequality, across all fifths",
            kept="gap", read=gaps.slope, between=gaps.FIFTHS, together="Across all five fifths (slope)"),
    Outcome("rii", "Relative index of inequality", "ratio",
            "The same as a ratio; above 1 the most deprived do worse.", "less",
            "Relative index of inequality, across all fifths",
            kept="gap", read=gaps.relative, difference="sii"),
    Outcome("reach", "Reached", "share", "Share of a group that ever joined a programme, by the end of the run.", "more",
            kept="end", groups="groups", over="end", from_none=True),
    Outcome("in_groups", "In a group of their own", "share",
            "Share of a group that is in a group that people keep going by themselves, at the end of the run.", "more",
            kept="end", groups="groups", over="end", from_none=True),
    Outcome("chasm_reach", "Across the chasm, by who joins", "gap",
            "Gain of the early majority less half that of innovators and early adopters, in the share that ever joined.",
            "more",
            of="reach", between=gaps.EARLY_AND_MANY),
    Outcome("chasm_in_groups", "Across the chasm, by groups of their own", "gap",
            "Gain of the early majority less half that of innovators and early adopters, in the share in groups of "
            "their own.", "more",
            of="in_groups", between=gaps.EARLY_AND_MANY),
    Outcome("chasm_inactive", "Across the chasm, by activity", "gap",
            "Gain of the early majority less half that of innovators and early adopters, in the share not inactive.",
            "more",
            of="inactive", between=gaps.EARLY_AND_MANY),
    Outcome("joined", "People who joined", "people", "People who joined a programme, since the start.",
            kept="flow", over="sum", from_none=True, headline=7),
    Outcome("completed", "People who completed", "people", "People who completed a programme, since the start.", "more",
            kept="flow", over="sum", from_none=True),
    Outcome("members", "Members", "people", "People in programmes now.",
            kept="flow", from_none=True),
    Outcome("waiting", "Waiting", "people", "People on waiting lists of programmes now.", "less",
            kept="flow", from_none=True),
    Outcome("cost", "Cost", "pounds", "Money spent on the scenario's programmes since the start.", "less",
            kept="flow", over="sum", from_none=True, headline=8),
    Outcome("cost_per_person_moved", "Cost for each of them", "pounds",
            "Cost for each adult moved out of inactivity at that horizon; empty unless people surely moved.", "less",
            over="sum", of="people_moved", each="an adult moved", headline=10),
    Outcome("cost_per_person_year", "Cost for each person-year", "pounds",
            "Cost for each person-year out of inactivity up to that horizon; empty unless people surely moved.", "less",
            over="sum", of="person_years_moved", each="a person-year"),
    Outcome("groups_alive", "Groups people keep going", "count", "Groups that people keep going by themselves, now.",
            "more",
            kept="flow", from_none=True),
    Outcome("group_members", "People in them", "people", "People in groups of their own, now.", "more",
            kept="flow", from_none=True),
    Outcome("organisers", "People who organise them", "people", "People who organise such groups, now.", "more",
            kept="flow", from_none=True),
    Outcome("ties_made", "Friendships made by meeting", "count",
            "Friendships made by meeting in groups and at places, since the start.", "more",
            kept="flow", over="sum", from_none=True),
    Outcome("asset_use", "Use of places", "share", "Visits as a share of the room of a kind of place, in the last year.",
            kept="end", groups="kinds", over="end"),
    Outcome("adults", "Adults behind a crossed group", "people",
            "Real adults that a crossed group stands for (with --by); no effect, its difference is 0.",
            groups="crossed", over="end", swept=False),
    Outcome("residents_simulated", "Residents simulated in a crossed group", "residents",
            "Residents simulated in a run, mean over runs (with --by); under 20 nothing else is told of the group.",
            groups="crossed", over="end", swept=False),
)  # fmt: skip
"""Every outcome of ours, in the order in which tables show them."""

_SHIPPED = {outcome.name: outcome for outcome in OUTCOMES}
_OWN: Own[Outcome] = Own()


def every() -> tuple[Outcome, ...]:
    """Every outcome: ours, in the order in which tables show them, then those of one's own."""
    return (*OUTCOMES, *_OWN.all())


def own() -> tuple[Outcome, ...]:
    """Those that were registered from outside, in the order in which they came."""
    return _OWN.all()


def names(*kept: Kept, where: Callable[[Outcome], bool] = lambda _: True) -> tuple[str, ...]:
    """Names of the outcomes that are kept so (any, when nothing is said), in the order of `every`."""
    return tuple(one.name for one in every() if (not kept or one.kept in kept) and where(one))


def in_files(*kept: Kept) -> tuple[str, ...]:
    """Names of the outcomes that are kept so, in the order in which tables of weeks have them."""
    found = list(names(*kept))
    for one in every():
        if one.before in found and one.name in found:
            found.remove(one.name)
            found.insert(found.index(one.before), one.name)
    return tuple(found)


def headlines() -> tuple[str, ...]:
    """Names of the outcomes in the small table of a comparison, in its order; those of one's own at the end."""
    ours = sorted((one for one in every() if one.headline), key=lambda one: one.headline)
    return (*(one.name for one in ours), *(one.name for one in own() if not one.headline))


def get(name: str) -> Outcome | None:
    """An outcome by its name; None where there is none."""
    return _SHIPPED.get(name) or _OWN.get(name)


def known(name: str) -> Outcome:
    """An outcome by its name; one that is not declared gets its name as words and no unit."""
    words = name.replace("_", " ")
    return get(name) or Outcome(name, words[:1].upper() + words[1:], "", "")


def register(outcome: Outcome, source: object = None) -> Outcome:
    """Take in an outcome of one's own, with `measure` (of each resident) or `read` (of a Record). Raises InputError.

    It is then counted in every run that begins, and shown wherever ours are. The same name again replaces it.
    source: the plugin that it comes from (model/delivery/plugins.py), which takes it to other processes.
    """
    kept: Kept = "measured" if outcome.measure is not None else "gap"
    told = replace(outcome, kept=kept, groups="zones" if kept == "measured" else "all",
                   in_full=outcome.in_full or outcome.label)  # fmt: skip
    if faults := _faults(told):
        raise InputError(faults)
    return _OWN.take_in(told.name, told, source)


def source(name: str) -> object:
    """The plugin that an outcome comes from; None of ours, and of one registered from Python."""
    return _OWN.source(name)


def forget(name: str) -> None:
    """Take an outcome of one's own out again."""
    _OWN.forget(name)


@contextmanager
def remembered(told: Mapping[str, Mapping[str, Any]]) -> Iterator[None]:
    """Within it, outcomes of somebody's own that results were read by are known by what their manifest says of them, though
    nothing here reads them any more."""
    gone = {name: one for name, one in told.items() if get(name) is None}
    for name, one in gone.items():
        label = str(one.get("label") or known(name).label)
        _OWN.take_in(name, Outcome(name, label, str(one.get("unit", "")), str(one.get("meaning", "")),
                                   one.get("better", ""), in_full=label))  # fmt: skip
    try:
        yield
    finally:
        for name in gone:
            _OWN.forget(name)


def _faults(outcome: Outcome) -> list[Fault]:
    """Everything that an outcome lacks."""
    key = outcome.name if isinstance(outcome.name, str) else repr(outcome.name)
    found = name_faults(key, "an outcome", _SHIPPED)
    for field in ("label", "meaning"):
        if not getattr(outcome, field):
            found.append(Fault("has no words", key=f"{key}.{field}"))
    if outcome.unit not in UNITS:
        found.append(Fault("unknown unit", key=f"{key}.unit", found=str(outcome.unit), allowed=", ".join(UNITS),
                           hint=nearest(str(outcome.unit), UNITS)))  # fmt: skip
    if outcome.better not in ("", "less", "more"):
        found.append(
            Fault(
                "is no good direction",
                key=f"{key}.better",
                found=outcome.better,
                allowed="less, more or empty",
            )
        )
    if (outcome.measure is None) == (outcome.read is None):
        found.append(Fault("needs one function that it is read by", key=key, allowed="measure (of a town's State) or read (of "
                           "a Record), and not both"))  # fmt: skip
    if outcome.over != "mean":
        found.append(Fault("is summed in a way that only outcomes of the project are", key=f"{key}.over",
                           found=outcome.over, allowed="mean"))  # fmt: skip
    return found
