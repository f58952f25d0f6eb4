"""Pages for contributors do what they say: their changes are made in a copy of the project, and looked at."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = {
    path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "contributing").glob("*.md")
}
DIFF = re.compile(r"^```diff\n--- (\S+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
NEW = re.compile(r"^```py\n# (\S+)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def changes(page: str) -> list[tuple[str, str, str]]:
    """(file, lines taken out, lines put in) of every change on a page, in order."""
    found = []
    for name, body in DIFF.findall(PAGES[page]):
        out = "\n".join(line[1:] for line in body.splitlines() if line.startswith("-"))
        put = "\n".join(line[1:] for line in body.splitlines() if line.startswith("+"))
        found.append((name, out, put))
    return found


def copy(folder: Path) -> Path:
    """A copy of the project, without what is made from it but for Python's own code of each file, which is made anew of what changes."""
    made = shutil.ignore_patterns("*.egg-info", ".*_cache", "everystep-*")
    beside = {".venv", ".git", "build", "results", "docs"}

    def left(path: str, names: list[str]) -> set[str]:
        return made(path, names) | (beside & set(names) if Path(path) == ROOT else set())

    return Path(shutil.copytree(ROOT, folder / "copy", ignore=left))


def make(project: Path, change: tuple[str, str, str]) -> None:
    """Make one change of a page."""
    name, out, put = change
    text = (project / name).read_text(encoding="utf-8")
    assert text.count(out) == 1, f"{name}: {out}"
    (project / name).write_text(text.replace(out, put), encoding="utf-8")


def run(project: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Python in a copy, which stands first on the path."""
    return subprocess.run(
        [sys.executable, *words], cwd=project, capture_output=True, text=True, env={**os.environ, **more}
    )


def written_place(project: Path) -> Path:
    """A place of two zones in a copy: it takes no time to read."""
    place = project / "walked"
    place.mkdir()
    (place / "zones.csv").write_text(
        "code,easting,northing,residents,imd_decile\ngreen_end,446000,340000,1500,3\nmill_side,447000,340000,1400,7\n",
        encoding="utf-8",
    )
    return place


@pytest.mark.parametrize(
    "page", sorted(set(PAGES) - {"act"})
)  # an act of one's own changes no file of the project
def test_every_change_on_a_page_fits_the_files_as_they_are(page, tmp_path):
    assert changes(page) or NEW.findall(PAGES[page])
    names = {name for name, _, _ in changes(page)}
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for change in changes(page):
        make(tmp_path, change)


def test_a_place_format_is_read_once_the_page_is_followed(tmp_path):
    project = copy(tmp_path)
    for name, text in NEW.findall(PAGES["place_format"]):
        (project / name).write_text(text, encoding="utf-8")
    for change in changes("place_format"):
        make(project, change)
    written_place(project)
    point = '<wpt lat="52.95" lon="-1.31"><name>The green</name><type>{}</type></wpt>'
    gpx = '<gpx xmlns="http://www.topografix.com/GPX/1/1">{}</gpx>'
    texts = [gpx.format(point.format(kind)) for kind in ("park", "volcano")]
    done = run(project, "-c", CHECKED, *texts, "kind,name\npark,The green\n")
    park, volcano, table = (json.loads(line) for line in done.stdout.splitlines())
    assert park["status"] == 0 and "assets.gpx" in park["told"], done.stderr
    assert volcano["status"] == 2 and "unknown kind of asset" in volcano["told"]
    assert "not read" not in park["told"] + volcano["told"]
    assert "is not GPX" in table["told"]


CHECKED = """
import json, sys
from pathlib import Path
from tests.contract.door import door
for text in sys.argv[1:]:
    Path("walked/assets.gpx").write_text(text, encoding="utf-8")
    told = door("place", "check", "walked", "--json")
    print(json.dumps({"status": told.exit_code, "told": told.stdout}))
"""
"""What the check of a place says of each content of a file, in one process."""


ATTRIBUTE = """
import numpy as np
from model.population.columns import RESIDENT
from model.delivery.targeting import Who
from model.outcomes.strata import crossed, crossing_of, strata_of
from model.parameters import Parameters
from model.place.place import Place
from model.synthesis.people import make_people

place = Place.load("walked")
people = make_people(place, 1, 0.1, Parameters.default())
alone = people.household_size == 1
assert 0 < alone.sum() < people.n and np.array_equal(people.alone, alone)
assert RESIDENT["alone"].levels == ("no", "yes")

strata = strata_of(people, [str(code) for code in place.zones["code"]])
counts = dict(zip(strata.names, strata.sums(np.ones(people.n)), strict=True))
assert counts["alone", "yes"] == alone.sum() and counts["all", "all"] == people.n
code, joint = crossed(people, crossing_of("alone,sex"))
assert joint[code[0]].split("+")[0] == ("yes" if alone[0] else "no")

assert np.array_equal(Who(alone=True).mask(people), alone)
assert Who.model_json_schema()["properties"]["alone"]["description"].startswith("true: only people who live alone")

from cli.tables import GROUPS
from scenarios.findings.names import level_name
from viz.live.builder.builder_words import LABELS
from viz.live.view import ALLOWED
from viz.report.sentences import reader
from viz.report.sections.people import SHOWN
from scenarios import Scenario

assert GROUPS["alone"] == "Living alone" and level_name("alone", "yes") == "Lives alone"
assert "alone" in ALLOWED["group"] and "alone" in SHOWN and LABELS["who.alone"] == "For people who live alone"
assert reader("alone", "yes") == "people who live alone"

plan = Scenario.load("plan.yaml")
assert "alone=True" in str(plan.interventions[0].who).split()
print("all there")
"""


def test_an_attribute_is_there_for_everybody_once_the_page_is_followed(tmp_path):
    project, made = copy(tmp_path), changes("attribute")
    assert len({name for name, _, _ in made}) == 2, "besides the changelog and pages made anew"
    for change in made:
        make(project, change)
    text = "schema_version: 1\nname: A plan\nplace: erewash\ninterventions:\n  - type: walking_scheme\n"
    (project / "plan.yaml").write_text(f"{text}    who: {{alone: true}}\n", encoding="utf-8")
    written_place(project)
    # Little is worked out, so compiling would take most of the time.
    done = run(project, "-W", "ignore", "-c", ATTRIBUTE, NUMBA_DISABLE_JIT="1")
    assert done.stdout.split("\n")[-2:-1] == ["all there"], done.stderr


def changed_in(project: Path) -> set[str]:
    """Files of a copy that are not as they are here."""
    found = {path.relative_to(project) for path in project.rglob("*") if path.is_file()}
    found = {name for name in found if "__pycache__" not in name.parts and "out" not in name.parts}
    return {name.as_posix() for name in found
            if not (ROOT / name).is_file() or (ROOT / name).read_bytes() != (project / name).read_bytes()}  # fmt: skip


OUTCOME = """
import sys
sys.path.insert(0, "tests/contract")
from fake_town import FakeScenario, open_fake
from calibration.analysis.discovery import direction
from calibration.analysis.sensitivity import wanted_output
from scenarios import compare
from scenarios.sweeps.sweep_outcomes import asked
from pathlib import Path
from viz.report.report import build
found = compare([FakeScenario("Walk", 0.2)], replicates=4, jobs=1, baseline=FakeScenario("Baseline"), opener=open_fake,
                out="out")
row = found.frame.query("outcome == 'walkers' and level == 'female' and horizon_weeks == 30").iloc[0]
assert row["difference"] > 0, row
assert any(row["outcome"] == "walkers" for row in found.as_dict()["effects"])
assert "Walkers: 30 minutes or more on foot" in build(Path("out")).read_text()
for name in ("dictionary.csv", "effects.csv"):
    assert "walkers" in open(f"out/{name}").read(), name
assert str(asked("walkers", "age_band=75-84", "26:78")) == "walkers of age_band 75-84, weeks 26 to 78"
assert wanted_output("walkers", "sex=female") == asked("walkers", "sex=female")
assert direction("walkers", "beats") == 1.0
print("shown")
"""


def test_an_outcome_shows_everywhere_once_the_page_is_followed_in_two_files(tmp_path):
    project = copy(tmp_path)
    for name, text in NEW.findall(PAGES["outcome"]):
        (project / name).write_text(text, encoding="utf-8")
    for change in changes("outcome"):
        make(project, change)
    done = run(project, "-c", OUTCOME)
    assert done.stdout.split() == ["shown"], done.stderr
    assert changed_in(project) == {"model/outcomes/catalogue.py", "model/outcomes/readers/walkers.py"}


ORACLE = """
import sys
from model.reference.comparison import differences, twin
from model import Neighbourhood
town = Neighbourhood("erewash", seed=1, sample=0.004)
reference = twin(town)
for _ in range(40):
    town.advance(); reference.step()
    if differences(town, reference):
        print("differ"); break
else:
    print("equal")
"""


@pytest.mark.slow
def test_a_rule_makes_oracle_and_engine_differ_until_both_have_it(tmp_path):
    project = copy(tmp_path)
    made = changes("rule")
    for change in made[:2]:
        make(project, change)
    assert run(project, "-c", ORACLE).stdout.split() == ["differ"]
    for change in made[2:]:
        make(project, change)
    done = run(project, "-c", ORACLE)
    assert done.stdout.split() == ["equal"], done.stderr
