"""What the door does before all else, by being imported: look whether the program can run here, and set Python up for it."""

from __future__ import annotations

import gc
import sys
from typing import List  # noqa: UP035 (evaluated by an old Python)

from cli import environment, ready

TOOLS = {
    "test": ("dev", "tests", ("pytest", "xdist", "hypothesis")),
    "bundle": ("docs", "the pages", ("mkdocs", "material", "mkdocstrings", "nbconvert")),
}
"""Verbs that need more than running does: the extra that brings it, what it is for, its modules."""


def check(words: List[str]) -> None:  # noqa: UP006
    """Go on in the project's own environment, made the first time, when this Python lacks what is asked for.

    Where there can be none, leave with status 1 and words. `words`: those of the command line.
    """
    verb, why = (words or [""])[0], ready.hinders()
    extra, what, modules = TOOLS.get(verb, ("", "", ()))
    if "--no-pages" in words or set(words) & {"-h", "--help"}:
        extra, modules = "", ()
    if not why and not ready.gone(modules):
        return
    if verb == "doctor":
        if environment.is_wanted() and environment.is_ready():
            sys.exit(environment.enter(words))
        from cli import doctor

        sys.exit(doctor.tell(words[1:]))
    if environment.is_wanted():
        try:
            if verb == "setup":
                sys.exit(environment.set_up(words[1:]))
            sys.exit(environment.enter(words, extra))
        except environment.CannotSetUp as error:
            why = str(error)
    print(f"error: Everystep cannot start: {why or f'the tools of {what} are missing'}.", file=sys.stderr)
    print(f"       mend with: {ready.set_up(extra)}", file=sys.stderr)
    print("       `python run.py doctor` looks at everything.", file=sys.stderr)
    sys.exit(1)


check(sys.argv[1:])
gc.set_threshold(
    100_000
)  # what is imported stays: to look through it again and again takes a tenth of a short command

from cli import signs  # noqa: E402

signs.speak()
