"""A bundle made here installs and runs on a machine that has never been online: `make test-bundle`, three minutes.

Making it needs the network; nothing after that does.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.viz.view_server import browser_path, opened, serving

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="installed from on Linux alone"),
]
ROOT = Path(__file__).parents[2]
NOWHERE = "http://127.0.0.1:9"
"""A proxy that is none: whoever asks for the network gets no answer."""
TINY = ["--sample", "0.05", "--years", "1", "--replicates", "2", "--jobs", "1"]


@dataclass(frozen=True)
class Offline:
    """A bundle on a machine of its own: its folder, the Python of the machine, all that is set there."""

    folder: Path
    python: str
    environment: dict[str, str]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command there, with the network cut where that may be."""
        return subprocess.run([*cut(), self.python, "run.py", *words], cwd=self.folder, env=self.environment,
                              capture_output=True, text=True, encoding="utf-8")  # fmt: skip


def cut() -> list[str]:
    """What cuts a command off the network; nothing where this user may not (then the proxy alone keeps it out)."""
    words = ["unshare", "--net", "--map-root-user"]
    if not shutil.which(words[0]) or subprocess.run([*words, "true"], capture_output=True).returncode:
        return []
    return words


@pytest.fixture(scope="module")
def offline(tmp_path_factory) -> Iterator[Offline]:
    """A fresh bundle for Linux, carried into a folder with spaces and accents, in an empty home."""
    place = tmp_path_factory.mktemp("bundle")
    pages = [] if shutil.which("mkdocs") or _has("mkdocs") else ["--no-pages"]
    made = subprocess.run(
        [sys.executable, "run.py", "bundle", "--system", "linux", "--out", str(place / "made"), "--json", *pages],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    if made.returncode and "cannot be fetched" in made.stderr:
        pytest.skip(f"no bundle can be made here: {made.stderr.strip()}")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["machines"][0]["packages"] > 50
    folder, home = place / "Council laptop é" / "Everystep", place / "home"
    folder.parent.mkdir()
    home.mkdir()
    shutil.copytree(place / "made", folder)
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), NOWHERE)
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "no_proxy": "localhost", "LC_ALL": "C.UTF-8"}
    yield Offline(folder, getattr(sys, "_base_executable", sys.executable), environment | proxies)
    shutil.rmtree(place, ignore_errors=True)  # 2 GB


def _has(module: str) -> bool:
    return subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True).returncode == 0


def test_without_a_network_it_sets_itself_up_and_ends_with_the_report(offline):
    done = offline.run(*TINY)
    assert done.returncode == 0, done.stderr
    report = Path(done.stdout.strip().splitlines()[-1].removeprefix("Report: "))
    assert report.is_relative_to(offline.folder) and report.stat().st_size > 10_000
    well = offline.run("doctor")
    assert well.returncode == 0, well.stdout


def test_the_live_view_and_the_pages_of_it_ask_nothing_outside(offline):
    browser = pytest.importorskip("tests.viz.test_view_browser", reason="no playwright or no offline extra")
    browser_path()
    with (
        serving("--sample", "0.03", python=offline.python, root=offline.folder, environment=offline.environment) as (address, *_),
        browser.playwright_api.sync_playwright() as engine,
        opened(engine) as one,
    ):  # fmt: skip
        looked = browser.Watched(one.new_page(), address)
        assert looked.open().inner_text("h1").startswith("Everystep")
        assert looked.errors == [] and looked.outside == []
        pages = offline.folder / "docs-site" / "index.html"
        if pages.is_file():
            read = browser.Watched(one.new_page(), offline.folder.as_uri())
            read.page.goto(pages.as_uri())
            assert "Everystep" in read.page.title() and read.outside == []


def test_what_it_does_not_hold_is_said_in_words(offline):
    done = offline.run("test", "-k", "nothing")
    assert done.returncode == 1 and "with a network, move that folder away" in done.stderr
    assert "Traceback" not in done.stderr and not os.path.exists(offline.folder / ".venv-under-way")
