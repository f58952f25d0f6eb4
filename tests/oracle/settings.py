"""Random settings of any type of intervention, made from its schema: kinds of values, bounds, choices, what goes together."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from pydantic import ValidationError

from model.delivery.settings import Intervention

SHARED = set(Intervention.model_fields)
MOST_WEEKS = 20
"""Longest stretch of weeks drawn: what takes longer than a short scenario would never be seen to end."""


def of_type(kind: type[Intervention]) -> st.SearchStrategy[dict[str, Any]]:
    """Settings of a type's own: each key left out or anywhere in its range; what the type refuses is drawn again."""
    schema = kind.model_json_schema()
    own = {
        name: values(told, schema.get("$defs", {}))
        for name, told in schema["properties"].items()
        if name not in SHARED
    }
    drawn = st.fixed_dictionaries({}, optional={name: one for name, one in own.items() if one is not None})
    return drawn.filter(lambda settings: allowed(kind, settings))


def allowed(kind: type[Intervention], settings: dict[str, Any]) -> bool:
    """Whether these go together."""
    try:
        kind(**settings)
    except ValidationError:
        return False
    return True


def values(told: dict[str, Any], shapes: dict[str, Any]) -> st.SearchStrategy[Any] | None:
    """Any value that a part of a schema allows; None for points on a map, which a random place does not have."""
    told = {**told, **next((one for one in told.get("anyOf", ()) if one.get("type") != "null"), {})}
    if "$ref" in told:
        inner = shapes[told["$ref"].rpartition("/")[2]]
        if "easting" in inner["properties"]:
            return None
        parts = {name: values(one, shapes) for name, one in inner["properties"].items()}
        return st.fixed_dictionaries(
            {}, optional={name: one for name, one in parts.items() if one is not None}
        )
    if "const" in told:
        return st.just(told["const"])
    if "enum" in told:
        return st.sampled_from(told["enum"])
    kind = told["type"]
    if kind == "boolean":
        return st.booleans()
    if kind == "integer":
        weeks = str(told.get("unit", "")).startswith("week")
        low, high = told["minimum"], told["maximum"]
        return st.integers(low, min(high, max(low, MOST_WEEKS)) if weeks else high)
    if kind == "number":
        return st.floats(told["minimum"], told["maximum"], width=64)
    if kind == "array":
        if "prefixItems" in told:
            return st.tuples(*(values(one, shapes) for one in told["prefixItems"]))
        inner_values = values(told["items"], shapes)
        least, most = told.get("minItems", 0), told.get("maxItems", 5)
        return (
            None
            if inner_values is None
            else st.lists(inner_values, min_size=least, max_size=most, unique=True)
        )
    raise NotImplementedError(f"no random value is known for {told}: add its kind here")
