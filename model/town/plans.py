"""Plans in a state: brought in, changed and stopped in mid-run, the places they open, and twins that go their own way."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel, ValidationError

from model.delivery.barrier import Barrier
from model.delivery.build import programmes_for
from model.delivery.programme import Programme
from model.delivery.settings import Intervention
from model.errors import Fault, InputError, nearest
from model.population.reach import Candidates, build
from model.processes import opportunity
from model.quantities import MET_AROUND, OF_CELLS
from model.state import State

AROUND = (*OF_CELLS, *MET_AROUND)


def branch(state: State, keep: bool = True) -> State:
    """A state of its own from this week on: what is written down begins anew, and what runs goes on when `keep`.

    What plans that are left behind changed around homes goes with them.
    """
    twin = copy.copy(state)
    twin.people, twin.assets, twin.ties = state.people.copy(), state.assets.copy(), state.ties.copy()
    twin.groups, twin.recorder = state.groups.copy(), state.recorder.fresh()
    twin.changed_rows, twin.changed_people = state.changed_rows.copy(), state.changed_people.copy()
    if keep and state.programmes:
        twin.programmes = [_going_on(programme) for programme in state.programmes]
        twin.quantities = copy.deepcopy(state.quantities)
        return twin
    twin.programmes, twin.signature = [], None
    forget_sums(twin)
    return twin


def _going_on(programme: Programme) -> Programme:
    return copy.deepcopy(programme, {id(programme.settings): programme.settings})


def forget_sums(state: State) -> None:
    """Start the sums of quantities anew; what was added around homes is taken out of what people live with."""
    had = state.quantities.any_of(AROUND)
    state.quantities = state.no_sums()
    if had:
        opportunity.step(state)


def open_places(state: State, new: pd.DataFrame) -> None:
    """Add planned places, still closed; people keep what they know of places that stand or were planned before."""
    standing, before = len(state.place.assets), state.candidates
    planned_before = state.assets.n > standing
    state.assets = state.assets.extended(new)
    state.recorder.more_places(len(new))
    place, cells = state.place, np.flatnonzero(before.cell_row >= 0)
    state.see(build(cells, place.width, place.width * place.height, place.cell_m, state.assets, standing))
    if planned_before:
        state.people.knows[:] = carried(before, state.candidates, state.cell_row, state.people.knows)
    forget_sums(state)
    state.signature = None


def carried(before: Candidates, now: Candidates, cell_row: np.ndarray, knows: np.ndarray) -> np.ndarray:
    """(n,) uint32 what people know, its bits moved to where each place stands now; a place crowded out is forgotten."""
    out = np.zeros_like(knows)
    for low, high in zip(before.first[:-1], before.first[1:], strict=True):
        for old in range(low, high):
            known = (knows >> np.uint32(old)) & np.uint32(1)
            for slot in range(low, high):
                same = (before.asset[:, old] >= 0) & (before.asset[:, old] == now.asset[:, slot])
                out |= (known * same[cell_row]).astype(np.uint32) << np.uint32(slot)
    return out


def listed(given: Any) -> list[Intervention | Barrier]:
    """Plans as a list: one alone, or several in a list or the like. Raises InputError for what are none."""
    if isinstance(given, Intervention | Barrier):
        return [given]
    if isinstance(given, str | bytes | Mapping | type | BaseModel) or not isinstance(given, Iterable):
        given = [given]
    plans = list(given)
    faults = [
        _no_plan(one)
        for one in plans
        if not isinstance(one, Intervention | Barrier) or not hasattr(one, "delivery")
    ]
    if faults:
        raise InputError(faults)
    return plans


def _no_plan(found: Any) -> Fault:
    hint = "Those of a scenario: Scenario.load(name).interventions."
    if isinstance(found, type) and issubclass(found, Intervention | Barrier):
        hint = f"That is the class: make one of it, {found.__name__}(...)."
    elif isinstance(found, str):
        hint = f"Those of a scenario: Scenario.load({found!r}).interventions."
    told = found.__name__ if isinstance(found, type) else f"{type(found).__name__} {found!r}"
    return Fault("is no plan", key="interventions", found=told if len(told) < 60 else f"{told[:57]}...",
                 allowed="plans of model.interventions, as WalkingScheme(groups=10), and barriers", hint=hint)  # fmt: skip


def bring_in(state: State, more: Sequence[Intervention | Barrier]) -> None:
    """Programmes for `more` plans, beside those that run, and the places they will open. Raises InputError, and then
    nothing is changed."""
    _refuse_past(state, more)
    for one in more:
        one.where.zone_mask(state.place.zones)  # raises where there are none, before anything is changed
    programmes = programmes_for(more, state.programmes)
    new = [frame for programme in programmes if (frame := programme.new_assets(state)) is not None]
    if new:
        open_places(state, pd.concat(new, ignore_index=True))
    for programme in programmes:
        programme.prepare(state)
        programme.first_week = max(programme.first_week, state.week)
    state.programmes = sorted([*state.programmes, *programmes], key=lambda programme: programme.label)


def _refuse_past(state: State, more: Sequence[Intervention | Barrier]) -> None:
    ends = [(one, one.when.end_week) for one in more]
    faults = [Fault(f"would be over before this week: it ends with week {end - 1}, and this is week {state.week}",
                    key=f"{short(one)}.when", found=f"start_week {one.when.start_week}, weeks {one.when.weeks}",
                    hint="Let it begin later, or go on for longer.")
              for one, end in ends if end is not None and end <= state.week]  # fmt: skip
    if faults:
        raise InputError(faults)


def short(plan: Intervention | Barrier) -> str:
    """What people call a plan: its label unless that holds all that it says."""
    return plan.label if len(plan.label) < 60 else plan.type


def over(state: State, programme: Programme) -> bool:
    """Whether a programme's last week is past."""
    end = programme.settings.when.end_week
    return end is not None and end <= state.week


def stop(state: State, label: str) -> None:
    """End a programme this week, as at its planned end; forget one that has not begun. Raises InputError."""
    programme = _delivered(state, label)
    if state.week <= programme.first_week:
        state.programmes = [one for one in state.programmes if one is not programme]
    else:
        when = programme.settings.when
        weeks = state.week - when.start_week
        ended = when.model_copy(update={"weeks": weeks, "ramp_weeks": min(when.ramp_weeks, weeks)})
        programme.settings = programme.settings.model_copy(update={"when": ended})
    state.signature = None


def change(state: State, label: str, changes: Mapping[str, Any]) -> None:
    """Let a programme go on with other settings, by dotted name. Raises InputError, and then nothing is changed."""
    programme = _delivered(state, label)
    before, begun = programme.settings, state.week > programme.first_week
    new = _with(programme, changes)
    fixed = [
        f"{programme.label}.{key}"
        for key in ("name", *programme.FIXED)
        if getattr(new, key) != getattr(before, key)
    ]
    faults = [
        Fault("cannot change once the plan is in a town", key=key, hint="Stop it, and add another.")
        for key in fixed
    ]
    if begun and new.when.start_week != before.when.start_week:
        faults.append(Fault("has begun: its first week is past", key=f"{programme.label}.when.start_week",
                            found=str(new.when.start_week), allowed=str(before.when.start_week)))  # fmt: skip
    end = new.when.end_week
    if end is not None and end <= state.week:
        faults.append(Fault("would be over before this week", key=f"{programme.label}.when.weeks",
                            found=str(new.when.weeks), hint=f"To end it now: stop({label!r})."))  # fmt: skip
    if faults:
        raise InputError(faults)
    try:
        programme.settings = new
        programme.work_out(state)
    except InputError:
        programme.settings = before
        programme.work_out(state)
        raise
    if not begun:
        programme.first_week = max(new.when.start_week, state.week)
    state.signature = None


def _with(programme: Programme, changes: Mapping[str, Any]) -> Any:
    """The settings of a programme with `changes` by dotted name. Raises InputError."""
    kind, data = type(programme.settings), programme.settings.model_dump(exclude_unset=True)
    for key, value in changes.items():
        *holders, last = key.split(".")
        at: Any = data
        for part in holders:
            at = at.setdefault(part, {}) if isinstance(at, dict) else None
        if not isinstance(at, dict):
            raise InputError(Fault("there is nothing here to change", key=f"{programme.label}.{key}"))
        at[last] = value
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        errors = error.errors()
        deep = {one["loc"][:n] for one in errors for n in range(len(one["loc"]))}
        # That a list is too short only says again that what is in it is wrong.
        told = [one for one in errors if one["type"] != "too_short" or one["loc"] not in deep]
        raise InputError([_fault(programme.label, kind, one) for one in told]) from None


def _fault(label: str, kind: Any, error: Any) -> Fault:
    """One of pydantic's errors about the settings of a plan."""
    key, loc = ".".join(map(str, (label, *error["loc"]))), error["loc"]
    if error["type"] == "extra_forbidden":
        keys = list(kind.model_fields) if len(loc) == 1 else []
        return Fault("unknown key", key=key, allowed=", ".join(keys) or None, hint=nearest(loc[-1], keys))
    return Fault(error["msg"], key=key, found=repr(error["input"])[:100])


def _delivered(state: State, label: str) -> Programme:
    """The programme of a label that is not over. Raises InputError."""
    named = [one for one in state.programmes if label in (one.label, one.settings.label, one.settings.type)]
    exact: list[Programme] = [one for one in named if one.label == label] or named
    exact = [one for one in exact if not over(state, one)] or exact[-1:]
    labels = [
        one.label if len(one.label) < 60 else one.settings.type
        for one in state.programmes
        if not over(state, one)
    ]
    if len(exact) != 1:
        message = "names several plans: take a label of town.plans" if exact else "no such plan is here"
        raise InputError(Fault(message, key="label", found=str(label),
                               allowed=", ".join(labels) or "none: no plan runs or is to come",
                               hint=None if exact else nearest(label, labels)))  # fmt: skip
    if over(state, exact[0]):
        raise InputError(Fault(f"is over since week {exact[0].settings.when.end_week}", key="label", found=exact[0].label,
                               hint="Add another plan."))  # fmt: skip
    return exact[0]
