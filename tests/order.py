"""In which order the files of tests are run: those that take long first, so that no process waits for another at the end.

`python -m pytest -m "not slow" --junitxml build/tests.xml`, then `python -m tests.order build/tests.xml` measures anew.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

SECONDS = Path(__file__).with_name("seconds.json")
"""What each file took in one process, in seconds. A file that is not there is run as one of the usual length."""
USUAL = 5.0


def seconds() -> dict[str, float]:
    """What each file took; nothing where that is not known."""
    try:
        return json.loads(SECONDS.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def ordered(files: Iterable[str]) -> list[str]:
    """The files in the order in which they are run."""
    took = seconds()
    return sorted(set(files), key=lambda file: (-took.get(file, USUAL), file))


def measured(report: Path) -> dict[str, float]:
    """What each file took by a report of pytest's in JUnit's format."""
    total: Counter[str] = Counter()
    for case in ElementTree.parse(report).iter("testcase"):
        total[case.get("classname", "").replace(".", "/") + ".py"] += float(case.get("time", 0))
    return {file: round(took, 1) for file, took in sorted(total.items()) if took >= 0.1}


def main() -> int:
    found = measured(Path(sys.argv[1]))
    SECONDS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"{SECONDS}: {len(found)} files, {sum(found.values()):.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
