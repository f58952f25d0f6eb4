"""Where the numbers behind the report's figures stand in a result folder."""

from __future__ import annotations

import re
from pathlib import Path

from model.files import moving

FOLDER = "data"
NAME = re.compile(r"[a-z]+-\d+\.csv")


def remove(folder: Path) -> None:
    """Take away the files of an older report, and nothing else."""
    for path in (folder / FOLDER).glob("*.csv"):
        if NAME.fullmatch(path.name):
            moving.remove(path)
