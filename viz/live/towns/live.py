"""The worker behind one visitor's page: plays a pair of towns in a thread of its own.

The newest request wins; what it makes is handed to `publish`. Nothing here knows of browsers.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from model.errors import InputError
from scenarios.files.schema import Scenario
from viz.live.towns.towns import Overtaken, Pair, Setup, WarmRoom

PATIENCE = 1.0
"""Seconds after which a frame goes out although the browser has not said that it drew the last."""

SPEEDS: dict[str, float] = {"slow": 2.0, "steady": 8.0, "fast": 60.0}
"""Weeks a second that each speed aims at."""


@dataclass
class Status:
    """How the worker stands."""

    phase: str = "waiting"  # waiting | warming | going | ready | failed | ended
    share: float = 0.0
    playing: bool = False
    speed: str = "steady"
    faults: list[str] = field(default_factory=list)
    updates_per_second: float = 0.0


class Worker:
    """Steps one visitor's pair. Every method may be called from any thread and returns at once.

    `gate` lets so many workers step at once; `spacing` tells the least seconds between frames, so that many visitors
    share the machine fairly.
    """

    def __init__(
        self,
        room: WarmRoom,
        baseline: Scenario,
        publish: Callable[[Pair | None, Status], None],
        gate: threading.Semaphore | None = None,
        spacing: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._room, self._baseline, self._publish = room, baseline, publish
        self._gate = gate or threading.Semaphore(1)
        self._spacing = spacing
        self._turn = threading.Condition()
        self._wanted: Setup | None = None
        self._steps = self._going = 0
        self._fresh = False
        self._closed = False
        self._drawn = threading.Event()
        self._drawn.set()
        self._published: list[float] = []
        self._shown = 0.0
        self._pair: Pair | None = None
        self.status = Status()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to listen."""
        self._thread = threading.Thread(target=self._work, name="everystep-live", daemon=True)
        self._thread.start()

    # Requests

    def open(self, setup: Setup, play: bool = True, skip_weeks: int = 0) -> None:
        """Begin anew with `setup`; drops whatever was going on. Who opens it to stand still sees no week before that."""
        with self._turn:
            self._wanted, self._steps, self._going = setup, skip_weeks, 0 if play else skip_weeks
            self.status.playing = play
            self._turn.notify_all()

    def play(self, on: bool = True) -> None:
        """Play or pause."""
        with self._turn:
            self.status.playing = on and self.status.phase not in ("ended", "failed")
            self._fresh = True
            self._turn.notify_all()

    def step(self, weeks: int = 1) -> None:
        """Move on by some weeks while paused."""
        with self._turn:
            self._steps += weeks
            self.status.playing = False
            self._turn.notify_all()

    def speed(self, name: str) -> None:
        """Play at another speed (a key of SPEEDS)."""
        with self._turn:
            self.status.speed = name
            self._fresh = True
            self._turn.notify_all()

    def refresh(self) -> None:
        """Publish again: what is shown has changed, the week has not."""
        with self._turn:
            self._fresh = True
            self._turn.notify_all()

    def drawn(self) -> None:
        """The last frame stands on the screen; another may come."""
        self._drawn.set()

    def close(self) -> None:
        """Stop for good."""
        with self._turn:
            self._closed = True
            self._turn.notify_all()
        self._drawn.set()

    def join(self, timeout: float | None = None) -> None:
        """Wait for the thread to end."""
        if self._thread is not None:
            self._thread.join(timeout)

    @property
    def closed(self) -> bool:
        """Whether it was stopped for good."""
        return self._closed

    # The thread

    def _work(self) -> None:
        try:
            while not self._closed:
                with self._turn:
                    while not (self._closed or self._wanted or self._fresh or self._steps or self._moving):
                        self._turn.wait()
                    wanted, self._wanted = self._wanted, None
                    fresh, self._fresh = self._fresh, False
                if self._closed:
                    break
                if wanted is not None:
                    self._begin(wanted)
                elif self._pair is not None and (self._steps or self._moving):
                    self._advance()
                elif fresh:
                    self._show()
                else:
                    self._steps = 0
        finally:
            if self._pair is not None:
                self._pair.close()
            self._pair = None

    @property
    def _moving(self) -> bool:
        return self.status.playing and self._pair is not None

    def _begin(self, setup: Setup) -> None:
        if self._pair is not None:
            self._pair.close()
        self._pair, self.status.phase, self.status.share, self.status.faults = None, "warming", 0.0, []
        self._show()
        try:
            with self._gate:
                town = self._room.town(setup, self._tell)
                self._pair = Pair(town, setup, self._baseline)
                # One week at once, so that the first picture holds something.
                self._pair.step()
        except Overtaken:
            return
        except InputError as error:
            self._fail([str(fault) for fault in error.faults])
        except MemoryError:
            self._fail(["There is not enough memory for so many residents. Choose a smaller share."])
        except Exception as error:  # never a traceback in the browser: it goes to the server's log
            _log(error)
            self._fail(["This plan could not be simulated. The server's log says why."])
        else:
            self.status.phase, self.status.share = "ready", 1.0
            if not self._underway():
                self._show()

    def _advance(self) -> None:
        assert self._pair is not None
        began = time.perf_counter()
        if self._pair.done:
            return self._end()
        try:
            with self._gate:
                self._pair.step()
        except Exception as error:
            _log(error)
            return self._fail(["The simulation stopped. The server's log says why."])
        skipping = self._steps > 1
        self._steps = max(0, self._steps - 1)
        if self._pair.done:
            return self._end()
        # A frame goes out only when the last one has been drawn: late frames are dropped, not queued.
        since = time.perf_counter() - self._shown
        if self._underway(since):
            return
        due = since > PATIENCE or (self._drawn.is_set() and since > self._spacing())
        if not skipping and (due or not self._moving):
            self._show()
        if self._moving and not self._steps:
            left = 1.0 / SPEEDS[self.status.speed] - (time.perf_counter() - began)
            with self._turn:
                if left > 0 and not (self._wanted or self._closed):
                    self._turn.wait(left)

    def _underway(self, since: float = 0.0) -> bool:
        """Whether the weeks before those asked for are still going by; tells how far they have come."""
        if not self._going or self._steps < 1:
            if self.status.phase == "going":
                self.status.phase = "ready"
            self._going = 0
            return False
        self.status.phase, self.status.share = "going", 1.0 - self._steps / self._going
        if since > 0.5:
            self._show(blank=True)
        return True

    def _end(self) -> None:
        self.status.phase, self.status.playing, self._steps = "ended", False, 0
        self._show()

    def _fail(self, faults: list[str]) -> None:
        self.status.phase, self.status.playing, self.status.faults, self._steps = "failed", False, faults, 0
        self._show()

    def _tell(self, share: float) -> None:
        if self._closed or self._wanted is not None:
            raise Overtaken
        if share - self.status.share > 0.1:
            self.status.share = share
            self._show()

    def _show(self, blank: bool = False) -> None:
        self._shown = now = time.perf_counter()
        self._published = [moment for moment in self._published if now - moment < 3.0] + [now]
        span = now - self._published[0]
        self.status.updates_per_second = (len(self._published) - 1) / span if span > 0.5 else 0.0
        self._drawn.clear()
        try:
            self._publish(None if blank else self._pair, self.status)
        except Exception as error:
            if not self._closed:
                _log(error)
            self._drawn.set()


def _log(error: BaseException) -> None:
    import logging

    logging.getLogger("everystep").exception("live view", exc_info=error)
