"""A scenario: what is tried, where, from when, for how long. One YAML file, one `Scenario`."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    PrivateAttr,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from model.delivery.settings import Intervention
from model.delivery.targeting import Settings, Text
from model.files.names import is_device, is_path
from model.files.yaml_words import printable
from model.interventions import REGISTRY, Barrier
from model.limits import MOST_WEEKS_OF_A_PLAN, MOST_YEARS_OF_A_PLAN, WEEKS_A_YEAR
from model.parameters import BEYOND, Parameters, faults_in
from scenarios.files.faults import explained, set_in
from scenarios.files.reading import find, read_yaml

DEFAULT_YEARS = 5.0
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
"""Names of scenarios and outputs: small letters, digits, - and _, at most 64 characters."""

if TYPE_CHECKING:
    AnyIntervention = Intervention
else:

    class AnyType:
        """The settings of any type that there is now: its `type` says which."""

        @classmethod
        def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> Any:
            kinds = Union[tuple(REGISTRY.values())]  # noqa: UP007
            return handler.generate_schema(Annotated[kinds, Field(discriminator="type")])

    AnyIntervention = Annotated[Intervention, AnyType]


def _date_from_text(value: Any) -> Any:
    """A date written as text (JSON has no other way) as a date; anything else as it came."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


def _may_leave_range(name: str) -> str:
    if found := faults_in({}, beyond=[name]):
        raise PydanticCustomError(
            "parameters", "cannot leave its range", {"faults": [replace(one, key=None) for one in found]}
        )
    return name


def _known_parameters(values: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
    if found := faults_in(values, prefix="", beyond=info.data.get(BEYOND, ())):
        raise PydanticCustomError("parameters", "parameters cannot be used", {"faults": found})
    return values


class Scenario(Settings):
    """A scenario of Everystep: what is tried, where, from when, for how long."""

    schema_version: Literal[1] = 1
    """Version of this format."""
    name: str = Field(min_length=1, max_length=100, pattern=r"^\S([^\n]*\S)?$")
    """A short name, as tables and figures show it."""
    description: str = Field(default="", max_length=4000)
    """What is tried and why, in plain words."""
    plugins: tuple[Text, ...] = Field(default=(), max_length=20, strict=False)
    """Files of types of intervention from outside, as paths from this file; each must be allowed where it is run."""
    place: str = Field(default="erewash", min_length=1, max_length=500)
    """A shipped place by name, or the path of an imported one."""
    start: Annotated[date, BeforeValidator(_date_from_text)] = Field(
        default=date(2026, 1, 5), ge=date(1990, 1, 1), le=date(2100, 1, 1)
    )
    """The day on which week 0 begins."""
    years_given: float | None = Field(
        default=None, alias="years", ge=0.02, le=MOST_YEARS_OF_A_PLAN, json_schema_extra={"unit": "years"}
    )
    """How long, in years of 52 weeks; 5 unless `years` or `weeks` says otherwise."""
    weeks_given: int | None = Field(
        default=None, alias="weeks", ge=1, le=MOST_WEEKS_OF_A_PLAN, json_schema_extra={"unit": "weeks"}
    )
    """How long, in weeks, instead of `years`."""
    interventions: tuple[AnyIntervention, ...] = Field(default=(), max_length=50, strict=False)
    """What is done; an empty list is things as they are."""
    barriers: tuple[Barrier, ...] = Field(default=(), max_length=50, strict=False)
    """What if something stood less, or more, in some people's way: named quantities changed for a group of people."""
    parameters_beyond: tuple[Annotated[str, AfterValidator(_may_leave_range)], ...] = Field(
        default=(), max_length=500, strict=False
    )
    """Names of the numbers below that may lie outside their range: for experiments that take a rule out."""
    parameters: Annotated[dict[str, Any], AfterValidator(_known_parameters)] = Field(default_factory=dict)
    """Numbers and switches of the model to change for this scenario, by name (docs/parameters.md)."""
    definition: Literal["sport_england", "ohid"] = "sport_england"
    """Of inactive: sport_england = 16 and over, no gardening; ohid = 19 and over, gardening counted."""

    _slug: str | None = PrivateAttr(default=None)
    _written: tuple[str | None, dict[str, int]] = PrivateAttr(default=(None, {}))

    @model_validator(mode="after")
    def _one_length(self) -> Scenario:
        if self.years_given is not None and self.weeks_given is not None:
            raise ValueError("both `years` and `weeks` are given; leave one of them out")
        return self

    @classmethod
    def load(cls, name_or_path: str | Path) -> Scenario:
        """The scenario of a library name or a file. Raises InputError naming every fault."""
        path = find(name_or_path)
        scenario, lines = read_yaml(path, cls)
        place = path.parent / scenario.place
        if is_path(scenario.place) and place.is_dir():
            scenario = scenario.model_copy(update={"place": place.resolve().as_posix()})
        if scenario.plugins:
            files = tuple((path.parent / one).resolve().as_posix() for one in scenario.plugins)
            scenario = scenario.model_copy(update={"plugins": files})
        scenario._slug, scenario._written = slug(path.stem), (printable(path, 300), lines)
        return scenario

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], file: str | None = None) -> Scenario:
        """The scenario that plain data spell. Raises InputError naming every fault."""
        with explained(cls, data, file):
            return cls.model_validate(data)

    @property
    def weeks(self) -> int:
        """How many weeks the scenario lasts."""
        if self.weeks_given is not None:
            return self.weeks_given
        return max(1, round((self.years_given or DEFAULT_YEARS) * WEEKS_A_YEAR))

    @property
    def years(self) -> float:
        """How many years of 52 weeks the scenario lasts."""
        return self.weeks / WEEKS_A_YEAR

    @property
    def slug(self) -> str:
        """The name for files and tables: the file's own, else made from `name`. Fits `NAME`."""
        return self._slug or slug(self.name)

    @property
    def written(self) -> tuple[str | None, dict[str, int]]:
        """The file it was read from, and the line of every key there by dotted name."""
        return self._written

    @property
    def parameter_set(self) -> Parameters:
        """The model's parameters with this scenario's changes."""
        return Parameters.default().with_values(self.parameters, beyond=self.parameters_beyond)

    def lasting(self, *, years: float | None = None, weeks: int | None = None) -> Scenario:
        """The same scenario over another length. Raises InputError outside 1 to 1,560 weeks."""
        return self.changed({"years": years, "weeks": weeks})

    def changed(self, values: Mapping[str, Any]) -> Scenario:
        """A copy with some fields changed, by dotted name: `{"interventions.0.groups": 8, "place": "derby"}`.

        Raises InputError naming every fault, as for a file.
        """
        data = self.as_dict()
        for key, value in values.items():
            set_in(data, key, value)
        changed = Scenario.from_dict(data)
        changed._slug, changed._written = self._slug, self._written
        return changed

    def as_dict(self) -> dict[str, Any]:
        """The scenario as plain data, ready for JSON or YAML; `from_dict` reads it back."""
        data = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        for key in ("barriers", "plugins", BEYOND):
            if not data[key]:
                del data[key]
        return data

    @property
    def digest(self) -> str:
        """A fingerprint of what is simulated: 16 hexadecimal digits. Wording and file name do not count."""
        data = self.as_dict() | {"weeks": self.weeks, "place": Path(self.place).name}
        for key in ("name", "description", "years"):
            data.pop(key, None)
        return hashlib.blake2b(json.dumps(data, sort_keys=True).encode(), digest_size=8).hexdigest()

    @property
    def acts(self) -> list[Intervention | Barrier]:
        """All that a town is to live with: interventions, then barriers."""
        return [*self.interventions, *self.barriers]

    @property
    def planned_cost(self) -> float:
        """Money planned over the scenario, GBP, before costs per participant."""
        numbers = self.parameter_set
        return sum(intervention.planned_cost(self.weeks, numbers) for intervention in self.interventions)

    def remarks(self) -> list[str]:
        """Things that are allowed but seldom meant."""
        return [
            f"{list_name}.{row}: starts in week {one.when.start_week}; the end is {self.weeks}"
            for list_name in ("interventions", "barriers")
            for row, one in enumerate(getattr(self, list_name))
            if one.when.start_week >= self.weeks
        ]


REGISTRY.on_change(lambda: Scenario.model_rebuild(force=True))


def slug(text: str) -> str:
    """A name that fits `NAME`, made from any text."""
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:64]
    return f"{plain}_" if is_device(plain) else plain or "scenario"
