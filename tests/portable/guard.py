"""A system that is none of POSIX: `python -m pytest -p tests.portable.guard`, in this process and in those it starts.

- The project's own code finds no module and no function that Windows lacks; libraries find what they always do.
- A file that any process of ours has open can be neither replaced nor removed, as on Windows.
- A terminal is one of cp1252, and the user's home has a name with spaces and accents.

Only the standard library: children read it before anything else, by `site/sitecustomize.py`.
"""

from __future__ import annotations

import builtins
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ROOMS = tuple(str(ROOT / name) + os.sep for name in ("model", "scenarios", "calibration", "viz", "cli"))
DOOR = str(ROOT / "run.py")
SITE = Path(__file__).with_name("site")

MODULES = {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "posix", "syslog", "curses", "readline", "crypt", "spwd"}  # fmt: skip
"""Modules that Windows has not."""

HIDDEN = {
    "os": {
        "chown", "confstr", "ctermid", "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid", "getgroups", "getloadavg",
        "getpgid", "getpgrp", "getpriority", "getresuid", "getsid", "getuid", "initgroups", "killpg", "lchown", "mkfifo",
        "mknod", "nice", "openpty", "pathconf", "pipe2", "posix_fallocate", "posix_spawn", "pread", "pwrite", "readv",
        "sched_getaffinity", "sched_setaffinity", "sched_yield", "sendfile", "setegid", "seteuid", "setgid", "setpgid",
        "setpriority", "setsid", "setuid", "statvfs", "fstatvfs", "sync", "sysconf", "tcgetpgrp", "ttyname", "uname", "wait",
        "wait3", "wait4", "waitid", "WNOHANG", "writev", "O_CLOEXEC", "O_DIRECTORY", "O_DSYNC", "O_NOCTTY", "O_NOFOLLOW",
        "O_NONBLOCK", "O_SYNC", "O_TMPFILE", "kill",  # os.kill(pid, 0) ends the process there
    },
    "signal": {
        "SIGALRM", "SIGCHLD", "SIGCONT", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGSTOP", "SIGTSTP", "SIGUSR1", "SIGUSR2",
        "alarm", "getitimer", "pause", "pthread_kill", "pthread_sigmask", "setitimer", "siginterrupt", "sigpending",
        "sigtimedwait", "sigwait", "sigwaitinfo",
    },
    "time": {"tzset", "clock_gettime", "pthread_getcpuclockid"},
}  # fmt: skip
"""What Windows has not in modules that it has."""


class Hiding(ModuleType):
    """A module without what Windows lacks; all else is what it is there, whoever changes it."""

    def __init__(self, module: ModuleType) -> None:
        super().__init__(module.__name__, module.__doc__)
        object.__setattr__(self, "_module", module)

    def __getattribute__(self, name: str) -> Any:
        module = object.__getattribute__(self, "_module")
        if name in HIDDEN[module.__name__]:
            raise AttributeError(f"Windows has no {module.__name__}.{name}")
        return getattr(module, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(object.__getattribute__(self, "_module"), name, value)

    def __delattr__(self, name: str) -> None:
        delattr(object.__getattribute__(self, "_module"), name)


_usual_import = builtins.__import__
_hiding: dict[str, Hiding] = {}


def is_ours(file: str | None) -> bool:
    """Whether a file is of the program itself."""
    return file is not None and (file.startswith(ROOMS) or file == DOOR)


def _import(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
    if level == 0 and globals is not None and is_ours(globals.get("__file__")):
        if name.partition(".")[0] in MODULES:
            raise ModuleNotFoundError(f"No module named {name!r} on Windows", name=name)
        if name in HIDDEN:
            found = _hiding.setdefault(name, Hiding(_usual_import(name)))
            for one in fromlist or ():
                if one in HIDDEN[name]:
                    raise ImportError(f"cannot import name {one!r} from {name!r} on Windows")
            return found
    return _usual_import(name, globals, locals, fromlist, level)


# ------------------------------------------------------------------------------------------------ open files


def _stdlib_or_guard(file: str) -> bool:
    return (file.startswith((sys.base_prefix, "<frozen")) and "site-packages" not in file) or file == __file__


def _asked_by_a_library() -> bool:
    """Whether a library does it of its own accord: such as numba, which knows Windows."""
    frame = sys._getframe(2)
    while frame is not None and _stdlib_or_guard(frame.f_code.co_filename):
        frame = frame.f_back  # type: ignore[assignment]
    return frame is None or "site-packages" in frame.f_code.co_filename


def holders(path: str) -> list[int]:
    """Processes of this user that have a file open."""
    try:
        wanted = os.stat(path)
    except OSError:
        return []
    found = []
    for pid in [os.getpid(), *(int(name) for name in os.listdir("/proc") if name.isdigit())]:
        try:
            for number in os.listdir(f"/proc/{pid}/fd"):
                try:
                    told = os.stat(f"/proc/{pid}/fd/{number}")
                except OSError:
                    continue
                if (told.st_ino, told.st_dev) == (wanted.st_ino, wanted.st_dev):
                    found.append(pid)
        except OSError:
            continue
        if found:
            break
    return found


def _refuse_open(*paths: Any) -> None:
    for path in paths:
        name = os.fsdecode(path)
        if os.path.isfile(name) and not os.path.islink(name) and (pids := holders(name)):
            error = PermissionError(
                13, f"open in process {pids[0]}, and Windows does not replace or remove it", name
            )
            error.winerror = 32  # type: ignore[attr-defined]
            raise error


def _guarded(act: Any, both: bool) -> Any:
    def guarded(path: Any, *more: Any, dir_fd: Any = None, **named: Any) -> Any:
        if (
            sys.platform == "linux"
            and isinstance(path, str | bytes | os.PathLike)
            and not _asked_by_a_library()
        ):
            if dir_fd is not None:
                path_at = os.path.join(os.readlink(f"/proc/self/fd/{dir_fd}"), os.fsdecode(path))
                _refuse_open(path_at)
            else:
                _refuse_open(path, *(more[:1] if both else ()))
        if dir_fd is not None:
            named["dir_fd"] = dir_fd
        return act(path, *more, **named)

    guarded.__name__ = act.__name__
    return guarded


def install() -> None:
    """Turn this process, and those it starts, into one of no POSIX system."""
    if getattr(builtins.__import__, "guarded", False):
        return
    _import.guarded = True  # type: ignore[attr-defined]
    builtins.__import__ = _import
    for name, both in (("replace", True), ("rename", True), ("unlink", False), ("remove", False)):
        act = getattr(os, name)
        guarded = _guarded(act, both)
        setattr(os, name, guarded)
        for known in (os.supports_dir_fd, os.supports_follow_symlinks):
            if act in known:
                known.add(guarded)
    path = [str(SITE), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(path))
    os.environ.setdefault("PYTHONIOENCODING", "cp1252")


def for_tests() -> None:
    """What tests themselves find there: the output of such processes, and a home of such a name."""
    import subprocess
    import tempfile

    subprocess._text_encoding = lambda: "cp1252"  # type: ignore[attr-defined]
    os.environ.setdefault("PLAYWRIGHT_BROWSERS_PATH", str(Path.home() / ".cache" / "ms-playwright"))
    home = Path(tempfile.gettempdir()) / "Zoë Müller's home"
    home.mkdir(exist_ok=True)
    os.environ["HOME"] = str(home)


install()
if __name__ == "tests.portable.guard":
    for_tests()
