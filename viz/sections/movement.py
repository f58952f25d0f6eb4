"""Does it become a movement? Waves of people in groups of their own."""

from __future__ import annotations

from typing import Any

from viz import verdicts, wave_words
from viz.page import Section, Text
from viz.results import Results

OPENING = (
    "Beside programmes, people start groups of their own and keep them going. A plan that sets a movement off brings a "
    "wave: more and more people in such groups, a peak, and perhaps an end. Only waves beyond what chance does are told."
)


def section(results: Results) -> Section | None:
    """Waves that plans bring, and those of the town without them; None when groups were not recorded."""
    plans = verdicts.ranked(results)
    said = [wave_words.plan_sentence(results, plan) for plan in plans] + [wave_words.today_sentence(results)]
    lines = [text for text in said if text]
    if not lines:
        return None
    parts: list[Any] = [Text(lines, "points")]
    return Section("movement", "Does it become a movement?", [OPENING], parts)
