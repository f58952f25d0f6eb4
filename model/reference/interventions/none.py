"""An intervention that does nothing."""

from __future__ import annotations

from model.reference.delivery.programme import Programme


class Nothing(Programme):
    """Does nothing and costs nothing."""
