"""Profiles: one short YAML of a district's published figures; which ones ship, and what is wrong with one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from model.errors import Fault, nearest
from model.files.numbers import span
from model.files.yaml_words import found_words
from model.place.columns import FILLABLE
from model.place.files import PLACES, read_yaml
from model.population.columns import ASSET_KINDS

_REQUIRED: dict[str, tuple[float, float]] = {
    "zones": (1, 5_000), "residents": (1, 10_000_000), "area_km2": (0.01, 20_000), "share_urban": (0, 1),
    "imd_moran_6nn": (-1, 1),
}  # fmt: skip
_OPTIONAL: dict[str, tuple[float, float]] = {
    "schema_version": (1, 1), "median_zone_area_km2": (0, 20_000), "imd_score_mean": (0, 100),
    "imd_score_sd": (0, 100), "residents_cv": (0, 0.5), "cell_m": (50, 2_000),
}  # fmt: skip
KEYS = (
    "name", "title", "description", *_REQUIRED, *_OPTIONAL, "centre_m", "share_residents_by_imd_decile",
    "margins", "correlation_with_imd_score", "assets", "sources", "licence", "imd_score_at_rank", "by_fifth",
    "over_zones",
)  # fmt: skip
_CORRELATED = ("share_disabled", "share_households_no_car", "share_age_65_plus", "greenspace_m")
_DEFAULTS: dict[str, Any] = {"centre_m": [430_000, 330_000], "margins": {}, "correlation_with_imd_score": {},
                             "assets": {}, "sources": [], "licence": "", "imd_moran_6nn": 0.3}  # fmt: skip


@cache
def shipped() -> tuple[str, ...]:
    """Names of the profiles that ship."""
    return tuple(sorted(path.stem for path in PLACES.glob("*.yaml")))


def read_profile(path: Path) -> tuple[dict[str, Any], list[Fault]]:
    """A profile with defaults for what may be left out, and every fault in it."""
    content, lines, faults = read_yaml(path, KEYS)
    if not content:
        return {}, faults
    file, profile = str(path), {**_DEFAULTS, "name": path.stem, **content}
    profile.setdefault("title", str(profile["name"]).replace("_", " ").title())
    for key, (low, high) in {**_REQUIRED, **_OPTIONAL}.items():
        if key not in profile:
            if key in _REQUIRED and key not in lines:
                faults.append(Fault("the key is missing", file, key=key, allowed=span(low, high)))
        else:
            faults += _number(
                profile[key], low, high, file, lines.get(key), key, key in ("zones", "residents")
            )
    shares = profile.get("share_residents_by_imd_decile")
    good = (
        isinstance(shares, list) and len(shares) == 10 and all(_is_number(x) and 0 <= x <= 1 for x in shares)
    )
    if not good or abs(sum(shares or []) - 1) > 0.02:
        faults.append(
            Fault(
                "must be ten shares that add to one",
                file,
                lines.get("share_residents_by_imd_decile"),
                "share_residents_by_imd_decile",
                f"{len(shares)} values" if isinstance(shares, list) else found_words(shares),
                "ten numbers, most deprived tenth first",
            )
        )
    centre = profile["centre_m"]
    if not (isinstance(centre, list) and len(centre) == 2 and all(_is_number(x) for x in centre)
            and 0 <= centre[0] <= 700_000 and 0 <= centre[1] <= 1_300_000):  # fmt: skip
        faults.append(
            Fault(
                "must be an easting and a northing",
                file,
                lines.get("centre_m"),
                "centre_m",
                found_words(centre),
                "metres of the British National Grid",
            )
        )
    for key, names, low, high in (
        ("margins", FILLABLE, 0, 1e5),
        ("correlation_with_imd_score", _CORRELATED, -1, 1),
        ("assets", ASSET_KINDS, 0, 1e4),
    ):
        faults += _mapping(profile[key], names, low, high, file, lines.get(key), key)
    return profile, faults


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def _number(
    value: Any, low: float, high: float, file: str, line: int | None, key: str, whole: bool
) -> list[Fault]:
    if not _is_number(value) or not low <= value <= high or (whole and value != int(value)):
        kind = "a whole number, " if whole else ""
        return [
            Fault("has an impossible value", file, line, key, found_words(value), f"{kind}{span(low, high)}")
        ]
    return []


def _mapping(
    value: Any, names: tuple[str, ...], low: float, high: float, file: str, line: int | None, key: str
) -> list[Fault]:
    """Faults of a mapping of known names to numbers."""
    if not isinstance(value, dict):
        return [Fault("must be a mapping", file, line, key, found_words(value), ", ".join(names))]
    faults = []
    for name, number in value.items():
        if name not in names:
            faults.append(
                Fault(
                    "unknown name",
                    file,
                    line,
                    f"{key}.{name}",
                    str(name),
                    ", ".join(names),
                    nearest(name, names),
                )
            )
        else:
            top = 1.0 if str(name).startswith("share_") and key == "margins" else high
            faults += _number(number, low, top, file, line, f"{key}.{name}", key == "assets")
    return faults
