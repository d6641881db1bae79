"""Rows of eight nodes as one vector: the two innermost loops of `kernels`, written for the compiler's intermediate language.

The compiler turns eight neighboring sums into one vector instruction only if told to; left to itself it takes them one by one,
which is several times slower. What the two loops do is, in Python,

    for r in range(first, last):               # gather             # scatter
        out[:] -= block[row(r)]                                     block[row(r)] += weight

with row(r) = 2 * item[r] + correct[r] where there are two rows an item, else item[r].
"""

# mypy: ignore-errors
from __future__ import annotations

from contextlib import contextmanager

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from bedside.measure.calibrating.em_parameters import LANE


@intrinsic
def gather(typing, item, correct, first, last, two_rows, block, out):  # noqa: PLR0917
    """Take the rows of the answers `first` to `last` off `out` (LANE,)."""

    def code(context, builder, signature, arguments):
        loop = _Loop(context, builder, signature, arguments)
        place = loop.vector_at(6, None)
        total = cgutils.alloca_once_value(builder, builder.load(place, align=loop.align))
        with loop.over_rows() as row:
            value = builder.load(loop.vector_at(5, row), align=loop.align)
            builder.store(builder.fsub(builder.load(total), value), total)
        builder.store(builder.load(total), place, align=loop.align)
        return context.get_dummy_value()

    return types.void(item, correct, types.intp, types.intp, types.boolean, block, out), code


@intrinsic
def scatter(typing, item, correct, first, last, two_rows, block, weight):  # noqa: PLR0917
    """Add `weight` (LANE,) to the rows of the answers `first` to `last`."""

    def code(context, builder, signature, arguments):
        loop = _Loop(context, builder, signature, arguments)
        value = builder.load(loop.vector_at(6, None), align=loop.align)
        with loop.over_rows() as row:
            place = loop.vector_at(5, row)
            builder.store(builder.fadd(builder.load(place, align=loop.align), value), place, align=loop.align)
        return context.get_dummy_value()

    return types.void(item, correct, types.intp, types.intp, types.boolean, block, weight), code


class _Loop:
    """What both loops share: the arrays behind the arguments, and the walk over rows."""

    def __init__(self, context, builder, signature, arguments):
        self.context, self.builder = context, builder
        self.kinds, self.arguments = signature.args, arguments
        number = context.get_value_type(signature.args[5].dtype)
        self.align = signature.args[5].dtype.bitwidth // 8
        self.vector = ir.VectorType(number, LANE)

    def _data(self, place):
        return self.context.make_array(self.kinds[place])(self.context, self.builder, self.arguments[place]).data

    def vector_at(self, place, row):
        """The place of a row of eight in the array that is this argument."""
        data = self._data(place)
        if row is not None:
            data = self.builder.gep(data, [self.builder.mul(row, ir.Constant(row.type, LANE))])
        return self.builder.bitcast(data, self.vector.as_pointer())

    def _number(self, place, at, wide):
        value = self.builder.load(self.builder.gep(self._data(place), [at]))
        return self.builder.zext(value, wide) if value.type.width < wide.width else value

    @contextmanager
    def over_rows(self):
        """A loop over the answers that gives the row of each."""
        builder = self.builder
        wide = self.context.get_value_type(types.intp)
        first, last = self.arguments[2], self.arguments[3]
        with cgutils.for_range_slice(builder, first, last, ir.Constant(wide, 1), wide) as (at, _):
            item = self._number(0, at, wide)
            two = builder.add(builder.shl(item, ir.Constant(wide, 1)), self._number(1, at, wide))
            is_two = self.arguments[4]
            is_two = builder.trunc(is_two, ir.IntType(1)) if is_two.type.width > 1 else is_two
            yield builder.select(is_two, two, item)
