"""What every programme can do in a week; each does nothing until a programme of its own says otherwise."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.reference.asset import Asset
    from model.reference.resident import Resident
    from model.reference.town import ReferenceTown


class Programme:
    """An intervention being delivered. `label` names its chance, so that the order of a plan does not matter."""

    def __init__(self, settings: Any, label: str, town: ReferenceTown) -> None:
        self.settings, self.label, self.town = settings, label, town
        self.joined_now = 0.0
        self.completed_now = 0.0

    def new_assets(self) -> list[Asset]:
        """Places it will open."""
        return []

    def prepare(self) -> None:
        """Get ready before it starts."""

    def strength(self) -> Hashable:
        """The share of full size this week."""
        return self.delivered()

    def contribute(self) -> None:
        """Add to named quantities."""

    def hear(self) -> None:
        """Become known to people."""

    def attend(self) -> None:
        """Let members turn up."""

    def recruit(self) -> None:
        """Take people in, let people go."""

    def introduce(self, resident: Resident) -> bool:
        """Take in somebody whom another programme brings along; whether it does."""
        return False

    def columns(self) -> dict[str, list[Any]]:
        """What it knows of each resident, by the names of the engine's columns: held against those, bit for bit."""
        return {}

    def has_reached(self, resident: Resident) -> bool:
        """Whether it has ever had somebody in it."""
        return False

    def delivered(self) -> float:
        """Nothing before the start and after the end, all once the ramp is over, evenly more on the way."""
        when, week = self.settings.when, self.town.week
        if week < when.start_week or (when.weeks is not None and week >= when.start_week + when.weeks):
            return 0.0
        share: float = min(1.0, (week - when.start_week + 1) / (when.ramp_weeks + 1))
        return share

    def flows(self) -> dict[str, float]:
        """People who joined and completed this week, members and waiting now (real people), and cost (GBP)."""
        flows = {"joined": self.joined_now, "completed": self.completed_now, "cost": self.cost()}
        self.joined_now = self.completed_now = 0.0
        return {**flows, **self.stocks()}

    def cost(self) -> float:
        """What this week costs."""
        price = self.price()
        once = price.setup if self.town.week == self.settings.when.start_week else 0.0
        spent: float = once + price.per_week * self.delivered() + price.per_participant * self.joined_now
        return spent

    def price(self) -> Any:
        """Money for the start, a week and each who joins."""
        return self.settings.price

    def stocks(self) -> dict[str, float]:
        """People in the programme and waiting for it now."""
        return {"members": 0.0, "waiting": 0.0}


def real_people(residents: list[Resident]) -> float:
    """The real people whom some residents stand for."""
    return float(sum(resident.real_people for resident in residents)) / 256


def whole_places(per_week: float, programme: Programme) -> int:
    """Whole places this week: with those before they make `per_week` for each week of full delivery, rounded."""
    when, week = programme.settings.when, programme.town.week
    steps = [step for step in range(week - when.start_week + 1) if when.weeks is None or step < when.weeks]
    # In whole parts of a week of full delivery, so that nothing is lost in adding up.
    parts = [min(step + 1, when.ramp_weeks + 1) for step in steps]
    last = parts[-1] if len(parts) == week - when.start_week + 1 and parts else 0
    before, now = ((sum(parts) - less) / (when.ramp_weeks + 1) for less in (last, 0))
    places: int = math.floor(per_week * now + 0.5 + 1e-9) - math.floor(per_week * before + 0.5 + 1e-9)
    return places
