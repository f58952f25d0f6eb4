"""The part of a model's JSON Schema that rules a place in a file, and what may stand there, in words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

from model.files.yaml_guard import Path_
from model.interventions import REGISTRY


def value_at(data: Any, path: Path_) -> Any:
    """What stands at a place of plain data; None when nothing does."""
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data


@cache
def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """A model's JSON Schema, made once."""
    return model.model_json_schema()


REGISTRY.on_change(schema_of.cache_clear)


def node_at(model: type[BaseModel], path: Path_, data: Any) -> Mapping[str, Any]:
    """The part of the model's JSON Schema that rules a place, following the `type` that the data name."""
    node = plain(schema_of(model), model, data)
    for part in path:
        data = value_at(data, (part,))
        if isinstance(part, int):
            each = node.get("prefixItems", [])
            node = each[part] if part < len(each) else node.get("items", {})
        else:
            others = node.get("additionalProperties")
            node = node.get("properties", {}).get(part, others if isinstance(others, dict) else {})
        node = plain(node, model, data)
    return node


def plain(node: Mapping[str, Any], model: type[BaseModel], data: Any) -> Mapping[str, Any]:
    """A node with its reference followed, its `or nothing` dropped, and its kind chosen by the data."""
    while True:
        if "$ref" in node:
            node = schema_of(model)["$defs"][node["$ref"].rsplit("/", 1)[1]]
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
    node = plain(node, model, None)
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
        return _list_words(node, model)
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


def _list_words(node: Mapping[str, Any], model: type[BaseModel]) -> str:
    each = node.get("prefixItems", [])
    if each:
        return f"a list of exactly {len(each)}, each {' or '.join(dict.fromkeys(describe(one, model) for one in each))}"
    items = node.get("items", {})
    if "discriminator" in items:
        return "a list, each with a type"
    return f"a list of {describe(items, model)}"
