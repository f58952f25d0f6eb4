"""What pydantic found wrong, said as faults: line, key, what was found, what is allowed, nearest name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from model.errors import Fault, InputError, nearest
from model.files.yaml_guard import REFUSED, Document, Path_, key_name
from model.files.yaml_words import found_words as _found
from model.files.yaml_words import printable
from scenarios.files.fault_nodes import describe, node_at, plain, schema_of, value_at

MAX_HINTS = 100
"""Nearest names are looked for in the first faults only: a hostile file can hold thousands."""
SAME = {
    **dict.fromkeys(("woman", "women", "girl", "girls", "f", "females"), "female"),
    **dict.fromkeys(("man", "men", "boy", "boys", "m", "males"), "male"),
}
"""Other words for a choice."""


@contextmanager
def explained(model: type[BaseModel], data: Any, file: str | None = None) -> Iterator[None]:
    """Within it, a ValidationError of `model` on `data` becomes an InputError with every fault."""
    try:
        yield
    except ValidationError as error:
        raise InputError(faults_of(error, model, Document(file or "", data))) from None


def faults_of(error: ValidationError, model: type[BaseModel], document: Document) -> list[Fault]:
    """Every fault of a validation, in the order of the file."""
    refused = [path for path, _ in document.faults if value_at(document.value, path) is REFUSED]
    errors = [(_path(e["loc"], document.value), e) for e in error.errors(include_url=False)]
    deep = {path[:n] for path, _ in errors for n in range(len(path))}
    found: list[tuple[Path_, Fault]] = []
    for path, one in errors:
        if one["type"] == "too_short" and path in deep:
            continue  # only says again that the items of the list are wrong
        if one["type"].startswith("union_tag"):
            path = (*path, "type")
        if one["type"] != "extra_forbidden" and any(path[: len(bad)] == bad for bad in refused):
            continue  # the format of this value was refused already
        for at, fault in _faults(path, one, model, document.value, hints=len(found) < MAX_HINTS):
            told = (at, replace(fault, file=document.file or None, line=document.line_of(at)))
            if told not in found[-MAX_HINTS:] and not any(at[: len(bad)] == bad for bad in refused):
                found.append(told)
    return [fault for _, fault in sorted(found, key=lambda pair: pair[1].line or 0)]


def set_in(data: Any, key: str, value: Any) -> None:
    """Set a field of plain data by dotted name; None takes it away. InputError when there is none."""
    *holders, last = key.split(".")
    at = data
    for part in holders:
        if isinstance(at, list) and part.isdigit() and int(part) < len(at):
            at = at[int(part)]
        elif isinstance(at, dict):
            at = at.setdefault(part, {})
        else:
            raise InputError(Fault("there is nothing here to change", key=key, found=printable(part)))
    if isinstance(at, list) and last.isdigit() and int(last) < len(at) and value is not None:
        at[int(last)] = value
    elif isinstance(at, dict) and value is not None:
        at[last] = value
    elif isinstance(at, dict):
        at.pop(last, None)
    else:
        raise InputError(Fault("there is nothing here to change", key=key, found=printable(last)))


def _path(loc: tuple[int | str, ...], data: Any) -> Path_:
    """Where in the file: pydantic's place without the names of the types it tried on the way."""
    path: list[str | int] = []
    part: Any
    for n, part in enumerate(loc):
        if (isinstance(data, Mapping) and part in data) or (
            isinstance(data, list | tuple) and isinstance(part, int) and part < len(data)
        ):
            data = data[part]
        elif part == "[key]" or n < len(loc) - 1 or not isinstance(data, Mapping) or part == data.get("type"):
            continue
        path.append(part)
    return tuple(path)


def _faults(
    path: Path_, error: Any, model: type[BaseModel], data: Any, hints: bool
) -> Iterator[tuple[Path_, Fault]]:
    """The faults that one of pydantic's errors stands for, each with its place."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "parameters":
        for fault in context["faults"]:
            at = (*path, fault.key) if fault.key else path
            yield at, replace(fault, key=key_name(at), found=printable(fault.found))
        return
    holder = node_at(model, path[:-1], data)
    node = node_at(model, path, data)
    value = value_at(data, path)
    key, allowed = key_name(path), describe(node, model) or None
    if cut := _cut_number(path, data):
        at, written = cut
        yield at, Fault("a comma within braces begins a new key", None, None, key_name(at), f"'{written}'",
                        describe(node_at(model, at, data), model) or None, _bare(written))  # fmt: skip
    elif node.get("prefixItems") and kind in ("missing", "too_long", "too_short"):
        yield path, Fault("has the wrong number of values", None, None, key, str(len(value)), allowed)
    elif kind == "too_long" and isinstance(value, list | tuple | Mapping):
        yield (
            path,
            Fault("is too long", None, None, key, f"{len(value):,}", f"at most {context['max_length']:,}"),
        )
    elif kind == "extra_forbidden":
        keys = list(holder.get("properties", {}))
        hint = nearest(path[-1], keys) if hints else None
        yield path, Fault("unknown key", None, None, key, printable(path[-1]), ", ".join(keys), hint)
    elif kind in ("missing", "union_tag_not_found"):
        yield path, Fault("is missing", None, None, key, None, allowed)
        if kind == "union_tag_not_found":  # no type, so nobody has looked at the other keys yet
            yield from _unknown_keys(path[:-1], model, data, hints)
    elif kind == "out_of_range":
        yield path, Fault("is out of range", None, None, key, _found(value), context["allowed"])
    elif kind in ("value_error", "assertion_error"):
        yield path, Fault(str(context.get("error", error["msg"])), None, None, key)
    else:
        choices = node.get("enum", [])
        hint = (_nearest(value, choices) if hints and isinstance(value, str) else None) or _hint(
            value, node, model
        )
        yield path, Fault(_message(kind), None, None, key, _found(value), allowed, hint)


def _message(kind: str) -> str:
    if kind.startswith(("greater_than", "less_than")):
        return "is out of range"
    if kind in ("too_short", "string_too_short"):
        return "is empty" if kind == "too_short" else "has no text"
    if kind in ("too_long", "string_too_long"):
        return "is too long"
    if kind.startswith("union_tag") or kind in ("literal_error", "enum"):
        return "is not one of the choices"
    if kind == "finite_number":
        return "must be a finite number"
    return "is of the wrong kind"


def _hint(value: Any, node: Mapping[str, Any], model: type[BaseModel]) -> str | None:
    """What was probably meant, when a value is of the wrong kind."""
    wanted = node.get("type")
    if wanted in ("integer", "number"):
        text = value.strip() if isinstance(value, str) else None
        if text and text.endswith("%") and _is_number(text[:-1]):
            return f"Write {float(text[:-1]) / 100:g}."
        bare = text.replace(",", "").lstrip("£") if text else None
        if text and bare and _is_number(bare):
            return _bare(text)
        if isinstance(value, float) and wanted == "integer" and value.is_integer():
            return f"Write {value:.0f}."
    if wanted == "array" and isinstance(value, str | int | float):
        if "prefixItems" in node:
            return f"Write it as a list, such as {node.get('default')}." if "default" in node else None
        items = ", ".join(_items(value, node.get("items", {}), model))
        return f"Write it as a list{':' if items == str(value) else ', such as'} [{items}]."
    if wanted == "array" and isinstance(value, Mapping) and "discriminator" in node.get("items", {}):
        return "Begin each with a dash: `- type: ...`."
    if "min" in node.get("properties", {}) and isinstance(value, int) and not isinstance(value, bool):
        return f"Write {{min: {value}}}."
    if wanted == "string" and not isinstance(value, str | list | dict | None):
        return (
            f"Put text in quotes: '{_found(value)}'." if "format" not in node else "Write it as 2026-01-05."
        )
    return None


def _nearest(word: str, choices: list[str]) -> str | None:
    """The choice that was probably meant: another word for it, else the one spelled most like it."""
    same = SAME.get(word.lower())
    return f"Did you mean '{same}'?" if same in choices else nearest(word, choices)


def _bare(written: str) -> str:
    """How to write a number that somebody typed with signs, commas or quotes."""
    signs = ["the pound sign"] * written.startswith("£")
    signs += ["commas" if written.count(",") > 1 else "comma" if signs else "the comma"] * ("," in written)
    return f"Write {written.replace(',', '').lstrip('£')}, without {' and '.join(signs) or 'quotes'}."


def _cut_number(path: Path_, data: Any) -> tuple[Path_, str] | None:
    """A number that YAML cut at its comma within braces, `{setup: £5,000}`: its key's place, and all that was written."""
    held = value_at(data, path[:-1])
    if not path or not isinstance(held, Mapping) or path[-1] not in held:
        return None
    keys = list(held)
    first = last = keys.index(path[-1])
    while first > 0 and _is_piece(held, keys[first]):
        first -= 1
    while last + 1 < len(keys) and _is_piece(held, keys[last + 1]):
        last += 1
    start = str(held[keys[first]])
    if last == first or not start.lstrip("£-").isdigit():
        return None
    return (*path[:-1], keys[first]), ",".join([start, *map(str, keys[first + 1 : last + 1])])


def _is_piece(held: Mapping[Any, Any], key: Any) -> bool:
    return held[key] is None and str(key).isdigit() and len(str(key)) == 3


def _items(value: str | int | float, node: Mapping[str, Any], model: type[BaseModel]) -> list[str]:
    """What a list would hold where one word or number stands: itself where it may, else what may stand there."""
    node = plain(node, model, None)
    choices = [str(one) for one in node.get("enum", [])]
    if choices and isinstance(value, bool):  # `disability: true` means every level but none
        return [one for one in choices if (one != "none") == value] or choices[:1]
    if choices:
        return [
            str(value)
            if str(value) in choices
            else SAME.get(str(value).lower())
            or (get_close_matches(str(value), choices, 1, 0.5) or choices)[0]
        ]
    if node.get("type") in ("integer", "number"):
        low, high = node.get("minimum", 0), node.get("maximum", 0)
        text = str(value).strip()
        fits = not isinstance(value, bool) and _is_number(text) and low <= float(text) <= high
        return [text if fits else str(low)]
    return [f"'{_found(value)}'" if isinstance(value, bool) else printable(value)]


def _unknown_keys(
    path: Path_, model: type[BaseModel], data: Any, hints: bool
) -> Iterator[tuple[Path_, Fault]]:
    """Keys that no kind of thing has which could stand at `path`."""
    held = value_at(data, path)
    *holders, _ = path
    node: Mapping[str, Any] = node_at(model, tuple(holders), data).get("items", {})
    kinds = node.get("discriminator", {}).get("mapping", {}).values()
    keys = list(dict.fromkeys(
        key for kind in kinds for key in schema_of(model)["$defs"][kind.rsplit("/", 1)[1]]["properties"]))  # fmt: skip
    for name in held if isinstance(held, Mapping) and keys else ():
        if name not in keys:
            hint = nearest(name, keys) if hints else None
            yield (
                (*path, name),
                Fault("unknown key", None, None, key_name((*path, name)), printable(name), hint=hint),
            )


def _is_number(text: str) -> bool:
    return text.strip().replace(".", "", 1).isdigit() and len(text) < 30
