"""What pydantic found wrong, said as faults: line, key, what was found, what is allowed, nearest name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

from model.errors import Fault, InputError, nearest
from model.files.yaml_words import found_words as _found
from scenarios.yaml_guard import REFUSED, Document, Path_, key_name
from scenarios.yaml_words import printable

MAX_HINTS = 100
"""Nearest names are looked for in the first faults only: a hostile file can hold thousands."""


@contextmanager
def explained(model: type[BaseModel], data: Any, file: str | None = None) -> Iterator[None]:
    """Within it, a ValidationError of `model` on `data` becomes an InputError with every fault."""
    try:
        yield
    except ValidationError as error:
        raise InputError(faults_of(error, model, Document(file or "", data))) from None


def faults_of(error: ValidationError, model: type[BaseModel], document: Document) -> list[Fault]:
    """Every fault of a validation, in the order of the file."""
    refused = [path for path, _ in document.faults if _value_at(document.value, path) is REFUSED]
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
            if not any(at[: len(bad)] == bad for bad in refused):
                found.append((at, replace(fault, file=document.file or None, line=document.line_of(at))))
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
            yield (
                (*path, fault.key),
                replace(fault, key=key_name((*path, fault.key)), found=printable(fault.found)),
            )
        return
    holder = node_at(model, path[:-1], data)
    node = node_at(model, path, data)
    value = _value_at(data, path)
    key, allowed = key_name(path), describe(node, model) or None
    if kind == "extra_forbidden":
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
        hint = (nearest(value, choices) if hints and isinstance(value, str) else None) or _hint(
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
        if bare and _is_number(bare):
            return f"Write {bare}, without quotes, commas or signs."
        if isinstance(value, float) and wanted == "integer" and value.is_integer():
            return f"Write {value:.0f}."
    if wanted == "array" and isinstance(value, str | int | float):
        items = ", ".join(_items(value, node.get("items", {}), model))
        return f"Write it as a list{':' if items == str(value) else ', such as'} [{items}]."
    if "min" in node.get("properties", {}) and isinstance(value, int) and not isinstance(value, bool):
        return f"Write {{min: {value}}}."
    if wanted == "string" and not isinstance(value, str | list | dict | None):
        return (
            f"Put text in quotes: '{_found(value)}'." if "format" not in node else "Write it as 2026-01-05."
        )
    return None


def _items(value: str | int | float, node: Mapping[str, Any], model: type[BaseModel]) -> list[str]:
    """What a list would hold where one word or number stands: itself where it may, else what may stand there."""
    node = _plain(node, model, None)
    choices = [str(one) for one in node.get("enum", [])]
    if choices and isinstance(value, bool):  # `disability: true` means every level but none
        return [one for one in choices if (one != "none") == value] or choices[:1]
    if choices:
        return [
            str(value)
            if str(value) in choices
            else (get_close_matches(str(value), choices, 1, 0.5) or choices)[0]
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
    held = _value_at(data, path)
    *holders, _ = path
    node: Mapping[str, Any] = node_at(model, tuple(holders), data).get("items", {})
    kinds = node.get("discriminator", {}).get("mapping", {}).values()
    keys = list(dict.fromkeys(
        key for kind in kinds for key in _schema(model)["$defs"][kind.rsplit("/", 1)[1]]["properties"]))  # fmt: skip
    for name in held if isinstance(held, Mapping) and keys else ():
        if name not in keys:
            hint = nearest(name, keys) if hints else None
            yield (
                (*path, name),
                Fault("unknown key", None, None, key_name((*path, name)), printable(name), hint=hint),
            )


def _is_number(text: str) -> bool:
    return text.strip().replace(".", "", 1).isdigit() and len(text) < 30


def _value_at(data: Any, path: Path_) -> Any:
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def node_at(model: type[BaseModel], path: Path_, data: Any) -> Mapping[str, Any]:
    """The part of the model's JSON Schema that rules a place, following the `type` that the data name."""
    node = _plain(_schema(model), model, data)
    for part in path:
        data = _value_at(data, (part,))
        if isinstance(part, int):
            node = node.get("items", {})
        else:
            others = node.get("additionalProperties")
            node = node.get("properties", {}).get(part, others if isinstance(others, dict) else {})
        node = _plain(node, model, data)
    return node


def _plain(node: Mapping[str, Any], model: type[BaseModel], data: Any) -> Mapping[str, Any]:
    """A node with its reference followed, its `or nothing` dropped, and its kind chosen by the data."""
    while True:
        if "$ref" in node:
            node = _schema(model)["$defs"][node["$ref"].rsplit("/", 1)[1]]
        elif "discriminator" in node:
            mapping = node["discriminator"]["mapping"]
            kind = data.get("type") if isinstance(data, Mapping) else None
            if not isinstance(kind, str) or kind not in mapping:
                return {"properties": {"type": {"enum": list(mapping)}}}
            node = {"$ref": mapping[kind]}
        elif "anyOf" in node and sum(one != {"type": "null"} for one in node["anyOf"]) == 1:
            notes = {key: node[key] for key in ("unit", "description") if key in node}
            node = notes | next(one for one in node["anyOf"] if one != {"type": "null"})
        else:
            return node


def describe(node: Mapping[str, Any], model: type[BaseModel]) -> str:
    """What a place in a file may hold, in words."""
    node = _plain(node, model, None)
    if "enum" in node or "const" in node:
        return ", ".join(map(str, node.get("enum", [node.get("const")])))
    if "anyOf" in node:
        return " or ".join(dict.fromkeys(describe(one, model) for one in node["anyOf"]))
    kind = node.get("type")
    if kind in ("integer", "number"):
        low, high = node.get("minimum"), node.get("maximum")
        words = "a whole number" if kind == "integer" else "a number"
        span = f" from {low:,.12g} to {high:,.12g}" if low is not None and high is not None else ""
        return " ".join(filter(None, [words + span, node.get("unit", "")]))
    if kind == "array":
        return f"a list of {describe(node.get('items', {}), model)}"
    if kind == "object" or "properties" in node:
        return (
            f"the keys {', '.join(node['properties'])}"
            if node.get("properties")
            else "keys with their values"
        )
    if kind == "string":
        most = f" of at most {node['maxLength']:,} characters" if "maxLength" in node else ""
        return "a date such as 2026-01-05" if node.get("format") == "date" else f"text{most}"
    return {"boolean": "true or false"}.get(str(kind), "")
