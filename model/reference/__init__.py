"""The reference: a plain Mesa model of the same rules, to read and to hold the fast one against."""

from model.reference.town import ReferenceTown

__all__ = ["ReferenceTown"]
