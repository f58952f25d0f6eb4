"""How far an effect may stray from the whole town's where a share of the residents is simulated.

Ties, places and rounding are made so that a sample tells of the whole town; what remained over the shipped plans is
measured on docs/sample.md. Ranges that hold chance and doubt hold this too; with the whole town simulated, or
`compare --whole`, there is none.
"""

from __future__ import annotations

import math

import numpy as np

SHARES = ((0.005, 0.30), (0.02, 0.15), (0.05, 0.10), (0.1, 0.06), (1.0, 0.0))
"""Share simulated, and share of an effect by which it may be off (docs/sample.md; below 0.02 a guess)."""


def of_sample(sample: float) -> float:
    """The share of an effect by which it may be off, read between `SHARES` by the logarithm of the share simulated."""
    shares, off = zip(*SHARES, strict=True)
    return float(np.interp(math.log(sample), np.log(shares), off))
