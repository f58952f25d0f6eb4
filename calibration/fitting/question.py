"""What a calibration is asked: the national targets, or somebody's own of a place, alone or beside the national ones."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from calibration import priors as prior_file
from calibration import targets as target_file
from calibration.fitting import result
from calibration.fitting.result import Aims
from calibration.measures import FITTED
from calibration.measures.year import PLACE as ENGLAND
from calibration.own.read import Own
from calibration.priors import Prior, Priors
from calibration.targets import Target
from model.parameters import ledger
from model.place.place import Place
from scenarios.runs import design

TOWN = "town"
"""The measure that own targets are of."""
HERE = " here"
"""What the names of own targets end with, beside national ones."""
EDGE = 0.02
"""A shipped value at an end of its range is taken to lie so far inside it."""


@dataclass(frozen=True)
class Question:
    """Targets to fit and to hold out, the measures that tell them, and what is believed of parameters before.

    place, where: the place of own targets, and the name or path it is read from. own: names never forgiven.
    """

    targets: list[Target]
    priors: Priors
    measures: tuple[str, ...]
    fingerprint: str
    held: list[Target] = field(default_factory=list)
    place: Place | None = None
    where: str = ""
    own: tuple[str, ...] = ()
    national: bool = True

    @property
    def names(self) -> list[str]:
        """The targets that are fitted to."""
        return [target.name for target in self.targets]

    @property
    def suffix(self) -> str:
        """What the names of own targets end with."""
        return HERE if self.own and self.national else ""

    @property
    def identity(self) -> str:
        """A digest of the place and the targets."""
        told = [self.fingerprint, self.measures, self.national, self.place and self.place.digest]
        return design.digest(design.canonical(told))

    @property
    def aims(self) -> Aims:
        """As results tell it."""
        if self.place is None:
            return Aims(self.fingerprint, len(self.targets))
        of = result.Own(
            len(self.held), list(self.own), self.national, self.where, self.place.title, self.place.digest
        )
        return Aims(self.fingerprint, len(self.targets), of)


def national() -> Question:
    """The targets of England that are fitted to. Raises InputError when they are not those that were frozen."""
    return Question(target_file.of_role("fit"), prior_file.read(), tuple(FITTED), target_file.fingerprint())


def of_place(own: Own, place: Place, where: str, with_national: bool) -> Question:
    """Somebody's own targets of a place; with the national ones, each measured where it belongs.

    Alone, the search starts at the shipped values and may go over every prior's whole range: what own targets do not
    see stays as shipped. National targets held out for validation are never among them. For England itself, an own
    target takes the place of the national one of its name.
    """
    suffix = HERE if with_national else ""
    named = [replace(target, name=target.name + suffix) for target in own.targets]
    fit = [target for target in named if target.role == "fit"]
    held = [target for target in named if target.role != "fit"]
    names = tuple(target.name for target in fit)
    mark = hashlib.sha256(
        design.canonical([[t.name, t.value, t.se, t.discrepancy, t.role] for t in named]).encode()
    )
    if not with_national:
        return Question(fit, from_shipped(prior_file.read()), (TOWN,), mark.hexdigest(), held, place, where, names,
                        national=False)  # fmt: skip
    rest = target_file.of_role("fit")
    if place.name == ENGLAND:
        rest = [target for target in rest if target.name not in {one.name for one in own.targets}]
    both = f"{mark.hexdigest()} {target_file.fingerprint()}"
    return Question([*rest, *fit], prior_file.read(), (*FITTED, TOWN), both, held, place, where, names)


def from_shipped(priors: Priors) -> Priors:
    """The same ranges and widths about the shipped values."""
    return Priors([_moved(prior) for prior in priors.all])


def _moved(prior: Prior) -> Prior:
    edge = EDGE * (prior.high - prior.low)
    shipped = float(ledger()[prior.name].value)
    return replace(
        prior, mean=min(max(shipped, prior.low + edge), prior.high - edge), why="the shipped value"
    )
