"""What the door does before all else, by being imported: look whether the program can run here, and let output take signs."""

from __future__ import annotations

import sys

from cli import ready

ready.check(sys.argv[1:])

from cli import signs  # noqa: E402

signs.speak()
