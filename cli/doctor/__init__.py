"""The doctor: looks at an installation, names the command that mends each fault, and mends what it can when asked.

Only the standard library until the packages are known to be there.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

from cli import environment, ready
from cli.doctor import machine, program, shipped
from cli.doctor.check import Check

__all__ = ["Check", "as_dict", "examine", "lines", "mend", "tell"]


def examine() -> list[Check]:
    """Every check, in the order in which faults should be mended."""
    if not ready.is_right_python():
        return [program.python()]  # whatever else is here belongs to another Python
    packages = list(program.packages())
    checks = [program.python(), *packages, program.setting_up(), *machine.checks()]
    return [*checks, *shipped.checks()] if all(package.ok for package in packages) else checks


def mend(checks: list[Check], say: Callable[[str], None]) -> list[Check]:
    """Mend what can be mended of some checks, one after the other, telling each; what is found then."""
    for check in checks:
        if check.repair is None:
            continue
        say(f"mending: {check.name}")
        try:
            say(f"  {check.repair()}")
        except Exception as error:  # a broken installation breaks in any way: the next look says what is left
            say(f"  could not be mended: {error}")
    return examine()


def as_dict(checks: list[Check]) -> dict[str, Any]:
    """The checks as the object that `--json` prints."""
    told = [{"name": one.name, "ok": one.ok, "found": one.found, "mend": one.mend} for one in checks]
    return {"ok": all(check.ok for check in checks), "checks": told}


def lines(checks: list[Check]) -> Iterator[str]:
    """The checks in words."""
    for check in checks:
        yield f"{'ok   ' if check.ok else 'FAULT'}  {check.name}: {check.found}"
        if check.mend:
            yield f"       mend with: {check.mend}"
    if any(check.repair for check in checks):
        yield f"What can be mended at once: {ready.door()} doctor --mend"


def tell(words: list[str]) -> int:
    """Do as the command line says, without the libraries of the door; the exit status. words: those after `doctor`."""
    checks = examine()
    if "--mend" in words:
        checks = mend(checks, lambda text: print(text, file=sys.stderr))
        if (
            environment.is_wanted() and environment.is_ready()
        ):  # there is another Python now, which has everything
            return environment.enter(["doctor", *(word for word in words if word != "--mend")])
    print(json.dumps(as_dict(checks), indent=2) if "--json" in words else "\n".join(lines(checks)))
    return 0 if all(check.ok for check in checks) else 1
