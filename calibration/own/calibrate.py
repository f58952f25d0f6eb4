"""`run.py calibrate --targets MINE.csv --place MINE`: somebody's own figures, and the verdict on their place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from calibration.fitting import question as ask
from calibration.fitting.budget import EFFORTS
from calibration.fitting.calibrate import calibrate as fit
from calibration.fitting.fit import SEED
from calibration.fitting.hand_over import hand_over
from calibration.fitting.result import FitResult
from calibration.own.read import check_place, read
from model.errors import Fault, InputError
from model.place.files import PLACES
from model.place.place import Place, find
from scenarios.files import store

COPY = "targets.csv"
"""The file of targets, as it was read."""


def calibrate(targets: str | Path, place: str | Path, out: str | Path, *, with_national: bool = False,
              effort: str = "full", sample: float | None = None, points: int | None = None,
              **options: Any) -> dict[str, Any]:  # fmt: skip
    """`fit_own` for scripts: what was found as plain data, as `calibration.json` holds it."""
    return fit_own(targets, place, out, with_national=with_national, effort=effort, sample=sample, points=points,
                   **options).as_dict()  # fmt: skip


def fit_own(targets: str | Path, place: str | Path, out: str | Path, *, with_national: bool = False,
            effort: str = "full", sample: float | None = None, points: int | None = None,
            **options: Any) -> FitResult:  # fmt: skip
    """Fit the model to the targets of a file, on a place, in a folder; what was found, with the verdict and `files`.

    with_national: beside the national targets, each measured where it belongs. Other options are those of
    `calibration.fitting.calibrate.calibrate`. Raises InputError naming every fault of the file, or of it with the
    place; Interrupted when time is up or on Ctrl-C.
    """
    own = read(targets)
    here = Place.load(place)
    budget = EFFORTS[effort].of(sample, points)
    check_place(own, here, budget.sample, SEED)
    question = ask.of_place(own, here, _where(place), with_national)
    found = fit(out, effort=budget, question=question, **options)
    folder = Path(out).expanduser().resolve()
    store.write_bytes(folder / COPY, Path(targets).read_bytes())
    found = replace(found, files=hand_over(found, folder))
    store.write_json(folder / "calibration.json", found.as_dict())
    return found


def _where(place: str | Path) -> str:
    """A shipped place by its name, a folder by its path in full: runs read it wherever they are made."""
    path = find(place)
    assert isinstance(path, Path)
    return path.stem if path.parent == PLACES else path.resolve().as_posix()


def together(targets: Path | None, place: str | None, with_national: bool, write: bool) -> None:
    """Raise InputError when options do not go together: a place asks for targets, and they for it."""
    faults = []
    if targets is None:
        for name, given in (("place", place is not None), ("with-national", with_national)):
            if given:
                faults.append(Fault("goes with targets of your own: national targets are of England", key=name,
                                    hint="Add --targets MINE.csv."))  # fmt: skip
    elif place is None:
        faults.append(Fault("is missing: of which place are these figures?", key="place",
                            allowed="a shipped place or a folder"))  # fmt: skip
    if targets is not None and write:
        faults.append(
            Fault("ships the national calibration only; yours goes with `compare --parameters`", key="write")
        )
    if faults:
        raise InputError(faults)
