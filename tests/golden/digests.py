"""Fingerprints of what a run is, bit for bit: one a column of residents, one a part of the record."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np

from model import Neighbourhood, Place
from model.delivery.settings import Intervention
from model.interventions import AssetInvestment, SocialPrescribing, WalkingScheme
from model.parameters import Parameters, ledger
from model.population.columns import RESIDENT

HERE = Path(__file__).parent
NUMBERS = HERE / "parameters.json"
DIGESTS = HERE / "digests.json"
PLACE = "erewash"
WEEKS = 26
PLANS: dict[str, tuple[Intervention, ...]] = {
    "baseline": (),
    "walks": (
        WalkingScheme(groups=500, group_size=40, invite_per_week=0.2,
                      when={"start_week": 2, "weeks": 18, "ramp_weeks": 4}),
    ),
    "link_workers": (SocialPrescribing(link_workers=200, plan_weeks=12, sessions=6),),
    "places": (
        AssetInvestment(action="new", kind="park", count=4, construction_weeks=3),
        AssetInvestment(action="cheaper", kind="leisure_centre", count=3, when={"weeks": 12}),
    ),
}  # fmt: skip


def fingerprint(values: np.ndarray) -> str:
    """A short digest of an array's bits, shape and type."""
    held = hashlib.blake2b(f"{values.dtype.str}{values.shape}".encode(), digest_size=6)
    held.update(np.ascontiguousarray(values).tobytes())
    return held.hexdigest()


def state_digests(town: Neighbourhood) -> dict[str, str]:
    """A digest for each column of residents, in the order of their identities, and for the load of assets."""
    people = town.state.people
    order = np.argsort(people.id, kind="stable")
    found = {name: fingerprint(getattr(people, name)[..., order]) for name in RESIDENT}
    return {**found, "asset_load": fingerprint(town.state.assets.load)}


def record_digests(town: Neighbourhood) -> dict[str, str]:
    """A digest for each part of the record."""
    record = town.record()
    parts = {
        name: fingerprint(getattr(record, name))
        for name in ("counts", "minutes", "kind_minutes", "asset_visits")
    }
    flows = {f"flow_{name}": fingerprint(values) for name, values in record.flows.items()}
    return {**parts, **flows}


def whole_digest(town: Neighbourhood) -> str:
    """One digest of state and record together."""
    text = json.dumps([state_digests(town), record_digests(town)], sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def parameters() -> Parameters:
    """The numbers that golden runs use: those kept beside the digests, the ledger's where one is newer.

    So a new fit of the ledger moves no digest; a change of the rules does.
    """
    kept = json.loads(NUMBERS.read_text(encoding="utf-8"))
    known = {name: value for name, value in kept.items() if name in ledger()}
    return Parameters({**Parameters.default().values, **known})


def runs() -> dict[str, dict[str, str]]:
    """The digests of every golden run, by its name."""
    numbers = parameters()
    town = Neighbourhood(Place.load(PLACE, numbers), seed=20260105, sample=0.01, parameters=numbers).warm_up()
    made = {}
    for name, plans in PLANS.items():
        arm = town.fork(plans).run(WEEKS)
        made[name] = {**state_digests(arm), **record_digests(arm)}
    return made
