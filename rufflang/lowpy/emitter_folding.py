"""What the emitter evaluates itself instead of leaving it to LLVM."""

from __future__ import annotations

import math
import operator

from rufflang.lowpy.types import BOOL, F64, Scalar, Type
from rufflang.lowpy.values import Word, constant_word

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_INTEGER: dict[str, Callable[[int, int], int]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul,
    "and": operator.and_, "or": operator.or_, "xor": operator.xor,
}  # fmt: skip
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq, "ne": operator.ne,
    "slt": operator.lt, "sle": operator.le, "sgt": operator.gt, "sge": operator.ge,
    "ult": operator.lt, "ule": operator.le, "ugt": operator.gt, "uge": operator.ge,
    "olt": operator.lt, "ole": operator.le, "ogt": operator.gt, "oge": operator.ge, "oeq": operator.eq,
    "une": operator.ne,
}  # fmt: skip


def fold_arithmetic(kind: Type, op: str, left: Word, right: Word) -> Word | None:
    """The known result of an integer operation, or None."""
    assert isinstance(kind, Scalar)
    a, b = left.constant, right.constant
    if kind == F64:
        return None
    if a is not None and b is not None:
        if op in _INTEGER:
            return constant_word(kind, _INTEGER[op](int(a), int(b)))
        if op == "shl" and 0 <= b < kind.bits:
            return constant_word(kind, int(a) << int(b))
        if op in ("lshr", "ashr") and 0 <= b < kind.bits:
            unsigned = int(a) & ((1 << kind.bits) - 1) if op == "lshr" else int(a)
            return constant_word(kind, unsigned >> int(b))
    if b == 0 and op in ("add", "sub", "or", "xor", "shl", "lshr", "ashr"):
        return left
    if a == 0 and op in ("add", "or", "xor"):
        return right
    if (a == 0 or b == 0) and op in ("and", "mul"):
        return constant_word(kind, 0)
    if b == 1 and op == "mul":
        return left
    return None


def fold_compare(op: str, left: Word, right: Word) -> bool | None:
    """The known outcome of a comparison, or None."""
    a, b = left.constant, right.constant
    if a is not None and b is not None:
        if op.startswith("u") and isinstance(left.type, Scalar) and left.type != F64:
            size = 1 << left.type.bits
            return _COMPARE[op](a % size, b % size)
        return _COMPARE[op](a, b)
    if left.text == right.text and left.type != F64:
        return op in ("eq", "sle", "sge", "ule", "uge")
    return None


def fold_convert(kind: Scalar, operand: Word) -> Word | None:
    """The known result of a conversion, or None."""
    value = operand.constant
    if value is None:
        return None
    if kind == BOOL:
        return constant_word(BOOL, value != 0)
    if kind == F64:
        return constant_word(F64, float(value))
    if operand.type == F64:
        if math.isnan(value):
            return constant_word(kind, 0)
        low = -(1 << (kind.bits - 1)) if kind.signed else 0
        high = low + (1 << kind.bits) - 1
        whole = high if value == math.inf else low if value == -math.inf else int(value)
        return constant_word(kind, min(max(whole, low), high))
    return constant_word(kind, int(value))
