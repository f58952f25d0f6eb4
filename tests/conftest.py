"""What many tests need: one small town, made once; and the order of the files."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("SOLARA_TELEMETRY_MIXPANEL_ENABLE", "False")
# Tests run side by side and their matrices are small: threads of linear algebra would only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MKL_NUM_THREADS", "1")
# No test sets up the environment that it runs in.
os.environ["EVERYSTEP_NO_SETUP"] = "1"

from model.parameters import Parameters
from tests.order import ordered

SHORT = {"warm_up_weeks": 12}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; the tests of a file stay together and in their order."""

    def file(item: pytest.Item) -> str:
        return item.nodeid.partition("::")[0]

    place = {name: number for number, name in enumerate(ordered(map(file, items)))}
    items.sort(key=lambda item: place[file(item)])


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
