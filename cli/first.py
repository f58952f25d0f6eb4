"""What the door does before all else, by being imported: look whether the program can run here, and let output take signs."""

from __future__ import annotations

import sys
from typing import List  # noqa: UP035 (evaluated by an old Python)

from cli import ready


def check(words: List[str]) -> None:  # noqa: UP006
    """Leave with status 1 and words when the door cannot open; `words`: those of the command line."""
    why = ready.hinders()
    if not why:
        return
    if words[:1] == ["doctor"]:
        from cli import doctor

        sys.exit(doctor.tell("--json" in words))
    print(f"error: Everystep cannot start: {why}.", file=sys.stderr)
    print(f"       mend with: {ready.set_up()}", file=sys.stderr)
    print("       `python run.py doctor` looks at everything.", file=sys.stderr)
    sys.exit(1)


check(sys.argv[1:])

from cli import signs  # noqa: E402

signs.speak()
