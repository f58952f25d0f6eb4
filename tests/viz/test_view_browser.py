"""The live view in a real browser: the journeys of its users, accessibility, no request outside, many visitors.

Pictures of every page are kept in the folder that EVERYSTEP_PICTURES names, when it is set.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.viz.view_server import browser_path, forgotten, opened, serving

playwright_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytest.importorskip(
    "solara_assets", reason="the offline extra is not installed: the page's scripts would come from outside"
)

DRAWN = ".es-map-plan image"


SIZE = {"width": 1366, "height": 768}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    browser_path()
    with serving("--sample", "0.03", quiet_batches=False) as (address, _, _):
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright_api.sync_playwright() as engine, opened(engine) as one:
        yield one


@pytest.fixture(scope="module")
def used(browser) -> Any:
    """A page that tests use one after another, each as if it were new."""
    return browser.new_context().new_page()


class Watched:
    """A page, with every error and every request to elsewhere that it made."""

    def __init__(self, page: Any, address: str, size: dict[str, int] = SIZE, still: bool = False) -> None:
        """`still`: for somebody who asks for no motion."""
        self.page, self.address = page, address
        self.errors: list[str] = []
        self.outside: list[str] = []
        page.set_viewport_size(size)
        page.emulate_media(reduced_motion="reduce" if still else "no-preference")
        self.listeners = {"console": self._said, "pageerror": self._wrong, "request": self._asked}
        for event, hear in self.listeners.items():
            page.on(event, hear)
        page.set_default_timeout(60_000)  # the first may find the engine not yet compiled

    def _said(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _wrong(self, error: Any) -> None:
        self.errors.append(str(error))

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.outside.append(request.url)

    def open(self, link: str = "") -> Any:
        """Go to the page and wait for both maps."""
        self.page.goto(link or self.address)
        return self.drawn()

    def leave(self) -> None:
        """Nothing of this visit is left for the next."""
        for event, hear in self.listeners.items():
            self.page.remove_listener(event, hear)
        forgotten(self.page)

    def drawn(self) -> Any:
        """Wait for both maps."""
        self.page.wait_for_selector(DRAWN)
        return self.page

    def keep(self, name: str) -> None:
        """Keep a picture, when pictures are wanted."""
        if folder := os.environ.get("EVERYSTEP_PICTURES"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.fixture
def watched(server, used) -> Iterator[Watched]:
    one = Watched(used, server)
    try:
        one.open()
        yield one
    finally:
        one.leave()
    assert one.errors == [] and one.outside == []


@pytest.fixture
def still(server, used) -> Iterator[Watched]:
    """A page that stands in its 23rd week until somebody plays: it costs half of one that plays."""
    one = Watched(used, server, still=True)
    try:
        one.open()
        settled(one.page, "() => document.querySelector('.es-week').innerText.includes('Week 23')")
        yield one
    finally:
        one.leave()
    assert one.errors == [] and one.outside == []


@pytest.fixture
def visitor(server, browser) -> Iterator[Callable[[], Watched]]:
    """Opens the browser of somebody else, whom nothing is shared with."""
    visitors: list[Watched] = []

    def arrives() -> Watched:
        visitors.append(Watched(browser.new_context().new_page(), server))
        return visitors[-1]

    yield arrives
    for one in visitors:
        one.page.context.close()


def week(page: Any) -> int:
    return int(page.inner_text(".es-week b").split()[-1])


def settled(page: Any, condition: str) -> None:
    """Wait for a condition in the page's own language."""
    page.wait_for_function(condition)


def serious(page: Any) -> list[str]:
    """What axe-core calls critical or serious."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    if page.evaluate("() => !window.axe"):
        page.evaluate(axe.axe_script)
    found = page.evaluate("async () => (await axe.run({resultTypes: ['violations']})).violations")
    return [
        f"{one['id']}: {one['nodes'][0]['target']}"
        for one in found
        if one["impact"] in ("critical", "serious")
    ]


def test_a_resident_opens_it_and_it_already_plays(watched):
    page = watched.page
    first = week(page)
    settled(page, f"() => Number(document.querySelector('.es-week b').innerText.split(' ')[1]) > {first + 3}")
    settled(
        page, "() => /fewer inactive|no difference/.test(document.querySelector('.es-headline').innerText)"
    )
    assert "in 100 adults are inactive with today’s plans" in page.inner_text(".es-second")
    assert page.inner_text("h1").startswith("Everystep")
    box = page.locator(".es-play").bounding_box()
    assert box and box["y"] + box["height"] < 768, "headline, maps and play must fit the first screen"
    watched.keep("first")


def test_a_resident_asks_about_people_like_them(still):
    page = still.page
    page.click("#es-tab-people")
    page.wait_for_selector(".es-person h3")
    page.select_option("label:has-text('Age') select", "75-84")
    settled(page, "() => /of (7[5-9]|8[0-4])$/.test(document.querySelector('.es-person h3').innerText)")
    page.click("text=Somebody else like this")
    settled(page, "() => document.querySelector('.es-panel').innerText.includes('This is number 2')")
    assert page.locator(".es-key", has_text="close ties").count() == 1
    still.keep("people")


def test_an_officer_tries_plans_and_changes_one(watched):
    page = watched.page
    page.click("button:has-text('A better park')")
    settled(
        page, "() => document.querySelector('.es-map-plan figcaption').innerText.includes('A better park')"
    )
    page.click("button:has-text('Walk and talk')")
    page.wait_for_selector("#es-c-interventions-0-groups")
    page.fill("#es-c-interventions-0-groups", "80")
    page.press("#es-c-interventions-0-groups", "Tab")
    settled(page, "() => document.querySelector('.es-action summary').innerText.includes('£372,500')")
    page.fill("#es-c-interventions-0-groups", "900")
    page.press("#es-c-interventions-0-groups", "Tab")
    settled(
        page,
        "() => document.querySelector('.es-action .es-wrong')?.innerText.includes('Groups: 1 to 500')",
    )
    page.click("#es-tab-benefits")
    settled(
        page, "() => document.querySelector('.es-panel').innerText.includes('most and least deprived fifths')"
    )
    watched.keep("benefits")


@pytest.mark.slow
def test_a_place_shows_its_people_and_its_fit_before_playing(still):
    page = still.page
    before = week(page)
    page.click("summary:has-text('Its people, and how the model fits')")
    page.wait_for_selector(".es-fit:has-text('England (range)')")
    assert week(page) == before and "Aged 75–84" in page.inner_text(".es-fit")
    assert serious(page) == []
    still.keep("fit")
    page.select_option("#es-place", "ashfield")
    page.wait_for_selector(".es-fit:has-text('Playing a year')")
    page.wait_for_selector(".es-fit:has-text('England (range)')")


def test_a_resident_switches_a_barrier_off_and_builds_one(watched):
    page = watched.page
    page.check("label:has-text('the streets felt safe to older women')")
    settled(
        page,
        "() => document.querySelector('.es-map-plan figcaption').innerText.includes('and if the streets felt safe')",
    )
    page.click("button:has-text('A better park')")
    settled(
        page,
        "() => /A better park; and if/.test(document.querySelector('.es-map-plan figcaption').innerText)",
    )
    page.click("text=Something else…")
    settled(page, "() => document.querySelector('.es-map-plan figcaption').innerText.includes('1 more')")
    page.click("summary:has-text('Less of: crime')")
    page.select_option("#es-c-barriers-1-quantity", "price")
    page.wait_for_selector("label[for='es-c-barriers-1-change']:has-text('£')")
    page.fill("#es-c-barriers-1-change", "-5")
    page.press("#es-c-barriers-1-change", "Tab")
    settled(page, "() => document.body.innerText.includes('Less of: price of a visit')")
    watched.keep("barriers")
    page.uncheck("label:has-text('the streets felt safe to older women')")
    settled(page, "() => document.querySelectorAll('.es-if input:checked').length === 0")


def test_a_plan_is_shared_saved_and_opened_again(watched, visitor, tmp_path):
    page = watched.page
    page.click("button:has-text('Together')")
    settled(page, "() => document.querySelector('.es-map-plan figcaption').innerText.includes('Together')")
    page.click("button:has-text('Share')")
    link = page.input_value("#es-link")
    page.click("dialog[open] >> text=Close")
    with page.expect_download() as caught:
        page.click("text=Save the file")
    saved = tmp_path / "saved.yaml"
    caught.value.save_as(saved)
    other = visitor()
    other.open(link)
    settled(
        other.page, "() => document.querySelector('.es-map-plan figcaption').innerText.includes('Together')"
    )
    saved.write_text(
        saved.read_text(encoding="utf-8").replace("name: Together", "name: Ours", 1), encoding="utf-8"
    )
    other.page.set_input_files(".es-file input", str(saved))
    settled(other.page, "() => document.querySelector('.es-map-plan figcaption').innerText.includes('Ours')")
    saved.write_text("name: Wrong\nschema_version: 1\ngruops: 3\n", encoding="utf-8")
    other.page.set_input_files(".es-file input", str(saved))
    settled(
        other.page,
        "() => document.querySelector('.es-plan .es-wrong')?.innerText.includes('gruops')",
    )
    assert other.errors == [] and other.outside == []


PAINTED = """() => [...document.querySelectorAll('.es-drawing canvas')].map(canvas => {
    const dots = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    return dots.filter((value, n) => n % 4 === 3 && value > 0).length;
})"""
"""How many dots of each chart are painted."""


@pytest.mark.slow
def test_tabs_left_before_the_chart_library_has_come(visitor):
    one = visitor()
    waiting: list[Any] = []
    one.page.route("**/echarts*.js", lambda route: waiting.append(route))
    page = one.open()
    for tab in ("figures", "benefits", "figures", "cost", "movement", "figures", "over_time"):
        page.click(f"#es-tab-{tab}")
        settled(
            page, f"() => document.querySelector('#es-tab-{tab}').getAttribute('aria-selected') === 'true'"
        )
    assert len(waiting) == 1 and page.evaluate(PAINTED) == []
    waiting.pop().continue_()
    page.wait_for_selector(".es-drawing canvas")
    page.wait_for_timeout(500)
    (painted,) = page.evaluate(PAINTED)
    assert painted > 2000
    assert one.errors == []


@pytest.mark.slow
def test_a_chart_library_that_does_not_come_is_said_and_asked_for_again(visitor):
    one = visitor()
    one.page.route("**/echarts*.js", lambda route: route.abort())
    page = one.open()
    page.wait_for_selector("text=The chart cannot be drawn here")
    page.unroute("**/echarts*.js")
    page.click("#es-tab-figures")
    page.wait_for_selector(".es-table[open]")
    page.click("#es-tab-cost")
    page.wait_for_selector(".es-drawing canvas")


def test_a_click_on_the_map_tells_a_story(still):
    page = still.page
    box = page.locator(".es-map-today svg").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector(".es-story h2")
    assert "inactive with today" in page.inner_text(".es-story")
    page.select_option("label:has-text('Read about') select", index=5)
    settled(page, "() => document.querySelector('.es-story h2').innerText.endsWith('005')")
    for layer in ("change", "visits", "deprivation", "safety", "green", "minutes"):
        page.select_option(".es-layers select >> nth=0", layer)
    page.select_option(".es-layers select >> nth=1", "squares")
    page.wait_for_selector(".es-hatch-key")
    page.select_option("label:has-text('People') select", "always")
    still.keep("squares")


@pytest.mark.slow
def test_a_group_is_chosen_from_the_list_by_a_click_and_switched_off(still):
    page = still.page
    wanted = page.eval_on_selector_all(
        "label:has-text('Read about') option",
        "all => all.map(one => one.value).find(v => /^group:today/.test(v))",
    )
    page.select_option("label:has-text('Read about') select", wanted)
    page.wait_for_selector(".es-story:has-text('of residents, with today’s plans')")
    title = page.inner_text(".es-story h2")
    assert "Energy" in page.inner_text(".es-story") and "members" in page.inner_text(".es-story")
    assert serious(page) == []
    still.keep("group")
    page.click(".es-story >> text=Close")
    page.wait_for_selector(".es-story", state="detached")
    number = int(wanted.rpartition(":")[2])
    spot = page.evaluate(
        """number => {
        const stage = document.querySelector('.es-stage').__vue__, svg = document.querySelector('.es-map-today svg');
        const mark = stage.frame.marks.groups.today.find(one => one[0] && one[2] === number);
        const at = new DOMPoint(stage.scene.assets.x[mark[1]], stage.scene.assets.y[mark[1]]).matrixTransform(svg.getScreenCTM());
        return [at.x + mark[3], at.y + mark[4]];
    }""",
        number,
    )
    page.mouse.click(*spot)
    page.wait_for_selector(".es-story h2")
    assert page.inner_text(".es-story h2") == title
    page.uncheck("label:has-text('Groups') input")
    settled(page, "() => !document.querySelector('.es-stage').__vue__.frame.marks.groups")
    assert page.locator(".es-diamond").count() == 0


def shown_box(page: Any, side: str) -> list[float]:
    return [float(n) for n in page.get_attribute(f".es-map-{side} svg", "viewBox").split()]


@pytest.mark.slow
def test_the_maps_zoom_and_move_together_by_keys_buttons_and_mouse(still):
    page = still.page
    whole = shown_box(page, "plan")
    page.focus(".es-map-today .es-frame")
    page.keyboard.press("+")
    page.keyboard.press("+")
    settled(page, "() => document.querySelector('.es-zoom').innerText.includes('←')")
    near = shown_box(page, "plan")
    assert near == shown_box(page, "today") and near[2] < whole[2] / 2
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(100)
    east = shown_box(page, "plan")
    assert east[0] > near[0] and east[2] == near[2]
    page.click("[aria-label='Move south']")
    page.wait_for_timeout(100)
    assert shown_box(page, "today")[1] > east[1]
    before = shown_box(page, "today")
    box = page.locator(".es-map-today svg").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 60, middle[1] + 20, steps=4)
    page.mouse.up()
    page.wait_for_timeout(100)
    dragged = shown_box(page, "plan")
    assert dragged[0] < before[0] and dragged[1] < before[1]
    assert page.locator(".es-story").count() == 0, "dragging is not choosing"
    page.mouse.click(*middle)
    page.wait_for_selector(".es-story h2")
    page.mouse.wheel(0, 300)
    page.wait_for_timeout(300)
    assert shown_box(page, "plan") == dragged, "the wheel alone scrolls the page"
    page.hover(".es-map-today svg")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    page.wait_for_timeout(200)
    assert shown_box(page, "plan")[2] < dragged[2]
    settled(page, "() => document.querySelector('.es-key').innerText.includes('a sample of people')")
    still.keep("zoomed")
    assert serious(page) == []
    page.click("[aria-label='Show the whole map']")
    page.wait_for_timeout(100)
    assert shown_box(page, "today") == whole


@pytest.mark.slow
def test_a_researcher_runs_it_properly(watched):
    page = watched.page
    page.click("button:has-text('Researcher')")
    page.wait_for_selector("#es-weeks")
    page.fill("#es-weeks", "40")
    page.press("#es-weeks", "Tab")
    settled(page, "() => document.querySelector('.es-week').innerText.includes('of 40')")
    page.select_option(".es-plan section:last-child select", "5")
    page.click("button:has-text('Run it properly')")
    page.wait_for_selector("text=Mean of 5 paired runs", timeout=90_000)
    assert "Over 40 weeks" in page.inner_text(".es-plan section:last-child .es-result")
    with page.expect_download() as caught:
        page.click("text=Download the report")
    assert caught.value.suggested_filename.endswith("report.html")
    watched.keep("researcher")


def test_it_works_from_the_keyboard(watched):
    page = watched.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to the maps"
    page.focus(".es-go")
    page.keyboard.press("Enter")
    settled(page, "() => document.querySelector('.es-go').innerText.includes('Play')")
    before = week(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    settled(
        page, f"() => Number(document.querySelector('.es-week b').innerText.split(' ')[1]) === {before + 1}"
    )
    page.focus("#es-tab-over_time")
    page.keyboard.press("ArrowRight")
    settled(page, "() => document.querySelector('#es-tab-benefits').getAttribute('aria-selected') === 'true'")
    assert page.evaluate("document.activeElement.id") == "es-tab-benefits"
    page.click("button:has-text('Help')")
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_axe_finds_nothing_serious(still):
    page = still.page
    found = {"first": serious(page)}
    for tab in ("benefits", "people", "movement", "cost", "figures"):
        page.click(f"#es-tab-{tab}")
        settled(
            page, f"() => document.querySelector('#es-tab-{tab}').getAttribute('aria-selected') === 'true'"
        )
        page.wait_for_timeout(300)
        found[tab] = serious(page)
    page.click("button:has-text('Researcher')")
    page.wait_for_selector("#es-seed")
    found["researcher"] = serious(page)
    page.click("button:has-text('Help')")
    found["help"] = serious(page)
    page.keyboard.press("Escape")
    page.click("button:has-text('Workshop')")
    page.wait_for_selector(".es-ask")
    found["workshop"] = serious(page)
    still.keep("workshop")
    assert not any(found.values()), found


def test_the_workshop_asks_one_question_at_a_time(still):
    page = still.page
    page.click("button:has-text('Workshop')")
    seen = []
    for number in range(1, 8):
        page.wait_for_selector(f"text=Question {number} of 7")
        seen.append(page.inner_text(".es-ask h2"))
        if number < 7:
            page.click("text=Next question")
    assert len(set(seen)) == 7 and seen[0].startswith("Who is not moving")
    page.click("text=Leave the workshop")
    page.wait_for_selector(".es-ask", state="detached")


@pytest.mark.slow
def test_nothing_is_cut_off_on_small_screens(server, used):
    sizes = {"phone": (390, 844), "zoom-200": (683, 384), "zoom-400": (342, 192)}
    one = Watched(used, server, size={"width": 390, "height": 844})
    page = one.open()
    for name, (width, height) in sizes.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(500)
        assert page.evaluate("document.documentElement.scrollWidth") <= width + 1, name
        assert serious(page) == [], name
        one.keep(name)
    one.leave()


def test_reduced_motion_is_honoured(server, used):
    one = Watched(used, server, still=True)
    page = one.open()
    settled(page, "() => document.querySelector('.es-go').innerText.includes('Play')")
    page.wait_for_timeout(700)
    before = week(page)
    page.wait_for_timeout(700)
    assert week(page) == before
    one.leave()


@pytest.mark.slow
def test_visitors_do_not_see_each_other(watched, visitor):
    plans = ["Walk and talk", "A better park", "Together"]
    visitors = [watched, visitor(), visitor()]
    for one in visitors[1:]:
        one.open()
    for one, plan in zip(visitors, plans, strict=True):
        one.page.click(f"button:has-text('{plan}')")
    for one, plan in zip(visitors, plans, strict=True):
        settled(
            one.page, f"() => document.querySelector('.es-map-plan figcaption').innerText.includes('{plan}')"
        )
        assert one.page.locator(".es-presets [aria-pressed=true]").inner_text().endswith(plan)
    assert all(one.errors == [] for one in visitors)


def test_hostile_messages_leave_the_page_standing(watched):
    """Values that no control allows are sent as the page itself sends them."""
    page = watched.page
    page.evaluate("""() => {
        const stage = document.querySelector('.es-stage').__vue__;
        for (const message of [null, 5, 'x', {act: 'step', weeks: 1e9}, {act: ['play']},
                               {act: 'run', name: 'sample', value: 1e9},
                               {act: 'load', text: 'x'.repeat(400000)},
                               {act: 'set', path: 'interventions.0.groups', value: 1e9}])
            stage.act(message);
    }""")
    page.wait_for_selector(".es-wrong")
    assert "Traceback" not in page.content().split("</style>")[-1]
    page.click("#es-tab-cost")
    settled(page, "() => document.querySelector('.es-panel').innerText.includes('So far your plan has cost')")


def test_mesas_own_page_opens(server, used):
    one = Watched(used, server)
    one.page.goto(server + "mesa")
    one.page.wait_for_selector("text=Everystep in Mesa", timeout=40_000)
    assert "Traceback (most" not in one.page.inner_text("body")
    one.keep("mesa")
    one.leave()
