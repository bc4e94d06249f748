"""The one built-in function on iterators and generators (`stdlib.md` section 12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rufflang.reference.builtins.registry import builtin
from rufflang.reference.errors import RuffError
from rufflang.reference.generators import GeneratorValue
from rufflang.reference.iteration import IteratorValue
from rufflang.reference.iterator_methods import collect
from rufflang.reference.values import ArrayValue, Value

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine


@builtin("collect", 1)
def collect_(machine: Machine, arguments: list[Any]) -> Value:
    """An array of all items that are left; an array is itself."""
    if not isinstance(arguments[0], (ArrayValue, IteratorValue, GeneratorValue)):
        raise RuffError("collect() expects an iterator or array")
    return collect(machine, arguments[0])
