"""The wheels of a bundle: for each machine a closed set, in the versions that are installed here as far as it has them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import Version

from cli.bundle import wanted
from cli.bundle.fetch import CannotBundle, NoWheel, build, fetch
from cli.bundle.targets import Target

AT_ONCE = 8
"""Packages that one call of pip fetches: what is stopped loses no more."""
ROUNDS = 40
"""After so many changes of mind there is no set of versions that fits."""

Chosen = dict[str, tuple[Version, Path]]
"""Of each package, the version and the wheel."""


def gather(roots: list[str], target: Target, folder: Path, tell: Callable[[int, int], None]) -> Chosen:
    """Fetch into a folder what a machine lacks there; all wheels it needs, by the package's name.

    What lies in the folder already is taken. Packages that have no wheel in the version of here come in the newest that fits.
    tell: told how many are there, and of about how many. Raises CannotBundle.
    """
    loose: set[str] = set()
    chosen: Chosen = {}
    for _ in range(ROUNDS):
        asked = wanted.followed(roots, target, partial(_asks, chosen, loose))
        chosen = _lying(asked, target, folder, loose)
        if asked.keys() <= chosen.keys():
            if wanted.followed(roots, target, partial(_asks, chosen, loose)) == asked:
                tell(1, 1)
                return chosen
            continue
        try:
            _fetch(asked, chosen, target, folder, loose, tell)
        except NoWheel as error:
            name = canonicalize_name(error.name)
            if wanted.may_serve_all(name) and build(_line(name, asked[name], loose), target, folder):
                continue
            more = _to_loosen(name, asked, partial(_asks, chosen, loose)) - loose
            if not more:
                raise CannotBundle(f"{name}{asked[name]} has no wheel for {target.title}: leave that system out with "
                                   "--system, or take another --python") from None  # fmt: skip
            loose |= more
    raise CannotBundle(
        f"no set of versions fits together on {target.title}: leave that system out with --system"
    )


def _fetch(asked: dict[str, SpecifierSet], chosen: Chosen, target: Target, folder: Path, loose: set[str],
           tell: Callable[[int, int], None]) -> None:  # fmt: skip
    """Fetch what does not lie in the folder yet, some at once. Raises NoWheel."""
    names = sorted(asked.keys() - chosen.keys())
    done = itertools.count(len(chosen) + 1)
    for start in range(0, len(names), AT_ONCE):
        lines = [_line(name, asked[name], loose) for name in names[start : start + AT_ONCE]]
        fetch(lines, target, folder, lambda: tell(min(next(done), len(asked)), len(asked)))


def _to_loosen(name: str, asked: dict[str, SpecifierSet], asks: Callable[[str], list[str]]) -> set[str]:
    """What need not come in the version of here when a package has no wheel: itself, and those that ask for it."""
    itself = {name} if _pin(name, asked[name]) else set()
    return itself | {one for one in asked if _pin(one, asked[one]) and name in map(_name, asks(one))}


def _name(line: str) -> str:
    return canonicalize_name(Requirement(line).name)


def _asks(chosen: Chosen, loose: set[str], name: str) -> list[str]:
    """What a package asks for: the wheel says, and before there is one, what is installed here."""
    if name in chosen:
        return wanted.of_wheel(chosen[name][1])
    return [] if name in loose else wanted.of_installed(name)


def _pin(name: str, versions: SpecifierSet) -> str | None:
    """The version of here, where that will do."""
    here = wanted.version_here(name)
    return here if here and versions.contains(here, prereleases=True) else None


def _line(name: str, versions: SpecifierSet, loose: set[str]) -> str:
    """What pip is asked for."""
    here = None if name in loose else _pin(name, versions)
    return f"{name}=={here}" if here else f"{name}{versions}"


def _lying(asked: dict[str, SpecifierSet], target: Target, folder: Path, loose: set[str]) -> Chosen:
    """Of what is asked for, the best that lies in a folder and that a machine takes."""
    found: Chosen = {}
    for name, version, path in read(folder, target):
        if name not in asked or not asked[name].contains(version, prereleases=True):
            continue
        here = None if name in loose else _pin(name, asked[name])
        if (here and Version(here) != version) or (name in found and found[name][0] > version):
            continue
        found[name] = version, path
    return found


def read(folder: Path, target: Target) -> Iterator[tuple[str, Version, Path]]:
    """Wheels in a folder that a machine takes: name, version, file."""
    for path in sorted(folder.glob("*.whl")):
        try:
            name, version, _, tags = parse_wheel_filename(path.name)
        except InvalidWheelFilename:
            continue
        if tags & target.tags and wanted.runs_on(path, target):
            yield name, version, path
