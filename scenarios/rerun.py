"""Run a finished folder again from what its manifest says, and hold the new bytes against the old ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from model.errors import Fault, InputError
from scenarios.files import store
from scenarios.files.parameter_sets import Sets
from scenarios.files.plugins import missing
from scenarios.provenance import checks, program

FACTS = (program.MARK, "commit", "changed_files", "code_digest")
"""What a manifest says of the program that wrote it, besides its packages."""


@dataclass
class Rerun:
    """`files`: each file and whether its bytes came out the same; `differs`: what was another then and is now."""

    folder: Path
    out: Path
    files: dict[str, bool] = field(default_factory=dict)
    differs: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def same(self) -> bool:
        """Every byte came out the same."""
        return all(self.files.values())

    def as_dict(self) -> dict[str, Any]:
        """What `rerun --json` prints."""
        return {"same": self.same, "files": self.files, "differs": self.differs, "folder": str(self.folder),
                "out": str(self.out)}  # fmt: skip

    def lines(self) -> list[str]:
        """The same for people."""
        others = [name for name, same in self.files.items() if not same]
        lines = [
            f"{len(self.files) - len(others)} of {len(self.files)} files came out the same, byte for byte."
        ]
        lines += [f"differs: {name}" for name in others]
        lines += [
            f"{name}: {_short(then)} then, {_short(now)} now" for name, (then, now) in self.differs.items()
        ]
        if others and not self.differs:
            lines.append(
                "Program, packages and inputs are the same as then: that the bytes differ is a fault of ours."
            )
        return lines


def rerun(
    folder: str | Path, out: str | Path, *, jobs: int = -1, progress: Callable[..., None] | None = None
) -> Rerun:
    """Run the question of a finished result folder again, into `out`, and compare.

    Raises InputError when the folder holds no finished results, or does not say enough to run them again.
    """
    folder = Path(folder)
    manifest = store.read_json(folder / "manifest.json")
    if program.MARK not in manifest or "files" not in manifest:
        raise InputError(Fault("holds no finished results", file=str(folder)))
    if manifest.get("opener"):
        raise InputError(
            Fault("was run with an opener of one's own: run it again from Python", file=str(folder))
        )
    if lacking := missing(manifest, str(folder)):
        raise InputError(lacking)
    if manifest.get("kind") == "sweep":
        fresh = _again_sweep(folder, out, jobs, progress)
    elif "asked" in manifest:
        fresh = _again(manifest, folder, out, jobs, progress)
    else:
        raise InputError(Fault("does not say all that was asked: an older version wrote it", file=str(folder),
                               hint=f"Its command was: {manifest.get('command', 'not kept')}"))  # fmt: skip
    return compared(folder, manifest, fresh)


def compared(folder: Path, manifest: Mapping[str, Any], fresh: Path) -> Rerun:
    """Hold a folder against what its question gave when it was run again. What lies in `folder` now is not looked at."""
    now = store.read_json(fresh / "manifest.json")
    told = Rerun(folder, fresh)
    told.files = {name: checks.sum_of(fresh / name) == wanted for name, wanted in manifest["files"].items()
                  if name not in SIDE}  # fmt: skip
    then, here = _facts(manifest), _facts(now)
    told.differs = {name: [then.get(name), here.get(name)] for name in {**then, **here}
                    if then.get(name) != here.get(name)}  # fmt: skip
    return told


def _facts(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What bytes hang on, in one mapping."""
    place, numbers = manifest.get("place", {}).get("digest"), manifest.get("parameters", {}).get("digest")
    outside = {f"{kind[:-1]} {name}": one["digest"] for kind in ("plugins", "outcomes", "acts")
               for name, one in manifest.get(kind, {}).items()}  # fmt: skip
    facts: dict[str, Any] = outside | {name: manifest.get(name) for name in FACTS} | manifest.get("packages", {}) | {
        "place": place, "parameters": numbers}  # fmt: skip
    return facts


SIDE = ("sensitivity.json", "indices.csv", "design.parquet")
"""Files that an analysis puts beside a sweep: they are no part of its runs."""


def _again(
    manifest: Mapping[str, Any],
    folder: Path,
    out: str | Path,
    jobs: int,
    progress: Callable[..., None] | None,
) -> Path:
    """Compare, or simulate, once more."""
    from scenarios.comparison import compare
    from scenarios.simulate import simulate
    from scenarios.sweeps.sweep_plan import named

    said = manifest["asked"]
    if said["own_place"] is not None:
        raise InputError(
            Fault("was run on a place made in Python", file=str(folder), found=said["own_place"])
        )
    sets = Sets(tuple(said["parameters"]["sets"]), said["parameters"]["told"])
    common = {"place": said["place"], "sample": said["sample"], "weeks": said["weeks"], "seed": said["seed"],
              "definition": said["definition"], "out": out, "parameters": sets, "progress": progress,
              "max_resident_weeks": float("inf")}  # fmt: skip
    plans = [named(one)[1] for one in said["scenarios"]]
    if said["baseline"] is None:
        simulate(plans[0], **common)
    else:
        compare(plans, baseline=named(said["baseline"])[1], jobs=jobs, replicates=said["replicates"],
                precision=said["precision"], max_replicates=said["max_replicates"], spillover=said["spillover"],
                rank_by=said["rank_by"], by=said["by"] or None, against=said.get("against"), whole=said.get("whole", False), **common)  # fmt: skip
    return Path(out)


def _again_sweep(folder: Path, out: str | Path, jobs: int, progress: Callable[..., None] | None) -> Path:
    from scenarios.sweeps.sweep import Sweep, sweep

    then = Sweep.load(folder).plan
    sweep(then, out, jobs=jobs, progress=progress, max_resident_weeks=float("inf"))
    return Path(out)


def _short(value: Any) -> str:
    if isinstance(value, list):
        return f"{len(value)} files ({', '.join(map(str, value[:3]))})" if value else "none"
    return str(value)
