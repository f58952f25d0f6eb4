"""The picture and the table of rooms of docs/architecture.md, made from what the files import.

python docs/site/architecture.py
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE, PICTURE = ROOT / "docs" / "architecture.md", ROOT / "docs" / "images" / "architecture.svg"
FLOORS = {
    "run": ("run.py", "the door", "#4d4d4d"),
    "cli": ("cli/", "verbs, options, tables on the terminal", "#4d4d4d"),
    "viz": ("viz/", "what is seen", "#0072b2"),
    "calibration": ("calibration/", "what is held against the model", "#805a10"),
    "scenarios": ("scenarios/", "what is asked, runs of it, and what they gave", "#007a5a"),
    "model": ("model/", "the engine: people as columns, a week as a list of processes", "#9c3f00"),
}
"""Packages from the door down, with what each is and its colour (Okabe and Ito's, darkened until white can be read on it)."""
MARK = re.compile(r"(?<=<!-- rooms -->\n).*?(?=<!-- end of rooms -->)", re.DOTALL)
WIDTH, LEFT, BOX, GAP = 980, 250, 165, 10


def files() -> list[Path]:
    """Every Python file of the program."""
    return [ROOT / "run.py", *(path for name in FLOORS for path in sorted((ROOT / name).rglob("*.py")))]


def imported(path: Path) -> set[str]:
    """Packages of ours that a file imports, anywhere in it."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    return {name.split(".")[0] for name in names} & set(FLOORS)


def arrows() -> set[tuple[str, str]]:
    """Which package imports which."""
    found = {(path.relative_to(ROOT).parts[0].removesuffix(".py"), other) for path in files() for other in imported(path)}  # fmt: skip
    return {(one, other) for one, other in found if one != other}


def rooms(package: str) -> list[str]:
    """The rooms of a package: folders with code in them."""
    return sorted(path.parent.name for path in (ROOT / package).glob("*/__init__.py"))


def picture() -> str:
    """The drawing: a floor a package with its rooms, an arrow for every import from one floor to another."""
    parts, tops, y = [], {}, 14
    for name, (title, words, colour) in FLOORS.items():
        inside = rooms(name)
        columns = (WIDTH - LEFT - 14) // (BOX + GAP)
        height = 56 + 34 * -(-len(inside) // columns) if inside else 46
        tops[name] = (y, height)
        parts += [
            f'<rect x="{LEFT}" y="{y}" width="{WIDTH - LEFT - 10}" height="{height}" rx="6" fill="#fff" stroke="{colour}" stroke-width="2"/>',
            f'<text x="{LEFT + 14}" y="{y + 29}" class="name" fill="{colour}">{title}</text>',
            f'<text x="{LEFT + 134}" y="{y + 29}" class="words">{words}</text>',
        ]
        for number, room in enumerate(inside):
            x, down = (
                LEFT + 14 + (number % columns) * (BOX + GAP),
                y + 46 + 34 * (number // columns),
            )
            parts += [
                f'<rect x="{x}" y="{down}" width="{BOX}" height="26" rx="4" fill="{colour}"/>',
                f'<text x="{x + BOX / 2}" y="{down + 18}" class="room">{room}/</text>',
            ]
        y += height + 22
    order = list(FLOORS)
    pairs = sorted(
        arrows(), key=lambda pair: (order.index(pair[1]) - order.index(pair[0]), order.index(pair[0]))
    )
    for lane, (one, other) in enumerate(pairs):
        begins = tops[one][0] + tops[one][1] * share(one, other, pairs, leaving=True)
        ends = tops[other][0] + tops[other][1] * share(other, one, pairs, leaving=False)
        x = LEFT - 20 - 15 * lane
        colour = FLOORS[one][2]
        parts.append(
            f'<path d="M{LEFT} {begins:.1f} H{x} V{ends:.1f} H{LEFT - 7}" fill="none" stroke="{colour}" stroke-width="1.6"/>'
            f'<path d="M{LEFT - 9} {ends - 4.5:.1f} L{LEFT - 1} {ends:.1f} L{LEFT - 9} {ends + 4.5:.1f} Z" fill="{colour}"/>'
        )
    style = (
        "text{font-family:sans-serif;font-size:14px} .name{font-weight:bold;font-size:16px} .words{fill:#333} "
        ".room{fill:#fff;text-anchor:middle}"
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y - 8}" role="img">',
            "<title>The rooms of Everystep, and which package imports which: every arrow points down</title>",
            f'<style>{style}</style><rect width="{WIDTH}" height="{y - 8}" fill="#fff"/>',
            *parts,
            "</svg>\n",
        ]
    )


def share(name: str, other: str, pairs: list[tuple[str, str]], leaving: bool) -> float:
    """How far down a floor's side an arrow begins or ends: those that come in stand above those that go out."""
    going = [pair for pair in pairs if pair[0] == name]
    coming = [pair for pair in pairs if pair[1] == name]
    mine = (name, other) if leaving else (other, name)
    all_of_it = [*reversed(coming), *going]
    return (all_of_it.index(mine) + 1) / (len(all_of_it) + 1)


def table() -> str:
    """Every room with the first line of its own words."""
    lines = ["| room | holds |", "| --- | --- |"]
    for package in list(FLOORS)[1:]:
        for room in ["", *rooms(package)]:
            path = ROOT / package / room / "__init__.py"
            words = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]
            name = f"`{package}/{room}/`" if room else f"**`{package}/`**"
            lines.append(f"| {name} | {words.replace('|', chr(92) + '|')} |")
    return "\n".join(lines) + "\n"


def made() -> dict[Path, str]:
    """What the picture and the page must hold."""
    return {PICTURE: picture(), PAGE: MARK.sub(lambda _: table(), PAGE.read_text(encoding="utf-8"))}


if __name__ == "__main__":
    for path, text in made().items():
        path.write_text(text, encoding="utf-8", newline="\n")
        print(path.relative_to(ROOT))
