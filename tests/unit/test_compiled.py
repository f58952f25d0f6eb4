"""Where compiled code is kept, and that none of an older version is used."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

import numba
import pytest

from model import compiled

SOURCES = {
    "elementary.py": "from numba import njit\n\n\n@njit(cache=True)\ndef twice(x):\n    return 2 * x\n",
    "caller.py": "from numba import njit\n\nfrom model.elementary import twice\n\n\n"
    "@njit(cache=True)\ndef act(x):\n    return twice(x)\n",
    "plain.py": "from model.caller import act\n",
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package `model` of three files: one that compiled code calls, the caller, and one without compiled code."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "__init__.py").write_text("from model import compiled\n\ncompiled.keep()\n")
    (folder / "compiled.py").write_text(Path(compiled.__file__).read_text(encoding="utf-8"))
    for name, text in SOURCES.items():
        (folder / name).write_text(text)
    return folder


def told(package: Path, **environment: str) -> str:
    """What a fresh process says that `act(3)` is."""
    kept = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    code = "from model.caller import act; print(act(3), sum(act.stats.cache_hits.values()))"
    return subprocess.run([sys.executable, "-c", code], cwd=package.parent, env={**kept, **environment}, check=True,
                          capture_output=True, text=True).stdout.strip()  # fmt: skip


def test_a_change_in_what_compiled_code_calls_is_never_run_as_it_was(package):
    assert told(package) == "6 0"
    assert told(package) == "6 1", "kept"
    (package / "elementary.py").write_text(SOURCES["elementary.py"].replace("2 * x", "5 * x"))
    assert told(package) == "15 0"


def test_only_sources_that_compiled_code_draws_on_count(package):
    assert [path.name for path in compiled.shared_sources(package)] == ["elementary.py"]
    before = compiled.version(package)
    (package / "plain.py").write_text("from model.caller import act\n\nprint(act)\n")
    assert compiled.version(package) == before
    (package / "elementary.py").write_text(SOURCES["elementary.py"] + "\n\nHALF = 0.5\n")
    assert compiled.version(package) != before


def test_what_is_shared_here():
    names = {path.relative_to(compiled.ROOT).as_posix() for path in compiled.shared_sources()}
    assert {"rng.py", "kernels/elementary.py", "kernels/slots.py", "kernels/persuasion.py"} <= names


def test_a_folder_of_ones_own_is_used_and_not_nested(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    assert compiled.keep() == tmp_path / compiled.version() == compiled.keep()
    assert str(tmp_path / compiled.version()) == numba.config.CACHE_DIR == os.environ["NUMBA_CACHE_DIR"]


def test_a_place_that_cannot_be_written_gives_way_to_the_users_own(tmp_path, monkeypatch):
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")
    monkeypatch.setattr(compiled, "_writable", lambda folder: "__pycache__" not in str(folder))
    assert compiled.keep().parent == tmp_path / ".cache" / "everystep"


def test_only_the_youngest_versions_are_left(tmp_path):
    for age, name in enumerate(["everystep-a", "everystep-b", "everystep-c", "everystep-now", "other"]):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (age, age))
    compiled._tidy(tmp_path, "everystep-now")
    assert {path.name for path in tmp_path.iterdir()} == {
        "everystep-b",
        "everystep-c",
        "everystep-now",
        "other",
    }


def test_the_collector_is_left_as_it_was():
    with compiled.unhurried():
        assert not gc.isenabled()
        with compiled.unhurried():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
