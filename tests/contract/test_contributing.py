"""Pages for contributors do what they say: their changes are made in a copy of the project, and looked at."""

from __future__ import annotations

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
    """A copy of the project, without what is made from it."""
    left = shutil.ignore_patterns(
        ".venv", ".git", "__pycache__", "build", "results", "docs", "*.egg-info", ".*_cache"
    )
    return Path(shutil.copytree(ROOT, folder / "copy", ignore=left))


def make(project: Path, change: tuple[str, str, str]) -> None:
    """Make one change of a page."""
    name, out, put = change
    text = (project / name).read_text(encoding="utf-8")
    assert text.count(out) == 1, f"{name}: {out}"
    (project / name).write_text(text.replace(out, put), encoding="utf-8")


def run(project: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Python in a copy, which stands first on the path."""
    return subprocess.run([sys.executable, *words], cwd=project, capture_output=True, text=True)


@pytest.mark.parametrize("page", PAGES)
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
    place = project / "walked"
    place.mkdir()
    (place / "zones.csv").write_text(
        "code,easting,northing,residents,imd_decile\ngreen_end,446000,340000,1500,3\nmill_side,447000,340000,1400,7\n",
        encoding="utf-8",
    )
    point = '<wpt lat="52.95" lon="-1.31"><name>The green</name><type>{}</type></wpt>'
    gpx = '<gpx xmlns="http://www.topografix.com/GPX/1/1">{}</gpx>'
    for kind, said in (("park", "assets.gpx"), ("volcano", "unknown kind of asset")):
        (place / "assets.gpx").write_text(gpx.format(point.format(kind)), encoding="utf-8")
        done = run(project, "run.py", "place", "check", "walked", "--json")
        assert done.returncode == (0 if kind == "park" else 2), done.stderr
        assert said in done.stdout
        assert "not read" not in done.stdout
    (place / "assets.gpx").write_text("kind,name\npark,The green\n", encoding="utf-8")
    assert "is not GPX" in run(project, "run.py", "place", "check", "walked", "--json").stdout


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
