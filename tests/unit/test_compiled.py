"""Where compiled code is kept, and that none of an older version is used."""

from __future__ import annotations

import gc
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numba
import pytest

from model.machine import compiled, system

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
    (folder / "__init__.py").write_text("from model.machine import compiled\n\ncompiled.keep()\n")
    (folder / "machine").mkdir()
    (folder / "machine" / "__init__.py").write_text("")
    for path in (Path(compiled.__file__), Path(system.__file__)):
        (folder / "machine" / path.name).write_bytes(path.read_bytes())
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


def test_a_change_in_a_file_of_compiled_code_with_the_same_time_and_size_is_run(package):
    assert told(package) == "6 0"
    path, was = package / "caller.py", (package / "caller.py").stat()
    path.write_text(SOURCES["caller.py"].replace("return twice(x)", "return twice(9)"))
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    now = path.stat()
    assert (now.st_mtime_ns, now.st_size) == (was.st_mtime_ns, was.st_size)
    for kept in (package / "__pycache__").glob("caller.*.pyc"):
        kept.unlink()  # Python's own cache trusts the time as well
    assert told(package) == "18 0"


def test_only_sources_that_compiled_code_draws_on_count(package):
    assert [path.name for path in compiled.sources(package)] == ["caller.py", "elementary.py"]
    before = compiled.version(package)
    (package / "plain.py").write_text("from model.caller import act\n\nprint(act)\n")
    assert compiled.version(package) == before
    for name in ("elementary.py", "caller.py"):
        (package / name).write_text(SOURCES[name] + "\n\nHALF = 0.5\n")
        assert compiled.version(package) != before
        before = compiled.version(package)


def test_what_counts_here():
    root = compiled.ROOT.parent
    names = {path.relative_to(root).as_posix() for path in compiled.sources()}
    holding = {
        path.relative_to(root).as_posix()
        for room in ("model", "calibration", "scenarios", "viz")
        for path in (root / room).rglob("*.py")
        if re.search(r"^@njit", path.read_text("utf-8"), re.M)
    }
    assert holding <= names, "every file with compiled functions"
    assert {"model/rng.py", "model/population/columns.py", "model/synthesis/deal.py"} <= names, (
        "and what they draw on"
    )


def test_a_folder_of_ones_own_is_used_and_not_nested(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    assert compiled.keep() == tmp_path / compiled.version() == compiled.keep()
    assert str(tmp_path / compiled.version()) == numba.config.CACHE_DIR == os.environ["NUMBA_CACHE_DIR"]


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Code that cannot be written beside, a home and temporary files under `tmp_path`."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    unfit = compiled._unfit
    monkeypatch.setattr(
        compiled, "_unfit", lambda path: "is read-only" if "__pycache__" in str(path) else unfit(path)
    )
    (tmp_path / "tmp").mkdir(mode=0o777)
    (tmp_path / "tmp").chmod(0o1777)
    return tmp_path


def test_a_place_that_cannot_be_written_gives_way_to_the_users_own(elsewhere):
    kept = compiled.keep()
    assert kept == elsewhere / "home" / ".cache" / "everystep" / compiled.version()
    assert kept.stat().st_mode & 0o777 == 0o700


def test_without_a_home_a_private_folder_among_temporary_files_is_used(elsewhere, monkeypatch):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    kept = compiled.keep()
    assert kept == elsewhere / "tmp" / f"everystep-{system.user_name()}" / compiled.version()
    assert kept.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(system.user_id() is None, reason="users have no numbers here")
@pytest.mark.parametrize("planted", ["anybody writes", "another's", "a link", "within it"])
def test_a_folder_that_another_user_had_a_hand_in_is_not_read(elsewhere, monkeypatch, planted):
    folder = elsewhere / "tmp" / f"everystep-{system.user_name()}"
    if planted == "within it":
        folder.mkdir(mode=0o700)
        (folder / compiled.version()).mkdir()
        (folder / compiled.version()).chmod(0o777)
    elif planted == "a link":
        folder.mkdir(mode=0o700)
        (elsewhere / "target").mkdir()
        (folder / compiled.version()).symlink_to(elsewhere / "target")
    else:
        folder.mkdir()
        folder.chmod(0o777)
    if planted == "another's":
        folder.chmod(0o755)
        monkeypatch.setattr(system, "user_id", lambda: 4242)
        folder.rename(elsewhere / "tmp" / "everystep-4242")
    (elsewhere / "home").touch()  # no folder can be made there
    said = []
    monkeypatch.setattr(compiled, "_say", said.append)
    monkeypatch.setattr(compiled, "_run_uncached", lambda: said.append("uncached"))
    assert compiled.keep() is None
    assert said == ["uncached"]


def test_where_nothing_can_be_kept_code_runs_uncached_and_says_so_once(package, tmp_path):
    text = (package / "machine" / "compiled.py").read_text("utf-8")
    (package / "machine" / "compiled.py").write_text(
        text.replace('            return ""\n    except', '            return "no"\n    except')
    )
    code = "import subprocess, sys; from model.caller import act; print(act(3), sum(act.stats.cache_hits.values()));"
    code += "subprocess.run([sys.executable, '-c', 'from model.caller import act; print(act(3))'])"
    environment = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True,
                         text=True, check=True)  # fmt: skip
    assert ran.stdout.split() == ["6", "0", "6"] or ran.stdout.split() == ["6", "6", "0"]
    assert ran.stderr.count("\n") == 1 and "half a minute longer" in ran.stderr


def test_a_folder_asked_for_that_cannot_be_used_is_named(package, tmp_path):
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    environment = dict(os.environ, NUMBA_CACHE_DIR=str(tmp_path / "open"))
    ran = subprocess.run([sys.executable, "-c", "from model.caller import act; print(act(3))"], cwd=tmp_path,
                         env=environment, capture_output=True, text=True, check=True)  # fmt: skip
    assert ran.stdout == "6\n"
    assert ran.stderr == f"NUMBA_CACHE_DIR is not used: {tmp_path / 'open'} can be written by everybody.\n"
    assert list((package / "__pycache__").glob("everystep-*/*/*.nbi")), "kept beside the code instead"


def test_only_the_youngest_versions_are_left(tmp_path):
    versions = [f"everystep-{letter * 12}" for letter in "abc"]
    names = [*versions, f"everystep-{'d' * 12}", "other", "everystep-view-1"]
    for age, name in enumerate(names):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (age, age))
    compiled._tidy(tmp_path, names[3])
    assert {path.name for path in tmp_path.iterdir()} == set(names[1:])


def test_the_collector_is_left_as_it_was():
    with compiled.unhurried():
        assert not gc.isenabled()
        with compiled.unhurried():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
