"""The door: `python run.py --help` lists the verbs; each stands in `cli/`."""

from __future__ import annotations

import cli.first  # noqa: F401  (says what is missing, where something is)

# isort: split

from cli.app import app


def main() -> None:
    """Open the door."""
    app()


if __name__ == "__main__":
    main()
