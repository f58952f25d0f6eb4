"""A report on paper, on a telephone, and with the numbers behind every figure."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest
import yaml

from tests.viz import fake_results as fake
from tests.viz.view_server import browser_path
from viz.report import citation, figure_data, report
from viz.report.figures import maps
from viz.report.sections import settings

PLANS = (fake.NARROWS, fake.NULL, fake.WIDENS)
LINK = re.compile(r'<a href="data:text/csv;charset=utf-8,([^"]*)" download="([^"]+)"')


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = fake.write(tmp_path_factory.mktemp("results"), PLANS, weeks=156, replicates=4, zones=25)
    report.build(made)
    return made


@pytest.fixture(scope="module")
def html(folder):
    return (folder / "report.html").read_text(encoding="utf-8")


class Outside(HTMLParser):
    """The words of a page that stand in no <details>: what paper shows of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.deep, self.words = 0, []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.deep += tag == "details"

    def handle_endtag(self, tag):
        self.deep -= tag == "details"

    def handle_data(self, data):
        if not self.deep:
            self.words.append(data)


def test_every_figure_links_its_numbers_in_the_page_and_beside_it(folder, html):
    inside = {name: unquote(text) for text, name in LINK.findall(html.replace("&#39;", "'"))}
    assert html.count("<figure") == len(inside)
    assert {path.name for path in (folder / "data").iterdir()} == set(inside)
    for name, text in inside.items():
        assert (folder / "data" / name).read_text(encoding="utf-8") == text
        assert f'href="data/{name}"' in html
        table = pd.read_csv(io.StringIO(text))
        assert len(table) and len(table.select_dtypes("number").columns), name
    assert len(html.encode()) < 2_000_000


def test_the_numbers_behind_a_figure_are_those_of_the_effects(folder):
    effects = pd.read_parquet(folder / "effects.parquet")
    fifth = effects[(effects["scenario"] == "walk_and_talk") & (effects["outcome"] == "inactive")
                    & (effects["group"] == "imd_quintile") & (effects["level"] == "1")]  # fmt: skip
    row = fifth[fifth["horizon_weeks"] == 156].iloc[0]
    drawn = pd.read_csv(folder / "data" / "benefits-1.csv")
    drawn = drawn[drawn["label"] == "Most deprived fifth"].set_index("unit")
    level, change = drawn.loc["% adults inactive"], drawn.loc["change, percentage points"]
    told = [100 * row[name] for name in ("baseline_value", "scenario_value", "difference")]
    assert [level["baseline"], level["value"], change["value"]] == pytest.approx(told, rel=1e-5)
    assert change["low"] < change["value"] < change["high"]


def test_zones_in_the_numbers_have_names_and_tiny_ones_stay_hidden(folder):
    zones = pd.read_csv(folder / "data" / "maps-1.csv")
    assert zones["zone_name"].str.startswith("Erewash").all()
    assert "E01000024" not in set(zones["zone"])  # twelve adults


def test_numbers_of_an_older_report_go_and_other_files_stay(folder, tmp_path):
    made = fake.write(tmp_path / "r", PLANS[:1], weeks=26, replicates=2, zones=4)
    (made / "data").mkdir()
    for name in ("old-7.csv", "my_own.csv"):
        (made / "data" / name).write_text("x\n")
    report.build(made)
    names = {path.name for path in (made / "data").iterdir()}
    assert "old-7.csv" not in names and {"my_own.csv", "plans-1.csv"} <= names


def test_a_page_carries_no_more_data_than_can_be_mailed(folder, monkeypatch):
    monkeypatch.setattr(figure_data, "MOST_INSIDE", 3000)
    page = report.render(report.read(folder))
    files = set(re.findall(r'href="data/([^"]+)"', page))
    assert sum(len(text) for text, _ in LINK.findall(page)) <= 3000
    assert files == {path.name for path in (folder / "data").iterdir()}


def test_text_in_the_numbers_is_no_formula():
    from viz.report.figures.panel import drawn
    from viz.report.page import Figure

    frame = pd.DataFrame({"label": ["=1+1", "@x"], "value": [-1.0, 2.0], "empty": [float("nan")] * 2})
    text = figure_data.as_csv(figure_data.numbers(Figure("F", [drawn("<svg></svg>", frame)])))
    assert text == "label,value\n'=1+1,-1\n'@x,2\n"


def test_paper_has_the_settings_of_every_plan_in_full(html):
    paper = " ".join(" ".join(Outside(html).words).split())
    for said in ("Walking scheme", "Groups 12", "Most deprived fifth", "For people aged at least 40", "Starts in week 26",
                 "Cost to set up, once £12,000 (usual price of its type and size)",
                 "Cost a week at full size £450 (usual price of its type and size)"):  # fmt: skip
        assert said in paper, said


@pytest.mark.parametrize(("raw", "rows"), [
    ({"type": "walking_scheme", "name": "Walks", "invite_per_week": 0.02, "cost": {"setup": 5.5}},
     {"Share who hear of it in a week": "2%", "Where": "The whole place", "For whom": "Every adult",
      "When": "From the first week to the end", "Cost to set up, once": "£5.50"}),
    ({"type": "movement_support", "grant": 1500}, {"Money of one grant": "£1,500"}),
    ({"quantity": "no_such", "change": -0.5, "where": {"columns": {"ward": ["Cotmanhay"]}}},
     {"Changed by": "-0.5", "Where: ward": "Cotmanhay"}),
    ({"type": "of_mine", "hours": [1, 2], "odd": {"a": True}, "cost": {"setup": 10}},
     {"Hours": "1, 2", "Odd": "a True", "Cost to set up, once": "£10"}),
])  # fmt: skip
def test_settings_are_said_in_plain_words_whatever_they_hold(raw, rows):
    made = settings.table(raw)
    assert made is not None
    told = {row[0].text: row[1].text for row in made.rows}
    assert rows.items() <= told.items()


def test_a_programme_that_says_nothing_has_no_table():
    assert settings.table({"name": "Nothing"}) is None


def test_a_result_can_be_cited(html, folder):
    told = yaml.safe_load(citation.FILE.read_text(encoding="utf-8"))
    text = " ".join(re.sub(r"<[^>]+>", " ", html[html.index('id="cite"') :]).split())
    for said in (told["title"], told["authors"][0]["name"], "Version 0.1.0, commit ae44143", "22 November 2026", "Erewash",
                 "No DOI", "@software{everystep", "ONS Census 2021", "Open Government Licence"):  # fmt: skip
        assert said in text, said


def test_a_result_can_be_cited_where_only_the_package_stands(monkeypatch, tmp_path):
    monkeypatch.setattr(citation, "FILE", tmp_path / "none.cff")
    assert citation.facts()["title"] == "Everystep"


@pytest.fixture(scope="module")
def browser() -> Any:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = browser_path()
    with playwright.sync_playwright() as engine:
        opened = engine.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.parametrize("width", [320, 390, 1366])
def test_nothing_is_wider_than_the_screen(browser, folder, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto((folder / "report.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()


def test_numbers_are_saved_by_a_click(browser, folder, tmp_path):
    page = browser.new_page()
    page.goto((folder / "report.html").as_uri())
    with page.expect_download() as waiting:
        page.get_by_role("link", name="save as CSV").first.click()
    assert waiting.value.suggested_filename == "plans-1.csv"
    waiting.value.save_as(tmp_path / "saved.csv")
    assert (tmp_path / "saved.csv").read_bytes() == (folder / "data" / "plans-1.csv").read_bytes()
    page.close()


def test_paper_opens_the_settings_and_shows_them_once(browser, folder):
    page = browser.new_page()
    page.goto((folder / "report.html").as_uri())
    seen = "one => one.getClientRects().length > 0"
    for media, shown in (("screen", False), ("print", True)):
        page.emulate_media(media=media)
        assert all(page.eval_on_selector_all(".paper", f"all => all.map({seen})")) is shown
        assert all(page.eval_on_selector_all(".fold.printed", f"all => all.map({seen})")) is not shown
    page.close()


@pytest.mark.parametrize("metres", [0.5, 3.0, 20.0, 90.0])
def test_the_scale_bar_of_a_map_is_as_long_as_it_says(metres):
    drawn = str(maps._scale(maps.Atlas(300.0, metres, {}, {}, frozenset())))
    (bar,) = re.findall(r"v4h([\d.]+)v-4", drawn)
    ((length, unit),) = re.findall(r">(\d+) (k?m)<", drawn)
    assert float(bar) * metres == pytest.approx(int(length) * {"m": 1, "km": 1000}[unit], rel=0.02)
