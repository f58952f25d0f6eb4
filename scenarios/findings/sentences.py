"""Findings in plain English, for terminal and page alike. The same findings always give the same words.

Every sentence says by which measure it goes. Among plans that cannot be told apart none is named before the others: they
stand in the order of the alphabet. An effect whose range holds none is never called a gain or a loss, and one below a
single person is no effect that matters.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from scenarios.findings.amounts import (
    digits,
    listing,
    people,
    people_end,
    points_end,
    pounds,
    quoted,
    rough_pounds,
    size,
    span,
)
from scenarios.findings.findings import MEASURES, RANK_BY, Estimate, Findings, ScenarioFindings


def amount(estimate: Estimate) -> str:
    """The size of an estimate in its unit: people, person-years, points or pounds."""
    unit = estimate.measure.unit
    if unit == "points":
        return f"{size(estimate.value)} points {'narrower' if estimate.value < 0 else 'wider'}"
    if unit == "pounds":
        return rough_pounds(estimate.value, _digits(estimate))
    return f"{people(abs(estimate.value), _digits(estimate))} {_unit(estimate)}"


def _digits(estimate: Estimate) -> int:
    return digits(estimate.low, estimate.high) if estimate.ranged else 2


def _end(estimate: Estimate, value: float) -> str:
    """The value of an estimate, or an end of its range, signed, with as many digits as its range needs."""
    if estimate.measure.unit == "pounds":
        return rough_pounds(value, _digits(estimate))
    if estimate.measure.unit == "points":
        return points_end(value)
    return people_end(value, _digits(estimate))


def _ends(estimate: Estimate, low: float, high: float) -> str:
    """A range as text; where both its ends are too small to write, so much is said, and none is not said for above none."""
    ends = _end(estimate, low), _end(estimate, high)
    least = "0.001" if estimate.measure.unit == "points" else "1"
    if ends == ("0", "0"):
        return f"under {least} either way" if low < 0 else f"under {least}"
    if ends[0] == "0" and low > 0:
        return f"under {least} to {ends[1]}"
    return f"{ends[0]} to {ends[1]}"


def _unit(estimate: Estimate) -> str:
    """Person-years, or adults."""
    return "person-years" if estimate.measure.unit == "person-years" else "adults"


def range_text(estimate: Estimate) -> str:
    """The range in its unit, `120 to 340`; with signs where it holds none, and turned round where it is all below."""
    if not estimate.ranged:
        return "one run: no range"
    low, high = estimate.low, estimate.high
    if high < 0 and estimate.measure.unit != "pounds":
        low, high = -high, -low
    return _ends(estimate, low, high)


def short(estimate: Estimate | None) -> str:
    """One estimate with its range for a table, `200 (120 to 340)`, signed: more is more people out of inactivity."""
    if estimate is None or not math.isfinite(estimate.value):
        return "–"
    if estimate.verdict == "nothing":
        return "0"
    text = _end(estimate, estimate.value)
    return f"{text} ({_ends(estimate, estimate.low, estimate.high)})" if estimate.ranged else text


def kind_of_range(findings: Findings) -> str:
    """What the ranges hold, as a sentence."""
    if findings.replicates < 2:
        return "One run has no range."
    if findings.sets > 1:
        return "Ranges are 95% and hold chance and doubt about the model's numbers together."
    return "Ranges are 95% and hold chance, not doubt about the model's numbers."


def by_measure(findings: Findings) -> str:
    """By what plans are ranked, as a sentence opens: `By person-years out of inactivity over 5 years`."""
    words = MEASURES[findings.measure].words
    over = {"person_years": f" over {span(findings.weeks)}", "gap": f", averaged over {span(findings.weeks)}",
            "cost": f" over {span(findings.weeks)}"}.get(findings.rank_by, "")  # fmt: skip
    return f"By {words}{over}"


def headline(findings: Findings) -> str:
    """The answer in one or two sentences, with its range, and by which measure it goes."""
    plans = findings.plans
    if not plans:
        return f"No plan was compared with {findings.against}."
    if len(plans) == 1:
        return plan_sentence(findings, plans[0])
    if findings.replicates < 2:
        return "Each plan was run only once, so no difference can be told from chance."
    opening, many = by_measure(findings), f"the {len(plans)} plans"
    helping, leaders, winner = findings.helping, findings.leaders, findings.winner
    if not helping and findings.rank_by == "cost":
        return f"{opening}, no price can be given for any of {many}: none both costs more and surely moves people out of inactivity."
    if not helping:
        return f"{opening}, none of {many} is shown to help against {findings.against}{_harm(findings)}."
    if winner is not None:
        return (
            f"{opening}, {quoted(winner.title)} {_first_of(findings)}: {_with_range(findings, winner)}."
            f"{_lead(findings, winner)}{_unpriced(findings)}"
        )
    if len(leaders) == 1:
        return (
            f"{opening}, {quoted(leaders[0].title)} is shown to help: {_with_range(findings, leaders[0])}."
            f"{_rivals(findings, leaders[0])}"
        )
    known = [one for plan in leaders if (one := _known(findings, plan))]
    lowest, highest = (pick(known, key=lambda one: abs(one.value)) for pick in (min, max))
    between = amount(lowest) if amount(lowest) == amount(highest) else f"{_bare(lowest)} to {amount(highest)}"
    return (
        f"{opening}, {_titles(leaders)} help and cannot be told apart ({between} at best estimate)"
        f"{_surely_less(findings, leaders)}.{_unpriced(findings)}"
    )


def _first_of(findings: Findings) -> str:
    """What the winner is, among those that can be held against it: a plan without a price may yet be cheaper."""
    if findings.rank_by != "cost":
        return f"does most of the {len(findings.plans)} plans"
    priced = sum(plan.price is not None for plan in findings.plans)
    if priced == 1:
        return f"alone of the {len(findings.plans)} plans can be given a price"
    whose = "" if priced == len(findings.plans) else " that a price can be given for"
    return f"is cheapest of the {priced} plans{whose}"


def _unpriced(findings: Findings) -> str:
    """By cost: why other plans have no price."""
    if findings.rank_by != "cost" or all(plan.price for plan in findings.plans):
        return ""
    return " For the others no price can be given, since the people they move may be none or less than one, or they cost nothing more."


def supporting(findings: Findings) -> list[str]:
    """What belongs under the headline: the course of the one plan it is about, what is traded, what the ranges hold."""
    plan = findings.winner or (findings.plans[0] if len(findings.plans) == 1 else None)
    course = course_sentence(plan) if plan else ""
    return [line for line in (_otherwise(findings), course, trade(findings), kind_of_range(findings)) if line]


def _otherwise(findings: Findings) -> str:
    """That plans are not ranked as was asked, and why; empty when they are."""
    if findings.asked in ("", findings.rank_by) or findings.asked not in RANK_BY or len(findings.plans) < 2:
        return ""
    wanted, taken = (MEASURES[name].words for name in (RANK_BY[findings.asked], findings.measure))
    return f"{wanted[:1].upper()}{wanted[1:]}: known of no plan in these results, so plans are ranked by {taken}."


def plan_sentence(findings: Findings, plan: ScenarioFindings) -> str:
    """What one plan does in all, against the baseline."""
    name, total = quoted(plan.title), plan.get("person_years") or plan.get("at_end")
    if total is None:
        return f"Nothing is known of {name}."
    if total.verdict == "nothing":
        return f"{name} changes nothing: every run came out exactly as with {findings.against}."
    if total.verdict == "single":
        return f"{name} was run only once, so no effect can be told from chance."
    over = "over" if total.measure.unit == "person-years" else "after"
    when = f"{over} {span(findings.weeks)}"
    if total.verdict == "little":
        return (
            f"{name} has no effect that matters: less than one {_unit(total)[:-1]} out of inactivity {when}."
        )
    if total.verdict == "unclear":
        return (
            f"{when.capitalize()}, what {name} does cannot be told from {findings.against}: {short(total)} {_unit(total)} "
            "out of inactivity."
        )
    way, text = ("brings", "out of inactivity") if total.verdict == "better" else ("takes", "into inactivity")
    return (
        f"{when.capitalize()}, {name} {way} about {amount(total)} {text} against {findings.against} "
        f"(95% range {range_text(total)})."
    )


TIMES = {"during": "while it is delivered", "after_52": "one year after", "after_104": "two years after"}


def course_sentence(plan: ScenarioFindings) -> str:
    """How many adults are out of inactivity at a time while a plan is delivered, and one and two years after."""
    parts = []
    for measure, when in TIMES.items():
        found = plan.get(measure)
        if found is None or found.verdict in ("nothing", "single"):
            continue
        if found.verdict == "unclear":
            parts.append(f"{when}, no number that can be told from none ({range_text(found)})")
        elif found.verdict == "little":
            parts.append(f"{when}, less than one adult")
        else:
            way = "more" if found.verdict == "worse" else "fewer"
            parts.append(
                f"{when}, about {people(abs(found.value), _digits(found))} {way} inactive ({range_text(found)})"
            )
    if not parts:
        return ""
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def trade(findings: Findings) -> str:
    """What is traded: a plan that surely closes the gap more than those that move most people; empty when none does."""
    if len(findings.plans) < 2:
        return ""
    if findings.rank_by == "gap":
        return _traded_for_people(findings)
    first = [findings.winner] if findings.winner else findings.leaders
    smaller: dict[tuple[str, ...], list[str]] = {}
    for other in findings.plans:
        beaten = [
            plan.title for plan in first if plan.name != other.name and findings.beats(other, plan, "gap")
        ]
        if beaten:
            smaller.setdefault(tuple(sorted(beaten)), []).append(other.title)
    found = [
        f"{listing([quoted(title) for title in sorted(titles)])} {'leaves' if len(titles) == 1 else 'leave'} a smaller gap "
        f"between the most and least deprived fifths than {listing([quoted(title) for title in beaten])}"
        for beaten, titles in smaller.items()
    ]
    return f"What is traded: {'; '.join(found)}." if found else ""


def _traded_for_people(findings: Findings) -> str:
    """Ranked by the gap: which plans surely bring more person-years than those that narrow it most, and which do harm."""
    more = {
        other.title
        for plan in findings.leaders
        for other in findings.plans
        if other.name != plan.name and findings.beats(other, plan, "person_years")
    }
    worse = {
        plan.title for plan in findings.plans if (one := plan.get("person_years")) and one.verdict == "worse"
    }
    found = [
        f"{listing([quoted(title) for title in sorted(titles)])} {one if len(titles) == 1 else many}"
        for titles, one, many in (
            (more, "brings more person-years out of inactivity", "bring more person-years out of inactivity"),
            (worse, "takes people into inactivity", "take people into inactivity"),
        )
        if titles
    ]
    return f"What is traded: {'; '.join(found)}." if found else ""


def price_sentence(findings: Findings, plan: ScenarioFindings) -> str:
    """What a plan costs over the run and for each person-year, with the time it is counted over."""
    cost = plan.get("cost")
    if cost is None or not math.isfinite(cost.value):
        return ""
    name, over = quoted(plan.title), span(findings.weeks)
    if cost.value == 0:
        return f"{name} costs nothing more than {findings.against}."
    if findings.baseline == "baseline":
        opening = f"{name} {'costs' if cost.value > 0 else 'saves'} {pounds(abs(cost.value))} over {over}"
    else:
        way = "more" if cost.value > 0 else "less"
        opening = f"{name} costs {pounds(abs(cost.value))} {way} than {findings.against} over {over}"
    price = plan.price
    if price is not None:
        return (f"{opening}: about {rough_pounds(price.value)} for each person-year out of inactivity in those {over} "
                f"(95% range {range_text(price)}).")  # fmt: skip
    total = plan.get("person_years")
    if total is not None and total.verdict == "worse":
        return f"{opening}, and takes more people into inactivity than out of it."
    if total is not None and total.verdict == "little":
        return f"{opening}; no price for a person-year can be given, since it moves people by less than one."
    return f"{opening}; no price for a person-year can be given, since the people moved cannot be told from none."


def _with_range(findings: Findings, plan: ScenarioFindings) -> str:
    found = _known(findings, plan)
    assert found is not None
    return f"about {amount(found)} (95% range {range_text(found)})"


def _known(findings: Findings, plan: ScenarioFindings) -> Estimate | None:
    return plan.price if findings.rank_by == "cost" else plan.get(findings.measure)


def _lead(findings: Findings, winner: ScenarioFindings) -> str:
    """By how much the winner leads the next; empty for prices, whose difference is not worked out."""
    following = [plan for plan in findings.plans if plan.name != winner.name and plan.rank_low is not None]
    if not following or findings.rank_by == "cost":
        return ""
    found = findings.difference(winner.name, following[0].name, findings.measure)
    if found is None:
        return ""
    more = amount(found)
    if found.measure.unit != "points":
        more = f"less than one {_unit(found)[:-1]} more" if abs(found.value) < 1 else f"{more} more"
    return f" That is {more} ({range_text(found)}) than {quoted(following[0].title)}, the next."


def _rivals(findings: Findings, plan: ScenarioFindings) -> str:
    """Plans that it cannot be told apart from, each with its own amount; empty when it surely does more than each."""
    rivals = [
        one
        for one in findings.plans
        if one.name != plan.name and one.rank_low is not None and not findings.beats(plan, one)
    ]
    if not rivals:
        return ""
    told = [
        f"{quoted(one.title)}, {short(_known(findings, one))}"
        for one in sorted(rivals, key=lambda one: one.title)
    ]
    return f" Whether it does more than {' or '.join(told)}, cannot be told."


def _surely_less(findings: Findings, leaders: list[ScenarioFindings]) -> str:
    below = [plan for plan in findings.plans if plan not in leaders and plan.rank_low is not None
             and all(findings.beats(one, plan) for one in leaders)]  # fmt: skip
    return f"; {_titles(below)} {'does' if len(below) == 1 else 'do'} less" if below else ""


def _harm(findings: Findings) -> str:
    worse = [plan for plan in findings.plans if (one := _known(findings, plan)) and one.verdict == "worse"]
    return f", and {_titles(worse)} {'does' if len(worse) == 1 else 'do'} harm" if worse else ""


def _titles(plans: Iterable[ScenarioFindings]) -> str:
    return listing([quoted(title) for title in sorted(plan.title for plan in plans)])


def _bare(estimate: Estimate) -> str:
    """An amount without its unit's word."""
    return amount(estimate) if estimate.measure.unit == "pounds" else amount(estimate).split(" ")[0]
