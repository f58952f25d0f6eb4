"""The plain-English sentences say what the numbers allow, and no more."""

import math
from pathlib import Path

import pytest

from scenarios.statistics.precision import runs_needed, t_quantile
from viz.ranges import mean_range
from viz.report import sentences, verdicts
from viz.report.results import Effect, Results, ScenarioResult


def effect(
    difference, low=math.nan, high=math.nan, baseline=0.25, outcome="inactive", level="all", group="all"
):
    return Effect(outcome, group, level, 260, baseline, baseline + difference, difference, low, high, 8)


def results(plans: dict[str, list[Effect]], adults: int | None = 90_000, **manifest) -> Results:
    keyed = {(name, e.outcome, e.group, e.level, 260): e for name, found in plans.items() for e in found}
    about = {"adults": adults, "place": {"title": "Erewash"}, "replicates": 8, "weeks": 260, **manifest}
    made = [ScenarioResult(name, name.capitalize()) for name in plans]
    return Results(Path("."), about, keyed, None, {}, {}, ScenarioResult("baseline", "Today's plans"), made)


HELPS = effect(-0.012, -0.016, -0.008)
HARMS = effect(0.012, 0.008, 0.016)
NULL = effect(-0.001, -0.004, 0.002)
SINGLE = effect(-0.012)
NOTHING = effect(0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("found", "kind"),
    [(HELPS, "better"), (HARMS, "worse"), (NULL, "unclear"), (SINGLE, "single"), (NOTHING, "nothing")],
)
def test_verdicts(found, kind):
    assert verdicts.verdict(found) == kind


def test_a_range_that_touches_zero_is_not_told():
    assert verdicts.verdict(effect(-0.01, -0.02, 0.0)) == "unclear"


def test_more_is_better_for_active():
    assert verdicts.verdict(HARMS, less_is_better=False) == "better"


def test_headline_of_no_plans():
    assert "no plan was compared" in sentences.headline(results({}))


def gaps(absolute, relative, fifths=(-0.01, -0.02)):
    least, most = fifths
    return [
        HELPS,
        effect(*absolute, baseline=0.14, outcome="gap_deprivation_difference"),
        effect(*relative, baseline=1.7, outcome="gap_deprivation_ratio"),
        effect(most, group="imd_quintile", level="1"),
        effect(least, group="imd_quintile", level="5"),
    ]


WIDE, NARROW, SAME = (0.01, 0.005, 0.015), (-0.01, -0.015, -0.005), (0.001, -0.01, 0.012)


@pytest.mark.parametrize(
    ("absolute", "relative", "fifths", "said"),
    [
        (
            NARROW,
            NARROW,
            (-0.01, -0.02),
            "Over the final year “Walks” narrows the gap between the most and least deprived fifths by 1.0 "
            "percentage points (from 14.0 to 13.0), and in proportion too.",
        ),
        (NARROW, WIDE, (-0.01, -0.02), "but widens it in proportion"),
        (NARROW, SAME, (-0.01, -0.02), "in proportion no change can be told from none"),
        (WIDE, WIDE, (-0.02, -0.01), "“Walks” helps everyone, widens the gap: all groups gain"),
        (
            SAME,
            WIDE,
            (-0.02, -0.01),
            "widens the gap between the most and least deprived fifths in proportion;",
        ),
        (SAME, SAME, (-0.02, -0.01), "can be told from none"),
    ],
)
def test_gap_sentences(absolute, relative, fifths, said):
    found = results({"walks": gaps(absolute, relative, fifths)})
    assert said in sentences.gap_sentence(found, found.plans[0])


def test_helps_everyone_is_not_said_when_a_fifth_loses():
    found = results({"walks": gaps(WIDE, WIDE, (-0.02, +0.01))})
    said = sentences.gap_sentence(found, found.plans[0])
    assert "everyone" not in said
    assert "widens" in said


def test_a_reversed_gap_that_grows_more_negative_widens():
    assert verdicts.turn(effect(-0.01, -0.02, -0.005, baseline=-0.05), 0.0) == "widens"


def test_reach_names_who_is_missed():
    shares = {
        ("all", "all"): 0.04,
        ("sex", "male"): 0.01,
        ("sex", "female"): 0.07,
        ("age_band", "16-34"): 0.0,
    }
    found = results({"walks": [effect(v, v, v, 0.0, "reach", lv, g) for (g, lv), v in shares.items()]})
    found.__dict__["_behind"] = dict.fromkeys(shares, 500.0)
    said = sentences.reach_sentence(found, found.plans[0])
    assert said == (
        "“Walks” reaches 4.0% of adults, about 3,600 people; nobody simulated joins among people aged 16 to 34; few "
        "join among men (1.0%)."
    )


def test_groups_are_told_while_a_plan_is_delivered():
    last = [effect(0.0, -0.01, 0.01, group="sex", level=level) for level in ("female", "male")]
    during = [effect(-0.02, -0.03, -0.01, group="sex", level="female", outcome="effect_during")]
    found = results({"walks": [*last, *during]})
    said = sentences.groups_sentence(found, found.plans[0], "sex")
    assert said == (
        "While “Walks” is delivered, inactivity falls among women; no change can be told among men."
    )


def test_ranges_are_student_t_over_runs():
    import numpy as np

    mean, low, high = mean_range(np.array([[1.0, 2.0, 3.0, 4.0]]))
    half = 3.182446 * math.sqrt(5 / 3) / 2
    assert mean[0] == 2.5
    assert (low[0], high[0]) == (pytest.approx(2.5 - half, abs=1e-5), pytest.approx(2.5 + half, abs=1e-5))
    assert np.isnan(mean_range(np.array([[1.0]]))[1][0])


def test_runs_needed_halves_the_range_and_no_sooner():
    more = runs_needed(8)
    assert more == 25 and t_quantile(4) == pytest.approx(3.182446, abs=1e-5), "of 95%: 2.5% on each side"
    width = [t_quantile(n) / math.sqrt(n) for n in (8, more, more - 1)]
    assert width[1] <= width[0] / 2 < width[2]
