"""Ctrl-C while a run is under way in this process: heard at once, obeyed when the week is over.

Python raises KeyboardInterrupt wherever it happens to stand. On the way into a compiled kernel that error is lost or
ends the process with a segmentation fault, so that one Ctrl-C in forty was not obeyed. Work that enters kernels goes
on within `weekly`, which only makes a note of the first Ctrl-C; `obey` raises it where nothing can be lost. While a
town is built and warmed up that is the end of it; a second one, of somebody who will not wait, raises at once.
Windows has Ctrl-Break besides, which means the same here.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

STOPS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGBREAK") if hasattr(signal, name))
"""By what a user stops a program: Ctrl-C, and Ctrl-Break where there is one."""

_asked = False


def hear() -> None:
    """Let all of them raise KeyboardInterrupt, where nobody else answers them."""
    main = threading.current_thread() is threading.main_thread()
    for number in STOPS:
        if main and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def ignore() -> None:
    """From now on they mean nothing to this process: Ctrl-C goes to all, the parent alone answers it."""
    if threading.current_thread() is threading.main_thread():
        for number in STOPS:
            signal.signal(number, signal.SIG_IGN)


@contextmanager
def weekly() -> Iterator[None]:
    """Work whose Ctrl-C waits for `obey`, at the latest for the end of the work. Raises KeyboardInterrupt then."""
    global _asked
    ours = [number for number in STOPS if signal.getsignal(number) is signal.default_int_handler]
    if threading.current_thread() is not threading.main_thread() or not ours:
        yield  # signals come to the main thread only; and whoever answers them in their own way goes on doing so
        return
    _asked = False
    for number in ours:
        signal.signal(number, _note)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.default_int_handler)
    obey()


def obey() -> None:
    """Raise KeyboardInterrupt if it was asked for within `weekly`."""
    global _asked
    if _asked:
        _asked = False
        raise KeyboardInterrupt


def _note(number: int, frame: object) -> None:
    global _asked
    if _asked:
        signal.default_int_handler(number, frame)  # type: ignore[arg-type]
    _asked = True
