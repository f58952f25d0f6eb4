"""Whether a combination does more than its parts added up, in words."""

from __future__ import annotations

from collections.abc import Mapping

from scenarios.findings.amounts import quoted, span
from scenarios.findings.findings import FEWEST, PLUS, Estimate, Findings, ScenarioFindings
from scenarios.findings.sentences import amount, range_text, short

SHARES = {"0.5": "half of ", "0.25": "a quarter of ", "2": "twice ", "": ""}
"""Times that a plan stands in a sum, in words."""


def title(findings: Findings, label: str, between: str = PLUS, quote: bool = False) -> str:
    """A sum of plans by their titles: `half of Walk and talk + half of Social prescribing`."""
    titles = {plan.name: quoted(plan.title) if quote else plan.title for plan in findings.plans}
    return between.join(_part(piece, titles) for piece in label.split(PLUS))


def _part(piece: str, titles: Mapping[str, str]) -> str:
    times, _, name = piece.rpartition(" ")
    return SHARES.get(times, f"{times} times ") + titles.get(name, name)


def sentences(findings: Findings) -> list[str]:
    """Of each plan that is held against a sum: whether it does more than the sum, less, or cannot be told apart."""
    if findings.replicates < 2:
        return []
    return [text for plan, label in findings.sums if (text := sentence(findings, plan, label))]


def sentence(findings: Findings, plan: ScenarioFindings, label: str) -> str:
    """The same of one plan and one sum, by person-years (people at the end where those are not known); empty where
    nothing is known."""
    found = findings.difference(plan.name, label, "person_years") or findings.difference(
        plan.name, label, "at_end"
    )
    if found is None:
        return ""
    name, others = quoted(plan.title), f"{title(findings, label, ' and ', quote=True)} added up"
    over = _over(findings, found)
    if found.verdict == "nothing":
        return f"{over}, {name} does just as much as {others}."
    if abs(found.value) < 1 and found.significant:
        return f"{over}, {name} does as much as {others}, to less than one."
    if not found.significant or findings.replicates < FEWEST:
        return f"{over}, whether {name} does more than {others} cannot be told: the difference is {_difference(found)}."
    way = "more" if found.value > 0 else "less"
    return f"{over}, {name} does {way} than {others}: by about {amount(found)} ({range_text(found)})."


def _over(findings: Findings, found: Estimate) -> str:
    if found.measure.unit == "person-years":
        return f"By person-years out of inactivity over {span(findings.weeks)}"
    return f"By adults out of inactivity after {span(findings.weeks)}"


def _difference(found: Estimate) -> str:
    """An amount that may be either way, with its sign and range."""
    return f"{short(found)} {'person-years' if found.measure.unit == 'person-years' else 'adults'}"
