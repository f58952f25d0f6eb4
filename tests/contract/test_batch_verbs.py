"""The door of batches: sweep, sensitivity, discover, store; one JSON object, and the exit status that is true."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from tests.contract.door import door, one_object

ROOT = Path(__file__).resolve().parents[2]
FILE = """\
scenario: walk_and_talk
vary: {interventions.0.groups: [10, 40]}
replicates: 2
sample: 0.01
weeks: 40
"""


@pytest.fixture(scope="module")
def swept(tmp_path_factory) -> tuple[Path, dict]:
    folder = tmp_path_factory.mktemp("verbs")
    (folder / "sweep.yaml").write_text(FILE)
    result = door("sweep", str(folder / "sweep.yaml"), "--out", str(folder / "out"), "--jobs", "1", "--json")
    assert result.exit_code == 0, result.stderr
    return folder, one_object(result.stdout)


def test_sweep_json_has_its_keys(swept):
    folder, told = swept
    assert {"planned", "ok", "failed", "seconds", "out"} <= set(told)
    assert (told["planned"], told["ok"], told["failed"], told["out"]) == (4, 4, 0, str(folder / "out"))


def test_a_second_time_needs_resume_and_is_quick(swept):
    folder, _ = swept
    words = ["sweep", str(folder / "sweep.yaml"), "--out", str(folder / "out")]
    refused = door(*words)
    assert refused.exit_code == 2 and "--resume" in refused.stderr
    again = door(*words, "--resume", "--quiet")
    assert again.exit_code == 0 and "4 of 4 runs are done" in again.stdout


def test_a_wrong_file_gives_lines_and_status_2(tmp_path):
    (tmp_path / "bad.yaml").write_text("scenario: walk_and_talk\nvary: {interventions.0.grups: [1]}\n")
    result = door("sweep", str(tmp_path / "bad.yaml"), "--out", str(tmp_path / "out"), "--json")
    fault = one_object(result.stdout)["errors"][0]
    assert result.exit_code == 2 and fault["line"] == 2 and "groups" in fault["hint"]
    assert door("sweep", str(tmp_path / "none.yaml")).exit_code == 2
    assert not (tmp_path / "out").exists()


def test_time_is_up_ends_with_130_and_says_how_far(swept, tmp_path):
    folder, _ = swept
    result = door(
        "sweep", str(folder / "sweep.yaml"), "--out", str(tmp_path / "out"), "--max-seconds", "0", "--json"
    )
    assert result.exit_code == 130 and one_object(result.stdout)["ok"] < 4


def test_ctrl_c_is_safe_and_resume_goes_on(tmp_path):
    (tmp_path / "sweep.yaml").write_text(FILE.replace("replicates: 2", "replicates: 20"))
    words = [sys.executable, str(ROOT / "run.py"), "sweep", str(tmp_path / "sweep.yaml"), "--out", str(tmp_path / "out"),
             "--jobs", "2"]  # fmt: skip
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("out/runs/*.parquet")) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130, said.decode()
    assert b"--resume goes on" in said and b"Traceback" not in said
    state = one_object(door("store", "check", str(tmp_path / "out"), "--json").stdout)
    assert state["damaged"] == [] and 0 < state["ok"] < 40 and not state["sound"]


def test_store_verbs_tell_check_and_export(swept, tmp_path):
    folder, _ = swept
    (row,) = one_object(door("store", "list", str(folder), "--json").stdout)["sweeps"]
    assert (row["points"], row["ok"]) == (2, 4)
    assert one_object(door("store", "check", str(folder / "out"), "--json").stdout)["sound"]
    for name in ("all.csv", "all.parquet"):
        told = one_object(
            door("store", "export", str(folder / "out"), "--to", str(tmp_path / name), "--json").stdout
        )
        read = pd.read_csv if name.endswith("csv") else pd.read_parquet
        frame = read(tmp_path / name)
        assert len(frame) == told["rows"] and set(frame["interventions.0.groups"]) == {10, 40}
    assert door("store", "export", str(folder / "out"), "--to", str(tmp_path / "all.xlsx")).exit_code == 2
    assert door("store", "check", str(tmp_path)).exit_code == 2


def test_a_damaged_store_is_told_and_mended(swept, tmp_path):
    import shutil

    folder, _ = swept
    shutil.copytree(folder / "out", tmp_path / "out")
    pack = next((tmp_path / "out" / "runs").glob("*.parquet"))
    content = bytearray(pack.read_bytes())
    content[len(content) // 2] ^= 1
    pack.write_bytes(content)
    found = door("store", "check", str(tmp_path / "out"), "--json")
    assert found.exit_code == 1 and len(one_object(found.stdout)["damaged"]) == 1
    words = [
        "sweep",
        str(folder / "sweep.yaml"),
        "--out",
        str(tmp_path / "out"),
        "--resume",
        "--jobs",
        "1",
        "--quiet",
    ]
    assert door(*words).exit_code == 0
    assert (tmp_path / "out" / "runs.parquet").read_bytes() == (folder / "out" / "runs.parquet").read_bytes()
    assert door("store", "check", str(tmp_path / "out")).exit_code == 0


def test_sensitivity_and_discover_and_report(tmp_path):
    out = str(tmp_path / "out")
    words = [
        "--vary",
        "uptake_base",
        "--points",
        "4",
        "--replicates",
        "1",
        "--sample",
        "0.01",
        "--weeks",
        "40",
    ]
    result = door("sensitivity", "walk_and_talk", *words, "--out", out, "--jobs", "1", "--json")
    assert result.exit_code == 0, result.stderr
    told = one_object(result.stdout)
    assert {"scenario", "outcome", "method", "runs", "converged", "seed_share", "parameters"} <= set(told)
    assert [row["name"] for row in told["parameters"]] == ["parameters.uptake_base", "dummy"]
    assert Path(told["report"]).is_file()
    Path(told["report"]).unlink()
    assert door("report", out).exit_code == 0 and Path(told["report"]).is_file()
    found = one_object(door("discover", out, "--json").stdout)
    assert found["points"] == 12 and Path(found["figure"]).is_file() and found["words"]
    assert door("discover", out, "--when", "wins").exit_code == 2
    assert door("sensitivity", "walk_and_talk", "--vary", "uptake_bass", "--out", out).exit_code == 2


def test_compare_stops_when_it_is_precise_enough(tmp_path):
    words = ["--sample", "0.01", "--weeks", "8", "--precision", "50", "--replicates", "2", "--jobs", "1"]
    result = door("compare", "walk_and_talk", *words, "--out", str(tmp_path / "out"), "--json")
    told = one_object(result.stdout)
    assert told["replicates"] == told["stopping"]["replicates"] == 8 and told["stopping"]["reached"]
    assert any("Stopped after 8 replicates" in note for note in told["notes"])
