"""Random small scenarios for the comparison: any parameters in their ranges, any plans, either definition."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import strategies as st
from oracle.settings import of_type

from model.delivery.settings import Intervention
from model.interventions import REGISTRY, Barrier
from model.parameters import Parameters, ledger
from model.place.place import Place
from model.population.columns import ATTRIBUTES, DISABILITIES, ETHNICITIES, LEVELS, SEXES, WORK
from model.quantities import MET

SUBJECTS = ("access", "body", "choice", "meeting", "movement", "opportunity", "programmes", "social")
"""Files of the ledger whose numbers weeks use (the others make the people and the place)."""
SWITCHES = {
    **{name: entry.choices for name, entry in ledger().items() if entry.choices},
    "ties": ("living", "living", "living", "fixed"), "groups": ("living", "living", "living", "living", "none"),
}  # fmt: skip
"""Settings of every switch of the ledger, as often as they are tried."""
LIVELY = {
    "groups_start": (8.0, 10.0), "group_found": (5.0, 6.0), "found_knowhow": (0.5, 1.0), "group_least": (2.0, 2.0),
    "group_limit": (12.0, 16.0), "group_invite": (0.4, 0.6), "group_uptake": (-1.0, 0.0), "drop_early": (0.02, 0.08),
    "organiser_develops": (0.08, 0.1), "organiser_accepts": (0.4, 0.6), "organiser_tenure": (4.0, 6.0),
    "organiser_leaves": (0.4, 0.5), "group_splits": (0.15, 0.2), "group_ends": (0.3, 0.4),
}  # fmt: skip
"""Numbers with which a few hundred people see groups begin, grow, split and end within weeks."""


@dataclass(frozen=True, repr=False)
class Small:
    """One small scenario: a seed, a few hundred people, some weeks, and plans from week 0 on."""

    place: str
    seed: int
    sample: float
    weeks: int
    definition: str
    parameters: Parameters
    plans: tuple[Intervention | Barrier, ...]
    from_the_start: bool
    """Whether plans are made with the town, or brought in after its warm-up as the product does."""

    def __repr__(self) -> str:
        plans = ", ".join(f"{plan.type}({plan.model_dump(exclude_defaults=True)})" for plan in self.plans)
        parts = [
            self.place,
            self.seed,
            self.sample,
            self.weeks,
            self.definition,
            f"[{plans}]",
            self.from_the_start,
        ]
        return f"Small({', '.join(map(str, parts))}, parameters={self.parameters.changed()})"


def parameters() -> st.SearchStrategy[Parameters]:
    """All numbers of the week anywhere in their ranges, or a few of them; every setting of the switch."""
    numbers = [entry for entry in ledger().values()
               if entry.subject in SUBJECTS and not entry.choices and entry.name != "warm_up_weeks"]  # fmt: skip
    # Always floats, so that the kernels are compiled for one set of types only.
    usual = {entry.name: float(entry.value) for entry in numbers}
    values = {entry.name: st.floats(entry.low, entry.high, width=64) for entry in numbers}
    changed: st.SearchStrategy[dict[str, float]] = st.one_of(
        st.just({}),
        st.sampled_from(sorted(values)).flatmap(lambda name: st.fixed_dictionaries({name: values[name]})),
        st.fixed_dictionaries(values),
    )
    lively = st.fixed_dictionaries({name: st.floats(*span, width=64) for name, span in LIVELY.items()})
    return st.builds(
        lambda some, more, switches: Parameters.default().with_values(
            {**usual, **some, **more, **switches, "warm_up_weeks": 8}
        ),
        changed,
        st.integers(0, 3).flatmap(lambda number: st.just({}) if number == 3 else lively),
        st.fixed_dictionaries({name: st.sampled_from(choices) for name, choices in SWITCHES.items()}),
    )


def some_of(choices: Any) -> st.SearchStrategy[list]:
    """At least one of the choices."""
    return st.lists(st.sampled_from(list(choices)), min_size=1, unique=True)


def who() -> st.SearchStrategy[dict[str, Any]]:
    """Whom a plan is for: at most two conditions, so that somebody is left."""
    spans = st.tuples(st.integers(16, 60), st.integers(40, 110)).map(
        lambda pair: {"min": min(pair), "max": max(pair)}
    )
    keys = {
        "age": spans, "sex": some_of(SEXES), "disability": some_of(DISABILITIES), "condition": st.booleans(),
        "ethnicity": some_of(ETHNICITIES), "level": some_of(LEVELS), "imd_quintile": some_of(range(1, 6)),
        "car": some_of(ATTRIBUTES["car"]), "work": some_of(WORK), "carer": st.booleans(),
    }  # fmt: skip
    names = st.lists(st.sampled_from(sorted(keys)), max_size=2, unique=True)
    return names.flatmap(lambda chosen: st.fixed_dictionaries({name: keys[name] for name in chosen}))


def where() -> st.SearchStrategy[dict[str, Any]]:
    """Where a plan works: one condition that every shipped place can meet, or none."""
    return st.one_of(
        st.just({}),
        st.fixed_dictionaries({"imd_within_place": some_of(range(1, 6))}),
        st.just({"imd_decile": list(range(1, 11))}),
        st.just({"urban": True}),
    )


def when(weeks: int) -> st.SearchStrategy[dict[str, Any]]:
    """When a plan is delivered, within the scenario or beyond its end."""
    lengths = st.one_of(st.none(), st.integers(1, weeks))
    return st.builds(
        lambda start, length, ramp: {
            "start_week": start,
            **({} if length is None else {"weeks": length}),
            "ramp_weeks": ramp if length is None else min(ramp, length),
        },
        st.integers(0, max(1, weeks // 3)),
        lengths,
        st.integers(0, 6),
    )


def plan(weeks: int) -> st.SearchStrategy[Intervention]:
    """One intervention of any type."""

    def made(kind: str) -> st.SearchStrategy[Intervention]:
        shared = st.fixed_dictionaries({
            "where": where(), "who": who(), "when": when(weeks),
            "need": st.sampled_from(["universal", "targeted", "proportionate"]),
        })  # fmt: skip
        if not REGISTRY[kind].asks_level:
            shared = shared.map(
                lambda some: {**some, "who": {key: one for key, one in some["who"].items() if key != "level"}}
            )
        return st.builds(lambda some, own: REGISTRY[kind](**some, **own), shared, of_type(REGISTRY[kind]))

    return st.sampled_from(sorted(REGISTRY)).flatmap(made)


def barrier(weeks: int) -> st.SearchStrategy[Barrier]:
    """Any quantity changed for anybody, by as much as a barrier may, and beyond the quantity's bounds."""

    def made(name: str) -> st.SearchStrategy[Barrier]:
        most = MET[name].most
        return st.builds(
            lambda change, **some: Barrier(quantity=name, change=change, **some),
            st.one_of(st.sampled_from([-most, most]), st.floats(-most, most)),
            where=where(), who=who(), when=when(weeks),
        )  # fmt: skip

    return st.sampled_from(sorted(MET)).flatmap(made)


@st.composite
def small(draw: st.DrawFn, places: tuple[str, ...], weeks: tuple[int, int], people: tuple[int, int]) -> Small:
    """One small scenario in one of the shipped `places`, with about so many `people`."""
    length = draw(st.integers(*weeks))
    place = draw(st.sampled_from(places))
    return Small(
        place=place,
        seed=draw(st.integers(0, 2**31)),
        sample=draw(st.integers(*people)) / residents_of(place),
        weeks=length,
        definition=draw(st.sampled_from(["sport_england", "ohid"])),
        parameters=draw(parameters()),
        plans=(
            *draw(st.lists(plan(length), min_size=0, max_size=3)),
            *draw(st.lists(barrier(length), min_size=0, max_size=3)),
        ),
        from_the_start=draw(st.booleans()),
    )


@cache
def load(place: str) -> Place:
    """A shipped place, read once."""
    return Place.load(place)


def residents_of(place: str) -> int:
    """How many people live there."""
    return load(place).residents
