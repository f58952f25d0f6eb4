"""What a visitor did is kept: in the address of the page, in the plan's name, in plans beside each other; faults are said in place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.viz.view_server import browser_path, forgotten, free_port, opened, serving

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytest.importorskip("solara_assets", reason="the offline extra is not installed")

GROUPS = "#es-c-interventions-0-groups"
PLAN = ".es-map-plan figcaption"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    browser_path()
    with serving("--sample", "0.02", quiet_batches=False) as (address, _, _):
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright_api.sync_playwright() as engine, opened(engine) as one:
        yield one


@pytest.fixture(scope="module")
def used(browser) -> Any:
    """A page that tests use one after another, each as if it were new."""
    return browser.new_context(reduced_motion="reduce", viewport={"width": 1366, "height": 768}).new_page()


@pytest.fixture
def page(server, used) -> Iterator[Any]:
    """A page that stands still in the week in which it opens."""
    yield arrive(used, server)
    forgotten(used)


def arrive(page: Any, address: str) -> Any:
    page.set_default_timeout(30_000)
    page.goto(address)
    page.wait_for_selector(".es-map-plan image")
    stands(page, 23)
    return page


def stands(page: Any, week: int) -> None:
    page.wait_for_function(
        f"() => document.querySelector('.es-week').innerText.startsWith('Week {week} ')"
        f" && new URLSearchParams(location.hash.slice(1)).get('w') === '{week}'"
    )


def says(page: Any, where: str, what: str) -> None:
    page.wait_for_function(
        "([where, what]) => [...document.querySelectorAll(where)].some(one => one.innerText.includes(what))",
        arg=[where, what],
    )


def give(page: Any, where: str, value: str) -> None:
    page.fill(where, value)
    page.press(where, "Tab")


def step(page: Any, week: int) -> None:
    page.click("button:has-text('Step')")
    stands(page, week)


def test_reload_back_and_a_pasted_link_bring_the_same_plan_to_the_same_week(page):
    give(page, GROUPS, "5")
    says(page, PLAN, "5 walking groups")
    stands(page, 23)
    step(page, 24)
    page.click("#es-tab-cost")
    page.wait_for_function("() => location.hash.includes('tab=cost')")
    address = page.url
    page.reload()
    says(page, PLAN, "5 walking groups")
    stands(page, 24)
    says(page, ".es-greeting", "Back again. Your plan is kept.")
    assert page.get_attribute("#es-tab-cost", "aria-selected") == "true"
    page.click("button:has-text('A better park')")
    says(page, PLAN, "A better park")
    page.go_back()
    says(page, PLAN, "5 walking groups")
    stands(page, 24)
    page.go_back()
    says(page, PLAN, "Walk and talk")
    stands(page, 23)
    page.evaluate("address => { location.href = address; }", address)
    says(page, PLAN, "5 walking groups")
    stands(page, 24)


def test_a_page_that_lost_its_server_loads_itself_again(page):
    assert page.evaluate("() => window.solara.forceRefresh") is True


@pytest.mark.slow
def test_a_restart_of_the_server_brings_the_same_plan_back_to_the_same_week(browser):
    port = free_port()
    context = browser.new_context(reduced_motion="reduce")
    with serving("--sample", "0.02", port=port) as (address, _, _):
        page = arrive(context.new_page(), address)
        give(page, GROUPS, "7")
        says(page, PLAN, "7 walking groups")
        stands(page, 23)
        step(page, 24)
    with serving("--sample", "0.02", port=port):
        says(page, ".es-greeting", "Back again. Your plan is kept.")
        says(page, PLAN, "7 walking groups")
        stands(page, 24)
        step(page, 25)
    context.close()


@pytest.mark.slow
def test_a_name_follows_the_settings_until_somebody_gives_one(page):
    give(page, GROUPS, "5")
    says(page, PLAN, "5 walking groups")
    assert "£23,281" in page.inner_text(".es-about") and "186,000" not in page.inner_text(".es-about")
    give(page, "#es-name", "Ours")
    says(page, PLAN, "Ours")
    stands(page, 23)
    give(page, GROUPS, "6")
    says(page, ".es-about", "6 walking groups")
    says(page, PLAN, "Ours")
    page.click("button:has-text('No plan')")
    says(page, PLAN, "No plan")
    page.select_option("#es-add", "campaign")
    page.click(".es-plan button:has-text('Add'):not(:has-text('Another'))")
    says(page, PLAN, "Campaign")


def test_a_kept_plan_stands_beside_another_and_words_name_it(page):
    give(page, "#es-name", "Ours")
    says(page, PLAN, "Ours")
    page.click(".es-name button")
    says(page, ".es-plans", "Ours")
    page.click("text=Put this plan on the left")
    says(page, ".es-map-today figcaption", "“Ours”")
    page.click("button:has-text('A better park')")
    says(page, PLAN, "A better park")
    says(page, ".es-second", "inactive with “Ours”")
    assert "today’s plans" not in page.inner_text(".es-answer") + page.inner_text("#es-panel")
    page.reload()
    says(page, ".es-map-today figcaption", "“Ours”")
    says(page, ".es-plans", "Ours")
    page.click("text=Today’s plans on the left")
    says(page, ".es-map-today figcaption", "Today’s plans")
    page.click(".es-plans button:has-text('Ours') >> nth=0")
    says(page, PLAN, "Ours")


def test_faults_are_said_where_one_acted(page, tmp_path):
    for value, right in (("900", 40), ("0", 41), ("2.5", 42), ("", 43)):
        give(page, GROUPS, value)
        says(page, ".es-action .es-wrong", f"Groups: 1 to 500, a whole number. It stays at {right}.")
        assert page.get_attribute(GROUPS, "aria-invalid") == "true"
        give(page, GROUPS, str(right + 1))
        says(page, PLAN, f"{right + 1} walking groups")
        stands(page, 23)
        assert page.locator(".es-wrong").count() == 0
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("schema_version: 1\nname: Wrong\ngruops: 3\n", encoding="utf-8")
    page.set_input_files(".es-file input", str(wrong))
    says(page, ".es-plan .es-row + .es-wrong", "Your file, line 3: gruops")
    give(page, "#es-name", " ")
    says(page, ".es-name .es-wrong", "Name: ")
    page.evaluate("() => { location.hash = 's=nonsense'; }")
    says(page, ".es-stage .es-faults", "this link is damaged")
