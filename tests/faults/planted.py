"""Whether the tests notice: faults are planted one at a time in a copy of the project, and its tests must fail.

python -m tests.faults.planted                      every fault of faults.yaml against its own tests
python -m tests.faults.planted --kind seeds         those of one kind
python -m tests.faults.planted --whole              against all tests but the slow ones: hours

Ends with 1 when a fault was not noticed, and with 2, before anything runs, when the text that a fault replaces is not
in its file exactly once, when a file of tests is not there, or when tests fail on the copy as it is.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

ROOT = Path(__file__).parents[2]
FAULTS = Path(__file__).with_name("faults.yaml")
KINDS = ("rules", "seeds", "sums", "units", "readers", "intervals", "words")
LEFT_OUT = {".git", ".venv", "results", "build", "shared"}
"""What lies at the top of the project and is no part of it."""
MINUTES = 20
"""Beyond which tests hang: that, too, is noticing."""
FAILED, FINE = 1, 0
"""What pytest ends with; anything else is no answer."""


@dataclass(frozen=True)
class Fault:
    """A text of a file and the wrong one in its place; tests: the files, or tests of files, that should notice."""

    kind: str
    file: str
    old: str
    new: str
    why: str
    tests: list[str]

    @property
    def title(self) -> str:
        """One line about it."""
        return f"{self.kind}: {self.file}: {self.why}"


def _left_out(folder: str, names: list[str]) -> set[str]:
    """What is not copied. Without compiled files none can be taken for that of a fault of the same second and size."""
    return {name for name in names if name == "__pycache__" or (Path(folder) == ROOT and name in LEFT_OUT)}


class Unfit(Exception):
    """The list of faults does not fit the project."""


def read(path: Path = FAULTS) -> list[Fault]:
    """The faults of a file. Raises Unfit when one is not written as it should be."""
    names = {field.name for field in fields(Fault)}
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    for number, one in enumerate(found, 1):
        if set(one) != names or one["kind"] not in KINDS or not one["tests"]:
            raise Unfit(
                f"{path.name}, fault {number}: needs {', '.join(sorted(names))}; kinds: {', '.join(KINDS)}"
            )
    return [Fault(**one) for one in found]


def check(faults: list[Fault], root: Path = ROOT) -> None:
    """Raise Unfit with every fault whose text or tests are not there."""
    wrong = []
    for fault in faults:
        path = root / fault.file
        count = path.read_text(encoding="utf-8").count(fault.old) if path.is_file() else 0
        if count != 1:
            wrong.append(f"{fault.title}\n  its text stands there {count} times, not once: {fault.old!r}")
        if fault.old == fault.new:
            wrong.append(f"{fault.title}\n  it changes nothing")
        wrong += [f"{fault.title}\n  no such tests: {name}" for name in fault.tests
                  if not (root / name.partition("::")[0]).exists()]  # fmt: skip
    if wrong:
        raise Unfit("\n".join(wrong))


def run(root: Path, tests: list[str]) -> tuple[int, str]:
    """What pytest ends with on a copy of the project, stopped at the first failure, and its last words."""
    words = [
        sys.executable,
        "-B",
        "-m",
        "pytest",
        "-x",
        "-q",
        "-m",
        "not slow",
        "-p",
        "no:cacheprovider",
        *tests,
    ]
    try:
        done = subprocess.run(words, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, timeout=60 * MINUTES,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # fmt: skip
    except subprocess.TimeoutExpired:
        return FAILED, f"not done in {MINUTES} minutes"
    return done.returncode, "\n".join(done.stdout.splitlines()[-12:])


def noticed(
    root: Path, fault: Fault, tests: list[str], run: Callable[[Path, list[str]], tuple[int, str]] = run
) -> bool:
    """Plant a fault, run tests, take it out. Raises Unfit when the tests did not run."""
    path = root / fault.file
    sound = path.read_text(encoding="utf-8")
    path.write_text(sound.replace(fault.old, fault.new), encoding="utf-8")
    try:
        ended, said = run(root, tests)
    finally:
        path.write_text(sound, encoding="utf-8")
    if ended in (FAILED, FINE):
        return ended == FAILED
    if ended == 2:  # pytest could not even read the tests: the fault breaks what they import
        return True
    raise Unfit(f"{fault.title}\n  pytest ended with {ended}: {said}")


def main(words: list[str] | None = None) -> int:
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--kind", choices=KINDS)
    asked.add_argument("--whole", action="store_true", help="against all tests but the slow ones")
    options = asked.parse_args(words)
    faults = [fault for fault in read() if options.kind in (None, fault.kind)]
    check(faults)
    missed = []
    with TemporaryDirectory(prefix="everystep-faults-") as folder:
        copy = Path(folder) / "project"
        shutil.copytree(ROOT, copy, ignore=_left_out, symlinks=True)
        every = ["tests"] if options.whole else sorted({name for fault in faults for name in fault.tests})
        ended, said = run(copy, every)
        if ended != FINE:
            raise Unfit(f"the tests do not pass as they are (pytest ended with {ended}):\n{said}")
        for fault in faults:
            began = time.monotonic()
            found = noticed(copy, fault, ["tests"] if options.whole else fault.tests)
            missed += [] if found else [fault]
            print(
                f"{'noticed' if found else 'MISSED '} {time.monotonic() - began:5.0f} s  {fault.title}",
                flush=True,
            )
    print(f"{len(faults) - len(missed)} of {len(faults)} faults noticed")
    return 1 if missed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Unfit as unfit:
        print(unfit, file=sys.stderr)
        sys.exit(2)
