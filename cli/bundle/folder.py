"""What a bundle holds besides packages: the program's files, the pages as a site, a first page to read."""

from __future__ import annotations

import fnmatch
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Template

from cli.bundle.fetch import CannotBundle

WHEELS, PAGES, PYTHON, FIRST = "wheels", "docs-site", "python", "READ ME FIRST.txt"
MADE = (WHEELS, PAGES, PYTHON, FIRST, "bundle.json")
"""What a bundle has at its top and the project has not."""
LEFT_OUT = (".git", ".venv", ".venv-under-way", "results", "build", "dist", *MADE)
"""What is no part of the program, at its top."""
CACHES = ("__pycache__", "*.pyc", "*.nbi", "*.nbc", "*.egg-info", ".*_cache", ".hypothesis", ".DS_Store")
"""What is no part of it anywhere."""


def program(root: Path, but: Iterable[Path] = ()) -> list[Path]:
    """Files of the program, relative to its folder: what git follows, else all but what is made. but: folders left out."""
    listed = _followed(root)
    files = listed if Path("run.py") in listed else list(_walked(root, {path.resolve() for path in but}))
    return sorted(path for path in files if (root / path).is_file())


def _followed(root: Path) -> list[Path]:
    """Files that git follows; none where there is no git or no repository."""
    try:
        told = subprocess.run(
            ["git", "-C", str(root), "ls-files", "-z"], capture_output=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return []
    return [Path(os.fsdecode(name)) for name in told.split(b"\0") if name]


def _walked(root: Path, but: set[Path]) -> Iterator[Path]:
    def kept(folder: Path, name: str) -> bool:
        at_top = folder == root and name in LEFT_OUT
        return not (at_top or any(fnmatch.fnmatch(name, one) for one in CACHES) or folder / name in but)

    for at, folders, names in os.walk(root.resolve()):
        folder = Path(at)
        folders[:] = [name for name in folders if kept(folder, name)]
        yield from ((folder / name).relative_to(root.resolve()) for name in names if kept(folder, name))


def copy(root: Path, files: Iterable[Path], to: Path) -> None:
    """Copy files of the program, in their folders, with what may be run as such."""
    for path in files:
        (to / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / path, to / path)


def pages(root: Path, to: Path) -> None:
    """Build the pages as a site, as `make docs` does. Raises CannotBundle."""
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "--quiet",
        "--site-dir",
        str(to.resolve()),
    ]
    ran = subprocess.run(command, cwd=root, env=dict(os.environ, NO_MKDOCS_2_WARNING="1"), stdin=subprocess.DEVNULL,
                         capture_output=True)  # fmt: skip
    if ran.returncode:
        said = (ran.stderr or ran.stdout).decode("utf-8", "replace").strip().splitlines()
        raise CannotBundle(f"the pages cannot be built: {said[-1][:300] if said else 'mkdocs says nothing'}. "
                           "--no-pages leaves them out")  # fmt: skip


def bytes_in(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(one.stat().st_size for one in path.rglob("*") if one.is_file())


# ------------------------------------------------------------------------------------------------ the first page


READ_ME = Template("""\
EVERYSTEP $version: how a neighbourhood gets moving, and what helps
$line

Nothing here needs the internet: not to install, not to run, not to read. It is for
$systems, with Python $pythons.

1. Copy this whole folder to a disk of the computer, where you may write: your own
   folder of documents is fine. On Windows choose a short path, such as C:\\Everystep.
   Do not start it from the memory stick: it would be slow.

2. Python $pythons must be there. On Windows and macOS its installer comes from
   python.org; whoever carries this folder can put it into the folder "$python"
   beforehand. On Windows choose "Install for me only": no administrator is needed.
   On Debian and Ubuntu: the packages python3 and python3-venv.

3. Then open the live view:

   Windows   double-click start.cmd
   macOS     right-click start.command, Open, and Open again
   Linux     in a terminal, in this folder:  ./start.command

   The first time it sets itself up, in a few minutes and about 1.5 GB, in the
   folder .venv beside this file. Your browser then opens the page.

To compare the plans that come with it, type in a terminal, in this folder:

   Windows           py -$newest run.py
   macOS and Linux   python$newest run.py

It ends with where the report lies. When something is wrong:  run.py doctor

$pages

To remove all of it: delete this folder.
""")


def first_page(version: str, systems: list[str], pythons: list[str], with_pages: bool) -> str:
    """The words of the first page. systems: their names for people; pythons: "3.11" and others, in order."""
    where = (
        f"All pages, for reading: open {PAGES}/index.html."
        if with_pages
        else "The pages, for reading: the folder docs."
    )
    head = Template("EVERYSTEP $version: how a neighbourhood gets moving, and what helps").substitute(
        version=version
    )
    return READ_ME.substitute(version=version, line="=" * len(head), systems=_listed(systems), pythons=_listed(pythons, "or"),
                              newest=pythons[-1], python=PYTHON, pages=where)  # fmt: skip


def _listed(words: list[str], last: str = "and") -> str:
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), words[-1])))
