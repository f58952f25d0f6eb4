"""Files as Windows saves them (a mark in front, other ends of lines) mean what they do elsewhere, and have the same fingerprints."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from calibration import targets
from model import ensemble
from model.delivery import plugins
from model.interventions import REGISTRY
from model.machine import compiled
from model.place.place import Place, check
from scenarios.files import library
from scenarios.files.parameter_sets import choose
from scenarios.files.schema import Scenario
from scenarios.provenance import identity
from scenarios.sweeps import sweep_file
from scenarios.sweeps.points import from_table

ROOT = Path(__file__).parents[2]
MARK = b"\xef\xbb\xbf"


def crlf(text: str, mark: bool = True) -> bytes:
    """A text as Notepad saves it."""
    return MARK * mark + text.encode().replace(b"\n", b"\r\n")


def both(folder: Path, name: str, text: str) -> list[Path]:
    """The same file as it is saved here and on Windows, each in a folder of its own."""
    paths = [folder / where / "town" / name for where in ("here", "windows")]
    for path, content in zip(paths, (text.encode(), crlf(text)), strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return paths


def told(faults) -> list[tuple]:
    return [(one.message, one.line, one.key, one.found, one.allowed) for one in faults]


PLAN = """# a plan
name: Zoë's plan
description: >
  Walks, and
  talks.
years: 2

interventions:
  - type: walking_scheme
    groups: 10
"""


def test_a_scenario_is_the_same_and_its_faults_stand_on_the_same_lines(tmp_path):
    here, windows = (Scenario.load(path) for path in both(tmp_path, "plan.yaml", PLAN))
    assert here.model_dump() == windows.model_dump() and here.digest == windows.digest
    wrong = PLAN.replace("groups: 10", "groops: 10\n    cost: many").replace("years: 2", 'years: "two"')
    faults = [told(library.check(path)) for path in both(tmp_path, "plan.yaml", wrong)]
    assert faults[0] == faults[1] and {line for _, line, *_ in faults[0]} == {6, 10, 11}


ZONES = """code,name,easting,northing,residents,imd_decile
A,"First
street",446000,341000,1500,1
B,Second,447200,341300,1600,4
C,Third,446500,342200,1400,9
"""
ASSETS = "kind,easting,northing,name\npark,446200,341200,Zoë's park\n"
SHAPES = {"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [
        [[x, y], [x + 900, y], [x + 900, y + 900], [x, y + 900], [x, y]]]}}
    for code, x, y in (("A", 445600, 340600), ("B", 446800, 340800), ("C", 446100, 341800))]}  # fmt: skip


def test_a_place_is_the_same_and_its_faults_stand_on_the_same_lines(tmp_path):
    both(tmp_path, "place.yaml", "name: Zoë's place\n")
    both(tmp_path, "assets.csv", ASSETS)
    both(tmp_path, "boundaries.geojson", json.dumps(SHAPES, indent=1))
    paths = [path.parent for path in both(tmp_path, "zones.csv", ZONES)]
    here, windows = map(Place.load, paths)
    assert here.title == windows.title and (here.width, here.height) == (windows.width, windows.height)
    assert here.zones["name"][0].split() == windows.zones["name"][0].split() == ["First", "street"]
    assert (here.zones.drop(columns="name") == windows.zones.drop(columns="name")).all(axis=None)
    assert here.assets.equals(windows.assets) and here.boundaries.keys() == windows.boundaries.keys()
    both(tmp_path, "zones.csv", ZONES.replace("1600", "many").replace('"First\nstreet"', "First"))
    faults = [told(check(path)) for path in paths]
    assert faults[0] == faults[1] and faults[0][0][1] == 3


def test_points_and_sets_of_parameters_are_the_same(tmp_path):
    points = "interventions.0.groups,parameters.contagion\n\n10,complex\n20,none\n"
    here, windows = (from_table(path) for path in both(tmp_path, "points.csv", points))
    assert here == windows and len(here) == 2
    from model.errors import InputError

    for path in both(tmp_path, "points.csv", points + "30\n"):
        with pytest.raises(InputError) as refused:
            from_table(path)
        assert [one.line for one in refused.value.faults] == [5], "blank lines count"
    sets = "habit_gain,contagion\n0.05,complex\n0.06,none\n"
    here, windows = (choose(path, 12).changes for path in both(tmp_path, "sets.csv", sets))
    assert here == windows
    sweep = "name: one\nscenario: walk_and_talk\nvary: {interventions.0.groups: [10, 20]}\n"
    here, windows = (sweep_file.read(path) for path in both(tmp_path, "sweep.yaml", sweep))
    assert here == windows


PLUGIN = '''"""Walks by the canal."""

from typing import Literal

from model.interventions import WalkingScheme


class CanalWalks(WalkingScheme):
    """Walks by the canal."""

    type: Literal["canal_walks"] = "canal_walks"
'''


def test_a_plugin_is_the_same(tmp_path):
    marks = []
    for path in both(tmp_path, "canal.py", PLUGIN):
        plugins.load(path, REGISTRY)
        marks.append(identity.kind_mark("canal_walks"))
        REGISTRY.drop("canal_walks")
    assert marks[0] == marks[1] != ""


def test_fingerprints_of_the_program_do_not_hang_on_how_a_checkout_ends_its_lines(tmp_path):
    for room in ("model", "scenarios", "calibration"):
        shutil.copytree(
            ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "places", "library")
        )
    for path in tmp_path.rglob("*"):
        if path.suffix in (".py", ".yaml", ".csv"):
            path.write_bytes(crlf(path.read_text(encoding="utf-8"), mark=False))
    assert identity.sources.__wrapped__(tmp_path) == identity.sources()
    assert compiled.version(tmp_path / "model") == compiled.version()
    assert ensemble.checksum(tmp_path / ensemble.TABLE.relative_to(ROOT)) == ensemble.checksum()
    assert targets.fingerprint(tmp_path / targets.TARGETS.relative_to(ROOT)) == targets.fingerprint()
