"""`calibrate --targets`: options that belong together, its exit statuses, its folder, and what `compare` takes from it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from door import door, one_object

from calibration.fitting.calibrate import Calibration
from scenarios.files.parameter_sets import choose

HEAD = "outcome,group,level,value,low,high,n,source\n"
SAMPLES = ["--effort", "quick", "--points", "12", "--jobs", "1", "--quiet"]


@pytest.fixture
def mine(tmp_path):
    """A file with one figure, at the value asked for."""

    def write(value: float):
        path = tmp_path / "mine.csv"
        path.write_text(f"{HEAD}inactive,all,all,{value},,,900,our survey\n", encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def straight(monkeypatch):
    """In the place of the model: inactivity by one parameter, between 6% and 50%."""

    def said(self, changes, seed=None, sample=None, long_every=None):
        level = np.array([one.get("level_base", -4.5) for one in changes])
        return [
            {"inactive": 100 / (1 + np.exp(1 + 0.25 * (x + 4) - 0.01 * ((seed or 1) % 7)))} for x in level
        ]

    monkeypatch.setattr(Calibration, "said", said)


@pytest.mark.parametrize(("words", "said"), [
    (["--place", "erewash"], "place: goes with targets of your own"),
    (["--with-national"], "with-national: goes with targets of your own"),
    (["--targets", "MINE"], "of which place are these figures?"),
    (["--targets", "MINE", "--place", "erewash", "--write"], "write: ships the national calibration only"),
    (["--targets", "MINE", "--place", "erewsh"], "erewash"),
    (["--targets", "nowhere.csv", "--place", "erewash"], "no such file"),
    (["--targets", "MINE", "--place", "erewash", "--points", "3"], "12 or more"),
    (["--targets", "MINE", "--place", "erewash", "--sample", "2"], "above 0 to 1"),
])  # fmt: skip
def test_what_does_not_go_together_is_refused_before_anything(tmp_path, mine, words, said):
    path = mine(29)
    out = tmp_path / "out"
    told = door("calibrate", *[path if word == "MINE" else word for word in words], "--out", str(out))
    assert told.exit_code == 2 and said in told.stderr and not out.exists()


def test_the_template_is_written_and_nothing_run(tmp_path):
    path = tmp_path / "template.csv"
    told = door("calibrate", "--targets-template", str(path), "--json")
    assert told.exit_code == 0 and one_object(told.stdout) == {"template": str(path)}
    assert path.read_text(encoding="utf-8").startswith("outcome,group,level,value,low,high,n,source,about\n")
    again = door("calibrate", "--targets-template", str(path))
    assert again.exit_code == 2 and "there already" in again.stderr


def test_a_place_that_cannot_be_matched_ends_with_three_and_keeps_its_files(tmp_path, mine, straight):
    out = tmp_path / "out"
    told = door(
        "calibrate",
        "--targets",
        mine(95),
        "--place",
        "erewash",
        "--sample",
        "0.02",
        *SAMPLES,
        "--out",
        str(out),
        "--json",
    )
    assert told.exit_code == 3
    found = one_object(told.stdout)
    assert found["verdict"]["status"] == "cannot be matched" and found["sets"] == 0
    assert found["verdict"]["targets"][0]["ends"][0]["name"] == "level_base"
    assert set(found["files"]) == {"nearest", "page"} and (out / "nearest.yaml").is_file()
    assert (out / "targets.csv").read_text(encoding="utf-8").startswith(HEAD)
    assert (
        json.loads((out / "calibration.json").read_text(encoding="utf-8"))["verdict"]["status"]
        == "cannot be matched"
    )
    assert "cannot be matched" in (out / "calibration.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_place_that_can_be_matched_ends_with_nought_and_hands_sets_to_compare(tmp_path, mine, straight):
    out = tmp_path / "out"
    told = door(
        "calibrate",
        "--targets",
        mine(35),
        "--place",
        "erewash",
        "--sample",
        "0.02",
        *SAMPLES,
        "--out",
        str(out),
    )
    assert told.exit_code == 0 and told.stdout.startswith("Erewash can be matched")
    assert f"--place erewash --parameters {out / 'sets.csv'}" in (out / "calibration.md").read_text(
        encoding="utf-8"
    )
    compared = door("compare", "walk_and_talk", "--place", "erewash", "--parameters", str(out / "sets.csv"), "--sample",
                    "0.01", "--weeks", "30", "--replicates", "6", "--jobs", "1", "--out", str(tmp_path / "c"), "--json",
                    "--quiet")  # fmt: skip
    assert compared.exit_code == 0, compared.stderr
    assert len(choose(out / "best.yaml", 2).changes) == 1


@pytest.mark.slow
def test_the_model_itself_is_fitted_stopped_and_taken_up_again(tmp_path, mine):
    out = tmp_path / "out"
    words = [
        "calibrate",
        "--targets",
        mine(30),
        "--place",
        "erewash",
        "--sample",
        "0.01",
        *SAMPLES,
        "--out",
        str(out),
    ]
    stopped = door(*words, "--max-seconds", "0")
    assert stopped.exit_code == 130 and "--resume" in stopped.stderr
    refused = door(*words)
    assert refused.exit_code == 2 and "holds a calibration already" in refused.stderr
    done = door(*words, "--resume", "--json")
    found = one_object(done.stdout)
    assert done.exit_code == (0 if found["verdict"]["status"] == "matched" else 3)
    assert found["verdict"]["failed"] == 0 and found["verdict"]["tried"] > 20
    again = one_object(door(*words, "--resume", "--json").stdout)
    assert again["verdict"] == found["verdict"] and again["predictive"] == found["predictive"]
