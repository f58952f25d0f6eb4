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
WANTED = [*PROJECT["dependencies"], *(one for name in ("dev", "cluster", "offline") for one in PROJECT["optional-dependencies"][name])]  # fmt: skip


def test_constraints_are_names_and_exact_versions_alone():
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.+!]*", line) for line in PINNED)
    assert "everystep" not in VERSIONS and len(VERSIONS) == len(PINNED)


@pytest.mark.parametrize("wanted", WANTED)
def test_constraints_fit_what_the_project_asks_for(wanted):
    asked = Requirement(wanted)
    assert asked.specifier.contains(VERSIONS[canonicalize_name(asked.name)], prereleases=True)


def test_the_container_has_all_that_is_installed_and_its_exact_versions():
    copied = " ".join(re.findall(r"^COPY (.*) \S+$", RECIPE, re.MULTILINE)).split()
    assert all((ROOT / name).exists() for name in copied)
    assert {
        "model",
        "scenarios",
        "calibration",
        "viz",
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
