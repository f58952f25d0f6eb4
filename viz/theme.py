"""The look of every picture: colours that the colour-blind can tell apart, and matplotlib's settings.

Levels are drawn in cividis, differences in blue (fewer people inactive) and orange (more). Colour never
stands alone: lines are also solid or dashed and labelled, points are filled or hollow.
"""

from __future__ import annotations

import math
from typing import Any

INK = "#1b2a35"
MUTED = "#52616b"
RULE = "#d5dbdf"
PAPER = "#ffffff"
BASELINE = "#52616b"
PLAN = "#0b5a8f"
BETTER = "#0b5a8f"
WORSE = "#b35900"
UNCLEAR = "#6b7780"
EMPTY = "#eceff1"

CIVIDIS = (
    "#00224e",
    "#123570",
    "#3b496c",
    "#575d6d",
    "#707173",
    "#8a8678",
    "#a59c74",
    "#c3b369",
    "#e1cc55",
    "#fee838",
)
"""Ten steps of cividis (Nunez 2018), dark = low."""
BLUES = ("#e3eef6", "#b5d3e8", "#7fb3d5", "#5ba3d0", "#1f6ca3", "#084b80")
ORANGES = ("#fbeadb", "#f6cfa9", "#eeab6d", "#e08836", "#b05600", "#8f4700")


def level_colour(value: float, low: float, high: float) -> str:
    """The cividis step of `value` on a scale from `low` to `high`; grey when not finite."""
    if not math.isfinite(value):
        return EMPTY
    share = 0.5 if high <= low else (value - low) / (high - low)
    return CIVIDIS[min(len(CIVIDIS) - 1, max(0, int(share * len(CIVIDIS))))]


def difference_colour(value: float, limit: float) -> str:
    """Blue below zero, orange above, near white at zero; the scale runs from -limit to limit."""
    if not math.isfinite(value):
        return EMPTY
    if value == 0 or limit <= 0:
        return "#f7f7f5"
    steps = BLUES if value < 0 else ORANGES
    return steps[min(len(steps) - 1, int(abs(value) / limit * len(steps)))]


def text_on(colour: str) -> str:
    """Black-blue or white, whichever reads better on `colour` (WCAG relative luminance)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#ffffff" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.0715 else INK


def settings() -> dict[str, Any]:
    """Matplotlib settings for a figure inside the report: real text, no chance in the bytes, no mathtext."""
    return {
        "svg.fonttype": "none",
        "svg.hashsalt": "everystep",
        "text.parse_math": False,
        "axes.unicode_minus": True,
        "font.family": "DejaVu Sans",
        "font.size": 8.5,
        "text.color": INK,
        "axes.labelcolor": MUTED,
        "axes.labelsize": 8.0,
        "axes.edgecolor": RULE,
        "axes.linewidth": 0.8,
        "axes.titlesize": 9.5,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.titlecolor": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "#e8ecee",
        "grid.linewidth": 0.8,
        "xtick.color": RULE,
        "ytick.color": RULE,
        "xtick.labelcolor": MUTED,
        "ytick.labelcolor": INK,
        "xtick.labelsize": 8.0,
        "ytick.labelsize": 8.0,
        "figure.facecolor": "none",
        "axes.facecolor": "none",
        "savefig.facecolor": "none",
        "path.simplify_threshold": 0.2,
    }
