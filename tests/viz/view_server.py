"""A live view on a port of its own for tests, and what is needed to open it in a browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def browser_path() -> str:
    """The distribution's Chromium; skips the test with a message where there is none."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    pytest.skip("no Chromium here: install the distribution's chromium package to run the browser tests")


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


@contextmanager
def opened(engine: Any) -> Iterator[Any]:
    """A browser of Playwright's engine."""
    browser = engine.chromium.launch(executable_path=browser_path(), args=["--no-sandbox", "--disable-gpu"])
    yield browser
    browser.close()


def forgotten(page: Any) -> None:
    """Make a page as good as new for the next test: a new one costs a process that reads every script again."""
    page.unroute_all()
    page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    page.goto("about:blank")
    page.context.clear_cookies()


ASKED_ONLY = "from viz.live import visit; visit.QUIET_AFTER = 600.0; import run; run.main()"
"""The program, with no batch of the page's own accord: only those that a visitor asks for."""


@contextmanager
def serving(
    *words: str,
    port: int = 0,
    quiet_batches: bool = True,
    python: str = sys.executable,
    root: Path = ROOT,
    environment: Mapping[str, str] = os.environ,
) -> Iterator[tuple[str, int, float]]:
    """A server: its address, its process, and the seconds until it answered. port: 0 = any that is free.

    `quiet_batches`: whether the page runs a small batch by itself once a plan has stood for a while, as it usually does.
    """
    port = port or free_port()
    program = ["run.py"] if quiet_batches else ["-c", ASKED_ONLY]
    command = [python, *program, "view", "--no-browser", "--port", str(port), *words]
    began = time.time()
    process = subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**environment}
    )
    address = f"http://localhost:{port}/"
    try:
        while True:
            try:
                urllib.request.urlopen(address, timeout=5).read()
                break
            except OSError:
                assert process.poll() is None, ((process.stdout and process.stdout.read()) or b"").decode()
                assert time.time() - began < 60, "the server does not answer"
                time.sleep(0.1)
        yield address, process.pid, time.time() - began
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
