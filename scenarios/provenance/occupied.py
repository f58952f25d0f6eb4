"""Whose results lie in a folder: those of another question are never written over unless that is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from model.errors import Fault, InputError
from model.files import moving
from scenarios.batches import supervise
from scenarios.files import store
from scenarios.provenance.identity import code_digest
from scenarios.provenance.program import MARK
from scenarios.runs.design import Design, canonical, digest

PARTS = "parts"
"""Where finished replicates of an unfinished comparison are."""
WHOLE = f"{PARTS}/whole"
"""Where those of the whole town are."""

_MOST = 1000


def question(plan: Design, numbers: str, opener: str = "") -> str:
    """A fingerprint of what is asked, by which code: all but how many replicates answer it. numbers: which parameters."""
    told: list[Any] = [[town.place.name, town.place.digest, town.definition, town.start, town.sample, town.weeks, town.by,
             [(arm.name, arm.text) for arm in arms]] for town, arms in plan.towns]  # fmt: skip
    town = plan.towns[0][0]
    told += [[name, own] for name, own in (("outcomes", town.outcomes), ("acts", town.acts)) if own]
    return digest(canonical([code_digest(), opener, told, plan.seed, plan.jobs[0].spillover, numbers]))


def lies_in(folder: Path, asked: str, replicates: int) -> str:
    """What lies in a folder that an answer to this question may not take the place of, in words; empty if nothing.

    More replicates may take the place of fewer.
    """
    finished, parts = store.read_json(folder / "manifest.json"), store.read_json(folder / PARTS / "plan.json")
    if swept := _sweep(folder):
        return swept
    for told, state in ((finished, ""), (parts, ", unfinished")):
        if MARK in told and (told.get("question"), told.get("replicates", 0) <= replicates) != (
            asked,
            True,
        ):
            return _words(told, told.get("question") == asked) + state
    return ""


def _sweep(folder: Path) -> str:
    """The sweep that a folder holds, in words."""
    told = store.read_json(folder / "plan.json")
    return f"the sweep {told.get('file', {}).get('name', '')}".strip() if told.get("kind") == "sweep" else ""


def _words(told: dict[str, Any], same: bool) -> str:
    """Results in a line: what was compared, where, how long, how often, when."""
    count = told.get("replicates")
    often = f"{count} replicate{'s' * (count != 1)}" if count else "results"
    if same:
        return f"{often} of the same question"
    names = ", ".join(one.get("title") or one.get("name", "") for one in told.get("scenarios", [])
                      if one.get("name") != told.get("baseline"))  # fmt: skip
    place = told.get("place", {}).get("title", "")
    parts = [names, place and f"in {place}", f"{told['weeks']} weeks" if "weeks" in told else "", often,
             f"seed {told['seed']}" if "seed" in told else "", f"of {told['created'][:10]}" if "created" in told else ""]  # fmt: skip
    other = told.get("code_digest") not in (None, code_digest())
    return " ".join(filter(None, parts)) + (", by other code" if other else "")


def check(folder: Path, asked: str, replicates: int, overwrite: bool = False) -> None:
    """Raise InputError when results lie in a folder that are not to be lost; a sweep never is."""
    lies = _sweep(folder) if overwrite else lies_in(folder, asked, replicates)
    if lies:
        hint = "Choose another --out" + (
            ", or write over them with --overwrite." if not _sweep(folder) else "."
        )
        raise InputError(Fault(f"holds other results: {lies}", key="out", found=str(folder), hint=hint,
                               allowed="a new or empty folder, or one with fewer replicates of the same question"))  # fmt: skip


def beside(out: Path, asked: str, replicates: int) -> Path:
    """The folder, or NAME_2, NAME_3 and so on when other results lie there."""
    for number in range(2, _MOST):
        folder = out if number == 2 else out.with_name(f"{out.name}_{number - 1}")
        if not lies_in(folder, asked, replicates):
            return folder
    raise InputError(
        Fault("too many results of that name", key="out", found=str(out), hint="Choose another --out.")
    )


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Within it, no other comparison writes in the folder. Raises InputError when one does."""
    parts = folder / PARTS
    parts.mkdir(exist_ok=True)
    try:
        with supervise.alone(parts, folder):
            try:
                yield
            finally:
                if all(store.left_behind(path) for path in parts.iterdir()):
                    clear(parts)
    finally:
        with suppress(OSError):  # something is kept there, or another comparison has begun
            parts.rmdir()


def clear(parts: Path) -> None:
    """Remove all that was kept of an unfinished comparison, but the lock: whoever is alone there lets go of it."""
    for path in parts.iterdir():
        if path.is_dir():
            moving.remove_folder(path)
        elif not path.name.startswith(store.LOCK):
            moving.remove(path)
