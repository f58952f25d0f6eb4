"""Acts of the week of one's own: they run where they say, in any process, and enter the identity of runs."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from door import door

from model import Neighbourhood, schedule
from model.errors import InputError
from model.schedule import WEEK, Act
from scenarios import Scenario, compare
from scenarios.files import plugins
from scenarios.provenance import identity

RAIN = '''
"""A wet month: in weeks 4 to 7 nobody wants to go out."""
from model import rng
from model.schedule import Act


def rain(state):
    if 4 <= state.week < 8:
        state.people.motivation[:] -= 0.5


wet = Act("wet", "rain keeps people in", rain, after="persuasion")
'''
SMALL = {"replicates": 2, "sample": 0.01, "weeks": 10, "parameters": "fitted"}


def shove(state) -> None:
    """Something that everybody feels."""
    state.people.motivation[:] += 1.0


@pytest.fixture(autouse=True)
def clean():
    """None are left after a test."""
    yield
    for one in schedule.own():
        schedule.forget(one.name)


@pytest.fixture
def file(tmp_path):
    """A plugin that brings one."""
    path = tmp_path / "rain.py"
    path.write_text(RAIN, encoding="utf-8")
    return path


def names(added=("shove",)) -> list[str]:
    return [act.name for act in schedule.week(added)]


def test_it_stands_behind_the_act_that_it_follows():
    ours = [act.name for act in WEEK]
    schedule.register(Act("shove", "everybody is pushed", shove, after="choice"))
    schedule.register(Act("later", "later", shove, after="choice"))
    assert names(("shove", "later")) == [*ours[:4], "shove", "later", *ours[4:]]
    assert names(()) == ours and "5. shove: everybody is pushed" in schedule.describe()


def test_it_is_part_of_towns_built_from_then_on_and_of_their_forks_and_copies(tmp_path):
    before = Neighbourhood(seed=1, sample=0.01)
    schedule.register(Act("shove", "everybody is pushed", shove))
    after = Neighbourhood(seed=1, sample=0.01)
    plain, pushed = (town.fork().run(weeks=2).outcomes.share("inactive") for town in (before, after))
    assert pushed["all"] < plain["all"] - 0.02
    assert "shove" in after.fork().run(weeks=1).seconds and "shove" not in before.seconds
    after.save(tmp_path / "a.town")
    assert Neighbourhood.load(tmp_path / "a.town").state.acts == ("shove",)
    schedule.forget("shove")
    with pytest.raises(InputError, match=r"shove.*not registered"):
        Neighbourhood.load(tmp_path / "a.town").run(weeks=1)


def test_one_that_does_nothing_changes_nothing():
    plain = Neighbourhood(seed=1, sample=0.01).run(weeks=3)
    schedule.register(Act("idle", "nothing", lambda state: None))
    idle = Neighbourhood(seed=1, sample=0.01).run(weeks=3)
    assert np.array_equal(plain.record().counts, idle.record().counts)


@pytest.mark.parametrize(("act", "said"), [
    (Act("choice", "x", shove), "is an act of the project"),
    (Act("A b", "x", shove), "is no name"),
    (Act("shove", "", shove), "has no words"),
    (Act("shove", "x", shove, after="choise"), "Did you mean 'choice'"),
    (Act("shove", "x", 3), "needs a function"),  # type: ignore[arg-type]
])  # fmt: skip
def test_what_is_wrong_with_one_is_said(act, said):
    with pytest.raises(InputError, match=said):
        schedule.register(act)
    assert schedule.own() == ()


def test_a_plugin_file_brings_one_into_every_process_and_into_the_identity(file):
    walk = Scenario.load("walk_and_talk")
    without = compare([walk], jobs=1, **SMALL)
    plugins.confirm([file])
    one, two = compare([walk], jobs=1, **SMALL), compare([walk], jobs=2, **SMALL)
    pd.testing.assert_frame_equal(one.frame, two.frame)
    assert one.manifest["plan_digest"] == two.manifest["plan_digest"] != without.manifest["plan_digest"]
    assert one.manifest["acts"]["wet"]["file"] == str(file) and "acts" not in without.manifest
    schedule.forget("wet")
    (fault,) = plugins.missing(one.manifest, "here")
    assert fault.key == "acts" and str(file) in str(fault)
    schedule.register(Act("wet", "another rain", shove, after="persuasion"))
    assert compare([walk], jobs=1, **SMALL).manifest["plan_digest"] != one.manifest["plan_digest"]


def test_the_command_line_takes_it_and_the_report_says_so(file, tmp_path):
    words = [
        "compare",
        "walk_and_talk",
        "--replicates",
        "1",
        "--sample",
        "0.01",
        "--weeks",
        "5",
        "--jobs",
        "1",
    ]
    said = door(*words, "--plugin", str(file), "--out", str(tmp_path / "out"))
    assert said.exit_code == 0, said.stderr
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "rain keeps people in" in page and "rain.py" in page


def ruined(state) -> None:
    state.people.fitness[:] = np.nan


def failing(state) -> None:
    raise ValueError("no such luck")


def beyond(state) -> None:
    state.people.level[:] = 77


@pytest.mark.parametrize(("step", "said"), [
    (ruined, r"odd: .*spoilt residents in week .*fitness holds what is not a number"),
    (beyond, r"level holds values outside 0"),
    (failing, r"test_own_acts\.py:\d+: odd: .*failed in week -?\d+ .*ValueError: no such luck"),
    (lambda: None, r"failed in week .*TypeError"),
])  # fmt: skip
def test_one_that_fails_or_spoils_residents_ends_the_run_in_its_own_name(step, said):
    schedule.register(Act("odd", "something odd", step))
    with pytest.raises(InputError, match=said):
        Neighbourhood(seed=1, sample=0.01).run(weeks=1)
    with pytest.raises(InputError, match=said):
        compare([Scenario.load("walk_and_talk")], jobs=1, **SMALL)


def test_two_plugins_with_an_act_of_one_name_are_refused_and_so_is_one_with_two(file, tmp_path):
    plugins.confirm([file])
    other = tmp_path / "other.py"
    other.write_text(RAIN.replace("0.5", "0.7"), encoding="utf-8")
    with pytest.raises(
        InputError, match=r"other\.py.*another plugin brings one of that name \(found wet\).*rain\.py"
    ):
        plugins.confirm([other])
    file.write_text(RAIN.replace("0.5", "0.6"), encoding="utf-8")
    plugins.confirm([file])  # the same file again, as it stands now
    schedule.forget("wet")
    twice = tmp_path / "twice.py"
    twice.write_text(RAIN + '\nagain = Act("wet", "more rain", lambda state: None)\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"stands twice in a plugin \(found wet\)"):
        plugins.confirm([twice])


HARD = 0.5


def hard(state) -> None:
    state.people.motivation[:] -= HARD


def test_a_constant_that_an_act_reads_is_part_of_its_fingerprint(monkeypatch):
    schedule.register(Act("hard", "hard times", hard))
    before = identity.act_marks()
    assert identity.act_marks() == before
    monkeypatch.setattr(sys.modules[__name__], "HARD", 0.7)
    assert identity.act_marks() != before
