"""Result and parameters of those of the VM's C functions that few runs call; see `native`."""

from __future__ import annotations

from rufflang.foreign import Bytes, Int64, Pointer

# Type checkers take this for true; importing `typing` to say so would slow down programs that fail.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.foreign import Signature

_P, _I, _B = Pointer, Int64, Bytes

SIGNATURES: dict[str, Signature] = {
    "ruff_check_itself": (None, (_P, _P, _P)),
    "ruff_write_at_once": (None, (_P,)),
    "ruff_deny": (None, (_P, _I)),
    "ruff_leave_program": (None, (_P,)),
    "ruff_run_block": (_I, (_P, _P)),
    "ruff_free_block": (None, (_P,)),
    "ruff_raise": (None, (_P, _B, _I)),
    "ruff_importing": (_I, (_P,)),
    "ruff_is_bound": (_I, (_P, _I)),
    "ruff_collect_exports": (_P, (_P, _P, _B, _I, _P, _I)),
    "ruff_set_fuel": (None, (_P, _I)),
    "ruff_string_data": (_P, (_P,)),
    "ruff_string_size": (_I, (_P,)),
    "ruff_error_message": (_P, (_P,)),
    "ruff_error_position": (_I, (_P,)),
    "ruff_error_chunk": (_I, (_P,)),
    "ruff_proto_index": (_I, (_P, _I)),
    "ruff_proto_number": (_I, (_P, _I)),
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
    "heap_fail_at": (None, (_P, _I)),
    "heap_allocations": (_I, (_P,)),
    "heap_statistics": (None, (_P, _P)),
    "strings.new_string": (_P, (_P, _B, _I)),
}
