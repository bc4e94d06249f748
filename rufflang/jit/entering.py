"""How compiled code is entered from a frame, as the interpreter enters it.

A loop takes over the frame that it is in.  A function has two entries; the one for callers that pass arguments in
the frame takes them out of it, checks their kinds and calls the direct one.
"""

from __future__ import annotations

from rufflang.jit.emitter import VM_TYPE, JitEmitter
from rufflang.jit.making import put_together
from rufflang.jit.request import DIRECT_CONVENTION, CompileRequest
from rufflang.jit.words import VALUE, value
from rufflang.lowpy.module import ModuleText
from rufflang.lowpy.types import I64
from rufflang.lowpy.values import Aggregate, Word
from rufflang.runtime.values import FLOAT

RESULT = "{i64, i64}"
_CLOSURE_PLACE = -24  # the payload of the first value of a frame's header


def frame_signature(request: CompileRequest) -> str:
    """How the code of a loop, or a function's entry, is defined that finds everything in the frame."""
    return f'define {RESULT} @"{request.symbol}"(ptr %vm, ptr %regs) nounwind'


def enter_frame(emitter: JitEmitter) -> None:
    """Finds out how deep the frame is, and which closure it runs."""
    depth = emitter.load(I64, emitter.vm, VM_TYPE.fields["depth"].offset)
    assert isinstance(depth, Word)
    emitter.depth = depth
    place = emitter.address(emitter.registers, _CLOSURE_PLACE)
    emitter.closure = emitter.define(emitter.closure.type, f"load ptr, ptr {place.text}")


def write_frame_entry(request: CompileRequest, module: ModuleText) -> None:
    """Adds to the module the entry of a function for callers that pass arguments in the frame."""
    emitter = JitEmitter(module)
    emitter.begin(frame_signature(request))
    enter_frame(emitter)
    arguments: list[Word] = [emitter.vm, emitter.registers, emitter.depth, emitter.closure]
    for index, kind in enumerate(request.direct.parameters):
        loaded = emitter.load(VALUE, emitter.registers, 16 * index)
        assert isinstance(loaded, Aggregate)
        if kind is not None:
            _guard_argument(emitter, loaded.words[0], kind)
            loaded = value(kind, loaded.words[1])
        arguments.extend(argument_words(emitter, loaded, kind))
    result = emitter.call_symbol(f'@"{request.symbol}.direct"', VALUE, arguments, DIRECT_CONVENTION)
    assert isinstance(result, Aggregate)
    emitter.return_value(put_together(emitter, result, emitter.registers, request.direct.pieces))
    emitter.finish()


def _guard_argument(emitter: JitEmitter, tag: Word, kind: int) -> None:
    def leave() -> None:
        arguments = [emitter.vm, emitter.registers, emitter.depth]
        emitter.return_value(emitter.call_runtime("ruff_exit_entry", arguments))

    emitter.guard(emitter.compare("eq", tag, emitter.number(kind)), leave)


def argument_words(emitter: JitEmitter, argument: Aggregate, kind: int | None) -> list[Word]:
    """A value as the LLVM arguments of a typed parameter."""
    if kind is None:
        return list(argument.words)
    return [emitter.double_of(argument)] if kind == FLOAT else [argument.words[1]]
