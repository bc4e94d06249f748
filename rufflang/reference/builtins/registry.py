"""The one way to add a built-in: `@builtin(name, …)` on a Python function.

A built-in's function takes the machine and the list of its arguments, whose number
has been checked.  Its docstring is its documentation.  Anything it returns that is
also held by an argument must be marked shared (`share`, `array_of`).
"""

from __future__ import annotations

from collections.abc import Callable

from rufflang.reference.values import Native, NativeFunction, Value

CENTRAL = "{name} expects {expected} arguments, got {got}"

PRELUDE: dict[str, Value] = {}


def builtin(
    name: str,
    minimum: int,
    maximum: int | None = -1,
    *,
    arity_message: str = CENTRAL,
    only_looks: bool = False,
    aliases: tuple[str, ...] = (),
    capability: str | None = None,
) -> Callable[[Native], Native]:
    """Registers the decorated function as the built-in `name`, also visible as `aliases`.

    It takes `minimum` to `maximum` arguments (exactly `minimum` if not given, any number
    if None).  `arity_message` may use `{name}`, `{expected}` and `{got}`.  `capability` is what
    the program has to be permitted for it.
    """

    def register(function: Native) -> Native:
        upper = minimum if maximum == -1 else maximum
        documentation = function.__doc__ or ""
        native = NativeFunction(
            name, minimum, upper, arity_message, only_looks, function, documentation, capability
        )
        for visible in (name, *aliases):
            PRELUDE[visible] = native
        return function

    return register


def collection_arity(count: int) -> str:
    """The arity text of the array functions, which alone know the singular."""
    return "{name} expects {expected} " + ("argument" if count == 1 else "arguments") + ", got {got}"
