"""National targets: what the model is fitted to, and what is held out; frozen before any fit.

`targets.csv` has a row a target: its value and standard error (both worked out from the published readings by one
rule), the discrepancy granted to the model, and its role. `targets.lock` holds the fingerprint of that file, so that
neither errors nor roles can move while fitting without a word.
"""

from __future__ import annotations

import csv
import hashlib
import math
import sys
from dataclasses import dataclass
from pathlib import Path

from model.errors import Fault, InputError
from model.files.text import bytes_of

TARGETS = Path(__file__).parent / "targets.csv"
LOCK = Path(__file__).parent / "targets.lock"
ROLES = ("fit", "held_out")


@dataclass(frozen=True)
class Target:
    """One published figure. `readings`: evidence row, value, low and high (95%), one a survey or year."""

    name: str
    value: float
    se: float
    discrepancy: float
    unit: str
    role: str
    definition: str
    year: str
    readings: str
    why_discrepancy: str
    source: str

    @property
    def sd(self) -> float:
        """Error of observation and stated discrepancy together."""
        return math.hypot(self.se, self.discrepancy)

    @property
    def rows(self) -> list[str]:
        """Rows of the evidence table."""
        return [reading.split()[0] for reading in self.readings.split(";")]


def rule(readings: str) -> tuple[float, float]:
    """Value and standard error of readings, the one rule for all targets.

    A reading's error is a quarter of its published or judged 95% range (over 3.92). Several readings are averaged;
    their spread over years counts as error besides, because a model that stands still stands for all of them.
    """
    told = [[float(word) for word in one.split()[1:]] for one in readings.split(";")]
    count = len(told)
    value = sum(one[0] for one in told) / count
    within = sum(((one[2] - one[1]) / 3.92) ** 2 for one in told) / count**2
    between = sum((one[0] - value) ** 2 for one in told) / (count - 1) / count if count > 1 else 0.0
    return value, math.sqrt(within + between)


def read(path: Path = TARGETS) -> list[Target]:
    """Every target, in the order of the file."""
    numbers = ("value", "se", "discrepancy")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [dict(row) for row in csv.DictReader(file)]
    return [Target(**{k: float(v) if k in numbers else v for k, v in row.items()}) for row in rows]  # type: ignore[arg-type]


def of_role(role: str) -> list[Target]:
    """The targets of one role; raises InputError when the file is not the one that was frozen."""
    check()
    return [target for target in read() if target.role == role]


def fingerprint(path: Path = TARGETS) -> str:
    """SHA-256 of the file of targets."""
    return hashlib.sha256(bytes_of(path)).hexdigest()


def check(path: Path = TARGETS, lock: Path = LOCK) -> None:
    """Raise InputError when the targets are not those that were frozen."""
    frozen = lock.read_text(encoding="utf-8").split()[0] if lock.is_file() else "nothing"
    if fingerprint(path) != frozen:
        hint = "Put it back as it was; or freeze it anew with a reason: python -m calibration.targets --freeze WHY"
        raise InputError(Fault("the targets are not those that were frozen before the fit", file=str(path),
                               found=fingerprint(path)[:12], allowed=frozen[:12], hint=hint))  # fmt: skip


def freeze(why: str) -> None:
    """Freeze the targets as they stand, with the reason."""
    split = {role: [target.name for target in read() if target.role == role] for role in ROLES}
    lines = [
        f"{fingerprint()}  targets.csv",
        f"why: {why}",
        *(f"{role}: {', '.join(names)}" for role, names in split.items()),
    ]
    LOCK.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--freeze"] and len(sys.argv) == 3:
        freeze(sys.argv[2])
    else:
        check()
        print(f"{len(read())} targets, as they were frozen.")
