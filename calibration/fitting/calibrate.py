"""The whole calibration, stage by stage: `run.py calibrate`. Whatever is finished is kept and taken up again.

Chance of the model, Morris' screen, a first wave over the priors, emulators, history matching, the posterior, two
waves where it lies, draws confirmed on the model itself with random numbers of their own, and the ensemble.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from calibration.fitting import confirm, identify, runs, screen, verdict
from calibration.fitting import question as ask
from calibration.fitting.budget import EFFORTS, Budget
from calibration.fitting.fit import SEED, Fit, Say
from calibration.fitting.question import Question
from calibration.fitting.result import Confirmed, FitResult, Screen, Wave
from calibration.priors import Priors
from calibration.statistics import history, posterior, surrogate
from calibration.statistics.history import Errors
from model import ensemble, rng
from scenarios.batches import executors, failures, supervise
from scenarios.files import store
from scenarios.runs import design
from scenarios.sweeps.points import latin_hypercube

CHANCE_SEEDS, OTHER_SEED = tuple(range(111, 117)), 201
LEAST = 2
"""Parameters that stay for one's own targets, however little they move them: without any nothing could be told."""


class Calibration(Fit):
    """Its stages, one after the other."""

    def chance(self) -> np.ndarray:
        """(K,) SD of what chance does to each target in one run, at the ledger's values."""
        self.say("Chance: the ledger's values under several seeds")
        rows = np.stack([self.values([{}], seed, long_every=1)[0] for seed in CHANCE_SEEDS])
        spread: np.ndarray = np.nanstd(rows, axis=0, ddof=1)
        return spread

    def screened(self) -> Screen:
        """Which parameters move targets; the rest are held at their prior means from here on."""
        last = self.budget.last_screen and not self.question.own
        kept = ensemble.facts().get("screen") if last else None
        found = self._screen() if kept is None else Screen(**{**kept, "reused": True})
        active = self._moving(found)
        still = [name for name in self.priors.names if name not in active]
        self.say(
            f"  {len(active)} stay; held at their prior means, or drawn from their priors at the end: {', '.join(still)}"
            if self.question.national
            else f"  {len(active)} stay, the rest as shipped: {', '.join(active)}"
        )
        if still and self.question.national:
            held = self.priors.only(still)
            self.base = held.values(held.mean[None])[0]
        return found

    def _moving(self, found: Screen) -> list[str]:
        return [name for name in found.active if name in self.priors.names]

    def _screen(self) -> Screen:
        plan, x = screen.design(self.priors, self.budget.trajectories)
        self.say(f"Screen: {len(x)} points of Morris over {len(self.priors.names)} parameters")
        values = self.values(self.priors.values(x), SEED, min(0.1, self.budget.sample), long_every=1)
        least = LEAST if self.question.own else 0
        found = screen.screen(plan, self.targets, values, self.budget.most, least)
        frozen = [name for name in self.priors.names if name not in [*found.active, *found.left_out]]
        return Screen(found.active, frozen, found.left_out, found.strength, found.on, found.rank, len(x))

    def run(self) -> FitResult:
        """Every stage; what was found."""
        began = time.monotonic()
        errors = Errors.of(self.targets, self.chance(), self.question.own)
        screened = self.screened()
        active = self.priors.only(self._moving(screened))
        x = active.at(latin_hypercube(self.budget.first(len(active.names)), len(active.names), SEED))
        self.say(f"Wave 1: {len(x)} points over the priors of {len(active.names)} parameters")
        y = self.values(active.values(x))
        self.seen, self.waves = [(x, y)], []
        for number, count in enumerate(self.budget.later, 2):
            make = partial(self._next_wave, active, errors, x, y, count)
            there = self.kept(f"wave_{number}", active, make)
            self.say(f"Wave {number}: {len(there)} points where the posterior lies")
            self.seen.append((there, self.values(active.values(there))))
            x, y = np.vstack([x, there]), np.vstack([y, self.seen[-1][1]])
            x, y = nearest(x, y, errors, keep=max(len(there), int(0.7 * len(x))))
        last = self.kept("posterior", active, lambda: self._posterior(active, errors, x, y, peak=True))
        confirmed = self._finish(active, screened, errors, last[:-1], last[-1])
        judged = verdict.judge(self, active, errors, last[:-1], confirmed) if self.question.own else None
        chance = dict(zip(self.question.names, errors.chance.tolist(), strict=True))
        found = FitResult(**vars(confirmed), targets=self.question.aims, chance=chance, screen=screened, waves=self.waves,
                          seconds=round(time.monotonic() - began), budget=self.budget, code_digest=design.code_digest(),
                          verdict=judged)  # fmt: skip
        store.write_json(self.folder / "calibration.json", found.as_dict())
        return found

    def _next_wave(
        self, active: Priors, errors: Errors, x: np.ndarray, y: np.ndarray, count: int
    ) -> np.ndarray:
        """Points for the next wave: draws of the posterior so far, spread by half as much again."""
        draws = self._posterior(active, errors, x, y)
        noise = rng.gaussian(rng.key(SEED, count, "wave"), np.arange(count * x.shape[1])).reshape(count, -1)
        rows = np.linspace(0, len(draws) - 1, count).astype(int)
        points: np.ndarray = np.clip(draws[rows] + 1.1 * noise * draws.std(axis=0), 0.0, 1.0)
        return points

    def _posterior(
        self, active: Priors, errors: Errors, x: np.ndarray, y: np.ndarray, peak: bool = False
    ) -> np.ndarray:
        """Draws of the posterior on emulators of all points so far, its peak last when that is asked for."""
        made = surrogate.fit(self.targets, x, y, executors.count_jobs(self.jobs))
        self.say(f"  emulators of {len(x)} points: {len(made.doubted)} of {len(self.targets)} below the gate"
                 + (f" ({', '.join(made.doubted)})" if made.doubted else ""))  # fmt: skip
        likelihood = posterior.robust(made.predict, errors)
        found = posterior.draw(active, likelihood, self.budget.particles)
        prior = active.at(latin_hypercube(2000, len(active.names), SEED + 1))
        left = history.match(self.targets, made.predict, errors, prior, found.x)
        self.say(
            f"  history: {left.share:.2%} of the prior is left; in conflict: {', '.join(left.conflicts) or 'none'}"
        )
        wave = Wave(len(x), made.table, left.share, left.nearest, left.conflicts, left.misfit, left.allowed, len(found.steps),
                    found.taken)  # fmt: skip
        self.waves.append(wave)
        store.write_json(self.folder / f"emulators_{len(x)}.json", asdict(wave))
        return np.vstack([found.x, posterior.peak(active, likelihood, found.x)]) if peak else found.x

    def _finish(
        self, active: Priors, screened: Screen, errors: Errors, found: np.ndarray, peak: np.ndarray
    ) -> Confirmed:
        """Confirm draws on the model with other random numbers, and tell what was learnt."""
        still = [*screened.frozen, *screened.left_out]
        frozen = self.priors.only(still if self.question.national else [])
        rows = np.linspace(0, len(found) - 1, self.budget.draws).astype(int)
        carried = frozen.at(latin_hypercube(len(rows), len(frozen.names), SEED + 2)) if frozen.names else None
        changes = active.values(found[rows])
        if carried is not None:
            changes = [one | other for one, other in zip(changes, frozen.values(carried), strict=True)]
        self.say(f"Confirmation: {len(changes)} draws on the model, with other random numbers")
        found_here = self.said(changes, OTHER_SEED)
        said = runs.table_of(found_here, self.question.names)
        confirmed = confirm.judge(self.targets, said, errors)
        self.say(f"  {confirmed.inside} of {len(self.targets)} targets inside their 95% interval; "
                 f"{sum(confirmed.kept)} of {len(changes)} draws confirmed")  # fmt: skip
        held = runs.table_of(found_here, [target.name for target in self.question.held])
        best = confirm.fitted(self, active, found, peak)
        everything = Priors([*active.all, *frozen.all])
        x = found[rows] if carried is None else np.hstack([found[rows], carried])
        learnt = identify.table(everything, x, active.names)
        if len(found) > len(rows):
            full = identify.table(active, found, active.names)
            learnt = learnt.set_index("name").combine_first(full.set_index("name"))
            learnt.update(full.set_index("name"))
            learnt = learnt.loc[everything.names].reset_index()
        return Confirmed(
            nearest_draw=changes[confirmed.nearest],
            held_out=confirm.beside(self.question.held, held),
            parameters=identify.learnt(learnt),
            predictive=confirmed.table,
            trades=identify.traded(identify.trades(active, found)),
            inside=confirmed.inside,
            fitted=best,
            base=self.base,
            draws=[change for change, stands in zip(changes, confirmed.kept, strict=True) if stands],
            draws_tried=len(changes),
            points=sum(len(x) for x, _ in self.seen),
        )


def nearest(x: np.ndarray, y: np.ndarray, errors: Errors, keep: int) -> tuple[np.ndarray, np.ndarray]:
    """The points that come nearest to the targets on the whole: far ones only bend the emulators."""
    with np.errstate(invalid="ignore"):
        far = np.nanmean(np.minimum(np.abs(y - errors.wanted) / errors.target, 10.0), axis=1)
    rows = np.sort(np.argsort(far, kind="stable")[:keep])
    return x[rows], y[rows]


def calibrate(out: str | Path, *, effort: str | Budget = "full", jobs: int = -1, max_seconds: float | None = None,
              resume: bool = False, say: Say = print, progress: Any = None,
              question: Question | None = None) -> FitResult:  # fmt: skip
    """Fit the model to a question's targets (usual: the national ones of role `fit`), in a folder; what was found.

    effort: how much is run: a name of EFFORTS, or a budget of one's own. Raises InputError when targets moved after they were frozen or the folder holds a calibration already and `resume` is not asked for;
    Interrupted when time is up or on Ctrl-C.
    """
    from model.errors import Fault, InputError

    budget = effort if isinstance(effort, Budget) else EFFORTS[effort]
    question = question or ask.national()
    folder = store.claim(out)
    if (folder / "plan.json").exists() and not resume:
        raise InputError(Fault("holds a calibration already", key="out", found=str(folder),
                               hint="Go on with --resume, or choose another folder."))  # fmt: skip
    until = None if max_seconds is None else time.monotonic() + max_seconds
    with supervise.alone(folder), failures.room(folder):
        return Calibration(folder, budget, jobs, until, say, progress, question).run()
