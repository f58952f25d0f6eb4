"""The bench: its contract and that it measures what it says; tiny sizes, and nothing about time."""

from __future__ import annotations

import ast
import functools
import gc
import inspect
import json
import weakref
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import run
from calibration.benchmark import counts, county, machine, page, words
from calibration.benchmark.bench import BenchDesign, exponents, judge, probe
from calibration.benchmark.measurement import CountyMeasured, DroppedMeasured, ReferenceMeasured, TownMeasured
from calibration.benchmark.probe import compare_choice
from calibration.benchmark.result import BenchResult, Lap, Starts
from model import Neighbourhood
from model.interventions import WalkingScheme
from model.machine import system
from model.place.place import Place
from model.population.columns import RESIDENT
from model.schedule import WEEK

ROOT = Path(__file__).parents[2]
CONTRACT = {"residents", "weeks", "threads", "build_seconds", "resident_weeks_per_second",
            "reference_resident_weeks_per_second", "ratio", "bytes_per_resident"}  # fmt: skip


@pytest.fixture(scope="module")
def told():
    """What a tiny bench says, with compiled code that is there already."""
    from calibration.benchmark import bench, probe

    def here(kind, asked):
        """Measure in this process: its answers go through JSON all the same."""
        return kind.from_dict(json.loads(json.dumps(probe.PROBES[kind.what](**asked).as_dict())))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bench, "_starts", _no_starts)
        patch.setattr(bench, "probe", here)
        patch.setattr(machine, "rates", functools.partial(machine.rates, size=1 << 16, repeats=1))
        done = CliRunner().invoke(run.app, ["bench", "--residents", "300", "--weeks", "1", "--json"])
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def result(told) -> BenchResult:
    """The same, read back."""
    return BenchResult.from_dict(told)


def _no_starts(residents: int, weeks: int) -> Starts:
    """Cold starts compile everything; their shape is enough here."""
    seconds = dict.fromkeys(("import", "build", "warm_up", "run"), 0.25)
    lap = Lap(residents, weeks, seconds, inactive=0.3, compile_seconds=0.0, whole_seconds=1.0)
    return Starts(lap, lap, 0.1)


KEYS = {
    (): "residents weeks threads build_seconds resident_weeks_per_second reference_resident_weeks_per_second ratio "
    "bytes_per_resident one_core_resident_weeks_per_second full machine main with_plans reference growth exponents ties "
    "start county dropped asked seconds written",
    ("machine",): "processor cores system python numpy numba",
    (
        "main",
    ): "residents weeks place_seconds build_seconds ties_a_resident plans bytes_of_columns bytes_of_ties "
    "bytes_beside rates acts processor_share peak_bytes numpy_choice week roofline",
    ("main", "numpy_choice"): "kernel_rate numpy_rate ratio share_equal largest_relative_difference",
    ("main", "week", 0): "act bytes draws lookups",
    (
        "main",
        "roofline",
        "1",
    ): "bytes_a_week work_a_week by_memory by_arithmetic ceiling without_overlap machine",
    (
        "with_plans",
    ): "residents weeks place_seconds build_seconds ties_a_resident plans bytes_of_columns bytes_of_ties "
    "bytes_beside rates acts processor_share peak_bytes",
    ("reference",): "residents weeks rate engine_rate equal",
    ("start",): "cold warm help_seconds",
    ("start", "cold"): "residents weeks seconds inactive compile_seconds whole_seconds",
    ("asked", 0): "what found low high unit holds",
}


@pytest.mark.parametrize("path", KEYS, ids=str)
def test_json_names_all_it_holds_in_a_settled_order(told, path):
    at = functools.reduce(lambda part, step: part[step], path, told)
    assert list(at) == KEYS[path].split()


def test_a_bench_comes_back_from_its_json_whole(told, result):
    again = {**result.as_dict(), "written": []}
    assert json.dumps(again) == json.dumps(told), "keys, their order, and every number"


COUNTY = CountyMeasured(people=2_000_000, residents=1_600_000, weeks=522, threads=2, place_seconds=3.0, build_seconds=12.0,
                        warm_up_seconds=20.0, warm_up_weeks=104, run_seconds=100.0, rate=8e6, inactive=0.27,
                        peak_bytes=2_000_000_000)  # fmt: skip
DROPPED = DroppedMeasured(200, 1000, bytes_early=300_000_000, bytes_late=301_000_000, bytes_kept_a_town=1e4)


@pytest.mark.parametrize("full", [False, True])
def test_a_bench_tells_every_step_once_and_holds_what_a_full_one_adds(result, monkeypatch, full):
    """With measurements made before, so that nothing is measured."""
    from calibration.benchmark import bench

    made = {"town": result.main, "reference": result.reference, "county": COUNTY, "dropped": DROPPED}
    monkeypatch.setattr(bench, "_starts", lambda residents, weeks: result.start)
    monkeypatch.setattr(bench, "probe", lambda kind, asked: made[kind.what])
    told_of: list[tuple[int, int]] = []
    found = bench.bench(BenchDesign(300, 1, 2, full), lambda *at: told_of.append(at))
    steps = told_of[-1][1]
    assert told_of == [(number, steps) for number in [*range(steps - 1), steps]]
    assert (found.county, found.dropped) == ((COUNTY, DROPPED) if full else (None, None))
    asked = {row.what: row for row in found.asked}
    assert ("All 17 districts, ten years, all told" in asked) is full
    assert not full or (
        asked["All 17 districts, ten years, all told"].found,
        asked["Building them"].found,
    ) == (135, 15)
    assert ("county" in {sheet.name for sheet in words.sheets(found)}) is full
    assert BenchResult.from_dict(json.loads(json.dumps(found.as_dict()))) == found


def test_a_town_measured_without_more_says_what_it_lacks(result):
    with pytest.raises(ValueError, match="roofline"):
        _ = result.with_plans.roofs
    with pytest.raises(ValueError, match="numpy"):
        _ = result.with_plans.compared


def test_json_has_the_keys_of_the_contract(told):
    assert set(told) >= CONTRACT
    assert abs(told["residents"] - 300) < 40 and told["weeks"] == 1 and told["threads"] == 2
    assert told["resident_weeks_per_second"] > 0 and told["bytes_per_resident"] > 100
    assert told["ratio"] == pytest.approx(
        told["one_core_resident_weeks_per_second"] / told["reference_resident_weeks_per_second"]
    )


def test_the_reference_and_numpy_give_the_same_bits_in_the_run_that_times_them(told):
    assert told["reference"]["equal"] is True
    assert told["main"]["numpy_choice"]["share_equal"] == {"sessions": 1.0, "minutes": 1.0, "place": 1.0}


def test_twice_the_ties_are_measured(told):
    few, many = (town["ties_a_resident"] for town in told["ties"])
    assert 1.7 < many / few < 2.3
    assert told["ties"][1]["bytes_of_ties"] > told["ties"][0]["bytes_of_ties"]


def test_tables_and_figure_are_made_from_it(result, tmp_path):
    assert {sheet.name for sheet in words.sheets(result)} == {
        "asked", "speed", "growth", "ties", "start", "memory", "acts", "roofline"}  # fmt: skip
    (tmp_path / "performance.md").write_text(
        "<!-- measured: speed -->\nold\n<!-- end of measured -->\nafter\n"
    )
    written = page.write(result, tmp_path)
    text = written[0].read_text()
    assert "old" not in text and "plain Mesa reference" in text and text.endswith("after\n")
    assert "<svg" in written[1].read_text()[:400]


def test_the_page_has_a_mark_for_every_table(result):
    text = (ROOT / "docs" / "performance.md").read_text()
    for name in [*(sheet.name for sheet in words.sheets(result)), "conditions", "county"]:
        assert f"<!-- measured: {name} -->" in text


@pytest.mark.parametrize("option", ["--residents=5", "--weeks=0", "--threads=0", "--write=nowhere"])
def test_nonsense_is_refused_before_anything_is_measured(option):
    done = CliRunner().invoke(run.app, ["bench", option])
    assert done.exit_code == 2
    assert option[2:].split("=")[0] in done.stderr


def test_a_measurement_is_a_process_of_its_own(tmp_path):
    told = probe(TownMeasured, {"residents": 200, "weeks": 1, "threads": [1], "repeats": 1})
    assert abs(told.residents - 200) < 40
    assert told.rates["1"] > 0 and told.processor_share > 0
    assert set(told.acts["1"]) == {act.name for act in WEEK}


def test_a_failed_measurement_says_which():
    with pytest.raises(RuntimeError, match=r"'what': 'reference'.*no_such"):
        probe(ReferenceMeasured, {"no_such": 1})


def test_growth_is_a_power(result):
    towns = [
        replace(result.main, residents=n, rates={"1": n**-0.1, "2": 1e6}, build_seconds=1e-6 * n**1.5)
        for n in (1e3, 1e4, 1e5, 1e6)
    ]
    assert asdict(exponents(towns, "2")) == pytest.approx({"week": 1.0, "week_one_core": 1.1, "build": 1.5})
    assert exponents(towns[:2], "2") is None


def test_judging_can_fail(result):
    slow = replace(result, ratio=3.0)
    rows = {row.what: row.holds for row in judge(slow)}
    assert rows["Times the reference's speed, on one core"] is False
    assert len(judge(replace(result, ratio=None))) == len(judge(result)) - 1, (
        "without a reference there is no such row"
    )


@pytest.fixture(scope="module")
def pair() -> tuple[list[Place], Place]:
    places = [Place.load("erewash"), Place.load("derby"), Place.load("erewash")]
    return places, county.side_by_side(places)


def test_places_side_by_side_keep_all_that_they_had(pair):
    places, joined = pair
    assert joined.residents == sum(place.residents for place in places)
    assert len(joined.zones) == sum(len(place.zones) for place in places)
    assert joined.zones["code"].is_unique and len(joined.boundaries) == len(joined.zones)
    for name, layer in joined.layers.items():
        inside = joined.layers["zone"] >= 0
        parts = [place.layers[name][place.layers["zone"] >= 0] for place in places]
        if name == "zone":
            assert np.array_equal(np.bincount(layer[inside]),
                                  np.concatenate([np.bincount(part) for part in parts]))  # fmt: skip
        else:
            assert np.array_equal(np.sort(layer[inside]), np.sort(np.concatenate(parts)))


def test_assets_and_zones_move_with_their_grid(pair):
    places, joined = pair
    cells = joined.assets["cell"].to_numpy()
    column, row = cells % joined.width, cells // joined.width
    assert np.array_equal(column, joined.assets["x_m"].to_numpy() // joined.cell_m)
    assert np.array_equal(row, joined.assets["y_m"].to_numpy() // joined.cell_m)
    at = 0
    for place in places:
        own = joined.assets.iloc[at : at + len(place.assets)]
        step = own[["x_m", "y_m"]].to_numpy() - place.assets[["x_m", "y_m"]].to_numpy()
        assert np.ptp(step, axis=0).max() < 1e-6, "one place moves as one"
        before = place.layers["zone"].ravel()[place.assets["cell"]]
        after = joined.layers["zone"].ravel()[own["cell"]]
        assert np.array_equal(before < 0, after < 0)
        assert np.ptp((after - before)[before >= 0]) == 0
        at += len(own)


def test_grids_do_not_overlap():
    sizes = [(5, 3), (4, 4), (9, 2), (3, 6), (2, 2)]
    corners, width, height = county._rows(sizes)
    ground = np.zeros((height, width), int)
    for (column, row), (wide, high) in zip(corners, sizes, strict=True):
        ground[row : row + high, column : column + wide] += 1
    assert ground.max() == 1 and ground.sum() == sum(wide * high for wide, high in sizes)


def test_places_with_other_cells_are_refused(erewash):
    with pytest.raises(ValueError, match="different sizes"):
        county.side_by_side([erewash, replace(erewash, cell_m=100.0)])
    assert county.side_by_side([erewash]) is erewash


def test_a_joined_town_runs(pair, quick):
    one = Neighbourhood(pair[1], sample=0.002, parameters=quick).run(2)
    per_district = one.outcomes.share("inactive", by="zone")
    assert len(per_district) == len(pair[1].zones)
    assert 0.05 < float(one.outcomes.share("inactive").iloc[0]) < 0.7


def test_there_are_seventeen_districts_of_two_million():
    names = county.districts()
    assert len(names) == 17 and names[0] == "erewash"
    place, sample = county.town_of(500)
    assert sample == pytest.approx(500 / county.adults(place))


HOLDERS = ("people", "ties", "turn")
"""Named tuples of columns, as kernels call them."""
NOT_COLUMNS = {"met", "used_by_ties", "everyone", "changed", "hours", "seen", "spur"}


def named_by(kernel) -> set[str]:
    """Columns of people and ties that a kernel reads or writes, itself or by those it hands them to."""
    plain = kernel.py_func
    found = set()
    for node in ast.walk(ast.parse(inspect.getsource(plain))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in HOLDERS:
            found.add(node.attr)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called = plain.__globals__.get(node.func.id)
            given = {one.id for one in node.args if isinstance(one, ast.Name)}
            if hasattr(called, "py_func") and given & set(HOLDERS):
                found |= named_by(called)
    return found


def test_every_column_that_a_kernel_names_is_counted(town):
    known = set(RESIDENT) | set(counts.sizes(town.state))
    for act in counts.acts(town.state):
        named = named_by(act.kernel) | (set(inspect.signature(act.kernel.py_func).parameters) & {"cells"})
        told_of = {*act.reads, *act.writes, *act.seldom}
        assert (named & known) - told_of == set(), act.name
        assert told_of - named == set(), act.name
        assert named - known - NOT_COLUMNS == set(), f"{act.name}: neither a column nor known not to be one"


def test_bytes_are_those_of_the_columns(town):
    size = counts.sizes(town.state)
    found = {act.name: act.bytes_moved(size) for act in counts.acts(town.state)}
    assert found["life"] == 4 + 1 + 1 + 2 * (1 + 4) + 1
    assert size["weight"] == 8 and size["strong"] == 4
    assert 300 < sum(found.values()) < 700


def test_the_roofline_is_the_lower_ceiling(town):
    slow_memory = {"bytes": 1e6, **dict.fromkeys(counts.WORK, 1e12)}
    roof = counts.roofline(town.state, slow_memory)
    assert roof.ceiling == roof.by_memory == pytest.approx(1e6 / roof.bytes_a_week)
    assert roof.without_overlap < roof.ceiling < roof.by_arithmetic


def test_the_machine_can_do_something():
    able = machine.rates(1, size=1 << 14, repeats=1)
    assert set(able) == {"bytes", *counts.WORK} and min(able.values()) > 1e4
    now, peak = system.memory_bytes()
    assert 1e7 < now <= peak


def test_numpy_alone_gives_the_kernel_s_answer_with_programmes_too(town):
    walking = town.fork([WalkingScheme(groups=60, invite_per_week=0.5)]).run(3)
    assert walking.state.people.group_sessions.max() > 0
    told = compare_choice(walking)
    assert told.share_equal == {"sessions": 1.0, "minutes": 1.0, "place": 1.0}


def test_the_comparison_of_choice_can_fail(town, monkeypatch):
    from calibration.benchmark import plain_choice

    monkeypatch.setattr(plain_choice, "exp", lambda x: np.exp(x) * (1 + 1e-3))
    assert compare_choice(town.fork()).share_equal["minutes"] < 0.9


def test_a_dropped_town_goes_at_once(erewash, quick):
    one = Neighbourhood(erewash, sample=0.005, parameters=quick, threads=2)
    one.step()
    twin = one.fork([WalkingScheme(groups=60)])
    twin.step()
    assert (one.steps, twin.steps) == (1, 2)
    kept = [weakref.ref(x) for x in (one, twin, one.state, twin.state, twin.state.people)]
    gc.disable()
    try:
        del one, twin
        assert [ref() for ref in kept] == [None] * 5
    finally:
        gc.enable()


@pytest.mark.slow
def test_no_memory_is_kept_of_towns_made_and_dropped():
    told = probe(DroppedMeasured, {"towns": 200, "residents": 1000})
    assert told.bytes_kept_a_town < 50_000, "a town of a thousand holds half a million bytes"
