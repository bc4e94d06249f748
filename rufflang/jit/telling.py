"""What a run tells of its compiled code while the environment variable DEBUG_JIT is set."""

from __future__ import annotations

from rufflang.jit.hot import RESUME_REQUEST

# Type checkers take this for true; importing these would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.interpreter.loaded_chunk import Chunks
    from rufflang.jit.hot import HotRequest


def about_request(chunks: Chunks, number: int, threshold: int) -> str:
    """A function was called often enough."""
    return f"JIT: Function '{_name(chunks, number)}' hit threshold ({threshold} calls), attempting compilation..."


def about_entry(chunks: Chunks, number: int) -> str:
    """A compiled function was called from the interpreter."""
    return f"JIT: Calling compiled function: {_name(chunks, number)}"


def about_code(chunks: Chunks, request: HotRequest) -> str:
    """There is code for a request now."""
    if request.index >= 0:
        return f"JIT: Successfully compiled hot loop starting at offset {_loop_start(request)}"
    kind = "generator" if request.index == RESUME_REQUEST else "function"
    return f"JIT: Successfully compiled {kind} '{_name(chunks, request.number)}'"


def about_refusal(chunks: Chunks, request: HotRequest, reason: str) -> str:
    """There will be no code for a request."""
    if request.index >= 0:
        return f"JIT: Loop at offset {_loop_start(request)} not compiled, using interpreter: {reason}"
    return f"JIT: Failed to compile function '{_name(chunks, request.number)}': {reason}"


def _name(chunks: Chunks, number: int) -> str:
    return chunks[chunks.index_of(number)].chunk.name


def _loop_start(request: HotRequest) -> int:
    """Where the loop begins whose backward jump is at the request's index."""
    word = int.from_bytes(request.words[8 * request.index : 8 * request.index + 8], "little")
    return request.index - (-(word >> 32) & 0xFFFFFFFF)
