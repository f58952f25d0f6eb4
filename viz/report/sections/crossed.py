"""Effects on crossed groups: disabled women over 65, with the number of people behind each."""

from __future__ import annotations

import math

from model.outcomes.strata import FEWEST, JOINT
from scenarios.findings.names import split_level
from viz import words
from viz.report import sentences, verdicts
from viz.report.page import Cell, Fold, Section, Table
from viz.report.results import Results, ScenarioResult
from viz.report.sections.plans import change_cells


def section(results: Results) -> Section | None:
    """The effect on the share inactive in each crossed group; None where people were not crossed (`--by`)."""
    by = [str(name) for name in results.manifest.get("by") or []]
    group, shown = JOINT.join(by), verdicts.featured_plan(results)
    if not by or shown is None:
        return None
    tables = {plan.name: _table(results, plan, group) for plan in verdicts.ranked(results)}
    if shown.name not in tables:
        return None
    parts: list[Table | Fold] = [tables[shown.name]]
    parts += [Fold(f"With {sentences.quoted(plan.title)}", [tables[plan.name]])
              for plan in verdicts.ranked(results) if plan != shown]  # fmt: skip
    names = words.listing([words.group_name(one).lower() for one in by])
    lead = (
        f"People by {names}, crossed. Groups of fewer than {FEWEST} simulated residents are not shown. "
        "Of so many groups about one in twenty seems to change by chance alone."
    )
    return Section("crossed", "Effects on crossed groups", [lead], list(parts))


def _table(results: Results, plan: ScenarioResult, group: str) -> Table:
    rows = []
    levels = [key[3] for key in results.effects
              if key[:3] == (plan.name, "adults", group) and key[4] == results.end]  # fmt: skip
    for level in levels:
        adults, simulated, effect = (
            results.effect(plan, outcome, group, level)
            for outcome in ("adults", "residents_simulated", "inactive")
        )
        if adults is None or simulated is None or simulated.scenario == 0:
            continue
        few = effect is None or math.isnan(effect.difference)
        told = (
            [Cell("not shown"), Cell("not shown"), Cell("too few people"), Cell("–")]
            if few or effect is None
            else [
                Cell(words.percent(effect.baseline)),
                Cell(words.percent(effect.scenario)),
                *change_cells(effect),
            ]
        )
        rows.append([
            Cell(level_text(group, level), "name"), Cell(words.people(adults.scenario)),
            Cell(words.number(simulated.scenario)), *told,
        ])  # fmt: skip
    head = [
        "Group",
        "Adults",
        "Simulated in a run",
        results.baseline.title,
        "With the plan",
        "Points",
        "95% range",
    ]
    return Table(f"Adults inactive in crossed groups: {sentences.quoted(plan.title)}", head, rows)


def level_text(group: str, level: str) -> str:
    """A crossed level in words: `Limited a lot, women, 65 to 74`."""
    named = [
        words.level_name(one, part) for one, part in zip(group.split(JOINT), split_level(level), strict=True)
    ]
    return ", ".join(name if k == 0 else name[:1].lower() + name[1:] for k, name in enumerate(named))
