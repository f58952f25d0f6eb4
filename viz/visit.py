"""One visitor: what they chose, their simulation, what their page shows. Nothing of it is shared.

Everything a browser sends comes in through `act`, one small object at a time, and is checked again here.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from model.errors import Fault, InputError
from scenarios.load import list_scenarios
from scenarios.schema import Scenario
from viz import (
    barriers,
    baseline_fit,
    batch,
    controls,
    downloads,
    frames,
    groups,
    maps,
    picks,
    scene,
    sharing,
    tour,
)
from viz.checks import known, number, whole
from viz.house import House
from viz.live import SPEEDS, Status, Worker
from viz.towns import Pair, Setup
from viz.view import View

MOST_MESSAGE = 300 * 1024
LEAD_WEEKS = 4
"""Weeks shown before a plan begins: those before them are skipped through."""


@dataclass(frozen=True)
class Page:
    """What the page shows besides the frame."""

    setup: Setup
    place: str
    preset: str
    view: View = field(default_factory=View)
    notes: tuple[str, ...] = ()
    batch: dict[str, Any] = field(default_factory=dict)
    download: dict[str, Any] = field(default_factory=dict)
    reduced: bool = False
    fit: dict[str, Any] = field(default_factory=dict)


class Visit:
    """One visitor's page. `show_page`, `show_frame`, `show_scene` put things on it and may come from any thread."""

    def __init__(
        self,
        house: House,
        show_page: Callable[[Page], None],
        show_frame: Callable[[dict[str, Any]], None],
        show_scene: Callable[[dict[str, Any]], None],
    ) -> None:
        self.house = house
        self.page = Page(house.first_setup(), house.opening.place, house.first.slug)
        self._show_page, self._show_frame, self._show_scene = show_page, show_frame, show_scene
        self._worker = Worker(house.room, house.baseline, self._publish, house.gate, house.spacing)
        self._batch: batch.Batch | None = None
        self._ribbons: dict[str, Any] | None = None
        self._grounds: dict[str, maps.Ground] = {}
        self._scene_key: Any = None
        self._pair: Pair | None = None
        self._fit_of: Any = None
        self._wanted: dict[str, Any] = {}
        self._begun = False
        self._lock = threading.RLock()

    # Life

    def start(self) -> None:
        """Begin to listen; the simulation starts when the browser says hello."""
        self._worker.start()

    def close(self) -> None:
        """Stop everything and let go of it."""
        self._worker.close()
        if self._batch is not None:
            self._batch.stop()
        self._pair, self._grounds, self._ribbons = None, {}, None
        nothing: Callable[[Any], None] = lambda _: None  # noqa: E731
        self._show_page = self._show_frame = self._show_scene = nothing

    def act(self, message: Any) -> None:
        """Take one message of the browser. Wrong ones change nothing and are answered on the page."""
        try:
            if not isinstance(message, dict) or len(json.dumps(message)) > MOST_MESSAGE:
                raise InputError(Fault("this message cannot be read"))
            name = message.get("act")
            act = ACTS.get(name) if isinstance(name, str) else None
            if act is None:
                raise InputError(Fault("there is no such action", found=str(name)[:40]))
            if name not in QUIET and self.page.notes:
                self._set(notes=())
            act(self, message)
        except InputError as error:
            self._set(notes=tuple(str(fault)[:300] for fault in error.faults[:8]))
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
            self._set(notes=(f"That cannot be done: {str(error)[:200]}",))

    # Showing

    def _set(self, **changes: Any) -> None:
        with self._lock:
            self.page = replace(self.page, **changes)
            self._show_page(self.page)

    def _publish(self, pair: Pair | None, status: Status) -> None:
        """Called by the worker's thread: the only one that reads a pair."""
        view = self.page.view
        if pair is not self._pair:
            self._pair, self._grounds = pair, {}
        if pair is None:
            self._show_frame(frames.frame(None, status, view, None, None))
            return
        if view.unit not in self._grounds:
            self._grounds[view.unit] = maps.ground(pair.plan.state, view.unit)
        land = self._grounds[view.unit]
        if self._scene_key != (id(pair), view.unit):
            self._scene_key = (id(pair), view.unit)
            self._show_scene(scene.scene(pair, land))
        if "point" in self._wanted:
            self._set(view=replace(view, pick=picks.at(pair, land, view, *self._wanted.pop("point"))))
            view = self.page.view
        if "download" in self._wanted:
            kind = self._wanted.pop("download")
            made = downloads.of_pair(kind, pair, land, view)
            self._set(download={**made, "number": self.page.download.get("number", 0) + 1})
        self._show_frame(frames.frame(pair, status, view, land, self._ribbons))
        if view.fit and self._fit_of != pair.setup.town_key:
            self._fit_of = pair.setup.town_key
            self._set(fit=baseline_fit.told(self.house.room.town(pair.setup)))

    def _open(self, setup: Setup, preset: str, place: str | None = None, notes: tuple[str, ...] = ()) -> None:
        """Begin anew with a setup that is allowed."""
        self._allow(setup, place or self.page.place)
        if self._batch is not None:
            self._batch.stop()
            self._batch = None
        self._ribbons = None
        if setup.town_key != self._fit_of:
            self._fit_of, self.page = None, replace(self.page, fit={})
        view = replace(self.page.view, pick="", resident=-1, other=0)
        self._set(
            setup=setup, preset=preset, place=place or self.page.place, notes=notes, batch={}, view=view
        )
        first = min((one.when.start_week for one in setup.scenario.acts), default=0)
        skip = max(0, min(first, setup.scenario.weeks) - LEAD_WEEKS)
        self._worker.open(setup, play=not self.page.reduced, skip_weeks=skip)
        self._begun = True

    def _allow(self, setup: Setup, place: str) -> None:
        """Refuse what is beyond the limits of this server. Raises InputError."""
        limits, faults = self.house.limits, []
        residents = self.house.places[place][2] * setup.sample
        if residents > limits.residents:
            faults.append(
                Fault(
                    "too many residents for this page",
                    key="sample",
                    found=f"{residents:,.0f}",
                    allowed=f"at most {limits.residents:,}",
                    hint="Choose a smaller share.",
                )
            )
        if setup.scenario.weeks > limits.weeks:
            faults.append(
                Fault(
                    "too long for this page",
                    key="weeks",
                    found=str(setup.scenario.weeks),
                    allowed=f"at most {limits.weeks}",
                )
            )
        zones = self.house.room.place(setup.place).zones
        for holder in ("interventions", "barriers"):
            for row, one in enumerate(getattr(setup.scenario, holder)):
                faults += one.where.faults(zones, f"{holder}.{row}.where")
        if faults:
            raise InputError(faults)

    # Acts: each takes the message

    def _hello(self, message: dict[str, Any]) -> None:
        reduced = message.get("reduced") is True
        self.page = replace(self.page, reduced=reduced)
        if self._begun:
            self._worker.refresh()
            return
        link = message.get("link")
        if link:
            try:
                self._from_link(link)
                return
            except InputError as error:
                self._open(
                    self.page.setup, self.page.preset, notes=tuple(str(f)[:300] for f in error.faults[:4])
                )
                return
        self._open(self.page.setup, self.page.preset)

    def _from_link(self, token: Any) -> None:
        data = sharing.from_link(token)
        place = known(data.get("place"), self.house.places, "place")
        setup = Setup(
            data["scenario"],
            self.house.places[place][0],
            number(data.get("sample", 0.1), "sample", 0.001, 1.0),
            whole(data.get("seed", 1), "seed", 1, 1_000_000),
        )
        self._open(setup, "", place)

    def _play(self, message: dict[str, Any]) -> None:
        self._worker.play(message.get("on") is True)

    def _step(self, message: dict[str, Any]) -> None:
        self._worker.step(whole(message.get("weeks", 1), "weeks", 1, 52))

    def _speed(self, message: dict[str, Any]) -> None:
        self._worker.speed(known(message.get("speed"), SPEEDS, "speed"))

    def _restart(self, message: dict[str, Any]) -> None:
        self._open(self.page.setup, self.page.preset)

    def _drawn(self, message: dict[str, Any]) -> None:
        self._worker.drawn()

    def _look(self, message: dict[str, Any]) -> None:
        view = self.page.view.changed(message.get("name"), message.get("value"))
        if message.get("name") == "question" or (message.get("name") == "workshop" and view.workshop):
            view = replace(view, **tour.QUESTIONS[view.question]["view"])
        if message.get("name") == "unit":
            view = replace(view, pick="")
        self._set(view=view)
        self._worker.refresh()

    def _preset(self, message: dict[str, Any]) -> None:
        name = known(message.get("name"), [row["name"] for row in list_scenarios()], "preset")
        scenario = Scenario.load(name).changed({"place": self.page.place})
        scenario = barriers.carried(scenario, self.page.setup.scenario)
        self._open(replace(self.page.setup, scenario=scenario), name)

    def _place(self, message: dict[str, Any]) -> None:
        name = known(message.get("name"), self.house.places, "place")
        scenario = self.page.setup.scenario.changed({"place": name})
        path, sample = self.house.places[name][0], self.house.usual_sample(name)
        self._open(Setup(scenario, path, sample, self.page.setup.seed), self.page.preset, name)

    def _set_control(self, message: dict[str, Any]) -> None:
        path = message.get("path")
        scenario, remark = controls.with_value(
            self.page.setup.scenario, path if isinstance(path, str) else "", message.get("value")
        )
        self._open(replace(self.page.setup, scenario=scenario), "", notes=(remark,) if remark else ())

    def _add(self, message: dict[str, Any]) -> None:
        if len(self.page.setup.scenario.interventions) >= 6:
            raise InputError(Fault("six actions are enough for one page"))
        scenario = controls.added(self.page.setup.scenario, str(message.get("type"))[:40])
        self._open(replace(self.page.setup, scenario=scenario), "")

    def _remove(self, message: dict[str, Any]) -> None:
        scenario = controls.removed(self.page.setup.scenario, whole(message.get("number"), "number", 0, 50))
        self._open(replace(self.page.setup, scenario=scenario), "")

    def _barrier(self, message: dict[str, Any]) -> None:
        """Switch a barrier on or off, add one of one's own, or take one out."""
        scenario = self.page.setup.scenario
        if message.get("number") is not None:
            scenario = barriers.removed(scenario, whole(message.get("number"), "number", 0, barriers.MOST))
        elif message.get("name") is not None:
            scenario = barriers.switched(scenario, str(message.get("name")), message.get("on") is True)
        else:
            scenario = barriers.added(scenario)
        self._open(replace(self.page.setup, scenario=scenario), self.page.preset)

    def _load(self, message: dict[str, Any]) -> None:
        scenario = sharing.from_text(message.get("text"))
        place = scenario.place if scenario.place in self.house.places else self.page.place
        notes = (
            ()
            if place == scenario.place
            else (f"The file's place is not on offer here; {self.house.places[place][1]} is kept.",)
        )
        setup = replace(self.page.setup, scenario=scenario, place=self.house.places[place][0])
        if place != self.page.place:
            setup = replace(setup, sample=self.house.usual_sample(place))
        self._open(setup, "", place, notes)

    def _run_setting(self, message: dict[str, Any]) -> None:
        """Share of residents, seed, definition, length: the researcher's settings."""
        setup, name, value = self.page.setup, message.get("name"), message.get("value")
        if name == "sample":
            setup = replace(setup, sample=number(value, "sample", 0.001, 1.0))
        elif name == "seed":
            setup = replace(setup, seed=whole(value, "seed", 1, 1_000_000))
        elif name == "definition":
            setup = replace(setup, scenario=setup.scenario.changed({"definition": value}))
        elif name == "weeks":
            weeks = whole(value, "weeks", 1, self.house.limits.weeks)
            setup = replace(setup, scenario=setup.scenario.changed({"weeks": weeks, "years": None}))
        else:
            raise InputError(Fault("there is no such setting", found=str(name)[:40]))
        self._open(setup, self.page.preset)

    def _pick(self, message: dict[str, Any]) -> None:
        """A click on a map (x, y, near, metres; side), an area or a group of one side by number, or nothing."""
        if message.get("x") is not None:
            where = [number(message.get(key), key, 0, 1e6) for key in ("x", "y", "near")]
            self._wanted["point"] = (*where, known(message.get("side", "plan"), groups.SIDES, "side"))
        elif message.get("group") is not None:
            side = known(message.get("side"), groups.SIDES, "side")
            group = whole(message.get("group"), "group", 0, 10_000_000)
            self._set(view=replace(self.page.view, pick=f"group:{side}:{group}"))
        else:
            area = message.get("area")
            pick = "" if area is None else f"area:{whole(area, 'area', 0, 100_000)}"
            self._set(view=replace(self.page.view, pick=pick))
        self._worker.refresh()

    def _follow(self, message: dict[str, Any]) -> None:
        view = self.page.view.changed("resident", message.get("resident"))
        self._set(view=replace(view, tab="people"))
        self._worker.refresh()

    def _download(self, message: dict[str, Any]) -> None:
        kind = known(message.get("kind"), downloads.KINDS, "kind")
        if kind in downloads.OF_PAIR:
            self._wanted["download"] = kind
            self._worker.refresh()
            return
        results = (
            self._batch.results
            if self._batch is not None and self.page.batch.get("phase") == "done"
            else None
        )
        made = downloads.of_files(kind, self.page.setup, results)
        self._set(download={**made, "number": self.page.download.get("number", 0) + 1})

    def _run_batch(self, message: dict[str, Any]) -> None:
        setup = self.page.setup
        replicates = whole(message.get("replicates", 10), "replicates", 2, 40)
        if not setup.scenario.acts:
            raise InputError(Fault("there is nothing to compare: add an action first"))
        work = self.house.places[self.page.place][2] * setup.sample * setup.scenario.weeks * replicates * 2
        if work > self.house.limits.batch_resident_weeks:
            raise InputError(
                Fault(
                    "too much work for this page",
                    found=f"{work:.2g} resident-weeks",
                    allowed=f"at most {self.house.limits.batch_resident_weeks:.2g}",
                    hint="Fewer runs or a smaller share; or use run.py compare.",
                )
            )
        if self._batch is not None:
            self._batch.stop()
        self._worker.play(False)
        self._batch = mine = batch.Batch(lambda told: self._batch_told(mine, told), self.house.batches)
        mine.start(setup, replicates, jobs=-1)

    def _batch_told(self, mine: batch.Batch, told: dict[str, Any]) -> None:
        if mine is not self._batch:
            return
        if told["phase"] == "done":
            found = batch.read(mine.results)
            self._ribbons = found.pop("ribbons")
            told = {**told, **found}
        self._set(batch=told)
        self._worker.refresh()

    def _stop_batch(self, message: dict[str, Any]) -> None:
        if self._batch is not None:
            self._batch.stop()
            self._batch = None
        self._set(batch={})


ACTS: dict[str, Callable[[Visit, dict[str, Any]], None]] = {
    "hello": Visit._hello,
    "play": Visit._play,
    "step": Visit._step,
    "speed": Visit._speed,
    "restart": Visit._restart,
    "drawn": Visit._drawn,
    "look": Visit._look,
    "preset": Visit._preset,
    "place": Visit._place,
    "set": Visit._set_control,
    "add": Visit._add,
    "remove": Visit._remove,
    "barrier": Visit._barrier,
    "load": Visit._load,
    "run": Visit._run_setting,
    "pick": Visit._pick,
    "follow": Visit._follow,
    "download": Visit._download,
    "batch": Visit._run_batch,
    "stop_batch": Visit._stop_batch,
}
"""Everything that a browser may ask for."""

QUIET = ("drawn", "hello", "look", "play", "speed", "step", "pick")
"""Acts that leave a standing remark where it is."""
