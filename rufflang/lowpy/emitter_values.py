"""Arithmetic, conversions and memory as LLVM instructions, folded where the operands are known."""

from __future__ import annotations

from rufflang.lowpy import ir
from rufflang.lowpy.emitter_blocks import BlockEmitter, undefined
from rufflang.lowpy.emitter_folding import fold_arithmetic, fold_compare, fold_convert
from rufflang.lowpy.types import BOOL, F64, I64, RecordType, Scalar, TupleType, Type, llvm_type
from rufflang.lowpy.values import Aggregate, SsaValue, Word, constant_word

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class ValueEmitter(BlockEmitter):
    """Computes with SSA values at the current position."""

    # --------------------------------------------------------------------- arithmetic

    def arithmetic(self, kind: Type, op: str, left: Word, right: Word) -> Word:
        """`left op right`, folded when possible."""
        folded = fold_arithmetic(kind, op, left, right)
        return folded or self.define(kind, f"{op} {llvm_type(kind)} {left.text}, {right.text}")

    def compare(self, op: str, left: Word, right: Word) -> Word:
        """`left op right` as a bool, folded when possible."""
        folded = fold_compare(op, left, right)
        if folded is not None:
            return constant_word(BOOL, folded)
        name = "fcmp" if left.type == F64 else "icmp"
        return self.define(BOOL, f"{name} {op} {llvm_type(left.type)} {left.text}, {right.text}")

    def negation(self, operand: Word) -> Word:
        """Logical not."""
        if operand.constant is not None:
            return constant_word(BOOL, not operand.constant)
        return self.define(BOOL, f"xor i1 {operand.text}, true")

    def convert(self, kind: Type, operand: Word) -> Word:
        """A number as another number type (`docs/lowpy.md`, Expressions)."""
        source = operand.type
        assert isinstance(kind, Scalar) and isinstance(source, Scalar)
        folded = fold_convert(kind, operand)
        if folded is not None:
            return folded
        before, after = source.llvm, kind.llvm
        if kind == BOOL:
            zero = constant_word(source, 0)
            return self.compare("une" if source == F64 else "ne", operand, zero)
        if kind == F64:
            name = "sitofp" if source.signed and source.bits > 1 else "uitofp"
            return self.define(kind, f"{name} {before} {operand.text} to double")
        if source == F64:
            name = f"llvm.fpto{'s' if kind.signed else 'u'}i.sat.{after}.f64"
            self.module.declare(name, f"declare {after} @{name}(double)")
            return self.define(kind, f"call {after} @{name}(double {operand.text})")
        if source.bits == kind.bits:
            return Word(kind, operand.text, None, operand.origin)
        if source.bits > kind.bits:
            return self.define(kind, f"trunc {before} {operand.text} to {after}")
        return self.define(kind, f"{'sext' if source.signed else 'zext'} {before} {operand.text} to {after}")

    # -------------------------------------------------------------------------- memory

    def address(self, base: Word, byte_offset: int) -> Word:
        """`base` moved by a known number of bytes."""
        if byte_offset == 0:
            return base
        return self.define(base.type, f"getelementptr inbounds i8, ptr {base.text}, i64 {byte_offset}")

    def element_address(self, base: Word, index: Word, stride: int) -> Word:
        """`base` moved by `index` elements of `stride` bytes."""
        if index.constant is not None:
            return self.address(base, int(index.constant) * stride)
        assert isinstance(index.type, Scalar)
        wide = self.convert(I64, index) if index.type.bits < 64 else index
        text = f"getelementptr inbounds [{stride} x i8], ptr {base.text}, i64 {wide.text}"
        return self.define(base.type, text)

    def load(self, kind: Type, base: Word, byte_offset: int) -> SsaValue:
        """The value of a type at base + offset."""
        if isinstance(kind, RecordType):
            words = []
            for index, item in enumerate(kind.fields.values()):
                part = self.load(item, base, byte_offset + 8 * index)
                assert isinstance(part, Word)
                words.append(part)
            return Aggregate(kind, tuple(words))
        place = f"ptr {self.address(base, byte_offset).text}{self.access_mark(base, byte_offset)}"
        if kind == BOOL:
            return self.bool_of_byte(self.define(kind, f"load i8, {place}"))
        return self.define(kind, f"load {llvm_type(kind)}, {place}")

    def access_mark(self, base: Word, byte_offset: int) -> str:
        """What to tell LLVM about the word at base + offset, appended to a load or store."""
        return ""

    def bool_of_byte(self, byte: Word) -> Word:
        """A bool as it is in memory, as a condition."""
        return self.define(BOOL, f"trunc i8 {byte.text} to i1")

    def store(self, base: Word, byte_offset: int, value: SsaValue) -> None:
        """Stores a value at base + offset."""
        if isinstance(value, Aggregate):
            for index, item in enumerate(value.words):
                self.store(base, byte_offset + 8 * index, item)
            return
        place = f"ptr {self.address(base, byte_offset).text}{self.access_mark(base, byte_offset)}"
        if value.type == BOOL:
            wide = self.define(BOOL, f"zext i1 {value.text} to i8")
            self.line(f"store i8 {wide.text}, {place}")
        else:
            self.line(f"store {llvm_type(value.type)} {value.text}, {place}")

    def load_element(self, node: ir.LoadElement, base: Word, index: Word) -> SsaValue:
        """`base[index]`."""
        return self.load(node.type, self.element_address(base, index, node.type.size), 0)

    # --------------------------------------------------------------------------- calls

    def call_symbol(self, target: str, result: Type, words: Sequence[Word], convention: str = "") -> SsaValue:
        """Calls `target` (an LLVM operand) with the given words."""
        texts = ", ".join(f"{llvm_type(item.type)} {item.text}" for item in words)
        kind = llvm_type(result)
        text = f"call {convention}{kind} {target}({texts})"
        if kind == "void":
            self.line(text)
            return undefined(result)
        value = self.define(result, text)
        return self.split(value) if isinstance(result, RecordType | TupleType) else value

    def split(self, value: Word) -> Aggregate:
        """The words of an LLVM aggregate."""
        kind = value.type
        assert isinstance(kind, RecordType | TupleType)
        items = kind.fields.values() if isinstance(kind, RecordType) else kind.items
        words = (
            self.define(item, f"extractvalue {llvm_type(kind)} {value.text}, {index}")
            for index, item in enumerate(items)
        )
        return Aggregate(kind, tuple(words))
