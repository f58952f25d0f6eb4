"""What to know of a sweep before its figures are read: prices that stay where a scenario wrote them while sizes vary."""

from __future__ import annotations

from model.errors import InputError
from scenarios.schema import Scenario
from scenarios.sweep_plan import SweepPlan

PARTS = ("setup", "per_week", "per_participant")


def notes(plan: SweepPlan) -> list[str]:
    """Sentences, one for each plan whose price would follow what is varied, had the scenario not written it down."""
    said = []
    for name, scenario in plan.scenarios:
        for row, one in enumerate(scenario.interventions):
            fixed = [k for k, part in enumerate(PARTS) if getattr(one.cost, part) is not None]
            keys = (
                [key for key in plan.points[0] if key.startswith(f"interventions.{row}.")]
                if plan.points
                else []
            )
            if moved := [key for key in keys if _moves(plan, scenario, key, row, fixed)]:
                said.append(
                    f"{name}: {' and '.join(moved)} changes what such a plan usually costs, but the scenario fixes its "
                    "cost, which stays the same at every point. Leave `cost` out of it for the usual price of each size."
                )
    return said


def _moves(plan: SweepPlan, scenario: Scenario, key: str, row: int, fixed: list[int]) -> bool:
    """Whether the usual price of a part that is fixed differs between the values of a field that stand furthest apart."""
    values = sorted((point[key] for point in plan.points), key=_order)
    prices = []
    for value in (values[0], values[-1]):
        try:
            usual = scenario.changed({key: value}).interventions[row].usual_price()
        except InputError:  # sound beside other changes only
            return False
        prices.append([usual[k] for k in fixed])
    return prices[0] != prices[1]


def _order(value: object) -> tuple[float, str]:
    return (float(value), "") if isinstance(value, int | float) else (0.0, str(value))
