"""A terminal, a log or a locale that knows no pound sign gets plain letters: nothing dies after all the work."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from cli import signs
from tests.contract.door import door as here
from tests.contract.door import one_object

ROOT = Path(__file__).parents[2]
POSIX = {"LC_ALL": "POSIX", "PYTHONUTF8": "0"}
LATIN = {"PYTHONIOENCODING": "latin-1"}


def door(*words: str, folder: Path | None = None, **environment: str) -> subprocess.CompletedProcess:
    """A command in a fresh process; its output as bytes."""
    given = {name: value for name, value in os.environ.items() if name != "PYTHONIOENCODING"}
    return subprocess.run([sys.executable, str(ROOT / "run.py"), *words], env=given | environment, cwd=folder,
                          capture_output=True)  # fmt: skip


@pytest.fixture(scope="module")
def finished():
    """A comparison with pounds in it, made under a locale that knows none."""
    folder = Path(tempfile.mkdtemp(prefix="posix-"))  # a locale that knows no accents reads no path with some
    if not str(folder).isascii():
        pytest.skip("temporary files lie under a name with accents")
    words = [
        "compare",
        "walk_and_talk",
        "--sample",
        "0.005",
        "--weeks",
        "10",
        "--replicates",
        "2",
        "--jobs",
        "1",
    ]
    yield folder, words, door(*words, "--out", str(folder / "out"), **POSIX)
    shutil.rmtree(folder)


def test_a_comparison_ends_well_and_gives_pounds_in_letters(finished):
    folder, _, ran = finished
    assert ran.returncode == 0 and b"Traceback" not in ran.stderr, ran.stderr
    assert b"GBP " in ran.stdout and ran.stdout.isascii() and ran.stderr.isascii()
    assert "£" in (folder / "out" / "report.html").read_text(encoding="utf-8"), (
        "files are what they always are"
    )


def test_json_is_the_same_under_every_locale(finished):
    folder, words, _ = finished
    words = [*words, "--resume", "--json", "--out", str(folder / "out")]
    told, usual = door(*words, **POSIX), here(*words)
    assert told.returncode == usual.exit_code == 0 and told.stdout.isascii()
    assert json.loads(told.stdout) == one_object(usual.stdout)


@pytest.mark.parametrize("words", [("compare", "--help"), ("scenario", "show", "walk_and_talk")])
@pytest.mark.parametrize("environment", [POSIX, LATIN], ids=["posix", "latin"])
def test_pages_of_words_come_through(words, environment):
    ran = door(*words, **environment)
    assert ran.returncode == 0 and b"Traceback" not in ran.stderr, ran.stderr


def test_a_result_folder_that_the_locale_cannot_read_is_refused_before_the_work(tmp_path):
    ran = door("compare", "walk_and_talk", "--out", "Résultats", folder=tmp_path, **POSIX)
    assert ran.returncode == 2 and b"Set LC_ALL=C.UTF-8" in ran.stderr and b"Traceback" not in ran.stderr
    assert not list(tmp_path.iterdir())


def test_signs_in_plain_letters():
    assert signs.plain("£5 ± 2 – “Rés” … \udce9 日") == 'GBP 5 +/- 2 - "Res" ... ? ?'
    assert all(text.isascii() for text in signs.PLAIN.values())
