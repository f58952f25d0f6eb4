"""Read a file of one's own targets; every fault with its line, what is allowed, and the nearest right name."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from calibration import targets as national
from calibration.measures.figures import ALL, GROUPS, Figure, figures
from calibration.own.columns import COLUMNS, DESIGN_EFFECT, granted
from calibration.own.numbers import Cells, spread
from calibration.targets import ROLES, Target
from model.errors import Fault, InputError, nearest
from model.files.table import NO_ROWS, read_csv
from model.files.text import shorten
from model.place.place import Place
from model.population.columns import LEVELS
from scenarios.files.faults import SAME

TEMPLATE_HINT = "`run.py calibrate --targets-template FILE` writes every figure that can be given."
ROUNDED = 2.0
"""Per cent by which levels that are everybody may miss a hundred, by rounding and by people who did not say."""
FEWEST = 30
"""Simulated residents of a group below which its figure would be mostly chance."""


@dataclass
class Own:
    """The targets of a file: those to fit and those held out, in its order, and the line of each by name."""

    file: str
    targets: list[Target] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)

    def of_role(self, role: str) -> list[Target]:
        """Those of one role."""
        return [target for target in self.targets if target.role == role]


def read(path: str | Path) -> Own:
    """The targets of a CSV file. Raises InputError naming every fault."""
    path = Path(path)
    if not path.is_file():
        raise InputError(Fault("is a folder" if path.is_dir() else "no such file", str(path), key="targets",
                               hint=TEMPLATE_HINT))  # fmt: skip
    table, faults = read_csv(path, known=lambda header: header.strip().lower() in COLUMNS)
    if faults and faults[0].message != NO_ROWS:
        raise InputError(shorten(faults, str(path)))
    headers = [header.strip().lower() for header in table.headers]
    faults = list(_columns(headers, str(path), table.head))
    if faults:
        raise InputError(faults)
    own = Own(str(path))
    for line, row in zip(table.lines, table.rows, strict=True):
        cells = Cells(str(path), line, dict(zip(headers, row, strict=True)))
        if cells.empty:
            continue
        figure = _figure(cells)
        target = figure and _target(cells, figure)
        if figure and figure.name in own.lines:
            cells.fault("the same figure stands twice", "outcome", figure.name,
                        hint=f"It stands on line {own.lines[figure.name]} too: leave one.")  # fmt: skip
        elif figure:
            own.lines[figure.name] = line
        if target and not cells.faults:
            own.targets.append(target)
        faults += cells.faults
    faults += _sums(own)
    if faults:
        raise InputError(shorten(faults, str(path)))
    if not own.targets:
        raise InputError(Fault("no figure is filled in", str(path), table.head, "value", hint=TEMPLATE_HINT))
    if not own.of_role("fit"):
        raise InputError(Fault("nothing is left to fit: every figure is held out", str(path), key="role",
                               allowed=", ".join(ROLES)))  # fmt: skip
    return own


def _sums(own: Own) -> Iterator[Fault]:
    """A fault for every group whose levels of activity do not make up everybody, or more than that."""
    by_group: dict[tuple[str, str], list[Target]] = {}
    for target in own.targets:
        one = figures()[target.name]
        if one.outcome in LEVELS:
            by_group.setdefault((one.group, one.level), []).append(target)
    for (group, level), found in by_group.items():
        total = sum(target.value for target in found)
        if total > 100 + ROUNDED or (len(found) == len(LEVELS) and total < 100 - ROUNDED):
            whom = "all adults" if group == ALL else f"{group} {level}"
            yield Fault(f"the levels of activity of {whom} add up to {total:g}%", own.file, own.lines[found[-1].name], "value",
                        " + ".join(f"{target.value:g}" for target in found), "100%, but for rounding",
                        "Nobody is at two levels: look at which people each figure is of.")  # fmt: skip


def _columns(headers: list[str], file: str, line: int) -> Iterator[Fault]:
    for header in headers:
        if header and header not in COLUMNS:
            yield Fault(
                "unknown column", file, line, header, None, ", ".join(COLUMNS), nearest(header, COLUMNS)
            )
    needed = ["value", "source", *([] if "name" in headers else ["outcome"])]
    for name in needed:
        if name not in headers:
            hint = None if name != "outcome" else "Or a column `name` with names of calibration/targets.csv."
            yield Fault("the column is missing", file, line, name, None, COLUMNS[name], hint)
    if not ({"n", "se"} & set(headers) or {"low", "high"} <= set(headers)):
        yield Fault("how sure the figures are is missing", file, line, "low", None, "columns low and high, or n, or se",
                    "A survey of 900 people asked in the group: n = 900.")  # fmt: skip


# ------------------------------------------------------------------------------------------------ which figure


def _figure(cells: Cells) -> Figure | None:
    """The figure that a row means; None, with its faults told, when it means none."""
    known = figures()
    by_name = cells.word("name")
    outcome, group, level = (cells.word(name) or ALL for name in ("outcome", "group", "level"))
    key, asked = ("name", by_name) if by_name else ("outcome", outcome)
    if asked in known and (by_name or group == ALL):
        return known[asked]
    if asked in {target.name for target in national.read()} - set(known):
        cells.fault("takes a trial or twenty years to measure: fitted to nationally, not for a place", key, asked,
                    hint=TEMPLATE_HINT)  # fmt: skip
        return None
    if by_name:
        cells.fault("the model does not measure this", key, asked, hint=_hint(asked, list(known)))
        return None
    outcomes = list(dict.fromkeys(one.outcome for one in known.values()))
    if outcome not in outcomes:
        found = "nothing" if outcome == ALL else outcome
        cells.fault("the model does not measure this", "outcome", found, ", ".join(LEVELS) + ", and those of the template",
                    _hint(outcome, outcomes))  # fmt: skip
        return None
    if group != ALL and outcome not in LEVELS:
        cells.fault("is measured of all adults only", "group", group, ALL,
                    f"Groups go with {', '.join(LEVELS)}.")  # fmt: skip
        return None
    if group != ALL and group not in GROUPS:
        cells.fault("no such group", "group", group, ", ".join([ALL, *GROUPS]), nearest(group, GROUPS))
        return None
    levels = (ALL,) if group == ALL else GROUPS[group]
    level = level.removesuffix(".0")
    if level not in levels:
        meant = SAME.get(level)
        hint = f"Did you mean '{meant}'?" if meant in levels else nearest(level, levels)
        cells.fault("no such level", "level", "nothing" if level == ALL else level, ", ".join(levels), hint)
        return None
    return next(one for one in known.values() if one.key == (outcome, group, level))


def _hint(word: str, names: list[str]) -> str:
    return f"{nearest(word, names) or ''} {TEMPLATE_HINT}".strip()


# ------------------------------------------------------------------------------------------------ its numbers


def _target(cells: Cells, figure: Figure) -> Target | None:
    """The target of a row; its faults are told in `cells`."""
    scale = cells.scale(figure.unit)
    value = cells.value(figure.unit, scale)
    se = spread(cells, figure.unit, scale, value)
    given = cells.number("discrepancy")
    if given is not None and given < 0:
        cells.fault("must not be below 0", "discrepancy", cells.text("discrepancy"))
    effect = cells.number("design_effect")
    if effect is not None and not 1 <= effect <= 20:
        cells.fault(
            "is out of range",
            "design_effect",
            cells.text("design_effect"),
            f"1 to 20; usual: {DESIGN_EFFECT}",
        )
    role = cells.word("role") or "fit"
    if role not in ROLES:
        cells.fault("is not one of the choices", "role", role, ", ".join(ROLES), nearest(role, ROLES))
    source = cells.text("source")
    if not source:
        cells.fault(
            "is missing: a figure without a source cannot be judged", "source", None, COLUMNS["source"]
        )
    if cells.faults or value is None or se is None:
        return None
    discrepancy = granted(figure) if given is None else given * scale
    return Target(figure.name, value, se, discrepancy, figure.unit, role, cells.text("definition") or figure.meaning,
                  cells.text("year"), "", "", source)  # fmt: skip


# ------------------------------------------------------------------------------------------------ and the place


def check_place(own: Own, place: Place, sample: float, seed: int) -> list[Fault]:
    """What a place says to targets: groups that nobody there belongs to, or too few of those simulated, are refused.

    Raises InputError naming every one.
    """
    from calibration.measures.place import mask, simulated

    people = simulated(place, sample, seed)
    faults = []
    for target in own.targets:
        one = figures()[target.name]
        if one.group == ALL:
            continue
        count = int(mask(people, one.group, one.level).sum())
        if count >= FEWEST:
            continue
        where = (own.file, own.lines[target.name], "level")
        whole = simulated(place, 1.0, seed) if sample < 1 else people
        everybody = int(mask(whole, one.group, one.level).sum())
        what = f"{one.group} {one.level}"
        if everybody == 0:
            there = [level for level in GROUPS[one.group] if mask(whole, one.group, level).any()]
            faults.append(
                Fault(f"nobody of this group lives in {place.title}", *where, what, ", ".join(there))
            )
        elif everybody < FEWEST:
            faults.append(Fault(f"too few of this group live in {place.title}: {everybody}", *where, what,
                                f"groups of {FEWEST} or more"))  # fmt: skip
        else:
            needed = min(1.0, math.ceil(1.3 * 100 * FEWEST / everybody) / 100)
            faults.append(Fault(f"too few of this group are simulated: {count}", *where, what, f"{FEWEST} or more",
                                f"Raise --sample to {needed:g}, or leave the figure out."))  # fmt: skip
    if faults:
        raise InputError(faults)
    return faults
