"""Results are read as they were written, and nobody's are written over unasked."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "contract"))

from fake_town import FakeScenario, open_fake
from towns import SWEEP, open_quick

from model.errors import InputError
from scenarios import compare
from scenarios.files import store
from scenarios.provenance import checks, occupied
from scenarios.results import costs, programmes
from scenarios.results.compared import Effects
from scenarios.simulate import simulate
from scenarios.sweeps import inventory
from scenarios.sweeps.sweep import Sweep, sweep
from viz.report import results as pages

BASE, WALK, OTHER = FakeScenario("Baseline"), FakeScenario("Walk", 0.2), FakeScenario("Other", 0.1)


def pairs(out: Path | None, plan=WALK, replicates: int = 2, **more) -> Effects:
    return compare([plan], replicates, baseline=BASE, opener=open_fake, jobs=1, out=out, **more)


def here(out: Path, spec: dict = SWEEP, **more) -> Sweep:
    return sweep(spec, out, **{"opener": open_quick, "apart": False, "jobs": 1} | more)


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x10
    path.write_bytes(content)


# ------------------------------------------------------------------------------------------------ read as written


@pytest.mark.parametrize("name", ["runs.parquet", "effects.parquet"])
def test_a_flipped_byte_in_a_table_of_a_sweep_is_told(tmp_path, name):
    done = here(tmp_path / "one")
    flip(done.folder / name)
    read = done.effects if name == "effects.parquet" else done.differences
    with pytest.raises(InputError, match=f"{name}.*not those that were written.*--resume"):
        read()
    assert len(here(tmp_path / "one", resume=True).effects()), "its own hint mends it"


def test_a_plan_of_a_sweep_that_was_changed_is_told(tmp_path):
    done = here(tmp_path / "one")
    path = done.folder / "plan.json"
    path.write_text(
        path.read_text().replace(
            '"points":[{"interventions.0.groups":1}', '"points":[{"interventions.0.groups":9}'
        )
    )
    with pytest.raises(InputError, match=r"plan\.json.*not those that were written"):
        Sweep.load(done.folder)


@pytest.mark.parametrize("name", ["effects.parquet", "versus.csv"])
def test_a_flipped_byte_in_a_table_of_a_comparison_is_told(tmp_path, name):
    out = pairs(tmp_path / "one").directory
    flip(out / name)
    with pytest.raises(InputError, match=f"{name}.*not those that were written"):
        Effects.load(out)


@pytest.mark.parametrize("name", ["weekly.parquet", "place.json", "effects.parquet", "versus.csv"])
def test_a_report_is_not_built_from_damaged_tables(tmp_path, name):
    out = pairs(tmp_path / "one").directory
    flip(out / name)
    with pytest.raises(InputError, match=f"{name}.*not those that were written"):
        pages.read(out)


@pytest.mark.parametrize(("name", "read"), [("places_used.csv", programmes.read), ("costs.csv", costs.of_folder),
                                            ("weekly.parquet", lambda out: Effects.load(out).runs())])  # fmt: skip
def test_no_reader_takes_a_damaged_table(tmp_path, name, read):
    out = pairs(tmp_path / "one").directory
    flip(out / name)
    with pytest.raises(InputError, match="not those that were written"):
        read(out)


def test_a_table_that_has_gone_is_told(tmp_path):
    out = pairs(tmp_path / "one").directory
    (out / "versus.csv").unlink()
    with pytest.raises(InputError, match=r"versus.csv.*missing"):
        Effects.load(out)


def test_damaged_runs_are_not_left_out_of_an_export_unasked(tmp_path):
    done = here(tmp_path / "one")
    flip(next((done.folder / "runs").glob("pack-*.parquet")))
    with pytest.raises(InputError, match="damaged"):
        inventory.export(done.folder, tmp_path / "all.csv")
    assert not (tmp_path / "all.csv").exists()


# ------------------------------------------------------------------------------------------------ what there is


def test_an_unfinished_sweep_gives_what_runs_there_are(tmp_path):
    whole = here(tmp_path / "whole")
    first = {**SWEEP, "vary": {"interventions.0.groups": [1, 2]}}
    here(tmp_path / "one", first)
    part = here(tmp_path / "one", resume=True, max_seconds=0.0)
    with pytest.raises(InputError, match="partial=True"):
        part.effects()
    effects, expected = part.effects(partial=True), whole.effects()
    assert set(effects["point"]) == {0, 1}
    assert effects["difference"].equals(expected.loc[expected["point"] < 2, "difference"])
    assert set(part.runs(partial=True)["point"]) == set(part.differences(partial=True)["point"]) == {0, 1}


def test_tables_of_an_older_plan_are_not_taken_for_those_of_this_one(tmp_path):
    here(tmp_path / "one", {**SWEEP, "vary": {"interventions.0.groups": [4, 1]}})
    part = here(tmp_path / "one", resume=True, max_seconds=0.0)  # now 1, 2, 3, 4
    end = part.differences(partial=True).groupby("point")["difference"].mean()
    assert set(end.index) == {0, 3} and end[3] < end[0] < 0


def test_a_sweep_without_a_run_says_so(tmp_path):
    none = here(tmp_path / "one", max_seconds=0.0)
    with pytest.raises(InputError, match="no run yet"):
        none.effects(partial=True)


# ------------------------------------------------------------------------------------------------ nobody's lost


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize(
    "more", [{"plan": OTHER}, {"seed": 2}, {"sample": 0.05}, {"replicates": 1}, {"weeks": 12}]
)
def test_results_of_another_question_are_not_written_over(tmp_path, more):
    before = contents(pairs(tmp_path / "one").directory)
    with pytest.raises(InputError, match=r"holds other results: .*2 replicates.*--overwrite"):
        pairs(tmp_path / "one", **more)
    assert contents(tmp_path / "one") == before and not (tmp_path / "one" / "parts").exists()
    assert pairs(tmp_path / "one", overwrite=True, **more).directory is not None


def test_what_lies_there_is_said(tmp_path):
    pairs(tmp_path / "one")
    with pytest.raises(InputError, match=r"Walk in .* 30 weeks 2 replicates seed 1 of 20\d\d"):
        pairs(tmp_path / "one", OTHER)


def test_more_replicates_of_the_same_question_may_take_the_place_of_fewer(tmp_path):
    pairs(tmp_path / "one")
    assert pairs(tmp_path / "one", replicates=6).manifest["replicates"] == 6, "an ensemble now"
    pairs(tmp_path / "one", replicates=6)


def test_results_of_other_code_are_not_written_over(tmp_path, monkeypatch):
    from scenarios.runs import design

    pairs(tmp_path / "one")
    for module in (design, occupied):
        monkeypatch.setattr(module, "code_digest", lambda: "0" * 32)
    with pytest.raises(InputError, match="by other code"):
        pairs(tmp_path / "one", resume=True)


def test_an_unfinished_comparison_is_not_thrown_away_for_another(tmp_path):
    def stopping(job):
        if job.replicate == 1:
            raise KeyboardInterrupt
        return open_fake(job)

    stopping.stands_for = open_fake
    with pytest.raises(KeyboardInterrupt):
        compare([WALK], 2, baseline=BASE, opener=stopping, jobs=1, out=tmp_path / "one")
    for resume in (False, True):
        with pytest.raises(InputError, match="unfinished"):
            pairs(tmp_path / "one", OTHER, resume=resume)
    assert len(list((tmp_path / "one" / "parts" / "runs").glob("*.parquet"))) == 1
    pairs(tmp_path / "one", resume=True)


def test_without_a_folder_of_ones_own_results_stand_beside_others(tmp_path):
    names = [pairs(tmp_path / "one", plan, aside=True).directory.name for plan in (WALK, OTHER, OTHER, WALK)]
    assert names == ["one", "one_2", "one_2", "one"]


def test_kinds_of_results_are_not_written_over_each_other(tmp_path):
    pairs(tmp_path / "pairs")
    here(tmp_path / "sweep")
    for resume in (False, True):
        with pytest.raises(InputError, match="another kind"):
            here(tmp_path / "pairs", resume=resume)
    for overwrite in (False, True):
        with pytest.raises(InputError, match="the sweep test"):
            pairs(tmp_path / "sweep", overwrite=overwrite)
    with pytest.raises(InputError, match="other results"):
        simulate(WALK, opener=open_fake, out=tmp_path / "pairs")
    with pytest.raises(InputError, match="other results"):
        pairs(None, OTHER).save(tmp_path / "pairs")


def test_two_at_once_on_one_folder_get_a_sentence(tmp_path):
    (tmp_path / "one").mkdir()
    with occupied.alone(tmp_path / "one"), pytest.raises(InputError) as error:
        pairs(tmp_path / "one")
    assert str(error.value).startswith("out: another process is at work in this folder (found ")
    assert str(tmp_path / "one") + ")" in str(error.value) and len(error.value.faults) == 1
    pairs(tmp_path / "one")
    assert not (tmp_path / "one" / "parts").exists()


def test_a_process_killed_at_once_leaves_a_folder_that_can_be_used(tmp_path):
    (tmp_path / "one" / "parts").mkdir(parents=True)
    (tmp_path / "one" / "parts" / store.LOCK).touch()
    assert pairs(tmp_path / "one").directory is not None


def test_further_files_can_be_vouched_for(tmp_path):
    out = pairs(tmp_path / "one").directory
    (out / "mine.json").write_text("{}")
    checks.vouch(out, ["mine.json"])
    checks.held(out, "mine.json")
    (out / "mine.json").write_text("[]")
    with pytest.raises(InputError, match=r"mine\.json"):
        checks.held(out, "mine.json")
