"""Priors: normals cut at their ends, PERT distributions over the ledger's range, and a file that says which."""

from __future__ import annotations

import numpy as np
import pytest

from calibration import priors as prior_file
from calibration.priors import Prior, Priors
from model.parameters import ledger

SHARES = np.linspace(0.0005, 0.9995, 4000)[:, None]


def test_a_pert_distribution_stays_inside_its_ends_and_is_likeliest_where_it_is_told():
    one = Priors([Prior("p", 0.3, None, 0.1, 0.9, "")])
    x = one.at(SHARES)
    assert x.min() > 0 and x.max() < 1
    assert (0.1 + 0.8 * x).mean() == pytest.approx((0.1 + 4 * 0.3 + 0.9) / 6, abs=2e-3), "the mean of PERT"
    assert one.spread[0] == pytest.approx(x.std(), rel=0.01)
    at = np.linspace(0.001, 0.999, 999)[:, None]
    assert 0.1 + 0.8 * at[one.log_density(at).argmax(), 0] == pytest.approx(0.3, abs=2e-3)
    assert one.log_density(np.array([[1.1]]))[0] == -np.inf


def test_both_kinds_stand_side_by_side_and_a_likeliest_value_may_lie_at_an_end():
    both = Priors([Prior("a", 1.0, 0.5, 0.0, 4.0, ""), Prior("b", 0.0, None, 0.0, 1.0, "")])
    x = both.at(np.hstack([SHARES, SHARES]))
    assert np.isfinite(x).all() and np.isfinite(both.log_density(x)).all()
    assert np.median(4 * x[:, 0]) == pytest.approx(1.0, abs=0.05) and x[:, 1].mean() == pytest.approx(
        1 / 6, abs=2e-3
    )
    assert both.values(both.mean[None])[0] == {"a": 1.0, "b": 0.0}


def test_a_list_of_the_file_takes_value_and_ends_from_the_ledger(tmp_path):
    path = tmp_path / "priors.yaml"
    path.write_text(
        "drop_early: {mean: 0.05, sd: 0.01, why: x}\nledger: [volunteers, group_invite]\n", encoding="utf-8"
    )
    found = prior_file.read(path)
    assert found.names == ["drop_early", "volunteers", "group_invite"]
    entry = ledger()["volunteers"]
    assert found.all[1] == Prior("volunteers", entry.value, None, entry.low, entry.high, "the ledger's range")
    path.write_text("drop_early: {mean: 0.05, sd: 0.01, why: x}\nledger: [drop_early]\n", encoding="utf-8")
    with pytest.raises(ValueError, match="given twice: drop_early"):
        prior_file.read(path)
    path.write_text("drop_early: {mean: 5, sd: 0.01, why: x}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="drop_early: low < mean < high"):
        prior_file.read(path)
