"""A town that was looked at is kept: the second look is the same, quicker, and never of another town."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from model.errors import InputError
from model.machine import compiled
from model.parameters import Parameters
from model.place.place import PLACES, Place
from scenarios.files.library import list_scenarios
from scenarios.preflight import kept, look_ahead

ASKED = kept.Asked("erewash", Parameters.default(), "sport_england", date(2026, 1, 5), 0.02, 1)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder for towns."""
    monkeypatch.setattr(compiled, "folder", lambda: tmp_path)
    return tmp_path / "towns"


@pytest.fixture
def never_again(folder, monkeypatch):
    """Call it, and from then on no town can be made."""

    def refuse(asked):
        raise AssertionError("made anew")

    return lambda: monkeypatch.setattr(kept, "make", refuse)


def test_every_plan_that_ships_looks_the_same_in_a_kept_town(never_again):
    names = [one["name"] for one in list_scenarios()]
    first = [look_ahead.check(name, sample=0.02) for name in names]
    never_again()
    for name, before in zip(names, first, strict=True):
        again = look_ahead.check(name, sample=0.02)
        assert (again.faults, again.warnings) == (before.faults, before.warnings)
        for one, other in zip(again.acts, before.acts, strict=True):
            np.testing.assert_equal(vars(one), vars(other))
        np.testing.assert_array_equal(again.weights, before.weights)


def test_a_kept_town_is_the_town(folder):
    made = kept.state(ASKED)
    found = kept.state(ASKED)
    assert found is not made and len(list(folder.iterdir())) == 1
    for name, column in vars(made.people).items():
        if isinstance(column, np.ndarray):
            np.testing.assert_array_equal(column, getattr(found.people, name))
    np.testing.assert_array_equal(made.ties.strong, found.ties.strong)
    assert isinstance(found.place, Place) and found.place.digest == made.place.digest
    pd.testing.assert_frame_equal(found.assets.frame, made.assets.frame)
    pd.testing.assert_frame_equal(found.place.zones, made.place.zones)
    with pytest.raises(AttributeError):
        _ = found.place.nothing_of_the_kind


@pytest.mark.parametrize(
    "changed",
    [
        {"seed": 2},
        {"sample": 0.03},
        {"definition": "ohid"},
        {"start": date(2027, 1, 4)},
        {"parameters": Parameters.default().with_values({"detour": 1.35})},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_whatever_is_asked_otherwise_is_another_town(folder, changed):
    assert kept._path(ASKED) != kept._path(replace(ASKED, **changed))


def test_a_place_whose_file_changed_is_another_town(folder, tmp_path):
    own = tmp_path / "mine.yaml"
    own.write_bytes((PLACES / "erewash.yaml").read_bytes())
    before = kept._path(replace(ASKED, place=str(own)))
    own.write_bytes(own.read_bytes() + b"\n# another word\n")
    assert before != kept._path(replace(ASKED, place=str(own)))


def test_other_code_makes_another_town(folder, monkeypatch):
    before = kept._path(ASKED)
    monkeypatch.setattr(kept.identity, "engine_digest", lambda: "other")
    assert before != kept._path(ASKED)


def test_a_town_with_an_act_of_somebodys_own_is_not_kept(folder, monkeypatch):
    monkeypatch.setattr(kept.schedule, "own", lambda: ("an act",))
    assert kept._path(ASKED) is None


@pytest.mark.parametrize("content", [b"", b"nothing of the kind", None], ids=["empty", "other", "cut off"])
def test_a_damaged_file_is_made_anew(folder, content):
    made = kept.state(ASKED)
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] if content is None else content)
    assert kept.state(ASKED).people.n == made.people.n and file.read_bytes() == whole


def test_only_the_last_few_are_left(folder):
    for seed in range(1, kept.KEPT + 3):
        kept.state(replace(ASKED, seed=seed, sample=0.005))
    assert len(list(folder.iterdir())) == kept.KEPT


def test_a_fault_of_the_place_is_told_as_ever(folder):
    with pytest.raises(InputError):
        kept.state(replace(ASKED, place="atlantis"))
    assert not folder.exists()


def test_a_look_at_a_kept_town_loads_neither_mesa_nor_compiled_code():
    code = (
        "import sys; from scenarios.preflight.look_ahead import check\n"
        "assert not check('walk_and_talk', sample=0.02).faults\n"
        "print(*sorted({'mesa', 'numba', 'scipy.spatial'} & set(sys.modules)))"
    )
    run = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert run[1].stdout.strip() == ""
