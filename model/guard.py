"""Code from outside the project, run so that what goes wrong in it is said in its own name and spoils no result."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from model.errors import Fault, InputError
from model.population.columns import RESIDENT


@contextmanager
def named(what: str, name: str, code: Callable[..., Any], week: int) -> Iterator[None]:
    """Within it, an error of `code` becomes an InputError that says whose it is: `what` it is, its name, file, line and week."""
    try:
        yield
    except Exception as error:
        raise _fault(what, name, code, week, error) from error


def _fault(what: str, name: str, code: Callable[..., Any], week: int, error: Exception) -> InputError:
    file = getattr(getattr(code, "__code__", None), "co_filename", None)
    lines = [one.lineno for one in traceback.extract_tb(error.__traceback__) if one.filename == file]
    return InputError(Fault(f"{what} failed in week {week}", file, lines[-1] if lines else None, name,
                            f"{type(error).__name__}: {error}"))  # fmt: skip


@contextmanager
def frozen(people: Any) -> Iterator[None]:
    """Within it, no column of residents can be written."""
    arrays = [
        one for one in (getattr(people, name, None) for name in RESIDENT) if isinstance(one, np.ndarray)
    ]
    before = [one.flags.writeable for one in arrays]
    for one in arrays:
        one.flags.writeable = False
    try:
        yield
    finally:
        for one, writeable in zip(arrays, before, strict=True):
            one.flags.writeable = writeable


def spoilt(people: Any) -> list[str]:
    """What is wrong with the columns of residents, in words: another form, no numbers, or values that none may have."""
    found = []
    for name, column in RESIDENT.items():
        values, shape, dtype = getattr(people, name), column.shape(people.n), np.dtype(column.dtype)
        if not isinstance(values, np.ndarray) or (values.shape, values.dtype) != (shape, dtype):
            found.append(f"{name} is no longer {dtype} of shape {shape}")
        elif values.dtype.kind == "f" and not np.isfinite(values).all():
            found.append(f"{name} holds what is not a number")
        elif (column.low is not None and (values < column.low).any()) or (
            column.high is not None and (values > column.high).any()
        ):
            found.append(f"{name} holds values outside {column.low} to {column.high}")
    return found
