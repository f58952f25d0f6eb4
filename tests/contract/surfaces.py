"""What a comparison shows, read back as a reader would: the terminal's table, the page's tables, cards and sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from rich.console import Console

HEADS = {
    "Person-years": "person_years",
    "Adults moved while": "during",
    "Adults moved at the end": "at_end",
    "One year": "after_52",
    "Two years": "after_104",
    "Cost": "cost",
    "For each": "cost_per_person_year",
    "Gap": "gap",
}


def measure_of(head: str) -> str:
    """The measure of a column by its head."""
    return next(name for start, name in HEADS.items() if head.startswith(start))


@dataclass
class Shown:
    """A table of plans: ranks and cells by title, in the order shown; a cell is (amount, range)."""

    titles: list[str] = field(default_factory=list)
    ranks: list[str] = field(default_factory=list)
    cells: list[dict[str, tuple[str, str]]] = field(default_factory=list)
    measures: list[str] = field(default_factory=list)
    caption: str = ""


def printed(table, width: int) -> str:
    """What a terminal of that width shows."""
    console = Console(width=width)
    with console.capture() as shown:
        console.print(table)
    return shown.get()


def read_table(text: str) -> Shown:
    """The table in what a terminal shows: cells by the column in whose last character they end."""
    lines = text.splitlines()
    rule = next(number for number, line in enumerate(lines) if line.strip() and set(line.strip()) == {"─"})
    last = next(number for number in range(rule, -1, -1) if lines[number].lstrip().startswith("Rank"))
    first = last
    while first and "  " in lines[first - 1].strip() and lines[first - 1].startswith(" " * 8):
        first -= 1
    heads: dict[int, str] = {}
    for line in lines[first:rule]:
        for found in _words(line):
            heads[found.end()] = f"{heads.get(found.end(), '')} {found[0]}".strip()
    start = lines[last].index("Plan")
    columns = {end: measure_of(head) for end, head in heads.items() if head not in ("Rank", "Plan")}
    shown = Shown(caption=" ".join(" ".join(lines[:first]).split()), measures=list(columns.values()))
    for line in lines[rule + 1 :]:
        if not re.fullmatch(r"[\d–]*", line[: start - 1].strip()) or not line.strip():
            break
        if line[: start - 1].strip():
            shown.ranks.append(line[: start - 1].strip())
            shown.titles.append("")
            shown.cells.append(dict.fromkeys(columns.values(), ("", "")))
        for found in _words(line[start:]):
            if found.start() == 0:
                shown.titles[-1] = f"{shown.titles[-1]} {found[0]}".strip()
                continue
            name = columns[found.end() + start]
            value, ends = shown.cells[-1][name]
            shown.cells[-1][name] = (found[0], "") if not value else (value, f"{ends} {found[0]}".strip())
    return shown


def _words(line: str) -> list[re.Match[str]]:
    """Texts with at least two blanks between them."""
    return list(re.finditer(r"\S+(?: \S+)*", line))


class Page(HTMLParser):
    """A report: its headings, cards and sentences, its tables by caption; of pictures their text alternatives alone."""

    BREAKS = ("p", "li", "h1", "h2", "h3", "td", "th", "dt", "dd", "caption", "tr", "summary", "figcaption", "desc", "title",
              "code", "section", "div")  # fmt: skip

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, str, str]] = []
        self.tables: list[tuple[str, list[str], list[list[str]]]] = []
        self._hidden = 0
        self._open: list[tuple[str, str, list[str]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        kind = dict(attrs).get("class") or ""
        if tag in ("style", "script", "text") or (tag == "span" and kind in ("vh", "key")):
            self._hidden += 1
        if tag == "table":
            self.tables.append(("", [], []))
        if tag == "tr":
            self.tables[-1][2].append([])
        if tag in self.BREAKS:
            self._open.append((tag, kind, []))

    def handle_endtag(self, tag):
        if self._hidden and tag in ("style", "script", "text", "span"):
            self._hidden -= 1
        if tag not in self.BREAKS or not self._open:
            return
        _, kind, parts = self._open.pop()
        text = "".join(parts)
        if tag in ("td", "th"):
            self.tables[-1][2][-1].append(text)
        elif tag == "caption":
            self.tables[-1] = (" ".join(text.split()), *self.tables[-1][1:])
        if text.strip():
            self.blocks.append((tag, kind, " ".join(text.split())))

    def handle_data(self, data):
        if not self._hidden and self._open:
            self._open[-1][2].append(data)

    def text_of(self, tag: str, kind: str = "") -> list[str]:
        """The texts of one kind of element."""
        return [text for one, of, text in self.blocks if one == tag and (not kind or of == kind)]

    @property
    def texts(self) -> list[str]:
        """Every text of the page."""
        return [text for _, _, text in self.blocks]

    @property
    def cards(self) -> list[tuple[str, str, str]]:
        """Cards: label, figure, note."""
        found: list[tuple[str, str, str]] = []
        for tag, kind, text in self.blocks:
            if tag == "dt":
                found.append((text, "", ""))
            elif tag == "dd":
                label, figure, note = found[-1]
                found[-1] = (label, text, note) if kind == "figure" else (label, figure, text)
        return found

    def beside(self) -> Shown:
        """The table of plans side by side."""
        caption, _, (head, *rows) = self.tables[0]
        names = [measure_of(one) for one in head[2:]]
        shown = Shown(measures=names, caption=caption)
        for title, rank, *cells in rows:
            shown.titles.append(title)
            shown.ranks.append(rank)
            parts = [cell.partition("\n") for cell in cells]
            shown.cells.append({name: (part[0], part[2]) for name, part in zip(names, parts, strict=True)})
        return shown
