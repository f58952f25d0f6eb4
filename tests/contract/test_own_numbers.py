"""Plans that set numbers of the model: results say so whatever sets are run, and what is compared under unlike numbers is told."""

from __future__ import annotations

import json

import pytest

from model.interventions import WalkingScheme
from scenarios import compare
from scenarios.files.schema import Scenario

SHORT = {"warm_up_weeks": 8}
WALKS = WalkingScheme(groups=3, when={"weeks": 6})


def plan(name: str, **numbers) -> Scenario:
    return Scenario(name=name, interventions=[WALKS], parameters={**SHORT, **numbers})


def run(tmp_path, plans, replicates, **more):
    warned: list[str] = []
    compare(plans, place="erewash", sample=0.01, weeks=8, replicates=replicates, jobs=1, out=tmp_path / "out",
            warn=warned.append, **more)  # fmt: skip
    return json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")), " ".join(warned)


@pytest.mark.parametrize("replicates", [2, 6], ids=["fitted", "ensemble"])
def test_what_a_plan_sets_is_told_whatever_sets_are_run(tmp_path, replicates):
    from viz.report.report import build

    told, warned = run(tmp_path, [plan("Linear", contagion="linear", group_invite=0.2)], replicates)
    assert (
        told["parameters"]["changed"] == {**SHORT, "contagion": "linear", "group_invite": 0.2}
        and "unlike" not in warned
    )
    page = build(tmp_path / "out").read_text(encoding="utf-8")
    assert "No assumption was changed" not in page and "Assumptions changed for this run" in page
    assert "nothing says that" in page, "agreement with England was of the usual numbers"


def test_plans_under_unlike_numbers_and_numbers_of_the_baseline_are_told(tmp_path):
    base = Scenario(name="Base", parameters={**SHORT, "contagion": "simple"})
    told, warned = run(tmp_path, [plan("Linear", contagion="linear"), plan("Usual")], 2, baseline=base)
    assert told["parameters"]["changed"]["contagion"] == "linear; as usual"
    assert "unlike each other" in warned and "the baseline sets are not used" in warned
    assert {one["text"].split(" (found")[0].split(": ", 1)[1][:12] for one in told["warnings"]} >= {
        "these plans ",
        "numbers of t",
    }


def test_plans_and_baseline_alike_are_not_warned_of(tmp_path):
    base = Scenario(name="Base", parameters={**SHORT, "contagion": "linear"})
    told, warned = run(tmp_path, [plan("Linear", contagion="linear")], 2, baseline=base)
    assert "unlike" not in warned and "not used" not in warned
    assert told["parameters"]["changed"] == {**SHORT, "contagion": "linear"}
