"""Taking a scenario out of the page and back: the file that the command line runs, and a link."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from typing import Any

import yaml

from model.errors import Fault, InputError
from scenarios.files.reading import read_yaml_text
from scenarios.files.schema import Scenario

MOST_BYTES = 64 * 1024
"""The largest scenario that a link may hold, unpacked."""

MOST_LINK = 8 * 1024
MOST_FILE = 256 * 1024

LINK_KEYS = {"scenario", "place", "sample", "seed", "against", "own"}


def to_text(scenario: Scenario) -> str:
    """A scenario as a file that `run.py compare FILE` takes."""
    data = scenario.as_dict()
    if scenario.weeks_given is None and scenario.years_given is None:
        data["years"] = scenario.years
    for one in (*data["interventions"], *data.get("barriers", ())):
        if one.get("where") == {"columns": {}}:
            del one["where"]
        for key in ("who", "evidence"):
            if not one.get(key):
                one.pop(key, None)
    head = "# A scenario of Everystep. Run it with: python run.py compare THIS_FILE\n"
    return head + yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=110)


def from_text(text: Any) -> Scenario:
    """A scenario from the text of a file. Raises InputError naming every fault with its line."""
    if not isinstance(text, str) or len(text.encode("utf-8", "replace")) > MOST_FILE:
        raise InputError(Fault("is not a scenario file", "your file", allowed="text of at most 256 KiB"))
    scenario, _ = read_yaml_text(text, Scenario, "your file")
    return scenario


def to_link(
    scenario: Scenario,
    place: str,
    sample: float,
    seed: int,
    against: Scenario | None = None,
    own: bool = False,
) -> str:
    """All that restores a visitor's plan, short enough for a link's fragment. own: the name was given by hand."""
    data: dict[str, Any] = {"scenario": scenario.as_dict(), "place": place, "sample": sample, "seed": seed}
    if against is not None:
        data["against"] = against.as_dict()
    if own:
        data["own"] = True
    packed = zlib.compress(json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode(), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def from_link(token: Any) -> dict[str, Any]:
    """What a link holds: `scenario`, `against` or None (checked), `place`, `sample`, `seed`, `own` (unchecked).

    Raises InputError.
    """
    wrong = InputError(
        Fault("this link is damaged", key="link", hint="Ask for it again, or open the file instead.")
    )
    if not isinstance(token, str) or not token or len(token) > MOST_LINK:
        raise wrong
    try:
        packed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        engine = zlib.decompressobj()
        raw = engine.decompress(packed, MOST_BYTES)
        if engine.unconsumed_tail or not engine.eof:
            raise wrong
        data = json.loads(raw)
    except (ValueError, binascii.Error, zlib.error, RecursionError):
        raise wrong from None
    if not isinstance(data, dict) or set(data) - LINK_KEYS or not isinstance(data.get("scenario"), dict):
        raise wrong
    data["scenario"] = Scenario.from_dict(data["scenario"], "the link")
    against = data.get("against")
    if against is not None and not isinstance(against, dict):
        raise wrong
    data["against"] = None if against is None else Scenario.from_dict(against, "the link")
    return data
