"""Strata: everybody, each level of each attribute, each zone; and the crossings of attributes that are counted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from model.errors import Fault, InputError, nearest
from model.population.attributes import ATTRIBUTES, BY_NAME, counted_with
from model.population.people import People

CROSSED = (counted_with("home"), counted_with("person"), ("zone",))
"""Groups counted together: a week adds each resident to one cell a crossing, then each cell to its strata."""

JOINT = "+"
"""What stands between the attributes of a crossed group, and between its levels: `disability+sex`, `none+female`."""

COARSE = {
    "disabled": ("disability", ("not_disabled", "disabled"), (0, 1, 1)),
    "over_65": ("age_band", ("under_65", "65_and_over"), (0, 0, 0, 1, 1, 1)),
}
"""Attributes to cross that put levels of another together: which, their own levels, and the level of each of its."""

CROSSABLE: dict[str, tuple[str, ...]] = {
    **ATTRIBUTES,
    **{name: levels for name, (_, levels, _) in COARSE.items()},
}
"""What can be crossed, with its levels."""

MOST_CROSSED = 1000
"""Strata beyond which a crossing is refused: most would have hardly anybody in them."""

MOST_CELLS = 2**16
"""Cells that a uint16 tells apart."""

FEWEST = 20
"""Simulated residents below which nothing is told of a stratum of a crossed group."""


def crossing_of(by: Sequence[str] | str | None) -> tuple[str, ...]:
    """The attributes to cross, as given: a list, or names with commas between them; none when nothing is given.

    Raises InputError with every fault: names that are no attributes, or twice there, one alone, or too large a crossing.
    """
    names = tuple(part.strip() for part in by.split(",")) if isinstance(by, str) else tuple(by or ())
    if by is None or not names:
        return ()
    allowed = ", ".join(CROSSABLE)
    faults = [
        Fault("unknown attribute", key="by", found=repr(name), allowed=allowed, hint=nearest(name, CROSSABLE))
        for name in dict.fromkeys(names)
        if name not in CROSSABLE
    ]
    faults += [
        Fault("is named twice", key="by", found=repr(name))
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if not faults and len(names) == 1 and names[0] in ATTRIBUTES:
        faults.append(Fault("one attribute is no crossing", key="by", found=repr(names[0]), allowed="two or more of "
                            + allowed, hint="Results by each attribute alone are there anyway."))  # fmt: skip
    size = math.prod(len(CROSSABLE[name]) for name in names) if not faults else 0
    if size > MOST_CROSSED:
        faults.append(Fault("crosses too many groups", key="by", found=f"{size:,} groups of people",
                            allowed=f"at most {MOST_CROSSED:,}", hint="Leave an attribute out."))  # fmt: skip
    if faults:
        raise InputError(faults)
    return names


@dataclass(frozen=True)
class Strata:
    """names: (group, level) of each stratum; cells: (crossings, n) uint16 cell of each resident in each crossing;
    of_cell: (cells, most) int32 strata that a cell belongs to, padded with the number of strata."""

    names: list[tuple[str, str]]
    cells: np.ndarray
    of_cell: np.ndarray

    def sums(self, values: np.ndarray) -> np.ndarray:
        """(strata,) float64 sums of `values` (n,)."""
        total = np.zeros(len(self.names) + 1)
        for cells in self.cells:
            np.add.at(total, self.of_cell, np.bincount(cells, values, len(self.of_cell))[:, None])
        return total[:-1]


NO_STRATA = Strata([], np.zeros((0, 0), np.uint16), np.zeros((0, 0), np.int32))
"""What a town is recorded by before its people have what strata go by."""


def strata_of(people: People, zone_codes: list[str], by: Sequence[str] = ()) -> Strata:
    """The strata of a place, and each resident's cells; `by`: attributes to cross, whose strata come last."""
    names, first = [("all", "all")], {}
    groups = ATTRIBUTES | {"zone": tuple(zone_codes)}
    for group, levels in groups.items():
        first[group] = len(names)
        names += [(group, level) for level in levels]
    cells: list[np.ndarray] = []
    of_cell = np.zeros((0, 1 + max(map(len, CROSSED))), np.int32)
    for crossing in CROSSED:
        sizes = [len(groups[group]) for group in crossing]
        codes = [_codes(people, group) for group in crossing]
        cells.append((np.ravel_multi_index(codes, sizes) + len(of_cell)).astype(np.uint16))
        added = np.full((math.prod(sizes), of_cell.shape[1]), len(names), np.int32)
        for column, codes_of_cells in enumerate(np.unravel_index(np.arange(len(added)), sizes)):
            added[:, column] = first[crossing[column]] + codes_of_cells
        of_cell = np.concatenate([of_cell, added])
    # Everybody is in one cell of the last crossing.
    of_cell[-math.prod(sizes) :, -1] = 0
    if by:
        code, joint = crossed(people, by)
        cells.append((code + len(of_cell)).astype(np.uint16))
        added = np.full((len(joint), of_cell.shape[1]), len(names) + len(joint), np.int32)
        added[:, 0] = np.arange(len(names), len(names) + len(joint))
        of_cell[of_cell == len(names)] = len(names) + len(joint)
        of_cell = np.concatenate([of_cell, added])
        names += [(JOINT.join(by), level) for level in joint]
    if len(of_cell) > MOST_CELLS:
        raise InputError(Fault("has too many zones to count people by", key="place", found=f"{len(zone_codes):,} zones",
                               allowed=f"at most {MOST_CELLS - len(of_cell) + len(zone_codes):,}"))  # fmt: skip
    return Strata(names, np.stack(cells), of_cell)


def crossed(people: People, by: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """The code (n,) int64 of each resident's level when attributes are crossed, and the levels by code."""
    sizes = [len(CROSSABLE[group]) for group in by]
    codes = np.ravel_multi_index([_codes(people, group) for group in by], sizes)
    return codes, [JOINT.join(levels) for levels in product(*(CROSSABLE[group] for group in by))]


def _codes(people: People, group: str) -> np.ndarray:
    if group in COARSE:
        attribute, _, put = COARSE[group]
        coarse: np.ndarray = np.array(put)[_codes(people, attribute)]
        return coarse
    return BY_NAME[group].codes(people) if group in BY_NAME else people.zone.astype(np.int64)
