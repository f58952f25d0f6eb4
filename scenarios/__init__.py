"""Scenarios as files, and what comes of them: `from scenarios import Scenario, compare`."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scenarios.comparison import compare
    from scenarios.files.schema import Scenario
    from scenarios.results.compared import Effects

__all__ = ["Effects", "Scenario", "compare"]


def beside(name: str) -> None:
    """Raise ImportError when a package that stands beside this one is hidden by a file of the same name."""
    found = find_spec(name)
    home = Path(__file__).parents[1]
    places = [] if found is None else [found.origin, *(found.submodule_search_locations or [])]
    if str(home / name) not in places:
        hides = next((place for place in places if place), "something on the path")
        raise ImportError(
            f"{hides} hides the package `{name}` of Everystep ({home / name}): rename it, or start from another folder"
        )


beside("model")


def __getattr__(name: str) -> Any:
    """Import on first use, so that `import scenarios` costs nothing."""
    if name == "Scenario":
        from scenarios.files.schema import Scenario

        return Scenario
    if name in __all__:
        from scenarios import comparison

        return getattr(comparison, name)
    raise AttributeError(f"module 'scenarios' has no attribute {name!r}")
