"""What a file of one's own targets may hold: its columns, and the template that shows every figure."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from calibration import targets
from calibration.measures.figures import Figure, figures
from model.errors import Fault, InputError
from scenarios.files import store

COLUMNS = {
    "outcome": "what is measured",
    "group": "of whom: an attribute; all when left out",
    "level": "which level of it; all when left out",
    "value": "the figure: per cent unless `unit` says share",
    "low": "lower end of its 95% interval",
    "high": "upper end",
    "n": "people asked, in that group: in place of low and high",
    "source": "where it comes from",
    "name": "in place of outcome, group and level: a name of calibration/targets.csv",
    "se": "standard error: in place of low and high, or of n",
    "design_effect": "with n: by how much weights and clusters widen the variance; 1.5 when left out",
    "unit": "% or share; else as the template says",
    "discrepancy": "what the model is granted besides (SD); as for the same national figure when left out",
    "role": "fit, or held_out: told beside the fit, never fitted to",
    "year": "when",
    "definition": "what was asked",
    "about": "free words",
    "readings": "not read",
    "why_discrepancy": "not read",
}
"""Columns by name: what stands in each."""
TEMPLATE = ("outcome", "group", "level", "value", "low", "high", "n", "source", "about")
DESIGN_EFFECT = 1.5
"""Of a survey of one place with weights, where the file says nothing."""
DISCREPANCY = {"%": 1.0, "points": 1.0, "ratio": 0.15, "r": 0.05, "min/week": 10.0}
"""What is granted to the model for a figure that is no national target, by unit."""


def template(path: Path) -> Path:
    """Write a file with every figure that can be given, one a row, to be filled in; blank rows are passed over.

    Raises InputError when something is there already.
    """
    if path.exists():
        raise InputError(Fault("is there already", key="targets_template", found=str(path),
                               hint="Choose another name: nothing is overwritten."))  # fmt: skip
    if not path.parent.is_dir():
        raise InputError(Fault("no such folder", key="targets_template", found=str(path.parent)))
    national = {target.name: target for target in targets.read()}
    buffer = io.StringIO()
    rows = csv.writer(buffer, lineterminator="\n")
    rows.writerow(TEMPLATE)
    for one in figures().values():
        england = national.get(one.name)
        about = f"{one.unit}: {one.meaning}" + (f"; England {england.value:g}" if england else "")
        rows.writerow([one.outcome, one.group, one.level, "", "", "", "", "", about])
    store.write_bytes(path, buffer.getvalue().encode())
    return path


def granted(figure: Figure) -> float:
    """The discrepancy granted to the model for a figure: that of the same national target, else by its unit."""
    return next(
        (one.discrepancy for one in targets.read() if one.name == figure.name), DISCREPANCY[figure.unit]
    )
