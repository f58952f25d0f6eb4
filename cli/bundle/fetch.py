"""Wheels for another machine, fetched by pip as this one's settings say: index, proxy, certificates."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from cli.bundle.targets import Target
from cli.bundle.wanted import runs_on
from model.files import moving

NONE_FOUND = re.compile(r"No matching distribution found for ([\w.-]+)")
NO_NETWORK = re.compile(r"Retrying \(Retry|ConnectionError|ProxyError|ConnectTimeout|SSLError", re.I)


class CannotBundle(Exception):
    """Why there can be no bundle, in words."""


class NoWheel(Exception):
    """There is no wheel of a package (`name`) that will do on a machine."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def fetch(lines: list[str], target: Target, folder: Path, tell: Callable[[], None]) -> None:
    """Fetch one wheel for each requirement, and none of what these ask for. tell: called as each is begun.

    Raises NoWheel for the first that has none for this machine, CannotBundle where nothing can be fetched.
    """
    command = ["download", "--no-deps", "--only-binary=:all:", "--implementation", "cp", "--python-version", target.python,
               "--dest", str(folder), *(word for platform in target.machine.platforms for word in ("--platform", platform))]  # fmt: skip
    _pip([*command, *lines], tell)


def build(line: str, target: Target, folder: Path) -> bool:
    """Make the wheel of a package that comes as source alone; whether it came, and serves every system."""
    with tempfile.TemporaryDirectory(dir=folder.parent, ignore_cleanup_errors=True) as aside:
        try:
            _pip(["wheel", "--no-deps", "--wheel-dir", aside, line], lambda: None)
        except (CannotBundle, NoWheel):
            return False
        made = [path for path in Path(aside).glob("*-none-any.whl") if runs_on(path, target)]
        for path in made:
            moving.replace(path, folder / path.name)
    return bool(made)


def _pip(words: list[str], tell: Callable[[], None]) -> None:
    """Let pip do something. tell: called as it begins with each package. Raises NoWheel, CannotBundle."""
    if find_spec("pip") is None:
        raise CannotBundle(f"pip is missing from {sys.executable}, and fetches the packages. "
                           "`python -m ensurepip` brings it")  # fmt: skip
    verb, *more = words
    command = [
        sys.executable,
        "-m",
        "pip",
        verb,
        "--disable-pip-version-check",
        "--progress-bar",
        "off",
        *more,
    ]
    said: deque[str] = deque(maxlen=200)
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as running:  # fmt: skip
        try:
            for content in running.stdout or ():
                line = content.decode("utf-8", "replace")
                said.append(line.strip())
                if line.startswith("Collecting "):
                    tell()
        except BaseException:
            running.kill()
            raise
    if running.returncode:
        raise _why("\n".join(said))


def _why(said: str) -> Exception:
    """What pip's words come to."""
    if NO_NETWORK.search(said):
        return CannotBundle("packages cannot be fetched: no network, or none that leads to the index. Behind a proxy, set "
                            "HTTPS_PROXY; for a private index, PIP_INDEX_URL")  # fmt: skip
    if missed := NONE_FOUND.search(said):
        return NoWheel(missed[1])
    errors = [line for line in said.splitlines() if line.startswith("ERROR")] or said.splitlines()[-1:]
    return CannotBundle(f"pip could not fetch the packages: {' '.join(errors)[:300] or 'it said nothing'}")
