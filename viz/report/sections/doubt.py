"""How sure the numbers of the model are: doubt about them beside chance, and what the targets say nothing about."""

from __future__ import annotations

import math
from typing import Any

from model import ensemble
from model.outcomes import catalogue
from scenarios.files.parameter_sets import in_words
from viz import words
from viz.report.page import Cell, Fold, Section, Table
from viz.report.results import Effect, Results
from viz.report.sections.trust import known_ledger, ledger_table


def section(results: Results) -> Section | None:
    """Effects with both ranges when several sets of parameters were run; else what was not asked. None before a fit."""
    about = results.manifest.get("parameters") or {}
    facts = ensemble.facts()
    if not facts and int(about.get("sets") or 1) < 2:
        return None
    parts: list[Any] = []
    if int(about.get("sets") or 1) > 1:
        lead = [
            f"The plans were run with {in_words(about)}. Every range in "
            "this report holds chance and doubt together; here each stands alone. Doubt that chance would hide is told as "
            "wide as chance."
        ]
        parts.append(_table(results))
    else:
        but = (
            ", but for what was changed: nothing says that with that it agrees with England"
            if about.get("changed")
            else ""
        )
        lead = [
            f"One set of numbers was used, the fitted one{but}. How far the effect would move with other numbers that agree "
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


def _table(results: Results) -> Table:
    rows, full = [], words.outcomes()
    shown = [
        name for name in catalogue.headlines() if name in full and catalogue.known(name).scale != "ratio"
    ]
    for plan in results.plans:
        for outcome in shown:
            effect = results.effect(plan, outcome)
            if effect is not None and math.isfinite(effect.doubt_low):
                rows.append(
                    [
                        Cell(f"{plan.title}: {full[outcome]}", "name"),
                        *_cells(effect),
                    ]
                )
    return Table(
        "Chance, and doubt about the numbers (95% ranges)",
        ["Effect", "Change", "Chance", "Doubt", "Together", "Larger"],
        rows,
    )


def _cells(effect: Effect) -> list[Cell]:
    def text(value: float) -> str:
        return words.change_text(effect.outcome, value)

    chance, doubt = effect.chance_high - effect.chance_low, effect.doubt_high - effect.doubt_low
    larger = "neither" if max(chance, doubt) == 0 else "doubt" if doubt > 1.001 * chance else "chance"
    return [Cell(text(effect.difference)), Cell(f"{text(effect.chance_low)} to {text(effect.chance_high)}"),
            Cell(f"{text(effect.doubt_low)} to {text(effect.doubt_high)}"),
            Cell(f"{text(effect.low)} to {text(effect.high)}"), Cell(larger, "text")]  # fmt: skip
