"""YAML from strangers: plain data with the line of every key, and every trap in the format refused by name.

Built on the events of PyYAML: depth and size are bounded before anything grows, nothing is ever constructed
from a tag, and words with two readings (`yes`, `012`, `12:30`) are asked about, not guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml import events as ev

from model.errors import Fault, InputError
from model.files.names import foreign_fault
from model.files.yaml_words import UNSHOWABLE, printable, read_word

MAX_BYTES = 256 * 1024
MAX_DEPTH = 12
MAX_NODES = 20_000
MAX_KEYS = 500
MAX_KEY_LENGTH = 100

Path_ = tuple[str | int, ...]


class Refused:
    """Stands where a value was refused, so that the rest of the file can still be checked."""

    def __repr__(self) -> str:
        return "(refused)"


REFUSED = Refused()
_SKIP = object()


@dataclass
class Document:
    """What a file says: plain `value`, the `lines` of keys and items by path, `faults` of the format."""

    file: str
    value: Any = None
    lines: dict[Path_, int] = field(default_factory=dict)
    faults: list[tuple[Path_, Fault]] = field(default_factory=list)

    def line_of(self, path: Path_) -> int | None:
        """The line of a key or item, or of the nearest thing that holds it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)

    def refuse(self, path: Path_, message: str, line: int, **details: Any) -> None:
        """Note a fault of the format at a place in the file."""
        self.faults.append((path, Fault(message, self.file, line, key_name(path), **details)))


def key_name(path: Path_) -> str | None:
    """A path as users write it: `interventions.0.groups`."""
    return ".".join(printable(part) for part in path) or None


def read_text(path: Path) -> str:
    """The text of a file from outside. Raises InputError unless it is a readable, small, UTF-8 text file."""
    name = printable(path, 300)
    try:
        if path.is_dir():
            raise InputError(Fault("this is a folder; name a file in it", name))
        if not path.exists():
            raise InputError(foreign_fault(str(path)) or Fault("no such file", name))
        if not path.is_file():
            raise InputError(Fault("this is not an ordinary file", name))
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InputError(
            Fault(f"cannot be read: {getattr(error, 'strerror', None) or error}", name)
        ) from None
    return decode(data, name)


def decode(data: bytes, file: str) -> str:
    """Bytes as text. Raises InputError when too big, binary, or not UTF-8 (a byte-order mark is fine)."""
    if len(data) > MAX_BYTES:
        raise InputError(Fault("the file is too big", file, allowed=f"{MAX_BYTES // 1024} KiB at most"))
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(Fault("this is UTF-16 text", file, 1, hint="Save the file as UTF-8."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(
            Fault(
                "this is not UTF-8 text",
                file,
                line,
                found=f"byte 0x{data[error.start]:02x}",
                hint="Save the file as UTF-8.",
            )
        ) from None
    if bad := yaml.reader.Reader.NON_PRINTABLE.search(text):
        line = text[: bad.start()].count("\n") + 1
        raise InputError(
            Fault(
                "a character that is not text; is this a YAML file?",
                file,
                line,
                found=f"character U+{ord(bad.group()):04X}",
            )
        )
    return text


def parse(text: str, file: str, hint: str | None = None) -> Document:
    """The one document of a YAML text. InputError when it cannot be read on; other faults stand in it.

    hint: what to do about an empty file.
    """
    document = Document(file)
    builder = _Builder(document)
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise InputError(
            [*(fault for _, fault in document.faults), _syntax_fault(error, text, file)]
        ) from None
    except (yaml.YAMLError, ValueError, OverflowError):
        # The scanner of PyYAML lets an impossible escape such as "\U99999999" through as one of these.
        raise InputError(Fault("this is not YAML: a quoted \\ escape cannot be read", file)) from None
    if builder.documents == 0:
        raise InputError(Fault("the file is empty", file, hint=hint))
    return document


def _syntax_fault(error: yaml.MarkedYAMLError, text: str, file: str) -> Fault:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else None
    problem = printable(error.problem or error.context or "cannot be read", 200)
    hint = None
    if "'\\t'" in problem:
        problem, hint = "a tab stands where YAML wants spaces", "Indent with spaces."
    elif "mapping values are not allowed" in problem:
        hint = "Check the indentation, and put text that holds a colon in quotes."
    elif "undefined alias" in problem or "alias" in problem:
        hint = "Text that begins with * or & needs quotes."
    elif "could not find expected ':'" in problem or "block" in problem or "expected" in problem:
        hint = (
            "Check the indentation, and that every key ends with a colon and every bracket or quote closes."
        )
    return Fault(problem, file, line, hint=hint)


@dataclass
class _Frame:
    """A list or mapping being filled; `key` is the mapping key whose value comes next."""

    path: Path_
    value: Any
    key: Any = None


class _Builder:
    """Turns events into plain data. Holds no more than `MAX_NODES` values, `MAX_DEPTH` deep."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.stack: list[_Frame] = []
        self.nodes = self.documents = 0

    def take(self, event: ev.Event) -> None:
        line = event.start_mark.line + 1  # type: ignore[union-attr]
        if isinstance(event, ev.DocumentStartEvent):
            self._start_document(event, line)
        elif isinstance(event, ev.NodeEvent):
            self._node(event, line)
        elif isinstance(event, ev.MappingEndEvent | ev.SequenceEndEvent):
            self.stack.pop()

    def _start_document(self, event: ev.DocumentStartEvent, line: int) -> None:
        self.documents += 1
        if self.documents > 1:
            self._stop("a second document begins here; one file holds one", line, found="---")
        if event.version or event.tags:
            self.document.refuse((), "directives are not allowed", line, found="a line that begins with %")

    def _stop(self, message: str, line: int, **details: Any) -> None:
        last = Fault(message, self.document.file, line, **details)
        raise InputError([*(fault for _, fault in self.document.faults), last])

    def _node(self, event: ev.NodeEvent, line: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self._stop("the file holds too many values", line, allowed=f"{MAX_NODES:,} at most")
        frame = self.stack[-1] if self.stack else None
        if frame is not None and isinstance(frame.value, dict) and frame.key is None:
            self._take_key(frame, event, line)
            return
        path = self._path(frame)
        self.document.lines.setdefault(path, line)
        value: Any
        if isinstance(event, ev.AliasEvent):
            self.document.refuse(
                path,
                "aliases are not allowed",
                line,
                found=printable(f"*{event.anchor}"),
                hint="Write the value out, or put text that begins with * in quotes.",
            )
            value = REFUSED
        else:
            self._check_decoration(event, path, line)
            if isinstance(event, ev.ScalarEvent):
                value = self._scalar(event, path, line)
            else:
                value = {} if isinstance(event, ev.MappingStartEvent) else []
        self._put(frame, value)
        if isinstance(event, ev.CollectionStartEvent):
            if len(self.stack) >= MAX_DEPTH:
                self._stop("the file is nested too deeply", line, allowed=f"{MAX_DEPTH} levels at most")
            self.stack.append(_Frame(path, value))

    def _path(self, frame: _Frame | None) -> Path_:
        if frame is None:
            return ()
        if isinstance(frame.value, dict):
            return (*frame.path, "?" if frame.key is _SKIP else frame.key)
        return (*frame.path, len(frame.value))

    def _put(self, frame: _Frame | None, value: Any) -> None:
        if frame is None:
            self.document.value = value
        elif isinstance(frame.value, list):
            frame.value.append(value)
        else:
            if frame.key is not _SKIP:
                frame.value[frame.key] = value
            frame.key = None

    def _take_key(self, frame: _Frame, event: ev.NodeEvent, line: int) -> None:
        """Take the next key of a mapping; a key that is refused has its value read and dropped."""
        if not isinstance(event, ev.ScalarEvent | ev.AliasEvent):
            self._stop(
                "a key must be a word, not a list or mapping",
                line,
                hint="Text that begins with [ or { needs quotes.",
            )
        text = event.value if isinstance(event, ev.ScalarEvent) else f"*{event.anchor}"
        path = (*frame.path, text)
        self._check_decoration(event, path, line)
        plain = isinstance(event, ev.ScalarEvent) and event.style is None
        problem = None
        if isinstance(event, ev.AliasEvent):
            problem = "aliases are not allowed"
        elif plain and text == "<<":
            problem = "merge keys are not allowed"
        elif not text.strip():
            problem = "a key is empty"
        elif len(text) > MAX_KEY_LENGTH or not text.isprintable():
            problem = "a key is not a short word"
        elif text in frame.value:
            problem = f"this key stands twice; first on line {self.document.lines.get(path, '?')}"
        elif len(frame.value) >= MAX_KEYS:
            problem = f"too many keys; {MAX_KEYS} at most"
        if problem:
            self.document.refuse(path, problem, line, found=printable(text))
            frame.key = _SKIP
        else:
            frame.key = text
            frame.value[text] = None
            self.document.lines[path] = line

    def _check_decoration(self, event: ev.NodeEvent, path: Path_, line: int) -> None:
        if not isinstance(event, ev.AliasEvent) and event.anchor is not None:
            self.document.refuse(
                path,
                "anchors are not allowed",
                line,
                found=printable(f"&{event.anchor}"),
                hint="Text that begins with & needs quotes.",
            )
        if getattr(event, "tag", None) is not None:
            self.document.refuse(
                path,
                "tags are not allowed",
                line,
                found=printable(event.tag),  # type: ignore[attr-defined]
                hint="Text that begins with ! needs quotes.",
            )

    def _scalar(self, event: ev.ScalarEvent, path: Path_, line: int) -> Any:
        if event.style is not None:
            return self._text(event.value, path, line)
        value, problem, hint = read_word(event.value)
        if problem:
            self.document.refuse(path, problem, line, found=printable(event.value), hint=hint)
            return REFUSED
        return self._text(value, path, line) if isinstance(value, str) else value

    def _text(self, text: str, path: Path_, line: int) -> Any:
        # Quoted escapes can spell what no file may hold: half characters, and codes that drive a terminal.
        if not UNSHOWABLE.search(text):
            return text
        self.document.refuse(path, "text holds a character that cannot be shown", line, found=printable(text))
        return REFUSED
