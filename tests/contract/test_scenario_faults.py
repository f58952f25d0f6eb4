"""Wrong scenario files: each is refused with its key, its line and a way out, by InputError alone."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.errors import Fault, InputError
from scenarios.files.library import check, new
from scenarios.files.reading import LIBRARY, find, library_names, read_yaml_text
from scenarios.files.schema import Scenario

HEAD = "schema_version: 1\nname: A test\n"
WALK = HEAD + "interventions:\n  - type: walking_scheme\n"  # the next line is line 5
SIGNS = WALK.replace("walking_scheme", "signposting")
MOVEMENT = WALK.replace("walking_scheme", "movement_support")

# (what is wrong, the text, line, key, words that the message must hold)
WRONG = [
    ("unknown key", HEAD + "plcae: erewash\n", 3, "plcae", "Did you mean 'place'?"),
    ("no name", "years: 5\n", 1, "name", "is missing"),
    ("number for a name", "name: 12\n", 1, "name", "quotes: '12'"),
    ("empty name", "name: ''\n", 1, "name", "no text"),
    ("name of two lines", 'name: "a\\nb"\n', 1, "name", ""),
    ("name far too long", f"name: {'a' * 101}\n", 1, "name", "is too long"),
    ("future format", "schema_version: 2\nname: A\n", 1, "schema_version", "allowed: 1"),
    ("years as word", HEAD + "years: five\n", 3, "years", "a number from 0.02 to 30 years"),
    ("years negative", HEAD + "years: -5\n", 3, "years", "is out of range"),
    ("years too many", HEAD + "years: 31\n", 3, "years", "is out of range"),
    ("years without end", HEAD + "years: .inf\n", 3, "years", "finite"),
    ("years not a number", HEAD + "years: .nan\n", 3, "years", "finite"),
    ("years overflowing", HEAD + "years: 1e999\n", 3, "years", "finite"),
    ("years quoted", HEAD + "years: '5'\n", 3, "years", "Write 5"),
    ("both years and weeks", HEAD + "years: 5\nweeks: 52\n", 1, None, "leave one of them out"),
    ("weeks in part", HEAD + "weeks: 1.5\n", 3, "weeks", "a whole number from 1 to 1,560"),
    ("British date", HEAD + "start: 05/01/2026\n", 3, "start", "2026-01-05"),
    ("no such day", HEAD + "start: 2026-02-30\n", 3, "start", "no such date"),
    ("a time of day", HEAD + "start: 2026-01-05 10:00:00\n", 3, "start", "date alone"),
    ("a year for a date", HEAD + "start: 2026\n", 3, "start", "a date such as 2026-01-05"),
    ("long ago", HEAD + "start: 1066-10-14\n", 3, "start", "is out of range"),
    ("definition misspelt", HEAD + "definition: sport_englnd\n", 3, "definition", "Did you mean 'sport_england'?"),
    ("unknown parameter", HEAD + "parameters:\n  uptake_bsae: 0\n", 4, "parameters.uptake_bsae", "'uptake_base'"),
    ("parameter out of range", HEAD + "parameters: {uptake_base: 99}\n", 3, "parameters.uptake_base", "-5 to 1"),
    ("beyond its range", HEAD + "parameters: {uptake_base: 99}\n", 3, "parameters.uptake_base", "parameters_beyond: [uptake_base]"),
    ("beyond unknown", HEAD + "parameters_beyond: [uptake_bsae]\n", 3, "parameters_beyond.0", "'uptake_base'"),
    ("beyond a switch", HEAD + "parameters_beyond: [contagion]\n", 3, "parameters_beyond.0", "is a switch"),
    ("beyond as text", HEAD + "parameters_beyond: uptake_base\n", 3, "parameters_beyond", "[uptake_base]"),
    ("parameter as text", HEAD + "parameters: {uptake_base: lots}\n", 3, "parameters.uptake_base", "finite number"),
    ("parameters as list", HEAD + "parameters: [1]\n", 3, "parameters", "wrong kind"),
    ("one intervention, no list", HEAD + "interventions:\n  type: none\n", 3, "interventions",
     "a list, each with a type. Begin each with a dash"),
    ("intervention as word", HEAD + "interventions: [none]\n", 3, "interventions.0", "wrong kind"),
    ("no type", HEAD + "interventions:\n  - groups: 4\n", 4, "interventions.0.type", "is missing"),
    ("unknown type", HEAD + "interventions:\n  - type: walkign_scheme\n", 4, "interventions.0.type",
     "Did you mean 'walking_scheme'?"),
    ("unknown field", WALK + "    grops: 3\n", 5, "interventions.0.grops", "Did you mean 'groups'?"),
    ("field of another type", WALK + "    caseload: 3\n", 5, "interventions.0.caseload", "unknown key"),
    ("no groups", WALK + "    groups: 0\n", 5, "interventions.0.groups", "from 1 to 500"),
    ("half a group", WALK + "    groups: 2.5\n", 5, "interventions.0.groups", "a whole number"),
    ("groups as thousands", WALK + "    groups: 1e2\n", 5, "interventions.0.groups", "Write 100."),
    ("share as percent", WALK + "    invite_per_week: 5%\n", 5, "interventions.0.invite_per_week", "Write 0.05."),
    ("true for a number", WALK + "    groups: true\n", 5, "interventions.0.groups", "found true"),
    ("yes for a switch", WALK + "    similar_age: yes\n", 5, "interventions.0.similar_age", "Write true."),
    ("number in octal or not", WALK + "    groups: 012\n", 5, "interventions.0.groups", "Write 12."),
    ("number by sixties", WALK + "    groups: 12:30\n", 5, "interventions.0.groups", "quotes: '12:30'"),
    ("number with underscore", WALK + "    groups: 1_0\n", 5, "interventions.0.groups", "Write 10."),
    ("number in hexadecimal", WALK + "    groups: 0x10\n", 5, "interventions.0.groups", "ordinary digits"),
    ("number of a thousand digits", WALK + f"    groups: {'9' * 1000}\n", 5, "interventions.0.groups", "too long"),
    ("nothing", WALK + "    groups:\n", 5, "interventions.0.groups", "found nothing"),
    ("leaders misspelt", WALK + "    leaders: peers\n", 5, "interventions.0.leaders", "Did you mean 'peer'?"),
    ("a level that is not asked", MOVEMENT + "    who: {level: [inactive]}\n", 5, "interventions.0.who", "leave level out"),
    ("unknown level", WALK + "    who: {level: [lazy]}\n", 5, "interventions.0.who.level.0", "fairly_active"),
    ("a word for a list", WALK + "    who: {sex: female}\n", 5, "interventions.0.who.sex", "[female]"),
    ("nobody", WALK + "    who: {sex: []}\n", 5, "interventions.0.who.sex", "is empty"),
    ("ages upside down", WALK + "    who:\n      age: {min: 70, max: 60}\n", 6, "interventions.0.who.age", "above max"),
    ("a child", WALK + "    who: {age: {min: 5}}\n", 5, "interventions.0.who.age.min", "from 16 to 110 years"),
    ("a sixth fifth", WALK + "    where:\n      imd_quintile:\n        - 1\n        - 6\n", 8,
     "interventions.0.where.imd_quintile.1", "from 1 to 5"),
    ("a level in quotes", WALK + "    where: {imd_quintile: ['1']}\n", 5, "interventions.0.where.imd_quintile.0",
     "Write 1,"),
    ("unknown attribute", WALK + "    where: {imd: [1]}\n", 5, "interventions.0.where.imd", "imd_decile"),
    ("cost in pounds", WALK + "    cost: {setup: '£3,000'}\n", 5, "interventions.0.cost.setup", "Write 3000"),
    ("pounds and comma", WALK + "    cost: {setup: '£3,000'}\n", 5, "interventions.0.cost.setup",
     "Write 3000, without the pound sign and comma."),
    ("pounds and comma in braces", WALK + "    cost: {setup: £5,000, per_week: 3}\n", 5, "interventions.0.cost.setup",
     "Write 5000, without the pound sign and comma."),
    ("comma in braces", WALK + "    cost: {setup: 5,500}\n", 5, "interventions.0.cost.setup",
     "Write 5500, without the comma."),
    ("another word for a sex", WALK + "    who: {sex: [women]}\n", 5, "interventions.0.who.sex.0", "mean 'female'?"),
    ("another word and no list", WALK + "    who: {sex: men}\n", 5, "interventions.0.who.sex", "such as [male]"),
    ("a share in a list of three", SIGNS + "    online: [0.9, 2, 0.5]\n", 5, "interventions.0.online.1",
     "(found 2); allowed: a number from 0 to 1"),
    ("two of three shares", SIGNS + "    online: [0.9, 1]\n", 5, "interventions.0.online",
     "wrong number of values (found 2); allowed: a list of exactly 3, each a number from 0 to 1"),
    ("four of three shares", SIGNS + "    online: [0, 0, 0, 0]\n", 5, "interventions.0.online", "(found 4)"),
    ("one share for three", SIGNS + "    online: 0.9\n", 5, "interventions.0.online", "such as [0.98, 0.9, 0.6]"),
    ("too many interventions", HEAD + "interventions:\n" + "  - type: none\n" * 51, 3, "interventions",
     "is too long (found 51); allowed: at most 50"),
    ("cost below nothing", WALK + "    cost: {per_week: -1}\n", 5, "interventions.0.cost.per_week", "out of range"),
    ("ramp beyond the end", WALK + "    when: {weeks: 4, ramp_weeks: 9}\n", 5, "interventions.0.when", "longer than"),
    ("two lists of places", HEAD + "interventions:\n  - type: asset_investment\n    count: 2\n"
     "    at: [{easting: 446000, northing: 342000}]\n", 4, "interventions.0", "leave one out"),
    ("a place at sea", HEAD + "interventions:\n  - type: asset_investment\n    at: [{easting: -1, northing: 0}]\n", 5,
     "interventions.0.at.0.easting", "from 0 to 700,000"),
    ("unknown barrier", HEAD + "barriers:\n  - {quantity: disordr, change: -1}\n", 4, "barriers.0.quantity",
     "Did you mean 'disorder'?"),
    ("barrier without a change", HEAD + "barriers:\n  - quantity: price\n", 4, "barriers.0.change", "is missing"),
    ("barrier too large", HEAD + "barriers:\n  - quantity: disorder\n    change: -2\n", 5, "barriers.0.change",
     "from -1 to 1 for disorder (0-1)"),
    ("barrier far too large", HEAD + "barriers:\n  - {quantity: price, change: -101}\n", 4, "barriers.0.change",
     "from -100 to 100"),
    ("unknown key of a barrier", HEAD + "barriers:\n  - {quantity: price, change: -1, whom: {}}\n", 4,
     "barriers.0.whom", "'who'"),
    ("same key twice", HEAD + "years: 5\nyears: 6\n", 4, "years", "twice; first on line 3"),
    ("anchor", HEAD + "place: &p erewash\n", 3, "place", "anchors"),
    ("alias", HEAD + "place: *p\n", 3, "place", "aliases"),
    ("merge key", HEAD + "<<: {years: 5}\n", 3, "<<", "merge keys"),
    ("tag", HEAD + "place: !!str erewash\n", 3, "place", "tags"),
    ("tag that runs a command", HEAD + "place: !!python/object/apply:os.system ['touch pwned']\n", 3, "place", "tags"),
    ("empty key", HEAD + "'': 3\n", 3, "", "empty"),
    ("a list for a key", HEAD + "? [a]\n: 3\n", 3, None, "a key must be a word"),
    ("directive", "%YAML 1.1\n---\nname: A\n", 1, None, "directives"),
    ("two documents", HEAD + "---\nname: B\n", 3, None, "second document"),
    ("tab", "name: A\ninterventions:\n\t- type: none\n", 3, None, "Indent with spaces."),
    ("bracket left open", HEAD + "interventions: [\n", 4, None, "closes"),
    ("colon in text", HEAD + "description: a: b\n", 3, None, "quotes"),
    ("impossible escape", HEAD + 'description: "\\U99999999"\n', None, None, "escape"),
    ("half a character", HEAD + 'description: "\\ud800"\n', 3, "description", "cannot be shown"),
    ("terminal codes", HEAD + 'description: "\\e[31m"\n', 3, "description", "cannot be shown"),
    ("nested out of sight", "name: " + "[" * 5000 + "\n", 1, None, "too deeply"),
    ("too many values", HEAD + "interventions: [" + "1," * 25_000 + "]\n", 3, None, "too many values"),
    ("a list", "- name: A\n", 1, None, "must be a mapping"),
    ("a word", "hello\n", 1, None, "must be a mapping"),
    ("empty", "", None, None, "is empty"),
    ("notes only", "# nothing here\n", None, None, "is empty"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "key", "words"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG]
)
def test_wrong_file_is_refused_with_place_and_remedy(
    text: str, line: int | None, key: str | None, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_yaml_text(text, Scenario, "plan.yaml")
    faults = caught.value.faults
    assert all(fault.file == "plan.yaml" for fault in faults)
    hits = [fault for fault in faults if (fault.line, fault.key) == (line, key or None)]
    assert hits, f"no fault at line {line}, key {key}: {faults}"
    assert any(words in str(fault) for fault in hits), [str(fault) for fault in hits]
    json.dumps([fault.as_dict() for fault in faults])


def test_there_are_enough_wrong_files() -> None:
    assert len(WRONG) >= 40
    assert len({case[0] for case in WRONG}) == len(WRONG)


def test_every_fault_comes_at_once() -> None:
    text = (
        WALK
        + "    grops: 3\n    minutes: 5\n    who: {condition: yes}\nyears: lots\nparameters: {no_such_thing: 1}\n"
    )
    with pytest.raises(InputError) as caught:
        read_yaml_text(text, Scenario)
    assert [(fault.line, fault.key) for fault in caught.value.faults] == [
        (5, "interventions.0.grops"),
        (6, "interventions.0.minutes"),
        (7, "interventions.0.who.condition"),
        (8, "years"),
        (9, "parameters.no_such_thing"),
    ]


BYTES = [
    ("UTF-16", "name: A\n".encode("utf-16"), "UTF-16"),
    ("Windows", "name: Café\n".encode("cp1252"), "UTF-8"),
    ("picture", b"\x89PNG\r\n\x1a\n\x00\x00", "UTF-8"),
    ("zeros", b"name: A\x00\n", "not text"),
    ("too big", b"# " + b"x" * 300_000, "too big"),
]


@pytest.mark.parametrize(("data", "words"), [case[1:] for case in BYTES], ids=[case[0] for case in BYTES])
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "plan.yaml"
    path.write_bytes(data)
    with pytest.raises(InputError, match=words):
        Scenario.load(path)


def test_byte_order_mark_and_windows_lines_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_bytes(b"\xef\xbb\xbfname: Caf\xc3\xa9 \xf0\x9f\x9a\xb6\r\nyears: 1\r\n")
    assert Scenario.load(path).name == "Café 🚶"


def test_paths_that_are_no_file_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    for path, words in (
        (tmp_path, "folder"),
        (tmp_path / "pipe.yaml", "not an ordinary file"),
        (tmp_path / "gone.yaml", "no such file"),
        ("walk_and_tak", "Did you mean 'walk_and_talk'"),
        ("./walk_and_talk.yml", "Did you mean 'walk_and_talk'"),
        ("", "no scenario of this name"),
        ("a\0b", "no scenario of this name"),
        ("x" * 5000, "no scenario of this name"),
    ):
        with pytest.raises(InputError, match=words):
            Scenario.load(path)


def test_harmless_readings_stay_as_typed() -> None:
    scenario, lines = read_yaml_text(
        "name: '012'\ndescription: yes it is 12:30\nyears: 1e0\nstart: 2024-02-29\ninterventions:\n- type: none\n",
        Scenario,
    )
    assert (scenario.name, scenario.description, scenario.weeks) == ("012", "yes it is 12:30", 52)
    assert lines["years"] == 3 and lines["interventions.0.type"] == 6


def test_hostile_text_is_refused_quickly() -> None:
    bombs = [
        "a: &a [x,x]\n" + "".join(f"b{n}: &b{n} [*a,*a]\n" for n in range(50)),
        "{" * 100_000,
        "- " * 50_000,
        "? " * 50_000,
        HEAD + "parameters: {" + ",".join(f"uptake_bas{n}: 1" for n in range(400)) + "}",
        HEAD + "".join(f"nmae{n}: 1\n" for n in range(10_000)),
    ]
    for bomb in bombs:
        began = time.perf_counter()
        with pytest.raises(InputError):
            read_yaml_text(bomb, Scenario)
        assert time.perf_counter() - began < 5


WORDS = st.sampled_from(
    ["name", "years", "weeks", "start", "place", "interventions", "type", "walking_scheme", "none", "groups", "who", "age",
     "parameters", "12", "012", "1e3", ".nan", "yes", "~", "2026-01-05", "'x'", '"\\x00"', "&a", "*a", "<<", "!!int", "- ",
     ": ", ":\n  ", "\n", "\n  - ", "[", "]", "{", "}", ", ", "#", "|\n", ">-\n", "? ", "---\n", "...\n", "%", "\t", "é", "\u202e"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.lists(WORDS, max_size=25).map("".join), st.text(max_size=60)))
def test_fuzz_only_input_errors_come_out(text: str) -> None:
    try:
        scenario, _ = read_yaml_text(text, Scenario)
    except InputError as error:
        assert error.faults and all(
            isinstance(fault, Fault) and str(fault).isprintable() for fault in error.faults
        )
    else:
        assert Scenario.from_dict(scenario.as_dict()).digest == scenario.digest


VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just("walking_scheme")
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(library_names()), st.data())
def test_fuzz_any_change_of_a_good_scenario_is_valid_or_input_error(name: str, data: st.DataObject) -> None:
    scenario = Scenario.load(name)
    keys = ["years", "start", "place", "parameters", "interventions", "interventions.0", "interventions.0.who.age",
            "interventions.0.where", "interventions.0.when.weeks", "interventions.0.cost", "interventions.9.x", "x"]  # fmt: skip
    try:
        scenario.changed({data.draw(st.sampled_from(keys)): data.draw(VALUES)})
    except InputError as error:
        assert error.faults


def test_new_writes_whole_files_and_never_over_others(tmp_path: Path) -> None:
    path = new("my-plan_2", tmp_path)
    assert Scenario.load(path).name == "My plan 2" and check(path) == []
    assert os.listdir(tmp_path) == ["my-plan_2.yaml"]
    assert Scenario.load(new("other", tmp_path / "named.yml")).name == "Other"
    (tmp_path / "named.yml").unlink()
    with pytest.raises(InputError, match="already there"):
        new("my-plan_2", tmp_path)
    for name in ("", "../x", "A", "a b", "-a", "a" * 65, "a\n", "con.yaml"):
        with pytest.raises(InputError, match="cannot be a scenario's name"):
            new(name, tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        new("x", tmp_path / "gone")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    with pytest.raises(InputError, match="already there"):
        new("link", tmp_path)
    assert sorted(os.listdir(tmp_path)) == ["link.yaml", "my-plan_2.yaml"]


def test_check_reports_faults_instead_of_raising(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(HEAD + "plcae: x\n")
    assert [(fault.line, fault.key) for fault in check(path)] == [(3, "plcae")]
    assert check("no_such_plan")[0].found == "no_such_plan"


def test_a_library_name_wins_and_a_path_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("baseline").mkdir()
    assert find("baseline") == LIBRARY / "baseline.yaml"


def test_reading_a_scenario_does_not_import_the_engine() -> None:
    code = "import sys; from scenarios.files.schema import Scenario; Scenario.load('baseline'); print('mesa' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=LIBRARY.parents[1]
    )
    assert done.stdout.strip() == "False"


def test_advice_on_a_word_where_a_list_belongs_works_when_followed() -> None:
    fields = ["disability", "sex", "ethnicity", "level", "car", "work", "imd_quintile"]
    for field in fields:
        for wrong in ("true", "false", "7", "female", "inactiv", "'1'", "limited"):
            text = WALK + "    who: {%s: %s}\n"
            with pytest.raises(InputError) as caught:
                read_yaml_text(text % (field, wrong), Scenario)
            (fault,) = caught.value.faults
            advised = re.search(r"\[.*\]", fault.hint or "")
            assert advised, fault
            read_yaml_text(text % (field, advised[0]), Scenario)


def test_disability_true_means_people_who_are_limited() -> None:
    with pytest.raises(InputError) as caught:
        read_yaml_text(WALK + "    who: {disability: true}\n", Scenario)
    (fault,) = caught.value.faults
    assert "[limited_a_little, limited_a_lot]" in str(fault)


def test_a_misspelt_key_is_named_beside_the_one_that_is_missing() -> None:
    text = (
        HEAD
        + "interventions:\n  - tpye: walking_scheme\n    gruops: 3\nbarriers:\n  - quantty: price\n    change: 1\n"
    )
    with pytest.raises(InputError) as caught:
        read_yaml_text(text, Scenario)
    told = {fault.key: str(fault) for fault in caught.value.faults}
    assert (
        "is missing" in told["interventions.0.type"] and "Did you mean 'type'" in told["interventions.0.tpye"]
    )
    assert "Did you mean 'groups'" in told["interventions.0.gruops"]
    assert (
        "is missing" in told["barriers.0.quantity"]
        and "Did you mean 'quantity'" in told["barriers.0.quantty"]
    )


@pytest.mark.parametrize("written", ["online: [0.9]", "cost: {setup: £5,000}", "cost: {setup: 5,000}"])
def test_one_mistake_is_one_fault(written: str) -> None:
    with pytest.raises(InputError) as caught:
        read_yaml_text(f"{SIGNS}    {written}\n", Scenario)
    assert len(caught.value.faults) == 1, caught.value.faults
