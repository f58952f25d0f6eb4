"""A manifest says what was run, by which code, with which numbers; and it can be run again."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "contract"))

from door import door
from fake_town import FakeScenario, open_fake
from towns import SWEEP, open_quick

from model.errors import InputError
from model.parameters import Parameters
from scenarios import compare
from scenarios.batches import runner
from scenarios.files import store
from scenarios.files.schema import Scenario
from scenarios.provenance import identity, program
from scenarios.rerun import rerun
from scenarios.results.compared import Effects
from scenarios.results.result_folder import FILES
from scenarios.runs import job
from scenarios.simulate import simulate
from scenarios.sweeps.sweep import sweep


def usual(opener):
    """An opener that stands for the usual one."""

    def opened(task):
        return opener(task)

    opened.stands_for = job.open_town
    return opened


def pairs(out: Path, **more) -> Effects:
    more = {
        "replicates": 6,
        "sample": 0.05,
        "weeks": 12,
        "jobs": 1,
        "opener": usual(open_quick),
        "out": out,
    } | more
    plan = Scenario.load("walk_and_talk")
    return compare([plan, plan.changed({"interventions.0.groups": 20})], **more)


def again(monkeypatch, folder: Path, out: Path):
    """Run it again with quick towns in the place of the usual ones."""
    monkeypatch.setattr(runner, "run_job", _quick(runner.run_job))
    return rerun(folder, out, jobs=1)


def _quick(real):
    return lambda task, progress=None, opener=None: real(task, progress, open_quick)


@pytest.mark.parametrize(
    "more", [{}, {"parameters": "fitted", "seed": 3}, {"replicates": 3, "rank_by": "gap"}]
)
def test_a_comparison_comes_out_the_same(tmp_path, monkeypatch, more):
    pairs(tmp_path / "one", **more)
    told = again(monkeypatch, tmp_path / "one", tmp_path / "two")
    assert told.same and told.differs == {}, told.lines()
    count = len(FILES) - 1  # all but the manifest
    assert told.lines() == [f"{count} of {count} files came out the same, byte for byte."]


def test_one_run_comes_out_the_same(tmp_path, monkeypatch):
    simulate("walk_and_talk", sample=0.05, weeks=12, opener=usual(open_quick), out=tmp_path / "one")
    assert again(monkeypatch, tmp_path / "one", tmp_path / "two").same


def test_what_differs_is_said(tmp_path, monkeypatch):
    pairs(tmp_path / "one", replicates=2)
    path = tmp_path / "one" / "manifest.json"
    told = json.loads(path.read_text())
    told["files"]["weekly.parquet"], told["packages"]["numpy"], told["commit"] = "0" * 64, "1.0", "abc"
    path.write_text(json.dumps(told))
    found = again(monkeypatch, tmp_path / "one", tmp_path / "two")
    assert not found.same and [name for name, same in found.files.items() if not same] == ["weekly.parquet"]
    assert found.differs["numpy"][0] == "1.0" and found.differs["commit"][0] == "abc"
    assert "differs: weekly.parquet" in found.lines()


def test_a_sweep_comes_out_the_same(tmp_path, monkeypatch):
    sweep(SWEEP | {"weeks": 12}, tmp_path / "one", opener=usual(open_quick), apart=False, jobs=1)
    from scenarios import rerun as module
    from scenarios.sweeps.sweep import sweep as real

    monkeypatch.setattr("scenarios.sweeps.sweep.sweep", lambda plan, out, **more: real(
        plan, out, **more | {"apart": False, "opener": usual(open_quick)}))  # fmt: skip
    told = module.rerun(tmp_path / "one", tmp_path / "two", jobs=1)
    assert told.same and "runs.parquet" in told.files, told.lines()


def test_what_cannot_be_run_again_says_why(tmp_path):
    with pytest.raises(InputError, match="holds no finished results"):
        rerun(tmp_path, tmp_path / "two")
    compare([FakeScenario("Walk", 0.2)], 2, baseline=FakeScenario("Baseline"), opener=open_fake, jobs=1,
            out=tmp_path / "one")  # fmt: skip
    with pytest.raises(InputError, match="opener of one's own"):
        rerun(tmp_path / "one", tmp_path / "two")
    said = door("rerun", str(tmp_path / "one"))
    assert said.exit_code == 2 and "Traceback" not in said.stderr


def test_the_manifest_has_every_set_of_parameters_in_full(tmp_path):
    manifest = pairs(tmp_path / "one").manifest
    told = store.read_json(tmp_path / "one" / "manifest.json")["parameters"]["in_full"]
    assert told == json.loads(json.dumps(manifest["parameters"]["in_full"]))
    assert [one["replicates"] for one in told] == [[0, 1], [2, 3], [4, 5]]
    for one in told:
        assert Parameters.default().with_values(one["values"]).digest == one["digest"]
        assert set(one["values"]) == set(Parameters.default().values)


# ------------------------------------------------------------------------------------------------ which program


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """A repository of somebody else's that this program is installed into."""
    _git(tmp_path, "init", "-q")
    (tmp_path / "theirs.txt").write_text("x")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "theirs")
    return tmp_path


def _git(folder: Path, *words: str) -> str:
    return subprocess.run(
        ["git", "-C", str(folder), *words], capture_output=True, text=True, check=True
    ).stdout


def _place(folder: Path, monkeypatch) -> None:
    (folder / "model").mkdir(parents=True, exist_ok=True)
    (folder / "model" / "__init__.py").write_text("")
    monkeypatch.setattr(program, "ROOT", folder.resolve())


def test_a_commit_of_the_repository_it_is_installed_into_is_not_told(project, monkeypatch):
    _place(project / ".venv" / "lib" / "site-packages", monkeypatch)
    assert (program.commit(), program.changed_files()) == (None, None)
    _place(project, monkeypatch)  # copied into it, and not tracked
    assert program.commit() is None


def test_files_that_differ_from_the_commit_are_named(project, monkeypatch):
    _place(project, monkeypatch)
    _git(project, "add", ".")
    _git(project, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "ours")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert program.commit() == _git_head(project) and program.changed_files() == []
    (project / "model" / "__init__.py").write_text("changed = True\n")
    (project / "model" / "new.py").write_text("")
    (project / "notes.txt").write_text("no code")
    assert program.changed_files() == ["model/__init__.py", "model/new.py"]


def _git_head(folder: Path) -> str:
    return (folder / ".git" / "refs" / "heads" / _git_branch(folder)).read_text()[:12]


def _git_branch(folder: Path) -> str:
    return (folder / ".git" / "HEAD").read_text().strip().rpartition("/")[2]


def test_the_version_is_that_of_the_checkout(tmp_path, monkeypatch):
    monkeypatch.setattr(program, "ROOT", tmp_path)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "everystep"\nversion = "9.8.7"\n')
    assert program.version() == "9.8.7"
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "theirs"\nversion = "1.2.3"\n')
    assert program.version() != "1.2.3"


def test_manifests_name_the_code(tmp_path):
    told = pairs(tmp_path / "one", replicates=2).manifest
    assert told["code_digest"] == identity.code_digest() and told["everystep_version"] == program.version()
    assert told["commit"] == program.commit() and told["changed_files"] == program.changed_files()
