"""What is wrong with somebody's input, said so that they can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One thing wrong: where it stands (`file`, `line`, `key`), what was `found`, what is `allowed`, a `hint`."""

    message: str
    file: str | None = None
    line: int | None = None
    key: str | None = None
    found: str | None = None
    allowed: str | None = None
    hint: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        text = f"{place}: " if place else ""
        text += f"{self.key}: {self.message}" if self.key else self.message
        if self.found is not None:
            text += f" (found {self.found})"
        if self.allowed:
            text += f"; allowed: {self.allowed}"
        if self.hint:
            text += f". {self.hint}"
        return text

    def as_dict(self) -> dict[str, Any]:
        """The fault as the object that `--json` prints."""
        return asdict(self)


class InputError(Exception):
    """The input is wrong: carries every fault found, never only the first. Exit status 2."""

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        self.faults = [faults] if isinstance(faults, Fault) else list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[InputError], tuple[list[Fault]]]:
        return (InputError, (self.faults,))


def nearest(name: object, choices: Iterable[str]) -> str | None:
    """The choice most like `name`, as a hint, or None when nothing is near."""
    found = get_close_matches(str(name), [str(choice) for choice in choices], n=1, cutoff=0.5)
    return f"Did you mean '{found[0]}'?" if found else None
