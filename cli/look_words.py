"""What a look ahead found, in lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scenarios.preflight.preflight import Look, Offered


def lines(look: Look) -> Iterator[str]:
    """The facts of every act, a block each."""
    if not look.acts:
        return
    adults = float(look.weights.sum())
    yield (
        f"{look.place}: {adults:,.0f} adults; {look.sample:.2%} of them simulated ({len(look.weights):,}), "
        f"over {look.weeks} weeks."
    )
    for act in look.acts:
        yield f"{act.key}: {act.title} ({act.type})"
        if act.inert:
            continue
        yield f"  for:    {_for_whom(act)}"
        if act.offered:
            yield f"  offers: {_offered(act)}"
        if act.goes_to:
            yield f"  goes to: {_goes_to(act.goes_to)}"
        if act.key.startswith("interventions"):
            yield f"  costs:  {_cost(act)}"
        if act.afterwards:
            yield f"  after:  when the money ends, {act.afterwards}"


def _for_whom(act: Offered) -> str:
    asked = (
        f"; of them only who is {' or '.join(act.levels).replace('_', ' ')} when asked" if act.levels else ""
    )
    more = " and others" if act.zones > len(act.main_zones) else ""
    names = f": {', '.join(act.main_zones)}{more}" if act.main_zones else ""
    return f"{act.people:,} people ({act.simulated:,} simulated){asked}; in {act.zones} zones{names}"


def _offered(act: Offered) -> str:
    assert act.offered is not None
    offered = act.offered
    town = f"{offered['town']:,.0f}" if offered["town"] >= 10 else f"{offered['town']:.3g}"
    text = f"{offered['what']}: {town}"
    if offered["at_sample"] is not None:
        text += f"; at this sample {offered['at_sample']:,}, which stand for {offered['stands_for']:,.0f}"
    return text


def _goes_to(spread: dict[str, Any]) -> str:
    zones, among, need, main = spread["zones"], spread["among"], spread["need"], spread["main"]
    more = " and others" if zones > len(main) else ""
    if spread["by_lot"]:
        return f"{among} zones by lot ({need}), most in {', '.join(one['zone'] for one in main)}{more}"
    named = ", ".join(f"{one['zone']} ({one['number']:,.0f})" for one in main)
    return f"{zones} of the {among} zones it is spread over ({need}): {named}{more}"


def _cost(act: Offered) -> str:
    years = ", ".join(f"year {n} £{cost:,.0f}" for n, cost in enumerate(act.cost_by_year, 1) if cost)
    each = f"; £{act.per_participant:,.2f} more for each who joins" if act.per_participant else ""
    return f"£{sum(act.cost_by_year):,.0f} planned in all ({years or 'nothing in any year'}){each}"
