"""Files of parameters as Excel and Notepad save them."""

import pytest

from model import ensemble
from model.errors import InputError
from scenarios.files import parameter_sets

SETS = ({"habit_gain": 0.03, "peer_weight": 1.0}, {"habit_gain": 0.05, "peer_weight": 2.0},
        {"habit_gain": 0.06, "peer_weight": 2.5})  # fmt: skip
COMMAS = "habit_gain,peer_weight\n0.03,1.0\n0.05,2.0\n0.06,2.5\n"
GERMAN = "sep=;\nhabit_gain;peer_weight\n0,03;1,0\n0,05;2,0\n0,06;2,5\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize(
    "text", [COMMAS, GERMAN, GERMAN.removeprefix("sep=;\n"), "Sets of March\n\n" + COMMAS]
)
def test_tables_of_sets_are_read_as_they_are_saved(tmp_path, text, encoding):
    path = tmp_path / "sets.CSV"
    path.write_bytes(text.encode(encoding))
    assert parameter_sets.choose(path, 6).changes == SETS


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_one_set_in_yaml_is_read_as_it_is_saved(tmp_path, encoding):
    path = tmp_path / "mine.yaml"
    path.write_bytes("peer_weight: 1.5\n".encode(encoding))
    assert parameter_sets.choose(path, 1).changes == ({"peer_weight": 1.5},)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("sets.csv", b"PK\x03\x04\x14", "workbook"),
        ("sets.csv", b"", "empty"),
        ("sets.csv", b"habit_gain,peer_weight\n0.03\n", "wrong number of cells"),
        ("sets.csv", b"habit_gain,habit_gain\n0.03,0.04\n", "stands twice"),
        ("sets.yaml", b"PK\x03\x04\x14", "workbook"),
        ("sets.yaml", b"peer_weight: 1,5\n", "peer_weight"),
        ("sets.yaml", b"peer_weight: 01\n", "two ways"),
    ],
)
def test_the_cause_is_named_when_they_cannot_be_read(tmp_path, name, data, said):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError, match=said):
        parameter_sets.choose(path, 6)


def test_a_fault_in_a_set_has_its_line(tmp_path):
    path = tmp_path / "sets.csv"
    path.write_text("Sets of March\n\nhabit_gain;peer_weight\n0,03;1,0\n9,0;1,0\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"sets\.csv:5: habit_gain"):
        ensemble.read(path)
