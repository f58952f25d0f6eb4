"""Everything a browser may ask of its visit. Each act takes the message, checks it, and changes the visit or refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from model.errors import Fault, InputError
from scenarios.files.library import list_scenarios
from scenarios.files.schema import Scenario
from viz.live import messages
from viz.live.builder import barriers, controls, naming, sharing
from viz.live.checks import known, number, whole
from viz.live.maps import groups
from viz.live.page import downloads, tour
from viz.live.towns.towns import Setup
from viz.live.visit import Visit


def _hello(visit: Visit, message: messages.Hello) -> None:
    visit.page = replace(visit.page, reduced=message.reduced)
    if visit.begun:
        visit.worker.refresh()
        return
    try:
        _goto(visit, message.goto)
    except InputError as error:
        visit.open(visit.page.setup)
        visit.refuse({"act": "hello"}, error.faults)


def _goto(visit: Visit, message: messages.Goto) -> None:
    """What an address says."""
    week = message.week
    if message.link:
        setup, place, own = _of_link(visit, message.link)
        visit.open(setup, place, (), own, week)
    else:
        visit.open(visit.page.setup, week=week)
    if week is not None and message.back:
        visit.change(greeting="Back again. Your plan is kept.")
    if message.look:
        visit.change(view=visit.page.view.read(message.look))
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


def _against(visit: Visit, message: messages.Against) -> None:
    """Put a plan on the left: this one (`this`), one of a link; or today's plans again."""
    setup = visit.page.setup
    other = None
    if message.this:
        other = setup.scenario
    elif message.link:
        other = _of_link(visit, message.link)[0].scenario
    visit.open(replace(setup, against=other))


def _rename(visit: Visit, message: messages.Name) -> None:
    visit.rename(message.name)


def _play(visit: Visit, message: messages.Play) -> None:
    visit.worker.play(message.on)


def _step(visit: Visit, message: messages.Step) -> None:
    visit.worker.step(message.weeks)


def _speed(visit: Visit, message: messages.SpeedMessage) -> None:
    visit.worker.speed(message.speed)


def _restart(visit: Visit, message: messages.Nothing) -> None:
    visit.open(visit.page.setup)


def _drawn(visit: Visit, message: messages.Nothing) -> None:
    visit.worker.drawn()


def _look(visit: Visit, message: messages.Look) -> None:
    view = visit.page.view.changed(message.name, message.value)
    if message.name == "question" or (message.name == "workshop" and view.workshop):
        view = replace(view, **tour.QUESTIONS[view.question]["view"])
    if message.name == "unit":
        view = replace(view, pick="")
    visit.change(view=view)
    visit.worker.refresh()


def _preset(visit: Visit, message: messages.Name) -> None:
    name = known(message.name, [row["name"] for row in list_scenarios()], "preset")
    scenario = naming.titled(Scenario.load(name).changed({"place": visit.page.place}), name)
    scenario = barriers.carried(scenario, visit.page.setup.scenario)
    visit.open(replace(visit.page.setup, scenario=scenario), own=False)


def _place(visit: Visit, message: messages.Name) -> None:
    name = known(message.name, visit.house.places, "place")
    scenario = visit.page.setup.scenario.changed({"place": name})
    path, sample = visit.house.places[name][0], visit.house.usual_sample(name)
    visit.open(replace(visit.page.setup, scenario=scenario, place=path, sample=sample), name)


def _set_control(visit: Visit, message: messages.Setting) -> None:
    path = message.path
    scenario, remark = controls.with_value(
        visit.page.setup.scenario, path if isinstance(path, str) else "", message.value
    )
    _follow_settings(visit, scenario, (remark,) if remark else ())


def _add(visit: Visit, message: messages.Add) -> None:
    if len(visit.page.setup.scenario.interventions) >= 6:
        raise InputError(Fault("six actions are enough for one page"))
    _follow_settings(visit, controls.added(visit.page.setup.scenario, str(message.type)[:40]))


def _remove(visit: Visit, message: messages.Remove) -> None:
    _follow_settings(visit, controls.removed(visit.page.setup.scenario, message.number))


def _follow_settings(visit: Visit, scenario: Scenario, notes: tuple[str, ...] = ()) -> None:
    """Open a plan whose actions were changed, under the name that fits it now."""
    named = naming.followed(visit.page.setup.scenario, scenario, visit.page.own)
    visit.open(replace(visit.page.setup, scenario=named), notes=notes)


def _barrier(visit: Visit, message: messages.Barrier) -> None:
    """Switch a barrier on or off, add one of one's own, or take one out."""
    scenario = visit.page.setup.scenario
    if message.number is not None:
        scenario = barriers.removed(scenario, message.number)
    elif message.name is not None:
        scenario = barriers.switched(scenario, message.name, message.on)
    else:
        scenario = barriers.added(scenario)
    visit.open(replace(visit.page.setup, scenario=scenario))


def _load(visit: Visit, message: messages.Load) -> None:
    scenario = sharing.from_text(message.text)
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


def _run_setting(visit: Visit, message: messages.Value) -> None:
    """Share of residents, seed, definition, length: the researcher's settings."""
    setup, name, value = visit.page.setup, message.name, message.value
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


def _pick(visit: Visit, message: messages.Pick) -> None:
    if (point := message.point) is not None:
        visit.wanted["point"] = (*point, known(message.side or "plan", groups.SIDES, "side"))
    elif message.group is not None:
        side = known(message.side, groups.SIDES, "side")
        visit.change(view=replace(visit.page.view, pick=f"group:{side}:{message.group}"))
    else:
        pick = "" if message.area is None else f"area:{message.area}"
        visit.change(view=replace(visit.page.view, pick=pick))
    visit.worker.refresh()


def _follow(visit: Visit, message: messages.Follow) -> None:
    view = visit.page.view.changed("resident", message.resident)
    visit.change(view=replace(view, tab="people"))
    visit.worker.refresh()


def _download(visit: Visit, message: messages.Download) -> None:
    kind = message.kind
    if kind in downloads.OF_PAIR:
        visit.wanted["download"] = kind
        visit.worker.refresh()
        return
    results = (
        visit.batch.results if visit.batch is not None and visit.page.batch.get("phase") == "done" else None
    )
    made = downloads.of_files(kind, visit.page.setup, results)
    visit.change(download={**made, "number": visit.page.download.get("number", 0) + 1})


def _run_batch(visit: Visit, message: messages.RunBatch) -> None:
    replicates = message.replicates
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


def _stop_batch(visit: Visit, message: messages.Nothing) -> None:
    if visit.batch is not None:
        visit.batch.stop()
        visit.batch = visit.found = None
    visit.change(batch={})
    visit.worker.refresh()


MESSAGES: dict[str, tuple[type[messages.Message], Callable[[Any, Any], None]]] = {
    "hello": (messages.Hello, _hello),
    "goto": (messages.Goto, _goto),
    "open": (messages.Goto, _goto),
    "against": (messages.Against, _against),
    "rename": (messages.Name, _rename),
    "play": (messages.Play, _play),
    "step": (messages.Step, _step),
    "speed": (messages.SpeedMessage, _speed),
    "restart": (messages.Nothing, _restart),
    "drawn": (messages.QuietNothing, _drawn),
    "look": (messages.Look, _look),
    "preset": (messages.Name, _preset),
    "place": (messages.Name, _place),
    "set": (messages.Setting, _set_control),
    "add": (messages.Add, _add),
    "remove": (messages.Remove, _remove),
    "barrier": (messages.Barrier, _barrier),
    "load": (messages.Load, _load),
    "run": (messages.Value, _run_setting),
    "pick": (messages.Pick, _pick),
    "follow": (messages.Follow, _follow),
    "download": (messages.Download, _download),
    "batch": (messages.RunBatch, _run_batch),
    "stop_batch": (messages.Nothing, _stop_batch),
}
"""Every act by the name that browsers give it: the message it takes, and what is done."""

MOST_MESSAGE = 300 * 1024


class Guest(Visit):
    """A visit that takes messages of the browser."""

    def act(self, message: Any) -> None:
        """Take one message. Wrong ones change nothing and are answered on the page."""
        try:
            if not isinstance(message, dict) or len(json.dumps(message)) > MOST_MESSAGE:
                raise InputError(Fault("this message cannot be read"))
            name = message.get("act")
            if not isinstance(name, str) or name not in MESSAGES:
                raise InputError(Fault("there is no such action", found=str(name)[:40]))
            kind, act = MESSAGES[name]
            if not kind.quiet and (self.page.notes or self.page.wrong or self.page.greeting):
                self.change(notes=(), wrong={}, greeting="")
            act(self, kind.model_validate(message))
        except InputError as error:
            self.refuse(message, error.faults)
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
            self.refuse(message, [Fault(f"that cannot be done: {str(error)[:200]}")])
