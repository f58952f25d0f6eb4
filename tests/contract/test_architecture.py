"""Imports point down, and heavy libraries stand in their rooms."""

from __future__ import annotations

import ast
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("model", "scenarios", "calibration", "viz", "cli")
FILES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
ALLOWED = {
    "model": {"model"},
    "scenarios": {"model", "scenarios"},
    "calibration": {"model", "scenarios", "calibration"},
    "viz": {"model", "scenarios", "calibration", "viz"},
    "cli": set(ROOMS),
}
ONLY_IN = {
    "mesa": (
        "model/reference/",
        "model/town/town.py",
        "model/town/agents.py",
        "model/town/mesa_model.py",
        "viz/",
    ),
    "solara": ("viz/",),
    "SALib": ("calibration/",),
    "joblib": ("scenarios/batches/backends.py", "calibration/"),
    "dask": ("scenarios/batches/backends.py",),
    "ray": ("scenarios/batches/backends.py",),
    "filelock": ("scenarios/batches/locks.py",),
    "psutil": ("model/machine/system.py",),
}


def imports(path: Path, everywhere: bool) -> set[str]:
    """Modules that a file imports: at its top level, or anywhere in it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = ast.walk(tree) if everywhere else iter(tree.body)
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_rooms_import_only_rooms_below(path):
    room = path.relative_to(ROOT).parts[0]
    ours = {name.split(".")[0] for name in imports(path, everywhere=False)} & set(ROOMS)
    assert ours <= ALLOWED[room]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "model" / "kernels").glob("*.py")), ids=lambda path: path.stem
)
def test_kernels_import_nothing_of_ours_but_chance_limits_and_kernels(path):
    for name in imports(path, everywhere=True):
        if name.split(".")[0] == "model":
            assert name in (
                "model.rng",
                "model.machine.late",
                "model.limits",
                "model.population.status",
            ) or name.startswith("model.kernels"), name


ORACLE = ROOT / "model" / "reference"
SHARED_WITH_THE_ORACLE = {
    *(
        "model",
        "model.rng",
        "model.population.columns",
        "model.population.groups",
        "model.parameters",
        "model.population.people",
        "model.quantities",
    ),
    *(
        "model.population.ties",
        "model.place.place",
        "model.kernels.elementary",
        "model.delivery.settings",
        "model.town.town",
    ),
}
"""The people, the place, the numbers, plans' settings, chance, and functions whose last bit hangs on the library."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_engine_and_its_oracle_are_written_apart(path):
    names = {name for name in imports(path, everywhere=True) if name.split(".")[0] == "model"}
    oracle = {name for name in names if name.startswith("model.reference")}
    if ORACLE in path.parents:
        assert names - oracle <= SHARED_WITH_THE_ORACLE
    elif path.relative_to(ROOT).parts[0] == "model":
        assert not oracle


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_libraries_stand_in_their_rooms(path):
    where = path.relative_to(ROOT).as_posix()
    for name in imports(path, everywhere=True):
        for library, homes in ONLY_IN.items():
            if name.split(".")[0] == library:
                assert any(where.startswith(home) for home in homes), f"{where} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_chance_comes_only_from_one_file(path):
    text = path.read_text(encoding="utf-8")
    if path.name != "rng.py":
        assert "np.random" not in text and "import random" not in text


def test_git_ignores_no_file_of_the_program():
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a checkout of the repository")
    names = "\n".join(path.relative_to(ROOT).as_posix() for path in FILES)
    told = subprocess.run(
        ["git", "check-ignore", "--no-index", "--stdin"],
        cwd=ROOT,
        input=names,
        capture_output=True,
        text=True,
    )
    assert told.stdout.split() == []
