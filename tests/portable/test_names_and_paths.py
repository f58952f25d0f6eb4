"""Names that some system refuses, paths of another, and paths that are too long: told in a line, on every system alike."""

from __future__ import annotations

import builtins
import errno
import io
import os
from pathlib import Path

import pytest

from model.delivery import plugins
from model.errors import InputError
from model.files import names
from model.interventions import REGISTRY
from model.place.place import Place
from scenarios.files import library, store
from scenarios.files.parameter_sets import choose
from scenarios.files.reading import find
from scenarios.files.schema import NAME, Scenario, slug
from scenarios.sweeps import sweep_file
from scenarios.sweeps.points import from_table
from tests.contract.door import door


def said(act, *words) -> str:
    with pytest.raises(InputError) as refused:
        act(*words)
    assert len(refused.value.faults) == 1
    return str(refused.value)


@pytest.mark.parametrize("name", ["CON", "nul", "com1", "LPT9.txt", "aux.results", "Prn ", "COM²", "conin$", "a.", "a ", "a:b",
                                  "a|b", "what?", "a*", "x<y", 'say "a"'])  # fmt: skip
def test_a_folder_has_a_name_that_windows_takes(tmp_path, name):
    assert "no fit name" in said(store.claim, tmp_path / name)
    assert "no fit name" in said(store.claim, tmp_path / name / "results"), (
        "nor does one that is made on the way"
    )
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "name", ["console", "com10", "communities", "nullarbor", "Zoë's plan (2)", "auxiliary.2026", "v1.2"]
)
def test_names_that_only_look_alike_are_fine(tmp_path, name):
    assert store.claim(tmp_path / name).is_dir()


def test_a_folder_that_stands_is_taken_whatever_stands_above_it(tmp_path):
    (tmp_path / "a: b").mkdir()
    assert store.claim(tmp_path / "a: b" / "results").is_dir()


@pytest.mark.parametrize("name", ["con", "aux", "nul", "com1", "lpt3", "prn"])
def test_no_scenario_gives_its_files_the_name_of_a_device(tmp_path, name):
    for made in (slug(name), slug(name.upper()), Scenario.from_dict({"name": name}).slug):
        assert made == f"{name}_" and NAME.fullmatch(made) and not names.is_device(made)
    assert f"Did you mean '{name}_'" in said(library.new, name, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.sep == "\\", reason="these are paths of this system")
@pytest.mark.parametrize(
    "path", ["C:\\data\\erewash", "d:/data", "\\\\server\\share\\town", "\\\\?\\C:\\x", "data\\erewash"]
)
def test_a_path_of_windows_is_told_as_one_wherever_it_is_given(tmp_path, path):
    wanted = "written with \\, as on Windows" if path.startswith("data") else "is a path of a Windows machine"
    assert wanted in said(Place.load, path)
    assert wanted in said(find, path) and wanted in said(find, f"{path}.yaml")
    assert wanted in said(plugins.load, f"{path}.py", REGISTRY)
    assert wanted in said(store.claim, path)
    assert wanted in said(sweep_file.read, f"{path}.yaml") and wanted in said(choose, f"{path}.csv", 12)
    assert wanted in said(from_table, Path(f"{path}.csv"))
    (tmp_path / "plan.yaml").write_text(
        f"name: Plan\nplace: '{path}'\nplugins: ['{path}.py']\n", encoding="utf-8"
    )
    for plugin in (True, False):
        if not plugin:
            (tmp_path / "plan.yaml").write_text(f"name: Plan\nplace: '{path}'\n", encoding="utf-8")
        told = door("scenario", "check", str(tmp_path / "plan.yaml"))
        assert (
            told.exit_code == 2 and wanted in told.stderr and f"plan.yaml:{3 if plugin else 2}" in told.stderr
        )
    if path.startswith("data"):
        assert "Write data/erewash" in said(Place.load, path)


def test_a_path_with_either_stroke_is_no_name():
    assert all(map(names.is_path, ("a/b", "a\\b", ".", "C:plan", "\\\\server\\plan"))) and not names.is_path(
        "walk_and_talk"
    )


def test_a_file_that_is_there_is_read_whatever_it_is_called(tmp_path, monkeypatch):
    if os.sep == "\\":
        pytest.skip("Windows has no such names")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "C:\\plan.yaml").write_text("name: Plan\n", encoding="utf-8")
    assert find("C:\\plan.yaml").is_file()


# ------------------------------------------------------------------------------------------------ long paths


@pytest.fixture
def short(monkeypatch):
    """A system that takes paths of 260 characters, as Windows does, and says of longer ones that they are not there."""

    def limited(act):
        def guarded(path, *words, **more):
            if isinstance(path, str | os.PathLike) and len(os.fspath(path)) > 259:
                raise FileNotFoundError(errno.ENOENT, "No such file or directory", os.fspath(path))
            return act(path, *words, **more)

        return guarded

    for where, name in ((builtins, "open"), (io, "open"), (os, "open"), (os, "mkdir")):
        monkeypatch.setattr(where, name, limited(getattr(where, name)))


@pytest.mark.parametrize("length", [150, 200, 258, 300])
def test_a_folder_too_deep_for_what_will_lie_in_it_is_refused_before_the_work(tmp_path, short, length):
    path = tmp_path
    while len(str(path)) < length - 41:
        path = path / ("d" * 39)
    path = path / ("e" * (length - len(str(path)) - 1))
    assert "is a longer path than this system takes" in said(store.claim, path)
    assert not path.exists()
    assert store.claim(tmp_path / "near").is_dir() and not list((tmp_path / "near").iterdir())


def test_the_longest_name_within_a_folder_of_results_is_reckoned_with():
    run, check = "f" * 32, "e" * 32
    longest = f"parts/whole/kept/effects/runs/.{run}-{check}.parquet.1234567890.tmp"
    assert len(longest) + 1 <= store.INSIDE


def test_a_path_that_turns_out_too_long_is_wrong_input_and_no_fault_of_ours(tmp_path, short, capsys):
    from typer import Exit

    from cli.door import verb

    @verb
    def act(as_json: bool = False) -> None:
        (tmp_path / ("x" * 120) / ("y" * 120)).open("w", encoding="utf-8")

    with pytest.raises(Exit) as stop:
        act()
    told = capsys.readouterr().err
    assert stop.value.exit_code == 2 and "longer than this system takes" in told and "Traceback" not in told
