"""The machine: room on disk, folders that can be written, a free port, and where the program lies."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from cli import ready
from cli.doctor.check import Check

FREE_GB = 1.0
PORT = 8765
"""Where the live view is served unless asked otherwise."""
LONG = 140
"""Signs of the program's own path beyond which paths of packages inside pass the 260 that Windows takes."""
SYNCED = ("onedrive", "dropbox", "google drive", "icloud", "com~apple~clouddocs", "nextcloud")
"""Words in paths of folders that a service copies elsewhere while they are written."""


def checks() -> Iterator[Check]:
    """All of them, in order."""
    yield compiled()
    yield disk()
    yield temporary()
    yield path()
    yield synced()
    yield port()


def compiled() -> Check:
    """Compiled kernels are kept beside their source, or elsewhere (`model.machine.compiled`); else every start compiles again."""
    from model.machine import compiled as kept

    folder = kept.keep()
    mend = None if folder else "export NUMBA_CACHE_DIR=DIR, a folder of your own that can be written"
    return Check("Compiled kernels can be kept", folder is not None, str(folder or "nowhere"), mend)


def disk() -> Check:
    """Room for results, where the command was given."""
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    return Check(f"At least {FREE_GB:g} GB free here", free >= FREE_GB, f"{free:.1f} GB",
                 None if free >= FREE_GB else "rm -rf results/* (after keeping what you need)")  # fmt: skip


def temporary() -> Check:
    """A folder for temporary files."""
    name = "TEMP" if os.name == "nt" else "TMPDIR"
    try:
        folder = tempfile.gettempdir()
        with tempfile.TemporaryFile(dir=folder):
            return Check("Temporary files can be written", True, folder)
    except OSError as error:
        return Check(
            "Temporary files can be written", False, str(error), f"set {name} to a folder that can be written"
        )


def path() -> Check:
    """Windows refuses paths of more than 260 signs; packages need some hundred below the program's own."""
    here = str(ready.ROOT)
    right = sys.platform != "win32" or len(here) <= LONG
    return Check("The program's path is short enough", right, f"{len(here)} signs",
                 None if right else f"move the folder {here} nearer to the drive, such as C:\\everystep")  # fmt: skip


def synced() -> Check:
    """A service that copies files elsewhere while they are written locks them, and copies half a gigabyte of packages."""
    here = str(ready.ROOT)
    held = next((word for word in SYNCED if word in here.lower()), "")
    return Check("The program lies in a folder of this machine", not held, here,
                 f"move {here} out of the folder that is kept in step with another place" if held else None)  # fmt: skip


def port() -> Check:
    """Whether the live view can be served where it usually is."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            mend = f"close the live view that runs, or: {ready.door()} view --port {PORT + 1}"
            return Check("The live view's port is free", False, f"{PORT} is taken", mend)
    return Check("The live view's port is free", True, str(PORT))
