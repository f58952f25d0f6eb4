"""Runs of other code are other runs: told apart in their names, refused where they would be mixed."""

import shutil
import sys
from functools import partial
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from towns import SWEEP, QuickTown, open_quick, open_slow

from model.errors import InputError
from scenarios.batches import executors
from scenarios.files import store
from scenarios.provenance import identity
from scenarios.runs import design
from scenarios.runs.job import open_town
from scenarios.sweeps.sweep import Sweep, planned, sweep

ROOT = Path(__file__).parents[2]


def here(out: Path, spec: dict = SWEEP, **more) -> Sweep:
    return sweep(spec, out, **{"opener": open_quick, "apart": False, "jobs": 1} | more)


def open_stronger(job) -> QuickTown:
    """Another town altogether."""
    return QuickTown(job, 0.5)


def of_other_code(monkeypatch) -> None:
    """From here on this process takes itself for another version."""
    for module in (identity, design):
        monkeypatch.setattr(module, "code_digest", lambda: "0" * 32)


# ------------------------------------------------------------------------------------------------ what it covers


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("code")
    for room in ("model", "scenarios"):
        for path in (ROOT / room).rglob("*.py"):
            (root / path.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, root / path.relative_to(ROOT))
    return root


@pytest.mark.parametrize("name", [
    "model/kernels/choice.py", "model/outcomes/levels.py", "scenarios/runs/rows.py", "scenarios/results/effects.py",
    "scenarios/runs/job.py", "scenarios/runs/design.py", "scenarios/batches/work.py", "scenarios/runs/run_tables.py", "scenarios/files/schema.py",
    "scenarios/results/over_time.py", "scenarios/statistics/estimates.py"])  # fmt: skip
def test_all_that_shapes_rows_is_in_the_fingerprint(copy, name):
    before, path = identity.sources.__wrapped__(copy), copy / name
    path.write_bytes(path.read_bytes() + b"\n# changed\n")
    after = identity.sources.__wrapped__(copy)
    assert [one for one in before if before[one] != after[one]] == [name]


def test_words_are_not_in_the_fingerprint():
    told = identity.sources()
    assert not {"scenarios/findings/sentences.py", "cli/door.py", "scenarios/comparison.py"} & set(told)


def test_the_name_of_a_run_holds_code_and_opener(monkeypatch):
    def names(**more) -> set[str]:
        return {run_id for ids in planned(SWEEP, **more).runs for run_id in ids}

    usual, own = names(), names(opener=identity.opener_mark(open_stronger))
    of_other_code(monkeypatch)
    assert not usual & own and not usual & names()


def test_openers_are_told_apart_by_their_code_and_what_they_hold():
    def held(push):
        return lambda job: QuickTown(job, push)

    marks = [
        open_stronger,
        open_quick,
        partial(QuickTown, push=0.1),
        partial(QuickTown, push=0.2),
        held(1),
        held(2),
    ]
    assert len({identity.opener_mark(one) for one in marks}) == len(marks)
    assert identity.opener_mark(open_slow) == identity.opener_mark(open_quick), (
        "it says that it stands for it"
    )
    assert identity.opener_mark(open_town) == ""


def test_the_code_of_an_opener_is_its_file_and_what_that_draws_on(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "my_helper.py").write_text("PUSH = 0.1\n")
    (tmp_path / "my_opener.py").write_text(
        "from my_helper import PUSH\n\ndef opened(job):\n    return PUSH\n"
    )
    from my_opener import opened

    before = identity.opener_mark(opened)
    (tmp_path / "my_helper.py").write_text("PUSH = 0.2\n")
    assert identity.opener_mark(opened) != before


def test_an_opener_that_was_typed_in_is_told_by_its_code():
    made = []
    for push in (0.1, 0.2):
        space = {"__name__": "__main__", "QuickTown": QuickTown}
        exec(
            f"def inner(job):\n    return QuickTown(job, {push})\ndef opened(job):\n    return inner(job)",
            space,
        )
        made.append(identity._typed_in(space["opened"], set()))
    assert list(made[0]) != list(made[1])


# ------------------------------------------------------------------------------------------------ never mixed


def test_resume_with_other_code_is_refused_and_nothing_is_lost(tmp_path, monkeypatch):
    done = here(tmp_path / "one")
    before = {path: path.read_bytes() for path in done.folder.rglob("*") if path.is_file()}
    of_other_code(monkeypatch)
    with pytest.raises(InputError, match="runs of two codes are not mixed"):
        here(tmp_path / "one", resume=True)
    assert before == {path: path.read_bytes() for path in done.folder.rglob("*") if path.is_file()}


def test_resume_with_another_opener_is_refused(tmp_path):
    here(tmp_path / "one")
    with pytest.raises(InputError, match=r"another opener.*stands_for"):
        here(tmp_path / "one", resume=True, opener=open_stronger)


def test_resume_with_another_question_is_refused(tmp_path):
    here(tmp_path / "one")
    with pytest.raises(InputError, match="another sweep"):
        here(tmp_path / "one", SWEEP | {"seed": 2}, resume=True)


def test_a_store_from_before_openers_were_told_is_refused(tmp_path):
    done = here(tmp_path / "one")
    told = store.read_json(done.folder / "plan.json")
    store.write_json(
        done.folder / "plan.json", {key: told[key] for key in told if key not in ("code", "sum")}
    )
    with pytest.raises(InputError, match="of an older version"):
        here(tmp_path / "one", resume=True)


def test_a_worker_of_other_code_is_refused_when_it_joins(tmp_path, monkeypatch):
    of_other_code(monkeypatch)  # here alone: workers read their own files
    with pytest.raises(InputError, match="the code of this worker is not that of the coordinator") as error:
        sweep(SWEEP, tmp_path / "one", opener=open_quick, jobs=1)
    assert error.value.faults[0].allowed == "0" * 32
    ends = list(executors.run(abs, [(0, -1)], 1, apart=True))
    assert ends[0].fault is not None


def test_a_worker_with_another_opener_is_refused(monkeypatch):
    sent = identity.SameCode(abs, identity.code_digest(), open_stronger, "0" * 32)
    with pytest.raises(InputError, match="the opener of this worker"):
        sent(-1)
