"""The parts of a page: cells, tables, figures, folds and sections. The template gives them their look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup


@dataclass(frozen=True)
class Cell:
    """One cell: its words, a `tone` (better, worse, unclear, name, text), and perhaps a background colour."""

    text: str
    tone: str = ""
    tint: str = ""
    ink: str = ""


@dataclass(frozen=True)
class Table:
    """A table; the first cell of each row names the row."""

    caption: str
    head: list[str]
    rows: list[list[Cell]]


@dataclass(frozen=True)
class Figure:
    """One or several panels under one finding, with the table of the numbers behind them.

    file: name of the CSV file of what is drawn, in the folder `data` beside the page; link: the same inside the page.
    """

    title: str
    panels: Sequence[Markup]
    table: Table | None = None
    note: str = ""
    legend: list[tuple[str, str]] = field(default_factory=list)
    layout: str = "pair"
    file: str = ""
    link: str = ""


@dataclass(frozen=True)
class Fold:
    """Something to open: a summary and what is in it. `printed`: it stands open on paper (tables and text alone)."""

    summary: str
    parts: list[Figure | Table | Text]
    printed: bool = False


@dataclass(frozen=True)
class Text:
    """Paragraphs, a list of points, or lines to type."""

    lines: list[str]
    form: str = "paragraphs"


@dataclass(frozen=True)
class Section:
    """A part of the report with a heading, an opening that says what was found, and its parts."""

    key: str
    title: str
    lead: list[str]
    parts: list[Figure | Table | Fold | Text]
