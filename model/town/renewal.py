"""Parameters changed in mid-run, and what follows from them worked out again in the town as it stands.

Lasting traits (propensity, length of sessions, threshold) are drawn again with the same random numbers; what moves by itself (habit,
motivation, fitness, knowledge, trust, illness) goes on from where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from functools import partial
from typing import Any

import numpy as np

from model.errors import Fault
from model.parameters import Parameters, ledger
from model.population.columns import KINDS
from model.processes import choice, opportunity, persuasion, repertoire
from model.processes.life import drift_sd, taste_sd
from model.state import State
from model.town.start import first_draws, leaning_draws, minutes_drawn, propensity_drawn, threshold_drawn

AT_THE_START = ("warm_up_weeks", "groups_start", "tie_spare")
"""What acts before the first week of the warm-up alone."""


def renew(state: State, parameters: Parameters) -> None:
    """Take `parameters` from this week on; none that changes is `fixed`."""
    changed = {name for name, value in parameters.values.items() if value != state.parameters.values[name]}
    if not changed:
        return
    if state.clock == 0:
        state.parameters = parameters
        state.see(state.candidates)
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
    state.see(state.candidates)
    if changed & {"propensity_sd", "drift_share", "couples", "couple_alike"}:
        people.propensity[:] = propensity_drawn(state)
    if changed & {"threshold_mean", "threshold_sd"}:
        people.threshold[:] = threshold_drawn(state)
    people.drift[:] = _spread(people.drift, drift, drift_sd(state), partial(leaning_draws, state, "drift"))
    for k, now in enumerate(taste_sd(parameters)):
        if changed & {f"minutes_{KINDS[k]}", "minutes_person_sd"}:
            people.minutes_session[k] = minutes_drawn(state, k)
        people.taste[k] = _spread(people.taste[k], taste[k], now, partial(leaning_draws, state, "taste", k))
    if "group_limit" in changed:
        state.groups.limit[state.groups.alive] = int(parameters.group_limit)
    if parameters.company_rule == "adding":
        people.company[:] = 0.0
    if parameters.setbacks == "none":
        people.injured[:] = 0
    opportunity.step(state)
    if "access" in subjects:
        choice.choose(state, everyone=True)
    if "repertoire" in changed:
        repertoire.start(state)
    _centre(state, pressed)


def _spread(values: np.ndarray, before: float, now: float, draws: Callable[[], np.ndarray]) -> np.ndarray:
    """Values with the spread `now` in place of `before`; drawn by `draws` where they had none."""
    if before == now:
        return values
    return values * (now / before) if before else now * draws()


def _centre(state: State, before: float) -> None:
    """Let persuasion pull around the mean that its pressure has now: nobody's motivation jumps for a change of scale."""
    now = persuasion.pressure_now(state)
    if state.mean_pressure >= 0 and now != before:
        state.mean_pressure = state.mean_pressure * now / before if before and state.mean_pressure else now


def fixed(state: State, wanted: Mapping[str, Any]) -> list[Fault]:
    """A fault for each number that would change and cannot here, whatever it is changed to."""
    entries, now = ledger(), state.parameters.values
    faults = []
    for name in sorted(entries.keys() & wanted.keys()):
        shapes, early = entries[name].shapes, state.clock > 0 and name in AT_THE_START
        if (shapes or early) and wanted[name] != now[name]:
            said = ("shaped this town when it was built, and cannot change in mid-run" if shapes
                    else "acts before the first week of the warm-up alone, and that is past")  # fmt: skip
            faults.append(Fault(said, key=name, hint="Build another: Neighbourhood(..., parameters=...)."))
    return faults
