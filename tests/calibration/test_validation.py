"""Validation judges as it says, and its page tells every pattern."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from calibration import targets
from calibration.measures import decades, shares
from calibration.validation import naive, pattern, validate
from calibration.validation.pattern import Measured, against, pattern_row, within
from calibration.validation.result import Judged, ValidationResult
from model import ensemble

DOCS = Path(__file__).parents[2] / "docs"
TARGET = targets.Target("x", 10.0, 1.0, 0.0, "%", "held_out", "", "2020", "A001 10 8 12", "", "")


def test_a_verdict_follows_from_the_interval():
    assert against("P1", "x", TARGET, np.array([11.0, 12.0])).holds
    row = against("P1", "x", TARGET, np.array([12.0, 13.0]))
    assert not row.holds and (row.target_low, row.target_high) == (8.04, 11.96)
    assert within("P5", "y", "%", 1, 2, np.array([1.5]), "").holds
    assert pattern_row("change", "z", "%", np.array([1.5]), "").holds is None


def test_agreement_by_hand():
    one, two, weights = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]), np.ones(4)
    assert shares.kappa(one, two, weights) == pytest.approx(0.5)
    assert shares.kappa(one, one, weights) == 1.0
    assert shares.odds_ratio(
        np.array([1, 1, 1, 0, 0, 0]), np.array([1, 1, 0, 1, 0, 0]), np.ones(6)
    ) == pytest.approx(4.0)
    strata = np.array([0, 0, 0, 0, 1, 1])
    assert (
        shares.odds_ratio(np.array([1, 1, 0, 0, 1, 0]), np.array([1, 0, 1, 0, 1, 0]), np.ones(6), strata) > 1
    )


def test_moves_between_levels_by_hand():
    level = np.array([[0, 0, 2, 2], [0, 2, 2, 1]])
    found = decades.transitions(level, np.ones(4))
    assert found["move_inactive_inactive"] == 50 and found["move_active_fairly_active"] == 50
    for level_name in decades.WORDS:
        row = [found[f"move_{level_name}_{other}"] for other in decades.WORDS]
        assert sum(row) == pytest.approx(0 if level_name == "fairly_active" else 100)


def test_the_naive_regression_meets_the_rates_it_sees():
    assert naive.fitted().miss < 0.5
    wanted = {target.name: target for target in targets.read()}
    for name, mask in naive.masks().items():
        assert abs(naive.rate(mask) - wanted[name].value) < 2 * wanted[name].sd, name
    assert naive.crossing(0, 1, 1) > naive.crossing(0, 0, 1) > naive.crossing(0, 0, 5)


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """A validation with every measure, on very few people."""
    from calibration import measures
    from model.parameters import Parameters

    quick = Parameters.default().with_values({"warm_up_weeks": 8})
    runs = {
        "year": [measures.MEASURES["year"](quick, seed, 0.01) for seed in (1, 2)],
        "course": [measures.MEASURES["course"](quick, 1, 0.01)] * 2,
    }
    runs["decades"] = [
        decades.stability(np.array([[10, 50, 200, 20], [10, 200, 180, 40]] * 10, float), np.ones(4))
    ] * 2
    runs["mechanisms"] = [{"free_entry_visits": 1.64, "park_gain": 90.0, "rural_minus_urban": -2.0}] * 2
    runs["district:erewash"] = [measures.measure("district:erewash")(quick, 1, 0.02)]
    return validate.judge(Measured(runs))


def test_every_target_is_judged(judged):
    names = {row.name for row in judged.patterns}
    assert {target.name.replace("_", " ") for target in targets.read()} <= names
    assert {"P1", "P2", "P3", "P4", "P5", "P8", "P9", "change", "cross", "cause"} <= {
        row.id for row in judged.patterns
    }
    causes = {row.unit: row.holds for row in judged.patterns if row.id == "cause"}
    assert causes == {"ratio": True, "%": False, "points": True}
    for row in judged.patterns:
        assert row.role in pattern.ROLES and row.model_low <= row.model <= row.model_high
        assert np.isfinite(row.model)


def test_districts_have_both_definitions_and_the_regression(judged):
    (row,) = judged.districts
    assert row.inactive > row.inactive_ohid > 0 and 15 < row.naive < 35
    assert row.naive_low < row.naive < row.naive_high < row.naive_low + 6


def test_what_holds_by_the_published_error_alone_holds_with_the_discrepancy_too(judged):
    rows = [row for row in judged.patterns if row.holds_alone is not None]
    assert {row.role for row in rows} == {"fit", "held_out"}
    assert all(row.holds for row in rows if row.holds_alone)
    assert any(row.holds and not row.holds_alone for row in rows), "no discrepancy was needed anywhere"
    alone, both = judged.counts_alone(), judged.counts()
    assert all(alone[role][0] < both[role][0] for role in ("fit", "held_out"))


def test_who_is_nearer_to_published_rates_is_told_of_the_rates_that_both_can_say():
    def row(model, naive, unit="%", role="fit"):
        return pattern.Row("P1", "x", role, unit, 20.0, 18.0, 22.0, model, model, model, True, naive)

    judged = Judged(
        [row(23.0, 21.0), row(17.0, 20.0, role="held_out"), row(90.0, None), row(90.0, 20.0, "ratio")], []
    )
    model, naive, count = judged.beside_naive()
    assert count == 2 and model == pytest.approx(3.0) and naive == pytest.approx(0.5**0.5)
    assert Judged([row(20.0, None)], []).beside_naive() is None


def test_a_validation_as_data_keeps_its_keys_in_their_order(judged):
    told = ValidationResult(
        judged.patterns, judged.districts, 2, "fitted", "code", "targets", True, None
    ).as_dict()
    assert list(told) == [
        "patterns",
        "districts",
        "sets",
        "source",
        "code_digest",
        "targets",
        "quick",
        "ensemble",
    ]
    assert list(told["patterns"][0]) == ["id", "name", "role", "unit", "target", "target_low", "target_high", "model",
                                         "model_low", "model_high", "holds", "naive", "note", "holds_alone"]  # fmt: skip
    assert list(told["districts"][0]) == ["place", "title", "inactive", "inactive_low", "inactive_high", "inactive_ohid",
                                          "inactive_ohid_low", "inactive_ohid_high", "naive", "naive_low", "naive_high"]  # fmt: skip
    assert sum(good for good, _ in judged.counts().values()) == sum(
        row["holds"] is True for row in told["patterns"]
    )


def test_others_may_bring_patterns(monkeypatch):
    def extra(measured):
        return [pattern_row("P6", "extra", "%", np.array([1.0, 2.0]), "a test")]

    assert validate.every() is pattern.PATTERNS, "those that ship bring theirs once, on being imported"
    alone: list = []
    for module in (pattern, validate):
        monkeypatch.setattr(module, "PATTERNS", alone)
    pattern.brings(extra)
    assert [row.name for row in validate.judge(Measured({})).patterns] == ["extra"]


def test_the_page_tells_misses_and_draws_every_figure(judged, tmp_path):
    from viz.report.validation import build

    found = ValidationResult(judged.patterns, judged.districts, 2, "fitted", "code", "targets", True, None)
    page, *images = build(found, tmp_path)
    text = page.read_text(encoding="utf-8")
    for row in judged.patterns:
        assert row.name in text
    misses = sum(row.holds is False for row in judged.patterns)
    assert misses > 0 and text.count("**misses**") == misses
    assert all(image.read_bytes().startswith(b"\x89PNG") for image in images)
    for link in re.findall(r"\]\((images/[^)]+)\)", text):
        assert (tmp_path / link).is_file()


def test_the_page_in_docs_is_of_the_shipped_ensemble():
    text = (DOCS / "validation.md").read_text(encoding="utf-8")
    if ensemble.TABLE.is_file():
        assert (
            f"made {ensemble.facts()['made']}" in text
            and "sets of parameters of the shipped ensemble" in text
        )
    assert all(target.name.replace("_", " ") in text for target in targets.read())
