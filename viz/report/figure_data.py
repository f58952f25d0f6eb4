"""The numbers behind every figure, as CSV: a file each beside the page, and the same inside the page, which is mailed alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

from scenarios.files import store
from scenarios.results.figures import FOLDER, remove
from viz.report.figures.panel import Drawn
from viz.report.page import Figure, Fold, Section

MOST_INSIDE = 1_000_000
"""Characters of data that a page carries at most; figures beyond it have their file alone."""


def numbers(figure: Figure) -> pd.DataFrame | None:
    """What is drawn in a figure, panel under panel, without columns in which nothing stands; None when not known."""
    found = [panel.data for panel in figure.panels if isinstance(panel, Drawn) and panel.data is not None]
    found = [data for data in found if len(data)]
    if not found:
        return None
    data = pd.concat(found, ignore_index=True)
    return data.loc[
        :, [name for name in data if not data[name].isin(["", None]).all() and data[name].notna().any()]
    ]


def as_csv(data: pd.DataFrame) -> str:
    """Numbers with six digits, and text that no spreadsheet takes for a formula."""
    return store.safe_cells(data).to_csv(index=False, lineterminator="\n", float_format="%.6g")


def linked(sections: Iterable[Section]) -> tuple[list[Section], dict[str, str]]:
    """The sections with links at their figures, and the files to put beside the page: CSV by name."""
    files: dict[str, str] = {}
    inside = 0

    def link(figure: Figure, key: str) -> Figure:
        nonlocal inside
        if (data := numbers(figure)) is None:
            return figure
        name = f"{key}-{sum(one.startswith(f'{key}-') for one in files) + 1}.csv"
        files[name] = as_csv(data)
        address = "data:text/csv;charset=utf-8," + quote(files[name], safe=",-.:;()/'=")
        inside += len(address)
        return replace(figure, file=name, link=address if inside <= MOST_INSIDE else "")

    def of(part: Any, key: str) -> Any:
        if isinstance(part, Fold):
            return replace(part, parts=[of(one, key) for one in part.parts])
        return link(part, key) if isinstance(part, Figure) else part

    return [replace(one, parts=[of(part, one.key) for part in one.parts]) for one in sections], files


def write(folder: Path, files: dict[str, str]) -> None:
    """Put the files into the folder `data` of a result folder; those of an older report go."""
    remove(folder)
    if files:
        (folder / FOLDER).mkdir(exist_ok=True)
    for name, text in files.items():
        store.write_bytes(folder / FOLDER / name, text.encode())
