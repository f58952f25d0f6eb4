"""The runs behind the effects: each replicate as a row, agreeing with the table, with and without a folder; a figure."""

from __future__ import annotations

import numpy as np
import pytest

from model.errors import InputError
from scenarios import compare
from scenarios.results.compared import Effects
from scenarios.results.runs import COLUMNS


@pytest.fixture(scope="module")
def effects(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "out"
    return compare(["walk_and_talk", "better_park"], replicates=2, sample=0.01, weeks=56, jobs=1, out=folder,
                   parameters="fitted")  # fmt: skip


@pytest.mark.parametrize("group", ["all", "imd_quintile"])
def test_there_is_a_row_a_run_and_their_mean_is_the_effect(effects, group):
    runs = effects.runs(group)
    assert list(runs.columns) == list(COLUMNS) and runs["group"].unique().tolist() == [group]
    assert not runs.duplicated(["scenario", "replicate", "outcome", "level"]).any()
    mean = runs.groupby(["scenario", "outcome", "level"])[["scenario_value", "difference"]].mean()
    told = effects.table(runs["outcome"].unique().tolist(), group)
    told = told.set_index(["scenario", "outcome", "level"]).loc[mean.index]
    for name in mean:
        np.testing.assert_allclose(mean[name], told[name], rtol=1e-4, atol=1e-4)
    assert set(runs["outcome"]) >= (
        {"inactive", "rii", "cost", "gap_deprivation_ratio"} if group == "all" else {"active"}
    )


@pytest.mark.slow
def test_runs_are_the_same_from_a_folder_and_without_one(effects):
    loaded = Effects.load(effects.directory)
    alone = compare(
        ["walk_and_talk", "better_park"], replicates=2, sample=0.01, weeks=56, jobs=1, parameters="fitted"
    )
    for group in ("all", "sex"):
        assert loaded.runs(group).equals(effects.runs(group))
        assert alone.runs(group).equals(effects.runs(group))


def test_a_figure_has_a_dot_for_each_replicate(effects):
    axes = effects.plot("inactive").axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["walk_and_talk", "better_park"]
    dots = [line for line in axes.lines if len(line.get_xdata()) == 2 and line.get_marker() == "o"]
    runs = effects.runs()
    runs = runs[runs["outcome"] == "inactive"]
    drawn = np.concatenate([line.get_xdata() for line in dots])
    np.testing.assert_allclose(np.sort(drawn), np.sort(runs["difference"]))
    assert len(effects.plot("inactive", "imd_quintile").axes[0].get_yticklabels()) == 10


def test_what_is_not_known_is_refused(effects):
    with pytest.raises(InputError, match="Did you mean 'inactive'"):
        effects.plot("inactve")
    with pytest.raises(InputError, match="no such group"):
        effects.runs("imd_quintle")
    with pytest.raises(InputError, match="no runs"):
        Effects(effects.frame, effects.manifest).runs()
