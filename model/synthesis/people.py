"""A place's people and ties, made from its zones: every zone's published margins hold within rounding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.errors import Fault, InputError
from model.parameters import Parameters
from model.population.people import People
from model.population.ties import Ties
from model.synthesis import homes as dwellings
from model.synthesis import households, residents
from model.synthesis.deal import Chance
from model.synthesis.network import tie
from model.synthesis.zone_margins import Margins, margins_report

if TYPE_CHECKING:
    from model.place.place import Place

__all__ = ["make_people", "margins_report", "synthesise"]


def synthesise(
    place: Place, seed: int, sample: float = 1.0, parameters: Parameters | None = None, replicate: int = 0
) -> tuple[People, Ties]:
    """The residents of a place (adults of 16 and over) and their ties.

    A sample makes fewer residents from the same margins and ties them anew, so degree and likeness do not
    change. Raises InputError when `sample` is not above 0 and at most 1, or the zones lack what people are
    made from.
    """
    parameters = parameters or Parameters.default()
    people = make_people(place, seed, sample, parameters, replicate)
    return people, tie(people, parameters, Chance(seed, replicate), sample)


def make_people(place: Place, seed: int, sample: float, parameters: Parameters, replicate: int = 0) -> People:
    """The residents alone, in storage order: a Hilbert curve over homes, households side by side."""
    if not 0.0 < sample <= 1.0:
        raise InputError(
            Fault(
                "the share of residents to simulate",
                key="sample",
                found=repr(sample),
                allowed="above 0 and at most 1",
            )
        )
    p, chance = parameters, Chance(seed, replicate)
    margins = Margins(place.zones, p)
    counts = residents.count_adults(margins, sample)
    n = int(counts.sum())
    ids = np.arange(n)
    zone = np.repeat(np.arange(len(counts)), counts)

    age, sex = residents.age_and_sex(margins, counts, ids, chance, p)
    disabled = residents.disability(margins, counts, age, sex, ids, chance, p)
    stock = households.form(margins, counts, chance, p)
    household = households.move_in(stock, counts, age, sex, ids, chance, p)
    others = np.bincount(household, weights=disabled > 0, minlength=stock.n)[household] - (disabled > 0)
    carer = residents.carers(margins, counts, age, sex, others > 0, ids, chance, p)
    work = residents.work(margins, counts, age, sex, disabled, carer, ids, chance, p)
    money = residents.means(margins, zone, work, household, stock.n, ids, chance, p)
    cell, x_m, y_m = dwellings.settle(place, stock.zone, chance)

    fixed = {
        "id": ids, "zone": zone, "cell": cell[household], "x_m": x_m[household], "y_m": y_m[household],
        "household": household, "household_size": stock.size[household],
        "children": stock.children[household] > 0,
        "lone_parent": (stock.children[household] > 0) & (stock.adults[household] == 1),
        "cars": households.cars(margins, stock, household, age, work, chance, p)[household],
        "age": age, "age_band": residents.age_band(age), "sex": sex,
        "ethnicity": households.ethnic_groups(margins, stock, counts, household, age, ids, chance, p),
        "disability": disabled,
        "condition": residents.condition(margins, zone, age, disabled, ids, chance, p),
        "imd_decile": margins.decile[zone], "imd_quintile": (margins.decile[zone] + 1) // 2,
        "work": work, "carer": carer, "means": money,
        "knowhow": residents.knowhow(margins, zone, age, money, ids, chance, p),
        "weight": (margins.adults / np.maximum(counts, 1))[zone],
    }  # fmt: skip
    size_m = max(place.width, place.height) * place.cell_m
    order = dwellings.storage_order(household, x_m, y_m, size_m)
    return People({name: np.asarray(values)[order] for name, values in fixed.items()})


def people_report(place: Place, seed: int, sample: float = 1.0) -> dict[str, object]:
    """How well the residents of `place` hold its margins (largest gap of any zone, people) and what ties they have."""
    parameters = Parameters.default()
    people, ties = synthesise(place, seed, sample, parameters)
    margins = margins_report(place, people, parameters)
    gaps = dict(zip(margins["margin"], margins["largest_gap"].round(2).tolist(), strict=True))
    report = ties.report(people, place.zones["imd_rank"].to_numpy(float)[people.zone])
    return {
        "simulated": people.n,
        "margins_largest_gap": gaps,
        "ties": {name: round(float(value), 3) for name, value in report.items()},
    }
