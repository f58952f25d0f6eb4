"""What every programme can do in a week; each does nothing until a programme of its own says otherwise."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from model.delivery.ahead import Doubt, Offer, Spread
from model.delivery.settings import Intervention, When
from model.outcomes.delivery import Served
from model.outcomes.record import UNIT

if TYPE_CHECKING:
    import pandas as pd

    from model.state import State


class Programme:
    """An intervention being delivered. It adds to named quantities and writes only columns of its own.

    `class LedWalks(Programme, delivers=WalkingScheme)` says whose settings it delivers.
    `label` names the programme's chance: draws depend on it, never on the order of a scenario's interventions.
    `FIXED` are settings that cannot change once it is in a town, besides its type and name.
    """

    FIXED: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, delivers: Any = None, **more: Any) -> None:
        super().__init_subclass__(**more)
        if delivers is not None:
            delivers.delivery = cls

    def __init__(self, settings: Any, label: str) -> None:
        self.settings: Intervention = settings
        self.label = label
        self.first_week: int = settings.when.start_week
        """First week of delivery here: later than planned in a town that takes the plan up when that is past."""
        self.joined_now = 0.0
        self.completed_now = 0.0
        self.spent_now: dict[str, float] = {}
        self.setup_paid = 0.0

    def zones(self, state: State) -> np.ndarray:
        """(zones,) bool: where the people live whom it is for."""
        return self.settings.where.zone_mask(state.place.zones)

    def meant(self, state: State) -> np.ndarray:
        """(n,) bool: whom it is for, by all that weeks do not change."""
        meant: np.ndarray = self.settings.who.mask(state.people) & self.zones(state)[state.people.zone]
        return meant

    def offer(self, state: State, weeks: int) -> Offer | None:
        """What it has to give in a run of `weeks` weeks; None when it is open to all alike. Needs no `prepare`."""
        return None

    def spread(self, state: State, weeks: int) -> Spread | None:
        """To which zones what it offers goes; None when nothing is given out by zone. Needs no `prepare`."""
        return None

    def doubts(self, state: State, weeks: int) -> list[Doubt]:
        """What would come to nothing, or to little, in a run of `weeks` weeks. Needs no `prepare`."""
        return []

    def afterwards(self, state: State) -> str | None:
        """What is left when its money ends, in words; None where nothing can be. Needs no `prepare`."""
        return None

    def new_assets(self, state: State) -> pd.DataFrame | None:
        """Places it will open, as rows like those of `Place.assets`; None when it opens none."""
        return None

    def prepare(self, state: State) -> None:
        """Get ready in the town that it is to work in (sites, eligible people); before week 0."""
        self.work_out(state)

    def work_out(self, state: State) -> None:
        """Work out what follows from settings and parameters: at the start, and again when they change in mid-run.

        Whom it has reached stays as it is.
        """

    def strength(self, state: State) -> Hashable:
        """Share of full size this week; a change of it makes the town sum its quantities anew."""
        return self.settings.when.strength(state.week)

    def contribute(self, state: State) -> None:
        """Add to the named quantities, at this week's strength."""

    def hear(self, state: State) -> None:
        """Become known to people (news)."""

    def attend(self, state: State) -> None:
        """Let members turn up (choice)."""

    def recruit(self, state: State) -> None:
        """Take people in, let people go (joining)."""

    def introduce(self, state: State, rows: np.ndarray) -> np.ndarray:
        """Take in people whom another programme brings along, (rows,) indices; which of them it takes, (rows,) bool."""
        return np.zeros(len(rows), dtype=bool)

    def ever_joined(self, state: State) -> np.ndarray:
        """(n,) bool: who has ever been a member."""
        return np.zeros(state.people.n, dtype=bool)

    def stocks(self, state: State) -> dict[str, float]:
        """People in the programme and waiting for it now (real people)."""
        return {"members": 0.0, "waiting": 0.0}

    def served(self, state: State) -> list[Served]:
        """Whom it serves where this week; asked once, before `flows`. Nothing where it serves nobody by name."""
        return []

    def flows(self, state: State) -> dict[str, float]:
        """This week's people who joined and completed, members and waiting now (real people), and cost (GBP)."""
        self.spent_now = self.costs(state)
        self.setup_paid += self.spent_now["setup"]
        cost = sum(self.spent_now.values())
        flows = {"joined": self.joined_now, "completed": self.completed_now, "cost": cost}
        self.joined_now = self.completed_now = 0.0
        return {**flows, **self.stocks(state)}

    def costs(self, state: State) -> dict[str, float]:
        """This week's cost (GBP) by part, as the settings have it; it adds up in this order.

        The start is paid in the first week of delivery, and what it costs more when the programme grows in the week of that.
        """
        price, when = self.settings.price_under(state.parameters), self.settings.when
        strength = when.strength(state.week)
        return {
            "setup": max(price.setup - self.setup_paid, 0.0)
            if strength and state.week >= self.first_week
            else 0.0,
            "per_week": price.per_week * strength,
            "per_participant": price.per_participant * self.joined_now,
        }


def peak(settings: Any, weeks: int) -> float:
    """The largest share of full size that is delivered in a run of `weeks` weeks."""
    return max((settings.when.strength(week) for week in range(weeks)), default=0.0)


def full_weeks(settings: Any, weeks: int) -> float:
    """Delivery in a run of `weeks` weeks, in weeks at full size."""
    delivered: float = settings.when.delivered(weeks - 1)
    return delivered


def real_people(state: State, rows: np.ndarray) -> float:
    """Real people that the residents in `rows` (bool or indices) stand for."""
    return float(state.weight[rows].sum()) / UNIT


def few_left(key: str, what: str, share: float, number: int) -> list[Doubt]:
    """A doubt where chance leaves a `share` of `number` residents, and that is expected to be fewer than one."""
    if number == 0 or number * share >= 1:
        return []
    return [Doubt(key, f"at this sample fewer than one is expected of the {what}", False, f"{number} × {share:.2g}",
                  hint="Take a larger --sample.")]  # fmt: skip


def whole_places(per_week: float, when: When, week: int) -> int:
    """Whole places in `week`, with nothing left to chance: all up to it are `per_week` for each week of full delivery,
    rounded to the nearest."""
    return round_half_up(per_week * when.delivered(week)) - round_half_up(per_week * when.delivered(week - 1))


def round_half_up(value: float) -> int:
    """The nearest whole number; a half goes up."""
    return int(np.floor(value + 0.5 + 1e-9))
