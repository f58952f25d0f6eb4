"""The page of the live view: a Solara app whose parts are small Vue templates fed with plain data.

Run by `viz.live.server.server`; every visitor gets a `Guest` of their own when the page opens, and it ends with the page.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import ipyvue
import solara

from model.place.place import describe
from viz import words
from viz.live.acts import Guest
from viz.live.builder import barriers, controls, naming, sharing
from viz.live.page import tour
from viz.live.page.mesa_page import MesaPage
from viz.live.server.house import house
from viz.live.visit import Page as Shown

Act = Callable[[Any], None]

NOTHING_YET: dict[str, Any] = {"phase": "waiting", "share": 0.0, "faults": []}
NO_SCENE: dict[str, Any] = {}
NO_PAGE: Any = None


@solara.component_vue("../assets/top.vue", vuetify=False)
def Top(
    view: dict[str, Any],
    page: dict[str, Any],
    download: dict[str, Any],
    tour: list[Any],
    questions: list[Any],
    event_act: Act | None = None,
) -> None:
    """The head of the page: name, modes, share, download, help."""


@solara.component_vue("../assets/plan.vue", vuetify=False)
def Plan(view: dict[str, Any], page: dict[str, Any], form: list[Any], event_act: Act | None = None) -> None:
    """Place, actions, comparison."""


@solara.component_vue("../assets/stage.vue", vuetify=False)
def Stage(
    view: dict[str, Any],
    page: dict[str, Any],
    scene: dict[str, Any],
    frame: dict[str, Any],
    event_act: Act | None = None,
) -> None:
    """Headline, both maps, play."""


@solara.component_vue("../assets/tabs.vue", vuetify=False)
def Tabs(view: dict[str, Any], event_act: Act | None = None) -> None:
    """The row of tabs and the choices of the one that is open."""


@solara.component_vue("../assets/chart.vue", vuetify=False)
def Chart(option: dict[str, Any], label: str) -> None:
    """A chart of the open tab."""


@solara.component_vue("../assets/panel.vue", vuetify=False)
def Panel(panel: dict[str, Any]) -> None:
    """Sentences, person, tables of the open tab."""


def html(tag: str, class_: str = "", children: list[Any] | None = None, **attributes: Any) -> Any:
    """An element with attributes."""
    return ipyvue.Html.element(tag=tag, class_=class_, children=children or [], attributes=attributes)


@solara.component
def View() -> Any:
    """A visitor comes in, while there is room."""
    here, inside = house(), solara.use_memo(lambda: house().enter(), [])
    solara.use_effect(lambda: here.leave if inside else None, [])
    if inside:
        return VisitorsPage()  # type: ignore[no-untyped-call]  # what Solara makes of it has no types
    return html("main", "es es-full", ["This page is full just now. Please come back in a few minutes."])


@solara.component
def VisitorsPage() -> Any:
    """One visitor's page."""
    page, set_page = solara.use_state(NO_PAGE)
    frame, set_frame = solara.use_state(NOTHING_YET)
    scene, set_scene = solara.use_state(NO_SCENE)
    failed, set_failed = solara.use_state("")

    visit = solara.use_memo(lambda: Guest(house(), set_page, set_frame, set_scene), [])

    def live() -> Callable[[], None]:
        visit.start()
        return visit.close

    solara.use_effect(live, [])
    solara.Title(f"Everystep: {(page or visit.page).setup.scenario.name}")
    shown = page or visit.page
    act = guarded(visit, set_failed)
    look = view_of(shown)
    form = solara.use_memo(lambda: controls.form(shown.setup.scenario), [shown.setup.scenario])
    told = solara.use_memo(lambda: told_page(shown), [shown])
    questions = [{key: one[key] for key in ("question", "help")} for one in tour.QUESTIONS]
    steps = [list(one) for one in tour.TOUR]
    top = Top(view=look, page=told, download=shown.download, tour=steps, questions=questions, event_act=act)
    side = Plan(view=look, page=told, form=form, event_act=act)
    week = {key: value for key, value in frame.items() if key != "panel"}
    stage = Stage(view=look, page=address_of(shown, told), scene=scene, frame=week, event_act=act)
    found = findings(frame.get("panel") or {}, shown, look, act)
    main = html("main", "es-main", [stage, found], id="es-main", tabindex="-1")
    body = html("div", "es-body", [html("div", "es-side", [side]), main])
    foot = html("footer", "es-foot", [FOOT, *([failed] if failed else [])])
    return html("div", root_class(shown), [top, body, foot])


def root_class(page: Shown) -> str:
    """The classes that tell the style sheet how much is shown."""
    view = page.view
    if not view.workshop:
        return f"es es-{view.mode}"
    return f"es es-{view.mode} es-workshop es-shows-{tour.QUESTIONS[view.question]['shows']}"


def findings(panel: dict[str, Any], page: Shown, look: dict[str, Any], act: Act) -> Any:
    """The tabs, and what the open one tells: its chart, its words, its tables; a finished batch below."""
    left, rest = [], dict(panel)
    if "person" in rest:
        left.append(Panel(panel={"person": rest.pop("person")}))
    if chart := rest.pop("chart", None):
        left.append(Chart(option=chart, label=panel["chart_label"]))
    asks = rest.pop("asks", {})
    parts = [html("div", "es-left", left), Panel(panel=rest)]
    if page.batch.get("phase") == "done" and page.view.tab in ("over_time", "benefits", "figures"):
        runs = page.batch["replicates"]
        said = (
            f"{page.batch['sentence']} The bands in the chart are the 95% range of the mean of {runs} runs."
        )
        parts.append(
            html(
                "div",
                "es-batch",
                [Panel(panel={"result": said, "tables": [page.batch["table"]], "open": True})],
            )
        )
    name = "es-panel" if chart else "es-panel es-panel-wide"
    label = {"aria-labelledby": f"es-tab-{page.view.tab}"}
    open_tab = html("div", name, parts, role="tabpanel", id="es-panel", **label)
    tabs = Tabs(view=look | {"asks": asks}, event_act=act)
    return html("section", "es-tabs", [tabs, open_tab], **{"aria-label": "Findings"})


FOOT = (
    "Everystep is a what-if, not a forecast. Its residents are made up; nobody real is in it. "
    "Sources, limits and how sure we are: see the report and the documentation."
)


def guarded(visit: Guest, tell: Callable[[str], None]) -> Act:
    """The visitor's `act`, so that no fault of ours ever shows as a traceback."""

    def act(message: Any) -> None:
        try:
            visit.act(message)
        except Exception as error:
            import logging

            logging.getLogger("everystep").exception("live view", exc_info=error)
            tell(" Something went wrong on the server; its log says what. Reload the page to begin anew.")

    return act


def view_of(page: Shown) -> dict[str, Any]:
    """The visitor's choices as plain data."""
    return {name: getattr(page.view, name) for name in page.view.__dataclass_fields__}


def told_page(page: Shown) -> dict[str, Any]:
    """All that the side and the head show of the visitor's choices."""
    here, one = house(), page.setup.scenario
    place = here.room.place(page.setup.place)
    return {
        "places": here.place_list(),
        "place": page.place,
        "title": place.title,
        "synthetic": place.synthetic,
        "sources": place.sources,
        "facts": list(place_facts(page.setup.place)),
        "fit": page.fit,
        "presets": here.presets,
        "preset": page.preset,
        "scenario": one.name,
        "description": one.description if page.preset or one.description else naming.about(one),
        "against": "" if page.setup.against is None else page.setup.against.name,
        "weeks": one.weeks,
        "sample": page.setup.sample,
        "seed": page.setup.seed,
        "definition": one.definition,
        "kinds": controls.kinds(),
        "switches": barriers.switches(one),
        "text": sharing.to_text(one) if page.view.mode == "researcher" else "",
        "token": sharing.to_link(
            one, page.place, page.setup.sample, page.setup.seed, page.setup.against, page.own
        ),
        "notes": list(page.notes),
        "wrong": page.wrong,
        "opened": page.opened,
        "batch": {k: v for k, v in page.batch.items() if k != "table"},
        "cap": round(here.limits.residents),
        "residents": here.places[page.place][2],
    }


def address_of(page: Shown, told: dict[str, Any]) -> dict[str, Any]:
    """What the address of the page holds, and what is said above the maps."""
    return {
        "token": told["token"],
        "opened": page.opened,
        "look": page.view.spelled(),
        "greeting": page.greeting,
        "wrong": told["wrong"].get("page", []),
    }


@lru_cache(maxsize=32)
def place_facts(place: str) -> tuple[str, ...]:
    """A place's people in a few lines."""
    told = describe(house().room.place(place))
    return (
        f"{told['residents']:,} residents in {told['zones']} neighbourhoods, {told['area_km2']:,.0f} km².",
        f"{words.percent(told['share_residents_by_imd_quintile']['1'], 0)} live in England’s most deprived fifth; "
        f"{words.percent(told['share_disabled'], 0)} are limited by a disability; "
        f"{words.percent(told['share_households_no_car'], 0)} of households have no car.",
    )


@solara.component
def Layout(children: list[Any]) -> Any:
    """No frame of Solara's around the page."""
    return html("div", "es-root", children)


routes = [
    solara.Route("/", component=View, label="Everystep", layout=Layout),
    solara.Route("mesa", component=MesaPage, label="Mesa", layout=Layout),
]
