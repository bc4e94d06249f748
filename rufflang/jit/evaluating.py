"""How what an opcode means becomes code, given what is known of the kinds of its operands.

A meaning is inlined where the kinds are known, which leaves of it the one case that applies.  A value that is an int
or a float (`NumberTag`), and may be either at different times, makes two cases of it.  Where nothing is known of
one of two operands, it is expected to be like the other one.  All else is called.
"""

from __future__ import annotations

from rufflang.jit.words import VALUE, NumberTag, known_tag, value
from rufflang.lowpy.emitter import Edge
from rufflang.lowpy.function import LowFunction
from rufflang.lowpy.values import Aggregate, SsaValue, words_of
from rufflang.runtime.values import ARRAY, FLOAT, INT, NULL, STRING

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.jit.emitter import JitEmitter

Result = tuple[SsaValue | None, list[Edge]]
"""What a meaning gives, and the edges on which it raised."""

_COMPARED_WITH_NULL = frozenset(("equal", "not_equal"))
_ALWAYS_INLINE = frozenset(
    (
        "move", "copy", "share_register", "read_cell", "bind_cell", "assign_cell", "own_value", "load_capture",
        "logical_not", "truth", "check_bound", "check_unbound", "find_global", "assign_global", "load_builtin",
        "payload_item",
    )
)


def evaluate(emitter: JitEmitter, meaning: LowFunction, arguments: list[SsaValue]) -> Result:
    """Inlines a meaning when that pays, else calls it."""
    operands = [item for item in arguments if isinstance(item, Aggregate)]
    if not _gives_value(meaning) or _decides_without_kinds(meaning, operands):
        return emitter.inline(meaning, arguments)
    if all(known_tag(item) is not None or isinstance(item.words[0], NumberTag) for item in operands):
        returns, raises = _cases(emitter, meaning, arguments)
        return emitter.land(returns)[1], raises
    guessed = _guessed_kind(operands)
    if guessed is not None:
        return _evaluate_guessed(emitter, meaning, arguments, guessed)
    return emitter.call(meaning, arguments), []


def _gives_value(meaning: LowFunction) -> bool:
    return meaning.signature.result is VALUE


def _decides_without_kinds(meaning: LowFunction, operands: list[Aggregate]) -> bool:
    tags = [known_tag(item) for item in operands]
    if meaning.name in _COMPARED_WITH_NULL and NULL in tags:
        return True
    if meaning.name == "index_set" and tags[:2] == [ARRAY, INT]:
        # How the array is stored decides, and that is looked at anyhow.
        return True
    return meaning.name in _ALWAYS_INLINE


def _cases(emitter: JitEmitter, meaning: LowFunction, arguments: list[SsaValue]) -> tuple[list[Edge], list[Edge]]:
    """Inlines a meaning for each of the kinds that the operands may be of."""
    either = next((item for item in arguments if isinstance(words_of(item)[0], NumberTag)), None)
    if either is None:
        return emitter.inline_paths(meaning, arguments)
    tag, payload = words_of(either)
    returns, raises = [], []
    labels = {FLOAT: emitter.new_label("float"), INT: emitter.new_label("int")}
    emitter.branch(emitter.compare("eq", tag, emitter.number(FLOAT)), labels[FLOAT], labels[INT])
    for kind, label in labels.items():
        emitter.start(label)
        narrowed = [value(kind, payload) if item is either else item for item in arguments]
        returned, raised = _cases(emitter, meaning, narrowed)
        returns += returned
        raises += raised
    return returns, raises


def _evaluate_guessed(emitter: JitEmitter, meaning: LowFunction, arguments: list[SsaValue], kind: int) -> Result:
    """Inlines a meaning for the case that both operands are of one's known kind; calls it otherwise."""
    narrowed = list(arguments)
    same, other = emitter.new_label("same"), emitter.new_label("other")
    for index, item in enumerate(arguments):
        if isinstance(item, Aggregate) and known_tag(item) is None:
            emitter.branch(emitter.compare("eq", item.words[0], emitter.number(kind)), same, other)
            narrowed[index] = value(kind, item.words[1])
    emitter.start(same)
    returns, raises = emitter.inline_paths(meaning, narrowed)
    emitter.start(other)
    called = emitter.call(meaning, arguments)
    _, result = emitter.land([*returns, Edge(emitter.leave(), {}, called)], "either")
    return result, raises


def _guessed_kind(operands: list[Aggregate]) -> int | None:
    """The kind of a number or string beside an operand of unknown kind, which is likely to be of the same."""
    tags = [known_tag(item) for item in operands]
    if len(tags) == 2 and tags.count(None) == 1:
        kind = tags[0] if tags[1] is None else tags[1]
        return kind if kind in (INT, FLOAT, STRING) else None
    return None
