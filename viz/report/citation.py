"""How to cite the program and a result: what CITATION.cff says, with version, commit, place and date of the result."""

from __future__ import annotations

from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import yaml

from scenarios.provenance import program
from viz import words
from viz.report.results import Results

FILE = Path(__file__).parents[2] / "CITATION.cff"


def facts() -> dict[str, str]:
    """Title, authors and licence of the program, from CITATION.cff or, where only the package stands, from that."""
    try:
        told = yaml.safe_load(FILE.read_text(encoding="utf-8"))
        names = [one.get("name") or f"{one['given-names']} {one['family-names']}" for one in told["authors"]]
        return {"title": told["title"], "authors": words.listing(names), "licence": told["license"]}
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError):
        return {"title": "Everystep", "authors": "Everystep", "licence": _licence()}


def _licence() -> str:
    try:
        return metadata.metadata("everystep")["License"] or "see its LICENSE file"
    except (metadata.PackageNotFoundError, KeyError):
        return "see its LICENSE file"


def sentence(results: Results) -> str:
    """The program and this result, as in a list of references."""
    manifest, told = results.manifest, facts()
    when = _when(manifest.get("created"))
    return (
        f"{told['authors']} ({when.year if when else 'no date'}). {told['title']}. Version "
        f"{_plain(manifest.get('everystep_version'))}, commit {_plain(program.commit_words(manifest))}. "
        f"{told['licence']}. {_result(results, when)}. No DOI."
    )


def bibtex(results: Results) -> str:
    """The same for a reference manager."""
    manifest, told = results.manifest, facts()
    when = _when(manifest.get("created"))
    version = _plain(manifest.get("everystep_version"))
    lines = [("author", f"{{{told['authors']}}}"), ("title", told["title"]), ("version", version),
             ("year", str(when.year) if when else ""),
             ("note", f"Commit {_plain(program.commit_words(manifest))}. {_result(results, when)}")]  # fmt: skip
    inside = ",\n".join(f"  {name} = {{{text}}}" for name, text in lines if text)
    return f"@software{{everystep,\n{inside}\n}}"


def _result(results: Results, when: datetime | None) -> str:
    manifest = results.manifest
    made = f" of {when.day} {when:%B %Y}" if when else ""
    runs = int(manifest.get("replicates") or 1)
    return (
        f"Results for {results.place_title}{made}: {runs} paired run{'s' if runs > 1 else ''} of each plan, "
        f"seed {_plain(manifest.get('seed'))}, fingerprint {_plain(manifest.get('plan_digest'))}"
    )


def _when(created: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(created))
    except ValueError:
        return None


def _plain(value: Any) -> str:
    return words.plain(value) if value not in (None, "") else "not recorded"
