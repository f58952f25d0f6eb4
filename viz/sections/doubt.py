"""How sure the numbers of the model are: doubt about them beside chance, and what the targets say nothing about."""

from __future__ import annotations

import math
from typing import Any

from model import ensemble
from viz import words
from viz.page import Cell, Fold, Section, Table
from viz.results import Effect, Plan, Results
from viz.sections.trust import known_ledger, ledger_table

SHOWN = ("inactive", "gap_deprivation_difference", "gap_disability_difference", "minutes_mean")


def section(results: Results) -> Section | None:
    """Effects with both ranges when several sets of parameters were run; else what was not asked. None before a fit."""
    about = results.manifest.get("parameters") or {}
    facts = ensemble.facts()
    if not facts and int(about.get("sets") or 1) < 2:
        return None
    parts: list[Any] = []
    if int(about.get("sets") or 1) > 1:
        lead = [
            f"The plans were run with {about['sets']} sets of numbers that agree with what is known of England. The "
            "first range below is chance; the second is what doubt about the numbers does to the effect."
        ]
        parts.append(_table(results))
    else:
        lead = [
            "One set of numbers was used, the fitted one. How far the effect would move with other numbers that agree "
            "with England as well is told by the same command with an even number of six replicates or more, or with "
            "--parameters ensemble."
        ]
    if names := ensemble.prior_driven():
        lead.append(
            f"About {len(names)} of the numbers the national figures say little or nothing, so they are as uncertain as "
            "they were before. A result that leans on them leans on judgement."
        )
        entries = known_ledger()
        table = ledger_table([entries[name] for name in names if name in entries])
        parts.append(Fold(f"Those {len(names)} numbers", [table]))
    return Section("doubt", "How sure its numbers are", lead, parts)


def sentence(results: Results, plan: Plan) -> str:
    """How far doubt about the numbers takes a plan's effect, where that is further than chance; else empty."""
    effect = results.effect(plan, "inactive")
    if effect is None or not effect.doubt_high - effect.doubt_low > effect.high - effect.low:
        return ""

    def one(share: float) -> str:
        amount = (
            words.people(abs(share) * results.adults) if math.isfinite(results.adults) else words.size(share)
        )
        return f"{amount} {'fewer' if share < 0 else 'more'}"

    return (
        "The model's own numbers are less sure than that: with others that agree with England as well, it may be anything "
        f"from {one(effect.doubt_low)} to {one(effect.doubt_high)}."
    )


def _table(results: Results) -> Table:
    rows = []
    for plan in results.plans:
        for outcome in SHOWN:
            effect = results.effect(plan, outcome)
            if effect is not None and math.isfinite(effect.doubt_low):
                rows.append(
                    [
                        Cell(f"{plan.title}: {words.OUTCOMES.get(outcome, words.humanise(outcome))}", "name"),
                        *_cells(effect),
                    ]
                )
    return Table(
        "Chance, and doubt about the numbers (95% ranges)",
        ["Effect", "Change", "Chance", "Doubt", "Larger"],
        rows,
    )


def _cells(effect: Effect) -> list[Cell]:
    def text(value: float) -> str:
        return words.change_text(effect.outcome, value)

    chance, doubt = effect.high - effect.low, effect.doubt_high - effect.doubt_low
    larger = "neither" if max(chance, doubt) == 0 else "chance" if chance >= doubt else "doubt"
    told = f"{text(effect.doubt_low)} to {text(effect.doubt_high)}" if doubt else "none beyond chance"
    return [Cell(text(effect.difference)), Cell(f"{text(effect.low)} to {text(effect.high)}"),
            Cell(told, "" if doubt else "unclear"), Cell(larger, "text")]  # fmt: skip
