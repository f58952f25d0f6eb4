"""The report as a page: whole, self-contained, accessible, honest, and safe with hostile names."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from itertools import pairwise

import pandas as pd
import pytest

from model.errors import InputError
from tests.viz import fake_results as fake
from viz.report import report

SMALL: dict = {"weeks": 60, "replicates": 4, "zones": 9, "spread": 0.0003}
PLANS = (fake.NARROWS, fake.NULL, fake.WIDENS, fake.HARMFUL, fake.NONE)


class Page(HTMLParser):
    """What the tests ask of a page: tags with attributes, ids, text inside titles of pictures."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def all(self, name):
        return [attributes for tag, attributes in self.tags if tag == name]

    @property
    def ids(self):
        return [a["id"] for _, a in self.tags if "id" in a]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return fake.write(tmp_path_factory.mktemp("results"), PLANS, changed={"habit_gain": 0.2}, **SMALL)


@pytest.fixture(scope="module")
def html(folder):
    return report.build(folder).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def text_of(html: str) -> str:
    body = re.sub(r"<(style|svg|script)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_it_appears_whole_and_alone(folder, html):
    assert html.rstrip().endswith("</html>")
    assert not list(folder.glob(".report-*"))
    assert len(html.encode()) < 2_000_000


def test_the_same_folder_gives_the_same_bytes(folder, html):
    assert report.build(folder).read_text(encoding="utf-8") == html


def test_nothing_is_fetched_from_outside(html):
    assert not re.search(r"""(?:src|href|action|data)\s*=\s*["']?\s*(?:https?:|//|file:)""", html)
    assert not re.search(r"@import|url\(\s*['\"]?(?!#)", html)
    assert "<script" not in html


def test_every_section_is_there(html):
    for key in (
        "plans",
        "described",
        "benefits",
        "trends",
        "maps",
        "reach",
        "places",
        "money",
        "assumptions",
        "limits",
        "reproduce",
    ):
        assert f'<section id="{key}"' in html


def test_every_picture_has_a_text_alternative(html, page):
    pictures = re.findall(r'<svg class="chart".*?</svg>', html, flags=re.DOTALL)
    assert len(pictures) >= 15
    for picture in pictures:
        named = re.search(r'aria-labelledby="(\S+) (\S+)"', picture)
        assert named and 'role="img"' in picture
        title = re.search(rf'<title id="{named[1]}">([^<]+)</title>', picture)
        desc = re.search(rf'<desc id="{named[2]}">([^<]+)</desc>', picture)
        assert title and desc
        assert len(desc[1].strip()) > 20
    assert all(a.get("role") == "img" or a.get("aria-hidden") == "true" for a in page.all("svg"))


def test_ids_are_unique_and_references_resolve(html, page):
    assert len(page.ids) == len(set(page.ids))
    wanted = set(re.findall(r'(?:href="#|url\(#)([^")]+)', html))
    wanted |= {one for _, a in page.tags for one in (a.get("aria-labelledby") or "").split()}
    assert wanted <= set(page.ids)


def test_every_figure_has_a_table_and_every_table_its_heads(html):
    for figure in re.findall(r"<figure.*?</figure>", html, flags=re.DOTALL):
        assert "<table>" in figure or "all groups" in figure or "every" in figure.lower()
    tables = re.findall(r"<table>.*?</table>", html, flags=re.DOTALL)
    assert len(tables) > 10
    for table in tables:
        assert "<caption>" in table and 'scope="col"' in table and 'scope="row"' in table
        head = len(re.findall(r'scope="col"', table))
        rows = re.findall(r"<tr>(.*?)</tr>", table.split("<tbody>")[1], flags=re.DOTALL)
        assert rows and all(len(re.findall(r"<t[hd][ >]", row)) == head for row in rows)


def test_language_zoom_landmarks_and_headings(html, page):
    assert page.all("html")[0]["lang"] == "en-GB"
    assert "user-scalable" not in html and "maximum-scale" not in html
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("header")) == 1
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_findings_are_said(html):
    text = text_of(html)
    assert "By person-years out of inactivity over 1 year" in text or "over 60 weeks" in text
    assert "“Walk and talk” does most of the 5 plans" in text
    assert "“A better park” helps everyone, widens the gap" in text
    assert re.search("“Fees rise by a third” takes about [0-9,]+ person-years into inactivity", text)
    assert "“Nothing new” changes nothing" in text
    assert re.search("“Fees rise by a third” saves £[0-9,]+ over", text)
    assert "What-if, not a forecast" in text


def test_limits_and_reproduction_are_said(html):
    text = text_of(html)
    assert "a range half as wide needs" in text
    assert "The geography of Erewash is synthetic" in text
    assert "gardening not counted" in text
    assert "python run.py compare walk_and_talk" in text
    assert "commit ae44143" in text


def test_changed_assumptions_are_named(html):
    assert "Assumptions changed for this run" in html
    assert "Habit gain" in html


def test_tiny_zones_are_hatched_not_shown(html):
    assert html.count('fill="url(#hatch)"') == 2 + len(PLANS)
    assert "fewer than 20 residents" in html


HOSTILE = '<script>alert("x")</script> & $\\frac{1}{0}$ ]]> \x07 {{ 7*7 }} ' + "long" * 60


def test_hostile_names_are_text(tmp_path):
    truth = fake.Truth("walk", HOSTILE, (-0.02,) * 5, (0.05,) * 5, 1000.0, description=HOSTILE)
    folder = fake.write(tmp_path, (truth, fake.NULL), **SMALL)
    for name in ("manifest.json", "place.json"):
        raw = json.loads((folder / name).read_text())
        about = raw.get("place", raw)
        about["title"] = HOSTILE
        about["sources"] = [HOSTILE]
        if "command" in raw:
            raw["command"] = HOSTILE
        for zone in raw.get("zones", []):
            zone["name"] = HOSTILE
        (folder / name).write_text(json.dumps(raw))
    html = report.build(folder).read_text(encoding="utf-8")
    assert "<script" not in html and "\x07" not in html
    assert "&lt;script&gt;" in html
    assert "{{ 7*7 }}" in html
    assert len(Page(html).all("main")) == 1


def test_one_replicate_claims_nothing(tmp_path):
    folder = fake.write(tmp_path, (fake.NARROWS, fake.WIDENS), weeks=60, replicates=1, zones=4)
    text = text_of(report.build(folder).read_text(encoding="utf-8"))
    assert "Each plan was run only once, so no difference can be told from chance" in text
    assert (
        "out of inactivity against" not in text and "helps everyone" not in text and "does most" not in text
    )


@pytest.mark.parametrize("lost", ["weekly.parquet", "place.json", "effects.parquet", "summary.json"])
def test_a_missing_file_costs_only_its_sections(tmp_path, monkeypatch, lost):
    if lost in ("place.json", "summary.json"):  # nothing that a chart is drawn from
        fake.undrawn(monkeypatch)
    folder = fake.write(tmp_path, (fake.NARROWS, fake.NULL), weeks=30, replicates=3, zones=4)
    (folder / lost).unlink()
    html = report.build(folder).read_text(encoding="utf-8")
    assert "“Walk and talk”" in html
    assert ('id="maps"' in html) == (lost not in {"weekly.parquet", "place.json"})


@pytest.mark.parametrize("kept", [["inactive"], ["inactive", "cost"], ["active"]])
def test_missing_outcomes_are_left_out(tmp_path, monkeypatch, kept):
    if len(kept) > 1:  # charts of each are drawn in the others
        fake.undrawn(monkeypatch)
    folder = fake.write(tmp_path, (fake.NARROWS, fake.NULL), weeks=30, replicates=3, zones=4)
    effects = pd.read_parquet(folder / "effects.parquet")
    effects[effects["outcome"].isin(kept)].to_parquet(folder / "effects.parquet")
    html = report.build(folder).read_text(encoding="utf-8")
    assert ('id="money"' in html) == ("cost" in kept)
    assert 'id="reach"' not in html and 'id="limits"' in html


def test_a_folder_without_comparison_still_reports(tmp_path):
    folder = fake.write(tmp_path, (), weeks=30, replicates=2, zones=4)
    for name in ("effects.parquet", "effects.csv"):
        (folder / name).unlink()
    text = text_of(report.build(folder).read_text(encoding="utf-8"))
    assert "no plan was compared with it" in text


def test_drivers_only_when_there_are_any(folder, html, monkeypatch):
    fake.undrawn(monkeypatch)
    assert 'id="drivers"' not in html
    found = {
        "method": "sobol",
        "runs": 512,
        "converged": False,
        "parameters": [{"name": "habit_gain", "ST": 0.4}],
    }
    (folder / "sensitivity.json").write_text(json.dumps(found))
    try:
        again = report.build(folder).read_text(encoding="utf-8")
    finally:
        (folder / "sensitivity.json").unlink()
    assert 'id="drivers"' in again and "It has not converged" in again


@pytest.mark.parametrize("content", [None, "{", "[]"])
def test_no_result_folder_is_an_input_error(tmp_path, content):
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(InputError):
        report.build(tmp_path)
    assert not (tmp_path / "report.html").exists()


def test_a_broken_table_is_an_input_error(tmp_path):
    folder = fake.write(tmp_path, (fake.NARROWS,), weeks=20, replicates=2, zones=4)
    (folder / "effects.parquet").write_bytes(b"not parquet")
    with pytest.raises(InputError, match=r"effects\.parquet"):
        report.build(folder)
