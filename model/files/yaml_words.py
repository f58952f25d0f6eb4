"""What an unquoted word of YAML means to the person who typed it; words with two readings are asked about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_YES_NO = re.compile(r"(y|yes|on|n|no|off)", re.I)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9_]+(\.[0-9_]*)?")
_OTHER_BASE = re.compile(r"[-+]?0[xob][0-9a-f_]+", re.I)
_UNDERSCORED = re.compile(r"[-+]?[0-9][0-9_]*_[0-9_]*(\.[0-9_]*)?")
_SIXTIES = re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|nan)", re.I)
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:.*")


def printable(value: object, limit: int = 80) -> str:
    """Text safe to show on a terminal: control and direction marks spelled out, cut at `limit` characters."""
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(value)[:limit])
    return text + ("..." if len(str(value)) > limit else "")


def read_word(word: str) -> tuple[Any, str | None, str | None]:
    """What an unquoted word means: `(value, problem, hint)`."""
    quote = f"For text, put it in quotes: '{printable(word, 40)}'."
    if word in ("", "~", "null", "Null", "NULL"):
        return None, None, None
    if word in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return word.lower() == "true", None, None
    if _YES_NO.fullmatch(word):
        truth = "true" if word.lower() in ("y", "yes", "on") else "false"
        return None, "this word can mean true or false", f"Write {truth}. {quote}"
    if _NOT_FINITE.fullmatch(word):
        return None, "must be a finite number", None
    if _INTEGER.fullmatch(word) or _DECIMAL.fullmatch(word):
        if len(word) > 30:
            return None, "this number is too long", quote
        number = int(word) if _INTEGER.fullmatch(word) else float(word)
        return (number, None, None) if abs(number) < 1e300 else (None, "must be a finite number", None)
    if _OTHER_BASE.fullmatch(word):
        return None, "this number can be read in two ways", f"Write it in ordinary digits. {quote}"
    if _LEADING_ZERO.fullmatch(word):
        plain = word.replace("_", "").lstrip("+-0") or "0"
        return None, "a number that begins with 0 can be read in two ways", f"Write {plain}. {quote}"
    if _UNDERSCORED.fullmatch(word):
        return None, "this number can be read in two ways", f"Write {word.replace('_', '')}. {quote}"
    if _SIXTIES.fullmatch(word):
        return None, "this can be read as a time or as a number", quote
    if _DATE.fullmatch(word):
        try:
            return date.fromisoformat(word), None, None
        except ValueError:
            return None, "there is no such date", f"Write year-month-day, such as 2026-01-05. {quote}"
    if _MOMENT.fullmatch(word):
        return None, "this is a time of day", f"Write the date alone, such as 2026-01-05. {quote}"
    return word, None, None


def found_words(value: object) -> str:
    """A value of a file as a fault says it was found."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a mapping of keys"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    return f"'{printable(value)}'" if isinstance(value, str) else printable(value)
