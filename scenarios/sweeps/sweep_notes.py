"""What to know of a sweep before its figures are read: prices that stay where a scenario wrote them while sizes vary."""

from __future__ import annotations

from model.errors import InputError
from scenarios.files.schema import Scenario
from scenarios.sweeps.sweep_plan import SweepDesign


def notes(plan: SweepDesign) -> list[str]:
    """Sentences, one for each plan whose price would follow what is varied, had the scenario not written it down."""
    said = []
    for name, scenario in plan.scenarios:
        for row in range(len(scenario.interventions)):
            keys = (
                [key for key in plan.points[0] if key.startswith(f"interventions.{row}.")]
                if plan.points
                else []
            )
            if fixed := [key for key in keys if _leaves_price(plan, scenario, key, row)]:
                said.append(
                    f"{name}: {' and '.join(fixed)} changes what such a plan usually costs, but the scenario fixes its "
                    "cost, which stays the same at every point. Leave `cost` out of it for the usual price of each size."
                )
    return said


def _leaves_price(plan: SweepDesign, scenario: Scenario, key: str, row: int) -> bool:
    """Whether a part of the price stays, and the usual one does not, between the values of a field furthest apart."""
    values = [point[key] for point in plan.points]
    try:
        one, other = (scenario.changed({key: value}).interventions[row]
                      for value in (min(values, key=_order), max(values, key=_order)))  # fmt: skip
    except InputError:  # sound beside other changes only
        return False
    parts = zip(one.price, other.price, one.usual_price(), other.usual_price(), strict=True)
    return any(price == same and usual != another for price, same, usual, another in parts)


def _order(value: object) -> tuple[float, str]:
    return (float(value), "") if isinstance(value, int | float) else (0.0, str(value))
