"""The VM's C functions as Python callables.

One table says each function's result and parameters; `NativeFunctions` binds them on first use,
so that starting costs only what a program needs.
"""

from __future__ import annotations

from rufflang.interpreter.foreign import Bytes, Int64, Pointer, callback_type, function, string_at
from rufflang.interpreter.native_library import Library

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from rufflang.interpreter.foreign import Signature

_P, _I, _B = Pointer, Int64, Bytes

_SIGNATURES: dict[str, Signature] = {
    "vm_new": (_P, (_I, _I, _I, _I)),
    "vm_free": (None, (_P,)),
    "ruff_address_space_limit": (_I, ()),
    "ruff_configure": (None, (_P, _I, _I, _I)),
    "ruff_configure_tasks": (None, (_P, _I)),
    "ruff_set_callbacks": (None, (_P, _P, _P, _P, _P, _P, _P)),
    "ruff_check_itself": (None, (_P, _P, _P)),
    "ruff_write_at_once": (None, (_P,)),
    "ruff_furnish": (None, (_P, _P, _I)),
    "ruff_add_prelude_builtin": (_I, (_P, _B, _I, _I)),
    "ruff_add_method": (None, (_P, _I, _B, _I, _I)),
    "ruff_set_builtin_closure": (None, (_P, _I, _P, _I)),
    "ruff_deny": (None, (_P, _I)),
    "ruff_add_argument": (None, (_P, _B, _I)),
    "ruff_load_unit": (_P, (_P, _B)),
    "ruff_proto_address": (_P, (_P, _I)),
    "ruff_register_count": (_I, (_P, _I)),
    "ruff_run": (_I, (_P, _P)),
    "ruff_join_program": (None, (_P, _I, _P, _P)),
    "ruff_leave_program": (None, (_P,)),
    "ruff_free_exchange": (None, (_P,)),
    "ruff_run_block": (_I, (_P, _P)),
    "ruff_free_block": (None, (_P,)),
    "ruff_run_prelude": (_I, (_P, _P)),
    "ruff_raise": (None, (_P, _B, _I)),
    "ruff_set_import_callback": (None, (_P, _P)),
    "ruff_importing": (_I, (_P,)),
    "ruff_is_bound": (_I, (_P, _I)),
    "ruff_collect_exports": (_P, (_P, _P, _B, _I, _P, _I)),
    "ruff_set_fuel": (None, (_P, _I)),
    "ruff_string_data": (_P, (_P,)),
    "ruff_string_size": (_I, (_P,)),
    "ruff_error_message": (_P, (_P,)),
    "ruff_error_position": (_I, (_P,)),
    "ruff_error_chunk": (_I, (_P,)),
    "ruff_error_subject": (_P, (_P,)),
    "ruff_error_kind": (_I, (_P,)),
    "ruff_exit_code": (_I, (_P,)),
    "ruff_error_stack_size": (_I, (_P,)),
    "ruff_error_stack_name": (_P, (_P, _I)),
    "ruff_request_stop": (None, (_P, _I)),
    "ruff_is_asked_to_stop": (_I, (_P,)),
    "ruff_memory_limit": (_I, (_P,)),
    "ruff_begin_profile": (_I, (_P, _P, _P, _I, _I, _I)),
    "ruff_sample_regularly": (None, (_P,)),
    "ruff_end_profile": (None, (_P,)),
    "ruff_profile_activity": (_I, (_P, _I)),
    "ruff_profile_tally": (_P, (_P, _I)),
    "ruff_profile_time": (_I, (_P, _I)),
    "ruff_tally_entries": (_P, (_P,)),
    "ruff_tally_count": (_I, (_P,)),
    "heap_hold_free_lists": (None, (_P,)),
    "vm_flush_output": (None, (_P,)),
    "heap_fail_at": (None, (_P, _I)),
    "heap_allocations": (_I, (_P,)),
    "heap_statistics": (None, (_P, _P)),
    "strings.new_string": (_P, (_P, _B, _I)),
}

WRITE_CALLBACK = callback_type((None, (_P, _I, _P, _I)))
SPAWN_CALLBACK = callback_type((_I, (_P, _P)))
TEXT_CALLBACK = callback_type((_P, (_P, _I, _P)))
IMPORT_CALLBACK = callback_type((_P, (_P, _I, _P, _I)))


class NativeFunctions:
    """Attribute access by symbol: `functions.ruff_run(vm, proto)`; `functions["strings.new_string"]`."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def __getitem__(self, symbol: str) -> Any:
        bound = function(self.library.address(symbol), _SIGNATURES[symbol])
        setattr(self, symbol, bound)
        return bound

    def __getattr__(self, symbol: str) -> Any:
        if symbol not in _SIGNATURES:
            raise AttributeError(symbol)
        return self[symbol]

    def text(self, string: int) -> str:
        """The text of a StringObject."""
        size = self.ruff_string_size(string)
        return string_at(self.ruff_string_data(string), size).decode("utf-8", "replace")
