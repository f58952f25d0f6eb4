"""`.venv`, the project's own Python with all it needs: made, filled and entered, on every system in the same way.

Only the standard library, and words that an old Python can read: it runs before anything is installed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Optional  # noqa: UP035 (evaluated by an old Python)

from cli import ready

ROOT = ready.ROOT
WHERE = ROOT / ".venv"
WHEELS = ROOT / "wheels"
"""Packages that lie beside the program, where it came as a bundle (`cli/bundle/`): then no network is asked."""
NO_SETUP = "EVERYSTEP_NO_SETUP"
"""Set to 1: nothing is ever set up, what is missing is only told."""
HELD_SECONDS = 1800.0
"""A set-up that has held for so long was cut off."""
USUAL_SECONDS = 300.0
"""So long a set-up may take."""
OTHERS = ("python3.13", "python3.12", "python3.11")


Act = Callable[[], str]


class CannotSetUp(Exception):
    """Why there can be no environment, in words."""


def can_be() -> bool:
    """Whether there is a project here that can have an environment of its own."""
    return (ROOT / "pyproject.toml").is_file() and os.access(str(ROOT), os.W_OK)


def is_wanted() -> bool:
    """Whether it may be made without being asked for."""
    return can_be() and not os.environ.get(NO_SETUP)


def lock() -> Path:
    """The file that stands while somebody sets up."""
    return ROOT / ".venv-under-way"


def forget() -> None:
    """Take nothing that was filled for filled."""
    for mark in WHERE.glob("ready*"):
        mark.unlink()


def python() -> Path:
    """The Python of `.venv`."""
    return WHERE / "Scripts" / "python.exe" if os.name == "nt" else WHERE / "bin" / "python"


def is_ready(extra: str = "") -> bool:
    """Whether `.venv` runs, and holds what the project asks for now (with an extra: that, too)."""
    marks = [_mark("")] + ([_mark(extra)] if extra else [])
    return all(_read(mark) == _wanted() for mark in marks) and _runs(python())


def make(extra: str = "") -> None:
    """Make `.venv` and fill it, as far as it is not so already. Raises CannotSetUp."""
    with _alone():
        if not _runs(python()):
            _create()
        for one in ("", extra) if extra else ("",):
            if _read(_mark(one)) != _wanted():
                _say(f"Installing {'the extra packages of ' + one if one else 'what Everystep needs'} into {WHERE}"
                     f"{'' if one else ': a minute or two, this once'}")  # fmt: skip
                _install(f"{ROOT}[{one}]" if one else str(ROOT))
            _mark(one).write_text(_wanted(), encoding="utf-8")


def enter(words: List[str], extra: str = "") -> int:  # noqa: UP006
    """Run the door again in `.venv`, made first where it is not ready; its exit status. Raises CannotSetUp."""
    if not is_ready(extra):
        make(extra)
    command = [str(python()), str(ROOT / "run.py"), *words]
    environment = dict(os.environ, **{NO_SETUP: "1"})
    if os.name == "posix":
        os.execve(command[0], command, environment)
    running = subprocess.Popen(command, env=environment)
    while True:
        try:
            return running.wait()
        except KeyboardInterrupt:  # it goes to the other, too, which says what is kept
            continue


def set_up(extras: List[str]) -> int:  # noqa: UP006
    """Make `.venv` with some extras, and say where it is; the exit status. Raises CannotSetUp."""
    for extra in extras or [""]:
        make(extra)
    _say(f"Ready: {python()}")
    return 0


# ------------------------------------------------------------------------------------------------ steps


def _create() -> None:
    """`.venv`, empty but for pip; one that runs no longer is made anew."""
    clear = ["--clear"] if WHERE.exists() else []
    if clear and not (WHERE / "pyvenv.cfg").is_file() and any(WHERE.iterdir()):
        raise CannotSetUp(f"{WHERE} is there, and is no environment of Python: move it away")
    for command in _pythons():
        if _call([*command, "-m", "venv", *clear, str(WHERE)], quiet=True) and _runs(python()):
            return
    every = [name[len("python") :] for name in reversed(OTHERS)]
    names = [name for name in every if _has_wheels(name)] or every
    listed = " or ".join([part for part in (", ".join(names[:-1]), names[-1]) if part])
    told = f" (the packages in {WHEELS} are for it)" if len(names) < len(every) else ""
    raise CannotSetUp(f"no Python {listed} was found that can make one{told}. Install one from python.org (no "
                      "administrator is needed), on Debian and Ubuntu with python3-venv")  # fmt: skip


def _pythons() -> Iterator[List[str]]:  # noqa: UP006
    """Commands that may start a Python that will do, best first."""
    if ready.is_right_python() and _has_wheels("{}.{}".format(*sys.version_info[:2])):
        yield [getattr(sys, "_base_executable", None) or sys.executable]
    others = [name for name in OTHERS if _has_wheels(name[len("python") :])]
    launcher = shutil.which("py")
    if launcher:
        for name in others:
            yield [launcher, f"-{name[len('python') :]}"]
    for name in others:
        found = shutil.which(name)
        if found:
            yield [found]


def _has_wheels(python: str) -> bool:
    """Whether a Python ("3.11") finds its packages: anywhere, or where they lie beside the program, there."""
    found = {name for path in WHEELS.glob("*.whl") for name in re.findall(r"-cp(\d+)-cp\d+-", path.name)}
    return not found or python.replace(".", "") in found


def _install(what: str) -> None:
    """Install the project, as it stands here, with what it needs."""
    if not WHEELS.is_dir():
        if not _uv(["-e", what]):
            _pip(["-e", what], "Behind a proxy, set HTTPS_PROXY; for a private index, PIP_INDEX_URL; without a network, "
                               "take the bundle (docs/installation.md)")  # fmt: skip
        return
    beside = ["--no-index", "--find-links", str(WHEELS)]
    tools = [*_builders(), *(["wheel"] if any(WHEELS.glob("wheel-*.whl")) else [])]
    hint = f"It takes packages from {WHEELS} alone; with a network, move that folder away to have others, too"
    _pip([*beside, *tools], hint)
    if what == str(ROOT) and any(WHEELS.glob("solara_assets-*.whl")):
        what += "[offline]"  # the browser's scripts, where they lie there
    _pip([*beside, "--no-build-isolation", "-e", what], hint)


def _builders() -> List[str]:  # noqa: UP006
    """What installing the project needs beforehand."""
    told = re.search(
        r"^requires = \[(.*?)\]", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.M | re.S
    )
    return re.findall(r'"([^"]+)"', told.group(1)) if told else ["setuptools"]


def _uv(wanted: List[str]) -> bool:  # noqa: UP006
    """By uv, which is quicker: where it is there, and where pip was told nothing that uv does not know."""
    uv = shutil.which("uv")
    if not uv or _pip_was_told():
        return False
    trust = (
        {} if "UV_NATIVE_TLS" in os.environ else {"UV_NATIVE_TLS": "1"}
    )  # certificates of the machine, as pip
    return _call(
        [uv, "pip", "install", "--quiet", "--python", str(python()), *wanted], quiet=True, more=trust
    )


def _pip(wanted: List[str], hint: str) -> None:  # noqa: UP006
    command = [str(python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted]
    if not _call(command):
        raise CannotSetUp(f"pip could not install everything: what it says stands above. {hint}")


def _pip_was_told() -> bool:
    """Whether pip has an index, a proxy or certificates of its own, and uv has none."""
    if any(name.startswith("UV_") and "INDEX" in name for name in os.environ):
        return False
    try:
        told = subprocess.run([str(python()), "-m", "pip", "config", "list"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, timeout=60).stdout.decode("utf-8", "replace")  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return True
    return bool(re.search(r"(index|find-links|proxy|cert|trusted-host)", told))


def _call(command: List[str], quiet: bool = False, more: Optional[Dict[str, str]] = None) -> bool:  # noqa: UP006, UP045
    """Whether a command ended well; what it says goes to where errors go."""
    environment = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")
    }
    environment.update(more or {})
    where = subprocess.DEVNULL if quiet else sys.stderr
    try:
        return subprocess.call(command, stdout=where, stderr=where, env=environment) == 0
    except OSError:
        return False


def _runs(command: Path) -> bool:
    """Whether a Python starts, and will do."""
    low, above = ready.PYTHONS
    return command.is_file() and _call(
        [str(command), "-c", f"import sys; sys.exit(not {low} <= sys.version_info[:2] < {above})"], quiet=True
    )


# ------------------------------------------------------------------------------------------------ marks


def _mark(extra: str) -> Path:
    """The file that says for which wishes `.venv` was filled."""
    return WHERE / (f"ready-{extra}" if extra else "ready")


def _wanted() -> str:
    """A fingerprint of what the project asks for."""
    told = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    blocks = re.findall(
        r"^dependencies = \[.*?^\]|^\[project\.optional-dependencies\].*?(?=^\[)", told, re.M | re.S
    )
    return hashlib.sha256("".join(blocks).encode()).hexdigest()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Wait for another that sets up here, and let nobody else do so meanwhile."""
    own, told = lock(), False
    while True:
        try:
            os.close(os.open(str(own), os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            if not told:
                _say(f"Another start is setting up {WHERE}: waiting for it (if there is none: remove {own})")
            told = True
            with contextlib.suppress(OSError):
                if time.time() - own.stat().st_mtime > HELD_SECONDS:
                    own.unlink()
            time.sleep(0.5)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            own.unlink()


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
