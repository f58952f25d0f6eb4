"""What every verb of the door shares: exit statuses, faults in plain lines, JSON, tables, the progress bar."""

from __future__ import annotations

import errno
import functools
import inspect
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from typing import Any, get_type_hints

import typer

OUR_FAULT, WRONG_INPUT, UNMATCHED, STOPPED = 1, 2, 3, 130
"""Exit statuses besides 0: a fault of ours, wrong input, a place that was not matched, interrupted."""


def verb(act: Callable[..., None]) -> Callable[..., None]:
    """A verb that ends with the right exit status: wrong input gives one line a fault, never a traceback.

    A parameter that is a dataclass (cli/groups.py) is filled from options named as its fields.
    """
    hints = get_type_hints(act, include_extras=True)
    groups = {name: kind for name, kind in hints.items() if is_dataclass(kind)}

    @functools.wraps(act)
    def guarded(**options: Any) -> None:
        as_json = bool(options.get("as_json"))
        try:
            act(**_gathered(options, groups))
            sys.stdout.flush()
        except KeyboardInterrupt as stop:
            told = f"Stopped: {stop}. What was finished is kept: the same command with --resume goes on."
            say(told if str(stop) else "Stopped.")
            raise typer.Exit(STOPPED) from None
        except (typer.Exit, typer.BadParameter, BrokenPipeError):
            raise  # the last: whoever read our output has gone (`| head`); typer ends quietly
        except Exception as error:
            raise typer.Exit(_failed(error, as_json)) from None

    guarded.__signature__ = _spread(act, hints, groups)  # type: ignore[attr-defined]
    guarded.__annotations__ = {one.name: one.annotation for one in guarded.__signature__.parameters.values()}  # type: ignore[attr-defined]
    return guarded


def _spread(act: Callable[..., None], hints: dict[str, Any], groups: dict[str, Any]) -> inspect.Signature:
    """The signature of a verb with the fields of its groups in their place."""
    found: list[inspect.Parameter] = []
    for one in inspect.signature(act).parameters.values():
        if one.name not in groups:
            found.append(one.replace(annotation=hints[one.name], kind=inspect.Parameter.KEYWORD_ONLY))
            continue
        own = get_type_hints(groups[one.name], include_extras=True)
        found += [inspect.Parameter(each.name, inspect.Parameter.KEYWORD_ONLY, default=each.default,
                                    annotation=own[each.name]) for each in fields(groups[one.name])]  # fmt: skip
    return inspect.Signature(found)


def _gathered(options: dict[str, Any], groups: dict[str, Any]) -> dict[str, Any]:
    """Options as the verb takes them: those of a group in one object."""
    inside = {name: {each.name for each in fields(kind)} for name, kind in groups.items()}
    own = {name: value for name, value in options.items() if not any(name in one for one in inside.values())}
    return own | {
        name: kind(**{one: options[one] for one in inside[name] if one in options})
        for name, kind in groups.items()
    }


def _failed(error: Exception, as_json: bool) -> int:
    """Tell what went wrong; the exit status."""
    from model.errors import InputError

    error = _too_long_a_name(error)
    if isinstance(error, InputError):
        if as_json:
            put({"errors": [fault.as_dict() for fault in error.faults]})
        for fault in error.faults:
            say(f"error: {fault}")
        return WRONG_INPUT
    from scenarios.batches.failures import BatchFailed

    plain = _of_the_machine(error)
    if as_json:
        put({"errors": [{"message": plain or f"{type(error).__name__}: {error}"}]})
    if plain or isinstance(error, BatchFailed):
        say(f"error: {plain or error}")
    else:
        import traceback

        traceback.print_exception(error, file=sys.stderr)
    if not plain and getattr(error, "ours", True):
        say("This is a fault of ours, not of your input. `run.py doctor` checks the installation.")
    return OUR_FAULT


def _too_long_a_name(error: Exception) -> Exception:
    """A file's name that no disk takes, wherever it was met, is wrong input; any other error stays what it is."""
    if not isinstance(error, OSError):
        return error
    from model.errors import Fault, InputError
    from model.files.names import is_too_long
    from model.files.yaml_words import printable

    if not is_too_long(error):
        return error
    path = str(error.filename or "")
    longest = max(re.split(r"[\\/]", path), key=len)
    if error.errno != errno.ENAMETOOLONG and len(longest) < 256:
        return InputError(Fault("the path is longer than this system takes", found=f"{printable(path, 60)}, {len(path)} characters",
                                hint="Choose a folder nearer to the top, or let Windows take long paths."))  # fmt: skip
    return InputError(Fault("the name of the file or folder is too long", found=f"{printable(longest, 40)}, {len(longest)} characters",
                            allowed="usually at most 255 characters between two slashes"))  # fmt: skip


_OF_THE_MACHINE = (
    "EACCES",
    "EPERM",
    "EROFS",
    "ENOSPC",
    "EDQUOT",
    "EIO",
    "ESTALE",
    "EMFILE",
    "ENFILE",
    "EAGAIN",
    "ENOMEM",
)


def _of_the_machine(error: Exception) -> str:
    """What the machine would not do, in words; empty when something else went wrong."""
    if isinstance(error, MemoryError):
        return "this machine has too little memory for that: lower --sample or --jobs"
    if not isinstance(error, OSError):
        return ""
    if "temporary directory" in str(error):
        return f"{error.strerror}: set TMPDIR to a folder that can be written"
    if errno.errorcode.get(error.errno or 0) in _OF_THE_MACHINE:
        return f"{error.filename or 'this machine'}: {error.strerror}"
    return ""


def say(text: str) -> None:
    """A line for people, on standard error."""
    print(text, file=sys.stderr)


def put(value: Any) -> None:
    """The one JSON object, on standard output."""
    from cli import signs
    from scenarios.files.store import to_json

    print(to_json(value, plain=not signs.takes_all()))


UNCUT = 400
"""Characters a line where there is no screen."""


def show(*tables: Any) -> None:
    """Tables for people, on standard output; a table may ask for the width of the screen first.

    In a pipe or a file there is no screen, and nothing is cut.
    """
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console = Console(width=max(console.width, UNCUT))
    for table in tables:
        console.print(table(console.width) if callable(table) else table)


@contextmanager
def progress_bar(label: str, hidden: bool) -> Iterator[Callable[..., None] | None]:
    """Progress on standard error, fed with (done, total) and, of batches, how many failed.

    A bar with the time left on a terminal; in a log, a line now and then. Both tell when code is compiled meanwhile.
    """
    from model.machine import compiled
    from model.town.prepared import FUNCTIONS

    if hidden:
        yield None
    elif not sys.stderr.isatty():
        with compiled.counted(lambda done: say("Compiling, this once: half a minute") if done == 1 else None):
            yield _lines(label)
    else:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        parts = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"),
                 TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())  # fmt: skip
        with Progress(*parts, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(label, total=None)

            def tell(done: float, total: int, failed: int = 0) -> None:
                shown = f"{label} ({failed} failed)" if failed else label
                bar.update(task, completed=done, total=total, description=shown)

            def compiling(done: int) -> None:
                bar.update(
                    task, completed=min(done, FUNCTIONS), total=FUNCTIONS, description="Compiling, this once"
                )

            with compiled.counted(compiling):
                yield tell


LOG_SECONDS = 30.0
"""Between two lines of progress in a log."""


def _lines(label: str) -> Callable[..., None]:
    """Progress as lines of a log: done, left, failed."""
    began, first, last = time.monotonic(), -1.0, time.monotonic()

    def tell(done: float, total: int, failed: int = 0) -> None:
        nonlocal first, last
        first, now = (done if first < 0 else first), time.monotonic()
        if now - last < LOG_SECONDS:
            return
        last = now
        left = (now - began) / (done - first) * (total - done) if done > first else float("nan")
        said = f", about {left / 60:.0f} min left" if left == left else ""
        say(f"{label}: {done:,.0f} of {total:,} done, {failed:,} failed{said}")

    return tell


def show_facts(facts: dict[str, Any], as_json: bool) -> None:
    from cli.tables import fact_lines

    put(facts) if as_json else print("\n".join(fact_lines(facts)))


def show_verdict(name: str, faults: list[Any], as_json: bool) -> None:
    if as_json:
        put({"valid": not faults, "errors": [fault.as_dict() for fault in faults]})
    elif not faults:
        print(f"{name} is valid.")
    for fault in faults:
        say(f"error: {fault}")
    if faults:
        raise typer.Exit(WRONG_INPUT)
