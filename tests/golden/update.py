"""Move the golden digests, on purpose: `python tests/golden/update.py --why "what changed and why"`.

Writes digests.json and prints the line to put under **Regression** in CHANGELOG.md; the test asks for that line.
`--numbers` also takes the ledger's present values as those of the golden runs.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from digests import DIGESTS, NUMBERS, runs  # noqa: E402

from model.parameters import Parameters  # noqa: E402

SWITCHES = {"warm_up_weeks": 16}
"""Golden runs warm up briefly: they hold bits, not levels."""


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    reader.add_argument("--why", required=True, help="what changed and why, in one line for the changelog")
    reader.add_argument("--numbers", action="store_true", help="also take the ledger's present values")
    given = reader.parse_args()
    if given.numbers or not NUMBERS.exists():
        values = {**Parameters.default().values, **SWITCHES}
        NUMBERS.write_text(json.dumps(values, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    before = json.loads(DIGESTS.read_text(encoding="utf-8"))["runs"] if DIGESTS.exists() else {}
    now = runs()
    moved = sorted(
        {
            f"{run}.{name}"
            for run in now
            for name in now[run]
            if before.get(run, {}).get(name) != now[run][name]
        }
    )
    if not moved:
        print("Every digest stands as it was.")
        return 0
    told = {"why": given.why, "machine": platform.machine(), "runs": now}
    DIGESTS.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(f"{len(moved)} digests moved. Put this line under Regression in CHANGELOG.md:\n- {given.why}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
