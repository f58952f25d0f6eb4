"""The tutorial, run from its first cell to its last: `python tests/tutorial/execute.py` writes its outputs anew.

Beside this file it writes `made_of.json`: marks of what the outputs came from. The tutorial runs in a kernel of this very Python and in an empty folder, whatever kernels and settings the user has.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "docs" / "tutorial.ipynb"
MADE_OF = Path(__file__).with_name("made_of.json")
DIGESTS = ROOT / "tests" / "golden" / "digests.json"
SMALL = (("[10, 20, 40, 80, 160]", "[10, 20, 30]"), ("[10, 20, 40]", "[10, 20]"), ("sample: 0.04", "sample: 0.01"),
         ("replicates: 4", "replicates: 2"), ("replicates: 6", "replicates: 3"),
         ('vary=["uptake_base", "attendance", "peer_weight"]', 'vary=["uptake_base"]'), ("sample=0.02", "sample=0.01"), ("jobs=2", "jobs=1, apart=False"))  # fmt: skip
"""What is written in the cells, and what takes half of the time."""
SECONDS_A_CELL = 300
"""Far more than a cell needs, also where nothing is compiled yet."""


def read() -> NotebookNode:
    """The notebook as it is kept."""
    return nbformat.read(NOTEBOOK, as_version=4)


def made_of(notebook: NotebookNode) -> dict[str, str]:
    """Marks of what outputs come from: the cells, and what the model gives."""
    cells = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return {"cells": sha256(cells.encode()).hexdigest(), "digests": sha256(DIGESTS.read_bytes()).hexdigest()}


def small(notebook: NotebookNode) -> NotebookNode:
    """The same cells over fewer runs of a smaller town. Raises ValueError when there is nothing to make smaller."""
    found = {old: False for old, _ in SMALL}
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        for old, new in SMALL:
            found[old] |= old in cell.source
            cell.source = cell.source.replace(old, new)
    if not all(found.values()):
        raise ValueError(f"no cell says {', '.join(old for old, there in found.items() if not there)}")
    return notebook


def executed(notebook: NotebookNode) -> NotebookNode:
    """Run every cell of `notebook` and keep what it shows. Raises CellExecutionError at the first that fails."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        kernel = AsyncKernelManager(kernel_name="python3", connection_file=str(Path(folder) / "kernel.json"),
                                    kernel_spec_manager=KernelSpecManager(kernel_dirs=[]))  # fmt: skip
        empty = Path(folder) / "empty"
        empty.mkdir()
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "IPYTHONDIR": str(Path(folder) / "ipython"),
               "TMPDIR": folder, "NO_COLOR": "1"}  # fmt: skip
        env.pop("MPLBACKEND", None)
        client = NotebookClient(notebook, km=kernel, timeout=SECONDS_A_CELL, coalesce_streams=True,
                                record_timing=False, extra_arguments=["--log-level=ERROR"], resources={"metadata": {"path": str(empty)}})  # fmt: skip
        client.execute(env=env)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "machine": platform.machine(),
    }
    return notebook


def main() -> int:
    notebook = executed(read())
    nbformat.validate(notebook)
    nbformat.write(notebook, NOTEBOOK)
    MADE_OF.write_text(json.dumps(made_of(notebook), indent=1) + "\n", encoding="utf-8")
    print(f"{NOTEBOOK.relative_to(ROOT)}: {NOTEBOOK.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
