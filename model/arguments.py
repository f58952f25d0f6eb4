"""What kernels are called with: numbers of the ledger and arrays of columns, each picked by its name.

A kernel takes a few named tuples. A field of a settings tuple that is named as a number of the ledger holds that number;
what is worked out from several has a name of its own and is given. A field of a tuple of columns is named as the column.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, TypeVar, get_type_hints

from model.errors import nearest
from model.parameters import Parameters, ledger

T = TypeVar("T", bound=NamedTuple)


def settings_of(kind: type[T], parameters: Parameters, **derived: float) -> T:
    """The settings `kind` of a kernel: fields by name from the ledger, whole where `kind` says int, and `derived` ones.

    Raises ValueError when a field is neither in the ledger nor given, or given though the ledger has it.
    """
    asked = (kind, *derived.items())
    if asked not in parameters.settings:
        parameters.settings[asked] = _settings(kind, parameters, derived)
    made: T = parameters.settings[asked]
    return made


def _settings(kind: type[T], parameters: Parameters, derived: dict[str, float]) -> T:
    names, read, whole = _entries(kind, tuple(derived))
    found = dict(zip(names, read(parameters.values), strict=True))
    for name in whole:
        found[name] = int(found[name])
    made: Callable[..., T] = kind
    return made(**found, **derived)


def columns_of(kind: type[NamedTuple], holder: Any, **others: Any) -> tuple[Any, ...]:
    """The columns `kind` of a kernel, in its order, by name from what `holder` has; `others`, its last fields, are given.

    A plain tuple, see `model.machine.parallel.plain`. Raises ValueError when `others` are not the last fields.
    """
    return (*_columns(kind, tuple(others))(holder), *others.values())


@cache
def _entries(
    kind: type[NamedTuple], given: tuple[str, ...]
) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]], tuple[str, ...]]:
    """The fields of `kind` that the ledger holds, what reads them all, and which are whole."""
    types, entries = get_type_hints(kind), ledger()
    for name in kind._fields:
        if (name in entries) == (name in given):
            raise ValueError(
                f"{kind.__name__}.{name} is a number of the ledger: give what is worked out another name"
                if name in given
                else f"{kind.__name__}.{name} is not in the ledger and is not given. {nearest(name, entries) or ''}".strip()
            )
    names = tuple(name for name in kind._fields if name not in given)
    return names, _together(itemgetter, names), tuple(name for name in names if types[name] is int)


@cache
def _columns(kind: type[NamedTuple], others: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """Reads the fields of `kind` off an object, all but its last, the `others`."""
    names = kind._fields[: len(kind._fields) - len(others)]
    if kind._fields != (*names, *others):
        raise ValueError(f"{kind.__name__} ends in {kind._fields[len(names) :]}, not in {others}")
    return _together(attrgetter, names)


def _together(
    getter: Callable[..., Callable[[Any], Any]], names: tuple[str, ...]
) -> Callable[[Any], tuple[Any, ...]]:
    """Reads `names` of an object as a tuple, however many."""
    if len(names) > 1:
        return getter(*names)
    return lambda holder: tuple(getter(name)(holder) for name in names)
