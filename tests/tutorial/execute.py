"""The tutorial, run from its first cell to its last: `python tests/tutorial/execute.py` writes its outputs anew.

It runs in a kernel of this very Python and in an empty folder, whatever kernels and settings the user has.
"""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "docs" / "tutorial.ipynb"
SECONDS_A_CELL = 300
"""Far more than a cell needs, also where nothing is compiled yet."""


def read() -> NotebookNode:
    """The notebook as it is kept."""
    return nbformat.read(NOTEBOOK, as_version=4)


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
    print(f"{NOTEBOOK.relative_to(ROOT)}: {NOTEBOOK.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
