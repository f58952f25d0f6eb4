"""The lowest versions that pyproject allows, and the newest: each installed in an environment of its own and tried.

    python tests/environments/floors.py            both
    python tests/environments/floors.py lowest     one of them

What is tried is what a stranger does first: a fresh copy, `doctor`, a comparison, a sweep, indices, the live view, and a
script beside a folder of their own that is called `scenarios`. Each takes two minutes on two cores, and the network.
Exit status: 0 = all is well; 1 = a version that is allowed does not work; 75 = nothing could be fetched, so nothing is known.
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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TRIED = {"lowest": ("3.11", "lowest-direct"), "newest": ("3.13", "highest")}
"""Python and way of choosing versions (`uv pip install --resolution`)."""

TINY = ["--sample", "0.01", "--weeks", "40", "--replicates", "2", "--jobs", "2"]
FIRST = [
    ["doctor"],
    ["scenario", "check", "walk_and_talk"],
    ["simulate", "walk_and_talk", "--sample", "0.01", "--weeks", "30", "--out", "simulated"],
]
"""What is tried alone: it compiles for all that follows."""
LANES = [
    [
        ["--help"],
        ["place", "check", "erewash"],
        ["compare", "walk_and_talk", "better_park", *TINY, "--out", "compared"],
        ["report", "compared"],
        ["script.py"],
        ["sweep", "groups.yaml", "--jobs", "2", "--out", "swept"],
        ["store", "check", "swept"],
        ["store", "export", "swept", "--to", "swept.csv"],
    ],
    [
        ["sensitivity", "walk_and_talk", "--sample", "0.02", "--weeks", "40", "--replicates", "2", "--jobs", "1", "--points",
         "16", "--method", "sobol", "--emulator", "--vary", "uptake_base", "--vary", "attendance", "--out", "sensitive"],
        ["discover", "sensitive"],
        ["view"],
    ],
]  # fmt: skip
"""What is tried side by side, each list in order."""
UNREACHABLE = 75
"""Exit status that says: try again later."""
OURS = ("No solution found", "Failed to build", "no wheels", "requires-python")
"""What the installer says when the versions that are allowed are at fault, and not the network."""
AWAY = ("network", "Failed to fetch", "Could not connect", "error sending request", "timed out")
"""What it says when it could not look."""
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
    failed, unknown = 0, 0
    with tempfile.TemporaryDirectory(prefix="everystep-floors-") as folder:
        for name in names or TRIED:
            print(f"== {name}: Python {TRIED[name][0]}", flush=True)
            began = time.monotonic()
            try:
                python = install(find_uv(Path(folder)), Path(folder) / name, *TRIED[name])
            except subprocess.CalledProcessError as error:
                said = error.stderr or ""
                fault = any(words in said for words in OURS) and not any(words in said for words in AWAY)
                print(f"{'FAULT' if fault else 'could not be fetched'}: {said[-2000:]}", flush=True)
                failed, unknown = failed + fault, unknown + (not fault)
                continue
            print(f"   installed ({time.monotonic() - began:.0f} s)", flush=True)
            failed += tries(python, Path(folder) / name).count(False)
            print(f"   {name}: {time.monotonic() - began:.0f} s", flush=True)
    if failed:
        print(f"{failed} tries failed.")
    elif unknown:
        print("Nothing is known: packages could not be fetched.")
    else:
        print("All is well.")
    return 1 if failed else UNREACHABLE if unknown else 0


def find_uv(folder: Path) -> str:
    """The program that installs: pip cannot be asked for the lowest versions."""
    if found := shutil.which("uv"):
        return found
    if not (folder / "tool").exists():
        venv.create(folder / "tool", with_pip=True)
        fetch([str(folder / "tool" / "bin" / "pip"), "install", "--quiet", "uv"])
    return str(folder / "tool" / "bin" / "uv")


def fetch(words: list[str], **more: Any) -> str:
    """What a command that needs the network says. Raises CalledProcessError with all it said of its failure."""
    return subprocess.run(words, check=True, capture_output=True, text=True, **more).stdout


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
    fetch([uv, "venv", "--quiet", "--python", find_python(python), str(own)])
    for words in (["--resolution", resolution, "-r", "pyproject.toml"], ["--no-deps", "-e", "."]):
        fetch([uv, "pip", "install", "--quiet", *words], env=quiet, cwd=folder / "clone")
    listed = fetch([uv, "pip", "freeze"], env=quiet, cwd=folder / "clone")
    print("   " + " ".join(line for line in listed.split() if "==" in line), flush=True)
    return str(own / "bin" / "python")


def _left_out(folder: str, names: list[str]) -> set[str]:
    """What a clone does not have: `results` is a folder of runs at the top alone."""
    made = shutil.ignore_patterns(".venv", ".git", "__pycache__", "*.egg-info", ".*_cache")(folder, names)
    return made | ({"results"} if Path(folder) == ROOT else set())


def tries(python: str, folder: Path) -> list[bool]:
    """Whether each command ends well, in a folder with plans of the user's own."""
    here = folder / "user"
    (here / "scenarios").mkdir(parents=True)
    (here / "groups.yaml").write_text(SWEEP, encoding="utf-8")
    (here / "script.py").write_text(SCRIPT, encoding="utf-8")
    door = [python, str(folder / "clone" / "run.py")]

    def lane(commands: list[list[str]]) -> list[bool]:
        return [one(python, door, words, here) for words in commands]

    with ThreadPoolExecutor(len(LANES)) as side_by_side:
        return [*lane(FIRST), *(well for wells in side_by_side.map(lane, LANES) for well in wells)]


def one(python: str, door: list[str], words: list[str], here: Path) -> bool:
    """Whether one command ends well; says so in a line."""
    began = time.monotonic()
    if words == ["view"]:
        well, said = view_answers([*door, "view", "--no-browser", "--sample", "0.01", "--port"], here)
    else:
        ran = subprocess.run(
            [*([python] if words == ["script.py"] else door), *words],
            cwd=here,
            capture_output=True,
            text=True,
        )
        well = ran.returncode == 0 and "Traceback" not in ran.stderr and "Warning" not in ran.stderr
        said = f"status {ran.returncode}\n{ran.stdout[-1000:]}\n{ran.stderr[-4000:]}"
    line = f"{'ok   ' if well else 'FAULT'} {' '.join(words)[:90]} ({time.monotonic() - began:.0f} s)"
    print(line if well else f"{line}\n{said}", flush=True)
    return well


def view_answers(words: list[str], here: Path, seconds: float = 180) -> tuple[bool, str]:
    """Whether the live view gives its page, and what it said."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with open(here / "view.log", "w", encoding="utf-8") as log:
        server = subprocess.Popen([*words, str(port)], cwd=here, stdout=log, stderr=log)
        well = False
        try:
            until = time.monotonic() + seconds
            while not well and time.monotonic() < until and server.poll() is None:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as page:
                        well = page.status == 200 and b"<html" in page.read().lower()
                except OSError:
                    time.sleep(1)
        finally:
            server.terminate()
            server.wait(timeout=30)
    return well, (here / "view.log").read_text(encoding="utf-8")[-3000:]


if __name__ == "__main__":
    if unknown := set(sys.argv[1:]) - set(TRIED):
        sys.exit(f"no such try: {', '.join(unknown)}; there are {', '.join(TRIED)}")
    sys.exit(main(sys.argv[1:]))
