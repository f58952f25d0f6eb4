"""Write `.ci/constraints.txt`: the exact versions with which the tests of this checkout pass, names and versions alone.

make constraints
"""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

PATH = Path(__file__).parents[2] / ".ci" / "constraints.txt"
HEAD = """\
# Exact versions with which Everystep's tests passed, on Python {python}. To have the same:
#   python -m pip install --constraint .ci/constraints.txt -e .
# Made by `make constraints`.
"""


def main() -> None:
    """Write down what this Python has installed, besides the project itself."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "freeze", "--exclude-editable", "--disable-pip-version-check"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    lines = [line for line in listed.splitlines() if "==" in line and " " not in line]
    python = ".".join(platform.python_version_tuple()[:2])
    PATH.write_text(HEAD.format(python=python) + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{PATH}: {len(lines)} packages")


if __name__ == "__main__":
    main()
