"""What a result folder may be called: as people call folders, and nothing that leads elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from model.errors import InputError
from scenarios.files import store


@pytest.mark.parametrize(
    "name",
    [
        "Results March 2026",
        "Résultats d'été",
        "walk_and_talk.2",
        "(draft) £5m & more",
        "日本",
        "_old",
        "é" * 100,
    ],
)
def test_names_that_people_give_are_fit(tmp_path, name):
    folder = store.claim(tmp_path / name)
    assert folder == tmp_path.resolve() / name and folder.is_dir()
    store.write_json(folder / "manifest.json", {store.MARK: "1", "out": str(folder)})
    assert store.claim(folder) == folder
    assert store.read_json(folder / "manifest.json")["out"] == str(folder)


@pytest.mark.parametrize(
    ("name", "said"),
    [(".hidden", "begin with"), ("-x", "begin with"), (" x", "begin with"), ("x.", "ends with"), ("x ", "ends with"),
     ("a:b", "holds :"), ("a|b", "holds |"), ("a\nb", "cannot be seen"), ("a\u202eb", "cannot be seen"),
     ("é" * 101, "200 bytes"), ("..", None), ("R\udce9sultats", "locale")],
)  # fmt: skip
def test_names_that_mislead_are_refused(tmp_path, name, said):
    (tmp_path / "within").mkdir()
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(InputError) as error:
        store.claim(tmp_path / "within" / name)
    assert (said or "holds other files") in str(error.value)
    assert not list((tmp_path / "within").iterdir()) and "\n" not in str(error.value)


def test_a_link_with_a_fit_name_is_refused(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "Results March").symlink_to(tmp_path / "real")
    with pytest.raises(InputError, match="symbolic link"):
        store.claim(tmp_path / "Results March")


def test_a_user_without_a_home_has_results_all_the_same(tmp_path, monkeypatch):
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000_000)
    with pytest.raises(RuntimeError):
        Path.home()
    assert store.claim(tmp_path / "results").is_dir()
    with pytest.raises(InputError, match="no such home is known"):
        store.claim("~/results")


def test_a_file_name_that_is_no_text_is_kept_in_json(tmp_path):
    store.write_json(tmp_path / "a.json", {"command": "R\udce9sultats", "cost": "£5"})
    assert store.read_json(tmp_path / "a.json") == {"command": "R\udce9sultats", "cost": "£5"}
