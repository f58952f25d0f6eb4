"""The door: verbs, exit statuses, one JSON object on standard output, faults in plain lines."""

import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

import run
from tests.contract.door import door, one_object

ROOT = Path(__file__).resolve().parents[2]
TINY = ["--sample", "0.01", "--weeks", "8"]


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    out = tmp_path_factory.mktemp("cli") / "walk"
    result = door(
        "compare",
        "walk_and_talk",
        "none",
        *TINY,
        "--replicates",
        "2",
        "--jobs",
        "1",
        "--out",
        str(out),
        "--json",
    )
    assert result.exit_code == 0, result.stderr
    return out, one_object(result.stdout)


def test_help_names_only_verbs_that_exist():
    words = door("--help").stdout
    for verb in ("simulate", "compare", "place", "scenario", "report", "doctor"):
        assert verb in words
    verbs = {command.name or command.callback.__name__ for command in run.app.registered_commands}
    for verb in ("sweep", "sensitivity", "calibrate", "validate", "bench"):
        assert (verb in words) == (verb in verbs)


def test_help_is_quick():
    began = time.perf_counter()
    done = subprocess.run([sys.executable, str(ROOT / "run.py"), "--help"], capture_output=True, timeout=30)
    assert done.returncode == 0
    assert time.perf_counter() - began < 1.5, "0.15 s on a quiet machine"


def test_the_door_imports_nothing_heavy():
    heavy = {"mesa", "numpy", "numba", "pandas", "solara", "joblib", "matplotlib"}
    code = f"import sys, run; print(sorted({heavy} & set(sys.modules)))"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=30)
    assert done.stdout.strip() == "[]"


def test_a_reader_who_leaves_early_is_no_fault():
    words = [sys.executable, str(ROOT / "run.py"), "scenario", "schema"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        process.stdout.close()
        assert process.stderr.read() == ""


def test_compare_json_has_its_keys(compared):
    out, told = compared
    assert {"baseline", "replicates", "effects"} <= set(told)
    assert told["baseline"] == "baseline" and told["replicates"] == 2
    named = {"scenario", "outcome", "group", "level", "horizon_weeks", "baseline_value", "scenario_value", "difference",
             "ci_low", "ci_high"}  # fmt: skip
    assert all(named <= set(row) for row in told["effects"])
    assert {row["scenario"] for row in told["effects"]} == {"walk_and_talk", "none"}
    assert (out / "report.html").stat().st_size > 10_000


def test_the_null_intervention_changes_nothing(compared):
    _, told = compared
    null = [row for row in told["effects"] if row["scenario"] == "none" and row["difference"] is not None]
    assert null and all(row["difference"] == 0 for row in null)


def test_report_can_be_built_again(compared):
    out, _ = compared
    (out / "report.html").unlink()
    result = door("report", str(out), "--json")
    assert result.exit_code == 0
    assert Path(one_object(result.stdout)["report"]) == out / "report.html"
    assert (out / "report.html").exists()


def test_simulate_json_has_its_keys():
    result = door("simulate", "baseline", *TINY, "--json", "--place", "erewash", "--seed", "3")
    told = one_object(result.stdout)
    assert {"scenario", "place", "seed", "sample", "residents", "weeks", "seconds", "resident_weeks_per_second",
            "outcomes", "by", "gaps"} <= set(told)  # fmt: skip
    assert (told["place"], told["seed"], told["sample"], told["weeks"]) == ("erewash", 3, 0.01, 8)
    assert 0 < told["outcomes"]["inactive"] < 1
    assert set(told["by"]["imd_quintile"]) == {"1", "2", "3", "4", "5"}
    assert math.isclose(sum(told["outcomes"][name] for name in ("inactive", "fairly_active", "active")), 1)


def test_simulate_prints_a_table_by_attribute():
    words = door("simulate", "baseline", *TINY, "--quiet")
    assert words.exit_code == 0 and words.stderr == ""
    for shown in ("Everybody", "Deprivation fifth", "limited a lot", "85+", "Inactive"):
        assert shown in words.stdout


def test_same_seed_same_result_and_another_seed_another():
    def outcomes(seed: str) -> dict:
        return one_object(door("simulate", "baseline", *TINY, "--json", "--seed", seed).stdout)["outcomes"]

    assert outcomes("5") == outcomes("5") != outcomes("6")


@pytest.mark.parametrize(("words", "said"), [
    (["simulate", "walk_and_tlak"], "walk_and_talk"),
    (["simulate", "baseline", "--place", "erewish"], "erewash"),
    (["simulate", "baseline", "--sample", "0"], "sample"),
    (["simulate", "baseline", "--sample", "nan"], "sample"),
    (["simulate", "baseline", "--years", "-1"], "years"),
    (["simulate", "baseline", "--years", "1", "--weeks", "3"], "years"),
    (["simulate", "baseline", "--seed", "0"], "seed"),
    (["compare", "none", "--replicates", "0"], "replicates"),
    (["compare", "none", "--baseline", "basline"], "baseline"),
    (["compare", "none", "--replicates", "10001"], "replicates"),
    (["compare", "none", "--replicates", "10000"], "max-resident-weeks"),
    (["report", "/nowhere/at/all"], "no finished results"),
    (["scenario", "check", "walk_and_tlak"], "walk_and_talk"),
    (["scenario", "show", "walk_and_tlak"], "walk_and_talk"),
    (["place", "show", "erewish"], "erewash"),
    (["place", "check", "erewish"], "erewash"),
])  # fmt: skip
def test_wrong_input_is_told_in_plain_lines(words, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plain = door(*words)
    assert plain.exit_code == 2
    assert said in plain.stderr and "Traceback" not in plain.stderr and plain.stdout == ""
    told = door(*words, "--json")
    assert told.exit_code == 2
    faults = one_object(told.stdout)["errors"]
    assert faults and all(
        {"file", "line", "key", "found", "allowed", "hint"} <= set(fault) for fault in faults
    )


def test_wrong_usage_is_status_2():
    for words in (
        ["simulat"],
        ["simulate"],
        ["simulate", "baseline", "--sampel", "1"],
        ["--jobs", "1", "doctor"],
    ):
        assert door(*words).exit_code == 2


def test_a_folder_of_others_is_not_overwritten(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    result = door("compare", "none", *TINY, "--replicates", "1", "--out", str(tmp_path))
    assert result.exit_code == 2 and "holds other files" in result.stderr
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_one_replicate_says_that_there_is_no_interval(tmp_path):
    words = ["compare", "none", *TINY, "--replicates", "1", "--jobs", "1", "--out", str(tmp_path / "r")]
    told = one_object(door(*words, "--json").stdout)
    assert all(row["ci_low"] is None for row in told["effects"])
    assert "no interval" in door(*words, "--resume").stderr


def test_lists_and_checks_of_the_library():
    assert {row["name"] for row in one_object(door("scenario", "list", "--json").stdout)["scenarios"]} >= {
        "baseline", "none", "walk_and_talk", "social_prescribing", "better_park", "together", "fair_share"}  # fmt: skip
    told = one_object(door("scenario", "check", "together", "--json").stdout)
    assert (told["valid"], told["errors"], told["warnings"]) == (True, [], [])
    assert "interventions" in door("scenario", "show", "walk_and_talk").stdout
    assert one_object(door("scenario", "schema").stdout)["type"] == "object"
    assert len(one_object(door("place", "list", "--json").stdout)["places"]) >= 17
    assert one_object(door("place", "show", "erewash", "--json").stdout)["zones"]
    assert one_object(door("place", "check", "erewash", "--json").stdout)["valid"]


def test_a_new_scenario_is_valid_and_never_overwrites(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = one_object(door("scenario", "new", "my_walk", "--json").stdout)["path"]
    assert door("scenario", "check", made).exit_code == 0
    before = Path(made).read_text()
    assert door("scenario", "new", "my_walk").exit_code == 2
    assert Path(made).read_text() == before


def stopped_after(seconds: float, out: Path) -> subprocess.CompletedProcess:
    """A comparison in one process, sent a Ctrl-C this long after its first replicate."""
    words = ["compare", "none", "--sample", "0.01", "--weeks", "20", "--replicates", "200", "--jobs", "1"]
    process = subprocess.Popen([sys.executable, str(ROOT / "run.py"), *words, "--out", str(out)], start_new_session=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
    deadline = time.time() + 60
    while not list(out.glob("parts/runs/*.parquet")) and time.time() < deadline and process.poll() is None:
        time.sleep(0.02)
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=30)
    return subprocess.CompletedProcess(words, process.returncode, stdout, stderr)


def check_stopped(ended: subprocess.CompletedProcess, out: Path) -> None:
    assert ended.returncode == 130, ended.stderr
    assert ended.stdout == "" and "--resume" in ended.stderr and "Traceback" not in ended.stderr
    assert list(out.glob("parts/runs/*.parquet")) and not (out / "manifest.json").exists()


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_ctrl_c_keeps_what_is_done(tmp_path):
    check_stopped(stopped_after(0, tmp_path / "r"), tmp_path / "r")


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_ctrl_c_is_obeyed_wherever_it_falls(tmp_path):
    for number in range(40):
        check_stopped(stopped_after(0.0137 * number, tmp_path / str(number)), tmp_path / str(number))


LONG = "a" * 300


@pytest.mark.parametrize(
    "words",
    [
        ["place", "check", LONG],
        ["place", "check", f"{LONG}.yaml"],
        ["compare", "better_park", "--place", LONG],
        ["simulate", "baseline", "--place", LONG],
        ["simulate", "baseline", "--sample", "0.01", "--weeks", "1", "--parameters", f"{LONG}.yaml"],
        ["simulate", "baseline", "--sample", "0.01", "--weeks", "1", "--out", LONG],
        ["compare", "better_park", "--sample", "0.01", "--weeks", "1", "--out", LONG],
        ["report", LONG],
        ["scenario", "schema", "--out", LONG],
    ],
    ids=lambda words: " ".join(words).replace(LONG, "LONG"),
)
def test_a_name_too_long_for_any_disk_is_one_fault(words, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    told = door(*words)
    assert told.exit_code == 2
    assert told.stderr.count("error:") == 1 and "too long" in told.stderr and ", 30" in told.stderr
    assert "Traceback" not in told.stderr and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("written", "advice"),
    [("10%", "write 0.1."), ("2.5%", "write 0.025."), ("a%", "such as 0.1"), ("ten", "such as 0.1")],
)
def test_a_sample_in_percent_is_told_as_a_share(written, advice):
    told = door("simulate", "baseline", "--sample", written)
    said = " ".join(told.stderr.replace("│", " ").split())
    assert told.exit_code == 2 and f"'{written}' is not a share" in said and advice in said


def test_lines_of_progress_say_the_minutes_that_are_left(monkeypatch):
    from cli import door as shared

    said, clock = [], iter([0.0, 0.0, 60.0, 660.0])
    monkeypatch.setattr(shared, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    monkeypatch.setattr(shared, "say", said.append)
    tell = shared._lines("Runs")
    tell(10, 40)
    tell(20, 40)
    assert said == ["Runs: 10 of 40 done, 0 failed", "Runs: 20 of 40 done, 0 failed, about 22 min left"]
