"""What Mesa asks of a model, kept on Mesa 3.3 to 3.5: a clock from week 0, copies that run alone, batches, a collector."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import sys
import weakref
from types import MethodType
from typing import Any, Self

import mesa
import numpy as np
from mesa.datacollection import DataCollector

from model import rng
from model.errors import Fault, InputError
from model.outcomes import summary
from model.outcomes.record import Record

KEPT = ("random", "rng", "_seed", "_rng", "running", "steps")
"""Of what Mesa hangs on a model: what belongs to the run. The rest is made anew in a copy."""

GIVES_SEEDS = "rng" in inspect.signature(mesa.batch_run).parameters
"""Whether Mesa's batch runner hands out seeds by itself (from Mesa 3.5 on)."""


class WeeklyModel(mesa.Model):
    """A Mesa model whose steps are the weeks of a scenario, and whose copies, by whatever way, go their own way."""

    MADE_ANEW: tuple[str, ...] = ()
    """Attributes that a copy makes when they are asked for."""

    _collector: DataCollector | None = None

    def __init__(self, seed: int, replicate: int) -> None:
        # Mesa's own chance, for code of one's own: of each replicate its own.
        self._start_mesa(int(rng.key(seed, replicate, "mesa")) if replicate else seed)

    def _start_mesa(self, chance: int | None) -> None:
        mesa.Model.__init__(self, rng=chance)
        self._mesa = frozenset(vars(self)) - set(KEPT)
        _untie(self)

    def warm_up(self) -> Any:
        """Run what comes before the first step."""

    def _wrapped_step(self, *arguments: Any, **named: Any) -> None:
        # Before Mesa counts and a step of somebody's own begins, so that the first thing they see is week 0.
        self.warm_up()
        super()._wrapped_step(*arguments, **named)

    # Copies

    def __getstate__(self) -> dict[str, Any]:
        left = {*self._mesa, "_mesa", *self.MADE_ANEW}
        return {name: value for name, value in vars(self).items() if name not in left}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._start_mesa(None)
        self.__dict__.update({name: value for name, value in state.items() if name != "steps"})
        self._set_clock(state["steps"])

    def __copy__(self) -> Self:
        # Half a copy, with columns that are still the other's, would move both.
        return copy.deepcopy(self)

    def _branch(self, parts: dict[int, Any], **own: Any) -> Self:
        """A copy, with `own` attributes in place of a copy of this one's; `parts`: by the id of what this one holds, what
        the copy holds of it."""
        state = self.__getstate__()
        kept = {name: value for name, value in state.items() if name not in own}
        twin = type(self).__new__(type(self))
        twin.__setstate__({**copy.deepcopy(kept, {id(self): twin, **parts}), **own})
        return twin

    def _set_clock(self, steps: int) -> None:
        """Let Mesa count on from `steps`."""
        self.steps = steps
        if hasattr(self, "time"):
            self.time = float(steps)
        if (weekly := getattr(self, "_default_schedule", None)) is not None:
            weekly.stop()
            weekly.schedule = dataclasses.replace(weekly.schedule, start=steps + 1.0)
            weekly.start()

    # Agents come and go only by the columns

    def register_agent(self, agent: Any) -> None:
        raise _fixed("register_agent", "residents cannot be added")

    def deregister_agent(self, agent: Any) -> None:
        raise _fixed("deregister_agent", "residents cannot be removed")

    def remove_all_agents(self) -> None:
        raise _fixed("remove_all_agents", "residents cannot be removed")

    # Collecting

    def record(self) -> Record:
        """The weeks so far."""
        raise NotImplementedError

    @property
    def datacollector(self) -> DataCollector:
        """Mesa's DataCollector: somebody's own, or everybody's outcomes week by week, read from the record."""
        return self._collector or _Recorded(self)

    @datacollector.setter
    def datacollector(self, collector: DataCollector) -> None:
        self._collector = collector


class _Recorded(DataCollector):
    """The record as Mesa's tables; nothing is collected besides, as every week is written down anyway."""

    def __init__(self, model: WeeklyModel) -> None:
        super().__init__()
        record = model.record()
        weeks = [int(week) for week in record.weeks]
        names = summary.keys(record)
        columns = summary.weekly(record).T.tolist() if weeks else [[]] * len(names)
        told = zip(names, columns, strict=True)
        self.model_vars = {"week": weeks} | {
            key.outcome: values for key, values in told if key.group == "all"
        }
        self.model_reporters = dict.fromkeys(self.model_vars)
        self._collection_steps = [week + 1 for week in weeks]

    def collect(self, model: Any) -> None:
        """Nothing to do: each week is in it."""


def iteration() -> int:
    """Which iteration of Mesa's batch runner is making a model here; 0 outside it, or where Mesa gives the seeds.

    The batch runner tells a model nothing of it, and would run the same random numbers again and again.
    """
    frame = sys._getframe(1)
    while frame is not None:
        run = frame.f_locals.get("run") if frame.f_globals.get("__name__") == "mesa.batchrunner" else None
        if run is not None:
            _, number, given = run
            seeded = GIVES_SEEDS and given.get("rng", given.get("seed")) is not None
            return 0 if seeded else number
        frame = frame.f_back  # type: ignore[assignment]
    return 0


def seeds(seed: Any, given: Any, replicate: Any) -> tuple[int, int]:
    """Seed and replicate as whole numbers; a seed left out is 1. Raises InputError."""
    faults = []
    if seed is not None and given is not None:
        faults.append(Fault("is another name of seed: give one of them", key="rng", found=str(given)))
    seed = 1 if seed is None and given is None else given if seed is None else seed
    for key, value in (("seed", seed), ("replicate", replicate)):
        if isinstance(value, bool) or not isinstance(value, int | np.integer):
            faults.append(Fault("must be a whole number", key=key, found=str(value), allowed="0 or more"))
        elif value < 0:
            faults.append(Fault("must not be negative", key=key, found=str(value), allowed="0 or more"))
    if faults:
        raise InputError(faults)
    return int(seed), int(replicate)


def _fixed(key: str, message: str) -> InputError:
    return InputError(Fault(f"{message}: a town's residents are rows of its columns, made when it is built", key=key,
                            hint="Select some: town.agents.select(...)."))  # fmt: skip


def _untie(model: mesa.Model) -> None:
    """Let what Mesa hangs on a new model (its own steps, a clock, a scenario) hold the model weakly.

    Else a dropped town, hundreds of bytes a resident, would stay in memory until Python next looks for circles.
    """
    weak = weakref.proxy(model)
    for name, value in list(vars(model).items()):
        if isinstance(value, MethodType) and value.__self__ is model:
            vars(model)[name] = MethodType(value.__func__, weak)
        elif getattr(value, "model", None) is model:
            object.__setattr__(value, "model", weak)  # a scenario of Mesa refuses plain changes
