"""The live view without a browser: the pair, its words and pictures, controls, files, links, what visitors may ask."""

from __future__ import annotations

import base64
import gc
import io
import json
import time
import weakref
import zlib
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from model.errors import InputError
from model.outcomes.summary import Key
from model.processes.founding import start_group
from model.state import State
from scenarios.files.schema import Scenario
from viz.live import course
from viz.live.acts import MESSAGES, Guest
from viz.live.builder import controls, sharing
from viz.live.maps import groups, maps, picks, scene
from viz.live.page import charts, downloads, frames, live_words, stories, tour
from viz.live.panels import TABS, cost
from viz.live.server.house import House, Limits, Opening
from viz.live.towns.live import Status, Worker
from viz.live.towns.towns import Pair, Setup, WarmRoom
from viz.live.view import ALLOWED, View

SHORT = {"warm_up_weeks": 12}
SAMPLE = 0.03


def quick(name: str = "walk_and_talk", **changes: object) -> Scenario:
    """A shipped scenario that starts at once in a town with a short past."""
    scenario = Scenario.load(name)
    given: dict[str, object] = {"parameters": SHORT, "years": None, "weeks": 30}
    if scenario.interventions:
        given |= {"interventions.0.when.start_week": 2, "interventions.0.when.ramp_weeks": 0}
    return scenario.changed(given | changes)


@pytest.fixture(scope="module")
def room() -> WarmRoom:
    return WarmRoom(threads=1)


@pytest.fixture(scope="module")
def pair(room: WarmRoom) -> Pair:
    setup = Setup(quick(), "erewash", SAMPLE)
    made = Pair(room.town(setup), setup, Scenario.load("baseline"))
    for _ in range(20):
        made.step()
    for town in made.towns:
        _gather(town.state)
    return made


def _gather(state: State) -> None:
    """Begin three groups of five, two of them at one place: by themselves so few people seldom begin any."""
    people = state.people
    for place in (0, 0, 1):
        rows = np.flatnonzero(people.group < 0)[:5]
        number = start_group(state, int(rows[0]), 0, place, "residents")
        people.group[rows] = number
        state.groups.tell(state.clock, "founded", number, len(rows))


@pytest.fixture(scope="module")
def land(pair: Pair) -> maps.Ground:
    return maps.ground(pair.plan.state, "zones")


def wait_for(what, seconds: float = 20.0) -> None:
    """Wait until `what()` holds."""
    end = time.time() + seconds
    while not what():
        assert time.time() < end, "waited too long"
        time.sleep(0.02)


# The pair and its figures


def test_both_arms_share_past_and_luck(room):
    setup = Setup(quick("none"), "erewash", SAMPLE)
    pair = Pair(room.town(setup), setup, Scenario.load("baseline"))
    for _ in range(6):
        pair.step()
    assert np.array_equal(pair.histories[0].of("shares"), pair.histories[1].of("shares"), equal_nan=True)
    assert "no difference" in course.text(live_words.headline(pair))


def test_the_warm_town_is_forked_and_never_stepped(room, pair):
    town = room.town(pair.setup)
    assert town is room.town(pair.setup)
    assert town.week == 0


def test_figures_equal_those_of_compare_for_the_same_seed(room, tmp_path):
    from scenarios import compare

    scenario = quick(weeks=10)
    setup = Setup(scenario, "erewash", SAMPLE, seed=7)
    pair = Pair(room.town(setup), setup, Scenario.load("baseline"))
    for _ in range(10):
        pair.step()
    told = live_words.figures(pair)
    frame = compare([scenario], replicates=1, place="erewash", sample=SAMPLE, seed=7, jobs=1).frame
    rows = frame[
        (frame["horizon_weeks"] == 10)
        & frame["outcome"].isin(["inactive", "minutes_mean", "sii", "joined", "reach"])
    ]
    assert len(rows) > 40
    for row in rows.itertuples():
        key = Key(row.outcome, row.group, row.level)
        assert told.today.get(key, 0.0) == pytest.approx(row.baseline_value, rel=1e-9, nan_ok=True), key
        assert told.plan.get(key, 0.0) == pytest.approx(row.scenario_value, rel=1e-9, nan_ok=True), key


def test_the_headline_tells_people_so_far_and_that_one_run_is_one_run(pair):
    today, plan = live_words.share_now(pair)
    adults = float(pair.histories[0].people(pair.today.state)[0])
    assert plan < today
    text = course.text(live_words.headline(pair))
    grain = adults / pair.plan.state.people.n
    near = round((today - plan) * adults / grain)
    assert near > 0 and text.startswith("So far, about ") and text.endswith(" fewer inactive.")
    assert "One run" in live_words.second_line(pair)


def test_history_grows_past_its_first_size(room):
    setup = Setup(quick("baseline", weeks=80), "erewash", 0.005)
    pair = Pair(room.town(setup), setup, Scenario.load("baseline"))
    for _ in range(70):
        pair.step()
    assert pair.histories[0].of("shares").shape[0] == 70
    assert np.all(pair.histories[0].of("minutes")[:, 0] > 0)


@pytest.mark.parametrize("before, after, closed, said", [
    (0.10, 0.08, 0.0, "narrower"), (0.10, 0.12, 0.0, "wider"), (1.5, 1.6, 1.0, "wider"), (0.9, 0.95, 1.0, "narrower"),
    (0.1, 0.1, 0.0, "unchanged"), (0.1, 0.10001, 0.0, "hardly changed"),
])  # fmt: skip
def test_gaps_turn(before, after, closed, said):
    assert live_words.turn(before, after, closed) == said


# Pictures


@pytest.mark.parametrize("unit", ["zones", "squares"])
@pytest.mark.parametrize("layer", maps.LAYERS)
def test_every_layer_makes_a_picture(pair, unit, layer):
    land = maps.ground(pair.plan.state, unit)
    values = maps.values(land, layer, pair.plan.state, pair.today.state)
    assert np.isfinite(values).any()
    address = maps.picture(land, maps.SCALES[layer].codes(values), maps.SCALES[layer])
    image = Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2])))
    assert image.size == land.raster.shape[::-1]
    assert image.convert("RGBA").getpixel((0, 0))[3] == 0


def test_squares_with_few_residents_are_hatched_and_show_nothing(pair):
    land = maps.ground(pair.plan.state, "squares")
    simulated = np.bincount(land.areas, minlength=land.count)
    few = (simulated > 0) & (simulated < maps.SMALLEST)
    assert few.any() and land.hatched().count("M") == few.sum()
    assert np.isnan(maps.values(land, "inactive", pair.plan.state, pair.today.state)[few]).all()
    assert not np.isin(np.flatnonzero(few), land.raster).any()


def test_a_map_shows_the_share_of_each_zone(pair, land):
    values = maps.values(land, "inactive", pair.plan.state, pair.today.state)
    shares = pair.plan.outcomes.share("inactive", by="zone").to_numpy()
    assert values[land.shown] == pytest.approx(shares[land.shown])


def test_north_is_up(pair, land):
    rows = np.arange(len(land.raster))[:, None] * np.ones(land.raster.shape[1])
    northing = pair.plan.state.place.zones["northing"].to_numpy(float)
    height = [rows[land.raster == zone].mean() for zone in range(land.count) if (land.raster == zone).any()]
    there = [zone for zone in range(land.count) if (land.raster == zone).any()]
    assert np.corrcoef(height, northing[there])[0, 1] < -0.9


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_is_plain_data(pair, land, tab):
    view = View(tab=tab, people="always", kind="community_centre")
    made = frames.frame(pair, Status(phase="ready"), view, land, None)
    json.dumps(made, allow_nan=False)
    assert made["panel"]["tab"] == tab and (made["panel"]["words"] or made["panel"]["tables"])
    for table in made["panel"]["tables"]:
        assert all(len(row) == len(table["head"]) for row in table["rows"])


def test_the_chart_of_money_ends_at_what_was_spent_in_thousands_of_pounds(pair):
    (line,) = cost.panel(pair, View(tab="cost"))["chart"]["series"]
    spent = pair.histories[1].of("flow.cost").sum()
    assert spent > 1000 and line["name"] == "Spent, £ thousand"
    assert line["data"][-1] == pytest.approx(spent / 1000, rel=0.01)


def test_chart_labels_of_near_lines_are_moved_apart():
    option = charts.over_weeks(np.array([25.0, 25.0]), np.array([24.99, 24.9]), 10, "in 100")
    lines = [one for one in option["series"] if one["type"] == "line"]
    assert lines[0]["endLabel"]["offset"] != lines[1]["endLabel"]["offset"]


def test_bands_of_a_batch_hold_its_mean():
    import pandas as pd

    from viz.live.towns.batch import _bands

    today = pd.DataFrame(np.array([[0.2, 0.3], [0.25, 0.35]]), index=[0, 1])
    made = _bands(today, today - 0.01, 100.0)
    assert made["weeks"] == [1, 2]
    assert made["change"][0] == pytest.approx([-1, -1]) and made["change"][1] == pytest.approx([-1, -1])
    assert (made["today"][0] < 25).all() and (made["today"][1] > 30).all()
    option = charts.over_weeks(np.array([25.0]), np.array([24.0]), 2, "in 100", ribbons=made)
    below, wide = (one["data"] for one in option["series"] if one.get("stack") == "band change")
    assert below[1:] == [-1, -1] and wide[1:] == pytest.approx([0, 0])
    assert _bands(today[:0], today, 1.0) == {}


# Clicks and stories


def test_a_click_finds_the_zone_or_the_place_under_it(pair, land):
    zones = pair.plan.state.place.zones
    view = View(kind="")
    for zone in (0, 10, 40):
        x, y = (
            float(zones[name].iloc[zone]) - o
            for name, o in zip(("easting", "northing"), land.place.origin_m, strict=True)
        )
        assert picks.at(pair, land, view, x, y, 50) == f"area:{zone}"
    assets = pair.plan.state.assets
    asset = int(np.flatnonzero(assets.kind == 4)[0])
    found = picks.at(
        pair, land, View(kind="community_centre"), float(assets.x_m[asset]), float(assets.y_m[asset]), 20
    )
    assert found == f"asset:{asset}"
    assert picks.at(pair, land, view, 0.0, 0.0, 50) == ""


@pytest.mark.parametrize("pick", ["area:3", "asset:3"])
def test_a_pick_has_a_story(pair, land, pick):
    told = picks.story(pair, land, pick)
    assert told and told["title"] and len(told["lines"]) >= 2


@pytest.mark.parametrize(
    "pick",
    [
        "group:plan:99999",
        "group:both:0",
        "group:plan",
        "area:999999",
        "asset:-1",
        "asset:99999999",
        "",
        "zone",
        "area:x",
    ],
)
def test_a_pick_of_nothing_has_none(pair, land, pick):
    assert picks.story(pair, land, pick) is None


def test_people_like_me_have_what_was_asked(pair):
    people, rows = pair.plan.state.people, pair.histories[1].rows
    spot, _ = stories.find(pair, View(like_age="65-74", like_disability="limited_a_little"))
    assert people.age_band[rows[spot]] == 3 and people.disability[rows[spot]] == 1
    other, _ = stories.find(pair, View(like_age="65-74", other=1))
    first, _ = stories.find(pair, View(like_age="65-74"))
    assert other != first and people.age_band[rows[other]] == 3


def test_a_story_tells_who_joined(pair):
    member = pair.histories[1].of("member")
    joined = np.flatnonzero((member == 2).any(axis=0))
    assert len(joined)
    told = stories.story(pair, int(joined[0]))
    assert any("Joins Walk and talk" in event["text"] for event in told["events"])
    assert any("differs from the same life" in event["text"] for event in told["events"])


def test_levels_are_told_only_when_they_last():
    level = np.array([0, 0, 2, 0, 0, 2, 2, 2, 2, 2], np.uint8)
    assert [week for week, _ in stories._levels(level)] == [0, 5]


def test_dots_lie_all_over_the_place(pair, land):
    made = scene.scene(pair, land)
    zones = pair.plan.state.people.zone[pair.histories[1].rows[scene.drawn(pair)]]
    assert len(made["homes"]["x"]) == scene.DOTS and len(np.unique(zones)) > 50


# Groups on the maps


def test_every_group_alive_has_a_mark_and_is_listed(pair):
    for town in pair.towns:
        state = town.state
        alive = set(np.flatnonzero(state.groups.alive).tolist())
        own = [mark for mark in groups.marks(state) if mark[0]]
        assert alive and {mark[2] for mark in own} == alive == {number for number, _ in groups.listed(state)}
        assert {mark[1] for mark in own} == set(state.groups.place[state.groups.alive].tolist())
    sites = [mark for mark in groups.marks(pair.plan.state) if not mark[0]]
    programme = pair.plan.state.programmes[0]
    with_members = np.unique(programme.site[programme.status == groups.MEMBER])
    assert sorted(mark[1] for mark in sites) == sorted(programme.site_asset[with_members].tolist())
    assert not [mark for mark in groups.marks(pair.today.state) if not mark[0]]


def test_marks_of_one_place_lie_apart_and_grow_with_members(pair):
    state = pair.plan.fork().state
    number, people = int(np.flatnonzero(state.groups.alive)[0]), state.people
    outside = np.flatnonzero(people.group < 0)
    before = next(mark for mark in groups.marks(state) if mark[0] and mark[2] == number)
    people.group[outside[:20]] = number
    state.groups.place[state.groups.alive] = before[1]
    state.groups.energy[number] = 0.25
    after = {mark[2]: mark for mark in groups.marks(state) if mark[0]}
    assert after[number][5] > before[5] and after[number][6] == 25
    spots = {(mark[3], mark[4]) for mark in after.values()}
    assert len(spots) == len(after)


def test_a_click_on_a_mark_is_its_group_on_that_side(pair, land):
    assets, pixel = pair.plan.state.assets, 5.0
    for side, town in zip(groups.SIDES, pair.towns, strict=True):
        _, place, number, across, down, _, _ = next(m for m in groups.marks(town.state) if m[0])
        x, y = float(assets.x_m[place]) + across * pixel, float(assets.y_m[place]) - down * pixel
        assert picks.at(pair, land, View(), x, y, picks.NEAR * pixel, side) == f"group:{side}:{number}"
        assert not picks.at(pair, land, View(groups=False), x, y, picks.NEAR * pixel, side).startswith(
            "group"
        )


@pytest.mark.parametrize("origin, said", [
    (0, "with people close to them"), (1, "was full"), (2, "programme they met in ended"), (3, "an event"),
])  # fmt: skip
def test_a_group_tells_who_started_it_and_how_it_is(pair, land, origin, said):
    state, number = pair.plan.state, int(np.flatnonzero(pair.plan.state.groups.alive)[-1])
    kept = int(state.groups.origin[number])
    try:
        state.groups.origin[number] = origin
        told = picks.story(pair, land, f"group:plan:{number}")
    finally:
        state.groups.origin[number] = kept
    assert told and said in told["lines"][0]
    members = int((state.people.group == number).sum())
    assert f"{members} members" in told["lines"][1] and len(told["homes"]) == members
    assert "Energy" in told["lines"][2]


def test_an_ended_group_tells_when(pair, land):
    town = pair.plan.fork()
    other = SimpleNamespace(towns=(pair.today, town), setup=pair.setup, histories=pair.histories, plan=town)
    number = int(np.flatnonzero(town.state.groups.alive)[0])
    town.state.groups.ended[number] = town.state.clock
    town.state.groups.tell(town.state.clock, "ended", number, 3)
    told = groups.story(other, "plan", number)
    assert "It ended in week" in told["lines"][1] and "ended with 3 left" in told["events"][-1]
    assert number not in [n for n, _ in groups.listed(town.state)]


# Controls


def test_every_type_has_controls_with_value_unit_and_help():
    for kind, fields in controls.specification().items():
        keys = {one["key"] for one in fields}
        assert {"when.start_week", "where.imd_quintile", "who.age.min"} <= keys, kind
        assert "need" in keys or kind == "barrier"
        assert all(one["help"] and one["label"] for one in fields)
    groups = next(one for one in controls.specification()["walking_scheme"] if one["key"] == "groups")
    assert (groups["low"], groups["high"], groups["default"], groups["unit"]) == (1, 500, 10, "")
    assert groups["source"]


def test_a_control_changes_the_scenario_and_the_cost_follows_its_size():
    before = Scenario.load("walk_and_talk")
    after, remark = controls.with_value(before, "interventions.0.groups", 80)
    assert after.interventions[0].groups == 80
    assert "cost" in remark and after.planned_cost > 1.9 * before.planned_cost
    none, _ = controls.with_value(before, "interventions.0.who.level", [])
    assert none.interventions[0].who.level is None


@pytest.mark.parametrize("path, value", [
    ("interventions.0.groups", 10**9), ("interventions.0.groups", "many"), ("interventions.0.groups", float("nan")),
    ("interventions.9.groups", 3), ("interventions.0.evidence", []), ("place", "derby"),
    ("", 1), ("interventions.0.__class__", 1), ("interventions.0.need", "everyone"),
    ("interventions.0.who.level", ["lazy"]),
    ("interventions.0.groups", {"a": 1}), ("interventions.0.groups", True),
])  # fmt: skip
def test_wrong_values_of_controls_are_refused(path, value):
    with pytest.raises(InputError):
        controls.with_value(Scenario.load("walk_and_talk"), path, value)


def test_actions_are_added_and_taken_out():
    one = controls.added(Scenario.load("baseline"), "asset_investment")
    assert [x.type for x in one.interventions] == ["asset_investment"]
    assert controls.removed(one, 0).interventions == ()
    with pytest.raises(InputError):
        controls.added(one, "magic")


# Files and links


@pytest.mark.parametrize(
    "name", ["walk_and_talk", "social_prescribing", "better_park", "together", "fair_share", "baseline"]
)
def test_a_saved_file_and_a_link_give_the_same_scenario(name):
    scenario = Scenario.load(name)
    assert sharing.from_text(sharing.to_text(scenario)).digest == scenario.digest
    data = sharing.from_link(sharing.to_link(scenario, "derby", 0.2, 3))
    assert data["scenario"].digest == scenario.digest
    assert (data["place"], data["sample"], data["seed"]) == ("derby", 0.2, 3)


def packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(raw, 9)).decode().rstrip("=")


@pytest.mark.parametrize("token", [
    "", "x", "!!!", None, 5, "A" * 9000, packed(b"[]"), packed(b"{"), packed(b"0" * 10**6), packed(b'{"scenario": 5}'),
    packed(b'{"scenario": {}, "more": 1}'), packed(b"[" * 50_000),
])  # fmt: skip
def test_damaged_links_are_refused(token):
    with pytest.raises(InputError):
        sharing.from_link(token)


def test_a_link_is_checked_as_a_file_is():
    with pytest.raises(InputError, match="groups"):
        sharing.from_link(
            packed(
                json.dumps(
                    {
                        "scenario": {
                            "name": "x",
                            "interventions": [{"type": "walking_scheme", "groups": 10**9}],
                        }
                    }
                ).encode()
            )
        )


@pytest.mark.parametrize(
    "text", [None, 5, "x" * 300_000, "a: &x 1\nb: *x", "- 1", "name: [", "!!python/object:os.system {}"]
)
def test_wrong_files_are_refused(text):
    with pytest.raises(InputError):
        sharing.from_text(text)


def test_downloads_are_whole(pair, land):
    for kind in downloads.OF_PAIR:
        made = downloads.of_pair(kind, pair, land, View())
        raw = base64.b64decode(made["data"])
        if kind == "png":
            assert Image.open(io.BytesIO(raw)).size[0] == 1600
        else:
            lines = raw.decode().splitlines()
            assert lines[0].split(",")[:3] == ["week", "date", "group"] and len(lines) > 1000
    with pytest.raises(InputError, match="batch"):
        downloads.of_files("report", pair.setup, None)


# The worker and the visit


def test_the_newest_request_wins(room):
    told: list[tuple[str, str | None]] = []
    worker = Worker(
        room,
        Scenario.load("baseline"),
        lambda pair, status: told.append((status.phase, pair and pair.setup.scenario.name)),
    )
    worker.start()
    for name in ("better_park", "together", "walk_and_talk"):
        worker.open(Setup(quick(name), "erewash", 0.01), play=False)
    wait_for(lambda: ("ready", "Walk and talk") in told)
    time.sleep(0.2)
    assert told[-1] == ("ready", "Walk and talk")
    worker.close()
    worker.join(5)
    assert worker._thread is not None and not worker._thread.is_alive()


def test_play_pause_step_and_end(room):
    weeks: list[int] = []
    worker = Worker(
        room, Scenario.load("baseline"), lambda pair, status: weeks.append(pair.week if pair else 0)
    )
    worker.start()
    worker.open(Setup(quick(weeks=6), "erewash", 0.01), play=False)
    wait_for(lambda: weeks and weeks[-1] == 1)
    worker.step(2)
    wait_for(lambda: weeks[-1] == 3)
    time.sleep(0.2)
    assert weeks[-1] == 3
    worker.speed("fast")
    worker.play()
    wait_for(lambda: worker.status.phase == "ended")
    assert weeks[-1] == 6 and not worker.status.playing
    worker.close()


@pytest.fixture
def visit(room):
    house = House(Opening(sample=0.01, residents=1000), Limits(residents=5000))
    house.room, house.first = room, quick()
    kept: dict[str, list] = {"page": [], "frame": [], "scene": []}
    made = Guest(house, kept["page"].append, kept["frame"].append, kept["scene"].append)
    made.start()
    yield made, kept
    made.close()


def shown(kept: dict[str, list]) -> bool:
    return bool(kept["frame"]) and bool(kept["frame"][-1].get("maps"))


def test_a_visit_plays_and_follows_what_is_asked(visit):
    one, kept = visit
    one.act({"act": "hello", "reduced": True})
    wait_for(lambda: shown(kept))
    one.act({"act": "look", "name": "tab", "value": "benefits"})
    wait_for(lambda: kept["frame"][-1]["panel"]["tab"] == "benefits")
    one.act({"act": "set", "path": "interventions.0.groups", "value": 12})
    assert one.page.setup.scenario.interventions[0].groups == 12 and one.page.preset == ""
    one.act({"act": "place", "name": "broxtowe"})
    assert one.page.place == one.page.setup.scenario.place == "broxtowe"
    wait_for(lambda: shown(kept) and kept["scene"][-1]["title"] == "Broxtowe")


def test_every_new_town_brings_its_own_scene(visit):
    """One pair may lie in memory where the last one lay; its map is another all the same."""
    one, kept = visit
    one.act({"act": "hello", "reduced": True})
    wait_for(lambda: shown(kept))
    one.worker.close()
    one.worker.join(5)
    pair, many = one._pair, len(kept["scene"])
    one._publish(pair, Status(phase="ready"))
    assert len(kept["scene"]) == many
    one._publish(None, Status(phase="warming"))
    one._publish(pair, Status(phase="ready"))
    assert len(kept["scene"]) == many + 1


def test_reduced_motion_starts_paused(visit):
    one, kept = visit
    one.act({"act": "hello", "reduced": True})
    wait_for(lambda: shown(kept))
    time.sleep(0.3)
    assert not kept["frame"][-1]["playing"]


WRONG: tuple[Any, ...] = (
    None,
    5,
    [],
    "play",
    {},
    {"act": None},
    {"act": []},
    {"act": "__init__"},
    {"act": "look", "name": "tab", "value": "shell"},
    {"act": "look", "name": "__class__", "value": 1},
    {"act": "look", "name": ["tab"], "value": "cost"},
    {"act": "step", "weeks": 1000000000},
    {"act": "step", "weeks": "1"},
    {"act": "speed", "speed": "light"},
    {"act": "preset", "name": "../../etc/passwd"},
    {"act": "place", "name": "/etc"},
    {"act": "run", "name": "sample", "value": 1000000000},
    {"act": "run", "name": "sample", "value": True},
    {"act": "run", "name": "seed", "value": -1},
    {"act": "run", "name": "weeks", "value": 1e308},
    {"act": "run", "name": "definition", "value": 3},
    {"act": "load", "text": "place: /etc/passwd\nname: x\nschema_version: 1\ninterventions: 5"},
    {"act": "load", "text": "x" * 400_000},
    {"act": "pick", "x": "a", "y": 1, "near": 1},
    {"act": "pick", "x": 1e99, "y": 1, "near": 1},
    {"act": "pick", "area": -4},
    {"act": "pick", "group": 1},
    {"act": "pick", "group": "1", "side": "plan"},
    {"act": "pick", "x": 1, "y": 1, "near": 1, "side": "left"},
    {"act": "set", "path": "interventions.0.groups", "value": 1000000000},
    {"act": "set", "path": 5, "value": 1},
    {"act": "set"},
    {"act": "batch", "replicates": 1000000},
    {"act": "batch", "replicates": None},
    {"act": "download", "kind": "../../etc/passwd"},
    {"act": "follow", "resident": "x"},
    {"act": "add", "type": {"a": 1}},
    {"act": "remove", "number": -1},
    {"act": "remove"},
    {"act": "look", "name": "other", "value": 1000000000000},
    {"act": "look", "name": "question", "value": 77},
    {"act": "barrier", "name": "gravity", "on": True},
    {"act": "barrier", "name": ["x"], "on": True},
    {"act": "barrier", "number": -1},
    {"act": "barrier", "number": 1e9},
    {"act": "rename", "name": ""},
    {"act": "rename", "name": {"x": 1}},
    {"act": "rename", "name": "x" * 200_000},
    {"act": "goto", "week": 0},
    {"act": "goto", "link": "%%%", "week": 3},
    {"act": "goto", "link": ["x"]},
    {"act": "open", "link": "abc"},
    {"act": "against", "link": 5},
)
"""What no page of ours sends."""


@pytest.mark.parametrize("message", WRONG, ids=range(len(WRONG)))
def test_wrong_messages_change_nothing_and_are_answered(visit, message):
    one, _ = visit
    before = one.page
    one.act(message)
    assert replace(one.page, wrong={}) == before
    ((spot, said),) = one.page.wrong.items()
    assert spot and said and all(len(line) < 400 for line in said)


def test_too_many_residents_are_refused(visit):
    one, _ = visit
    one.act({"act": "run", "name": "sample", "value": 1.0})
    assert "too many residents" in one.page.wrong["run.sample"][0] and one.page.setup.sample == 0.01


def test_two_visits_share_nothing(room):
    house = House(Opening(sample=0.01), Limits())
    house.room, house.first = room, quick()
    kept = [{"page": [], "frame": [], "scene": []} for _ in range(2)]
    visits = [Guest(house, k["page"].append, k["frame"].append, k["scene"].append) for k in kept]
    for one in visits:
        one.start()
        one.act({"act": "hello", "reduced": True})
    visits[0].act({"act": "preset", "name": "better_park"})
    visits[1].act({"act": "run", "name": "seed", "value": 9})
    for k in kept:
        wait_for(lambda k=k: shown(k))
    wait_for(lambda: kept[0]["frame"][-1].get("plan_name") == "A better park")
    assert visits[1].page.setup.scenario.name == "Walk and talk"
    assert (visits[0].page.setup.seed, visits[1].page.setup.seed) == (1, 9)
    for one in visits:
        one.close()


def test_a_visit_that_ends_leaves_nothing_behind(room):
    house = House(Opening(sample=0.01), Limits())
    house.room, house.first = room, quick()
    left: list[Any] = []
    for _ in range(3):
        frames_of: list[dict] = []
        one = Guest(house, lambda page: None, frames_of.append, lambda scene: None)
        one.start()
        one.act({"act": "hello", "reduced": True})
        wait_for(lambda frames_of=frames_of: bool(frames_of) and bool(frames_of[-1].get("maps")))
        left += [weakref.ref(one), weakref.ref(one._pair), weakref.ref(one._pair.plan), one.worker._thread]
        one.close()
        one.worker.join(5)
        del one
    gc.collect()
    assert [thing for thing in left if isinstance(thing, weakref.ref) and thing() is not None] == []
    assert not any(thing.is_alive() for thing in left if not isinstance(thing, weakref.ref))


def test_every_act_and_choice_is_known():
    assert set(MESSAGES) >= {"hello", "play", "step", "restart", "set", "load", "batch", "download", "pick"}
    for name, values in ALLOWED.items():
        assert getattr(View(), name) in values
    for question in tour.QUESTIONS:
        for name, value in question["view"].items():
            assert View().changed(name, value)


def test_controls_speak_plainly():
    """No key of a scenario file, no pounds as GBP, no unit that the label already says."""
    from viz.live.builder.builder_words import unit_beside

    told = [one for fields in controls.specification().values() for one in fields]
    for one in told:
        assert "_" not in one["label"] and "GBP" not in one["unit"] and "/" not in one["unit"], one["key"]
        assert all("_" not in words for _, words in one.get("choices", [])), one["key"]
    action = next(one for one in controls.specification()["asset_investment"] if one["key"] == "action")
    assert dict(action["choices"])["step_free"] == "Made easy to use for everyone"
    assert unit_beside("Grants in a year", "grants/year") == ""
    assert unit_beside("Cost of it", "GBP/week") == "£ a week"
