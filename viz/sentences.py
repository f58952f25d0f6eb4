"""Findings in plain English. Pure functions of effects: the same effect always gives the same words.

An effect whose range holds zero is never called a gain or a loss: it is said to be indistinguishable from no
effect.
Text is returned plain; whoever shows it escapes it.
"""

from __future__ import annotations

import math

from viz.ranges import mean_range, paired
from viz.results import Effect, Plan, Results
from viz.verdicts import (
    Verdict,
    best_plan,
    delivery_end,
    gap_turns,
    helps_everyone,
    per_person,
    ranked,
    verdict,
)
from viz.words import in_100, level_name, listing, people, percent, points, pounds, rough_pounds, size, span


def quoted(title: str) -> str:
    """A title in quotation marks, so that it cannot be read as part of the sentence."""
    return f"“{title}”"


def headline(results: Results) -> str:
    """The answer in one sentence, with its range."""
    place, when, plans = results.place_title, span(results.end), results.plans
    effects = [effect for plan in plans if (effect := results.effect(plan, "inactive"))]
    if not effects:
        series = results.series(results.baseline.name, "inactive")
        today = f"{in_100(float(series.tail(52).mean().mean()))} adults" if len(series) else "The same adults"
        return (
            f"With {results.baseline.title.lower()}, {today} in {place} are inactive; no plan was compared "
            f"with it."
        )
    best = best_plan(results)
    if best is None:
        return _no_winner(results, effects, place, when)
    effect = results.effect(best, "inactive")
    assert effect is not None
    opening = (
        f"With {quoted(best.title)}"
        if len(plans) == 1
        else (f"Of {len(plans)} plans compared, {quoted(best.title)} does most")
    )
    colon = "," if len(plans) == 1 else ":"
    return (
        f"{opening}{colon} after {when}, {in_100(effect.scenario)} adults in {place} are inactive rather "
        f"than "
        f"{in_100(effect.baseline)}, {_people_or_points(effect, results.adults)}."
    )


def _no_winner(results: Results, effects: list[Effect], place: str, when: str) -> str:
    kinds = [verdict(effect) for effect in effects]
    today = f"{in_100(effects[0].baseline)} adults in {place} are inactive"
    if len(effects) == 1:
        return (
            f"{effect_sentence(results.plans[0].title, effects[0], results.adults)} With today's plans, "
            f"{today}."
        )
    if all(kind == "nothing" for kind in kinds):
        return (
            f"None of the {len(kinds)} plans changes anything: after {when}, {today}, just as without them."
        )
    if "single" in kinds:
        return (
            f"After {when}, {today} with today's plans. Each plan was run only once, so no difference can "
            f"be told "
            "from chance."
        )
    worse = kinds.count("worse")
    text = f"None of the {len(kinds)} plans lowers inactivity by more than chance alone could"
    if worse:
        text += f", and {worse} {'raises' if worse == 1 else 'raise'} it"
    return f"{text}: after {when}, {today} with today's plans."


def _people_or_points(effect: Effect, adults: float) -> str:
    word = "fewer" if effect.difference < 0 else "more"
    low, high = sorted((abs(effect.low), abs(effect.high)))
    if math.isfinite(adults):
        return (
            f"about {people(abs(effect.difference) * adults)} {word} people "
            f"(95% range {people(low * adults)} to {people(high * adults)})"
        )
    return f"{size(effect.difference)} points {word} (95% range {size(low)} to {size(high)})"


def signed_range(effect: Effect) -> str:
    """The range of a change of the share inactive, in words that hold when it crosses zero."""

    def one(value: float) -> str:
        return "none" if not size(value).strip("0.") else f"{size(value)} {'fewer' if value < 0 else 'more'}"

    if effect.told:
        low, high = sorted((abs(effect.low), abs(effect.high)))
        return f"{size(low)} to {size(high)}"
    return f"{one(effect.low)} to {one(effect.high)}"


def effect_sentence(title: str, effect: Effect, adults: float = math.nan) -> str:
    """What a plan does to inactivity, in one sentence."""
    name, kind = quoted(title), verdict(effect)
    word = "fewer" if effect.difference < 0 else "more"
    if kind == "nothing":
        return f"{name} changes nothing: every run came out exactly as without it."
    if kind == "single":
        return (
            f"{name} was run only once: {size(effect.difference)} percentage points {word} adults were "
            f"inactive, but "
            "one run cannot tell an effect from chance."
        )
    if kind == "unclear":
        return (
            f"The effect of {name} on inactivity is indistinguishable from no effect "
            f"(95% range {signed_range(effect)}, in percentage points)."
        )
    act = "lowers" if kind == "better" else "raises"
    text = (
        f"{name} {act} inactivity by {size(effect.difference)} percentage points "
        f"(95% range {signed_range(effect)})"
    )
    if math.isfinite(adults):
        text += f", about {people(abs(effect.difference) * adults)} {word} people inactive"
    return text + "."


GAP_WORDS = {
    "deprivation": "the gap between the most and least deprived fifths",
    "disability": "the gap between people with and without a limiting condition",
}
GROUP_OF_GAP = {"deprivation": "imd_quintile", "disability": "condition"}


def gap_sentence(results: Results, plan: Plan, gap: str = "deprivation") -> str:
    """What a plan does to a gap, absolute and relative; says when it helps everyone and still widens it."""
    effect = results.effect(plan, f"gap_{gap}_difference")
    if effect is None or math.isnan(effect.difference):
        return ""
    name, words = quoted(plan.title), GAP_WORDS[gap]
    if effect.nothing:
        return f"{name} leaves {words} exactly as it was."
    if not effect.ranged:
        return f"{name} was run only once, so no change of {words} can be told from chance."
    absolute, relative = gap_turns(results, plan, gap)
    everyone = helps_everyone(results, plan, GROUP_OF_GAP[gap])
    before, after = (points(value).lstrip("+") for value in (effect.baseline, effect.scenario))
    by = f"by {size(effect.difference)} percentage points (from {before} to {after})"
    if absolute == relative == "unclear":
        return f"No change of {words} under {name} can be told from chance."
    if absolute == "unclear":
        return (
            f"{name} {relative} {words} in proportion; in percentage points no change can be told from "
            f"chance."
        )
    tail = {
        absolute: ", and in proportion too",
        "unclear": "; in proportion no change can be told from chance",
    }.get(relative, f", but {relative} it in proportion")
    if absolute == "widens" and everyone:
        return f"{name} helps everyone, widens the gap: all groups gain, yet {words} grows {by}{tail}."
    return f"{name} {absolute} {words} {by}{tail}."


def lead_sentence(results: Results) -> str:
    """Whether the best plan's lead over the next can be told from chance. Empty when there is no next."""
    best = best_plan(results)
    rest = [
        plan for plan in ranked(results) if best and plan is not best and results.effect(plan, "inactive")
    ]
    if not best or not rest:
        return ""
    gap = paired(results.series(best.name, "inactive"), results.series(rest[0].name, "inactive")).tail(52)
    if gap.empty or gap.shape[1] < 2:
        return ""
    mean, low, high = mean_range(gap.to_numpy().mean(axis=0))
    if low <= 0 <= high:
        return f"Its lead over {quoted(rest[0].title)} is too small to be told from chance."
    return (
        f"Its lead over {quoted(rest[0].title)}, the next, is {size(float(mean))} points and more than "
        f"chance."
    )


def groups_sentence(results: Results, plan: Plan, group: str) -> str:
    """In which levels of an attribute inactivity falls or rises, and where no change can be told."""
    found: dict[Verdict, list[str]] = {}
    for level in results.levels(group):
        if effect := results.effect(plan, "inactive", group, level):
            found.setdefault(verdict(effect), []).append(reader(group, level))
    total = sum(len(levels) for levels in found.values())
    if not total or "single" in found or len(found.get("nothing", [])) == total:
        return ""
    lower, higher, unclear = found.get("better", []), found.get("worse", []), found.get("unclear", [])
    if len(lower) == total:
        every = "fifth of neighbourhoods" if group == "imd_quintile" else "one of these groups"
        return f"Under {quoted(plan.title)} inactivity falls in every {every}."
    parts = [f"falls among {listing(lower)}"] if lower else []
    parts += [f"rises among {listing(higher)}"] if higher else []
    if not parts:
        return f"Under {quoted(plan.title)} no change can be told from chance among any of these groups."
    tail = f"; no change can be told among {listing(unclear)}" if unclear else ""
    return f"Under {quoted(plan.title)} inactivity {' and '.join(parts)}{tail}."


def reach_sentence(results: Results, plan: Plan) -> str:
    """How many a plan reaches, and whom it misses: groups reached under 0.6 times as often as all adults."""
    overall = results.effect(plan, "reach")
    if overall is None or not overall.scenario > 0:
        return ""
    parts = [
        (effect.scenario / overall.scenario, key[2], key[3])
        for key, effect in results.effects.items()
        if key[0] == plan.name
        and key[1] == "reach"
        and key[4] == results.end
        and key[2] in {"imd_quintile", "disability", "age_band", "sex", "ethnicity", "car"}
        and math.isfinite(effect.scenario)
    ]
    text = f"{quoted(plan.title)} reaches {percent(overall.scenario)} of adults"
    if math.isfinite(results.adults):
        text += f", about {people(overall.scenario * results.adults)} people"
    nobody = [reader(group, level) for share, group, level in parts if share == 0]
    few = sorted(part for part in parts if 0 < part[0] < 0.6)[:4]
    if nobody:
        text += f"; nobody joins among {listing(nobody)}"
    if few:
        names = [
            f"{reader(group, level)} ({percent(share * overall.scenario)})" for share, group, level in few
        ]
        text += f"; {'few join' if nobody else 'it misses most, with few'} among {listing(names)}"
    return text + "."


ETHNIC_PEOPLE = {
    "white": "White people",
    "asian": "Asian people",
    "black": "Black people",
    "mixed": "people of mixed ethnicity",
    "other": "people of other ethnic groups",
}


def reader(group: str, level: str) -> str:
    """The people of a level, as they stand inside a sentence."""
    name = level_name(group, level)
    small = f"{name[:1].lower()}{name[1:]}"
    if group == "ethnicity":
        return ETHNIC_PEOPLE.get(level, f"the ethnic group {name}")
    openings = {
        "age_band": f"people aged {name}",
        "imd_quintile": f"the {small}",
        "disability": f"people {small}",
        "car": f"households with {small}",
        "sex": small,
    }
    return openings.get(group, name)


def cost_sentence(results: Results, plan: Plan) -> str:
    """What a plan costs, and what it costs to move one person out of inactivity."""
    cost, moved = results.effect(plan, "cost"), results.effect(plan, "inactive")
    if cost is None or not math.isfinite(cost.difference):
        return ""
    if cost.difference == 0:
        return f"{quoted(plan.title)} costs nothing more than today's plans."
    prices = f" at {plan.price_year} prices" if plan.price_year else ""
    text = f"{quoted(plan.title)} costs {pounds(cost.difference)}{prices} over {span(results.end)}"
    if cost.difference < 0:
        text = f"{quoted(plan.title)} saves {pounds(-cost.difference)}{prices} over {span(results.end)}"
    per = per_person(results, plan)
    if per is not None:
        text += f": about {rough_pounds(per.scenario)} for each person moved out of inactivity"
        if per.ranged:
            high = rough_pounds(per.high) if math.isfinite(per.high) else "no upper limit"
            text += f" (95% range {rough_pounds(per.low)} to {high})"
        return text + "."
    if moved is not None and verdict(moved) == "worse":
        return f"{text}, and moves more people into inactivity than out of it."
    return f"{text}; its cost per person moved cannot be told, since the effect cannot be told from nothing."


def lasting_sentence(results: Results, plan: Plan) -> str:
    """What is left of the effect after delivery ends; empty when nothing ends early enough to say."""
    end, last = delivery_end(plan), results.effect(plan, "inactive")
    if end is None or last is None or end > results.end - 26 or verdict(last) in {"nothing", "single"}:
        return ""
    base = results.series(plan.baseline, "inactive")
    change = paired(results.series(plan.name, "inactive"), base)
    during = change[(change.index < end) & (change.index >= end - 13)]
    if during.empty or during.shape[1] < 2:
        return ""
    mean, low, high = (float(x) for x in mean_range(during.to_numpy().mean(axis=0)))
    if low <= 0 <= high:
        return ""
    after = (
        f"{size(last.difference)} points {'fewer' if last.difference < 0 else 'more'}"
        if last.told
        else "no effect that can be told from chance"
    )
    when = "over the final year" if results.end >= 104 else "at the end"
    return (
        f"When delivery ends (week {end}) the effect of {quoted(plan.title)} is {size(mean)} points "
        f"{'fewer' if mean < 0 else 'more'} inactive; {when} it is {after}."
    )
