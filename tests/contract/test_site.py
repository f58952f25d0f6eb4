"""The pages as a site: every page has its place, nothing is fetched from elsewhere, pictures and words are those of the code."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SITE = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
MADE = {
    "index.md": ROOT / "README.md",
    "changelog.md": ROOT / "CHANGELOG.md",
    "tutorial.md": DOCS / "tutorial.ipynb",
}
"""Pages that the site makes, and of what."""


def pages(part: Any) -> list[str]:
    """The pages of a part of the navigation, in order."""
    if isinstance(part, str):
        return [part]
    return [page for one in (part.values() if isinstance(part, dict) else part) for page in pages(one)]


def room(name: str) -> Any:
    """A file of docs/site as a module."""
    spec = importlib.util.spec_from_file_location(name, DOCS / "site" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_page_stands_once_in_the_navigation_and_every_entry_is_a_page():
    there = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    listed = pages(SITE["nav"])
    assert len(listed) == len(set(listed))
    assert set(listed) == there | set(MADE)
    assert all(path.is_file() for path in MADE.values())


def test_a_broken_link_or_a_missing_page_fails_and_nothing_is_fetched_from_elsewhere():
    assert SITE["strict"] is True
    assert {"omitted_files", "absolute_links", "unrecognized_links", "anchors"} == set(SITE["validation"])
    assert set(SITE["validation"].values()) == {"warn"}  # which strict makes an error
    assert SITE["theme"]["font"] is False
    assert "://" not in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert all((DOCS / script).is_file() for script in SITE["extra"]["polyfills"])
    assert any(
        "iframe-worker" in script for script in SITE["extra"]["polyfills"]
    )  # else `offline` fetches it
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert f"{Path(SITE['site_dir']).parts[0]}/" in ignored


def test_the_picture_and_the_table_of_rooms_are_those_of_the_imports():
    architecture = room("architecture")
    late = [
        path.name for path, text in architecture.made().items() if path.read_text(encoding="utf-8") != text
    ]
    assert not late, f"{', '.join(late)} out of date: run `python docs/site/architecture.py`"


def test_every_arrow_of_the_picture_points_down_and_every_room_says_what_it_holds():
    architecture = room("architecture")
    floors = list(architecture.FLOORS)
    assert all(floors.index(one) < floors.index(other) for one, other in architecture.arrows())
    assert "|  |" not in architecture.table()
    drawn = re.findall(r'<path d="M\d+ [\d.]+ H', architecture.picture())
    assert len(drawn) == len(architecture.arrows()) >= 10


def test_words_of_the_glossary_name_files_that_are_there():
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    rows = [line.split(" | ")[-1] for line in text.splitlines() if line.startswith("| ") and ".py" in line]
    named = [name for row in rows for name in re.findall(r"`([\w/]+\.py)`", row)]
    assert [name for name in named if not (ROOT / name).is_file()] == []
    assert len(rows) > 50


def test_words_of_the_glossary_have_one_row_each():
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    terms = re.findall(r"^\| ([^|]+?) \|", text, re.MULTILINE)
    terms = [term for term in terms if term not in ("the field's term", "word", "---")]
    assert len(terms) == len(set(terms))


def test_before_a_commit_runs_what_make_lint_runs():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert [repo["repo"] for repo in hooks] == ["local"]
    assert all(hook["language"] == "system" and hook["pass_filenames"] is False for hook in hooks[0]["hooks"])
    recipe = re.search(
        r"^lint:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )[1]
    lint = [line.strip().replace("$(BIN)", ".venv/bin") for line in recipe.splitlines()]
    assert [shlex.split(hook["entry"]) for hook in hooks[0]["hooks"]] == [shlex.split(line) for line in lint]


def test_every_version_has_notes_and_each_form_has_a_name():
    version = re.search(
        r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE
    )[1]
    assert f"# Everystep {version}" in (DOCS / "releases" / f"{version}.md").read_text(encoding="utf-8")
    forms = list((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.md"))
    heads = [yaml.safe_load(form.read_text(encoding="utf-8").split("---\n")[1]) for form in forms]
    assert len(heads) >= 3 and all(set(head) == {"name", "about"} for head in heads)
    assert (ROOT / ".github" / "PULL_REQUEST_TEMPLATE.md").is_file()


def build(project: Path) -> subprocess.CompletedProcess[str]:
    """Build the site of a copy of the project."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"], cwd=project, capture_output=True, text=True
    )


@pytest.mark.slow
def test_the_site_is_built_fetches_nothing_and_refuses_a_broken_link(tmp_path):
    for name in ("mkdocs", "material", "mkdocstrings", "nbconvert"):
        pytest.importorskip(name, reason="the docs extra is not installed: make docs")
    left = shutil.ignore_patterns(
        ".venv", ".git", "__pycache__", "build", "results", "tests", "*.egg-info", ".*_cache"
    )
    project = Path(shutil.copytree(ROOT, tmp_path / "copy", ignore=left))
    done = build(project)
    assert done.returncode == 0, done.stderr
    html = {path: path.read_text(encoding="utf-8") for path in (project / "build" / "docs").rglob("*.html")}
    fetched = re.compile(
        r"<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)=[\"']?(?:https?:)?//", re.IGNORECASE
    )
    assert [path.name for path, text in html.items() if fetched.search(text)] == []
    assert len(html) > 30
    page = project / "docs" / "reading.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n[nowhere](nowhere.md)\n", encoding="utf-8")
    assert build(project).returncode != 0
