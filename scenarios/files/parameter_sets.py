"""Which numbers a comparison uses: the fitted ones, the ensemble that agrees with the targets, or a file of yours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from model import ensemble
from model.errors import Fault, InputError
from model.files.names import foreign_fault
from model.files.text import read_text
from model.files.yaml_guard import parse
from model.parameters import faults_in

EACH = 2
"""Replicates of each set, so that chance can be told from doubt about the numbers."""
LEAST_SETS = 3
TABLES = (".csv", ".tsv", ".txt")
"""Endings of files that hold several sets; any other is read as YAML, one set."""


@dataclass(frozen=True)
class Sets:
    """Changes to the ledger's values, one mapping a set; `source`: what the manifest says of them."""

    changes: tuple[Mapping[str, Any], ...] = ({},)
    source: dict[str, Any] = field(default_factory=lambda: {"from": "fitted"})


def in_words(about: Mapping[str, Any]) -> str:
    """Several sets, from what a manifest says of its parameters: how many, and what they agree with."""
    count, source = int(about.get("sets") or 1), str(about.get("from", "ensemble"))
    if source == "ensemble":
        return f"{count} sets that agree with the national targets" + unlike(about)
    return f"{count} of the {about.get('of', count)} sets of {Path(source).name}, which need not agree with the national targets"


def unlike(about: Mapping[str, Any]) -> str:
    """What a claim of agreement with England must add where plans set numbers of their own; empty where none did."""
    names = list(about.get("changed") or {})
    if not names:
        return ""
    few = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return f" (with the usual numbers: nothing says that they do with the plans' own {few})"


def influence(about: Mapping[str, Any]) -> list[str]:
    """That influence is not learnt, from what a manifest says of its parameters: where people have any on each other in a run,
    and the shipped fit told nothing of its strength."""
    settings = [one["values"].get("contagion", "none") for one in about.get("in_full") or ()]
    if all(one == "none" for one in settings) or "peer_weight" not in ensemble.prior_driven():
        return []
    return ["How much people take after those around them (peer_weight) no figure has told: it is as uncertain as it was judged "
            "beforehand. What of an effect comes that way leans on judgement; contagion: none in every plan shows what "
            "is left."]  # fmt: skip


def usual(replicates: int, precision: float | None = None) -> str:
    """What is taken when nothing is asked for: the ensemble where replicates can be shared out, else fitted."""
    enough = replicates >= EACH * LEAST_SETS and replicates % EACH == 0
    return "ensemble" if precision is None and enough and ensemble.draws() else "fitted"


def choose(wanted: str | Path | Sets | None, replicates: int) -> Sets:
    """The sets for so many replicates. wanted: fitted, ensemble, a YAML file (one set), a CSV file (several), or `Sets`.

    Raises InputError naming every fault.
    """
    if isinstance(wanted, Sets):
        return wanted
    if wanted is None or str(wanted) == "fitted":
        return Sets()
    if str(wanted) == "ensemble":
        found, told = ensemble.draws(), {"from": "ensemble", "sha256": ensemble.facts()["sha256"]}
    else:
        found, told = _read(Path(wanted)), {"from": str(wanted)}
    if len(found) == 1:
        return Sets(found, told)
    if replicates < EACH * LEAST_SETS or replicates % EACH:
        raise InputError(Fault("too few for several sets of parameters", key="replicates", found=str(replicates),
                               allowed=f"an even number, {EACH * LEAST_SETS} or more: {EACH} for each set",
                               hint="Take 20."))  # fmt: skip
    chosen = ensemble.spaced(found, replicates // EACH)
    facts: dict[str, Any] = {"sets": len(chosen), "of": len(found), "each": EACH}
    if told["from"] == "ensemble":
        facts["prior_driven"] = ensemble.prior_driven()
    return Sets(tuple(chosen), told | facts)


def _read(path: Path) -> tuple[dict[str, Any], ...]:
    if not path.is_file():
        if fault := foreign_fault(str(path), key="parameters"):
            raise InputError(fault)
        raise InputError(Fault("is a folder" if path.is_dir() else "no such file of parameters", key="parameters", found=str(path),
                               allowed="fitted, ensemble, or a .yaml or .csv file"))  # fmt: skip
    if path.suffix.lower() in TABLES:
        return ensemble.read(path)
    text, faults = read_text(path)
    if faults:
        raise InputError(faults)
    document = parse(text, str(path))
    if document.faults:
        raise InputError([fault for _, fault in document.faults])
    told = document.value
    if not isinstance(told, dict):
        raise InputError(Fault("must be names with values", str(path), 1, allowed="name: value"))
    if faults := faults_in(told, str(path), prefix=""):
        lines = {fault.key: document.line_of((str(fault.key),)) for fault in faults}
        raise InputError([replace(fault, line=lines[fault.key]) for fault in faults])
    return (told,)
