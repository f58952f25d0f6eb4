"""Scenarios as files, and what comes of them: `from scenarios import Scenario, compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scenarios.comparison import Effects, compare
    from scenarios.schema import Scenario

__all__ = ["Effects", "Scenario", "compare"]


def __getattr__(name: str) -> Any:
    """Import on first use, so that `import scenarios` costs nothing."""
    if name == "Scenario":
        from scenarios.schema import Scenario

        return Scenario
    if name in __all__:
        from scenarios import comparison

        return getattr(comparison, name)
    raise AttributeError(f"module 'scenarios' has no attribute {name!r}")
