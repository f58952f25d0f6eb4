"""The page for contributors does what it says; types from outside are as good as ours, and run only when somebody says so."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from model.delivery import plugins
from model.interventions import REGISTRY
from model.parameters import Parameters
from scenarios.files.plugins import ALLOW
from scenarios.files.schema import Scenario
from scenarios.rerun import _facts
from tests.contract.door import door

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "contributing" / "intervention.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```\w+\n# (\S+\.\w+)\n(.*?)^```", PAGE, re.S | re.M))
ORACLE = "model/reference/interventions/step_challenge.py"
SMALL = ("--sample", "0.01", "--weeks", "12")


def here(*words: str, at: Path, code: int = 0) -> str:
    """The same in this process, which knows no plugin before or after."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(at)
        patch.setenv(ALLOW, "")
        try:
            told = door(*words)
        finally:
            forget()
    assert told.exit_code == code, told.stdout + told.stderr
    return told.stdout + told.stderr


def forget() -> None:
    """Let go of the plugin of the page, so that its text is read again."""
    if "step_challenge" in REGISTRY:
        REGISTRY.drop("step_challenge")
    for name in [one for one in sys.modules if one.startswith("everystep_plugin_step")]:
        del sys.modules[name]


def run(*words: str, at: Path, code: int = 0, root: Path = ROOT, **more: str) -> str:
    """A verb of the command line in a process of its own; what it printed."""
    own = {"PYTHONPATH": str(root), **more}
    told = subprocess.run([sys.executable, str(root / "run.py"), *words], cwd=at, env={**os.environ, **own},
                          capture_output=True, text=True)  # fmt: skip
    assert told.returncode == code, told.stdout + told.stderr
    assert "Traceback" not in told.stderr
    return told.stdout + told.stderr


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A folder with the files of the page that stand outside."""
    for name in ("step_challenge.py", "steps.yaml"):
        (tmp_path / name).write_text(FILES[name])
    with (tmp_path / "steps.yaml").open("a") as file:
        file.write("parameters: {warm_up_weeks: 8}\n")
    return tmp_path


@pytest.fixture
def loaded(written: Path):
    """The type of the page, in this process."""
    (kind,) = plugins.load(written / "step_challenge.py", REGISTRY)
    yield kind
    forget()


def test_a_plugin_is_checked_compared_by_two_processes_told_and_run_again(written):
    plugin = ("--plugin", "step_challenge.py")
    look = json.JSONDecoder().raw_decode(
        here("scenario", "check", "steps.yaml", *plugin, *SMALL, "--json", at=written)
    )[0]
    assert look["valid"] and look["offered"][0]["what"] == "step counters"
    asked = (
        "compare",
        "steps.yaml",
        *plugin,
        *SMALL,
        "--replicates",
        "2",
        "--jobs",
        "2",
        "--quiet",
        "--out",
        "out",
    )
    run(*asked, at=written)
    manifest = json.loads((written / "out" / "manifest.json").read_text())
    assert len(manifest["plugins"]["step_challenge"]["digest"]) == 32
    assert "Step challenge" in (written / "out" / "report.html").read_text()
    assert "--plugin" in here("rerun", "out", "--out", "again", at=written, code=2)
    (written / "step_challenge.py").write_text(FILES["step_challenge.py"] + "\n# another\n")
    assert "other results" in here(*asked, "--resume", at=written, code=2)
    before = {"plugins": {"step_challenge": {"file": "a.py", "digest": "1"}}}
    assert _facts(before)["plugin step_challenge"] == "1"  # what differs there is told


@pytest.mark.slow
def test_a_plugin_is_swept_by_two_processes(written):
    (written / "sweep.yaml").write_text(
        "schema_version: 1\nname: How many\nscenario: steps.yaml\ndesign: {method: grid}\n"
        "vary: {interventions.0.counters: [1000, 5000]}\nreplicates: 1\nsample: 0.01\nweeks: 8\n"
    )
    asked = (
        "sweep",
        "sweep.yaml",
        "--plugin",
        "step_challenge.py",
        "--jobs",
        "2",
        "--quiet",
        "--json",
        "--out",
        "out",
    )
    assert '"ok": 2' in run(*asked, at=written)
    (written / "step_challenge.py").write_text(FILES["step_challenge.py"] + "\n# another\n")
    run(*asked, "--resume", at=written, code=2)


def test_a_scenario_file_alone_runs_no_plugin(written):
    (written / "step_challenge.py").write_text("from pathlib import Path\nPath('was_run').touch()\n")
    told = here("scenario", "check", "steps.yaml", at=written, code=2)
    assert "steps.yaml:3" in told and "--plugin" in told and "--allow-plugins" in told
    assert not (written / "was_run").exists()


def test_plugins_of_files_run_when_all_are_allowed(written):
    assert "valid" in here("scenario", "check", "steps.yaml", "--allow-plugins", *SMALL, at=written)


@pytest.mark.parametrize(("change", "line", "words"), [
    (lambda text: "x = 1\n", None, "defines no type"),
    (lambda text: "def f(:\n", 1, "SyntaxError"),
    (lambda text: "\nimport nothing_like_it\n", 2, "nothing_like_it"),
    (lambda text: text.replace('"step_challenge"', '"campaign"'), 26, "is taken"),
    (lambda text: text.replace(", delivers=StepChallenge", ""), 26, "nothing delivers it"),
    (lambda text: text.replace("usual_price", "price_of_it"), 26, "has no price"),
    (lambda text: text.replace('    type: Literal["step_challenge"] = "step_challenge"\n', ""), 26, "names no type"),
])  # fmt: skip
def test_a_plugin_that_is_not_whole_is_one_clear_fault(written, change, line, words):
    (written / "step_challenge.py").write_text(change(FILES["step_challenge.py"]))
    told = here("scenario", "list", "--plugin", "step_challenge.py", at=written, code=2)
    assert words in told and len(told.strip().splitlines()) == 1
    assert f"step_challenge.py:{line}:" in told if line else True


def test_the_schema_the_builder_and_a_new_scenario_know_a_type_while_it_is_there(written):
    from scenarios.files.library import schema, template
    from viz.live.builder.controls import kinds, specification

    before = len(specification())
    plugins.load(written / "step_challenge.py", REGISTRY)
    try:
        assert "StepChallenge" in schema()["$defs"]
        assert ["step_challenge", "Step challenge"] in kinds() and len(specification()) == before + 1
        assert "#  - type: step_challenge" in template()
        plan = Scenario.from_dict({"name": "A", "interventions": [{"type": "step_challenge", "counters": 3}]})
        assert plan.interventions[0].in_words() == "3 step counters"
    finally:
        forget()
    assert "StepChallenge" not in schema()["$defs"] and len(specification()) == before


def test_settings_of_a_plugin_travel_with_its_text(loaded):
    import pickle

    sent = pickle.dumps(loaded(counters=7))
    forget()
    arrived = pickle.loads(sent)
    assert arrived.counters == 7 and REGISTRY["step_challenge"] is type(arrived)


def test_the_plain_form_of_the_page_is_equal_bit_for_bit(loaded, monkeypatch):
    from oracle.scenarios import Small
    from worlds.test_oracle import compare

    from model.reference import interventions as plain

    told: dict = {}
    exec(compile(FILES[ORACLE], ORACLE, "exec"), told)
    monkeypatch.setitem(plain.TYPES, "step_challenge", told["StepChallenge"])
    plans = (
        loaded(counters=20_000, boost=1.0, who={"level": ["inactive"]}, when={"start_week": 1, "weeks": 6}),
    )
    town = compare(Small("erewash", 4, 0.002, 9, "sport_england",
                         Parameters.default().with_values({"warm_up_weeks": 8}), plans, False))  # fmt: skip
    assert town.record().flows["joined"].sum() > 0


def test_three_files_in_a_copy_of_the_project_are_enough(tmp_path):
    for room in ("model", "scenarios", "calibration", "viz", "cli", "docs"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("images", "everystep-*"))
    shutil.copy(ROOT / "run.py", tmp_path)
    (tmp_path / "model" / "interventions" / "step_challenge.py").write_text(FILES["step_challenge.py"])
    (tmp_path / ORACLE).write_text(FILES[ORACLE])
    assert '"step_challenge"' in run("scenario", "schema", at=tmp_path, root=tmp_path)
    script = (
        "import sys; from calibration.ledger_page import filled; from model.reference.interventions import TYPES; "
        "from oracle.settings import of_type; from model.interventions import REGISTRY; "
        "assert TYPES['step_challenge'].__name__ == 'StepChallenge'; "
        "assert 'counters' in repr(of_type(REGISTRY['step_challenge'])); "
        "print(filled('<!-- table: interventions -->\\n\\n<!-- end of table -->'))"
    )
    path = os.pathsep.join([str(tmp_path), str(ROOT / "tests")])
    told = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env={**os.environ, "PYTHONPATH": path},
                          capture_output=True, text=True)  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert "## Step challenge" in told.stdout and "Step counters to hand out" in told.stdout


NOTEBOOK = """
from model.interventions import register
from scenarios import Scenario, compare
register(StepChallenge)
if __name__ == "__main__":
    plan = Scenario.from_dict({"name": "Mine", "interventions": [{"type": "step_challenge", "counters": 5000}], "parameters": {"warm_up_weeks": 8}})
    effects = compare([plan], replicates=2, sample=0.01, weeks=8, jobs=2)
    print("rows", len(effects.table()))
"""


@pytest.mark.slow  # an outcome that is typed in does so by default
def test_a_class_typed_in_runs_in_other_processes_too(tmp_path):
    (tmp_path / "study.py").write_text(FILES["step_challenge.py"] + NOTEBOOK)
    told = subprocess.run([sys.executable, "study.py"], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
                          capture_output=True, text=True)  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert "rows" in told.stdout
