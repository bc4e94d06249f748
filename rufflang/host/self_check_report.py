"""How a violation found by the VM's checks of itself is worded."""

from __future__ import annotations

from rufflang.bytecode.flow import Flow
from rufflang.runtime import frame_checks, value_checks

EVENTS = {
    frame_checks.ENTERING_FUNCTION: "entering compiled code",
    frame_checks.LEAVING_FUNCTION: "returning from compiled code",
    frame_checks.ENTERING_LOOP: "entering a compiled loop",
    frame_checks.LEAVING_LOOP: "leaving a compiled loop",
    frame_checks.SIDE_EXIT: "leaving compiled code for the interpreter",
    frame_checks.RAISING: "leaving compiled code with an error",
    frame_checks.LEAVING_GENERATOR: "suspending a generator",
    frame_checks.ENTERING_GENERATOR: "resuming a generator",
    frame_checks.LEAVING_TASK: "suspending a task",
    frame_checks.ENTERING_TASK: "resuming a task",
}

PROBLEMS = {
    value_checks.UNKNOWN_TAG: "an unknown tag",
    value_checks.NO_CELL: "a pointer that leads to no object",
    value_checks.WRONG_KIND: "a pointer to an object of another kind",
    value_checks.DEAD_CELL: "a pointer to an object that was found dead",
    value_checks.BAD_MARK: "an object whose shared mark is neither 0 nor 1",
    value_checks.BAD_BOOL: "a bool that is neither 0 nor 1",
    value_checks.BAD_NATIVE: "a builtin function that there is not",
    value_checks.ARRAY_KIND: "an array with an unknown kind of elements",
    value_checks.ARRAY_CAPACITY: "an array with more elements than room for them",
    value_checks.ARRAY_DATA: "an array whose elements are in no block of their kind",
    value_checks.DICT_COUNTS: "a dict whose counts do not fit each other",
    value_checks.DICT_ENTRIES: "a dict with a key that is none",
    value_checks.DICT_INDEX: "a dict that does not find its own keys",
    frame_checks.BAD_CLOSURE: "a frame header without a function",
    frame_checks.UNKNOWN_CODE: "a frame header whose function has unknown code",
    frame_checks.BAD_CALLER: "a frame header that does not lead to the caller",
    frame_checks.WRONG_DEPTH: "a depth that is not the number of frames",
    frame_checks.WRONG_FRAME: "a frame that is not the one noted as running",
    frame_checks.OUTSIDE_CODE: "a code address outside the function",
}


def report(details: tuple[int, ...], place: tuple[Flow, int] | None) -> str:
    """The message; `details` are as `frame_checks` gives them, `place` the code and where in it."""
    event, problem, register, tag, payload = details
    holder = "" if register < 0 else f" in register r{register}"
    words = f"(tag {tag}, payload {payload & (1 << 64) - 1:#x})"
    return f"VM check failed: {PROBLEMS[problem]}{holder} {words}, {EVENTS[event]}{_where(place)}"


def _where(place: tuple[Flow, int] | None) -> str:
    if place is None:
        return ""
    flow, index = place
    name = flow.chunk.name or "<top level>"
    item = flow.instructions.get(index)
    if item is None:
        return f" of {name}, at code word {index}"
    # Code that comes out of the cache has its spans elsewhere.
    line = f" (line {flow.chunk.spans[index].line})" if flow.chunk.spans else ""
    return f" of {name}, before instruction {index}{line}: {item.name}"
