"""Read by every Python that starts under the guard, before anything else."""

import importlib.util
from pathlib import Path

_spec = importlib.util.spec_from_file_location("everystep_guard", Path(__file__).parents[1] / "guard.py")
_guard = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_guard)
