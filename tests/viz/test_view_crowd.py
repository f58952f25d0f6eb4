"""Many visitors of one live view: each sees their own plan on their own luck; memory stays; floods hit nobody else.

Slow: real browser pages by the dozen and the hundred. With -s they print what docs/view.md tells.
"""

from __future__ import annotations

import os
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from scenarios.files.schema import Scenario
from tests.viz.view_server import browser_path, serving
from viz.live.builder import sharing
from viz.live.page import live_words
from viz.live.towns.towns import Pair, Setup, WarmRoom

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytest.importorskip("solara_assets", reason="the offline extra is not installed")
pytestmark = pytest.mark.slow

SAMPLE, WEEKS, VISITORS = 0.02, 8, 20
PLANS = ("walk_and_talk", "better_park", "social_prescribing", "together", "movement")


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, int]]:
    browser_path()
    with serving("--sample", str(SAMPLE)) as (address, process, _):
        yield address, process


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright_api.sync_playwright() as engine:
        opened = engine.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        yield opened
        opened.close()


def arrive(browser: Any, address: str) -> Any:
    """A visitor whose page stands still until asked."""
    page = browser.new_context(reduced_motion="reduce", viewport={"width": 900, "height": 700}).new_page()
    page.set_default_timeout(180_000)
    page.goto(address)
    page.wait_for_selector(".es-map-plan image")
    return page


def ask(page: Any, **message: Any) -> None:
    """Send a message as the page itself does."""
    page.evaluate("message => { document.querySelector('.es-stage').__vue__.act(message); }", message)


def plan(number: int) -> Scenario:
    """The plan of one visitor: one of five, with a name of its own, from the first week."""
    given = Scenario.load(PLANS[number % len(PLANS)])
    changes: dict[str, object] = {"name": f"Plan {number}", "years": None, "weeks": WEEKS}
    for one in range(len(given.interventions)):
        changes |= {
            f"interventions.{one}.when.start_week": 0,
            f"interventions.{one}.when.weeks": WEEKS,
            f"interventions.{one}.when.ramp_weeks": 0,
        }
    return given.changed(changes)


def alone(number: int) -> str:
    """What the same visitor reads when nobody else is there."""
    setup = Setup(plan(number), "erewash", SAMPLE, 100 + number)
    pair = Pair(WarmRoom(kept=1, threads=1).town(setup), setup, Scenario.load("baseline"))
    for _ in range(WEEKS):
        pair.step()
    pair.close()
    return f"{live_words.headline(pair)} {live_words.second_line(pair)}"


def test_twenty_visitors_at_once_read_what_each_would_read_alone(server, browser):
    pages = [arrive(browser, server[0]) for _ in range(VISITORS)]
    for number, page in enumerate(pages):
        ask(page, act="run", name="seed", value=100 + number)
        ask(page, act="load", text=sharing.to_text(plan(number)))
    for page in pages:
        ask(page, act="step", weeks=WEEKS)
    for number, page in enumerate(pages):
        page.wait_for_function(
            f"() => document.querySelector('.es-week').innerText.includes('Week {WEEKS} of {WEEKS}') && "
            f"document.querySelector('.es-map-plan figcaption').innerText.includes('Plan {number}')"
        )
    read = [f"{page.inner_text('.es-headline')} {page.inner_text('.es-second')}" for page in pages]
    assert read == [alone(number) for number in range(VISITORS)]
    assert len(set(read)) > VISITORS // 2, "the plans must differ for this to mean anything"
    for page in pages:
        page.context.close()


def memory(process: int) -> float:
    """Resident memory of a process in MB."""
    with open(f"/proc/{process}/statm", encoding="ascii") as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="memory is read from /proc")
def test_two_hundred_visits_leave_no_memory_behind(server, browser):
    address, process = server
    warm = 0.0
    for visit in range(200):
        arrive(browser, address).context.close()
        if visit == 19:
            time.sleep(2)
            warm = memory(process)
    time.sleep(2)
    after = memory(process)
    print(f"\nmemory after 20 visits {warm:.0f} MB, after 200 {after:.0f} MB: {after / warm:.2f}")
    assert after < 1.2 * warm


def test_a_flood_ends_its_own_connection_and_nobody_elses(server, browser):
    quiet, loud = arrive(browser, server[0]), arrive(browser, server[0])
    closed: list[Any] = []
    page = loud.context.new_page()
    page.on("websocket", lambda one: one.on("close", lambda _: closed.append(1)))
    page.goto(server[0])
    page.wait_for_selector(".es-map-plan image")
    page.evaluate("""() => {
        const stage = document.querySelector('.es-stage').__vue__;
        for (let k = 0; k < 5000; k += 1) stage.act({act: 'look', name: 'layer', value: k % 2 ? 'minutes' : 'green'});
    }""")
    began = time.time()
    urllib.request.urlopen(server[0], timeout=30).read()
    print(f"\nthe page answers {time.time() - began:.2f} s after 5,000 messages at once")
    before = quiet.inner_text(".es-week")
    ask(quiet, act="step", weeks=1)
    quiet.wait_for_function(f"() => document.querySelector('.es-week').innerText !== {before!r}")
    for _ in range(300):
        if closed:
            break
        page.wait_for_timeout(200)
    print(f"the flood's connection ended {time.time() - began:.1f} s later")
    assert closed, "the flood's own connection must end"
    quiet.context.close()
    loud.context.close()
