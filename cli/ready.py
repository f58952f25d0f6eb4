"""What must hold before anything else is imported: a Python that will do, packages that are there, output that takes signs.

Only the standard library, and words that an old Python can read: it is the first thing that the door does.
"""

from __future__ import annotations

import re
import sys
from importlib.util import find_spec
from pathlib import Path
from shlex import quote
from typing import Dict, Iterable, List, Optional, Tuple  # noqa: UP035 (evaluated by an old Python)

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ((3, 11), (3, 14))
"""The first Python that will do, and the first that will not."""

Bounds = Tuple[Optional[str], Optional[str]]  # noqa: UP006, UP045

_MODULES = {"pyyaml": "yaml", "pillow": "PIL", "scikit-learn": "sklearn"}
"""Packages whose module has another name."""

_WANTED = re.compile(r"^\s*([\w.-]+)(?:\[[\w,]+\])?\s*([^;]*)")


def requirements() -> Dict[str, Bounds]:  # noqa: UP006
    """Packages that the program needs: oldest version that will do, and the first that will not (None: any)."""
    file = ROOT / "pyproject.toml"
    if file.is_file():
        block = re.search(r"^dependencies = \[(.*?)^\]", file.read_text(encoding="utf-8"), re.M | re.S)
        lines = re.findall(r'"([^"]+)"', block.group(1)) if block else []
    else:  # installed as a package
        from importlib.metadata import PackageNotFoundError, requires

        try:
            lines = [line for line in requires("everystep") or [] if "extra ==" not in line]
        except PackageNotFoundError:
            lines = []
    found = {}
    for line in lines:
        name, bounds = _WANTED.match(line).groups()  # type: ignore[union-attr]
        low, below = re.search(r">=\s*([\d.]+)", bounds), re.search(r"<\s*([\d.]+)", bounds)
        found[name] = (low and low.group(1), below and below.group(1))
    return found


def is_right_python() -> bool:
    """Whether this Python will do."""
    return PYTHONS[0] <= sys.version_info[:2] < PYTHONS[1]


def missing() -> List[str]:  # noqa: UP006
    """Packages that are not there."""
    return gone(requirements())


def gone(names: Iterable[str]) -> List[str]:  # noqa: UP006
    """Those of some packages that are not there."""
    return [name for name in names if find_spec(_MODULES.get(name.lower(), name)) is None]


def is_right(name: str) -> bool:
    """Whether a package is there in a version that will do."""
    from importlib.metadata import PackageNotFoundError, version

    low, below = requirements()[name]
    try:
        found = numbers(version(name))
    except PackageNotFoundError:
        return False
    return (low is None or found >= numbers(low)) and (below is None or found < numbers(below))


def numbers(text: str) -> Tuple[int, ...]:  # noqa: UP006
    """The leading numbers of a version, for comparing; zeros at its end count for nothing."""
    parts = []
    for part in text.split("."):
        digits = re.match(r"\d+", part)
        if not digits:
            break
        parts.append(int(digits.group()))
        if digits.group() != part:
            break  # 0rc1
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def door() -> str:
    """How the door is opened here, as a command."""
    return "python run.py" if (ROOT / "pyproject.toml").is_file() else "everystep"


def set_up(extra: str = "") -> str:
    """The command that gives a Python with everything in it (with an extra: that, too)."""
    if sys.prefix != sys.base_prefix and is_right_python():  # in an environment that may be written
        whole = (ROOT / "pyproject.toml").is_file()
        what = f"{ROOT if whole else 'everystep'}{f'[{extra}]' if extra else ''}"
        return f"{quote(sys.executable)} -m pip install {'-e ' if whole else ''}{quote(what)}"
    return " ".join(
        [quote(sys.executable), quote(str(ROOT / "run.py")), "setup", *([extra] if extra else [])]
    )


def hinders() -> str:
    """Why the door cannot open, in words; empty when it can."""
    gone = missing()
    if not is_right_python():
        return f"this is Python {sys.version.split()[0]}; it needs 3.11, 3.12 or 3.13"
    if gone:
        return f"{', '.join(gone[:3])}{' and more' if len(gone) > 3 else ''} missing from {sys.executable}"
    return "" if is_right("typer") else f"the typer of {sys.executable} will not do"
