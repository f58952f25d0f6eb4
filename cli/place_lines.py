"""What is known of a place, and the verdict on its files, in plain lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from textwrap import fill
from typing import Any

WIDTH = 100
LISTS = ("sources", "warnings")


def place_lines(facts: Mapping[str, Any]) -> list[str]:
    """The facts of `model.place.place.describe` and of its residents, for people."""
    lines = []
    for name, value in facts.items():
        label = name.replace("_", " ")
        if name == "filled":
            lines += [f"{label}:", *_by_how(value)]
        elif name == "assets":
            lines += [f"{label}:", *(f"  {_words(kind)}: {_counts(one)}" for kind, one in value.items())]
        elif name in LISTS:
            lines += [f"{label}:" if value else f"{label}: none", *(f"  {one}" for one in value)]
        elif name == "vintage":
            lines += [f"{label}: {_vintage(value)}"] if value else []
        else:
            lines += _fact(label, value, "")
    return lines


def verdict_lines(name: str, found: Mapping[str, Any]) -> list[str]:
    """The verdict of `model.place.place.examine`, faults and warnings apart."""
    lines = [f"{name} is {'valid' if found['valid'] else 'not valid'}."]
    if found["valid"] and found["vintage"]:
        lines.append(f"Vintage: {_vintage(found['vintage'])}.")
    if found["used"]:
        lines.append("Used:")
        lines += _by_file((Path(one["file"]).name, _renamed(one)) for one in found["used"])
    if found["unused"]:
        lines.append("Not used:")
        lines += _by_file(
            (f"{Path(one['file']).name} ({one['why']})", one["column"] or "") for one in found["unused"]
        )
    if found["filled"]:
        lines += ["Filled:", *_by_how(found["filled"])]
    return lines


def _vintage(told: Mapping[str, Any]) -> str:
    zones = f"zones of {told['zones']}" if told["zones"] else "zones of 2011 or 2021"
    year = (
        f"deprivation of {told['deprivation']}" if told["deprivation"] else "deprivation read as that of 2025"
    )
    return f"{zones}, {year} ({told['how']})"


def _renamed(one: Mapping[str, str]) -> str:
    return one["column"] if one["column"] == one["as"] else f"{one['column']} (as {one['as']})"


def _by_file(pairs: Iterable[tuple[str, str]]) -> list[str]:
    held: dict[str, list[str]] = {}
    for file, column in pairs:
        held.setdefault(file, []).append(column)
    return [_folded(f"{file}: {', '.join(columns)}".removesuffix(": ")) for file, columns in held.items()]


def _by_how(filled: list[dict[str, str]]) -> list[str]:
    """What was filled, together where it was filled in the same way."""
    held: dict[str, list[str]] = {}
    for one in filled:
        held.setdefault(one["how"], []).append(one["column"])
    return [_folded(f"{', '.join(columns)}: {how}") for how, columns in held.items()]


def _folded(text: str) -> str:
    return fill(text, WIDTH, initial_indent="  ", subsequent_indent="    ", break_long_words=False,
                break_on_hyphens=False)  # fmt: skip


def _counts(one: Mapping[str, int]) -> str:
    told = [f"{one['listed']:,} listed"] if one["listed"] else []
    told += [f"{one['synthetic']:,} generated"] if one["synthetic"] else []
    return ", ".join(told) or "none"


def _fact(label: str, value: Any, indent: str) -> list[str]:
    """One fact in a line, or its parts in indented lines."""
    if isinstance(value, Mapping):
        parts = [line for key, one in value.items() for line in _fact(_words(str(key)), one, indent + "  ")]
        return [f"{indent}{label}:", *parts] if parts else [f"{indent}{label}: none"]
    if isinstance(value, list | tuple) and any(isinstance(one, Mapping | list | tuple) for one in value):
        parts = [line for k, one in enumerate(value, 1) for line in _fact(str(k), one, indent + "  ")]
        return [f"{indent}{label}:", *parts]
    if isinstance(value, list | tuple):
        return [f"{indent}{label}: {'; '.join(map(_plain, value)) or 'none'}"]
    return [f"{indent}{label}: {_plain(value)}"]


def _words(name: str) -> str:
    return name.replace("_", " ")


def _plain(value: Any) -> str:
    """A value as people write it."""
    if value is None or value == "" or value != value:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
