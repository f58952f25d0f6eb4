"""Output that takes every sign: where a terminal or a log knows no pound sign, it gets plain letters, and no error."""

from __future__ import annotations

import codecs
import sys
import unicodedata

PLAIN = {
    "£": "GBP ", "±": "+/-", "–": "-", "—": "-", "−": "-", "×": "x", "·": ".", "…": "...", "→": "->", "≥": ">=",
    "≤": "<=", "≈": "~", "‘": "'", "’": "'", "“": '"', "”": '"', "•": "*", "²": "2", "€": "EUR ",
}  # fmt: skip
"""Signs that are used, and what stands for them."""

_HANDLER = "everystep.signs"


def plain(text: str) -> str:
    """A text in ASCII: what stands for each sign, letters without their accents, else a question mark."""
    return "".join(PLAIN.get(sign) or _letters(sign) for sign in text)


def speak() -> None:
    """Let standard output and error write what they cannot encode in plain letters."""
    codecs.register_error(_HANDLER, _instead)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=_HANDLER)


def takes_all() -> bool:
    """Whether standard output can encode every sign."""
    return (getattr(sys.stdout, "encoding", None) or "ascii").lower().replace("-", "").replace(
        "_", ""
    ) == "utf8"


def _instead(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plain(error.object[error.start : error.end]), error.end


def _letters(sign: str) -> str:
    return unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode() or "?"
