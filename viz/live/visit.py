"""One visitor: what they chose, their simulation, what their page shows. Nothing of it is shared.

What a browser sends is taken in by a `Guest` (viz/live/acts.py), one small object at a time (viz/live/messages.py).
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from model.errors import Fault, InputError
from viz.live import wrong
from viz.live.builder import beside, controls, naming
from viz.live.maps import maps, picks, scene
from viz.live.page import baseline_fit, downloads, frames
from viz.live.server.house import House
from viz.live.towns import batch
from viz.live.towns.live import Status, Worker
from viz.live.towns.towns import Pair, Setup
from viz.live.view import View

QUIET_AFTER = 3.0
"""Seconds for which a plan stands before its quiet batch begins."""

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
    greeting: str = ""
    """Said above the maps to who comes back."""
    wrong: dict[str, list[str]] = field(default_factory=dict)
    """Faults of the last act, by where on the page it was done (`viz.live.wrong.spot`)."""
    own: bool = False
    """Whether the visitor gave the plan its name."""
    opened: int = 0
    """How often a plan was opened; tells the browser when to change its address."""
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
        self.worker = Worker(house.room, house.baseline, self._publish, house.gate, house.spacing)
        self.batch: batch.Batch | None = None
        self.found: dict[str, Any] | None = None
        """What the finished batch tells."""
        self._soon: threading.Timer | None = None
        self._grounds: dict[str, maps.Ground] = {}
        self._scene_of = ""
        self._pair: Pair | None = None
        self._fit_of: Any = None
        self.wanted: dict[str, Any] = {}
        self.begun = False
        self._lock = threading.RLock()

    # Life

    def start(self) -> None:
        """Begin to listen; the simulation starts when the browser says hello."""
        self.worker.start()

    def close(self) -> None:
        """Stop everything and let go of it."""
        self.worker.close()
        self._hush()
        if self.batch is not None:
            self.batch.stop()
        self._pair, self._grounds, self.found = None, {}, None
        nothing: Callable[[Any], None] = lambda _: None  # noqa: E731
        self._show_page = self._show_frame = self._show_scene = nothing

    def refuse(self, message: Any, faults: list[Fault]) -> None:
        """Say what was wrong, in words, where the visitor acted."""
        spot = wrong.spot(message)
        control = controls.control_at(self.page.setup.scenario, spot)
        self.change(wrong={spot: wrong.said(faults, spot, control)})

    # Showing

    def change(self, **changes: Any) -> None:
        with self._lock:
            self.page = replace(self.page, **changes)
            self._show_page(self.page)

    def _publish(self, pair: Pair | None, status: Status) -> None:
        """Called by the worker's thread: the only one that reads a pair."""
        view = self.page.view
        if pair is not None and pair.setup.scenario.digest == self.page.setup.scenario.digest:
            pair.setup = self.page.setup  # it may have another name by now
        if pair is not self._pair:
            self._pair, self._grounds, self._scene_of = pair, {}, ""
        if pair is None:
            self._show_frame(frames.frame(None, status, view, None, None))
            return
        if view.unit not in self._grounds:
            self._grounds[view.unit] = maps.ground(pair.plan.state, view.unit)
        land = self._grounds[view.unit]
        if self._scene_of != view.unit:
            self._scene_of = view.unit
            self._show_scene(scene.scene(pair, land))
        if "point" in self.wanted:
            self.change(view=replace(view, pick=picks.at(pair, land, view, *self.wanted.pop("point"))))
            view = self.page.view
        if "download" in self.wanted:
            kind = self.wanted.pop("download")
            made = downloads.of_pair(kind, pair, land, view)
            self.change(download={**made, "number": self.page.download.get("number", 0) + 1})
        self._show_frame(frames.frame(pair, status, view, land, self.found))
        if view.fit and self._fit_of != pair.setup.town_key:
            self._fit_of = pair.setup.town_key
            self.change(fit=baseline_fit.fit_rows(self.house.room.town(pair.setup)))

    def open(
        self,
        setup: Setup,
        place: str | None = None,
        notes: tuple[str, ...] = (),
        own: bool | None = None,
        week: int | None = None,
    ) -> None:
        """Begin anew with a setup that is allowed; with `week` stand still there."""
        if setup.against is not None:
            setup = replace(setup, against=beside.fitted(setup.against, setup.scenario))
        self._allow(setup, place or self.page.place)
        if self.batch is not None:
            self.batch.stop()
            self.batch = None
        self.found = None
        if setup.town_key != self._fit_of:
            self._fit_of, self.page = None, replace(self.page, fit={})
        self.change(
            setup=setup,
            preset=naming.ready(setup.scenario),
            place=place or self.page.place,
            notes=notes,
            batch={},
            view=replace(self.page.view, pick="", resident=-1, other=0),
            own=self.page.own if own is None else own,
            opened=self.page.opened + 1,
        )
        first = min((one.when.start_week for one in setup.scenario.acts), default=0)
        skip = max(0, min(first, setup.scenario.weeks) - LEAD_WEEKS)
        if week is not None:
            skip = min(week, setup.scenario.weeks) - 1
        self.worker.open(setup, play=week is None and not self.page.reduced, skip_weeks=skip)
        self.begun = True
        self._hush()
        self._later(setup)

    def rename(self, name: Any) -> None:
        """Give the plan a name. What is simulated stays as it is."""
        named = naming.renamed(self.page.setup.scenario, name, self.page.setup.scenario.description)
        self.change(setup=replace(self.page.setup, scenario=named), own=True, opened=self.page.opened + 1)
        if self.batch is not None and self.page.batch.get("phase") == "done":
            self._told(self.batch, self.page.batch)
        self.worker.refresh()

    # The quiet batch

    def _hush(self) -> None:
        """No quiet batch is to come."""
        with self._lock:
            if self._soon is not None:
                self._soon.cancel()
            self._soon = None

    def _later(self, setup: Setup) -> None:
        """Run a small batch by itself once the town is made and the plan has stood for a while."""
        limits = self.house.limits
        if limits.quiet_runs < 2 or not setup.scenario.acts:
            return
        with self._lock:
            self._soon = threading.Timer(QUIET_AFTER, _quietly, (weakref.ref(self), setup))
            self._soon.daemon = True
            self._soon.start()

    def quietly(self, setup: Setup) -> None:
        """Begin the small batch of a setup, if it still stands and nobody has asked for another."""
        now = self.page.setup
        same = replace(now, scenario=setup.scenario) == setup and now.scenario.digest == setup.scenario.digest
        if self.worker.closed or not same or self.batch is not None:
            return
        if self.worker.status.phase not in ("ready", "ended"):
            self._later(setup)
            return
        if self.work(self.house.limits.quiet_runs) <= self.house.limits.quiet_resident_weeks:
            self.compare(self.house.limits.quiet_runs, quiet=True)

    def work(self, replicates: int) -> float:
        """Resident-weeks of a batch."""
        setup = self.page.setup
        return self.house.places[self.page.place][2] * setup.sample * setup.scenario.weeks * replicates * 2

    def compare(self, replicates: int, quiet: bool) -> None:
        """Run a batch of the plan in place of any before it."""
        if self.batch is not None:
            self.batch.stop()
        turns = self.house.quiet if quiet else self.house.batches
        self.batch = mine = batch.Batch(lambda told: self._told(mine, {**told, "quiet": quiet}), turns)
        mine.start(self.page.setup, replicates, jobs=1 if quiet else -1, quiet=quiet)

    def _told(self, mine: batch.Batch, told: dict[str, Any]) -> None:
        if mine is not self.batch:
            return
        if told["phase"] == "done":
            self.found = batch.read(mine.results, self.page.setup)
            told = {**told, **{key: self.found[key] for key in ("sentence", "gap", "table")}}
        self.change(batch=told)
        self.worker.refresh()

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


def _quietly(whose: weakref.ref[Visit], setup: Setup) -> None:
    """A clock must not keep a visit that has ended."""
    visit = whose()
    if visit is not None:
        visit.quietly(setup)
