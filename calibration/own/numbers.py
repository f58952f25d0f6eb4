"""The numbers of one row of somebody's own targets: units told from each other, and the error that they state."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from calibration.own.columns import DESIGN_EFFECT
from model.errors import Fault
from model.files import numbers
from model.files.yaml_words import printable

ENDS = {"%": (0.0, 100.0), "points": (-100.0, 100.0), "ratio": (1e-3, 1000.0), "r": (-1.0, 1.0),
        "min/week": (0.0, 10_000.0)}  # fmt: skip
"""Where a figure of each unit can lie."""
SHARE = ("share", "shares", "proportion")
PERCENT = ("%", "percent", "per cent", "percentage")
FILLED = ("value", "low", "high", "n", "se")


@dataclass
class Cells:
    """One row: its cells by column, where it stands, and the faults found in it."""

    file: str
    line: int
    cells: dict[str, str]
    faults: list[Fault] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether no number is filled in."""
        return all(math.isnan(numbers.number(self.text(name)) or 0.0) for name in FILLED)

    def text(self, name: str) -> str:
        """A cell as written; empty when there is no such column."""
        return self.cells.get(name, "").strip()

    def word(self, name: str) -> str:
        """A cell as a name."""
        return self.text(name).lower().strip("-.").replace(" ", "_")

    def fault(
        self, message: str, key: str, found: str | None, allowed: str | None = None, hint: str | None = None
    ) -> None:
        """Tell a fault of this row."""
        found = None if found is None else printable(found, 40)
        self.faults.append(Fault(message, self.file, self.line, key, found, allowed, hint))

    def number(self, name: str) -> float | None:
        """A cell as a number, None when it is blank or no number (then its fault is told)."""
        text = self.text(name)
        found = numbers.number(text)
        if found is None:
            self.fault("is no number", name, text)
        return None if found is None or math.isnan(found) else found

    def scale(self, unit: str) -> float:
        """What numbers as written are multiplied by to be in the figure's unit."""
        said = self.text("unit").lower()
        if unit == "%" and said in SHARE:
            return 100.0
        if said and said != unit and not (unit == "%" and said in PERCENT):
            allowed = "% or share" if unit == "%" else unit
            self.fault("is not the unit of this figure", "unit", self.text("unit"), allowed)
        return 1.0

    def value(self, unit: str, scale: float) -> float | None:
        """The figure in its unit; a share where per cent is asked, or the other way round, is refused."""
        text, found = self.text("value"), self.number("value")
        if found is None:
            if not any(fault.key == "value" for fault in self.faults):
                self.fault("is missing", "value", None, f"a number ({unit})")
            return None
        if scale == 100.0 and ("%" in text or found > 1):
            self.fault("is no share, though the unit says so", "value", text, "0 to 1",
                       f"Write {found / 100:g}, or % in the column unit.")  # fmt: skip
            return None
        if unit == "%" and scale == 1.0 and 0 < found < 1 and "%" not in text and not self.text("unit"):
            self.fault("looks like a share, and per cent is asked", "value", text, "0 to 100",
                       f"Write {100 * found:g}; if it is {found:g}% indeed, put % in the column unit.")  # fmt: skip
            return None
        low, high = ENDS[unit]
        if not low <= found * scale <= high:
            self.fault(
                "is out of range", "value", text, f"{numbers.span(low / scale, high / scale)} ({unit})"
            )
            return None
        return found * scale


def spread(cells: Cells, unit: str, scale: float, value: float | None) -> float | None:
    """The standard error that a row states, in the figure's unit: by low and high, else by se, else by n."""
    low, high, se, n = (cells.number(name) for name in ("low", "high", "se", "n"))
    if any(fault.key in ("low", "high", "se", "n") for fault in cells.faults) or value is None:
        return None
    if (low is None) != (high is None):
        missing = "low" if low is None else "high"
        cells.fault("one end without the other", missing, None, "both ends of the 95% interval")
    elif low is not None and high is not None:
        if low < high and low * scale <= value <= high * scale:
            return (high - low) * scale / 3.92
        hint = _other_unit(low, high, value / scale)
        cells.fault("the value must lie between low and high, and low below high", "low",
                    f"{low:g} to {high:g} about {value / scale:g}", None, hint)  # fmt: skip
    elif se is not None:
        if se > 0:
            return se * scale
        cells.fault("must be above 0", "se", cells.text("se"))
    elif n is not None:
        return _of_sample(cells, unit, value, n)
    else:
        cells.fault(
            "how sure the figure is is missing", "low", None, "low and high (95%), or n (people asked), or se"
        )
    return None


def _other_unit(low: float, high: float, value: float) -> str | None:
    for factor, fix in (
        (100.0, "Write the interval in per cent, as the value"),
        (0.01, "Write the interval as shares, as the value"),
    ):
        if low * factor <= value <= high * factor:
            return f"{fix}: {low * factor:g} and {high * factor:g}."
    return None


def _of_sample(cells: Cells, unit: str, value: float, n: float) -> float | None:
    """The standard error of a share among n people asked, after Agresti and Coull 1998, so that 0% has one too."""
    if unit != "%":
        cells.fault(
            "tells how sure a share is, and this is none", "n", cells.text("n"), "low and high (95%), or se"
        )
        return None
    if n < 10 or n != int(n):
        hint = "Below 10 people a share says nothing." if n >= 1 else None
        cells.fault("is no number of people asked", "n", cells.text("n"), "10 or more, in that group", hint)
        return None
    effect = cells.number("design_effect") or DESIGN_EFFECT
    asked = n / max(effect, 1.0)
    share = (asked * value / 100 + 2) / (asked + 4)
    return 100 * math.sqrt(share * (1 - share) / (asked + 4))
