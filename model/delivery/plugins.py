"""Types of intervention, outcomes and acts of the week from outside the project: from a file that somebody names, or from a package that is installed.

A plugin runs as code of one's own does. So none is loaded since it lies somewhere: somebody must name the file, or
install the package. A plan made with one takes its text along when it is sent to another process.
"""

from __future__ import annotations

import hashlib
import sys
import traceback
from collections.abc import Iterable
from functools import partialmethod
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

from model import schedule
from model.delivery.registry import Kind, Registry, Source, kinds_in
from model.errors import Fault, InputError
from model.files.names import foreign_fault
from model.outcomes import catalogue
from model.outcomes.outcome import Outcome
from model.schedule import Act

GROUP = "everystep.interventions"
"""The group of entry points by which an installed package brings types: NAME = "package.module"."""
_PREFIX = "everystep_plugin"
_REGISTERED = "__registered__"

OWN: dict[type[Any], ModuleType] = {Outcome: catalogue, Act: schedule}
"""What a plugin may bring besides types of intervention, and who keeps it."""


def load(path: str | Path, registry: Registry) -> list[Kind]:
    """Run a file and take in the types, outcomes and acts that it defines. Raises InputError when it cannot be loaded, or brings none.

    The same text again changes nothing.
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        if fault := foreign_fault(str(path), key="plugin"):
            raise InputError(fault) from None
        why = "no such file" if isinstance(error, FileNotFoundError) else f"cannot be read: {error}"
        raise InputError(
            Fault(why, key="plugin", found=str(path), allowed="the path of a Python file")
        ) from None
    return take_in(Source(file.resolve().as_posix(), text), registry)


def take_in(source: Source, registry: Registry) -> list[Kind]:
    """Take in what a plugin defines by its text, as it was read where its plan was made. Raises InputError."""
    module = _module(source)
    kinds, own = kinds_in(module), _own_in(module)
    if not kinds and not own:
        raise InputError(Fault("defines no type of intervention, no outcome and no act of the week", source.file, key="plugin",
                               hint="docs/contributing/ shows one of each."))  # fmt: skip
    for one in own:
        before = OWN[type(one)].source(one.name)
        if isinstance(before, Source) and before.file != source.file:
            raise InputError(Fault("another plugin brings one of that name", source.file, key="plugin", found=one.name,
                                   hint=f"It came from {before.file}. Give one of them another name."))  # fmt: skip
    for one in own:
        OWN[type(one)].register(one, source)
    for kind in kinds:
        registry.take_in(kind, source)
        kind.__reduce__ = partialmethod(_taken_along, registry)  # type: ignore[method-assign, assignment]
    return kinds


def load_installed(registry: Registry) -> None:
    """Take in the types of installed packages that declare them. Raises InputError when one cannot be loaded."""
    for point in entry_points(group=GROUP):
        module = _imported(point)
        kinds = kinds_in(module) if isinstance(module, ModuleType) else [module]
        for one in _own_in(module) if isinstance(module, ModuleType) else []:
            OWN[type(one)].register(one)
        for kind in kinds:
            registry.take_in(kind, source_of(sys.modules[kind.__module__]))


def source_of(module: ModuleType | None) -> Source:
    """Where the types of a module come from: the file of an installed package, or nowhere when they were typed in."""
    file = getattr(module, "__file__", None)
    return Source(None if file is None or getattr(module, "__name__", "") == "__main__" else str(file))


def outside(registry: Registry, names: Iterable[str]) -> list[Source | Kind]:
    """What another process needs to know these types: texts of files, and classes that were typed in."""
    found: list[Source | Kind] = []
    for name in dict.fromkeys(names):
        source = registry.sources.get(name)
        if source is not None and (source.text or source.file is None):
            found.append(source if source.text else registry[name])
    sources = [home.source(one.name) for home in OWN.values() for one in home.own()]
    found += [one for one in sources if isinstance(one, Source)]
    return list(dict.fromkeys(found))


def bring(registry: Registry, brought: Iterable[Source | Kind]) -> None:
    """Take in what `outside` of another process found. Raises InputError."""
    for one in brought:
        if isinstance(one, Source):
            take_in(one, registry)
        else:
            registry.take_in(one, Source(None))


def _module(source: Source) -> ModuleType:
    """The module of a plugin's text, run once. Raises InputError naming the line that failed."""
    mark = hashlib.sha256(source.text.encode()).hexdigest()[:8]
    name = f"{_PREFIX}_{Path(str(source.file)).stem}_{mark}"
    if name in sys.modules:
        return sys.modules[name]
    module = ModuleType(name)
    module.__file__ = source.file
    sys.modules[name] = module
    before = _registered()
    try:
        exec(compile(source.text, str(source.file), "exec"), vars(module))
    except InputError:
        del sys.modules[name]
        raise
    except BaseException as error:
        del sys.modules[name]
        if isinstance(error, KeyboardInterrupt):
            raise
        raise InputError(Fault("cannot be loaded", source.file, _line(error, str(source.file)), "plugin",
                               f"{type(error).__name__}: {error}")) from None  # fmt: skip
    setattr(module, _REGISTERED, [one for one in _registered() if one not in before])
    return module


def _registered() -> list[Any]:
    """All that was registered so far."""
    return [one for home in OWN.values() for one in home.own()]


def _own_in(module: ModuleType) -> list[Any]:
    """The outcomes and acts that a module defines, whether it registers them or not, each once."""
    found = [one for one in vars(module).values() if type(one) in OWN]
    code = {(type(one), one.name): {_code(other) for other in found if (type(other), other.name) == (type(one), one.name)}
            for one in found}  # fmt: skip
    if twice := [name for (_, name), each in code.items() if len(each) > 1]:
        raise InputError([Fault("stands twice in a plugin", module.__file__, key="plugin", found=name,
                                hint="Give one of them another name.") for name in twice])  # fmt: skip
    return list({(type(one), one.name): one for one in (*getattr(module, _REGISTERED, ()), *found)}.values())


def _code(one: Outcome | Act) -> object:
    """The function that an outcome or an act is made of."""
    return one.step if isinstance(one, Act) else one.measure or one.read


def _line(error: BaseException, file: str) -> int | None:
    """The last line of a file that an error came through."""
    if isinstance(error, SyntaxError) and error.filename == file:
        return error.lineno
    lines = [one.lineno for one in traceback.extract_tb(error.__traceback__) if one.filename == file]
    return lines[-1] if lines else None


def _imported(point: EntryPoint) -> Any:
    try:
        return point.load()
    except InputError:
        raise
    except Exception as error:
        package = point.dist.name if point.dist is not None else "a package"
        raise InputError(Fault("a plugin that is installed cannot be loaded", key=f"{GROUP}: {point.name}",
                               found=f"{point.value} of {package}: {type(error).__name__}: {error}",
                               hint=f"Mend it, or: pip uninstall {package}")) from None  # fmt: skip


def _taken_along(settings: Any, registry: Registry) -> tuple[Any, ...]:
    """Pickle settings of a plugin's type with the text of the plugin."""
    return _made, (registry, registry.sources[settings.type], settings.type), settings.__getstate__()


def _made(registry: Registry, source: Source, name: str) -> Any:
    """Bare settings of a plugin's type, in a process that may not have met it."""
    (kind,) = [one for one in take_in(source, registry) if one.model_fields["type"].default == name]
    return kind.__new__(kind)
