"""Checks of the values that browsers send: on offer, a number in range, a whole number in range."""

from __future__ import annotations

import math
from typing import Any

from model.errors import Fault, InputError


def known(value: Any, choices: Any, key: str) -> str:
    """A value that is on offer. Raises InputError."""
    if not isinstance(value, str) or value not in choices:
        raise InputError(Fault("is not on offer", key=key, found=str(value)[:60]))
    return value


def number(value: Any, key: str, low: float, high: float) -> float:
    """A finite number from `low` to `high`. Raises InputError."""
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not math.isfinite(value)
        or not low <= value <= high
    ):
        raise InputError(
            Fault("is out of range", key=key, found=str(value)[:40], allowed=f"{low:g} to {high:g}")
        )
    return float(value)


def whole(value: Any, key: str, low: int, high: int) -> int:
    """A whole number from `low` to `high`. Raises InputError."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(
            Fault(
                "is out of range",
                key=key,
                found=str(value)[:40],
                allowed=f"a whole number from {low} to {high}",
            )
        )
    return value
