"""What a reviewer of research software asks for: exact versions, a container recipe, a citation, ways to get help."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PINNED = [line for line in (ROOT / ".ci" / "constraints.txt").read_text(encoding="utf-8").splitlines()
          if not line.startswith("#")]  # fmt: skip
VERSIONS = {canonicalize_name(name): version for name, version in (line.split("==") for line in PINNED)}
RECIPE = (ROOT / ".ci" / "Containerfile").read_text(encoding="utf-8")
EXTRAS = {name: [one for one in wanted if not one.startswith("everystep[")]
          for name, wanted in PROJECT["optional-dependencies"].items()}  # fmt: skip
TESTED = ("dev", "cluster", "notebook", "browser", "offline")
"""Extras that the environment of the tests holds."""
WANTED = [*PROJECT["dependencies"], *(one for name in TESTED for one in EXTRAS[name])]


def test_constraints_are_names_and_exact_versions_alone():
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.+!]*", line) for line in PINNED)
    assert "everystep" not in VERSIONS and len(VERSIONS) == len(PINNED)


@pytest.mark.parametrize("wanted", WANTED)
def test_constraints_fit_what_the_project_asks_for(wanted):
    asked = Requirement(wanted)
    assert asked.specifier.contains(VERSIONS[canonicalize_name(asked.name)], prereleases=True)


def test_what_running_needs_names_no_tool_of_tests_or_pages():
    needed = {Requirement(one).name for one in PROJECT["dependencies"]}
    extra = {Requirement(one).name for name in ("dev", "notebook", "browser", "docs") for one in EXTRAS[name]}
    assert not needed & extra


def test_each_extra_is_declared_once():
    names = [Requirement(one).name for extra in (*TESTED, "ray") for one in EXTRAS[extra]]
    assert len(names) == len(set(names))
    assert "everystep[cluster,notebook,browser]" in PROJECT["optional-dependencies"]["dev"]


def rules() -> dict[str, str]:
    """What each rule of the Makefile needs first."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w-]+): ?(.*)$", text, re.MULTILINE))


def test_running_installs_no_extra_and_testing_does():
    assert rules()["run"] == "setup" and rules()["setup"] == ".venv/ready"
    recipe = re.search(
        r"^\.venv/ready: .*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M
    )
    assert recipe[1].splitlines()[-1].split() == ["$(PYTHON)", "run.py", "setup"]
    for verb in ("test", "test-slow", "test-kills", "test-floors", "test-bundle", "lint", "constraints"):
        assert rules()[verb] == ".venv/ready-dev", verb
    assert rules()["docs"] == ".venv/ready-docs"


def test_the_container_has_all_that_is_installed_and_its_exact_versions():
    copied = " ".join(re.findall(r"^COPY (.*) \S+$", RECIPE, re.MULTILINE)).split()
    assert all((ROOT / name).exists() for name in copied)
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert {
        *(name.rstrip("*") for name in tools["packages"]["find"]["include"]),
        "run.py",
        "pyproject.toml",
        ".ci/constraints.txt",
    } <= set(copied)
    assert "--constraint constraints.txt" in RECIPE
    assert RECIPE.index("USER ") < RECIPE.index("ENTRYPOINT")  # nobody simulates as root
    low, high = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", PROJECT["requires-python"]).groups()
    assert int(low) <= int(re.search(r"^FROM python:3\.(\d+)", RECIPE, re.MULTILINE)[1]) < int(high)


def test_the_citation_names_its_authors():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors", "version", "license"} <= set(citation)
    assert citation["authors"] and all(
        "name" in one or {"given-names", "family-names"} <= set(one) for one in citation["authors"]
    )


@pytest.mark.parametrize("page", ["SUPPORT", "CONTRIBUTING", "SECURITY"])
def test_ways_to_get_help_are_linked_from_the_front_page(page):
    assert (ROOT / "docs" / f"{page}.md").is_file()
    assert f"docs/{page}.md" in (ROOT / "README.md").read_text(encoding="utf-8")
