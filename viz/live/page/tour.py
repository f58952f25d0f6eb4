"""The words of the short tour, and the questions of the workshop mode."""

from __future__ import annotations

from typing import Any

TOUR: tuple[tuple[str, str], ...] = (
    (
        "A what-if, not a forecast",
        "Everystep plays the weeks of a neighbourhood: thousands of made-up residents who are like the real "
        "ones in number, age, health, homes and friends. It shows what a plan might change. It cannot say "
        "what will happen.",
    ),
    (
        "Two towns, one luck",
        "The left map is the town with today’s plans. The right one is the same town, the same people and the "
        "same luck, with your plan. Whatever differs, the plan did.",
    ),
    (
        "Press play",
        "Weeks go by under the maps. Pause when you like, step week by week, or go back to the beginning. "
        "Click on an area, a place or a group of people to read about it; the list below the maps does the "
        "same from the keyboard. Zoom with the buttons, or with plus, minus and the arrow keys.",
    ),
    (
        "Try a plan",
        "Choose a ready plan on the left, or change its controls: how many groups, where, for whom, for how "
        "long. Each control says its unit and where its usual value comes from. “And if…” takes away something "
        "that stands in people’s way. The play begins anew at once.",
    ),
    (
        "Who gains, and people like you",
        "“Who benefits” shows every group and every gap, in points and in proportion. “People’s stories” "
        "follows one resident: choose an age, a limitation and a kind of neighbourhood, and read what got in "
        "their way.",
    ),
    (
        "One run is one run",
        "Chance plays its part in a single run. Five more are made quietly and give the headline its range; “Run it "
        "properly” plays both plans more often for a narrower one. Then download the report, or the file that gives the same numbers on the command line.",
    ),
)
"""Title and text of each step."""

QUESTIONS: tuple[dict[str, Any], ...] = (
    {"question": "Who is not moving, and where?",
     "help": "Look at the map of today. Do you know these streets? What do you think is behind it?",
     "shows": "today", "view": {"tab": "benefits", "layer": "inactive", "group": "imd_quintile"}},
    {"question": "What would you try?",
     "help": "Choose one plan together. All of them cost about the same.",
     "shows": "plans", "view": {"tab": "over_time", "layer": "inactive"}},
    {"question": "What has changed?",
     "help": "Left: today’s plans. Right: the change with yours. Blue is fewer people inactive.",
     "shows": "both", "view": {"tab": "over_time", "layer": "change"}},
    {"question": "Who gained, and who was left out?",
     "help": "Look at every group. Did the gap between them close?",
     "shows": "chart", "view": {"tab": "benefits", "group": "imd_quintile"}},
    {"question": "What about people like us?",
     "help": "Choose somebody like you or like a neighbour. What got in the way? What helped?",
     "shows": "chart", "view": {"tab": "people"}},
    {"question": "And if something stood less in the way?",
     "help": "Switch one on and wait a while. Nobody delivers these: they show how much each one matters, and to whom.",
     "shows": "ifs", "view": {"tab": "over_time", "layer": "change"}},
    {"question": "Is it worth it?",
     "help": "What did it cost, and for whom? What would you change before the next try?",
     "shows": "chart", "view": {"tab": "cost"}},
)  # fmt: skip
"""One question at a time for a room, with what the page shows for it."""
