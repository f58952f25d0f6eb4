"""Before anything runs: whom a plan is for in its place, what it offers and costs, and what would come to nothing.

What would be done for nobody is a fault; what is little, a warning. The answers come from the town that a run would
build and from the code that would deliver the plan, so that they agree with the run.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from model.delivery.barrier import Barrier
from model.delivery.settings import Intervention
from model.errors import Fault
from model.limits import WEEKS_A_YEAR
from scenarios.preflight.look_parts import MAIN_ZONES, cut_short, goes_to

if TYPE_CHECKING:
    from model.delivery.ahead import Offer
    from model.delivery.programme import Programme
    from model.parameters import Parameters
    from model.population.people import People
    from model.state import State

Warn = Callable[[str], None]

FEW = 30
"""Simulated residents below which chance hides whatever a plan does for them."""

OFF = 0.2
"""How far, as a share, what is left at a sample may be from what is offered in the town before it is told."""


@dataclass(frozen=True)
class Offered:
    """What is known beforehand of one intervention or barrier; `people` are real, `simulated` residents of the run."""

    key: str
    type: str
    title: str
    inert: bool
    people: int
    simulated: int
    levels: list[str]
    zones: int
    main_zones: list[str]
    offered: dict[str, Any] | None
    goes_to: dict[str, Any] | None
    cost_by_year: list[float]
    per_participant: float
    afterwards: str | None
    """What is left when its money ends, where it does within the run."""
    meant: np.ndarray = field(repr=False)
    """(n,) bool: whom it is for."""
    lived_in: np.ndarray = field(repr=False)
    """(zones,) bool: where they live."""

    def as_dict(self) -> dict[str, Any]:
        """The act as `--json` tells it."""
        shown = (
            "key",
            "type",
            "title",
            "offered",
            "goes_to",
            "cost_by_year",
            "per_participant",
            "afterwards",
        )
        return {name: getattr(self, name) for name in shown} | {
            "eligible": {"people": self.people, "simulated": self.simulated, "level": self.levels},
            "zones": {"number": self.zones, "main": self.main_zones},
        }


@dataclass
class Look:
    """What a look ahead found: `faults` that stop a run, `warnings`, and the facts of every act."""

    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    acts: list[Offered] = field(default_factory=list)
    weights: np.ndarray = field(default_factory=lambda: np.zeros(0))
    sample: float = 1.0
    weeks: int = 0
    place: str = ""

    def as_dict(self) -> dict[str, Any]:
        """What `scenario check --json` gives beside `valid` and `errors`."""
        meant = np.zeros(len(self.weights), dtype=bool)
        zones: np.ndarray | bool = False
        for act in self.acts:
            meant, zones = meant | act.meant, zones | act.lived_in
        years = [act.cost_by_year for act in self.acts]
        return {
            "place": self.place,
            "sample": self.sample,
            "weeks": self.weeks,
            "eligible": {"people": round(float(self.weights[meant].sum())), "simulated": int(meant.sum())},
            "zones": {"number": int(np.sum(zones)), "main": list(dict.fromkeys(
                name for act in self.acts for name in act.main_zones))[:MAIN_ZONES]},
            "offered": [{"key": act.key, **act.offered} for act in self.acts if act.offered],
            "cost_by_year": [round(sum(year), 2) for year in zip(*years, strict=True)],
            "interventions": [act.as_dict() for act in self.acts],
            "warnings": [warning_row(fault) for fault in self.warnings],
        }  # fmt: skip


def warning_row(fault: Fault, scenario: str | None = None) -> dict[str, Any]:
    """A warning as manifests and `--json` hold it: the fault's own fields, and all of it as one `text`."""
    named = {} if scenario is None else {"scenario": scenario}
    return named | fault.as_dict() | {"text": str(fault)}


class Preflight:
    """Looks at plans in one town. `state` is that of a town as a run would build it, before its first week."""

    def __init__(self, state: State) -> None:
        from model.outcomes.record import UNIT

        self.state = state
        self.weights = state.weight / UNIT

    @cached_property
    def everybody(self) -> People:
        """All residents, however few are simulated; made when somebody is looked for in vain."""
        from model.synthesis.people import make_people

        state = self.state
        if state.sample >= 1:
            return state.people
        return make_people(state.place, state.seed, 1.0, state.parameters, state.replicate)

    def look(
        self,
        interventions: tuple[Intervention, ...],
        barriers: tuple[Barrier, ...],
        weeks: int,
        own_weeks: int,
        parameters: Parameters | None = None,
    ) -> Look:
        """What a plan would come to in a run of `weeks` weeks, when its own length is `own_weeks`."""
        from model.delivery.build import programmes_for

        state = self.state
        ahead = copy.copy(state)
        ahead.parameters = parameters or state.parameters
        ahead.programmes = programmes_for([*interventions, *barriers])
        found = Look(weights=self.weights, sample=state.sample, weeks=weeks, place=state.place.title)
        programmes = {id(one.settings): one for one in ahead.programmes}
        for name, acts in (("interventions", interventions), ("barriers", barriers)):
            for row, settings in enumerate(acts):
                _Act(ahead, f"{name}.{row}", programmes[id(settings)], self, weeks, own_weeks, found).look()
        found.warnings += cut_short(interventions, weeks)
        return found


class _Act:
    """One act being looked at: faults and warnings go to `found`."""

    def __init__(
        self, state: State, key: str, programme: Programme, preflight: Preflight, weeks: int, own_weeks: int,
        found: Look,
    ) -> None:  # fmt: skip
        self.state, self.key, self.programme, self.found = state, key, programme, found
        self.preflight = preflight
        self.weeks, self.own_weeks = weeks, own_weeks
        self.settings: Any = programme.settings
        self.starts = self.settings.when.start_week < weeks

    def stop(self, key: str, message: str, **more: Any) -> None:
        self.found.faults.append(Fault(message, key=f"{self.key}{key and '.'}{key}", **more))

    def warn(self, key: str, message: str, **more: Any) -> None:
        self.found.warnings.append(Fault(message, key=f"{self.key}{key and '.'}{key}", **more))

    def look(self) -> None:
        """Look at everything; the facts are told unless there are no zones to tell them of."""
        settings, state = self.settings, self.state
        self._start()
        for key in getattr(settings, "unused", []):
            self.warn(key, f"means nothing to this type ({settings.title})")
        if wrong := settings.where.faults(state.place.zones, f"{self.key}.where"):
            self.found.faults += wrong
            return
        self.found.warnings += settings.where.partly(state.place.zones, f"{self.key}.where")
        stopped = self.starts and self._doubts()
        meant = self.programme.meant(state)
        if not settings.inert and not stopped:
            self._people(meant)
        offer = (
            self.programme.offer(state, self.weeks)
            if self.starts and isinstance(settings, Intervention)
            else None
        )
        if offer is not None and not stopped:
            self._offer(offer, meant)
        self.found.acts.append(self._facts(meant, offer))

    def _start(self) -> None:
        """Whether it begins before the end. A run cut short is a quick look; a plan that is so itself is a mistake."""
        if self.starts or self.settings.inert:
            return
        start = self.settings.when.start_week
        if start >= self.own_weeks:
            self.stop("when.start_week", f"starts after the end, which is week {self.weeks}: nothing is done",
                      found=str(start), allowed=f"0 to {self.weeks - 1}",
                      hint=f"Start sooner, or let it last {start + 1} weeks or more.")  # fmt: skip
        else:
            self.warn("when.start_week", f"starts in week {start}, after the end of this run, week {self.weeks}: "
                      "nothing is done", found=str(start), hint="Run longer.")  # fmt: skip

    def _doubts(self) -> bool:
        """What the programme says of itself; whether it cannot be done. Shortness of the run alone stops nothing."""
        doubts = self.programme.doubts(self.state, self.weeks)
        lasting = doubts
        if self.own_weeks > self.weeks and any(one.stops for one in doubts):
            lasting = self.programme.doubts(self.state, self.own_weeks)
        for one in doubts:
            tell = (
                self.stop if one.stops and one.key in {two.key for two in lasting if two.stops} else self.warn
            )
            tell(one.key, one.message, found=one.found, allowed=one.allowed, hint=one.hint)
        return any(one.stops for one in doubts)

    def _people(self, meant: np.ndarray) -> None:
        """Whether there is anybody it is for."""
        state, sample = self.state, self.state.sample
        number, people = int(meant.sum()), float(self.found.weights[meant].sum())
        if number == 0:
            self._nobody()
        elif number < FEW:
            hint = "Take a larger --sample." if sample < 1 and people >= FEW else None
            self.warn("who", f"only {number} simulated residents are meant ({people:,.0f} people): chance hides what is "
                      "done for so few", hint=hint)  # fmt: skip
        if number and state.definition == "ohid" and not state.counted[meant].any():
            self.warn(
                "who.age", "everybody meant is under 19, and the definition ohid counts nobody under 19"
            )

    def _nobody(self) -> None:
        """Nobody simulated is meant: is it that there is nobody, or that the sample is small?"""
        state, sample = self.state, self.state.sample
        where, who = self.programme.zones(state), self.settings.who
        if "who" in getattr(self.settings, "idle", ()):
            self.warn("where", "no simulated resident lives near it at this sample")
            return
        whole = self.preflight.everybody
        wrong = who.faults(whole, f"{self.key}.who")
        number = int((who.mask(whole) & where[whole.zone]).sum())
        if wrong:
            self.found.faults += [
                replace(one, message=f"nobody in {state.place.title} is meant") for one in wrong
            ]
        elif number == 0:
            self.stop("who", "nobody who lives in the zones chosen is meant")
        else:
            share = least_share(3 / number)
            self.stop("who", f"none of the about {number} people meant is simulated at this sample",
                      found=f"{number} × {sample:g}", hint=f"Take a sample of {share:g} or more (--sample {share:g}).")  # fmt: skip

    def _offer(self, offer: Offer, meant: np.ndarray) -> None:
        """Whether what it offers is there at all, is left at this sample, and is not more than there are people."""
        sample, people = self.state.sample, float(self.found.weights[meant].sum())
        if offer.town <= 0:
            return self.warn(offer.key, f"offers no {offer.what}", found="0")
        if offer.room and people and offer.town > people:
            self.warn(offer.key, f"offers more ({offer.town:,.0f} {offer.what}) than there are people meant",
                      found=f"{people:,.0f} people")  # fmt: skip
        cost = self.settings.planned_cost(self.weeks, self.state.parameters)
        if not offer.reaches(sample):
            return self._nothing_left(offer, cost)
        if offer.rounded is None:
            return None
        left = offer.rounded(sample)
        lost = 1.0 - left / sample / offer.town
        if abs(lost) > OFF:
            paid = (
                f", and about £{cost * lost:,.0f} of its £{cost:,.0f} buys nothing"
                if lost > 0 and cost
                else ""
            )
            self.warn(offer.key, f"at this sample {left} is left of the {offer.what}: it stands for {left / sample:,.0f}, "
                      f"not {offer.town:,.0f}{paid}", found=f"{offer.town:,.3g} × {sample:g}",
                      hint="Take a larger --sample.")  # fmt: skip
        return None

    def _nothing_left(self, offer: Offer, cost: float) -> None:
        """It is there for nobody at this sample: a fault that names the least sample at which it is, if any."""
        sample, least = self.state.sample, offer.least(self.state.sample)
        paid = f", and its cost, £{cost:,.0f}, would be counted all the same" if cost else ""
        told = f"none of the {offer.what} is left at this sample"
        town = offer.town
        if offer.rounded is None and offer.chance is not None:
            town = offer.chance
            told = f"fewer than one of the {offer.what} is expected in the whole run at this sample"
        hint = f"Take a sample of {least:g} or more (--sample {least:g})." if least else "Make it larger."
        if not least and self.own_weeks > self.weeks:
            hint = "Run longer, or make it larger."
        self.stop(offer.key, f"{told}{paid}", found=f"{town:,.3g} × {sample:g}",
                  allowed=f"a sample of {least:g} or more" if least else None, hint=hint)  # fmt: skip

    def _afterwards(self) -> str | None:
        end = self.settings.when.end_week
        return None if end is None or end >= self.weeks else self.programme.afterwards(self.state)

    def _facts(self, meant: np.ndarray, offer: Offer | None) -> Offered:
        settings, state, weights = self.settings, self.state, self.found.weights
        zones, lived_in = state.place.zones, self.programme.zones(state)
        by_zone = np.bincount(state.people.zone, weights=weights * meant, minlength=len(zones))
        main = np.lexsort((np.arange(len(zones)), -by_zone))[:MAIN_ZONES]
        names = zones["name"] if "name" in zones else zones["code"]
        offered = None
        if offer is not None:
            left = None if offer.rounded is None else offer.rounded(state.sample)
            offered = {"what": offer.what, "town": round(offer.town, 2), "at_sample": left,
                       "stands_for": None if left is None else round(left / state.sample, 2)}  # fmt: skip
        paid = isinstance(settings, Intervention)
        spread = None if offer is None or offer.town <= 0 else self.programme.spread(state, self.weeks)
        return Offered(
            key=self.key, type=settings.type, inert=settings.inert, title=getattr(settings, "name", None) or settings.title,
            people=round(float(weights[meant].sum())), simulated=int(meant.sum()),
            levels=list(settings.who.level or ()), zones=int(lived_in.sum()),
            main_zones=[str(names.iloc[row]) for row in main if by_zone[row] > 0], offered=offered,
            goes_to=None if spread is None else goes_to(spread, settings.need, names.astype(str).tolist()),
            cost_by_year=settings.cost_by_year(self.weeks, state.parameters) if paid else [0.0] * -(-self.weeks // WEEKS_A_YEAR),
            per_participant=settings.price.per_participant if paid else 0.0,
            afterwards=self._afterwards(), meant=meant, lived_in=lived_in,
        )  # fmt: skip


def least_share(share: float) -> float:
    """The smallest share worth advising that is `share` or more."""
    from model.delivery.ahead import SHARES

    return next((one for one in SHARES if one >= share), 1.0)
