"""One thing that the doctor looks at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """Whether it is well, what was found, and, when it is not, the command that mends it.

    repair: does so here and now, and says what it did; None where it is well or nobody should do it unasked.
    """

    name: str
    ok: bool
    found: str
    mend: str | None = None
    repair: Callable[[], str] | None = None
