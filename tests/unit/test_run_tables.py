"""Weekly tables are small, and lose nothing that anybody could tell."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow.parquet as pq
import pytest

from model import rng
from model.outcomes import levels, summary
from model.outcomes.record import UNIT, Record
from scenarios.runs import run_tables

WEEKS = 104


@pytest.fixture(scope="module")
def record() -> Record:
    """Two years of three groups of 9,000, 1,250 and 30 people, and one of nobody, whose numbers wander."""
    people = np.array([9000, 1250, 30, 0])
    key = rng.key(1, 0, "weekly")
    walk = np.cumsum(rng.gaussian(key, np.arange(WEEKS * 4)).reshape(WEEKS, 4), axis=0)
    share = np.clip(0.25 + 0.004 * walk, 0.01, 0.6)
    inactive = np.round(share * people).astype(np.int64) * UNIT
    fairly = np.round((0.12 + 0.002 * walk[::-1]).clip(0.01) * people).astype(np.int64) * UNIT
    counts = np.stack([inactive, fairly, people * UNIT - inactive - fairly], axis=2)
    strata = [("all", "all"), ("zone", "E1"), ("imd_quintile", "1"), ("imd_quintile", "5")]
    minutes = (people * UNIT * 211.7 * (1 + 0.01 * walk)).astype(np.int64)
    cost = 1234.567 * np.ones(WEEKS)
    return Record(strata, np.arange(WEEKS), counts, minutes, np.zeros((WEEKS, 6), np.int64), {"cost": cost})


def test_every_count_of_residents_can_be_read_back_from_a_weekly_share(record):
    values = dict(zip(summary.keys(record), run_tables.rounded(record).T, strict=True))
    people = levels.people(record)
    for row, (group, level) in enumerate(record.strata[:3]):
        for number, outcome in enumerate(("inactive", "fairly_active", "active")):
            count = values[summary.Key(outcome, group, level)] * people[row]
            assert np.abs(count - record.counts[:, row, number] / UNIT).max() <= 1 / run_tables.FINE


def test_weekly_shares_add_up_to_one_exactly_and_none_is_below_nought(record):
    values = run_tables.rounded(record)[:, :12].reshape(WEEKS, 3, 4)[:, :, :3]
    assert (values.sum(axis=2) == 1).all() and (values >= 0).all()


def test_what_is_not_known_stays_so_and_money_is_exact(record):
    rounded, exact = run_tables.rounded(record), summary.weekly(record)
    assert (np.isnan(rounded) == np.isnan(exact)).all()
    column = summary.keys(record).index(summary.Key("cost", "all", "all"))
    assert (rounded[:, column] == exact[:, column]).all()


def test_weekly_values_take_less_than_half_of_what_exact_ratios_take(record, tmp_path, monkeypatch):
    def size(name: str) -> int:
        with run_tables.table_of_runs(tmp_path / name) as add:
            add(run_tables.weekly_table("walk", 0, 1, date(2026, 1, 5), record))
        group = pq.ParquetFile(tmp_path / name).metadata.row_group(0)
        return group.column(group.num_columns - 1).total_compressed_size

    small = size("small.parquet")
    monkeypatch.setattr(run_tables, "rounded", summary.weekly)
    assert small < size("exact.parquet") / 2


def test_seeds_and_dates_take_next_to_nothing(record, tmp_path):
    with run_tables.table_of_runs(tmp_path / "w.parquet") as add:
        add(run_tables.weekly_table("walk", 0, 1, date(2026, 1, 5), record))
    group = pq.ParquetFile(tmp_path / "w.parquet").metadata.row_group(0)
    columns = [group.column(k) for k in range(group.num_columns)]
    others = sum(one.total_compressed_size for one in columns if one.path_in_schema != "value")
    assert others < 4 * group.num_rows
