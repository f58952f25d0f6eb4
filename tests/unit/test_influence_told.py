"""Results say that the strength of influence is not learnt, where people have any on each other and as long as that is so."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from model import ensemble
from model.parameters import Parameters
from scenarios.files import parameter_sets
from scenarios.results.result_folder import notes
from viz.report.sections import trust


def manifest(*settings: str) -> dict:
    """Of runs with one set of parameters for each setting of contagion."""
    sets = [{"values": dict(Parameters.default().with_values({"contagion": one}).values)} for one in settings]
    return {"parameters": {"in_full": sets}, "place": {}, "sample": 1.0, "replicates": 8}


def told(*settings: str) -> bool:
    return any("peer_weight" in note for note in notes(manifest(*settings)))


def test_it_is_said_as_long_as_any_run_has_influence_and_the_fit_learnt_nothing_of_it(monkeypatch):
    monkeypatch.setattr(ensemble, "prior_driven", lambda: ["peer_weight"])
    assert told("complex") and told("linear", "none")
    assert not told("none") and not told("none", "none")


def test_it_is_no_longer_said_once_the_fit_has_learnt_it(monkeypatch):
    monkeypatch.setattr(ensemble, "prior_driven", lambda: ["drift_years"])
    assert not told("complex")
    assert parameter_sets.influence({}) == []


@pytest.mark.parametrize("setting", ["complex", "none"])
def test_the_report_says_the_same_among_what_it_cannot_tell(monkeypatch, setting):
    monkeypatch.setattr(ensemble, "prior_driven", lambda: ["peer_weight"])
    results = SimpleNamespace(
        manifest=manifest(setting), sets=1, place={}, plans=[], baseline=None, place_title="Here"
    )
    monkeypatch.setattr(trust.verdicts, "featured_plan", lambda _: None)
    monkeypatch.setattr(trust, "warnings", lambda _: [])
    points = trust.limits(results).parts[0].lines
    assert any("peer_weight" in point for point in points) == (setting != "none")
