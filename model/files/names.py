"""Names that some system refuses, and paths of another: the same rules everywhere, since results travel."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

from model.errors import Fault, InputError

DEVICES = frozenset(("con", "prn", "aux", "nul", "conin$", "conout$", *(f"{port}{number}" for port in ("com", "lpt")
                                                                           for number in "123456789¹²³")))  # fmt: skip
"""What Windows takes for a device wherever it stands, whatever comes after a dot."""

_FORBIDDEN = re.compile(r"""[\\/:*?"<>|;$`]""")
"""Signs that some system, or a shell, takes for something else than a part of a name."""
_DRIVE = re.compile(r"[A-Za-z]:|\\\\|//[?.]/")
_LONG = 248
"""Characters from which Windows says of a folder that it is not there, when its path is too long."""


def is_device(name: str) -> bool:
    """Whether Windows takes a name for a device."""
    return name.partition(".")[0].strip(" ").lower() in DEVICES


def unfit(name: str) -> str:
    """Why a folder or file may not be named so; empty when it may. Spaces and accents are fine."""
    if bad := _FORBIDDEN.search(name):
        return f"holds {bad.group()}"
    if not name.isprintable():
        return "holds signs that cannot be seen"
    if name[:1] in ("", ".", "-", "~", " "):
        return "must begin with a letter or a digit"
    if name[-1] in ". ":
        return "ends with a dot or a space"
    if is_device(name):
        return "is the name of a device on Windows"
    return ""


def foreign(text: str) -> tuple[str, str] | None:
    """What is wrong with a path as Windows writes it, on another system, and what to do; None where it is none."""
    if os.sep == "\\":
        return None
    if _DRIVE.match(text):
        return "is a path of a Windows machine", "Give the path that it has on this machine."
    if "\\" in text:
        return "is written with \\, as on Windows", f"Write {text.replace(chr(92), '/')}"
    return None


def foreign_fault(
    text: str, file: str | None = None, line: int | None = None, key: str | None = None
) -> Fault | None:
    """The fault of a path as Windows writes it; None where it is none."""
    from model.files.yaml_words import printable

    wrong = foreign(text)
    return wrong and Fault(wrong[0], file, line, key, printable(text, 200), hint=printable(wrong[1], 250))


def refuse(path: Path, key: str) -> None:
    """Raise InputError when a file that is to be written has a name that some system refuses."""
    fault = foreign_fault(str(path), key=key)
    if fault is None and (why := unfit(path.name)):
        fault = Fault(f"is no fit name for a file: it {why}", key=key, found=path.name)
    if fault is not None:
        raise InputError(fault)


def is_path(text: str) -> bool:
    """Whether a text is meant as a path rather than as a name."""
    return "/" in text or "\\" in text or text.startswith(".") or bool(_DRIVE.match(text))


def is_too_long(error: OSError, path: str | Path = "") -> bool:
    """Whether the system could not do with a path because of its length; Windows says that it is not there."""
    if error.errno == errno.ENAMETOOLONG or getattr(error, "winerror", None) == 206:
        return True
    return error.errno in (errno.ENOENT, errno.EINVAL) and len(str(path or error.filename or "")) >= _LONG
