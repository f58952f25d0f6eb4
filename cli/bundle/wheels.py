"""The wheels of a bundle: for each machine a closed set, in the versions that are installed here as far as it has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

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
    asked = wanted.followed(roots, target, wanted.of_installed)
    for _ in range(ROUNDS):
        chosen = _lying(asked, target, folder, loose)
        lines = [
            _line(name, asked[name], loose) for name in sorted(asked, key=str.lower) if name not in chosen
        ]
        try:
            for start in range(0, len(lines), AT_ONCE):
                done = iter(range(len(chosen) + start + 1, len(asked) + 1))
                fetch(lines[start : start + AT_ONCE], target, folder,
                      lambda done=done: tell(next(done, len(asked)), len(asked)))  # fmt: skip
        except NoWheel as error:
            name = canonicalize_name(error.name)
            if wanted.may_serve_all(name) and build(_line(name, asked[name], loose), folder):
                continue
            if name in loose or _pin(name, asked[name]) is None:
                raise CannotBundle(f"{name}{asked[name]} has no wheel for {target.title}: leave that system out with "
                                   "--system, or take another --python") from None  # fmt: skip
            loose.add(name)
            continue
        chosen = _lying(asked, target, folder, loose)
        known = {name: path for name, (_, path) in chosen.items()}
        more = wanted.followed(
            roots, target, lambda name: wanted.of_wheel(known[name]) if name in known else ()
        )
        if _fit(more, chosen):
            tell(len(more), len(more))
            return {name: chosen[name] for name in more}
        asked = more
    raise CannotBundle(
        f"no set of versions fits together on {target.title}: leave that system out with --system"
    )


def _fit(asked: dict[str, SpecifierSet], chosen: Chosen) -> bool:
    return all(name in chosen and chosen[name][0] in versions for name, versions in asked.items())


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
        if tags & target.tags:
            yield name, version, path
