"""Does it become a movement? Waves of people in groups of their own, and whether the many take it up."""

from __future__ import annotations

from typing import Any

from scenarios.results import chasm
from viz import words
from viz.report import verdicts, wave_words
from viz.report.page import Cell, Section, Table, Text
from viz.report.results import Results, ScenarioResult

OPENING = (
    "Beside programmes, people start groups of their own and keep them going. A plan that sets a movement off brings a "
    "wave: more and more people in such groups, a peak, and perhaps an end. Only waves beyond what chance does are told."
)
CHASM = (
    "Innovators and early adopters take up what is new for its own sake; the early majority waits. A plan has crossed "
    "the chasm between them when the early majority gains at least half as much, beyond chance. Gains, in points of each "
    "group: of those who ever join a programme, who are in groups of their own, and who have moved out of inactivity."
)
CHASM_HEAD = ["Plan: read by", "Innovators and early adopters", "Early majority", "95% range", "Crossed?"]


def section(results: Results) -> Section | None:
    """Waves that plans bring, and those of the town without them, and who takes it up; None when neither is known."""
    plans = verdicts.ranked(results)
    waves = [wave_words.plan_sentence(results, plan) for plan in plans] + [wave_words.today_sentence(results)]
    waves = [text for text in waves if text]
    parts: list[Any] = [Text(waves, "points")] if waves else []
    if crossing := [row for plan in plans for row in _crossing(results, plan)]:
        parts += [Text([CHASM]), Table("Has it crossed the chasm?", CHASM_HEAD, crossing)]
    return Section("movement", "Does it become a movement?", [OPENING], parts) if parts else None


def _crossing(results: Results, plan: ScenarioResult) -> list[list[Cell]]:
    """Whether a plan has got from those who take things up first to the many, a row a measure of it."""

    def effect(outcome: str, group: str, level: str) -> chasm.Row | None:
        found = results.effect(plan, outcome, group, level)
        return {"difference": found.difference, "ci_low": found.low, "ci_high": found.high} if found else None

    return [
        [
            Cell(f"{plan.title}: {chasm.BY[outcome]}", "name"),
            Cell(words.number(100 * told["early_market"], 2)),
            Cell(words.number(100 * told["early_majority"], 2)),
            Cell(f"{words.number(100 * told['low'], 2)} to {words.number(100 * told['high'], 2)}"),
            Cell(told["verdict"], "unclear" if told["verdict"] == "cannot be told" else ""),
        ]
        for outcome, told in chasm.verdicts(effect).items()
    ]
