"""A bundle holds for each machine a closed set of packages, told by the markers of that machine, in the versions tried here."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from cli import environment, first, ready
from cli.bundle import fetch as fetching
from cli.bundle import folder, made, wanted, wheels
from cli.bundle.fetch import CannotBundle, NoWheel
from cli.bundle.targets import SYSTEMS, targets
from model.errors import InputError
from tests.contract.door import door

ROOT = Path(__file__).parents[2]
WINDOWS, APPLE, INTEL, LINUX = targets(SYSTEMS, ["3.11"])
INDEX = {
    "town-1.0-py3-none-any": ["signs; sys_platform == 'win32'", "maths<3", "page[scripts]", "appnope; platform_system == 'Darwin'"],
    "signs-0.4-py2.py3-none-any": [],
    "appnope-0.1-py3-none-any": ["deep"],
    "deep-2.0-py3-none-any": [],
    "page-1.0-py3-none-any": ["old; python_version < '3.11'", "scripts-of-it; extra == 'scripts'", "never; extra == 'all'"],
    "scripts_of_it-7.0-py3-none-any": ["arm; platform_machine == 'arm64'"],
    "arm-1.0-py3-none-any": [],
    "maths-2.0-cp311-cp311-win_amd64": ["core==2.0"],
    "maths-2.0-cp311-cp311-macosx_12_0_arm64": ["core==2.0"],
    "maths-2.0-cp311-cp311-manylinux_2_28_x86_64": ["core==2.0"],
    "maths-1.5-cp311-cp311-macosx_11_0_x86_64": ["core<2"],
    "maths-3.0-cp311-cp311-macosx_11_0_x86_64": [],
    "core-2.0-cp39-abi3-win_amd64": [],
    "core-2.0-cp39-abi3-macosx_11_0_arm64": [],
    "core-2.0-cp39-abi3-manylinux2014_x86_64": [],
    "core-1.9-cp39-abi3-macosx_10_9_x86_64": [],
    "setuptools-80.0-py3-none-any": [],
    "wheel-0.45-py3-none-any": [],
    "assets-1.0-py3-none-any": [],
}  # fmt: skip
"""What an index has: the names of wheels, and what each asks for."""
HERE = {"town": "1.0", "maths": "2.0", "core": "2.0", "page": "1.0", "scripts-of-it": "7.0"}
"""What is installed here: a Linux, so nothing of other systems."""


def write_wheel(path: Path, asks: list[str] = (), python: str = ">=3.8") -> Path:
    name, version, *_ = path.name.split("-")
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", f"Requires-Python: {python}"]
    with zipfile.ZipFile(path, "w") as wheel:
        lines += [f"Requires-Dist: {one}" for one in asks]
        wheel.writestr(f"{name}-{version}.dist-info/METADATA", "\n".join(lines) + "\n")
        wheel.writestr("inside.py", os.urandom(1000))
    return path


@pytest.fixture
def index(monkeypatch, tmp_path):
    """An index of wheels in place of the network; what was asked of it."""
    shelf, asked, there = tmp_path / "index", [], dict(INDEX)
    shelf.mkdir()

    def fetch(lines, target, to, tell):
        asked.extend(lines)
        for line in lines:
            one = Requirement(line)
            for name, asks in there.items():
                write_wheel(shelf / f"{name}.whl", asks)
            fits = [(version, path) for name, version, path in wheels.read(shelf, target)
                    if name == one.name and version in one.specifier]  # fmt: skip
            if not fits:
                raise NoWheel(one.name)
            tell()
            path = max(fits)[1]
            (to / path.name).write_bytes(path.read_bytes())

    monkeypatch.setattr(wheels, "fetch", fetch)
    monkeypatch.setattr(wheels, "build", lambda *_: False)
    monkeypatch.setattr(wanted, "version_here", HERE.get)
    monkeypatch.setattr(wanted, "of_installed", lambda name: next(
        (asks for wheel, asks in there.items() if name in HERE and wheel.startswith(f"{name}-{HERE[name]}-")), []))  # fmt: skip
    fetch.asked, fetch.there = asked, there
    return fetch


def gathered(target, to: Path, roots: tuple[str, ...] = ("town",)) -> set[str]:
    to.mkdir(exist_ok=True)
    return {path.name.rsplit("-", 3)[0] for _, path in wheels.gather(list(roots), target, to, lambda *_: None).values()}  # fmt: skip


# ------------------------------------------------------------------------------------------------ which wheels


def test_each_machine_gets_what_its_own_markers_ask_for(index, tmp_path):
    shared = {"town-1.0", "page-1.0", "scripts_of_it-7.0", "maths-2.0", "core-2.0"}
    assert gathered(LINUX, tmp_path / "w") == shared
    assert gathered(WINDOWS, tmp_path / "w") == shared | {"signs-0.4"}
    assert gathered(APPLE, tmp_path / "w") == shared | {"appnope-0.1", "deep-2.0", "arm-1.0"}


def test_a_version_without_a_wheel_gives_way_with_all_that_holds_it_and_nothing_else_does(index, tmp_path):
    found = gathered(INTEL, tmp_path / "w")
    assert {"maths-1.5", "core-1.9"} <= found and {"town-1.0", "page-1.0"} <= found


def test_what_lies_there_is_not_fetched_again_and_what_serves_all_lies_once(index, tmp_path):
    for target in (WINDOWS, LINUX):
        gathered(target, tmp_path / "w")
    assert len([line for line in index.asked if line.startswith("town")]) == 1
    assert (
        len(list((tmp_path / "w").glob("town-*"))) == 1 and len(list((tmp_path / "w").glob("maths-*"))) == 2
    )
    before = len(index.asked)
    gathered(WINDOWS, tmp_path / "w")
    assert len(index.asked) == before


def test_a_package_without_a_wheel_is_named_with_the_machine(index, tmp_path):
    index.there["town-1.0-py3-none-any"] = ["rocket>=1; sys_platform == 'win32'"]
    with pytest.raises(CannotBundle, match=r"^rocket>=1 has no wheel for Windows, Python 3\.11: leave that"):
        gathered(WINDOWS, tmp_path / "w")
    assert gathered(LINUX, tmp_path / "w") == {"town-1.0"}


def test_versions_that_cannot_fit_together_end_in_words(index, tmp_path):
    with pytest.raises(CannotBundle, match="core"):
        gathered(LINUX, tmp_path / "w", ("town", "core<1"))


def test_a_package_that_comes_as_source_alone_is_built_once(index, tmp_path, monkeypatch):
    built = []

    def build(line, target, to):
        built.append(line)
        return bool(write_wheel(to / "drawn-1.0-py3-none-any.whl"))

    monkeypatch.setattr(wheels, "build", build)
    for target in (WINDOWS, LINUX):
        assert "drawn-1.0" in gathered(target, tmp_path / "w", ("town", "drawn==1.0"))
    assert built == ["drawn==1.0"]


def test_what_is_built_here_for_here_alone_is_not_taken(tmp_path, monkeypatch):
    made_here = {"x==1": "x-1-py3-none-any.whl", "y==1": "y-1-cp311-cp311-linux_x86_64.whl", "z==1": "z-1-py3-none-any.whl"}  # fmt: skip

    def pip(words, tell):
        write_wheel(Path(words[words.index("--wheel-dir") + 1]) / made_here[words[-1]],
                    python=">=3.11.5" if words[-1] == "z==1" else ">=3.8")  # fmt: skip

    monkeypatch.setattr(fetching, "_pip", pip)
    (tmp_path / "w").mkdir()
    assert [fetching.build(line, LINUX, tmp_path / "w") for line in made_here] == [True, False, False]
    assert [path.name for path in (tmp_path / "w").iterdir()] == ["x-1-py3-none-any.whl"]


def test_a_wheel_that_not_every_release_of_a_python_runs_is_not_taken(tmp_path):
    write_wheel(tmp_path / "a-1-py3-none-any.whl", python=">=3.11.5")
    write_wheel(tmp_path / "b-1-py3-none-any.whl", python=">=3.11")
    (tmp_path / "no wheel.whl").write_text("")
    assert [name for name, _, _ in wheels.read(tmp_path, LINUX)] == ["b"]
    assert [name for name, _, _ in wheels.read(tmp_path, next(targets(["linux"], ["3.12"])))] == ["a", "b"]


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [("WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError'\nERROR: No matching distribution "
      "found for town==1.0", CannotBundle, "no network"),
     ("ERROR: Could not find a version that satisfies the requirement town==1.0\nERROR: No matching distribution found for "
      "town==1.0", NoWheel, "town"),
     ("ERROR: disk full", CannotBundle, "disk full"), ("", CannotBundle, "it said nothing")],
)  # fmt: skip
def test_what_pip_says_is_told_in_a_line(said, kind, words):
    error = fetching._why(said)
    assert type(error) is kind and words in str(error) and "\n" not in str(error)


def test_pip_is_asked_for_the_machine_and_not_for_this_one(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(fetching, "_pip", lambda words, tell: asked.extend(words))
    fetching.fetch(["town==1.0"], INTEL, tmp_path, lambda: None)
    assert {
        "--no-deps",
        "--only-binary=:all:",
        "macosx_12_0_x86_64",
        "macosx_10_9_x86_64",
        "town==1.0",
    } <= set(asked)
    assert "macosx_12_0_arm64" not in asked and asked[asked.index("--python-version") + 1] == "3.11"


# ------------------------------------------------------------------------------------------------ the folder


@pytest.fixture
def project(index, tmp_path, monkeypatch):
    """A small project of its own, without git, with what is no part of it."""
    root = tmp_path / "project"
    files = {
        "pyproject.toml": '[build-system]\nrequires = ["setuptools>=68"]\n[project]\ndependencies = ["town"]\n'
        '[project.optional-dependencies]\noffline = ["assets==1.0"]\n',
        "run.py": "", "model/a.py": "", "model/wheels/kept.txt": "", "start.command": "", "results/mine/effects.csv": "",
        ".venv/bin/python": "", "build/docs/index.html": "", "model/__pycache__/a.pyc": "", "wheels/old.whl": "",
        "everystep.egg-info/PKG-INFO": "", ".mypy_cache/x.json": "",
    }  # fmt: skip
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "start.command").chmod(0o755)
    monkeypatch.setattr(made, "ROOT", root)
    monkeypatch.setattr(folder, "_followed", lambda root: [])
    monkeypatch.setattr(
        folder, "pages", lambda root, to: (to.mkdir(), (to / "index.html").write_text("pages"))
    )
    return root


def make(out: Path, systems=SYSTEMS, pages=True, overwrite=False) -> made.Bundle:
    return made.make(out, list(systems), ["3.11"], pages, overwrite, None, lambda _: None)


def test_it_holds_program_packages_pages_and_a_first_page_and_nothing_of_the_users(project, tmp_path):
    done = make(tmp_path / "out")
    files = {
        path.relative_to(tmp_path / "out").as_posix()
        for path in (tmp_path / "out").rglob("*")
        if path.is_file()
    }
    assert {name for name in files if not name.startswith("wheels/")} == {
        "pyproject.toml", "run.py", "model/a.py", "model/wheels/kept.txt", "start.command", "docs-site/index.html",
        "READ ME FIRST.txt", "python/installers of Python go here.txt", "bundle.json"}  # fmt: skip
    names = [Path(name).name for name in files if name.startswith("wheels/")]
    assert any(name.startswith("setuptools-") for name in names) and any(
        name.startswith("assets-") for name in names
    )
    assert os.access(tmp_path / "out" / "start.command", os.X_OK)
    assert not made.draft_of(tmp_path / "out").exists()
    note = json.loads((tmp_path / "out" / "bundle.json").read_text())
    assert note["finished"] and note["wheels"] == len(names) and str(tmp_path) not in json.dumps(note)
    assert done.total_bytes <= folder.bytes_in(tmp_path / "out")
    sizes = {part.title: part for part in done.parts}
    assert list(sizes) == [
        f"{one}, Python 3.11" for one in ("Windows", "macOS, Apple chip", "macOS, Intel chip", "Linux")
    ]
    assert max(part.bytes for part in done.parts) < done.wheel_bytes < sum(part.bytes for part in done.parts)
    assert sizes["macOS, Intel chip, Python 3.11"].others["maths"] == ("1.5", "2.0")
    told = "\n".join(made.lines(done))
    assert "maths 1.5 (here 2.0)" in told and all(title in told for title in sizes)


def test_the_first_page_says_what_to_do_on_each_system(project, tmp_path):
    make(tmp_path / "out")
    raw = (tmp_path / "out" / "READ ME FIRST.txt").read_bytes()
    text = raw.decode("ascii")
    assert raw.count(b"\r\n") == raw.count(b"\n"), "an old editor of Windows needs both"
    for words in ("start.cmd", "start.command", "py -3.11 run.py", "python3.11 run.py", "docs-site/index.html", "python3-venv"):  # fmt: skip
        assert words in text


def test_one_that_was_stopped_is_gone_on_with(project, index, tmp_path, monkeypatch):
    fetch = wheels.fetch

    def stopped(lines, target, *more):
        if target is not first_one:
            raise KeyboardInterrupt
        fetch(lines, target, *more)

    first_one = next(targets(SYSTEMS, ["3.11"]))
    monkeypatch.setattr(made, "targets", lambda *_: [first_one, LINUX])
    monkeypatch.setattr(wheels, "fetch", stopped)
    with pytest.raises(KeyboardInterrupt):
        make(tmp_path / "out")
    assert not (tmp_path / "out").exists() and list((made.draft_of(tmp_path / "out") / "wheels").iterdir())
    kept = made.draft_of(tmp_path / "out") / "wheels"
    write_wheel(kept / "old-1-py3-none-any.whl")  # of another version of the project
    cut = next(kept.glob("page-*"))
    cut.write_bytes(cut.read_bytes()[:100])
    before = len(index.asked)
    monkeypatch.setattr(wheels, "fetch", fetch)
    make(tmp_path / "out")
    assert (
        not any(line.startswith("town") for line in index.asked[before:])
        and "page==1.0" in index.asked[before:]
    )
    assert not (tmp_path / "out" / "wheels" / "old-1-py3-none-any.whl").exists()


def test_a_folder_of_others_stays_and_a_bundle_goes_only_when_that_is_asked(project, tmp_path):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "thesis.txt").write_text("mine")
    for overwrite in (False, True):
        with pytest.raises(InputError, match="is no bundle"):
            make(tmp_path / "theirs", overwrite=overwrite)
    assert (tmp_path / "theirs" / "thesis.txt").read_text() == "mine"
    (tmp_path / "out").mkdir()
    make(tmp_path / "out", ["linux"])
    with pytest.raises(InputError, match="--overwrite"):
        make(tmp_path / "out", ["windows"])
    make(tmp_path / "out", ["windows"], pages=False, overwrite=True)
    assert "docs-site" not in (tmp_path / "out" / "READ ME FIRST.txt").read_text()
    assert not list((tmp_path / "out" / "wheels").glob("*manylinux*"))
    (project / "bundle.json").write_text(
        '{"everystep_version": "0.2.0"}'
    )  # a bundle that makes one of itself
    with pytest.raises(InputError, match="holds the program"):
        make(project, ["linux"], overwrite=True)
    assert (project / "run.py").is_file()


def test_where_there_is_git_it_holds_what_git_follows(tmp_path):
    try:
        subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    except OSError:
        pytest.skip("no git here")
    for name in ("run.py", "ä b.txt", "mine.csv"):
        (tmp_path / name).write_text("")
    assert Path("mine.csv") in folder.program(tmp_path)  # git follows nothing yet
    subprocess.run(["git", "-C", str(tmp_path), "add", "run.py", "ä b.txt"], check=True)
    assert folder.program(tmp_path) == [Path("run.py"), Path("ä b.txt")]


def test_the_pages_are_built_as_make_docs_builds_them(tmp_path, monkeypatch):
    asked = []

    def run(command, **_):
        asked.extend(command)
        return subprocess.CompletedProcess(command, 1, b"", b"INFO\nERROR  -  a link that leads nowhere")

    monkeypatch.setattr(folder.subprocess, "run", run)
    with pytest.raises(CannotBundle, match="a link that leads nowhere"):
        folder.pages(ROOT, tmp_path / "site")
    assert " ".join(asked[1:6]) in (ROOT / "Makefile").read_text(encoding="utf-8")


# ------------------------------------------------------------------------------------------------ the door


@pytest.mark.parametrize(
    ("words", "said"), [(["--system", "amiga"], "amiga"), (["--python", "3.10", "--no-pages"], "allowed: 3.11, 3.12, 3.13")]
)  # fmt: skip
def test_a_system_or_a_python_that_is_none_is_refused(words, said, tmp_path):
    done = door("bundle", "--out", str(tmp_path / "out"), *words)
    assert done.exit_code == 2 and said in done.stderr and "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_the_tools_of_the_pages_come_by_themselves(monkeypatch):
    entered = []
    monkeypatch.setattr(ready, "hinders", lambda: "")
    monkeypatch.setattr(ready, "gone", lambda names: [name for name in names if name == "mkdocs"])
    monkeypatch.setattr(environment, "is_wanted", lambda: True)
    monkeypatch.setattr(environment, "enter", lambda words, extra="": entered.append(extra) or 0)
    first.check(["bundle", "--no-pages"])
    assert not entered
    with pytest.raises(SystemExit):
        first.check(["bundle"])
    assert entered == ["docs"]


def test_every_module_of_the_pages_tools_comes_with_the_extra():
    told = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    extra = next(line for line in told.splitlines() if line.startswith("docs = "))
    assert all(f'"{name}' in extra or f'"mkdocs-{name}' in extra for name in first.TOOLS["bundle"][2])
