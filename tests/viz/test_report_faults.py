"""The report says what to mind, claims nothing of groups too few to tell, and names what it speaks of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.viz import fake_results as fake
from tests.viz.test_report import text_of
from viz import report

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
