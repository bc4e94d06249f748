"""A readable listing of compiled code, for people and for golden tests."""

from __future__ import annotations

from collections.abc import Iterator

from rufflang.bytecode.chunk import Chunk, Constant, Unit, all_chunks
from rufflang.bytecode.encoding import instruction_length, unpack
from rufflang.bytecode.opcodes import OPCODES, READ_KINDS, WRITTEN_KINDS
from rufflang.bytecode.prelude import BuiltinTable

_HELD_IN_CACHE = frozenset({"CALL_METHOD", "CALL_BUILTIN", "TAKE_APART"})


def disassemble(unit: Unit, builtins: BuiltinTable | None = None) -> str:
    """The listing of all chunks of a unit, the top level first.

    Each line shows the position in the code, the source line, the opcode and the operands:
    `rN` are registers, `->N` jump targets, `'…'` constants.  With `builtins`, numbers of
    built-in functions are shown as names.
    """
    names: dict[int, str] = {}
    for name, number in () if builtins is None else builtins.numbers.items():
        # A function's own name comes before its aliases.
        names.setdefault(number, name)
    lister = _Lister(unit, names)
    return "\n".join(line for chunk in all_chunks(unit.main) for line in lister.chunk(chunk)) + "\n"


class _Lister:
    def __init__(self, unit: Unit, builtin_names: dict[int, str]) -> None:
        self._unit = unit
        self._builtin_names = builtin_names

    def chunk(self, chunk: Chunk) -> Iterator[str]:
        title = chunk.name or "<top level>"
        facts = [f"{chunk.parameter_count} parameters", f"{chunk.register_count} registers"]
        if chunk.has_receiver:
            facts.append("receiver")
        if chunk.lent:
            facts.append(f"lent {chunk.lent:b}")
        if chunk.captures:
            facts.append("captures " + " ".join(f"r{register}" for register in chunk.captures))
        yield f"{title}: {', '.join(facts)}"
        position = 0
        while position < len(chunk.code):
            yield self._instruction(chunk, position)
            position += instruction_length(chunk.code[position])
        for handler in chunk.handlers:
            yield f"  handler {handler.start}..{handler.end} ->{handler.target} r{handler.register}"

    def _instruction(self, chunk: Chunk, position: int) -> str:
        word = chunk.code[position]
        instruction = unpack(word)
        opcode = OPCODES[instruction.number]
        operands = []
        for kind, value in zip(opcode.fields, (instruction.a, instruction.b, instruction.c), strict=False):
            if kind != "-":
                operands.append(self._operand(chunk, position, kind, value))
        if opcode.name in _HELD_IN_CACHE:
            operands.append(f"held {chunk.code[position + 1]:b}")
        line = chunk.spans[position].line
        return f"  {position:4} {line:4}  {opcode.name:<24}{', '.join(operands)}".rstrip()

    def _operand(self, chunk: Chunk, position: int, kind: str, value: int) -> str:
        if kind in READ_KINDS + WRITTEN_KINDS:
            return f"r{value}"
        if kind in "kK":
            return _constant_text(chunk.constants[value])
        if kind in "jJ":
            return f"->{position + value}"
        if kind == "g":
            return f"global {self._unit.global_names[value]}"
        if kind == "b":
            return f"builtin {self._builtin_names.get(value, value)}"
        return str(value)


def _constant_text(constant: Constant) -> str:
    if isinstance(constant, Chunk):
        return f"<{constant.name}>"
    return repr(constant)
