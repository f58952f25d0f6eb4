"""The house stays one that a stranger can find the way in: small rooms, small files, few parameters, no circles."""

from __future__ import annotations

import ast
import graphlib
import io
import statistics
import tokenize
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("cli", "model", "scenarios", "calibration", "viz")
FILES = [ROOT / "run.py", *(path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))]
MOST_FILES, MOST_PARAMETERS, MOST_LINES, MEDIAN_LINES = 16, 9, 350, 90


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def code_lines(path: Path) -> int:
    """Lines that hold code: no blank ones, comments or docstrings."""
    words: set[int] = set()
    for node in ast.walk(tree(path)):
        body = getattr(node, "body", [])
        for one in body if isinstance(body, list) else []:
            if (
                isinstance(one, ast.Expr)
                and isinstance(one.value, ast.Constant)
                and isinstance(one.value.value, str)
            ):
                words |= set(range(one.lineno, (one.end_lineno or one.lineno) + 1))
    nothing = {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    }
    held: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
        if token.type not in nothing:
            held |= set(range(token.start[0], token.end[0] + 1))
    return len(held - words)


def of_types_alone(path: Path) -> set[int]:
    """Lines that only those who check types read."""
    found: set[int] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            found |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return found


def imports() -> dict[str, set[str]]:
    """What each file imports of ours, at its top or inside functions; of the oracle, whose people know their town and it
    them, without what only types need."""
    names = {name_of(path): path for path in FILES}
    found = {}
    for name, path in names.items():
        wanted: set[str] = set()
        left_out = of_types_alone(path) if name.startswith("model.reference") else set()
        for node in ast.walk(tree(path)):
            if getattr(node, "lineno", 0) in left_out:
                continue
            if isinstance(node, ast.Import):
                wanted |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                taken = {f"{node.module}.{alias.name}" for alias in node.names}
                wanted |= taken | (set() if taken <= set(names) else {node.module})
        found[name] = (wanted & set(names)) - {name}
    return found


def test_no_folder_holds_more_files_than_can_be_looked_over():
    counted = Counter(path.parent.relative_to(ROOT).as_posix() for path in FILES)
    assert {folder: count for folder, count in counted.items() if count > MOST_FILES} == {}


def test_no_file_is_long_and_most_are_short():
    counted = {path.relative_to(ROOT).as_posix(): code_lines(path) for path in FILES}
    assert {name: count for name, count in counted.items() if count > MOST_LINES} == {}
    assert statistics.median(counted.values()) < MEDIAN_LINES


def test_no_function_takes_many_parameters():
    """Of kernels, those that Python calls; what kernels call inside takes the columns of one loop."""
    many = {}
    for path in FILES:
        kernels = path.parent.name == "kernels"
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not (
                kernels and node.name.startswith("_")
            ):
                given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
                count = len(given) - (bool(given) and given[0].arg in ("self", "cls"))
                if count > MOST_PARAMETERS:
                    many[f"{name_of(path)}.{node.name}"] = count
    assert many == {}


def test_nothing_imports_what_imports_it():
    """Neither at the top of files nor inside functions."""
    try:
        graphlib.TopologicalSorter(imports()).prepare()
    except graphlib.CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize("path", [path for path in FILES if path.name != "__init__.py"], ids=name_of)
def test_no_file_only_hands_on_what_others_hold(path):
    own = [node for node in tree(path).body if not isinstance(node, ast.Import | ast.ImportFrom | ast.Expr)]
    kept = [node for node in own if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
                                         and node.targets[0].id == "__all__")]  # fmt: skip
    runs = [
        node for node in tree(path).body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ]
    assert kept or runs or not tree(path).body[1:]
