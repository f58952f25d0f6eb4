"""What a week needs is compiled once, before processes begin, and that is shown while it lasts."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from numba.core import event

from cli import door
from model.machine import compiled
from model.town import prepared


def compiling(function):
    """Numba's word that it compiles a function."""
    with event.trigger_event("numba:compile", data={"dispatcher": SimpleNamespace(py_func=function)}):
        pass


def ours():
    """A function of the engine's, as far as its module says."""


ours.__module__ = "model.kernels.choice"


def test_functions_of_the_engine_are_counted_and_no_others():
    heard = []
    with compiled.counted(heard.append):
        for function in (ours, len, ours, SimpleNamespace(__module__="numba.np.arrayobj")):
            compiling(function)
    compiling(ours)
    assert heard == [1, 2]


def test_a_log_says_so_once(capsys):
    with door.progress_bar("Comparing", hidden=False):
        compiling(ours)
        compiling(ours)
    assert capsys.readouterr().err.count("Compiling, this once") == 1


def test_it_is_done_once_by_a_version_and_not_where_nothing_can_be_kept(tmp_path, monkeypatch):
    import model.town.town

    made = []
    monkeypatch.setattr(
        model.town.town, "Neighbourhood", lambda **more: made.append(more) or SimpleNamespace(step=int)
    )
    monkeypatch.setattr(compiled, "folder", lambda: None)
    prepared.prepare()
    assert not made
    monkeypatch.setattr(compiled, "folder", lambda: tmp_path)
    prepared.prepare()
    prepared.prepare()
    assert len(made) == 1


@pytest.mark.slow
def test_the_bar_ends_where_compiling_ends(tmp_path):
    code = (
        "from model.machine import compiled; from model.town.prepared import FUNCTIONS, prepare\n"
        "heard = []\nwith compiled.counted(heard.append):\n    prepare()\nprint(max(heard) - FUNCTIONS)"
    )
    environment = dict(os.environ, NUMBA_CACHE_DIR=str(tmp_path))
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "0"
