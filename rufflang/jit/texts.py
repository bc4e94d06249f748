"""Texts in compiled code: what is added to them, and their characters.

`text[i]` gives a string, as everything does that is part of one.  Most are only compared, with each other and
with constants such as `"a"`; then their code points do as well, for strings of one character are ordered as
their code points are, and the string itself is never fetched.  Longer constants are compared as words: what a text has
to be equal to is in the code, and LLVM makes a switch of many such comparisons.
"""

from __future__ import annotations

from rufflang.bytecode.flow import Instruction
from rufflang.interpreter.comparison import strings_equal
from rufflang.jit.words import CharacterWord, TextWord, known_tag, value
from rufflang.lowpy.function import LowFunction, as_low
from rufflang.lowpy.types import I64, U64
from rufflang.lowpy.values import Aggregate, SsaValue, Word, constant_word, words_of
from rufflang.runtime.indexing import character_at, character_get, character_place
from rufflang.runtime.strings import WORD
from rufflang.runtime.strings_comparing import is_short_text
from rufflang.runtime.values import INT, STRING

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rufflang.jit.operations import Operations

STRINGS_EQUAL, IS_SHORT_TEXT = as_low(strings_equal), as_low(is_short_text)


class Texts:
    """GET_INDEX on strings, and the operands of adding."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self.translator = operations.translator
        self.emitter = operations.emitter

    def expect_text(self, item: Instruction, arguments: list[SsaValue]) -> None:
        """What is added to a string is a string: anything else is an error, which the interpreter raises."""
        _, left, right = arguments
        assert isinstance(right, Aggregate)
        if known_tag(left) != STRING or known_tag(right) is not None:
            return
        emitter = self.emitter
        other, text = emitter.new_label("other"), emitter.new_label("text")
        wrong = emitter.unlikely(emitter.compare("ne", right.words[0], emitter.number(STRING)))
        emitter.branch(wrong, other, text)
        emitter.start(other)
        self.translator.side_exit(item.pc)
        emitter.start(text)
        arguments[2] = value(STRING, right.words[1])

    def character(self, item: Instruction) -> bool:
        """Translates GET_INDEX if it is known to be that of a character."""
        base, index = self.operations.register(item.b), self.operations.register(item.c)
        if known_tag(base) != STRING or known_tag(index) != INT:
            return False
        with self.translator.loops.hoisting.known(item.b, base):
            result, raises = self.emitter.inline(as_low(character_get), [self.emitter.vm, base, index])
        self.translator.landed_raises(item, raises)
        if self.emitter.block is not None:
            self.operations.set_register(item.a, _character(result))
        return True

    def early(
        self, item: Instruction, base: Aggregate, index: Aggregate, leave: Callable[[], None]
    ) -> Aggregate | None:
        """The character that GET_INDEX of a string will give, taken before its time; None if it may be anything."""
        if known_tag(index) != INT:
            return None
        emitter = self.emitter
        position, _ = emitter.inline(as_low(character_place), [base, index])
        assert isinstance(position, Word)
        emitter.guard(emitter.compare("sge", position, emitter.number(0)), leave)
        result, _ = emitter.inline(as_low(character_at), [emitter.vm, base, position])
        return _character(result)


def _character(found: SsaValue | None) -> Aggregate:
    """The value of a Character."""
    assert isinstance(found, Aggregate)
    _, payload, code = found.words
    return value(STRING, CharacterWord(payload, code))


def constant_text(payload: Word, text: str) -> Word:
    """The payload of a string constant, with what it says."""
    if len(text) == 1:
        return CharacterWord(payload, constant_word(I64, ord(text)))
    return TextWord(payload, text.encode())


def narrowed_equality(operands: list[SsaValue]) -> tuple[LowFunction, list[SsaValue]]:
    """The function that compares two strings, and its arguments: one with a short constant is compared by its words."""
    for item, other in (operands, operands[::-1]):
        content = _constant_bytes(item)
        if content is not None and len(content) <= WORD * 4:
            parts = [content[:WORD].rjust(WORD, b"\0"), content[WORD : WORD * 2], content[WORD * 2 :], content[-WORD:]]
            words = [constant_word(U64, int.from_bytes(part[:WORD], "little")) for part in parts]
            return IS_SHORT_TEXT, [other, constant_word(I64, len(content)), *words]
    return STRINGS_EQUAL, operands


def _constant_bytes(item: SsaValue) -> bytes | None:
    payload = words_of(item)[-1]
    if isinstance(payload, CharacterWord) and payload.code.constant is not None:
        return chr(int(payload.code.constant)).encode()
    return payload.content if isinstance(payload, TextWord) else None


def as_code_points(arguments: list[SsaValue]) -> list[SsaValue]:
    """The arguments of a comparison: of two known characters, their code points instead."""
    codes = [_code_point(item) for item in arguments[1:]]
    if len(codes) != 2 or codes[0] is None or codes[1] is None:
        return arguments
    return [arguments[0], *(value(INT, code) for code in codes if code is not None)]


def _code_point(item: SsaValue) -> Word | None:
    if isinstance(item, Aggregate) and known_tag(item) == STRING:
        payload = item.words[1]
        if isinstance(payload, CharacterWord):
            return payload.code
    return None
