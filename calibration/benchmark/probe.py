"""One measurement in a process of its own: `python -m calibration.benchmark.probe '{"what": "town", ...}'`.

Prints one JSON object on standard output. `bench` starts these one after the other.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from calibration.benchmark.measurement import (
    ChoiceCompared,
    CountyMeasured,
    DroppedMeasured,
    Measurement,
    ReferenceMeasured,
    StartMeasured,
    TownMeasured,
)
from model.machine import system

ROOT = Path(__file__).parents[2]
WARM_UP_WEEKS = 8
"""Weeks before the clock starts where a short warm-up serves: the work of a week does not depend on them."""


class Clock:
    """Seconds since the last asking."""

    def __init__(self) -> None:
        self.last = time.perf_counter()

    def lap(self) -> float:
        """Seconds since the clock was made or last asked."""
        now = time.perf_counter()
        passed, self.last = now - self.last, now
        return passed


def _settings(changes: dict[str, Any] | None = None) -> Any:
    from model.parameters import Parameters

    return Parameters.default().with_values({"warm_up_weeks": WARM_UP_WEEKS, **(changes or {})})


def town(residents: int, weeks: int, threads: list[int], repeats: int = 3, strong: float = 8.0, weak: float = 12.0,
         plans: bool = False, roofline: bool = False, numpy_choice: bool = False) -> TownMeasured:  # fmt: skip
    """Build a town and run `repeats` times `weeks` weeks on each number of threads, recording on."""
    from calibration.benchmark import county, machine
    from model import Neighbourhood
    from model.machine.parallel import Chunks

    _build_once()
    clock = Clock()
    place, sample = county.town_of(residents)
    place_seconds = clock.lap()
    parameters = _settings({"strong_degree_mean": strong, "weak_degree_mean": weak})
    one = Neighbourhood(place, sample=sample, parameters=parameters, threads=max(threads))
    build_seconds = clock.lap()
    one.warm_up()
    if plans:
        one = one.fork(_plans())
    one.run(2)
    state, n = one.state, one.state.people.n
    ties_a_resident = float(state.ties.strong_degree.mean() + len(state.ties.weak) / n)
    beside = (state.weight, state.counted, state.cell_row, state.recorder.strata.cells)
    of_columns, of_ties, of_rest = state.people.nbytes, state.ties.nbytes, sum(a.nbytes for a in beside)
    rates: dict[str, float] = {}
    acts: dict[str, dict[str, float]] = {}
    share = None
    for number in threads:
        state.chunks = Chunks(n, number)
        one.run(1)
        laps, one.seconds = [], {}
        worked, begun = time.process_time(), time.perf_counter()
        for _ in range(repeats):
            clock.lap()
            one.run(weeks)
            laps.append(clock.lap())
        if number == 1:
            share = (time.process_time() - worked) / (time.perf_counter() - begun)
        rates[str(number)] = n * weeks / statistics.median(laps)
        acts[str(number)] = {act: passed / (weeks * repeats) for act, passed in one.seconds.items()}
    found = TownMeasured(
        residents=n, weeks=weeks, place_seconds=place_seconds, build_seconds=build_seconds,
        ties_a_resident=ties_a_resident, plans=plans, bytes_of_columns=of_columns / n, bytes_of_ties=of_ties / n,
        bytes_beside=of_rest / n, rates=rates, acts=acts, processor_share=share, peak_bytes=system.memory_bytes()[1],
    )  # fmt: skip
    if numpy_choice:
        found = replace(found, numpy_choice=compare_choice(one))
    if roofline:
        from calibration.benchmark import counts

        roofs = {str(number): counts.roofline(state, machine.rates(number)) for number in threads}
        found = replace(found, week=counts.week(state), roofline=roofs)
    return found


def _build_once() -> None:
    """Load compiled code before anything is timed."""
    from calibration.benchmark import county
    from model import Neighbourhood

    place, _ = county.town_of(1)
    Neighbourhood(place, sample=0.005, parameters=_settings()).run(1)
    county.forget()


def _plans() -> list[Any]:
    from model.interventions import AssetInvestment, SocialPrescribing, WalkingScheme

    return [WalkingScheme(groups=40, invite_per_week=0.02), SocialPrescribing(link_workers=5),
            AssetInvestment(action="improve", kind="park", count=6, upkeep_gain=0.3)]  # fmt: skip


def compare_choice(one: Any) -> ChoiceCompared:
    """Time the kernel and its numpy version on this town's week, on one core, and hold their answers together."""
    import numpy as np

    from calibration.benchmark import plain_choice
    from model.kernels import choice as kernel
    from model.kernels.choice import ChoicePeople
    from model.machine.parallel import call
    from model.processes import choice as process

    people, arguments = one.state.people, process.choice_arguments(one.state)
    times: dict[str, list[float]] = {"kernel": [], "numpy": []}
    for _ in range(3):
        clock = Clock()
        call(kernel.choice, 0, people.n, *arguments)
        times["kernel"].append(clock.lap())
        plain = plain_choice.choice(*arguments[:2], ChoicePeople(*arguments[2]))
        times["numpy"].append(clock.lap())
    fast = (people.sessions, people.minutes, people.place)
    names = ("sessions", "minutes", "place")
    same = {name: float(np.mean(a == b)) for name, a, b in zip(names, fast, plain, strict=True)}
    off = np.abs(plain[1] - people.minutes) / np.maximum(people.minutes, 1e-9)
    compiled, plainly = min(times["kernel"]), min(times["numpy"])
    return ChoiceCompared(people.n / compiled, people.n / plainly, plainly / compiled, same, float(off.max()))


def reference(residents: int, weeks: int) -> ReferenceMeasured:
    """Run the plain Mesa model of the same rules, and the engine on the same town; say whether they agree."""
    from calibration.benchmark import county
    from model import Neighbourhood
    from model.reference.comparison import differences, twin

    place, sample = county.town_of(residents)
    one = Neighbourhood(place, sample=sample, parameters=_settings())
    plain = twin(one)
    for _ in range(WARM_UP_WEEKS + 1):
        plain.step()
    one.run(1)
    clock = Clock()
    for _ in range(weeks):
        plain.step()
    slow = clock.lap()
    one.run(weeks)
    fast = clock.lap()
    n = one.state.people.n
    return ReferenceMeasured(n, weeks, n * weeks / slow, n * weeks / fast, differences(one, plain) == [])


def start(residents: int = 10_000, weeks: int = 52) -> StartMeasured:
    """From import to the first result of a year of a town, with the whole warm-up."""
    clock = Clock()
    from numba.core import event

    with event.install_timer("numba:compile", lambda _: None) as compiling:
        import model

        seconds = {"import": clock.lap()}
        place = model.Place.load("erewash")
        from calibration.benchmark.county import adults

        share = min(1.0, residents / adults(place))
        one = model.Neighbourhood(place, sample=share)
        seconds["build"] = clock.lap()
        one.warm_up()
        seconds["warm_up"] = clock.lap()
        one.run(weeks)
        inactive = float(one.outcomes.share("inactive").iloc[0])
        seconds["run"] = clock.lap()
    compiled = compiling.duration if compiling.done else 0.0
    return StartMeasured(one.state.people.n, weeks, seconds, inactive, compiled)


def county_years(years: float, threads: int) -> CountyMeasured:
    """All shipped districts at once, everybody simulated, with the whole warm-up."""
    from calibration.benchmark import county
    from model import Neighbourhood
    from model.limits import MEAN_WEEKS_A_YEAR

    clock = Clock()
    place = county.whole_county()
    place_seconds = clock.lap()
    one = Neighbourhood(place, sample=1.0, threads=threads)
    build_seconds = clock.lap()
    one.warm_up()
    warm_up_seconds = clock.lap()
    weeks = round(years * MEAN_WEEKS_A_YEAR)
    one.run(weeks)
    run_seconds = clock.lap()
    record = one.record()
    n = one.state.people.n
    return CountyMeasured(
        people=place.residents, residents=n, weeks=weeks, threads=threads, place_seconds=place_seconds,
        build_seconds=build_seconds, warm_up_seconds=warm_up_seconds, warm_up_weeks=one.state.warm_up_weeks,
        run_seconds=run_seconds, rate=n * weeks / run_seconds, inactive=float(record.shares()[-1, 0, 0]),
        peak_bytes=system.memory_bytes()[1],
    )  # fmt: skip


def dropped(towns: int = 200, residents: int = 1000) -> DroppedMeasured:
    """Make, run and drop small towns one after the other; memory of the process along the way."""
    from calibration.benchmark import county
    from model import Neighbourhood

    place, sample = county.town_of(residents)
    parameters, readings = _settings(), []
    gc.disable()  # A town must go when it is dropped, not when Python next looks for circles.
    for number in range(towns):
        one = Neighbourhood(place, seed=number + 1, sample=sample, parameters=parameters, threads=2)
        one.run(2)
        twin = one.fork(_plans())
        twin.run(1)
        del one, twin
        readings.append(system.memory_bytes()[0])
    early = statistics.median(readings[towns // 4 : towns // 2])
    late = statistics.median(readings[-(towns // 4) :])
    return DroppedMeasured(towns, residents, early, late, (late - early) / (towns * 0.5))


PROBES: dict[str, Callable[..., Measurement]] = {
    TownMeasured.what: town, ReferenceMeasured.what: reference, StartMeasured.what: start,
    CountyMeasured.what: county_years, DroppedMeasured.what: dropped,
}  # fmt: skip


def main(text: str) -> None:
    """Run the one measurement that `text` (JSON) asks for."""
    asked = json.loads(text)
    print(json.dumps(PROBES[asked.pop("what")](**asked).as_dict()))


if __name__ == "__main__":
    main(sys.argv[1])
