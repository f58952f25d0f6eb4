"""What a plan is called: the ready plan that it is, the name somebody gave it, or one that follows its settings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from scenarios.files.library import list_scenarios
from scenarios.files.schema import Scenario
from viz import words

NO_PLAN = "No plan"
CHANGED = " (changed)"


@cache
def library() -> dict[str, Scenario]:
    """The ready plans by name."""
    return {row["name"]: Scenario.load(row["name"]) for row in list_scenarios() if row["name"] != "none"}


def ready(scenario: Scenario) -> str:
    """The ready plan whose actions these are; empty when they are nobody's but the visitor's."""
    return next(
        (name for name, one in library().items() if one.interventions == scenario.interventions),
        "",
    )


def dose(one: Any) -> str:
    """One action by its size: `12 walking groups`."""
    return str(one.in_words())


def follows(scenario: Scenario) -> str:
    """A name made of the settings: `12 walking groups and 2 link workers`."""
    if not scenario.interventions:
        return NO_PLAN
    text = words.listing([dose(one) for one in scenario.interventions])
    return words.shorten(text[:1].upper() + text[1:], 100)


def about(scenario: Scenario) -> str:
    """What is done, where, when and for how much, from the settings themselves."""
    told = []
    for one in scenario.interventions:
        last = one.when.end_week
        when = f"from week {one.when.start_week}" + (f" to {last}" if last is not None else " on")
        cost = words.pounds(one.planned_cost(scenario.weeks, scenario.parameter_set))
        told.append(f"{dose(one)}{_where(one)}, {when}: {cost}".strip())
    return "".join(f"{one[:1].upper()}{one[1:]}. " for one in told).strip()


def _where(one: Any) -> str:
    fifths = one.where.imd_quintile
    if fifths and len(fifths) == 1:
        return f" in the {words.level_name('imd_quintile', fifths[0]).lower()} of neighbourhoods"
    given: Mapping[str, Any] = one.where.model_dump(exclude_none=True, exclude_defaults=True)
    return " in some neighbourhoods" if given else ""


def renamed(scenario: Scenario, name: str, description: str = "") -> Scenario:
    """The same plan under another name. Raises InputError for what is no name."""
    return Scenario.from_dict({**scenario.as_dict(), "name": name, "description": description})


def followed(before: Scenario, after: Scenario, own: bool) -> Scenario:
    """A plan whose actions have changed, under the name that fits it now. own: the visitor gave the name."""
    if after.interventions == before.interventions:
        return after
    if own:
        return renamed(after, before.name)
    if name := ready(after):
        return titled(after, name)
    titles = {NO_PLAN, *(one.name for one in library().values())}
    if before.name in titles or before.name == follows(before):
        return renamed(after, follows(after))
    return renamed(after, words.shorten(before.name.removesuffix(CHANGED), 100 - len(CHANGED)) + CHANGED)


def titled(scenario: Scenario, name: str) -> Scenario:
    """A plan under the name and with the description of a ready one."""
    one = library()[name]
    if not one.interventions:
        return renamed(scenario, NO_PLAN, "Nothing new is done.")
    return renamed(scenario, one.name, one.description)
