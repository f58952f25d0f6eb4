"""Which packages a machine needs: followed from the project through what each package asks for there."""

from __future__ import annotations

import tomllib
import zipfile
from collections.abc import Callable, Iterable
from email import message_from_bytes
from email.message import Message
from functools import cache
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from cli.bundle.targets import Target

EXTRAS = ("offline",)
"""Extras that a bundle holds: the browser's scripts."""


def roots(project: Path) -> tuple[list[str], list[str]]:
    """What the project at a folder asks for: to be installed, and to run, with the extras of a bundle.

    The two need not fit together: what installs is there first, and may give way to what runs.
    """
    told = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    extra = told["project"]["optional-dependencies"]
    running = [*told["project"]["dependencies"], *(one for name in EXTRAS for one in extra[name])]
    return [*told["build-system"]["requires"], "wheel"], running


def followed(
    roots: Iterable[str], target: Target, asks: Callable[[str], Iterable[str]]
) -> dict[str, SpecifierSet]:
    """All packages that some requirements lead to on a machine, with the versions that will do.

    asks: what a package asks for, all markers of all systems with it; nothing where that is not known yet.
    """
    found: dict[str, SpecifierSet] = {}
    seen: set[tuple[str, str]] = set()
    queue = [(line, "") for line in roots]
    while queue:
        line, extra = queue.pop()
        one = Requirement(line)
        if one.marker and not target.holds(one.marker, extra):
            continue
        name = canonicalize_name(one.name)
        found[name] = found.get(name, SpecifierSet()) & one.specifier
        for more in ("", *one.extras):
            if (name, more) not in seen:
                seen.add((name, more))
                queue += [(line, more) for line in asks(name)]
    return found


@cache
def _told(path: Path) -> Message:
    """What a wheel says of its package."""
    with zipfile.ZipFile(path) as wheel:
        inside = next(
            name for name in wheel.namelist() if name.count("/") == 1 and name.endswith(".dist-info/METADATA")
        )
        return message_from_bytes(wheel.read(inside))


def of_wheel(path: Path) -> list[str]:
    """What the package in a wheel asks for."""
    return list(_told(path).get_all("Requires-Dist") or ())


def runs_on(path: Path, target: Target) -> bool:
    """Whether the package in a wheel runs on every release of a machine's Python, the first one too."""
    return SpecifierSet(_told(path).get("Requires-Python") or "").contains(f"{target.python}.0")


def of_installed(name: str) -> list[str]:
    """What a package that is installed here asks for; nothing where it is not."""
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []


def version_here(name: str) -> str | None:
    """The version of a package that is installed here, with which the program was tried; None where it is not."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def may_serve_all(name: str) -> bool:
    """Whether a package may be the same on every system: it is so here, or is not here, where nothing tells."""
    try:
        told = metadata.distribution(name).read_text("WHEEL") or ""
    except metadata.PackageNotFoundError:
        return True
    return "-none-any" in told
