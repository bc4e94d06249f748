"""Places in the source as single words: what the VM keeps for each instruction.

A word holds line, column and width with 21 bits each, enough for any source within the
language's limit of one megabyte.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.syntax.spans import Span

_BITS = 21
_MASK = (1 << _BITS) - 1
LINE_SHIFT = 2 * _BITS

# How a chunk that is no call of the program's counts when an error is located: one of the prelude has
# no places, the one of a field's default has.
HIDDEN, UNNAMED = 1, 2


def pack_position(span: Span) -> int:
    """The word for a span."""
    return span.line << LINE_SHIFT | (span.column & _MASK) << _BITS | ((span.end - span.start) & _MASK)


def unpack_position(word: int) -> tuple[int, int, int]:
    """Line, column (both 0 when unknown) and width."""
    return word >> LINE_SHIFT, word >> _BITS & _MASK, word & _MASK
