"""Scenario discovery: under which conditions is one plan better than another, or widens a gap; in words, or not at all.

Every point of a sweep is a case or not: where there are replicates, only if the 95% range of its difference, as the
sweep's own effects have it, lies beyond the threshold. With fewer than four nothing is said to be sure. A decision tree (calibration/analysis/boxes.py) and PRIM (calibration/analysis/prim.py) then look for the conditions
that part cases from the rest; they are shown when they are more than chance finds (calibration/analysis/chance.py). Regret
(calibration/analysis/regret.py) tells which plan falls least short of the best over all points.
Source: Bryant and Lempert 2010 (scenario discovery).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from calibration.analysis import boxes, chance, prim
from calibration.analysis.boxes import Box, Tree
from calibration.analysis.chance import Verdict
from calibration.analysis.prim import Prim
from calibration.analysis.regret import Regret, regret
from calibration.statistics import outputs as in_order
from model.errors import Fault, InputError, nearest
from model.outcomes import catalogue
from scenarios.findings.amounts import amount
from scenarios.findings.findings import FEWEST
from scenarios.results.effects import PRICES
from scenarios.sweeps.sweep import Sweep
from scenarios.sweeps.sweep_outcomes import Asked, asked, differences
from scenarios.sweeps.sweep_plan import DUMMY
from scenarios.sweeps.sweep_ranges import ranges

WHEN = ("beats", "widens", "narrows", "raises", "lowers")
"""beats: it is better, as the outcome's good side says; widens, narrows: a gap; raises, lowers: any outcome."""
_UP = {"widens": 1.0, "narrows": -1.0, "raises": 1.0, "lowers": -1.0}
_SIDES = {"less": -1.0, "more": 1.0}

STEPS_SHOWN = 8
"""Boxes of the trade-off shown on a terminal."""


@dataclass
class Discovery:
    """What was asked, at how many points it holds, and under which conditions, unless chance could have found them.

    cases: points that are so (beyond their range, where there are replicates); unsure: points that chance could turn. `tree`, `prim`
    are None where nothing is to be told; `boxes` are those of the tree, best first.
    """

    question: str
    outcome: str
    points: int
    replicates: int
    cases: int
    unsure: int
    threshold: float
    frame: pd.DataFrame
    verdict: Verdict | None = None
    tree: Tree | None = None
    prim: Prim | None = None
    left_out: float = math.nan
    regret: Regret | None = None

    @property
    def sure(self) -> bool:
        """Whether replicates are enough for anything to be said surely."""
        return self.replicates >= FEWEST

    @property
    def boxes(self) -> list[Box]:
        """Boxes of the tree in which cases are the more, best first."""
        return self.tree.boxes if self.tree else []

    @property
    def accuracy(self) -> float:
        """Share of points that the tree sorts rightly."""
        return self.tree.accuracy if self.tree else max(self.cases, self.points - self.cases) / self.points

    def describe(self) -> dict[str, Any]:
        """What `discover --json` prints."""
        told = {"question": self.question, "points": self.points, "replicates": self.replicates, "sure": self.sure,
                "cases": self.cases, "unsure": self.unsure, "threshold": self.threshold, "accuracy": self.accuracy,
                "accuracy_left_out": self.left_out, "boxes": [box.as_dict() for box in self.boxes], "prim": None,
                "chance": None, "regret": self.regret.as_dict() if self.regret else None}  # fmt: skip
        if self.verdict:
            told["chance"] = {"p_shuffled_points": self.verdict.points, "p_other_replicates": self.verdict.replicates,
                              "shuffles": chance.SHUFFLES, "stands": self.verdict.stands, "words": self.verdict.words()}  # fmt: skip
        if self.prim:
            steps = [box.as_dict() for box in self.prim.trajectory]
            told["prim"] = {"best": self.prim.best.as_dict(), "trajectory": steps}
        return told | {"words": self.words()}

    def words(self) -> list[str]:
        """What was found, in lines."""
        share = f"{self.cases:,} of {self.points:,} points ({self.cases / self.points:.0%})"
        lines = [f"{self.question}: {'surely ' if self.sure else ''}at {share}."]
        if not self.sure:
            lines.append(
                f"With fewer than {FEWEST} replicates nothing of this is sure: run the sweep with more."
            )
        if self.unsure:
            edge = "0" if self.threshold == 0 else "the threshold"
            lines.append(
                f"At {self.unsure:,} points chance could turn the answer: their 95% interval holds {edge}."
            )
        if self.verdict is None and self.unsure and not self.cases:
            lines.append(
                "It is sure at no point, so that there are no conditions to look for: more replicates may tell."
            )
        elif self.verdict is None:
            lines.append("It is the same everywhere in this sweep: no condition decides it.")
        else:
            lines.append(self.verdict.words())
        return [*lines, *self._found(), *self._regret()]

    def _found(self) -> list[str]:
        if self.tree is None or self.prim is None:
            return []
        lines = [f"Mostly so where {box}" for box in self.boxes] or [
            "The tree has no box in which most points are so."
        ]
        said = f"These conditions sort {self.accuracy:.0%} of points rightly ({self.left_out:.0%} of points left out when "
        usual = max(self.cases, self.points - self.cases) / self.points
        lines.append(f"{said}they were found); saying the commoner answer everywhere, {usual:.0%}.")
        lines.append(f"PRIM: so where {self.prim.best}")
        lines.append("Its trade-off, from all points to few (coverage, density, mass):")
        steps = self.prim.trajectory
        shown = sorted({round(number) for number in np.linspace(0, len(steps) - 1, STEPS_SHOWN)})
        return lines + [f"  {step.coverage:4.0%}  {step.density:4.0%}  {step.mass:4.0%}  "
                        f"{' and '.join(step.conditions) or 'anywhere'}" for step in (steps[n] for n in shown)]  # fmt: skip

    def _regret(self) -> list[str]:
        return (
            self.regret.words(lambda value: amount(self.outcome, value, signed=True).lstrip("+"))
            if self.regret
            else []
        )


def discover(
    done: Sweep,
    scenario: str | None = None,
    against: str | None = None,
    outcome: str = "inactive",
    when: str = "beats",
    *,
    group: str | None = None,
    window: str | None = None,
    threshold: float = 0.0,
) -> Discovery:
    """Where `scenario` beats `against` (else the baseline) in an outcome, by more than a threshold; or as WHEN says.

    group: of whom, as `imd_quintile=1`; window: over which weeks, as `26:78`, of those that the sweep kept. threshold: in the unit of the outcome, as files have it (0.005 = half a point of a share). Raises InputError when
    runs are missing, a name is unknown, or neither side of the outcome is better.
    """
    names = [name for name, _ in done.plan.scenarios]
    base = done.plan.baseline[0]
    scenario = scenario or names[0]
    for key, name in (("scenario", scenario), ("against", against)):
        if name is not None and name not in names:
            raise InputError(Fault("is not in this sweep", key=key, found=name, allowed=", ".join(names),
                                   hint=nearest(name, names)))  # fmt: skip
    if not (math.isfinite(threshold) and threshold >= 0):
        raise InputError(Fault("must be a number that is not below 0", key="threshold", found=str(threshold)))
    what, side = asked(outcome, group, window), direction(outcome, when)
    price = outcome in PRICES
    if price and not threshold:
        raise InputError(Fault("a price beats only another price: say which", key="threshold", found="0",
                               hint=f"--threshold 2000 asks where {outcome} is below £2,000."))  # fmt: skip
    plans = _worth(done, outcome, threshold) if price else _changes(done, what)
    lead = side * (plans[scenario] - (plans[against] if against else 0.0))
    parts = [(Asked("cost"), 1.0), (Asked(PRICES[outcome]), -threshold)] if price else [(what, 1.0)]
    mean, ends = lead.mean(axis=1), side * np.stack(ranges(done, parts, scenario, against))
    low, high = ends.min(axis=0), ends.max(axis=0)
    edge = 0.0 if price else threshold
    cases = (low if lead.shape[1] > 1 else mean) > edge
    unsure = int(((low <= edge) & (high > edge) & (low < high)).sum())
    question = f"{scenario} {when} {against or base} in {what}"
    if when in ("widens", "narrows"):
        question = f"{scenario} {when} {what} against {against or base}"
    if price:
        question += f", where {catalogue.known(outcome).each} is worth {amount('cost', threshold)}"
    elif threshold:
        question += f" by more than {amount(outcome, threshold)}"
    factors = done.points.drop(columns=["point", DUMMY], errors="ignore")
    frame = factors.assign(difference=side * mean, low=np.minimum(side * low, side * high),
                           high=np.maximum(side * low, side * high), case=cases)  # fmt: skip
    found = Discovery(question, outcome, len(frame), lead.shape[1], int(cases.sum()), unsure, threshold, frame,
                      regret=_regrets(outcome, plans, base))  # fmt: skip
    return look(found, factors, cases, lead)


def direction(outcome: str, when: str) -> float:
    """1 where the answer is yes when the outcome is higher, -1 when lower. Raises InputError."""
    if when not in WHEN:
        raise InputError(Fault("unknown question", key="when", found=when, allowed=", ".join(WHEN),
                               hint=nearest(when, WHEN)))  # fmt: skip
    if when in ("widens", "narrows") and not catalogue.known(outcome).widens:
        raise InputError(Fault("is no gap: only a gap widens or narrows", key="outcome", found=outcome,
                               allowed=", ".join(catalogue.names(where=lambda one: one.widens)), hint="Ask with --when raises or --when lowers."))  # fmt: skip
    if when != "beats":
        return _UP[when]
    better = catalogue.known(outcome).better
    if not better:
        raise InputError(Fault("neither more nor less of it is better in itself, so no plan beats another in it",
                               key="outcome", found=outcome, hint="Ask with --when raises or --when lowers."))  # fmt: skip
    return _SIDES[better]


def look(found: Discovery, factors: pd.DataFrame, cases: np.ndarray, lead: np.ndarray) -> Discovery:
    """The same with the conditions of the cases, where they are more than chance finds. lead: (N, R)."""
    columns, meaning = boxes.columns(factors)
    if cases.all() or not cases.any() or not columns.shape[1]:
        return found
    found.verdict = chance.verdict(columns, cases, lead)
    if found.verdict.stands:
        found.tree = boxes.tree(columns, cases, meaning)
        found.prim = prim.prim(columns, cases, meaning)
        found.left_out = boxes.left_out(columns, cases, chance.order(len(cases), 1, -1))
    return found


def _worth(done: Sweep, price: str, threshold: float) -> dict[str, np.ndarray]:
    """(N, R) the cost of each plan less what it does at a price: below 0 where it costs less than that for each.

    A quotient has no value where nobody is moved; this has one in every run (net benefit, Stinnett and Mullahy 1998).
    """
    cost, done_for = _changes(done, Asked("cost")), _changes(done, Asked(PRICES[price]))
    return {name: cost[name] - threshold * done_for[name] for name in cost}


def _changes(done: Sweep, what: Asked) -> dict[str, np.ndarray]:
    """(N, R) what each plan changes against the baseline, in design order."""
    done.check_whole(choice=False)
    told = differences(done, what)
    shape = (len(done.plan.points), done.plan.replicates)
    return {name: in_order.outputs(told[told["scenario"] == name].rename(columns={"difference": "value"}), *shape)
            for name, _ in done.plan.scenarios}  # fmt: skip


def _regrets(outcome: str, plans: dict[str, np.ndarray], base: str) -> Regret | None:
    """Regret of each plan and of the baseline; None where neither side of the outcome is better."""
    if not (better := catalogue.known(outcome).better):
        return None
    every = {base: np.zeros_like(next(iter(plans.values()))), **plans}
    return regret(_SIDES[better] * np.stack(list(every.values()), axis=2), list(every))
