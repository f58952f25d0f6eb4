"""A place of one zone runs from end to end: nothing is said of residents it has not, and doubts about it are told."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))

from door import door


def test_a_place_of_one_zone_is_compared_and_says_only_what_it_has(tmp_path):
    place = tmp_path / "one"
    place.mkdir()
    (place / "zones.csv").write_text("code,easting,northing,residents,imd_decile\nA,446000,341000,1500,1\n")
    (place / "boundaries.gpkg").write_bytes(b"SQLite format 3")
    out = tmp_path / "out"
    told = door("compare", "walk_and_talk", "--place", str(place), "--sample", "0.2", "--weeks", "12", "--replicates",
                "2", "--jobs", "1", "--out", str(out))  # fmt: skip
    assert told.exit_code == 0, told.stderr
    assert not re.search(r"\bnan\b", told.stdout)
    assert "the file is not read: each zone gets the land nearest to its centre" in told.stdout + told.stderr
    frame = pd.read_csv(out / "effects.csv", dtype={"level": str})
    reach = frame[(frame["outcome"] == "reach") & (frame["group"] == "imd_quintile")].set_index("level")
    assert reach["scenario_value"].notna().to_dict() == {
        "1": True,
        "2": False,
        "3": False,
        "4": False,
        "5": False,
    }
    page = re.sub(
        r"<(script|style|svg).*?</\1>|<[^>]+>", " ", (out / "report.html").read_text(), flags=re.DOTALL
    )
    assert "Most deprived fifth" in page and "second most deprived fifth" not in page.lower()
    assert not re.search(r"\bnan\b", page)
