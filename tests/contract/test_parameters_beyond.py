"""Numbers beyond the ledger's range: only when asked for by name, and then said wherever the result is."""

from __future__ import annotations

import json
import re

import pytest
from door import door

from model.errors import InputError
from model.parameters import Parameters
from scenarios import Scenario

FAR = {"homophily": 9.0, "habit_gain": 0.0}
FILE = """schema_version: 1
name: No habit
years: 0.4
parameters: {homophily: 9, habit_gain: 0}
parameters_beyond: [homophily, habit_gain]
"""


@pytest.fixture
def far(tmp_path):
    path = tmp_path / "far.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_numbers_beyond_their_range_are_refused_unless_named():
    with pytest.raises(InputError, match=r"parameters_beyond: \[homophily\]") as told:
        Parameters.default().with_values(FAR, beyond=["habit_gain"])
    assert len(told.value.faults) == 1
    made = Parameters.default().with_values(FAR, beyond=list(FAR))
    assert made.homophily == 9.0 and sorted(made.beyond()) == sorted(FAR)
    assert Parameters.default().beyond() == []


@pytest.mark.parametrize(("name", "value", "words"), [
    ("homophily", float("nan"), "finite"), ("homophily", float("inf"), "finite"), ("homophily", "9", "finite"),
    ("homophily", True, "finite"), ("contagion", "viral", "is a switch"), ("homophly", 9, "homophily"),
])  # fmt: skip
def test_what_is_no_number_stays_refused(name, value, words):
    with pytest.raises(InputError, match=words):
        Parameters.default().with_values({name: value}, beyond=[name])


@pytest.mark.parametrize(("name", "value", "words"), [
    ("attendance", 2, "between 0 and 1"), ("attendance", -1, "between 0 and 1"), ("trust_rest", 1.01, "between 0 and 1"),
    ("energy_start", -0.1, "between 0 and 1"), ("habit_gain", 1e300, "between 0 and 1"),
    ("warm_up_weeks", -5, "0 weeks or more"), ("group_least", -1, "0 people or more"), ("tie_pool", -1, "or more"),
    ("tie_distance_m", 0, "above 0 m"), ("weak_distance_m", -3, "above 0 m"), ("walk_speed", 0, "above 0 km/h"),
])  # fmt: skip
def test_what_no_number_of_the_unit_can_be_stays_refused_and_nobody_is_told_to_go_beyond(name, value, words):
    for beyond in ([name], []):
        with pytest.raises(InputError) as told:
            Parameters.default().with_values({name: value}, beyond=beyond)
        assert "beyond" not in str(told.value)
    with pytest.raises(InputError, match=words):
        Parameters.default().with_values({name: value}, beyond=[name])


def test_what_the_unit_allows_may_still_be_asked_for():
    far = {"attendance": 1, "habit_gain": 0, "warm_up_weeks": 0, "tie_distance_m": 1, "uptake_base": -99, "homophily": -1,
           "long_hours_deprivation": 0.1, "place_asset_margin_m": 0}  # fmt: skip
    assert Parameters.default().with_values(far, beyond=list(far)).uptake_base == -99


def test_a_scenario_goes_beyond_what_it_names(far):
    scenario = Scenario.load(far)
    assert sorted(scenario.parameter_set.beyond()) == sorted(FAR)
    assert Scenario.from_dict(scenario.as_dict()).digest == scenario.digest
    nearer = scenario.changed({"parameters.homophily": 0.5})
    assert nearer.parameter_set.beyond() == ["habit_gain"]
    plain = Scenario.from_dict({"name": "A"})
    assert "parameters_beyond" not in plain.as_dict()


@pytest.mark.parametrize(("written", "key", "words"), [
    ("[homophily]", "parameters.habit_gain", "parameters_beyond: [habit_gain]"),
    ("[homophily, habit_gian]", "parameters_beyond.1", "Did you mean 'habit_gain'?"),
    ("[homophily, habit_gain, contagion]", "parameters_beyond.2", "is a switch"),
])  # fmt: skip
def test_a_scenario_that_does_not_name_it_right_is_refused(far, written, key, words):
    far.write_text(FILE.replace("[homophily, habit_gain]", written), encoding="utf-8")
    with pytest.raises(InputError) as told:
        Scenario.load(far)
    line = next(fault for fault in told.value.faults if fault.key == key)
    assert words in str(line) and line.line == (4 if key.startswith("parameters.") else 5)


def test_a_result_beyond_the_range_says_so_everywhere(far, tmp_path):
    out = tmp_path / "out"
    said = door("compare", str(far), "--sample", "0.01", "--weeks", "8", "--replicates", "2", "--jobs", "1", "--out",
                str(out))  # fmt: skip
    assert said.exit_code == 0 and len(re.findall("beyond the range thought possible", said.stderr)) == 2
    assert f"{far}:4: parameters.homophily" in said.stderr
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert sorted(manifest["parameters"]["beyond"]) == sorted(FAR)
    assert sum("beyond the range" in one["message"] for one in manifest["warnings"]) == 2
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Beyond what is thought possible, as was asked" in page
    checked = door("scenario", "check", str(far))
    assert checked.exit_code == 0 and "beyond the range thought possible" in checked.stderr


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_numbers_that_give_no_result_are_said_to_be_the_input(far, tmp_path):
    for line in ("{motivation_return: -50}", "{motivation_noise: 1.0e+60}"):
        name = line[1:].partition(":")[0]
        far.write_text(
            f"name: A\nyears: 0.2\nparameters: {line}\nparameters_beyond: [{name}]\n", encoding="utf-8"
        )
        said = door("simulate", str(far), "--sample", "0.005", "--out", str(tmp_path / name))
        assert said.exit_code == 2 and "give no result" in said.stderr and name in said.stderr
        assert not (tmp_path / name).exists()
