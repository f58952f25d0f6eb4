"""Does it become a movement? Waves of people in groups of their own, and whether the many take it up."""

from __future__ import annotations

from typing import Any

from scenarios import chasm
from viz import verdicts, wave_words
from viz.page import Section, Text
from viz.results import Plan, Results

OPENING = (
    "Beside programmes, people start groups of their own and keep them going. A plan that sets a movement off brings a "
    "wave: more and more people in such groups, a peak, and perhaps an end. Only waves beyond what chance does are told."
)
CHASM = (
    "Innovators and early adopters take up what is new for its own sake; the early majority waits. A plan has crossed "
    "the chasm between them when the early majority gains at least half as much, beyond chance."
)


def section(results: Results) -> Section | None:
    """Waves that plans bring, and those of the town without them, and who takes it up; None when neither is known."""
    plans = verdicts.ranked(results)
    waves = [wave_words.plan_sentence(results, plan) for plan in plans] + [wave_words.today_sentence(results)]
    waves = [text for text in waves if text]
    crossing = [text for plan in plans for text in chasm_sentences(results, plan)]
    parts: list[Any] = [Text(waves, "points")] if waves else []
    if crossing:
        parts += [Text([CHASM]), Text(crossing, "points")]
    return Section("movement", "Does it become a movement?", [OPENING], parts) if parts else None


def chasm_sentences(results: Results, plan: Plan) -> list[str]:
    """Whether a plan has got from those who take things up first to the many; none when nothing can be said."""

    def row(outcome: str, group: str, level: str) -> chasm.Row | None:
        found = results.effect(plan, outcome, group, level)
        return {"difference": found.difference, "ci_low": found.low, "ci_high": found.high} if found else None

    return chasm.sentences(plan.title, chasm.told(row))
