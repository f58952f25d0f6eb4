"""From a matplotlib figure to SVG inside a page: real text, no duplicate ids, the same bytes each time."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from viz import theme, words

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ID = re.compile(r'\s(id)="([^"]*)"')
_USED = re.compile(r'(?:url\(#|href="#)([^)"]+)')
_FONT = re.compile(r"font:\s*(?:normal |bold |(\d+) )?([\d.]+)px [^;\"]*")


class Drawn(Markup):
    """A picture with the numbers that are drawn in it, a row a mark."""

    data: pd.DataFrame | None = None


def drawn(picture: str, data: pd.DataFrame) -> Drawn:
    """A picture that carries its numbers."""
    out = Drawn(picture)
    out.data = data
    return out


@contextmanager
def drawing() -> Iterator[None]:
    """The report's matplotlib settings, for as long as a figure is drawn and saved."""
    import matplotlib

    rc: Any = theme.settings()

    with warnings.catch_warnings(), matplotlib.rc_context(rc):
        warnings.filterwarnings("ignore", message="Glyph")
        yield


def panel(
    key: str, title: str, text: str, size_pt: tuple[float, float], draw: Callable[[Figure], None]
) -> Markup:
    """Draw a figure of so many points; return inline SVG named by `title` and described by `text`."""
    from matplotlib.figure import Figure

    with drawing():
        figure = Figure(figsize=(size_pt[0] / 72, size_pt[1] / 72))
        draw(figure)
        buffer = io.StringIO()
        figure.savefig(
            buffer, format="svg", metadata={"Date": None, "Creator": None, "Type": None, "Format": None}
        )
    return inline(buffer.getvalue(), key, title, text)


def inline(svg: str, key: str, title: str, text: str) -> Markup:
    """Matplotlib's SVG document as an element: no prolog, no metadata, ids only where used, made unique."""
    box = re.search(r'viewBox="([^"]+)"', svg)
    body = svg[svg.index(">", svg.index("<svg")) + 1 :]
    body = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", body, flags=re.DOTALL)
    body = re.sub(r"<style[^>]*>.*?</style>", "", body, count=1, flags=re.DOTALL)
    used = set(_USED.findall(body))
    body = _ID.sub(lambda m: f' id="{key}-{m[2]}"' if m[2] in used else "", body)
    body = re.sub(r'(url\(#|href="#)', rf"\g<1>{key}-", body)
    body = body.replace("xlink:href", "href")
    body = _FONT.sub(_font, body)
    body = re.sub(r"\n\s*", "\n", body)
    return opening(key, title, text, box[1] if box else "0 0 100 100") + Markup(body)


def _font(match: re.Match[str]) -> str:
    weight = "bold" if "bold" in match[0] or (match[1] and int(match[1]) >= 600) else "normal"
    return f"font-size: {match[2]}px; font-weight: {weight}"


def opening(key: str, title: str, text: str, box: str) -> Markup:
    """The opening tag of a picture with its text alternative."""
    width = box.split()[2]
    return Markup(
        '<svg class="chart" viewBox="{}" style="max-width:{}px" role="img" aria-labelledby="{}-t {}-d">'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>'
    ).format(
        box,
        round(float(width) * 4 / 3),
        key,
        key,
        key,
        escape(words.plain(title)),
        key,
        escape(words.plain(text)),
    )


def column(figure: Figure, left_pt: float, right_pt: float, top_pt: float, bottom_pt: float) -> Axes:
    """Axes that leave margins of so many points on each side."""
    width, height = figure.get_size_inches() * 72
    box = (
        left_pt / width,
        bottom_pt / height,
        1 - (left_pt + right_pt) / width,
        1 - (top_pt + bottom_pt) / height,
    )
    return figure.add_axes(box)
