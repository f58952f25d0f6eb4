"""What code a run was made by: a fingerprint of every source that shapes its rows, and of an opener of one's own.

Runs of other code are other runs: the fingerprint goes into the name of each, is told with every result, and is held
against that of each process that joins.
"""

from __future__ import annotations

import ast
import hashlib
import json
import pickle
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import CodeType, FunctionType, ModuleType, NoneType
from typing import Any

from model import schedule
from model.delivery import plugins
from model.errors import Fault, InputError
from model.files.text import bytes_of
from model.interventions import REGISTRY
from model.outcomes import catalogue
from model.outcomes.outcome import Outcome
from model.schedule import Act

ROOT = Path(__file__).resolve().parents[2]

ROWS = (
    "files/schema",
    "runs/design",
    "runs/job",
    "runs/parts",
    "runs/rows",
    "runs/run_tables",
    "batches/work",
)
"""Modules of `scenarios` that make the rows of runs; all that they draw on there counts with them."""

USUAL = "scenarios.runs.job.open_town"
"""The opener that everybody has: it is told with the rest of the code."""

_BY_VALUE = ("__main__", "__mp_main__")
INSTALLED = {"site-packages", "dist-packages"}


# ------------------------------------------------------------------------------------------------ sources


@cache
def sources(root: Path = ROOT) -> dict[str, str]:
    """Every file that shapes the rows of a run, by its path in the project, with the SHA-256 of its bytes."""
    rows = drawn_on([root / "scenarios" / f"{name}.py" for name in ROWS], root, "scenarios.")
    return _sums(_engine(root) | rows, root)


def _engine(root: Path) -> set[Path]:
    """Tables of numbers and of places reach a run with fingerprints of their own."""
    return {path for ending in ("*.py", "*.yaml") for path in (root / "model").rglob(ending)
            if root / "model" / "reference" not in path.parents}  # fmt: skip


def _sums(paths: Iterable[Path], root: Path) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): _sum(bytes_of(path)) for path in sorted(paths)}


@cache
def code_digest() -> str:
    """A fingerprint of those files, 32 hexadecimal digits: results of other code are never taken for ours."""
    return _digest(sources())


@cache
def engine_digest() -> str:
    """The same of the engine alone: all that makes a town."""
    return _digest(_sums(_engine(ROOT), ROOT))


def _digest(told: dict[str, str]) -> str:
    return _sum("\n".join(f"{name} {one}" for name, one in told.items()).encode())[:32]


def drawn_on(roots: Iterable[Path], home: Path, prefix: str = "") -> set[Path]:
    """Source files and all that they import, wherever in them, from under `home`: names that begin so, if given."""
    found: set[Path] = set()
    left = list(roots)
    while left:
        path = left.pop()
        if path in found:
            continue
        found.add(path)
        for name in _imports(path, home):
            if not name.startswith(prefix):
                continue
            stem = home.joinpath(*name.split("."))
            left += [one for one in (stem.with_suffix(".py"), stem / "__init__.py") if one.is_file()]
    return found


def _imports(path: Path, home: Path) -> Iterator[str]:
    """Full names of modules, and of what is taken from them (a module, maybe)."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError):
        return
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = path.relative_to(home).parts[: -node.level] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" if base else alias.name for alias in node.names)


def _statements(tree: ast.Module) -> Iterator[ast.AST]:
    """Every statement, within others too: an import is one."""
    left: list[ast.AST] = [tree]
    while left:
        node = left.pop()
        yield node
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            left += getattr(node, part, ())


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# ------------------------------------------------------------------------------------------------ openers


def opener_mark(opener: Callable[..., Any]) -> str:
    """A fingerprint of who opens towns, its code and what it holds; empty for the usual opener.

    An opener that only watches or delays another says so: `opener.stands_for = the_other`. Raises InputError when what
    it holds cannot be told.
    """
    code = opener_code(opener)
    return code and _sum("\n".join([code, *_held(_meant(opener))]).encode())[:32]


def opener_code(opener: Callable[..., Any]) -> str:
    """A fingerprint of the file in which an opener stands, and of what that draws on beside it; empty for the usual."""
    made = _maker(_meant(opener))
    if f"{made.__module__}.{made.__qualname__}" == USUAL:
        return ""
    told = [made.__qualname__]
    files = _files(sys.modules.get(made.__module__))
    told += [f"{path.name} {_sum(bytes_of(path))}" for path in files]
    if not files:  # typed in: in a notebook, say
        functions = [made] if isinstance(made, FunctionType) else [
            one for _, one in sorted(vars(made).items()) if isinstance(one, FunctionType)]  # fmt: skip
        told += [line for one in functions for line in _typed_in(one, set())]
    return _sum("\n".join(told).encode())[:32]


@cache
def _text_sum(text: str) -> str:
    return _sum(text.encode())[:32]


def kind_mark(name: str) -> str:
    """A fingerprint of what a type of intervention from outside is made of: its file, or its code when typed in; empty
    for ours."""
    source = REGISTRY.sources.get(name)
    if source is None:
        return ""
    if source.text:
        return _text_sum(source.text)
    kind = REGISTRY[name]
    files = {path for one in (kind, kind.delivery) for path in _files(sys.modules.get(one.__module__))}
    told = [f"{path.name} {_sum(bytes_of(path))}" for path in sorted(files) if source.file]
    if not told:
        told = [json.dumps(kind.model_json_schema(), sort_keys=True)]
        made = [one for each in (kind, kind.delivery) for _, one in sorted(vars(each).items())]
        told += [line for one in made if isinstance(one, FunctionType) and one.__module__ in _BY_VALUE
                 for line in _typed_in(one, set())]  # fmt: skip
    return _sum("\n".join(told).encode())[:32]


# ------------------------------------------------------------------------------------------------ outcomes and acts of one's own


_BROUGHT: dict[tuple[type[Any], str], tuple[Any, str]] = {}
"""Those that came from another process, with the fingerprints that they have there."""


def outcome_marks() -> tuple[tuple[str, str], ...]:
    """Names of the outcomes of one's own, each with a fingerprint of what it is and of the code that reads it."""
    return tuple((one.name, _own_mark(one)) for one in catalogue.own())


def act_marks() -> tuple[tuple[str, str], ...]:
    """Names of the acts of the week of one's own, each with a fingerprint of its code and of where it stands."""
    return tuple((one.name, _own_mark(one)) for one in schedule.own())


def _own_mark(one: Outcome | Act) -> str:
    brought, mark = _BROUGHT.get((type(one), one.name), (None, ""))
    if brought is one:
        return mark
    if text := getattr(plugins.OWN[type(one)].source(one.name), "text", ""):
        return _sum(f"{one.name} {_text_sum(text)}".encode())[:32]
    told, code = (one.unit, one.measure or one.read) if isinstance(one, Outcome) else (one.after, one.step)
    assert code is not None
    try:
        mark = opener_mark(code)
    except InputError as error:
        raise InputError(Fault("hangs on a function that holds what cannot be told from something else", key=one.name,
                               found=error.faults[0].found, hint="Take a function of a module.")) from None  # fmt: skip
    return _sum("\n".join([one.name, told, mark]).encode())[:32]


@dataclass(frozen=True)
class Brought:
    """An outcome or an act of one's own on its way to another process: itself, where no plugin brings it."""

    kind: type[Any]
    name: str
    itself: Any
    mark: str

    @staticmethod
    def all() -> tuple[Brought, ...]:
        """Those of this process, in its order."""
        marked = [(catalogue, Outcome, outcome_marks()), (schedule, Act, act_marks())]
        return tuple(Brought(kind, name, None if home.source(name) else home.get(name), mark)
                     for home, kind, marks in marked for name, mark in marks)  # fmt: skip


def bring(brought: Iterable[Brought]) -> None:
    """Know the outcomes and acts of another process, in its order, and no others; plugins have brought theirs."""
    here = {
        (type(one), one.name): (one, home.source(one.name))
        for home in plugins.OWN.values()
        for one in home.own()
    }
    for kind, name in here:
        plugins.OWN[kind].forget(name)
    for one in brought:
        home, key = plugins.OWN[one.kind], (one.kind, one.name)
        if one.itself is None:
            home.register(*here[key])
        else:
            _BROUGHT[key] = home.register(one.itself), one.mark


# ------------------------------------------------------------------------------------------------ what openers hold


def _meant(opener: Any) -> Any:
    return getattr(opener, "stands_for", opener)


def _maker(opener: Any) -> Any:
    """The function or class whose code opens towns."""
    if isinstance(opener, partial):
        return _maker(opener.func)
    return opener if isinstance(opener, FunctionType | type) else type(opener)


def _held(opener: Any) -> Iterator[str]:
    """What an opener holds: arguments given beforehand, defaults, names of an outer function, its own fields."""
    if isinstance(opener, partial):
        yield from _held(opener.func)
        held = [*opener.args, *(one for pair in sorted(opener.keywords.items()) for one in pair)]
    elif isinstance(opener, FunctionType):
        kept = opener.__kwdefaults__ or {}
        yield from _constants(opener)
        held = [
            *(opener.__defaults__ or ()),
            *kept.values(),
            *(cell.cell_contents for cell in opener.__closure__ or ()),
        ]
    else:
        held = [] if isinstance(opener, type) else [getattr(opener, "__dict__", None)]
    for one in held:
        if isinstance(one, FunctionType | partial):
            yield opener_mark(one)
            continue
        try:
            yield _sum(pickle.dumps(one, protocol=4))
        except Exception as error:
            raise InputError(Fault("holds what cannot be told from something else", key="opener", found=str(error),
                                   hint="Take a function of a module, or set `stands_for` on it.")) from None  # fmt: skip


def _files(module: ModuleType | None) -> list[Path]:
    """The file of a module and what it draws on: in its package, or beside it."""
    origin = getattr(module, "__file__", None)
    if module is None or not origin or not Path(origin).is_file():
        return []
    path, parts = Path(origin).resolve(), module.__name__.split(".")
    home = path.parents[len(parts) - (path.name != "__init__.py")]
    if len(parts) == 1 and not INSTALLED.isdisjoint(home.parts):
        return [path]
    return sorted(drawn_on([path], home, f"{parts[0]}." if len(parts) > 1 else ""))


def _typed_in(function: FunctionType, seen: set[str]) -> Iterator[str]:
    """A function that stands in no file: its code, and that of those it calls in the same place."""
    if function.__qualname__ in seen:
        return
    seen.add(function.__qualname__)
    yield _code(function.__code__)
    yield from _constants(function)
    for name in function.__code__.co_names:
        other = function.__globals__.get(name)
        if isinstance(other, FunctionType) and other.__module__ == function.__module__:
            yield from _typed_in(other, seen)


_PLAIN = (bool, int, float, complex, str, bytes, NoneType)


def _constants(function: FunctionType) -> Iterator[str]:
    """Plain values that a function reads from where it stands: they may have been set by something else than its file."""
    for name in _names(function.__code__):
        value = function.__globals__.get(name, function)
        if isinstance(value, _PLAIN):
            yield f"{name}={value!r}"


def _names(code: CodeType) -> list[str]:
    """Every name that some code, or a function within it, reads."""
    inner = [name for one in code.co_consts if isinstance(one, CodeType) for name in _names(one)]
    return sorted({*code.co_names, *inner})


def _code(code: CodeType) -> str:
    inner = [_code(one) if isinstance(one, CodeType) else repr(one) for one in code.co_consts]
    return repr((code.co_name, code.co_code, code.co_names, inner))


# ------------------------------------------------------------------------------------------------ joining


@dataclass(frozen=True)
class SameCode:
    """Work that a process does only when its code is that of the one who sent it."""

    work: Callable[[Any], Any]
    code: str
    opener: Callable[..., Any] | None = None
    opened_by: str = ""
    outside: tuple[Any, ...] = ()
    """Types of intervention from outside, for a process that has not met them."""

    own: tuple[Brought, ...] = ()
    """Outcomes and acts of one's own."""

    @staticmethod
    def of(work: Callable[[Any], Any]) -> SameCode:
        """Work with the code of this process, and of the opener that it says it uses."""
        opener = getattr(work, "opener", getattr(work, "keywords", {}).get("opener"))
        return SameCode(work, code_digest(), opener, opener_code(opener) if opener else "",
                        tuple(plugins.outside(REGISTRY, REGISTRY.sources)), Brought.all())  # fmt: skip

    @property
    def knows(self) -> tuple[str, str] | None:
        """The code that a process knows when it has done this work; None where it then knows something from outside."""
        return None if self.outside or self.own else (self.code, self.opened_by)

    def __call__(self, task: Any) -> Any:
        """Do it. Raises InputError when the code here is another; an opener that was sent whole is what it was."""
        if code_digest() != self.code:
            _refuse("the code of this worker is not that of the coordinator", code_digest(), self.code)
        plugins.bring(REGISTRY, self.outside)
        bring(self.own)
        by_name = self.opener is not None and _maker(_meant(self.opener)).__module__ not in _BY_VALUE
        if by_name and (found := opener_code(self.opener)) != self.opened_by:  # type: ignore[arg-type]
            _refuse("the opener of this worker is not that of the coordinator", found, self.opened_by)
        return self.work(task)


def _refuse(why: str, found: str, wanted: str) -> None:
    raise InputError(Fault(why, key="worker", found=f"{found} on {socket.gethostname()}, in {ROOT}", allowed=wanted,
                           hint="Install the same version there and start it anew; --resume then goes on."))  # fmt: skip
