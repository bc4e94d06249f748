"""How a statement ended, when not normally."""

from __future__ import annotations

from dataclasses import dataclass

from rufflang.reference.values import Value


@dataclass(frozen=True, slots=True)
class Break:
    """`break`, on its way to the innermost loop."""


@dataclass(frozen=True, slots=True)
class Continue:
    """`continue`, on its way to the innermost loop."""


@dataclass(frozen=True, slots=True)
class Return:
    """`return value`, on its way to the call."""

    value: Value


Completion = Break | Continue | Return
