"""What kernels are called with: by name from the ledger and from columns, and nothing by position."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest

from model import kernels
from model.arguments import columns_of, settings_of
from model.parameters import Parameters, ledger

P = Parameters.default()
MODULES = [
    importlib.import_module(f"model.kernels.{found.name}") for found in pkgutil.iter_modules(kernels.__path__)
]
MOST = 9
"""Parameters of a function."""


class Known(NamedTuple):
    habit_gain: float
    rethink_weeks: int
    doubled: float


def test_settings_are_picked_from_the_ledger_by_name_whole_where_they_say_so():
    made = settings_of(Known, P, doubled=2.0)
    assert made == (P.habit_gain, int(P.rethink_weeks), 2.0)
    assert isinstance(made.rethink_weeks, int)


def test_a_setting_that_the_ledger_does_not_have_and_nobody_gives_is_an_error_with_the_nearest_name():
    class Mistyped(NamedTuple):
        habit_gian: float

    with pytest.raises(ValueError, match=r"Mistyped\.habit_gian is not in the ledger.*'habit_gain'"):
        settings_of(Mistyped, P)


def test_a_name_of_the_ledger_always_holds_the_ledgers_number():
    with pytest.raises(ValueError, match=r"Known\.habit_gain is a number of the ledger"):
        settings_of(Known, P, habit_gain=1.0, doubled=2.0)


def test_columns_are_picked_by_name_and_the_last_ones_given():
    class Two(NamedTuple):
        age: np.ndarray
        extra: np.ndarray

    age, extra = np.zeros(3), np.ones(3)
    made = columns_of(Two, SimpleNamespace(age=age, sex=extra), extra=extra)
    assert made[0] is age and made[1] is extra
    with pytest.raises(AttributeError, match="extra"):
        columns_of(Two, SimpleNamespace(age=age))
    with pytest.raises(ValueError, match="Two ends in"):
        columns_of(Two, SimpleNamespace(age=age, extra=extra), age=age)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.split(".")[-1])
def test_kernels_take_a_few_things(module):
    for name, kernel in vars(module).items():
        plain = getattr(kernel, "py_func", None)
        if plain is not None and plain.__module__ == module.__name__:
            many = len(inspect.signature(plain).parameters)
            assert many <= MOST, f"{module.__name__}.{name} takes {many}"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.split(".")[-1])
def test_derived_settings_have_names_that_the_ledger_does_not(module):
    # Read the other way round: what `settings_of` takes from the ledger is never something else.
    for kind in vars(module).values():
        if (
            inspect.isclass(kind)
            and kind.__name__.endswith("Settings")
            and kind.__module__ == module.__name__
        ):
            derived = [name for name in kind._fields if name not in ledger()]
            made = settings_of(kind, P, **dict.fromkeys(derived, 0.5))
            assert all(getattr(made, name) == P.values[name] for name in kind._fields if name not in derived)
