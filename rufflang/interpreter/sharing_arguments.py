"""Marks arguments that both caller and callee will hold."""

from __future__ import annotations

from rufflang.lowpy import Ptr, function, i64
from rufflang.runtime.sharing import share
from rufflang.runtime.values import Value


@function
def share_arguments(arguments: Ptr[Value], which: i64) -> None:
    """Marks the containers among the arguments whose bit is set in `which` (bit 15: and all after)."""
    position = 0
    rest = which
    while rest != 0 and position < 64:
        if (rest & 1) != 0:
            share(arguments[position])
        rest = rest >> 1
        position += 1
        if position == 16 and which >= 0:
            break
