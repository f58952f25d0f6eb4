"""The tables of docs/ that come from the code and the ledger: `python -m calibration.ledger_page` writes them anew.

A page holds its tables between `<!-- table: NAME -->` and `<!-- end of table -->`; all else in it is written by hand.
A test holds the pages to what this file would write.
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from model import ensemble
from model.delivery.targeting import Ages
from model.interventions import REGISTRY, Barrier, Cost, Intervention, When, Where, Who
from model.parameters import LEDGER, QUALITIES, Entry, ledger
from model.place.columns import ASSET, ZONE
from model.population.columns import ATTRIBUTES, DESTINATIONS, DYNAMIC, FIXED, Column
from model.quantities import MET
from model.schedule import WEEK

DOCS = Path(__file__).resolve().parent.parent / "docs"
_BLOCK = re.compile(r"(<!-- table: ([\w.-]+) -->\n).*?(\n<!-- end of table -->)", re.DOTALL)
_ASSET_MEANING = {
    "capacity_week": "visits a week it can take", "price": "GBP for one visit",
    "step_free": "0 = steps everywhere, 1 = step-free", "welcome": "how welcome a newcomer feels",
    "upkeep": "0 = poor, 1 = well kept", "opening": "share of the waking week in which it is open",
    "lit": "1 = lit after dark",
}  # fmt: skip
_QUALITY_MEANING = {
    "measured": "published as it stands",
    "derived": "worked out from published figures",
    "recalled": "a published figure quoted from memory, to be checked against its source",
    "judgement": "chosen with evidence in mind, but no figure to point at",
    "guess": "nobody knows; the range is wide",
    "fitted": "moved until the model agrees with national targets",
    "definition": "true by definition, or technical",
}


def filled(text: str) -> str:
    """The text of a page with every table in it written anew. Raises KeyError for a table nobody makes."""
    return _BLOCK.sub(lambda found: f"{found[1]}\n{TABLES[found[2]]()}\n{found[3]}", text)


def stale(folder: Path = DOCS) -> dict[Path, str]:
    """The pages whose tables differ from what the code says, each with its text as it should be."""
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))}
    return {path: new for path, old in pages.items() if (new := filled(old)) != old}


def table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """A Markdown table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *([_cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: Any) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")


def _plain(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,.12g}" if abs(value) >= 1e5 else f"{value:.12g}"


# ------------------------------------------------------------------------------------------------ the ledger


def _parameters() -> str:
    """Every entry of the ledger, a section a file, under the file's own first words."""
    parts = []
    for path in sorted(LEDGER.glob("*.yaml")):
        entries = [entry for entry in ledger().values() if entry.subject == path.stem]
        first = path.read_text(encoding="utf-8").splitlines()[0]
        words = first.lstrip("# ").strip() if first.startswith("#") else ""
        parts.append(f"## {path.stem.replace('_', ' ').capitalize()}\n\n{words}\n\n" + _entries(entries))
    return "\n\n".join(parts)


def _entries(entries: list[Entry]) -> str:
    head = ("name", "value", "range", "unit", "quality", "meaning", "source", "after the fit", "rank")
    return table(head, (
        (f"`{e.name}`", _plain(e.value), ", ".join(e.choices) if e.choices else f"{_plain(e.low)} to {_plain(e.high)}",
         e.unit, e.quality, e.meaning, f"{e.source}; fitted {e.fitted}" if e.fitted else e.source, *_after(e.name))
        for e in entries
    ))  # fmt: skip


def _after(name: str) -> tuple[str, str]:
    """What the calibration says of a parameter: its 95% range with a word, and its rank in the screen."""
    facts = ensemble.facts()
    row = next((one for one in facts.get("parameters", []) if one["name"] == name), None)
    if row is None:
        return "", ""
    rank = facts["screen"]["rank"].get(name, "")
    return (
        f"{row['low']:.3g} to {row['high']:.3g}, {row['label']} (SD {row['ratio']:.2f} of the prior's)",
        str(rank),
    )


def _qualities() -> str:
    numbers = {name: sum(entry.quality == name for entry in ledger().values()) for name in QUALITIES}
    rows = [(name, _QUALITY_MEANING[name], numbers[name]) for name in QUALITIES]
    return table(("quality", "what it means", "entries"), [*rows, ("all", "", sum(numbers.values()))])


# ------------------------------------------------------------------------------------------------ columns, places


def _columns(columns: tuple[Column, ...]) -> str:
    return table(("column", "type", "range or levels", "meaning"), (
        (f"`{c.name}`", f"{c.dtype.__name__}{f' × {c.width}' if c.width > 1 else ''}", _range(c),
         f"{c.meaning}{f' ({c.unit})' if c.unit else ''}")
        for c in columns
    ))  # fmt: skip


def _range(column: Column) -> str:
    if column.levels:
        return ", ".join(column.levels)
    low, high = column.low, column.high
    if low is None:
        return ""
    return f"{_plain(low)} or more" if high is None else f"{_plain(low)} to {_plain(high)}"


def _destinations() -> str:
    rows = ((f"`{kind}`", ", ".join(places) or "around home") for kind, places in DESTINATIONS.items())
    return table(("kind of activity", "kinds of place that serve it"), rows)


def _attributes() -> str:
    return table(
        ("group", "levels"), ((f"`{name}`", ", ".join(levels)) for name, levels in ATTRIBUTES.items())
    )


def _zone_columns() -> str:
    def bounds(low: float | None, high: float | None) -> str:
        return "text" if low is None or high is None else f"{_plain(low)} to {_plain(high)}"

    return table(
        ("column", "needed", "range", "meaning"),
        (
            (f"`{c.name}`", "yes" if c.compulsory else "", bounds(c.low, c.high), c.meaning)
            for c in ZONE.values()
        ),
    )


def _asset_columns() -> str:
    return table(
        ("column", "range", "meaning"),
        (
            (f"`{name}`", f"{_plain(low)} to {_plain(high)}", _ASSET_MEANING[name])
            for name, (low, high) in ASSET.items()
        ),
    )


def _week() -> str:
    return "\n".join(f"{number}. **{act.name}**: {act.meaning}" for number, act in enumerate(WEEK, 1))


# ------------------------------------------------------------------------------------------------ interventions


def _settings(kind: type[Any], leave_out: Iterable[str] = ()) -> str:
    """The keys of one block of settings, from its JSON Schema."""
    schema = kind.model_json_schema()
    rows = []
    for key, told in schema["properties"].items():
        if key in leave_out:
            continue
        source = "; ".join(str(told[part]) for part in ("source", "quality") if part in told)
        rows.append((f"`{key}`", _usual(told), _allowed(told, schema.get("$defs", {})), told.get("unit", ""),
                     told.get("description", ""), source))  # fmt: skip
    if not rows:
        return "It has no settings of its own."
    head = ("key", "usual", "allowed", "unit", "meaning", "source; quality")
    kept = [column for column in range(len(head)) if any(row[column] for row in rows)]
    return table((head[column] for column in kept), ([row[column] for column in kept] for row in rows))


def _usual(told: dict[str, Any]) -> str:
    value = told.get("default")
    if value is None or isinstance(value, dict):
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else _plain(value)


def _interventions() -> str:
    """A section for each type of ours: what its module says of it, then its settings."""
    return "\n\n".join(section(kind) for name, kind in REGISTRY.items() if name not in REGISTRY.sources)


def section(kind: type[Intervention]) -> str:
    """The page of one type: the docstring of its module below the first line, its tables, its settings."""
    _, _, text = (inspect.getdoc(sys.modules[kind.__module__]) or "").partition("\n\n")
    for name, (head, rows) in kind.tables().items():
        text = text.replace(f"{{{name}}}", table(head, rows))
    return f"## {kind.title}\n\n{text}\n\n{_settings(kind, SHARED)}".replace("\n\n\n", "\n\n")


def _contents() -> str:
    titles = [kind.title for name, kind in REGISTRY.items() if name not in REGISTRY.sources]
    return "\n".join(f"- [{title}](#{title.lower().replace(' ', '-')})" for title in titles)


def _quantities() -> str:
    """What a barrier can change."""
    rows = (
        (f"`{name}`", met.unit, f"−{met.most:g} to {met.most:g}", met.meaning) for name, met in MET.items()
    )
    return table(("quantity", "unit", "change", "meaning"), rows)


def _allowed(told: dict[str, Any], shapes: dict[str, Any]) -> str:
    options = [option for option in told.get("anyOf", [told]) if option.get("type") != "null"]
    told = {**told, **options[0]}
    if "$ref" in told:
        name = told["$ref"].rsplit("/", 1)[-1]
        return (
            "a block, below"
            if name in BLOCKS
            else f"a {name.lower()}: {{{', '.join(shapes[name]['properties'])}}}"
        )
    if "const" in told:
        return str(told["const"])
    if "enum" in told:
        return ", ".join(map(str, told["enum"]))
    if told.get("type") == "array":
        inner = _allowed(told.get("items", {}), shapes)
        return f"a list: {inner}" if inner else "a list"
    if "minimum" in told and "maximum" in told:
        return f"{_plain(float(told['minimum']))} to {_plain(float(told['maximum']))}"
    return {"boolean": "true, false", "object": "a block", "string": "text"}.get(told.get("type", ""), "")


SHARED = set(Intervention.model_fields)
BLOCKS = {kind.__name__ for kind in (Where, Who, When, Cost, Ages)}

TABLES: dict[str, Callable[[], str]] = {
    "parameters": _parameters,
    "qualities": _qualities,
    "week": _week,
    "residents-fixed": lambda: _columns(FIXED),
    "residents-dynamic": lambda: _columns(DYNAMIC),
    "destinations": _destinations,
    "attributes": _attributes,
    "zone-columns": _zone_columns,
    "asset-columns": _asset_columns,
    "every-intervention": lambda: _settings(Intervention, {"type"}),
    "where": lambda: _settings(Where),
    "who": lambda: _settings(Who),
    "ages": lambda: _settings(Ages),
    "when": lambda: _settings(When),
    "cost": lambda: _settings(Cost),
    "interventions": _interventions,
    "types": _contents,
    "barrier": lambda: _settings(Barrier),
    "quantities": _quantities,
}
"""Each table by the name it has in a page."""


def main() -> None:
    """Write the pages whose tables have changed; with `--check`, only say which, and end with status 1."""
    parser = argparse.ArgumentParser(
        description="Write the tables of docs/ that come from the code and the ledger."
    )
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    changed = stale()
    for path, text in changed.items():
        print(f"{'stale' if options.check else 'written'}: {path.name}")
        if not options.check:
            path.write_text(text, encoding="utf-8", newline="\n")
    sys.exit(1 if options.check and changed else 0)


if __name__ == "__main__":
    main()
