"""Memory: asking for a row before it is needed, so that waiting for what is far away overlaps; listing rows."""

from __future__ import annotations

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

AHEAD = 12
"""Rows between asking and needing: about as many as a processor fetches at a time."""


@intrinsic
def fetch(typingctx, array, row):
    """Ask for the first value of `array[row]` (one or two dimensions, row 0 or later); it changes nothing."""
    if not (isinstance(array, types.Array) and array.ndim in (1, 2) and isinstance(row, types.Integer)):
        return None

    def codegen(context, builder, signature, args):
        values = context.make_array(array)(context, builder, args[0])
        where = context.cast(builder, args[1], row, types.intp)
        zero = context.get_constant(types.intp, 0)
        index = [where] if array.ndim == 1 else [where, zero]
        pointer = cgutils.get_item_pointer(context, builder, array, values, index)
        pointer = builder.bitcast(pointer, ir.IntType(8).as_pointer())
        kind = ir.FunctionType(ir.VoidType(), [ir.IntType(8).as_pointer()] + [ir.IntType(32)] * 3)
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        # For reading, to be kept in every cache, of the data cache.
        builder.call(function, [pointer, *(ir.Constant(ir.IntType(32), k) for k in (0, 3, 1))])
        return context.get_dummy_value()

    return types.none(array, row), codegen


@njit(cache=True)
def fetch_rows(column, first, last):
    """Ask for the rows first..last of a column of one dimension, a line of 64 bytes at a time."""
    for row in range(first, last, 64 // column.itemsize):
        fetch(column, row)


@njit(cache=True)
def marked(rows, mark):
    """Those of `rows` with a `mark` (n,) of 1 and not 0, in their order, without asking "if"."""
    out = np.empty(rows.shape[0] + 1, rows.dtype)
    found = 0
    for row in rows:
        out[found] = row
        found += mark[row]
    return out[:found]


@njit(cache=True)
def listed(mark):
    """The rows with a `mark` above zero, without asking "if"."""
    out = np.empty(mark.shape[0] + 1, np.int64)
    found = 0
    for row in range(mark.shape[0]):
        out[found] = row
        found += mark[row] > 0
    return out[:found]
