"""The report says what to mind, claims nothing of groups too few to tell, and names what it speaks of."""

from __future__ import annotations

import json
import math
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from scenarios.results.programmes import COLUMNS
from tests.viz import fake_results as fake
from tests.viz.test_report import text_of
from tests.viz.test_sentences import effect, results
from viz import theme
from viz.report import behind, report, sentences
from viz.report.figures.dots import Axis, Row, dots
from viz.report.figures.maps import atlas, difference_legend
from viz.report.page import Figure, Text
from viz.report.results import Results, read
from viz.report.sections import change, people, programmes

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
    assert said.endswith("nobody simulated joins among men and people aged 85 and over.")
    found = told("reach", {key: (v / 10, v / 10, v / 10) for key, v in shares.items()})
    assert sentences.reach_sentence(found, found.plans[0]).endswith("nobody simulated joins among men.")
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


def test_maps_without_a_change_that_can_be_told_have_no_colours_in_their_key(folder):
    found = read(folder)
    shapes = atlas(found.place)
    assert shapes
    untold = dict.fromkeys(shapes.shapes, (-0.0002, False))
    figure = change._difference_maps(found, shapes, {"walk_and_talk": untold}, difference_legend([]))
    assert [name for _, name in figure.legend] == ["cannot be told from none", "under 20 residents"]
    said = change._where(untold, found.plans[0], shapes, 2)
    assert said == "With “Walk and talk”, in no neighbourhood can a change be told from none."
    told = untold | {next(iter(shapes.shapes)): (-0.01, True)}
    said = change._where(told, found.plans[0], shapes, 2)
    assert "surely lower in 1 of 3 neighbourhoods; in the others no change" in said


@pytest.mark.parametrize(
    ("sets", "said"), [(1, "a change beyond chance."), (4, "a change beyond chance and doubt.")]
)
def test_maps_say_what_a_change_is_beyond(folder, sets, said):
    found = read(folder)
    found.manifest["parameters"]["sets"] = sets
    shapes = atlas(found.place)
    assert shapes
    told = dict.fromkeys(shapes.shapes, (-0.02, True))
    figure = change._difference_maps(found, shapes, {"walk_and_talk": told}, difference_legend([-0.02]))
    assert said in figure.note and said.removesuffix(".") in figure.panels[0]


def test_use_of_places_as_a_share_changes_by_points():
    found = results({"walks": [effect(0.0006, 0.0002, 0.001, 0.381, "asset_use", "park", "asset_kind")]})
    section = people.places(found)
    assert section and isinstance(section.parts[0], Figure)
    table = section.parts[0].table
    assert table and table.head[-1] == "Change, points"
    assert table.rows[0][-1].text == "+0.06"


def test_visits_to_places_are_told_as_visits_and_room_for_them(folder):
    row = {"scenario": "better_park", "intervention": 1, "type": "asset_investment", "name": "Parks", "part": "place",
           "year": 1, "zone": "Z1", "zone_name": "North", "venue": "North park", "kind": "park", "easting": 446_000,
           "northing": 341_000, "visits": 5300.0, "room": 40_000.0}  # fmt: skip
    used = pd.DataFrame([row]).reindex(columns=list(COLUMNS))
    plan = next(plan for plan in read(folder).plans if plan.name == "better_park")
    said = programmes._of_plan(plan, used, [], None)[0].lines[0]
    assert said == "Parks (visits in a week): fullest in year 1, 5,300 visits, room for 40,000 (13%)."


def test_what_goes_over_time_names_its_plan(folder):
    html = made(folder)
    lead = html.partition('id="trends-title"')[2].partition('<p class="lead">')[2]
    assert lead.startswith(("With “Walk and talk”: ", "With “A better park”: "))


def test_words_at_the_right_of_a_chart_have_room_for_their_length():
    text = "under 0.001 (−0.004, +0.005)"
    picture = dots("k", "t", "d", [Row("All", 1.0, 0.5, 1.5, text)], Axis("x", text_pt=50))
    width = float(re.findall(r'viewBox="0 0 ([0-9.]+)', picture)[0])
    at = float(re.findall(r'<text[^>]* x="([0-9.]+)"[^>]*>' + re.escape(text), picture)[0])
    assert width - at > 4.2 * len(text)


def test_pairs_of_plans_stand_open_on_paper(folder):
    html = made(folder)
    fold = html.partition("<summary>Which of two plans does more</summary>")
    assert fold[0].endswith('<details class="fold printed">')
    assert "Differences between plans" in fold[2].partition('<div class="paper">')[2][:600]


def test_a_wide_table_says_on_a_narrow_screen_that_it_scrolls(folder):
    html = made(folder)
    assert "Scroll the table sideways" in html.partition('aria-label="The plans side by side"')[2][:300]
    assert re.search(r"@media screen and \(max-width: 48rem\) \{ \.swipe \{ display: block", html)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
@pytest.mark.parametrize("warnings", [[], ["Few can join."]])
def test_key_figures_cover_nothing_above_them(tmp_path, warnings):
    engine = pytest.importorskip("playwright.sync_api", reason="playwright is not installed").sync_playwright
    folder = fake.write(tmp_path, (fake.NARROWS,), weeks=30, replicates=4, zones=4, spread=0.0003)
    html = made(folder, warnings=warnings)
    assert '<section class="wrap cards"' in html
    with engine() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1100, "height": 900})
        page.set_content(html)
        table, cards = (page.locator(name).bounding_box() for name in (".side-by-side table", ".cards dl"))
        browser.close()
    assert table and cards and table["y"] + table["height"] <= cards["y"]
