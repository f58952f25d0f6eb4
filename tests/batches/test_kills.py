"""Kills, small; `make test-kills` has a thousand runs of it."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import kills


@pytest.mark.slow
def test_killed_workers_and_a_killed_coordinator_change_no_byte(tmp_path):
    told = kills.show(runs=20, workers=2, coordinators=1, folder=tmp_path)
    assert (told["lost"], told["twice"], told["bytes_equal"]) == (0, 0, True)


@pytest.mark.slow
def test_two_hundred_kills_of_workers_and_twenty_of_the_coordinator(tmp_path):
    assert kills.show(runs=1000, workers=200, coordinators=20, folder=tmp_path)["bytes_equal"]
