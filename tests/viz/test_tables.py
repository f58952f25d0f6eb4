"""The table of a comparison on a terminal: nothing of it is cut off, however narrow the screen."""

import json

import pandas as pd
import pytest
from rich.console import Console

from scenarios import tables
from tests.viz import fake_results as fake


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = fake.write(tmp_path_factory.mktemp("tables") / "results", (fake.NARROWS, fake.WIDENS, fake.NULL))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    frame = pd.read_parquet(folder / "effects.parquet")
    cost = frame["outcome"] == "cost"
    for end, away in (("ci_low", -20_000.0), ("ci_high", 20_000.0)):
        frame.loc[cost, end] = frame.loc[cost, "difference"] + away
    undone = (frame["outcome"] == "cost_per_person_moved") & (frame["scenario"] == fake.NULL.name)
    frame.loc[undone, ["difference", "ci_low", "ci_high"]] = float("nan")
    return frame, manifest


@pytest.mark.parametrize("width", [80, 95, 96, 111, 112, 140])
def test_no_number_is_cut_off(results, width):
    console = Console(width=width)
    with console.capture() as shown:
        console.print(tables.effects_table(*results, width))
    lines = shown.get().splitlines()
    assert max(len(line) for line in lines) <= width
    whole = " ".join(shown.get().split())
    wide = Console(width=400)
    with wide.capture() as all_of_it:
        wide.print(tables.effects_table(*results, width))
    assert sorted(whole.replace("─", "").split()) == sorted(all_of_it.get().replace("─", "").split())


@pytest.mark.parametrize("width", [80, 140])
def test_no_price_is_put_on_people_whom_chance_may_have_moved(results, width):
    frame, manifest = results
    frame = frame.copy()
    moved = (frame["outcome"] == "inactive") & (frame["scenario"] == fake.NARROWS.name)
    frame.loc[moved, "ci_high"] = 0.001

    def price(of):
        console = Console(width=400)
        with console.capture() as shown:
            console.print(tables.effects_table(of, manifest, width))
        line = next(line for line in shown.get().splitlines() if line.startswith(fake.NARROWS.title))
        return line.split()[-1]

    assert price(results[0]).startswith("£") and price(frame) == "unclear"
