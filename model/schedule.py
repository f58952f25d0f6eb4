"""The order of one week, as a list that can be printed and timed, and acts of one's own that are added to it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from model import guard, processes
from model.errors import Fault, InputError, nearest
from model.own import Own, name_faults

if TYPE_CHECKING:
    from model.state import State


@dataclass(frozen=True)
class Act:
    """One act of a week: a name, what it does in words, and `step`, which does it to everybody in a town's State.

    after: of one's own, the act of the project that it follows. Chance comes from `model.rng` under `state.key(name)`, by
    people's identities and the week.
    """

    name: str
    meaning: str
    step: Callable[[State], Any]
    after: str = "life"


def _step(name: str, state: State) -> None:
    """Do an act of the project: the file of its name in model/processes, read when it is first used."""
    getattr(processes, name).step(state)


def _ours(name: str, meaning: str) -> Act:
    return Act(name, meaning, partial(_step, name))


WEEK = (
    _ours("world", "season, daylight; programmes start, stop and add to named quantities; places change"),
    _ours("news", "places and programmes become known along ties"),
    _ours("persuasion", "strong ties pull motivation through each person's threshold"),
    _ours("choice", "places, sessions, minutes; visits against capacity; members turn up"),
    _ours("experience", "habit, fitness and motivation follow what the week was like"),
    _ours("meeting", "people who meet become ties; ties not kept fade"),
    _ours("joining", "people take up, wait for, leave and complete programmes"),
    _ours("movement", "groups ask people along, organise, split, fade; new ones are started"),
    _ours("life", "illness, recovery, slow drift and tastes that change"),
    _ours("reading", "levels are read and the week is written down"),
)
"""The acts of the project, in the order of a week."""

_NAMES = tuple(act.name for act in WEEK)
_OWN: Own[Act] = Own()


def one_week(state: State, seconds: dict[str, float]) -> None:
    """Run one week in order, adding the time of each act to `seconds`."""
    for act in week(state.acts):
        begun = time.perf_counter()
        if act.name in state.acts:
            _from_outside(act, state)
        else:
            act.step(state)
        seconds[act.name] = seconds.get(act.name, 0.0) + time.perf_counter() - begun
    state.clock += 1


def _from_outside(act: Act, state: State) -> None:
    """Do an act of somebody's own. Raises InputError when it fails, or leaves residents who cannot be."""
    with guard.named("an act of the week of somebody's own", act.name, act.step, state.week):
        act.step(state)
    if wrong := guard.spoilt(state.people):
        raise InputError([Fault(f"an act of the week of somebody's own spoilt residents in week {state.week}", key=act.name,
                                found=one) for one in wrong])  # fmt: skip


def week(added: tuple[str, ...]) -> tuple[Act, ...]:
    """The acts of a week with those of one's own, by name, each behind the one that it follows. Raises InputError."""
    if not added:
        return WEEK
    if gone := [name for name in added if _OWN.get(name) is None]:
        raise InputError([Fault("is an act of the week of somebody's own that is not registered", key=name,
                                hint="Register it, or give its file as --plugin.") for name in gone])  # fmt: skip
    extra = [act for act in _OWN.all() if act.name in added]
    return tuple(one for act in WEEK for one in (act, *(own for own in extra if own.after == act.name)))


def describe() -> str:
    """The week in words, one act a line, those of one's own among them."""
    acts = enumerate(week(tuple(act.name for act in own())), 1)
    return "\n".join(f"{number}. {act.name}: {act.meaning}" for number, act in acts)


# ------------------------------------------------------------------------------------------------ acts of one's own


def own() -> tuple[Act, ...]:
    """Those that were registered from outside, in the order in which they came."""
    return _OWN.all()


def get(name: str) -> Act | None:
    """An act of one's own by its name; None where there is none."""
    return _OWN.get(name)


def source(name: str) -> object:
    """The plugin that an act comes from; None of one registered from Python."""
    return _OWN.source(name)


def register(act: Act, source: object = None) -> Act:
    """Take in an act of one's own: a part of every week of the towns that are built from now on. Raises InputError.

    The same name again replaces it. source: the plugin that it comes from, which takes it to other processes.
    """
    if faults := _faults(act):
        raise InputError(faults)
    return _OWN.take_in(act.name, act, source)


def forget(name: str) -> None:
    """Take an act of one's own out again; towns that were built with it can go on no more."""
    _OWN.forget(name)


def _faults(act: Act) -> list[Fault]:
    """Everything that is wrong with an act."""
    if not isinstance(act, Act):
        return [
            Fault("is no act of the week", key="act", found=repr(act), allowed="Act(name, meaning, step)")
        ]
    key = act.name if isinstance(act.name, str) else repr(act.name)
    found = name_faults(key, "an act", _NAMES)
    if not act.meaning or not isinstance(act.meaning, str):
        found.append(Fault("has no words", key=f"{key}.meaning"))
    if act.after not in _NAMES:
        found.append(Fault("unknown act", key=f"{key}.after", found=str(act.after), allowed=", ".join(_NAMES),
                           hint=nearest(str(act.after), _NAMES)))  # fmt: skip
    if not callable(act.step):
        found.append(Fault("needs a function of a town's State", key=f"{key}.step", found=repr(act.step)))
    return found
