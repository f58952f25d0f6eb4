"""The page of a sensitivity analysis: what the effect hangs on, how sure that is, and the pictures, in one file."""

from __future__ import annotations

import base64
import io
import math
from html import escape
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from calibration.analysis.sensitivity_result import OfOutput, SensitivityResult
from model.errors import Fault, InputError
from model.files import moving
from scenarios.files import store
from scenarios.provenance import checks
from viz import theme
from viz.report.figures import sensitivity as pictures

STYLE = (Path(__file__).parent / "templates" / "report.css").read_text(encoding="utf-8")
DOTS = 160
FIGURES = ("indices", "tornado", "spider", "interactions")
UNCLEAR = (
    "Means along each factor are not drawn: over so few points the dummy, which does nothing, seems to move the effect "
    "by more than a quarter of what the strongest factor does. More points, or --emulator, would show them."
)


def build(folder: Path) -> Path:
    """Write `report.html` and the figures of a sensitivity folder; the page's path. Raises InputError."""
    told = store.read_json(checks.held(Path(folder), "sensitivity.json"))
    if "lines" not in told:
        raise InputError(
            Fault("holds no sensitivity analysis", file=str(folder), hint="Run sensitivity with --out.")
        )
    found = SensitivityResult.of(told)
    parts = [_head(found)]
    for outcome, one in found.every.items():
        drawn = figures(found, outcome, one)
        for name in FIGURES:
            moving.remove(Path(folder) / f"{outcome}_{name}.png")
        for name, (_, image) in drawn.items():
            store.write_bytes(Path(folder) / f"{outcome}_{name}.png", image)
        parts.append(_section(found, outcome, one, drawn))
    body = "\n".join(parts)
    page = ('<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width">'
            f"<title>{escape(_title(found))}</title><style>{STYLE}\nimg{{max-width:100%}}</style></head>"
            f"<body><main>{body}</main></body></html>\n")  # fmt: skip
    store.write_bytes(Path(folder) / "report.html", page.encode())
    return Path(folder) / "report.html"


def figures(found: SensitivityResult, outcome: str, one: OfOutput) -> dict[str, tuple[str, bytes]]:
    """Every figure of one output: its description, and its PNG bytes."""
    words = found.words[outcome]
    _, rows = pictures.ranked(one)
    order = [row["name"] for row in rows]
    lines = found.lines[outcome]
    style: Any = theme.settings() | {"figure.facecolor": theme.PAPER, "savefig.facecolor": theme.PAPER}
    with matplotlib.rc_context(style):
        drawn: dict[str, tuple[str, Figure | None]] = {"indices": ("Bars: how much each factor matters, with intervals",
                             pictures.bars(one, outcome, _hangs(words)))}  # fmt: skip
        if pictures.clear(lines):
            drawn |= {
                "tornado": ("Tornado: the mean effect at both ends of each factor",
                            pictures.tornado(lines, order, outcome, "From the low to the high end of each factor")),
                "spider": ("Spider: the mean effect along each factor",
                           pictures.spider(lines, order, outcome, "Along the range of what matters most")),
            }  # fmt: skip
        drawn["interactions"] = ("Heat map: what pairs of factors do beyond each alone",
                                 pictures.interactions(one.pairs, order, "What pairs do beyond each alone"))  # fmt: skip
        return {name: (text, _png(figure)) for name, (text, figure) in drawn.items() if figure is not None}


def _hangs(words: str) -> str:
    return f"What the {words} hangs on" if "effect" in words else f"What {words} hang on"


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DOTS, metadata={"Software": None})
    return buffer.getvalue()


def _title(found: SensitivityResult) -> str:
    return f"What the effect of {found.scenario.replace('_', ' ')} hangs on"


def _grid(found: SensitivityResult) -> str:
    return "" if found.front.levels is None else f" on {found.front.levels} levels"


def _head(found: SensitivityResult) -> str:
    facts = (f"{found.method.capitalize()}{_grid(found)}; {found.points:,} points, {found.replicates} paired replicates each, "
             f"{found.runs:,} runs; {len(found.front.parameters) - 1} factors and a dummy.")  # fmt: skip
    return f"<h1>{escape(_title(found))}</h1><p>What-if, not a forecast. {escape(facts)}</p>"


def verdict(one: OfOutput) -> str:
    """Whether the indices can be relied on, and why not, in a sentence."""
    said = "These indices have converged." if one.converged else f"Not converged: {'; '.join(one.reasons)}."
    share = one.seed_share
    alone = share is None or not math.isfinite(share)
    if alone:
        said += " With one replicate nothing tells how much of this is chance."
    else:
        said += f" Chance makes {share:.1%} of the variance of the means."
    if one.emulator is not None:
        left = "" if alone else f"; chance in the runs leaves {one.emulator.ceiling:.0%} to predict"
        said += (f" They are those of an emulator, which predicts {one.emulator.q2:.0%} of the variance at points it "
                 f"has not seen{left}.")  # fmt: skip
    return said


def lines(found: SensitivityResult) -> list[str]:
    """What was found, for a terminal: the strongest factors of the first output, and how sure that is."""
    lead, rows = pictures.ranked(found.front)
    scale, unit = pictures.in_units(lead, found.outcome)
    shown = [f"{_title(found)} ({found.method}{_grid(found)}, {found.runs:,} runs), {found.outcome}: {unit}"]
    for row in rows[:12]:
        low, high = (scale * row.get(f"{lead}_{end}", float("nan")) for end in ("low", "high"))
        ends = f"  ({low:.3g} to {high:.3g})" if f"{lead}_low" in row else ""
        shown.append(f"  {scale * row[lead]:8.3g}{ends:24}  {pictures.name_of(row['name'])}")
    return [*shown, verdict(found.front), *(f"Note: {note}" for note in found.notes)]


def _section(
    found: SensitivityResult, outcome: str, one: OfOutput, drawn: dict[str, tuple[str, bytes]]
) -> str:
    words = found.words[outcome]
    images = "".join(_image(text, image) for text, image in drawn.values())
    heading = escape(words[0].upper() + words[1:])
    unclear = "" if "tornado" in drawn else f"<p>{escape(UNCLEAR)}</p>"
    return f"<section><h2>{heading}</h2><p>{escape(verdict(one))}</p>{images}{unclear}{_table(one)}</section>"


def _image(text: str, image: bytes) -> str:
    data = base64.b64encode(image).decode()
    said = escape(text)
    return f'<figure><img alt="{said}" src="data:image/png;base64,{data}"><figcaption>{said}.</figcaption></figure>'


def _table(one: OfOutput) -> str:
    _, rows = pictures.ranked(one)
    names = [name for name in rows[0] if name != "name"]
    head = "".join(f"<th scope=col>{escape(name)}</th>" for name in ("factor", *names))
    body = "".join(f"<tr><th scope=row>{escape(pictures.name_of(row['name']))}</th>"
                   + "".join(f"<td>{'' if row[name] is None else f'{row[name]:.3g}'}</td>" for name in names) + "</tr>"
                   for row in rows)  # fmt: skip
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f"<details><summary>The numbers</summary>{table}</details>"
