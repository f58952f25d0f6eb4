"""Every verb's words come through on a terminal of Windows, which knows 251 signs and stops at any other."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import run
from cli import door, signs

ROOT = Path(__file__).parents[2]

ALL = """
import json, sys
import run

ends = []
for words in json.load(open(sys.argv[1], encoding="utf-8")):
    sys.argv[1:] = words
    print("=====", *words)
    try:
        run.app(words)
    except SystemExit as end:
        ends.append(end.code)
print(json.dumps(ends), file=sys.stderr)
"""

PLAN = "name: Zoë's plan → 2 ≥ 1 日本\ndescription: £5 − “quick”\n"
SWEEP = """
name: two sizes − 日本
scenario: walk_and_talk
vary: {interventions.0.groups: [10, 20]}
replicates: 2
sample: 0.01
weeks: 8
"""


def verbs() -> list[str]:
    """All verbs, those of groups too."""
    found = [one.name or one.callback.__name__ for one in run.app.registered_commands]
    for group in run.app.registered_groups:
        found += [f"{group.name or group.typer_instance.info.name} {one.name or one.callback.__name__}"
                  for one in group.typer_instance.registered_commands]  # fmt: skip
    return found


def spoken(tmp_path: Path, commands: list[list[str]], encoding: str) -> tuple[list[int], str, str]:
    """Exit statuses of commands, done one after the other in one fresh process, and what they said."""
    (tmp_path / "commands.json").write_text(json.dumps(commands), encoding="utf-8")
    environment = os.environ | {
        "PYTHONIOENCODING": f"{encoding}:strict",
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "100",
    }
    ran = subprocess.run([sys.executable, "-c", ALL, str(tmp_path / "commands.json")], cwd=tmp_path, env=environment,
                         capture_output=True)  # fmt: skip
    out, err = ran.stdout.decode(encoding), ran.stderr.decode(encoding)
    assert ran.returncode == 0, err
    lines = err.strip().splitlines()
    return json.loads(lines[-1]), out, "\n".join(lines[:-1])


@pytest.mark.parametrize("encoding", ["cp1252", "cp437"])
def test_every_page_of_help_comes_through(tmp_path, encoding):
    words = [["--help"], *(f"{verb} --help".split() for verb in verbs())]
    ends, out, err = spoken(tmp_path, words, encoding)
    assert ends == [0] * len(words) and not err and out.count("Usage:") == len(words)


@pytest.mark.slow  # `make test-portable` says everything on such a terminal
def test_what_verbs_say_comes_through(tmp_path):
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "broken.yaml").write_text(PLAN + "größe: 1\n", encoding="utf-8")
    (tmp_path / "two.yaml").write_text(SWEEP, encoding="utf-8")
    (tmp_path / "town 日本").mkdir()
    few = ["--sample", "0.01", "--weeks", "30"]
    said = {
        0: [["scenario", "list"], ["scenario", "show", "plan.yaml"], ["scenario", "check", "plan.yaml"], ["scenario", "schema"],
            ["scenario", "new", "mine"], ["place", "list"], ["place", "show", "erewash"], ["simulate", "walk_and_talk", *few],
            ["compare", "plan.yaml", "walk_and_talk", *few, "--jobs", "1", "--replicates", "2", "--out", "pair 日本"],
            ["sweep", "two.yaml", "--jobs", "1", "--out", "two"], ["store", "list", "."], ["store", "check", "two"],
            ["store", "export", "two", "--to", "two.csv"]],
        2: [["scenario", "check", "broken.yaml"], ["scenario", "check", "broken.yaml", "--json"], ["place", "check", "town 日本"],
            ["compare", "C:\\plan.yaml"]],
    }  # fmt: skip
    ends, out, err = spoken(tmp_path, [*said[0], *said[2]], "cp1252")
    assert ends == [0] * len(said[0]) + [2] * len(said[2]), (ends, err)
    assert "Traceback" not in err and "Zoë" in out and "£" in out


def test_a_bar_of_progress_comes_through(monkeypatch):
    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    screen = Terminal(io.BytesIO(), encoding="cp1252", errors="strict")
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    signs.speak()
    with door.progress_bar("Runs − 日本", hidden=False) as tell:
        for done in range(3):
            tell(done, 3, failed=1)
    screen.flush()
    assert "Runs - ?? (1 failed)" in screen.buffer.getvalue().decode("cp1252")
