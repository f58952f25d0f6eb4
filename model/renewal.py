"""Parameters changed in mid-run, and what follows from them worked out again in the town as it stands.

Lasting traits (propensity, length of sessions, threshold) are drawn again with the same luck; what moves by itself (habit,
motivation, fitness, knowledge, trust, illness) goes on from where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from functools import partial

import numpy as np

from model.columns import KINDS
from model.errors import Fault, InputError
from model.parameters import Parameters, ledger
from model.processes import choice, opportunity, persuasion
from model.processes.life import drift_sd, taste_sd
from model.start import first_draws, minutes_drawn, propensity_drawn, start_luck, threshold_drawn
from model.state import State

AT_THE_START = ("warm_up_weeks", "groups_start", "tie_spare")
"""What acts before the first week of the warm-up alone."""


def renew(state: State, parameters: Parameters) -> None:
    """Take `parameters` from this week on. Raises InputError for those that only shape a town as it is built."""
    changed = {name for name, value in parameters.values.items() if value != state.parameters.values[name]}
    _refuse(changed, state.clock)
    if not changed:
        return
    if state.clock == 0:
        state.parameters = parameters
        state.see(state.reach)
        first_draws(state)
    else:
        _in_mid_run(state, parameters, changed)
    for programme in state.programmes:
        programme.work_out(state)
    state.signature = None


def _in_mid_run(state: State, parameters: Parameters, changed: Set[str]) -> None:
    people, subjects = state.people, {ledger()[name].subject for name in changed}
    drift, taste, pressed = drift_sd(state), taste_sd(state.parameters), persuasion.pressure_now(state)
    state.parameters = parameters
    state.see(state.reach)
    if changed & {"propensity_sd", "drift_share"}:
        people.propensity[:] = propensity_drawn(state)
    if changed & {"threshold_mean", "threshold_sd"}:
        people.threshold[:] = threshold_drawn(state)
    people.drift[:] = _spread(people.drift, drift, drift_sd(state), partial(start_luck, state, "drift"))
    for k, now in enumerate(taste_sd(parameters)):
        if changed & {f"minutes_{KINDS[k]}", "minutes_person_sd"}:
            people.minutes_session[k] = minutes_drawn(state, k)
        people.taste[k] = _spread(people.taste[k], taste[k], now, partial(start_luck, state, "taste", k))
    if "group_limit" in changed:
        state.groups.limit[state.groups.alive] = int(parameters.group_limit)
    opportunity.step(state)
    if "access" in subjects:
        choice.choose(state, everyone=True)
    _centre(state, pressed)


def _spread(values: np.ndarray, before: float, now: float, luck: Callable[[], np.ndarray]) -> np.ndarray:
    """Values with the spread `now` in place of `before`; drawn by `luck` where they had none."""
    if before == now:
        return values
    return values * (now / before) if before else now * luck()


def _centre(state: State, before: float) -> None:
    """Let persuasion pull around the mean that its pressure has now: nobody's motivation jumps for a change of scale."""
    now = persuasion.pressure_now(state)
    if state.mean_pressure >= 0 and now != before:
        state.mean_pressure = state.mean_pressure * now / before if before and state.mean_pressure else now


def _refuse(changed: Set[str], clock: int) -> None:
    entries, faults = ledger(), []
    for name in sorted(changed):
        if entries[name].shapes:
            faults.append(Fault("shaped this town when it was built, and cannot change in mid-run", key=name,
                                hint="Build another: Neighbourhood(..., parameters=...)."))  # fmt: skip
        elif clock and name in AT_THE_START:
            faults.append(Fault("acts before the first week of the warm-up alone, and that is past", key=name,
                                hint="Build another: Neighbourhood(..., parameters=...)."))  # fmt: skip
    if faults:
        raise InputError(faults)
