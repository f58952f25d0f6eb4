"""Golden digests: the same numbers, place and seed give the same bits as when the digests were written."""

from __future__ import annotations

import json
import platform
from pathlib import Path

import pytest
from digests import DIGESTS, runs

CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"
HELP = 'if that is meant: python tests/golden/update.py --why "..." and a Regression line in CHANGELOG.md'


def test_nothing_moved_since_the_digests_were_written():
    golden = json.loads(DIGESTS.read_text(encoding="utf-8"))
    if golden["machine"] != platform.machine():
        pytest.skip(
            f"digests were written on {golden['machine']}; the last bit of exp and log differs between kinds of machine"
        )
    now = runs()
    assert set(now) == set(golden["runs"]), HELP
    for run, kept in golden["runs"].items():
        moved = [name for name, digest in kept.items() if now[run].get(name) != digest]
        assert not moved, f"{run}: {', '.join(moved)} moved; {HELP}"


def test_the_changelog_says_why_digests_last_moved():
    why = json.loads(DIGESTS.read_text(encoding="utf-8"))["why"]
    assert why == "first digests" or why in " ".join(CHANGELOG.read_text(encoding="utf-8").split()), HELP
