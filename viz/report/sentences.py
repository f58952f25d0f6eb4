"""Findings in plain English. Pure functions of effects: the same effect always gives the same words.

An effect whose range holds zero is never called a gain or a loss.
Text is returned plain; whoever shows it escapes it.
"""

from __future__ import annotations

import math

from model.limits import WEEKS_A_YEAR
from model.population.attributes import BY_NAME, SHOWN
from scenarios.findings import sentences as findings_words
from scenarios.findings.amounts import quoted
from viz.report.behind import FEWEST_JOINING
from viz.report.results import Results, ScenarioResult
from viz.report.verdicts import Verdict, gap_turns, helps_everyone, verdict
from viz.words import group_name, in_100, level_name, listing, people, percent, points, size

__all__ = ["gap_sentence", "groups_sentence", "headline", "quoted", "reach_sentence", "reader"]


def headline(results: Results) -> str:
    """The answer, with its range, and by which measure it goes."""
    if not results.findings.plans:
        series = results.series(results.baseline.name, "inactive")
        today = (
            f"{in_100(float(series.tail(WEEKS_A_YEAR).mean().mean()))} adults"
            if len(series)
            else "The same adults"
        )
        return (
            f"With {results.baseline.title.lower()}, {today} in {results.place_title} are inactive; no plan was "
            f"compared with it."
        )
    return findings_words.headline(results.findings)


GAP_WORDS = {
    "deprivation": "the gap between the most and least deprived fifths",
    "disability": "the gap between people with and without a limiting condition",
}
GROUP_OF_GAP = {"deprivation": "imd_quintile", "disability": "condition"}


def at_end(results: Results) -> str:
    """When the last horizon is read, to open a sentence: `Over the final year`."""
    return (
        "Over the final year"
        if results.end > WEEKS_A_YEAR
        else "On average"
        if results.end == WEEKS_A_YEAR
        else "Over these weeks"
    )


def gap_sentence(results: Results, plan: ScenarioResult, gap: str = "deprivation") -> str:
    """What a plan does to a gap, absolute and relative; says when it helps everyone and still widens it."""
    effect = results.effect(plan, f"gap_{gap}_difference")
    if effect is None or math.isnan(effect.difference):
        return ""
    name, words = quoted(plan.title), GAP_WORDS[gap]
    if effect.nothing:
        return f"{name} leaves {words} exactly as it is with {results.against}."
    if not effect.ranged:
        return f"{name} was run only once, so no change of {words} can be told from none."
    absolute, relative = gap_turns(results, plan, gap)
    opening = f"{at_end(results)} "
    everyone = helps_everyone(results, plan, GROUP_OF_GAP[gap])
    before, after = (points(value).lstrip("+") for value in (effect.baseline, effect.scenario))
    levels = f" (from {before} to {after})" if before != after else f" (of {before})"
    by = f"by {size(effect.difference)} percentage points{levels}"
    if absolute == relative == "unclear":
        return f"{opening}no change of {words} under {name} can be told from none."
    if absolute == "unclear":
        return f"{opening}{name} {relative} {words} in proportion; in percentage points no change can be told from none."
    tail = {
        absolute: ", and in proportion too",
        "unclear": "; in proportion no change can be told from none",
    }.get(relative, f", but {relative} it in proportion")
    if absolute == "widens" and everyone:
        return (
            f"{opening}{name} helps everyone, widens the gap: all groups gain, yet {words} grows {by}{tail}."
        )
    return f"{opening}{name} {absolute} {words} {by}{tail}."


REACHED = {*SHOWN} - {"condition"}
"""Groups that a plan may miss; of the two measures of disability, the census's."""


def groups_sentence(results: Results, plan: ScenarioResult, group: str) -> str:
    """In which levels of an attribute inactivity falls or rises, and where no change can be told.

    Levels too few to tell are said to be so; of an attribute with no level left, nothing is said.
    """
    found: dict[Verdict, list[str]] = {}
    few = []
    for level in results.levels(group):
        if results.few(group, level):
            few.append(reader(group, level))
        elif effect := results.while_delivered(plan, group, level):
            found.setdefault(verdict(effect), []).append(reader(group, level))
    total = sum(len(levels) for levels in found.values())
    if not total or "single" in found or len(found.get("nothing", [])) == total:
        return ""
    lower, higher, unclear = found.get("better", []), found.get("worse", []), found.get("unclear", [])
    opening = f"While {quoted(plan.title)} is delivered,"
    hidden = f"; too few are simulated to tell among {listing(few)}" if few else ""
    if len(lower) == total and not few:
        every = "in every fifth of neighbourhoods" if group == "imd_quintile" else f"among {listing(lower)}"
        return f"{opening} inactivity falls {every}."
    parts = [f"falls among {listing(lower)}"] if lower else []
    parts += [f"rises among {listing(higher)}"] if higher else []
    if not parts:
        known = BY_NAME[group].among if group in BY_NAME else ""
        where = known or f"by {group_name(group)[:1].lower()}{group_name(group)[1:]}"
        return f"{opening} no change can be told from none {where}{hidden}."
    tail = f"; no change can be told among {listing(unclear)}" if unclear else ""
    return f"{opening} inactivity {' and '.join(parts)}{tail}{hidden}."


def reach_sentence(results: Results, plan: ScenarioResult) -> str:
    """How many a plan reaches, and whom it misses: groups reached under 0.6 times as often as all adults.

    A group is named only where so many of it are simulated that some would join if it were reached like everybody.
    """
    overall = results.effect(plan, "reach")
    if overall is None or not overall.scenario > 0:
        return ""
    parts = [
        (effect.scenario / overall.scenario, key[2], key[3])
        for key, effect in results.effects.items()
        if key[0] == plan.name
        and key[1] == "reach"
        and key[4] == results.end
        and key[2] in REACHED
        and math.isfinite(effect.scenario)
        and _enough(results, overall.scenario, key[2], key[3])
    ]
    text = f"{quoted(plan.title)} reaches {percent(overall.scenario)} of adults"
    if math.isfinite(results.adults):
        text += f", about {people(overall.scenario * results.adults)} people"
    nobody = [reader(group, level) for share, group, level in parts if share == 0]
    few = sorted(part for part in parts if 0 < part[0] < 0.6)[:4]
    if nobody:
        text += f"; nobody simulated joins among {listing(nobody)}"
    if few:
        names = [
            f"{reader(group, level)} ({percent(share * overall.scenario)})" for share, group, level in few
        ]
        text += f"; {'few join' if nobody else 'it misses most, with few'} among {listing(names)}"
    return text + "."


def _enough(results: Results, share: float, group: str, level: str) -> bool:
    """Whether FEWEST_JOINING simulated residents of a level would join, over all runs, if a `share` of it did."""
    runs = int(results.manifest.get("replicates") or 1)
    expected = share * results.simulated(group, level) * runs
    return expected >= FEWEST_JOINING and not results.few(group, level)


def reader(group: str, level: str) -> str:
    """The people of a level, as they stand inside a sentence."""
    return BY_NAME[group].inside(level) if group in BY_NAME else level_name(group, level)
