"""The program's own code, read: it uses no module and no call that Windows lacks, and says how files are written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.portable.guard import HIDDEN, MODULES

ROOT = Path(__file__).parents[2]
ROOMS = ("model", "scenarios", "calibration", "viz", "cli")
FILES = [*(path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))), ROOT / "run.py"]
SYSTEM = "model/machine/system.py"
SETTING_UP = "cli/environment.py"
"""Runs before anything is installed, by whatever Python there is."""
MOVING = ("model/files/moving.py", "scenarios/batches/locks.py", SETTING_UP)


@cache
def trees() -> list[tuple[str, ast.Module]]:
    return [(path.relative_to(ROOT).as_posix(), ast.parse(path.read_bytes())) for path in FILES]


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str, str]]:
    """Every call: what stands before its last dot when that is a plain name, and its last name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            act = node.func
            if isinstance(act, ast.Attribute):
                yield node, act.value.id if isinstance(act.value, ast.Name) else "", act.attr
            elif isinstance(act, ast.Name):
                yield node, "", act.id


def names(call: ast.Call) -> set[str | None]:
    return {word.arg for word in call.keywords}


def mode(call: ast.Call, at: int) -> str:
    """The mode of an `open`."""
    given = [word.value for word in call.keywords if word.arg == "mode"] + call.args[at : at + 1]
    return str(given[0].value) if given and isinstance(given[0], ast.Constant) else "r"


def test_modules_that_windows_lacks_are_asked_for_in_one_file_that_can_do_without():
    found = set()
    for name, tree in trees():
        safe = {id(one) for node in ast.walk(tree) if isinstance(node, ast.Try)
                and any(isinstance(each.type, ast.Name) and each.type.id == "ImportError" for each in node.handlers)
                for one in node.body}  # fmt: skip
        for node in ast.walk(tree):
            asked = [one.name for one in node.names] if isinstance(node, ast.Import) else (
                [node.module or ""] if isinstance(node, ast.ImportFrom) else [])  # fmt: skip
            found |= {(name, one, id(node) in safe) for one in asked if one.partition(".")[0] in MODULES}
    assert found == {(SYSTEM, "resource", True)}


def test_calls_that_windows_lacks_stand_in_one_file_behind_a_question():
    found = {(name, node.attr) for name, tree in trees() for node in ast.walk(tree)
             if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
             and node.attr in HIDDEN.get(node.value.id, ())}  # fmt: skip
    assert found == {(SYSTEM, "geteuid")}
    assert 'hasattr(os, "geteuid")' in (ROOT / SYSTEM).read_text(encoding="utf-8")


def test_files_are_replaced_and_removed_with_patience_in_one_place():
    asked = {
        ("os", "replace"),
        ("os", "rename"),
        ("os", "unlink"),
        ("os", "remove"),
        ("os", "link"),
        ("shutil", "move"),
    }
    found = set()
    for name, tree in trees():
        for call, of, act in calls(tree):
            # One word: `Path.replace`, where `str.replace` takes two.
            path = act == "unlink" or (act == "replace" and len(call.args) == 1 and not call.keywords)
            if name not in MOVING and of != "moving" and ((of, act) in asked or path):
                found.add(f"{name}:{call.lineno} {of}.{act}")
            if (
                (of, act) == ("shutil", "rmtree")
                and name not in MOVING
                and "ignore_errors" not in names(call)
            ):
                found.add(f"{name}:{call.lineno} {of}.{act}")
            if act == "TemporaryDirectory" and "ignore_cleanup_errors" not in names(call):
                found.add(f"{name}:{call.lineno} {act}")
    assert not found


def test_text_is_read_and_written_in_utf_8_and_written_with_the_same_ends_of_lines_everywhere():
    found = []
    for name, tree in trees():
        for call, of, act in calls(tree):
            where, said = f"{name}:{call.lineno}", names(call)
            if act == "read_text" and not call.args and "encoding" not in said and of != "resources":
                found.append(where)
            if (
                act == "write_text"
                and not {"encoding", "newline"} - {"newline" * (name == SETTING_UP)} <= said
            ):
                found.append(where)
            opens = act == "fdopen" or (
                act == "open" and of in ("", "os", "io") and isinstance(call.func, ast.Name)
            )
            if opens and "b" not in mode(call, 1):
                wanted = {"encoding"} | ({"newline"} if set(mode(call, 1)) & set("wax") else set())
                found += [where] * (not wanted <= said)
            if (
                act in ("run", "Popen", "check_output")
                and of == "subprocess"
                and said & {"text", "universal_newlines"}
            ):
                found.append(where)
            if act == "to_csv" and "lineterminator" not in said:
                found.append(where)
            if act == "NamedTemporaryFile" and call.args and not {"encoding", "newline"} <= said:
                found.append(where)
    assert not found


def test_processes_are_started_anew_on_every_system():
    """None is forked; loky and dask start theirs anew."""
    for name, tree in trees():
        for call, of, act in calls(tree):
            if of in ("multiprocessing", "mp") and act != "current_process":
                said = [one.value for one in call.args if isinstance(one, ast.Constant)]
                assert (act, said) == ("get_context", ["spawn"]), f"{name}:{call.lineno}"
            assert "preexec_fn" not in names(call) and "start_new_session" not in names(call), (
                f"{name}:{call.lineno}"
            )
        assert "ProcessPoolExecutor" not in {node.name for node in ast.walk(tree) if isinstance(node, ast.alias)} or (
            name == "scenarios/batches/backends.py"), name  # fmt: skip


@pytest.mark.parametrize("name", [".gitattributes"])
def test_checkouts_have_the_same_bytes_everywhere(name):
    assert "* text=auto eol=lf" in (ROOT / name).read_text(encoding="utf-8").splitlines()
