"""Where an intervention works and whom it is for: the choices, and their masks over zones and people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from model.errors import Fault, InputError, nearest
from model.population.attributes import BY_NAME, CATALOGUE, Attribute
from model.population.columns import LEVELS

if TYPE_CHECKING:
    import pandas as pd

    from model.population.people import People

Fifth = Annotated[int, Field(ge=1, le=5)]
Tenth = Annotated[int, Field(ge=1, le=10)]
Text = Annotated[str, Field(min_length=1, max_length=100)]


class Settings(BaseModel):
    """What all settings share: exact types, no unknown keys, no infinities, never changed once made."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )


def some() -> Any:
    """A field left open by default; when given, a list of at least one value."""
    return Field(None, min_length=1, max_length=5000, strict=False)


FIFTHS_AND_TENTHS = ("imd_quintile", "imd_decile", "imd_within_place")


class Where(Settings):
    """The zones an intervention works in; none named = the whole place. Zones must meet every key given."""

    zones: tuple[Text, ...] | None = some()
    """Codes of zones, as in the place's zones.csv."""
    imd_quintile: tuple[Fifth, ...] | None = some()
    """National fifths of deprivation; 1 = the most deprived."""
    imd_decile: tuple[Tenth, ...] | None = some()
    """National tenths of deprivation; 1 = the most deprived."""
    imd_within_place: tuple[Fifth, ...] | None = some()
    """Fifths of the place's own residents ranked by deprivation; 1 = the most deprived here."""
    urban: bool | None = None
    """true: only zones classed as urban; false: only rural ones."""
    columns: dict[Text, Annotated[tuple[Text | int | float, ...], Field(min_length=1, strict=False)]] = {}
    """Values of any other column of zones.csv, your own included: `{ward_name: [Cotmanhay]}`."""

    def faults(self, zones: pd.DataFrame, key: str = "where") -> list[Fault]:
        """What this asks that the zones do not have: unknown codes and columns, or no zone left."""
        found = []
        codes = set(zones["code"].astype(str)) if self.zones else set()
        for code in self.zones or ():
            if code not in codes:
                found.append(
                    Fault(
                        "no such zone in this place",
                        key=f"{key}.zones",
                        found=repr(code),
                        allowed="codes in zones.csv",
                        hint=nearest(code, codes),
                    )
                )
        for name in self.columns:
            if name not in zones.columns:
                found.append(
                    Fault(
                        "no such column in this place's zones.csv",
                        key=f"{key}.columns.{name}",
                        found=repr(name),
                        allowed=", ".join(map(str, zones.columns)),
                        hint=nearest(name, zones.columns),
                    )
                )
        if not found and not self._mask(zones).any():
            found = [
                self._none(name, zones, key)
                for name in self._given()
                if not self._only(name)._mask(zones).any()
            ]
        if not found and not self._mask(zones).any():
            found.append(Fault("no zone of this place meets all of these together", key=key))
        return found

    def partly(self, zones: pd.DataFrame, key: str = "where") -> list[Fault]:
        """Fifths and tenths among those asked for that the place has not."""
        found = []
        for name in FIFTHS_AND_TENTHS:
            if asked := getattr(self, name):
                missing = sorted(set(asked) - set(_ranks(name, zones).tolist()))
                if missing and len(missing) < len(set(asked)):
                    found.append(self._none(name, zones, key, missing))
        return found

    def _none(self, name: str, zones: pd.DataFrame, key: str, asked: Any = None) -> Fault:
        """That no zone meets one key, with what the place has."""
        column, _, own = name.partition(".")
        if column in FIFTHS_AND_TENTHS:
            asked = asked or getattr(self, column)
            kind = "tenth" if column == "imd_decile" else "fifth"
            some = (
                f"{kind}s {', '.join(map(str, sorted(set(asked))))}"
                if len(set(asked)) > 1
                else f"{kind} {asked[0]}"
            )
            has = ", ".join(map(str, np.unique(_ranks(column, zones))))
            of = "this place's own" if column == "imd_within_place" else "national"
            return Fault(f"no zone of this place is in {of} {some} of deprivation", key=f"{key}.{column}",
                         found=_listed(asked), allowed=has)  # fmt: skip
        if column == "urban":
            kinds = ("rural", "urban") if self.urban else ("urban", "rural")
            return Fault(f"every zone of this place is {kinds[0]}", key=f"{key}.urban", found=str(self.urban).lower(),
                         allowed=str(not self.urban).lower())  # fmt: skip
        values = zones[own].astype(str).str.strip().unique()
        asked = self.columns[own]
        return Fault("no zone has any of these values", key=f"{key}.columns.{own}", found=_listed(asked),
                     allowed=", ".join(sorted(values)[:12]) + (", ..." if len(values) > 12 else ""),
                     hint=nearest(asked[0], values))  # fmt: skip

    def _given(self) -> list[str]:
        """The keys that are given, each value of `columns` on its own."""
        names = [name for name in (*FIFTHS_AND_TENTHS, "urban") if getattr(self, name) is not None]
        return [*names, *(f"columns.{name}" for name in self.columns)]

    def _only(self, name: str) -> Where:
        """The same with one key alone."""
        column, _, own = name.partition(".")
        return Where(columns={own: self.columns[own]}) if own else Where(**{column: getattr(self, column)})

    def zone_mask(self, zones: pd.DataFrame) -> np.ndarray:
        """Which zones: bool `(zones,)`. Raises InputError when the place lacks what is asked."""
        if found := self.faults(zones):
            raise InputError(found)
        return self._mask(zones)

    def _mask(self, zones: pd.DataFrame) -> np.ndarray:
        mask = np.ones(len(zones), dtype=bool)
        if self.zones is not None:
            mask &= zones["code"].astype(str).isin(self.zones).to_numpy()
        if self.imd_decile is not None:
            mask &= zones["imd_decile"].isin(self.imd_decile).to_numpy()
        if self.imd_quintile is not None:
            mask &= np.isin(national_fifths(zones), self.imd_quintile)
        if self.imd_within_place is not None:
            mask &= np.isin(fifths_within(zones), self.imd_within_place)
        if self.urban is not None:
            mask &= zones["urban"].to_numpy().astype(bool) == self.urban
        for name, values in self.columns.items():
            mask &= _matches(zones[name], values)
        return mask


def _ranks(name: str, zones: pd.DataFrame) -> np.ndarray:
    """The fifth or tenth of deprivation of each zone that a key of `where` asks for: int `(zones,)`."""
    if name == "imd_decile":
        return zones["imd_decile"].to_numpy().astype(int)
    return national_fifths(zones) if name == "imd_quintile" else fifths_within(zones)


def _listed(values: Any) -> str:
    return f"[{', '.join(map(str, values))}]"


def national_fifths(zones: pd.DataFrame) -> np.ndarray:
    """The national fifth of deprivation of each zone, 1 = the most deprived: int `(zones,)`."""
    return (zones["imd_decile"].to_numpy().astype(int) + 1) // 2


def fifths_within(zones: pd.DataFrame) -> np.ndarray:
    """The place's own residents in five equal parts by deprivation, 1 = the most deprived: int `(zones,)`.

    A zone falls where its middle resident stands. Zones rank by IMD rank, else score, else decile.
    """
    if "imd_rank" in zones:
        order = zones["imd_rank"].to_numpy(float)
    elif "imd_score" in zones:
        order = -zones["imd_score"].to_numpy(float)
    else:
        order = zones["imd_decile"].to_numpy(float)
    rows = np.lexsort((zones["code"].astype(str).to_numpy(), order))
    residents = zones["residents"].to_numpy(float)[rows]
    middle = np.cumsum(residents) - residents / 2
    fifths = np.empty(len(zones), dtype=int)
    fifths[rows] = np.clip(np.floor(5 * middle / max(residents.sum(), 1e-9)).astype(int) + 1, 1, 5)
    return fifths


def _matches(column: pd.Series, values: tuple[str | int | float, ...]) -> np.ndarray:
    """Rows whose value is one of `values`; numbers match as numbers, everything else as text."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column):
        numbers = pd.to_numeric(pd.Series(list(values), dtype=object), errors="coerce").dropna()
        return column.isin(numbers.astype(float)).to_numpy()
    return column.astype(str).str.strip().isin([str(value).strip() for value in values]).to_numpy()


class Ages(Settings):
    """A span of ages, both ends included."""

    min: int = Field(16, ge=16, le=110, json_schema_extra={"unit": "years"})
    """Youngest age."""
    max: int = Field(110, ge=16, le=110, json_schema_extra={"unit": "years"})
    """Oldest age."""

    @model_validator(mode="after")
    def _in_order(self) -> Ages:
        if self.min > self.max:
            raise ValueError(f"min ({self.min}) is above max ({self.max})")
        return self


_USUAL = (
    "age",
    "sex",
    "disability",
    "condition",
    "ethnicity",
    "level",
    "imd_quintile",
    "car",
    "work",
    "carer",
)
KEYS: tuple[str, ...] = (*_USUAL, *(one.name for one in CATALOGUE if one.who and one.name not in _USUAL))
"""Keys of `who`, in their order: ages, levels of activity, and every attribute that people are chosen by."""


class _Chosen(Settings):
    """What can be asked of the keys of `Who`, whichever attributes there are."""

    if TYPE_CHECKING:
        age: Ages | None = None
        level: tuple[str, ...] | None = None

    def mask(self, people: People) -> np.ndarray:
        """Who, by all that weeks do not change: bool `(people,)`. Level stands apart: `levels`."""
        mask = np.ones(people.n, dtype=bool)
        if self.age is not None:
            age = people.column("age")
            mask &= (age >= self.age.min) & (age <= self.age.max)
        for name in KEYS:
            if name in BY_NAME and (chosen := getattr(self, name)) is not None:
                mask &= _of(chosen, BY_NAME[name])[BY_NAME[name].codes(people)]
        return mask

    def faults(self, people: People, key: str = "who") -> list[Fault]:
        """That nobody among `people` is meant: the keys that match nobody even alone, with who there is."""
        if self.mask(people).any():
            return []
        given = [
            name for name in type(self).model_fields if getattr(self, name) is not None and name != "level"
        ]
        alone = [name for name in given if not Who(**{name: getattr(self, name)}).mask(people).any()]
        found = [Fault("nobody in this place is meant", None, None, f"{key}.{name}", *self._there(name, people))
                 for name in alone]  # fmt: skip
        return found or [Fault("nobody in this place is meant by all of these together", key=key)]

    def _there(self, name: str, people: People) -> tuple[str, str]:
        """What one key asks for, and what there is."""
        if self.age is not None and name == "age":
            ages = people.column("age")
            return f"{self.age.min} to {self.age.max}", f"ages {ages.min()} to {ages.max()}"
        asked = getattr(self, name)
        if isinstance(asked, bool):
            return str(asked).lower(), str(not asked).lower()
        held = np.unique(BY_NAME[name].codes(people))
        return _listed(asked), ", ".join(BY_NAME[name].levels[one] for one in held)

    @property
    def levels(self) -> np.ndarray:
        """Which levels of activity are asked: bool `(3,)`, used as `who.levels[people.level]`."""
        return np.ones(len(LEVELS), dtype=bool) if self.level is None else _codes(self.level, LEVELS)


def _of(chosen: bool | tuple[str | int, ...], attribute: Attribute) -> np.ndarray:
    """Which levels are meant: bool, one for each."""
    if isinstance(chosen, bool):
        return np.array([not chosen, chosen])
    return _codes(tuple(str(level) for level in chosen), attribute.levels)


def _codes(chosen: tuple[str, ...], levels: tuple[str, ...]) -> np.ndarray:
    return np.array([level in chosen for level in levels])


def _asked(name: str) -> tuple[Any, Any]:
    """The type and field of a key of `who`."""
    if name == "age":
        return Ages | None, Field(None, description="Ages, such as `{min: 40}` or `{min: 65, max: 84}`.")
    if name == "level":
        return _several(Literal[LEVELS], "Levels of activity in the week people are asked.")
    attribute = BY_NAME[name]
    if attribute.yes_or_no:
        return bool | None, Field(None, description=attribute.who)
    if attribute.numbers:
        last = attribute.first + len(attribute.levels) - 1
        return _several(Annotated[int, Field(ge=attribute.first, le=last)], attribute.who)
    return _several(Literal[attribute.levels], attribute.who)


def _several(kind: Any, meaning: str) -> tuple[Any, Any]:
    return tuple[kind, ...] | None, Field(
        None, min_length=1, max_length=5000, strict=False, description=meaning
    )


if TYPE_CHECKING:
    Who = _Chosen
else:  # the levels are spelled once, in the catalogue of attributes; a checker of types cannot see through it
    Who = create_model(
        "Who", __base__=_Chosen, __module__=__name__, **{name: _asked(name) for name in KEYS},
        __doc__="The people an intervention is for; none named = every adult. People must meet every key given.",
    )  # fmt: skip
