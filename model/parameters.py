"""The ledger: every number of the model with its unit, range, source and quality; typed, frozen, refusing typos.

The entries live in `ledger/*.yaml`, one file a subject. A `Parameters` object is one full set of values, read as
attributes (`parameters.habit_gain`); `with_values` gives a changed copy and names every unknown or impossible value.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from model.errors import Fault, InputError, nearest

LEDGER = Path(__file__).parent / "ledger"
SHAPE = ("people", "place", "ties")
"""Subjects whose numbers shape a town when it is built, and do nothing after."""
SHAPE_AND_ACT = ("homophily", "deprivation_index")
"""Of these, what acts in every week too."""
BEYOND = "parameters_beyond"
"""What scenarios call the list of numbers that may leave their range."""
SHARES = ("share", "chance", "0-1", "per repetition")
"""Units of what is a part of a whole: 0 to 1, whatever is asked beyond the range."""
WAYS = ("m", "km", "km2", "km/h")
"""Units of what is above 0, unless the range itself holds 0."""
COUNTED = ("week", "weeks", "years", "hours", "min", "minutes", "min/week", "people", "residents", "residents/km2", "ties",
           "places", "times", "sessions/week", "visits/week")  # fmt: skip
"""Units of what is counted from 0."""
QUALITIES = ("measured", "derived", "recalled", "judgement", "guess", "fitted", "definition")


@dataclass(frozen=True)
class Entry:
    """One line of the ledger. `choices` holds the settings of a switch; otherwise `low` and `high` bound a number."""

    name: str
    value: float | int | str
    unit: str
    meaning: str
    source: str
    quality: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    subject: str = ""
    fitted: str = ""

    def check(self, value: Any, beyond: bool = False) -> str | None:
        """What is wrong with `value` for this entry, or None; it may lie `beyond` the range, though not be impossible, when
        that is asked for."""
        if self.choices:
            return None if value in self.choices else f"must be one of {', '.join(self.choices)}"
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return "must be a finite number"
        if not beyond and not self.holds(value):
            return f"must lie between {self.low:,.12g} and {self.high:,.12g}"
        return None if self.holds(value) else self._impossible(value)

    def _impossible(self, value: float) -> str | None:
        """Why no number of this unit can be `value`, or None; signs that the range itself has are possible."""
        below = self.low is not None and self.low < 0
        if self.unit in SHARES:
            least, most = (-1, 1) if below else (0, 1)
            return None if least <= value <= most else f"must lie between {least} and {most} ({self.unit})"
        if self.unit in WAYS and self.low != 0:
            return None if value > 0 else f"must be above 0 {self.unit}"
        return (
            f"must be 0 {self.unit} or more"
            if value < 0 and not below and self.unit in (*WAYS, *COUNTED)
            else None
        )

    def holds(self, value: Any) -> bool:
        """Whether `value` lies in the range; a switch has none."""
        return self.low is None or self.high is None or self.low <= value <= self.high

    def plain(self, value: Any) -> float | str:
        """`value` as the model holds it: numbers are floats, whole or not, so that one setting is one type."""
        return str(value) if self.choices else float(value)

    @property
    def shapes(self) -> bool:
        """Whether it only shapes a town when it is built."""
        return self.subject in SHAPE and self.name not in SHAPE_AND_ACT

    @property
    def allowed(self) -> str:
        """The allowed values in words."""
        return (
            ", ".join(self.choices)
            if self.choices
            else f"{self.low:,.12g} to {self.high:,.12g} {self.unit}".strip()
        )


@cache
def ledger() -> dict[str, Entry]:
    """Every entry by name, in the order of the files. Raises ValueError when an entry breaks the ledger's own rules."""
    entries: dict[str, Entry] = {}
    reader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in sorted(LEDGER.glob("*.yaml")):
        for name, fields in (yaml.load(path.read_text(encoding="utf-8"), Loader=reader) or {}).items():
            if name in entries:
                raise ValueError(f"{path.name}: {name} stands twice in the ledger")
            fields = dict(fields)
            fields["choices"] = tuple(fields.get("choices", ()))
            entry = Entry(name=name, subject=path.stem, **fields)
            if entry.quality not in QUALITIES:
                raise ValueError(f"{path.name}: {name}: quality must be one of {QUALITIES}")
            if not entry.choices and (entry.low is None or entry.high is None):
                raise ValueError(f"{path.name}: {name}: a number needs low and high")
            if problem := entry.check(entry.value):
                raise ValueError(f"{path.name}: {name}: {problem}")
            entries[name] = entry
    return entries


@dataclass(frozen=True)
class Parameters:
    """One full set of values. Made by `Parameters.default()` or `Parameters.default().with_values({...})`."""

    values: Mapping[str, Any] = field(default_factory=dict)
    settings: dict[Any, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """Settings of kernels made of these values so far, see `model.arguments.settings_of`."""

    def __getstate__(self) -> dict[str, Any]:
        return {"values": self.values, "settings": {}}

    @staticmethod
    def default() -> Parameters:
        """The values of the ledger."""
        return Parameters({name: entry.plain(entry.value) for name, entry in ledger().items()})

    def __getattr__(self, name: str) -> float:
        try:
            number: float = self.__dict__["values"][name]
        except KeyError:
            raise AttributeError(f"no parameter named {name!r}") from None
        return number

    if TYPE_CHECKING:  # the switches: words, where all else is a number

        @property
        def contagion(self) -> str: ...
        @property
        def groups(self) -> str: ...
        @property
        def leave_rule(self) -> str: ...
        @property
        def ties(self) -> str: ...
        @property
        def company_rule(self) -> str: ...
        @property
        def setbacks(self) -> str: ...
        @property
        def work_rule(self) -> str: ...
        @property
        def deprivation_index(self) -> str: ...
        @property
        def offer_rule(self) -> str: ...
        @property
        def route_rule(self) -> str: ...
        @property
        def country_rule(self) -> str: ...
        @property
        def uptake_rule(self) -> str: ...
        @property
        def repertoire(self) -> str: ...
        @property
        def couples(self) -> str: ...

    def with_values(
        self, changes: Mapping[str, Any], file: str | None = None, beyond: Iterable[str] = ()
    ) -> Parameters:
        """A copy with some values changed. Raises InputError naming every fault.

        beyond: names of numbers that may lie outside the ledger's range, as when a rule is taken out; a share stays
        within 0 to 1, and weeks, counts and distances do not fall below 0.
        """
        faults = faults_in(changes, file, beyond=beyond)
        if faults:
            raise InputError(faults)
        entries = ledger()
        return Parameters(
            {**self.values, **{name: entries[name].plain(value) for name, value in changes.items()}}
        )

    def changed(self) -> dict[str, Any]:
        """The values that differ from the ledger's."""
        return {name: value for name, value in self.values.items() if value != ledger()[name].value}

    def beyond(self) -> list[str]:
        """Names of the values that lie outside the ledger's range."""
        return [name for name, value in self.values.items() if not ledger()[name].holds(value)]

    @property
    def digest(self) -> str:
        """A short fingerprint of all values."""
        text = json.dumps(dict(sorted(self.values.items())), sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


@contextmanager
def bearable(parameters: Parameters) -> Iterator[None]:
    """Within it, numbers beyond their range that give no result are somebody's input, and said to be."""
    try:
        yield
    except (ArithmeticError, ValueError) as error:
        if not (beyond := parameters.beyond()):
            raise
        told = ", ".join(f"{name} {parameters.values[name]:.12g}" for name in beyond)
        raise InputError(Fault(f"numbers beyond their range give no result: {error}", key="parameters", found=told,
                               hint="Stay nearer to the range.")) from error  # fmt: skip


def faults_in(
    changes: Mapping[str, Any],
    file: str | None = None,
    prefix: str = "parameters.",
    beyond: Iterable[str] = (),
) -> list[Fault]:
    """Every fault of a mapping of parameter names to values; those named in `beyond` may leave their range."""
    entries, free = ledger(), [beyond] if isinstance(beyond, str) else list(beyond)
    faults = [fault for name in free if (fault := _fault_beyond(name, file))]
    for name, value in changes.items():
        if name not in entries:
            faults.append(_unknown(name, file, f"{prefix}{name}"))
        elif problem := entries[name].check(value, name in free):
            within = entries[name].check(value, beyond=True) is None
            hint = (
                f"A scenario may go beyond it by {BEYOND}: [{name}]; Python by beyond=[{name!r}]."
                if within
                else None
            )
            faults.append(Fault(problem, file, key=f"{prefix}{name}", found=repr(value), allowed=entries[name].allowed,
                                hint=hint))  # fmt: skip
    return faults


def _fault_beyond(name: str, file: str | None) -> Fault | None:
    """What is wrong with letting `name` leave its range, or None."""
    entry = ledger().get(name)
    if entry is None:
        return _unknown(name, file, BEYOND)
    if entry.choices:
        return Fault("is a switch, which has no range to leave", file, key=BEYOND, found=name,
                     allowed="names of numbers")  # fmt: skip
    return None


def _unknown(name: str, file: str | None, key: str) -> Fault:
    return Fault("unknown parameter", file, key=key, found=str(name), allowed="the names that docs/parameters.md lists",
                 hint=nearest(name, ledger()))  # fmt: skip
