"""Everything a browser may ask of its visit. Each act takes the message, checks it, and changes the visit or refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from model.errors import Fault, InputError
from scenarios.files.library import list_scenarios
from scenarios.files.schema import Scenario
from viz.live.builder import barriers, controls, naming, sharing
from viz.live.checks import known, number, whole
from viz.live.maps import groups
from viz.live.page import downloads, tour
from viz.live.towns.live import SPEEDS
from viz.live.towns.towns import Setup

if TYPE_CHECKING:
    from viz.live.visit import Visit


def _hello(visit: Visit, message: dict[str, Any]) -> None:
    visit.page = replace(visit.page, reduced=message.get("reduced") is True)
    if visit.begun:
        visit.worker.refresh()
        return
    try:
        _goto(visit, message)
    except InputError as error:
        visit.open(visit.page.setup)
        visit.refuse(message, error.faults)


def _goto(visit: Visit, message: dict[str, Any]) -> None:
    """What an address says: the plan (`link`), the week, what is looked at; `back`: the visitor was here before."""
    week = None if message.get("week") is None else whole(message.get("week"), "week", 1, 1560)
    if message.get("link"):
        setup, place, own = _of_link(visit, message.get("link"))
        visit.open(setup, place, (), own, week)
    else:
        visit.open(visit.page.setup, week=week)
    if week is not None and message.get("back") is True:
        visit.change(greeting="Back again. Your plan is kept.")
    if message.get("look"):
        visit.change(view=visit.page.view.read(message.get("look")))
        visit.worker.refresh()


def _of_link(visit: Visit, token: Any) -> tuple[Setup, str, bool]:
    data = sharing.from_link(token)
    place = known(data.get("place"), visit.house.places, "place")
    setup = Setup(
        data["scenario"],
        visit.house.places[place][0],
        number(data.get("sample", 0.1), "sample", 0.001, 1.0),
        whole(data.get("seed", 1), "seed", 1, 1_000_000),
        data["against"],
    )
    return setup, place, data.get("own") is True


def _against(visit: Visit, message: dict[str, Any]) -> None:
    """Put a plan on the left: this one (`this`), one of a link; or today's plans again."""
    setup = visit.page.setup
    other = None
    if message.get("this") is True:
        other = setup.scenario
    elif message.get("link"):
        other = _of_link(visit, message.get("link"))[0].scenario
    visit.open(replace(setup, against=other))


def _rename(visit: Visit, message: dict[str, Any]) -> None:
    visit.rename(message.get("name"))


def _play(visit: Visit, message: dict[str, Any]) -> None:
    visit.worker.play(message.get("on") is True)


def _step(visit: Visit, message: dict[str, Any]) -> None:
    visit.worker.step(whole(message.get("weeks", 1), "weeks", 1, 52))


def _speed(visit: Visit, message: dict[str, Any]) -> None:
    visit.worker.speed(known(message.get("speed"), SPEEDS, "speed"))


def _restart(visit: Visit, message: dict[str, Any]) -> None:
    visit.open(visit.page.setup)


def _drawn(visit: Visit, message: dict[str, Any]) -> None:
    visit.worker.drawn()


def _look(visit: Visit, message: dict[str, Any]) -> None:
    view = visit.page.view.changed(message.get("name"), message.get("value"))
    if message.get("name") == "question" or (message.get("name") == "workshop" and view.workshop):
        view = replace(view, **tour.QUESTIONS[view.question]["view"])
    if message.get("name") == "unit":
        view = replace(view, pick="")
    visit.change(view=view)
    visit.worker.refresh()


def _preset(visit: Visit, message: dict[str, Any]) -> None:
    name = known(message.get("name"), [row["name"] for row in list_scenarios()], "preset")
    scenario = naming.titled(Scenario.load(name).changed({"place": visit.page.place}), name)
    scenario = barriers.carried(scenario, visit.page.setup.scenario)
    visit.open(replace(visit.page.setup, scenario=scenario), own=False)


def _place(visit: Visit, message: dict[str, Any]) -> None:
    name = known(message.get("name"), visit.house.places, "place")
    scenario = visit.page.setup.scenario.changed({"place": name})
    path, sample = visit.house.places[name][0], visit.house.usual_sample(name)
    visit.open(replace(visit.page.setup, scenario=scenario, place=path, sample=sample), name)


def _set_control(visit: Visit, message: dict[str, Any]) -> None:
    path = message.get("path")
    scenario, remark = controls.with_value(
        visit.page.setup.scenario, path if isinstance(path, str) else "", message.get("value")
    )
    _follow_settings(visit, scenario, (remark,) if remark else ())


def _add(visit: Visit, message: dict[str, Any]) -> None:
    if len(visit.page.setup.scenario.interventions) >= 6:
        raise InputError(Fault("six actions are enough for one page"))
    _follow_settings(visit, controls.added(visit.page.setup.scenario, str(message.get("type"))[:40]))


def _remove(visit: Visit, message: dict[str, Any]) -> None:
    _follow_settings(
        visit, controls.removed(visit.page.setup.scenario, whole(message.get("number"), "number", 0, 50))
    )


def _follow_settings(visit: Visit, scenario: Scenario, notes: tuple[str, ...] = ()) -> None:
    """Open a plan whose actions were changed, under the name that fits it now."""
    named = naming.followed(visit.page.setup.scenario, scenario, visit.page.own)
    visit.open(replace(visit.page.setup, scenario=named), notes=notes)


def _barrier(visit: Visit, message: dict[str, Any]) -> None:
    """Switch a barrier on or off, add one of one's own, or take one out."""
    scenario = visit.page.setup.scenario
    if message.get("number") is not None:
        scenario = barriers.removed(scenario, whole(message.get("number"), "number", 0, barriers.MOST))
    elif message.get("name") is not None:
        scenario = barriers.switched(scenario, str(message.get("name")), message.get("on") is True)
    else:
        scenario = barriers.added(scenario)
    visit.open(replace(visit.page.setup, scenario=scenario))


def _load(visit: Visit, message: dict[str, Any]) -> None:
    scenario = sharing.from_text(message.get("text"))
    place = scenario.place if scenario.place in visit.house.places else visit.page.place
    notes = (
        ()
        if place == scenario.place
        else (f"The file's place is not on offer here; {visit.house.places[place][1]} is kept.",)
    )
    setup = replace(visit.page.setup, scenario=scenario, place=visit.house.places[place][0])
    if place != visit.page.place:
        setup = replace(setup, sample=visit.house.usual_sample(place))
    visit.open(setup, place, notes, own=False)


def _run_setting(visit: Visit, message: dict[str, Any]) -> None:
    """Share of residents, seed, definition, length: the researcher's settings."""
    setup, name, value = visit.page.setup, message.get("name"), message.get("value")
    if name == "sample":
        setup = replace(setup, sample=number(value, "sample", 0.001, 1.0))
    elif name == "seed":
        setup = replace(setup, seed=whole(value, "seed", 1, 1_000_000))
    elif name == "definition":
        setup = replace(setup, scenario=setup.scenario.changed({"definition": value}))
    elif name == "weeks":
        weeks = whole(value, "weeks", 1, visit.house.limits.weeks)
        setup = replace(setup, scenario=setup.scenario.changed({"weeks": weeks, "years": None}))
    else:
        raise InputError(Fault("there is no such setting", found=str(name)[:40]))
    visit.open(setup)


def _pick(visit: Visit, message: dict[str, Any]) -> None:
    """A click on a map (x, y, near, metres; side), an area or a group of one side by number, or nothing."""
    if message.get("x") is not None:
        where = [number(message.get(key), key, 0, 1e6) for key in ("x", "y", "near")]
        visit.wanted["point"] = (*where, known(message.get("side", "plan"), groups.SIDES, "side"))
    elif message.get("group") is not None:
        side = known(message.get("side"), groups.SIDES, "side")
        group = whole(message.get("group"), "group", 0, 10_000_000)
        visit.change(view=replace(visit.page.view, pick=f"group:{side}:{group}"))
    else:
        area = message.get("area")
        pick = "" if area is None else f"area:{whole(area, 'area', 0, 100_000)}"
        visit.change(view=replace(visit.page.view, pick=pick))
    visit.worker.refresh()


def _follow(visit: Visit, message: dict[str, Any]) -> None:
    view = visit.page.view.changed("resident", message.get("resident"))
    visit.change(view=replace(view, tab="people"))
    visit.worker.refresh()


def _download(visit: Visit, message: dict[str, Any]) -> None:
    kind = known(message.get("kind"), downloads.KINDS, "kind")
    if kind in downloads.OF_PAIR:
        visit.wanted["download"] = kind
        visit.worker.refresh()
        return
    results = (
        visit.batch.results if visit.batch is not None and visit.page.batch.get("phase") == "done" else None
    )
    made = downloads.of_files(kind, visit.page.setup, results)
    visit.change(download={**made, "number": visit.page.download.get("number", 0) + 1})


def _run_batch(visit: Visit, message: dict[str, Any]) -> None:
    replicates = whole(message.get("replicates", 10), "replicates", 2, 40)
    if not visit.page.setup.scenario.acts:
        raise InputError(Fault("there is nothing to compare: add an action first"))
    if (work := visit.work(replicates)) > visit.house.limits.batch_resident_weeks:
        raise InputError(
            Fault(
                "too much work for this page",
                found=f"{work:.2g} resident-weeks",
                allowed=f"at most {visit.house.limits.batch_resident_weeks:.2g}",
                hint="Fewer runs or a smaller share; or use run.py compare.",
            )
        )
    visit.worker.play(False)
    visit.compare(replicates, quiet=False)


def _stop_batch(visit: Visit, message: dict[str, Any]) -> None:
    if visit.batch is not None:
        visit.batch.stop()
        visit.batch = visit.found = None
    visit.change(batch={})
    visit.worker.refresh()


ACTS: dict[str, Callable[[Visit, dict[str, Any]], None]] = {
    "hello": _hello,
    "goto": _goto,
    "open": _goto,
    "against": _against,
    "rename": _rename,
    "play": _play,
    "step": _step,
    "speed": _speed,
    "restart": _restart,
    "drawn": _drawn,
    "look": _look,
    "preset": _preset,
    "place": _place,
    "set": _set_control,
    "add": _add,
    "remove": _remove,
    "barrier": _barrier,
    "load": _load,
    "run": _run_setting,
    "pick": _pick,
    "follow": _follow,
    "download": _download,
    "batch": _run_batch,
    "stop_batch": _stop_batch,
}
"""Every act by the name that browsers give it."""

QUIET = ("drawn", "hello", "look", "play", "speed", "step", "pick")
"""Acts that leave a standing remark where it is."""
