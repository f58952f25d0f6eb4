"""A bundle, made: in a folder that takes its name at the end, and is gone on with when it was stopped."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli.bundle import folder, wanted, wheels
from cli.bundle.fetch import CannotBundle
from cli.bundle.targets import Target, targets
from cli.ready import ROOT
from model.errors import Fault, InputError
from model.files import moving
from scenarios.files.store import claim, read_json, write_json
from scenarios.provenance.program import MARK, commit, version

NOTE = "bundle.json"
"""The file that says what a bundle holds, and that a folder is one."""
Tell = Callable[[float, int], None]


@dataclass(frozen=True)
class Part:
    """What one kind of machine takes of a bundle. `others`: packages in another version than here, (there, here)."""

    title: str
    packages: int
    bytes: int
    others: dict[str, tuple[str, str | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Bundle:
    """What was made: where, for which machines, and how large; bytes of wheels that lie once, of the rest, of all."""

    folder: Path
    parts: list[Part]
    packages: int
    wheel_bytes: int
    page_bytes: int
    total_bytes: int

    def as_dict(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        parts = [{"machine": one.title, "packages": one.packages, "bytes": one.bytes,
                  "other_versions": {name: {"there": there, "here": here} for name, (there, here) in one.others.items()}}
                 for one in self.parts]  # fmt: skip
        return {"folder": str(self.folder), "machines": parts, "wheels": self.packages, "wheel_bytes": self.wheel_bytes,
                "page_bytes": self.page_bytes, "total_bytes": self.total_bytes}  # fmt: skip


def make(out: Path, systems: list[str], pythons: list[str], pages: bool, overwrite: bool,
         progress: Tell | None, say: Callable[[str], None]) -> Bundle:  # fmt: skip
    """Make a bundle at `out`. Raises InputError for a place that is taken, CannotBundle for all else.

    What was fetched stays in the draft beside it when this is stopped, and is taken the next time.
    """
    if not (ROOT / "pyproject.toml").is_file():
        raise CannotBundle("a bundle is made in the project's own folder, and this is an installed package")
    out = Path(os.path.abspath(out.expanduser()))
    _check(out, overwrite)
    draft = draft_of(out)
    if not read_json(draft / NOTE):
        claim(draft)
        write_json(draft / NOTE, {MARK: version(), "finished": False})
    fetched = draft / folder.WHEELS
    for path in [path for path in draft.iterdir() if path.name not in (NOTE, folder.WHEELS)]:
        moving.remove_folder(path) if path.is_dir() else moving.remove(path)
    fetched.mkdir(exist_ok=True)
    for path in [path for path in fetched.iterdir() if not zipfile.is_zipfile(path)]:
        moving.remove(path)  # cut off as it came
    if pages:
        say("Building the pages")
        folder.pages(ROOT, draft / folder.PAGES)
    there = list(targets(systems, pythons))
    sets = _gathered(there, fetched, progress)
    folder.copy(ROOT, folder.program(ROOT, (out, draft)), draft)
    names = list(dict.fromkeys(one.machine.title for one in there))
    text = folder.first_page(version(), names, pythons, pages)
    (draft / folder.FIRST).write_text(text, encoding="utf-8", newline="\r\n")
    (draft / folder.PYTHON).mkdir()
    (draft / folder.PYTHON / "installers of Python go here.txt").write_text(
        "From python.org.\n", encoding="utf-8", newline="\r\n"
    )
    parts = [_part(target, each) for target, each in zip(there, sets, strict=True)]
    done = Bundle(out, parts, len(list(fetched.iterdir())), folder.bytes_in(fetched),
                  folder.bytes_in(draft / folder.PAGES), folder.bytes_in(draft))  # fmt: skip
    write_json(
        draft / NOTE,
        {MARK: version(), "commit": commit(), "finished": True, **done.as_dict(), "folder": out.name},
    )
    if out.exists():
        moving.remove_folder(out)
    moving.replace(draft, out)
    return done


def draft_of(out: Path) -> Path:
    """Where a bundle is made before it takes its name."""
    return out.with_name(f"{out.name}-unfinished")


def _check(out: Path, overwrite: bool) -> None:
    """Nothing of others is at `out`, and nothing of ours that may not go."""
    ours = out.is_dir() and not out.is_symlink() and MARK in read_json(out / NOTE)
    if out.is_symlink() or (out.exists() and not ours and (not out.is_dir() or any(out.iterdir()))):
        raise InputError(Fault("is there already, and is no bundle", key="out", found=str(out),
                               allowed="a new or empty folder, or a bundle"))  # fmt: skip
    if ours and not overwrite:
        raise InputError(Fault("a bundle is there already", key="out", found=str(out),
                               hint="Choose another --out, or make it anew with --overwrite."))  # fmt: skip
    if ROOT.is_relative_to(out):
        raise InputError(Fault("holds the program itself", key="out", found=str(out), allowed="a new folder"))


def _gathered(there: list[Target], fetched: Path, progress: Tell | None) -> list[list[wheels.Chosen]]:
    """The wheels of each machine, those to install by and those to run by, in one folder that then holds no others."""
    asked = wanted.roots(ROOT)
    steps = [(target, roots) for target in there for roots in asked]
    sets: list[wheels.Chosen] = []
    for number, (target, roots) in enumerate(steps):

        def tell(done: int, of: int, number: int = number) -> None:
            if progress is not None:
                progress(number + done / of, len(steps))

        sets.append(wheels.gather(roots, target, fetched, tell))
    needed = {path for chosen in sets for _, path in chosen.values()}
    for path in set(fetched.iterdir()) - needed:
        moving.remove(path)
    return [sets[start : start + len(asked)] for start in range(0, len(sets), len(asked))]


def _part(target: Target, sets: list[wheels.Chosen]) -> Part:
    paths = {path for chosen in sets for _, path in chosen.values()}
    others = {name: (str(version), here) for name, (version, _) in sorted(sets[-1].items())
              if (here := wanted.version_here(name)) != str(version)}  # fmt: skip
    return Part(target.title, len(paths), sum(path.stat().st_size for path in paths), others)


def lines(done: Bundle) -> list[str]:
    """What was made, for people."""
    told = [f"Bundle: {done.folder}, {done.total_bytes / 1e6:,.0f} MB: {done.packages} packages, those that serve several "
            f"systems once ({done.wheel_bytes / 1e6:,.0f} MB); the rest are the program and its pages."]  # fmt: skip
    width = max(len(part.title) for part in done.parts)
    for part in done.parts:
        told.append(f"  {part.title:<{width}}  {part.packages:>4} packages  {part.bytes / 1e6:>6,.0f} MB")
        odd = [
            f"{name} {there} (here {here})" for name, (there, here) in part.others.items() if here is not None
        ]
        if odd:
            told.append(f"  {'':<{width}}  in another version than the one tried here: {', '.join(odd)}")
    return [*told, f"Copy the whole folder. What to do there stands in “{folder.FIRST}”."]
