"""The VM's C functions as Python callables.

Two tables say each function's result and parameters, one of them those of functions that few runs call;
`NativeFunctions` binds them on first use, so that starting costs only what a program needs.
"""

from __future__ import annotations

from rufflang.foreign import Bytes, Int64, Pointer, callback_type, function, string_at

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from rufflang.foreign import Signature
    from rufflang.interpreter.library import Library

_P, _I, _B = Pointer, Int64, Bytes

_SIGNATURES: dict[str, Signature] = {
    "vm_new": (_P, (_I, _I, _I, _I)),
    "vm_free": (None, (_P,)),
    "ruff_address_space_limit": (_I, ()),
    "ruff_configure": (None, (_P, _I, _I, _I)),
    "ruff_configure_tasks": (None, (_P, _I)),
    "ruff_set_callbacks": (None, (_P, _P, _P, _P, _P, _P, _P)),
    "ruff_furnish": (None, (_P, _P, _I)),
    "ruff_add_prelude_builtin": (_I, (_P, _B, _I, _I)),
    "ruff_add_method": (None, (_P, _I, _B, _I, _I)),
    "ruff_set_builtin_closure": (None, (_P, _I, _P, _I)),
    "ruff_run_prelude": (_I, (_P, _P)),
    "ruff_add_argument": (None, (_P, _B, _I)),
    "ruff_load_unit": (_P, (_P, _B)),
    "ruff_proto_address": (_P, (_P, _I)),
    "ruff_register_count": (_I, (_P, _I)),
    "ruff_run": (_I, (_P, _P)),
    "ruff_join_program": (None, (_P, _I, _P, _P)),
    "ruff_free_exchange": (None, (_P,)),
    "ruff_set_import_callback": (None, (_P, _P)),
    "vm_flush_output": (None, (_P,)),
}
"""Of what most runs call."""

WRITE_CALLBACK = callback_type((None, (_P, _I, _P, _I)))
SPAWN_CALLBACK = callback_type((_I, (_P, _P)))
TEXT_CALLBACK = callback_type((_P, (_P, _I, _P)))
IMPORT_CALLBACK = callback_type((_P, (_P, _I, _P, _I)))
REQUEST_CALLBACK = callback_type((None, (_P, _I, _I, _P)))


class NativeFunctions:
    """Attribute access by symbol: `functions.ruff_run(vm, proto)`; `functions["strings.new_string"]`."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def __getitem__(self, symbol: str) -> Any:
        bound = function(self.library.address(symbol), _signature(symbol))
        setattr(self, symbol, bound)
        return bound

    def __getattr__(self, symbol: str) -> Any:
        try:
            return self[symbol]
        except KeyError:
            raise AttributeError(symbol) from None

    def text(self, string: int) -> str:
        """The text of a StringObject."""
        size = self.ruff_string_size(string)
        return string_at(self.ruff_string_data(string), size).decode("utf-8", "replace")


def _signature(symbol: str) -> Signature:
    found = _SIGNATURES.get(symbol)
    if found is None:
        from rufflang.host.native_rare import SIGNATURES

        found = SIGNATURES[symbol]
    return found
