"""What many tests need: one small town, made once."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("SOLARA_TELEMETRY_MIXPANEL_ENABLE", "False")

from model.parameters import Parameters

SHORT = {"warm_up_weeks": 12}


@pytest.fixture(scope="session")
def erewash():
    """The shipped place."""
    from model.place.place import Place

    return Place.load("erewash")


@pytest.fixture(scope="session")
def quick() -> Parameters:
    """The ledger's values with a short warm-up."""
    return Parameters.default().with_values(SHORT)


@pytest.fixture(scope="session")
def town(erewash, quick):
    """A warmed-up town of about 2,800 adults; tests fork it and leave it as it is."""
    from model import Neighbourhood

    return Neighbourhood(erewash, seed=7, sample=0.03, parameters=quick).warm_up()
