"""The verdict on a place: what can be matched is, what cannot is named with why, and conflicts are told from misses."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import ownfit
import pytest

from calibration.fitting import verdict_words, words
from calibration.fitting.hand_over import hand_over
from model.parameters import ledger

AT = ownfit.truth()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("own")


@pytest.fixture(scope="module")
def matched(folder):
    return ownfit.fitted(folder / "matched", {0: AT[0], 3: AT[3]}, {1: AT[1], 2: 99.0})


@pytest.fixture(scope="module")
def unmatched(folder):
    return ownfit.fitted(folder / "unmatched", {0: AT[0], 4: 40.0})


@pytest.fixture(scope="module")
def conflict(folder):
    return ownfit.fitted(folder / "conflict", {0: 20.0, 3: 80.0})


def test_a_place_that_can_be_matched_is_with_sets_that_stand(matched):
    told = matched.judged
    assert told.status == "matched" and told.sets == len(matched.draws) > 4
    assert {row.status for row in told.targets} == {"matched"} and told.conflicts == []
    assert verdict_words.why(told) == []
    assert verdict_words.headline(told, "Standing").startswith("Standing can be matched")


def test_figures_held_out_are_told_beside_the_fit_and_never_fitted_to(matched):
    told = {row.target: row.inside for row in matched.held_out}
    assert set(told) == {"t1", "t2"} and not told["t2"]
    assert {row.target for row in matched.predictive} == {"t0", "t3"}


def test_a_figure_out_of_reach_is_named_with_the_end_that_stops_it(unmatched):
    told = unmatched.judged
    rows = {row.target: row for row in told.targets}
    assert told.status == "cannot be matched" and unmatched.draws == []
    assert rows["t0"].status == "matched" and rows["t4"].status == "cannot be matched"
    assert rows["t4"].ends[0].name == "pull" and rows["t4"].ends[0].end == "highest"
    assert rows["t4"].ends[0].value == 1.5 and rows["t4"].nearest_run > 3
    (why,) = verdict_words.why(told)
    assert "t4" in why and "pull" in why and "highest" in why


@pytest.mark.slow
def test_two_figures_that_exclude_each_other_are_told_as_a_conflict(conflict):
    told = conflict.judged
    assert {row.status for row in told.targets} == {"matched"}
    (pair,) = told.conflicts
    assert {pair.one, pair.two} == {"t0", "t3"} and told.status == "cannot be matched"
    assert "in conflict" in verdict_words.why(told)[0]


def test_a_place_that_is_unlike_england_is_told_from_figures_that_exclude_each_other(folder):
    told = ownfit.fitted(folder / "unlike", {0: 20.0}, beside={3: 80.0}).judged
    assert told.status == "cannot be matched" and told.own_together == "matched"
    assert [row.target for row in told.targets] == ["t0"] and told.conflicts == []
    (why,) = verdict_words.why(told)
    assert "not along with England's" in why


def test_what_is_handed_over_says_by_its_name_whether_it_matches(matched, unmatched, tmp_path):
    for told, there, away in (
        (matched, {"sets.csv", "best.yaml"}, "nearest.yaml"),
        (unmatched, {"nearest.yaml"}, "sets.csv"),
    ):
        files = hand_over(told, tmp_path)
        assert {path.name for path in tmp_path.iterdir()} == there and not (tmp_path / away).exists()
        assert set(files.values()) == {str(tmp_path / name) for name in there}
    assert "NOT within" in (tmp_path / "nearest.yaml").read_text(encoding="utf-8")


def test_a_verdict_is_plain_json_and_says_how_many_runs_it_rests_on(matched, folder):
    again = json.loads((folder / "matched" / "calibration.json").read_text(encoding="utf-8"))
    assert again["verdict"] == json.loads(json.dumps(asdict(matched.judged)))
    assert list(again) == ["targets", "chance", "screen", "waves", "nearest_draw", "held_out", "parameters", "predictive",
                           "trades", "inside", "fitted", "base", "draws", "draws_tried", "points", "verdict", "seconds",
                           "budget", "code_digest"]  # fmt: skip
    assert list(again["targets"]) == [
        "fingerprint",
        "fit",
        "held_out",
        "own",
        "national",
        "place",
        "title",
        "place_digest",
    ]
    assert list(again["verdict"]) == ["status", "cut", "sets", "tried", "parameters", "targets", "conflicts", "own_together",
                                      "nearest", "nearest_run", "failed"]  # fmt: skip
    assert again["verdict"]["tried"] >= again["points"] > 20
    assert any("held out" in line for line in words.own_lines(matched))


def test_the_page_says_the_verdict_first_and_what_to_do(unmatched, tmp_path):
    from viz.report.calibration import build

    found = replace(unmatched, files=hand_over(unmatched, tmp_path))
    page = build(found, tmp_path).read_text(encoding="utf-8")
    assert page.index("cannot be matched") < page.index("## Why not") < page.index("## Figures")
    assert (
        "nearest.yaml" in page
        and "compare" not in page.split("## What to do")[1].split("\n```")[0].split("nearest")[0]
    )


def test_the_search_of_ones_own_starts_at_the_shipped_values():
    from calibration import priors
    from calibration.fitting.question import from_shipped

    usual, found = priors.read(), from_shipped(priors.read())
    assert (
        found.names == usual.names and (found.low == usual.low).all() and (found.width == usual.width).all()
    )
    for one in found.all:
        assert one.low < one.mean < one.high
        assert abs(one.mean - float(ledger()[one.name].value)) <= 0.021 * (one.high - one.low)
