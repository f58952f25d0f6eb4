"""The tutorial runs from end to end, and what it shows is what the model says today.

It is run small here; that all it shows comes out to the digit is one of the slow tests, and the quick ones tell when the
model or a cell is another by now than that it was made of.
"""

from __future__ import annotations

import base64
import io
import json
import platform
import re
import sys

import pytest
from execute import MADE_OF, NOTEBOOK, executed, made_of, read, small
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from PIL import Image

NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?")
HELP = "if that is meant: python tests/tutorial/execute.py, then read whether the words still hold"


@pytest.fixture(scope="module")
def kept() -> NotebookNode:
    return read()


@pytest.fixture(scope="module")
def now() -> NotebookNode:
    return executed(small(read()))


@pytest.fixture(scope="module")
def whole() -> NotebookNode:
    return executed(read())


def code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def texts(cell: NotebookNode) -> str:
    """What a cell shows in words and tables; of a table, its plain form."""
    shown = (
        one.text if one.output_type == "stream" else one.data.get("text/plain", "") for one in cell.outputs
    )
    return "\n".join(shown)


def pictures(notebook: NotebookNode) -> dict[str, Image.Image]:
    """The figures of a notebook by cell."""
    found = {cell.id: one.data["image/png"] for cell in code(notebook) for one in cell.outputs
             if "image/png" in one.get("data", {})}  # fmt: skip
    return {
        name: Image.open(io.BytesIO(base64.b64decode(image))).convert("RGB") for name, image in found.items()
    }


def stale(kept: NotebookNode, now: NotebookNode) -> list[str]:
    """The cells of which other words or other numbers were kept than come out now; spacing does not count."""
    late = []
    for one, two in zip(code(kept), code(now), strict=True):
        words = [" ".join(NUMBER.sub(" # ", texts(cell)).split()) for cell in (one, two)]
        numbers = [[float(n.replace(",", "")) for n in NUMBER.findall(texts(cell))] for cell in (one, two)]
        if words[0] != words[1] or numbers[0] != pytest.approx(numbers[1], rel=1e-6):
            late.append(one.id)
    return late


@pytest.mark.slow  # a quarter of a minute
def test_every_cell_runs_in_order_and_complains_of_nothing(now):
    assert [cell.execution_count for cell in code(now)] == list(range(1, len(code(now)) + 1))
    complaints = [(cell.id, one.get("text", one.get("evalue"))) for cell in code(now) for one in cell.outputs
                  if one.output_type == "error" or one.get("name") == "stderr"]  # fmt: skip
    assert complaints == []


def test_what_is_kept_was_made_of_these_cells_and_this_model(kept):
    assert made_of(kept) == json.loads(MADE_OF.read_text(encoding="utf-8")), HELP


@pytest.mark.slow
def test_what_is_kept_has_the_form_of_what_comes_out(kept, now):
    for one, two in zip(code(kept), code(now), strict=True):
        assert [output.output_type for output in one.outputs] == [
            output.output_type for output in two.outputs
        ]
    assert set(pictures(kept)) == set(pictures(now)), HELP


@pytest.mark.slow
def test_what_is_kept_is_what_comes_out(kept, whole):
    machine = kept.metadata["machine"]
    if machine != platform.machine():
        pytest.skip(f"written on {machine}; the last bit of exp and log differs between kinds of machine")
    assert stale(kept, whole) == [], HELP
    assert set(pictures(kept)) == set(pictures(whole)), HELP


def test_another_number_or_another_word_is_stale(kept):
    for name, old, new in (("at-the-end", "complex", "simple"), ("paired", "0.0", "0.1")):
        other = new_notebook(cells=[cell.copy() for cell in kept.cells])
        (cell,) = (cell for cell in other.cells if cell.id == name)
        data = {"text/plain": texts(cell).replace(old, new, 1)}
        cell.outputs = [NotebookNode(output_type="display_data", data=data)]
        assert texts(cell) != texts(next(cell for cell in kept.cells if cell.id == name))
        assert stale(other, kept) == [name]


@pytest.mark.parametrize("which", ["kept", pytest.param("now", marks=pytest.mark.slow)])
def test_both_figures_are_there_and_not_empty(which, request):
    found = pictures(request.getfixturevalue(which))
    assert set(found) == {"draw", "gap"}
    for picture in found.values():
        assert picture.width > 500 and picture.height > 250
        inks = {colour for count, colour in picture.getcolors(1 << 20) if count > 100}
        assert {(11, 90, 143), (179, 89, 0), (255, 255, 255)} <= inks  # both lines, on paper


def test_what_is_kept_is_small_and_of_no_one_machine(kept):
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert len(text) < 300_000
    for trace in ("/tmp", "/home/", "/root", "/Users/", "site-packages"):
        assert trace not in text
    assert all(not cell.metadata for cell in kept.cells)


def test_results_in_the_prose_are_not_typed(kept):
    for cell in kept.cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"```.*?```|`[^`]*`|95% interval", "", cell.source, flags=re.DOTALL)
            assert re.findall(r"\d+\.\d+|\d+ ?%|[£]\d+", prose) == [], cell.id


def test_the_kernel_is_this_python_whatever_the_user_has(tmp_path, monkeypatch):
    wrong = tmp_path / "kernels" / "python3"
    wrong.mkdir(parents=True)
    (wrong / "kernel.json").write_text(
        '{"argv": ["/nowhere/python"], "display_name": "?", "language": "python"}'
    )
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    asked = new_notebook(cells=[new_code_cell("import os, sys; print(sys.executable); print(os.listdir())")])
    assert executed(asked).cells[0].outputs[0].text.split("\n")[:2] == [sys.executable, "[]"]
