"""Whether the tests notice: faults are planted one at a time in a copy of the project, and its tests must fail.

python -m tests.faults.planted                      every fault of faults.yaml against its own tests
python -m tests.faults.planted --kind seeds         those of one kind
python -m tests.faults.planted --about "weeks"      those whose file or reason holds a word
python -m tests.faults.planted --whole              against all tests but the slow ones: hours

Ends with 1 when fewer than nine faults in ten were noticed, and with 2, before anything is planted, when the text that a
fault replaces is not in its file exactly once, when a file of tests is not there, or when tests fail on the copy as it is.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from model.machine import compiled

ROOT = Path(__file__).parents[2]
FAULTS = Path(__file__).with_name("faults.yaml")
KINDS = ("rules", "seeds", "sums", "units", "readers", "intervals", "words")
LEFT_OUT = {".git", ".venv", "results", "build", "shared"}
"""What lies at the top of the project and is no part of it."""
MINUTES = 20
"""Beyond which tests hang: that, too, is noticing."""
LEAST = 0.9
"""The share of faults that must be noticed: 27 of 30."""
FAILED, FINE, UNREADABLE = 1, 0, 2
"""What pytest ends with; anything else is no answer."""
FAILURE = re.compile(r"^(?:FAILED|ERROR) ([^\s\[]+)", re.M)

Ran = tuple[int, str]
"""What pytest ended with, and its last words."""


@dataclass(frozen=True)
class Fault:
    """A text of a file and the wrong one in its place.

    tests: the files, or tests of files, that should notice; further: those that are tried when these do not.
    """

    kind: str
    file: str
    old: str
    new: str
    why: str
    tests: list[str]
    further: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """One line about it."""
        return f"{self.kind}: {self.file}: {self.why}"


@dataclass(frozen=True)
class Noticed:
    """The test that noticed a fault, and whether it is one of the `further`."""

    test: str
    late: bool = False


def _left_out(folder: str, names: list[str]) -> set[str]:
    """What is not copied. Without compiled files none can be taken for that of a fault of the same second and size."""
    return {name for name in names if name == "__pycache__" or (Path(folder) == ROOT and name in LEFT_OUT)}


class Unfit(Exception):
    """The list of faults does not fit the project."""


def read(path: Path = FAULTS) -> list[Fault]:
    """The faults of a file. Raises Unfit when one is not written as it should be."""
    known = {field.name: field.default is MISSING for field in fields(Fault)}
    needed = {name for name, must in known.items() if must}
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    for number, one in enumerate(found, 1):
        if not needed <= set(one) <= set(known) or one["kind"] not in KINDS or not one["tests"]:
            raise Unfit(
                f"{path.name}, fault {number}: needs {', '.join(sorted(needed))}; kinds: {', '.join(KINDS)}"
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
        wrong += [f"{fault.title}\n  no such tests: {name}" for name in (*fault.tests, *fault.further)
                  if not _is_there(root, name)]  # fmt: skip
    if wrong:
        raise Unfit("\n".join(wrong))


def _is_there(root: Path, name: str) -> bool:
    """Whether a file of tests, or a test `file.py::test` of one, is there."""
    file, _, test = name.partition("::")
    path = root / file
    return path.exists() and (not test or f"def {test}(" in path.read_text(encoding="utf-8"))


def run(root: Path, tests: list[str]) -> Ran:
    """What pytest ends with on a copy of the project, stopped at the first failure, and its last words.

    Compiled code is kept beside the copy, and never taken from anywhere else: in a folder for the project as it was copied,
    which most faults leave as it is, and for other sources of compiled code in one that is thrown away. (Functions that are
    compiled hold those they call, and what is kept of a file stands or falls by the time and size of that file alone.)
    """
    name = compiled.version(root / "model")
    sound = root.parent / "compiled"
    kept = sound if not sound.exists() or (sound / name).exists() else root.parent / f"compiled-{name}"
    words = [sys.executable, "-m", "pytest", "-x", "-q", "-m", "not slow", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(
            words, cwd=root, timeout=60 * MINUTES, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1", "NUMBA_CACHE_DIR": str(kept)},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return FAILED, f"FAILED {tests[0]} not done in {MINUTES} minutes"
    finally:
        if kept != sound:
            shutil.rmtree(kept, ignore_errors=True)
    return done.returncode, "\n".join(done.stdout.splitlines()[-12:])


def noticed(
    root: Path, fault: Fault, whole: bool = False, run: Callable[[Path, list[str]], Ran] = run
) -> Noticed | None:
    """Plant a fault, run its tests, or the `whole` of them, and take it out. Raises Unfit when tests did not run."""
    path = root / fault.file
    sound, times = path.read_text(encoding="utf-8"), path.stat()
    path.write_text(sound.replace(fault.old, fault.new), encoding="utf-8")
    try:
        for late, tests in enumerate([["tests"]] if whole else [list(fault.tests), list(fault.further)]):
            if not tests:
                continue
            ended, said = run(root, tests)
            if ended in (FAILED, UNREADABLE):  # unreadable: the fault breaks what the tests import
                return Noticed(found[1] if (found := FAILURE.search(said)) else tests[0], bool(late))
            if ended != FINE:
                raise Unfit(f"{fault.title}\n  pytest ended with {ended}: {said}")
    finally:
        path.write_text(sound, encoding="utf-8")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))  # what was compiled of it still holds
    return None


def counted(found: list[tuple[Fault, Noticed | None]]) -> str:
    """How many were noticed, by kind and in all."""
    every, seen = (Counter(fault.kind for fault, by in found if by or anyhow) for anyhow in (True, False))
    lines = [f"{kind:9}  {seen[kind]} of {every[kind]}" for kind in KINDS if every[kind]]
    return "\n".join([*lines, f"{'all':9}  {seen.total()} of {every.total()} faults noticed"])


def enough(found: list[tuple[Fault, Noticed | None]]) -> bool:
    """Whether so many were noticed as must be."""
    return sum(by is not None for _, by in found) >= LEAST * len(found)


def main(words: list[str] | None = None) -> int:
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--kind", choices=KINDS)
    asked.add_argument("--about", default="", help="faults whose file or reason holds this")
    asked.add_argument("--whole", action="store_true", help="against all tests but the slow ones")
    options = asked.parse_args(words)
    faults = [
        fault for fault in read() if options.kind in (None, fault.kind) and options.about in fault.title
    ]
    check(faults)
    if not faults:
        raise Unfit("no such faults")
    found: list[tuple[Fault, Noticed | None]] = []
    with TemporaryDirectory(prefix="everystep-faults-") as folder:
        copy = Path(folder) / "project"
        shutil.copytree(ROOT, copy, ignore=_left_out, symlinks=True)
        every = sorted({name for fault in faults for name in (*fault.tests, *fault.further)})
        ended, said = run(copy, ["tests"] if options.whole else every)
        if ended != FINE:
            raise Unfit(f"the tests do not pass as they are (pytest ended with {ended}):\n{said}")
        for fault in faults:
            began = time.monotonic()
            by = noticed(copy, fault, options.whole)
            found.append((fault, by))
            told = "MISSED" if by is None else "late" if by.late else "noticed"
            print(
                f"{told:7}  {time.monotonic() - began:4.0f} s  {fault.title}\n{'':17}{by.test if by else '-'}",
                flush=True,
            )
    print(counted(found))
    return 0 if enough(found) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Unfit as unfit:
        print(unfit, file=sys.stderr)
        sys.exit(2)
