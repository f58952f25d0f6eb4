"""The report says what to mind, claims nothing of groups too few to tell, and names what it speaks of."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from tests.viz import fake_results as fake
from tests.viz.test_report import text_of
from tests.viz.test_sentences import effect, results
from viz import behind, report, sentences, theme
from viz.page import Figure, Text
from viz.results import Results
from viz.sections import people

SMALL: dict = {"weeks": 30, "replicates": 2, "zones": 4}


def made(folder: Path, **manifest) -> str:
    """The page of a folder whose manifest says this besides."""
    path = folder / "manifest.json"
    about = json.loads(path.read_text())
    about["place"] |= manifest.pop("place", {})
    path.write_text(json.dumps(about | manifest))
    return report.build(folder).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return fake.write(tmp_path_factory.mktemp("results"), (fake.NARROWS, fake.WIDENS), **SMALL)


def test_warnings_stand_at_the_top_and_among_the_limits(folder):
    warned = [
        {"scenario": name, "message": "m", "text": "walks.yaml: nobody can join <b>it</b>."}
        for name in ("walk_and_talk", "better_park")
    ]
    html = made(folder, warnings=warned, place={"warnings": ["No parks were given."]})
    top, _, rest = html.partition("<nav")
    assert "Mind before you use this" in text_of(top)
    limits = rest.partition('id="limits"')[2].partition("</section>")[0]
    for part in (top, limits):
        assert (
            "“Walk and talk” and “A better park”: walks.yaml: nobody can join &lt;b&gt;it&lt;/b&gt;." in part
        )
        assert "About the place: No parks were given." in part


def test_nothing_is_to_be_minded_where_nothing_was_warned_of(folder):
    assert "Mind before you use this" not in made(folder, warnings=[], place={"warnings": []})


BEHIND = {
    ("ethnicity", "black"): 14.0,
    ("ethnicity", "white"): 1770.0,
    ("sex", "male"): 900.0,
    ("age_band", "85+"): 60.0,
}


def told(outcome: str, values: dict[tuple[str, str], tuple[float, float, float]], behind=BEHIND) -> Results:
    """A folder that holds one outcome of one plan, two runs of each, and knows how many are simulated."""
    effects = [
        effect(*v, group=group, level=level, outcome=outcome, baseline=0.0)
        for (group, level), v in values.items()
    ]
    found = results({"walks": effects}, replicates=2)
    found.__dict__["_behind"] = behind
    return found


def test_nobody_joins_is_said_only_where_some_would_be_expected():
    shares = {
        ("all", "all"): 0.04,
        ("ethnicity", "black"): 0.0,
        ("sex", "male"): 0.0,
        ("age_band", "85+"): 0.0,
    }
    found = told("reach", {key: (v, v, v) for key, v in shares.items()})
    said = sentences.reach_sentence(found, found.plans[0])
    assert said.endswith("nobody joins among men and people aged 85 and over.")
    found = told("reach", {key: (v / 10, v / 10, v / 10) for key, v in shares.items()})
    assert sentences.reach_sentence(found, found.plans[0]).endswith("nobody joins among men.")
    found = told("reach", {key: (v, v, v) for key, v in shares.items()}, behind={})
    assert "nobody" not in sentences.reach_sentence(found, found.plans[0])


def test_levels_too_few_to_tell_are_hidden_in_tables_charts_and_sentences():
    gain = (-0.02, -0.03, -0.01)
    levels = {("all", "all"): gain, ("ethnicity", "black"): (-0.5, -0.6, -0.4), ("ethnicity", "white"): gain}
    found = told("inactive", levels)
    said = sentences.groups_sentence(found, found.plans[0], "ethnicity")
    assert said == ("While “Walks” is delivered, inactivity falls among White people; too few are simulated to tell "
                    "among Black people.")  # fmt: skip
    figure = people._group_figure(found, found.plans[0])
    assert figure and figure.table
    rows = {row[0].text: [cell.text for cell in row[1:]] for row in figure.table.rows}
    assert rows["Ethnic group: Black"] == ["too few simulated to tell", "–", "–", "–"]
    assert "50.0" not in "".join(figure.panels)
    reached = told("reach", dict.fromkeys(levels, (0.04, 0.04, 0.04)))
    section = people.reach(reached)
    assert section
    figure = next(part for part in section.parts if isinstance(part, Figure))
    assert figure.table and "fewer than 20 residents simulated" in figure.note
    assert [row[1].text for row in figure.table.rows if row[0].text == "Ethnic group: Black"] == [
        "too few simulated to tell"
    ]


def test_residents_behind_each_level_are_read_back_from_weekly_shares(tmp_path):
    counts = {"white": 950, "black": 14, "asian": 36}
    rows = []
    for week in range(30):
        active = {
            level: int(n * (0.5 + 0.4 * math.sin(week * (k + 2))))
            for k, (level, n) in enumerate(counts.items())
        }
        rows.append(("all", "all", week, sum(active.values()) / 1000))
        rows += [("ethnicity", level, week, active[level] / n) for level, n in counts.items()]
    frame = pd.DataFrame(rows, columns=["group", "level", "week", "value"])
    path = tmp_path / "weekly.parquet"
    frame.assign(scenario="baseline", replicate=0, outcome="inactive").to_parquet(path)
    found = behind.sizes(path, "baseline", 1000)
    assert {level: round(n) for (_, level), n in found.items()} == counts
    constant = frame.assign(value=0.5, scenario="baseline", replicate=0, outcome="inactive")
    constant.to_parquet(path)
    assert behind.sizes(path, "baseline", 1000) == {}


def test_a_sentence_that_tells_no_change_says_among_whom():
    none, gain = (-0.01, -0.03, 0.01), (-0.02, -0.03, -0.01)
    levels = {("imd_quintile", str(k)): none for k in range(1, 6)} | {
        ("age_band", "85+"): gain,
        ("sex", "male"): none,
    }
    found = told("inactive", levels)
    said = sentences.groups_sentence(found, found.plans[0], "imd_quintile")
    assert (
        said == "While “Walks” is delivered, no change can be told from none in any fifth of neighbourhoods."
    )
    section = people.benefits(found)
    assert section and section.lead[1] == said
    points = [line for part in section.parts if isinstance(part, Text) for line in part.lines]
    assert "While “Walks” is delivered, inactivity falls among people aged 85 and over." in points
    assert not any("women or men" in line for line in points)


def test_the_table_by_fifths_is_tinted_by_size_among_all_changes():
    found = told(
        "inactive",
        {("imd_quintile", "1"): (-0.0002, -0.0003, -0.0001), ("imd_quintile", "5"): (-0.0019, -0.004, 0.001)},
    )
    found.plans.append(found.plans[0])
    table = people._fifths(found, found.plans)
    assert table
    small, large = table.rows[0][1:]
    assert small.tint == theme.BLUES[0] and large.tone == "unclear" and not large.tint
