"""The lowest versions that pyproject allows, and the newest: each installed in an environment of its own and tried.

    python tests/environments/floors.py            both
    python tests/environments/floors.py lowest     one of them

What is tried is what a stranger does first: a fresh copy, `doctor`, a comparison, a sweep, indices, the live view, and a
script beside a folder of their own that is called `scenarios`. Takes ten minutes and the network.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
TRIED = {"lowest": ("3.11", "lowest-direct"), "newest": ("3.13", "highest")}
"""Python and way of choosing versions (`uv pip install --resolution`)."""

TINY = ["--sample", "0.01", "--weeks", "40", "--replicates", "2", "--jobs", "2"]
COMMANDS = [
    ["doctor"],
    ["--help"],
    ["place", "check", "erewash"],
    ["scenario", "check", "walk_and_talk"],
    ["simulate", "walk_and_talk", "--sample", "0.01", "--weeks", "30", "--out", "simulated"],
    ["compare", "walk_and_talk", "better_park", *TINY, "--out", "compared"],
    ["report", "compared"],
    ["sweep", "groups.yaml", "--jobs", "2", "--out", "swept"],
    ["store", "check", "swept"],
    ["store", "export", "swept", "--to", "swept.csv"],
    ["sensitivity", "walk_and_talk", "--sample", "0.05", "--weeks", "60", "--replicates", "2", "--jobs", "2", "--points",
     "24", "--method", "sobol", "--emulator", "--vary", "uptake_base", "--vary", "attendance", "--out", "sensitive"],
    ["discover", "sensitive"],
]  # fmt: skip
SWEEP = """
scenario: walk_and_talk
vary: {interventions.0.groups: [10, 20]}
replicates: 2
sample: 0.01
weeks: 30
"""
SCRIPT = """
from model import Neighbourhood
from scenarios import Scenario, compare

if __name__ == "__main__":
    town = Neighbourhood("erewash", seed=1, sample=0.01)
    town.run(weeks=2)
    print(len(compare([Scenario.load("walk_and_talk")], replicates=2, sample=0.01, weeks=30, jobs=1).frame))
"""


def main(names: list[str]) -> int:
    """Try what is named; the exit status."""
    failed = 0
    with tempfile.TemporaryDirectory(prefix="everystep-floors-") as folder:
        uv = find_uv(Path(folder))
        for name in names or TRIED:
            print(f"== {name}: Python {TRIED[name][0]}", flush=True)
            try:
                python = install(uv, Path(folder) / name, *TRIED[name])
            except subprocess.CalledProcessError as error:
                print(f"FAULT could not be installed: {error}", flush=True)
                failed += 1
                continue
            failed += sum(not well for well in tries(python, Path(folder) / name))
    print("All is well." if not failed else f"{failed} tries failed.")
    return 1 if failed else 0


def find_uv(folder: Path) -> str:
    """The program that installs: pip cannot be asked for the lowest versions."""
    if found := shutil.which("uv"):
        return found
    venv.create(folder / "tool", with_pip=True)
    subprocess.run([folder / "tool" / "bin" / "pip", "install", "--quiet", "uv"], check=True)
    return str(folder / "tool" / "bin" / "uv")


def find_python(version: str) -> str:
    """A Python of a version: on the path, among pyenv's, or as uv finds it."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    for found in [f"python{version}", *map(str, sorted(pyenv.glob(f"{version}.*/bin/python"), reverse=True))]:
        asked = "import sys; print('%d.%d' % sys.version_info[:2])"
        try:
            told = subprocess.run([found, "-c", asked], capture_output=True, text=True).stdout.strip()
        except OSError:
            continue
        if told == version:
            return found
    return version


def install(uv: str, folder: Path, python: str, resolution: str) -> str:
    """A fresh copy of the program and an environment for it, as a stranger would make them; its Python."""
    shutil.copytree(ROOT, folder / "clone", ignore=_left_out)
    own = folder / "clone" / ".venv"
    quiet = dict(os.environ, VIRTUAL_ENV=str(own))
    subprocess.run([uv, "venv", "--quiet", "--python", find_python(python), str(own)], check=True)
    for words in (["--resolution", resolution, "-r", "pyproject.toml"], ["--no-deps", "-e", "."]):
        subprocess.run([uv, "pip", "install", "--quiet", *words], check=True, env=quiet, cwd=folder / "clone")
    listed = subprocess.run(
        [uv, "pip", "freeze"], check=True, env=quiet, capture_output=True, text=True
    ).stdout
    print("   " + " ".join(line for line in listed.split() if "==" in line), flush=True)
    return str(own / "bin" / "python")


def _left_out(folder: str, names: list[str]) -> set[str]:
    """What a clone does not have: `results` is a folder of runs at the top alone."""
    made = shutil.ignore_patterns(".venv", ".git", "__pycache__", "*.egg-info", ".*_cache")(folder, names)
    return made | ({"results"} if Path(folder) == ROOT else set())


def tries(python: str, folder: Path) -> Iterator[bool]:
    """Whether each command ends well, in a folder with plans of the user's own."""
    here = folder / "user"
    (here / "scenarios").mkdir(parents=True)
    (here / "groups.yaml").write_text(SWEEP, encoding="utf-8")
    (here / "script.py").write_text(SCRIPT, encoding="utf-8")
    door = [python, str(folder / "clone" / "run.py")]
    for words in [*([*door, *command] for command in COMMANDS), [python, "script.py"]]:
        began = time.monotonic()
        ran = subprocess.run(words, cwd=here, capture_output=True, text=True)
        well = ran.returncode == 0 and "Traceback" not in ran.stderr and "Warning" not in ran.stderr
        print(
            f"{'ok   ' if well else 'FAULT'} {' '.join(words[1:])[-90:]} ({time.monotonic() - began:.0f} s)",
            flush=True,
        )
        if not well:
            print(f"status {ran.returncode}\n{ran.stdout[-1000:]}\n{ran.stderr[-4000:]}", flush=True)
        yield well
    well = view_answers([*door, "view", "--no-browser", "--sample", "0.01", "--port"], here)
    print(f"{'ok   ' if well else 'FAULT'} view", flush=True)
    yield well


def view_answers(words: list[str], here: Path, seconds: float = 180) -> bool:
    """Whether the live view gives its page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with open(here / "view.log", "w", encoding="utf-8") as log:
        server = subprocess.Popen([*words, str(port)], cwd=here, stdout=log, stderr=log)
        try:
            until = time.monotonic() + seconds
            while time.monotonic() < until and server.poll() is None:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as page:
                        return page.status == 200 and b"<html" in page.read().lower()
                except OSError:
                    time.sleep(1)
            print((here / "view.log").read_text(encoding="utf-8")[-3000:])
            return False
        finally:
            server.terminate()
            server.wait(timeout=30)


if __name__ == "__main__":
    if unknown := set(sys.argv[1:]) - set(TRIED):
        sys.exit(f"no such try: {', '.join(unknown)}; there are {', '.join(TRIED)}")
    sys.exit(main(sys.argv[1:]))
