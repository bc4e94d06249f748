"""The LLVM form of each intrinsic."""

from __future__ import annotations

from rufflang.lowpy import ir
from rufflang.lowpy.emitter_blocks import undefined
from rufflang.lowpy.function import LowFunction
from rufflang.lowpy.processor import processor_name
from rufflang.lowpy.types import BOOL, F64, I64, Scalar, TupleType, Type, llvm_type
from rufflang.lowpy.values import Aggregate, SsaValue, Word, constant_word, words_of, wrap

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from rufflang.lowpy.emitter import Emitter

_OVERFLOW = {"add_overflow": "sadd", "sub_overflow": "ssub", "mul_overflow": "smul"}
_FLOAT = {
    "square_root": "sqrt", "floor": "floor", "ceiling": "ceil", "truncate": "trunc", "absolute": "fabs",
}  # fmt: skip
_BITS = {"count_leading_zeros": "ctlz", "count_trailing_zeros": "cttz", "population_count": "ctpop"}
_MEMORY = {"copy_memory": "memcpy", "move_memory": "memmove"}
_CALLEE_SAVED = {
    "x86_64": "~{rbx},~{r12},~{r13},~{r14},~{r15}",
    "aarch64": "~{x19},~{x20},~{x21},~{x22},~{x23},~{x24},~{x25},~{x26},~{x27},~{x28}",
}


def emit_intrinsic(emitter: Emitter, node: ir.Intrinsic, arguments: Sequence[SsaValue]) -> SsaValue:
    """Writes the intrinsic at the emitter's position and gives its value."""
    name = node.name
    words = [item for item in arguments if isinstance(item, Word)]
    if name in _OVERFLOW:
        return _overflow(emitter, node.type, name, words)
    if name in _FLOAT:
        return _call_llvm(emitter, F64, f"llvm.{_FLOAT[name]}.f64", "double (double)", words)
    if name in _BITS:
        return _count_bits(emitter, node.type, _BITS[name], words[0])
    if name in _MEMORY:
        return _copy(emitter, _MEMORY[name], words)
    if name in _DIRECT:
        return _DIRECT[name](emitter, node, words)
    return _SPECIAL[name](emitter, node, arguments)


def _overflow(emitter: Emitter, kind: Type, name: str, words: Sequence[Word]) -> SsaValue:
    left, right = words
    if left.constant is not None and right.constant is not None:
        a, b = int(left.constant), int(right.constant)
        exact = a + b if name[0] == "a" else a - b if name[0] == "s" else a * b
        assert isinstance(kind, TupleType)
        return Aggregate(kind, (constant_word(I64, exact), constant_word(BOOL, wrap(I64, exact) != exact)))
    symbol = f"llvm.{_OVERFLOW[name]}.with.overflow.i64"
    emitter.module.declare(symbol, f"declare {{i64, i1}} @{symbol}(i64, i64)")
    return emitter.call_symbol(f"@{symbol}", kind, words)


def _call_llvm(emitter: Emitter, kind: Type, symbol: str, shape: str, words: Sequence[Word]) -> SsaValue:
    result, _, parameters = shape.partition(" ")
    emitter.module.declare(symbol, f"declare {result} @{symbol}{parameters}")
    return emitter.call_symbol(f"@{symbol}", kind, words)


def _count_bits(emitter: Emitter, kind: Type, name: str, operand: Word) -> SsaValue:
    symbol = f"llvm.{name}.i64"
    if name == "ctpop":
        return _call_llvm(emitter, kind, symbol, "i64 (i64)", [operand])
    emitter.module.declare(symbol, f"declare i64 @{symbol}(i64, i1)")
    return emitter.call_symbol(f"@{symbol}", kind, [operand, constant_word(BOOL, False)])


def _copy(emitter: Emitter, name: str, words: Sequence[Word]) -> SsaValue:
    symbol = f"llvm.{name}.p0.p0.i64"
    emitter.module.declare(symbol, f"declare void @{symbol}(ptr, ptr, i64, i1)")
    to, source, size = words
    emitter.line(f"call void @{symbol}(ptr {to.text}, ptr {source.text}, i64 {size.text}, i1 false)")
    return to


def _fill(emitter: Emitter, node: ir.Intrinsic, words: Sequence[Word]) -> SsaValue:
    emitter.module.declare("llvm.memset.p0.i64", "declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)")
    to, byte, size = words
    emitter.line(f"call void @llvm.memset.p0.i64(ptr {to.text}, i8 {byte.text}, i64 {size.text}, i1 false)")
    return to


def _divide(emitter: Emitter, node: ir.Intrinsic, words: Sequence[Word]) -> SsaValue:
    op = "sdiv" if node.name == "divide_truncated" else "srem"
    return emitter.define(I64, f"{op} i64 {words[0].text}, {words[1].text}")


def _multiply_high(emitter: Emitter, node: ir.Intrinsic, words: Sequence[Word]) -> SsaValue:
    left, right = (emitter.define(I64, f"zext i64 {item.text} to i128") for item in words)
    product = emitter.define(I64, f"mul i128 {left.text}, {right.text}")
    high = emitter.define(I64, f"lshr i128 {product.text}, 64")
    return emitter.define(node.type, f"trunc i128 {high.text} to i64")


def _bits_of(emitter: Emitter, node: ir.Intrinsic, words: Sequence[Word]) -> SsaValue:
    operand = words[0]
    if operand.origin is not None and operand.origin.type == I64:
        return operand.origin
    result = emitter.define(I64, f"bitcast double {operand.text} to i64")
    result.origin = operand
    return result


def _float_from_bits(emitter: Emitter, node: ir.Intrinsic, words: Sequence[Word]) -> SsaValue:
    operand = words[0]
    if operand.origin is not None and operand.origin.type == F64:
        return operand.origin
    result = emitter.define(F64, f"bitcast i64 {operand.text} to double")
    result.origin = operand
    return result


def _negate(emitter: Emitter, node: ir.Intrinsic, words: Sequence[Word]) -> SsaValue:
    return emitter.define(F64, f"fneg double {words[0].text}")


def _float_remainder(emitter: Emitter, node: ir.Intrinsic, words: Sequence[Word]) -> SsaValue:
    return emitter.define(F64, f"frem double {words[0].text}, {words[1].text}")


def _cast(emitter: Emitter, node: ir.Intrinsic, words: Sequence[Word]) -> SsaValue:
    operand = words[0]
    if isinstance(operand.type, Scalar):
        if operand.origin is not None and llvm_type(operand.origin.type) == "ptr":
            return Word(node.type, operand.origin.text, None, operand)
        result = emitter.define(node.type, f"inttoptr i64 {operand.text} to ptr")
        result.origin = operand
        return result
    return Word(node.type, operand.text, None, operand.origin)


def _word(emitter: Emitter, node: ir.Intrinsic, words: Sequence[Word]) -> SsaValue:
    operand = words[0]
    if operand.origin is not None and operand.origin.type == I64:
        return operand.origin
    if operand.text == "null":
        return constant_word(I64, 0)
    result = emitter.define(I64, f"ptrtoint ptr {operand.text} to i64")
    result.origin = operand
    return result


def _null(emitter: Emitter, node: ir.Intrinsic, words: Sequence[Word]) -> SsaValue:
    return Word(node.type, "null")


def _is_null(emitter: Emitter, node: ir.Intrinsic, words: Sequence[Word]) -> SsaValue:
    if words[0].text == "null":
        return constant_word(BOOL, True)
    return emitter.define(BOOL, f"icmp eq ptr {words[0].text}, null")


def _offset(emitter: Emitter, node: ir.Intrinsic, words: Sequence[Word]) -> SsaValue:
    moved = emitter.define(node.type, f"getelementptr i8, ptr {words[0].text}, i64 {words[1].text}")
    return moved


def _stack_address(emitter: Emitter, node: ir.Intrinsic, words: Sequence[Word]) -> SsaValue:
    # Not the address of an alloca: LLVM would take reads above it to be out of bounds.
    emitter.module.declare("llvm.stacksave.p0", "declare ptr @llvm.stacksave.p0()")
    return emitter.define(node.type, "call ptr @llvm.stacksave.p0()")


def _spill(emitter: Emitter, node: ir.Intrinsic, words: Sequence[Word]) -> SsaValue:
    clobbers = _CALLEE_SAVED[processor_name()]
    # Asking for the frame's address makes the function save the frame pointer register too.
    emitter.module.declare("llvm.frameaddress.p0", "declare ptr @llvm.frameaddress.p0(i32)")
    frame = emitter.fresh()
    emitter.line(f"{frame} = call ptr @llvm.frameaddress.p0(i32 0)")
    emitter.line(f'call void asm sideeffect "", "r,{clobbers},~{{memory}}"(ptr {frame})')
    return constant_word(I64, 0)


def _expect(emitter: Emitter, node: ir.Intrinsic, words: Sequence[Word]) -> SsaValue:
    condition = words[0]
    if condition.constant is not None:
        return condition
    emitter.module.declare("llvm.expect.i1", "declare i1 @llvm.expect.i1(i1, i1)")
    expected = constant_word(BOOL, node.name == "likely")
    return emitter.call_symbol("@llvm.expect.i1", BOOL, [condition, expected])


def _trap(emitter: Emitter, node: ir.Intrinsic, words: Sequence[Word]) -> SsaValue:
    emitter.module.declare("llvm.trap", "declare void @llvm.trap()")
    emitter.line("call void @llvm.trap()")
    emitter.line("unreachable")
    emitter.block = None
    return constant_word(I64, 0)


def _volatile_load(emitter: Emitter, node: ir.Intrinsic, words: Sequence[Word]) -> SsaValue:
    if node.type == BOOL:
        return emitter.bool_of_byte(emitter.define(BOOL, f"load volatile i8, ptr {words[0].text}"))
    return emitter.define(node.type, f"load volatile {llvm_type(node.type)}, ptr {words[0].text}")


def _prefetch(emitter: Emitter, node: ir.Intrinsic, words: Sequence[Word]) -> SsaValue:
    emitter.module.declare("llvm.prefetch.p0", "declare void @llvm.prefetch.p0(ptr, i32, i32, i32)")
    emitter.line(f"call void @llvm.prefetch.p0(ptr {words[0].text}, i32 0, i32 3, i32 1)")
    return undefined(node.type)


def _select(emitter: Emitter, node: ir.Intrinsic, words: Sequence[Word]) -> SsaValue:
    condition, first, second = words
    if condition.constant is not None:
        return first if condition.constant else second
    kind = llvm_type(node.type)
    return emitter.define(node.type, f"select i1 {condition.text}, {kind} {first.text}, {kind} {second.text}")


def _literal(emitter: Emitter, node: ir.Intrinsic, arguments: Sequence[SsaValue]) -> SsaValue:
    return Word(node.type, emitter.module.literal(node.extra))


def _address_of_function(emitter: Emitter, node: ir.Intrinsic, arguments: Sequence[SsaValue]) -> SsaValue:
    assert isinstance(node.extra, LowFunction)
    emitter.module.use(node.extra)
    return Word(node.type, f'@"{node.extra.symbol}"')


def _call_pointer(emitter: Emitter, node: ir.Intrinsic, arguments: Sequence[SsaValue]) -> SsaValue:
    words = [item for argument in arguments for item in words_of(argument)]
    return emitter.call_symbol(words[0].text, node.type, words[1:])


_DIRECT = {
    "divide_truncated": _divide, "remainder_truncated": _divide, "multiply_high": _multiply_high,
    "bits_of": _bits_of, "float_from_bits": _float_from_bits, "negate": _negate,
    "float_remainder": _float_remainder, "cast": _cast, "word": _word, "null": _null, "is_null": _is_null,
    "offset": _offset, "fill_memory": _fill, "stack_address": _stack_address, "spill_registers": _spill,
    "likely": _expect, "unlikely": _expect, "trap": _trap, "volatile_load": _volatile_load, "select": _select,
    "prefetch": _prefetch,
}  # fmt: skip
_SPECIAL = {"literal": _literal, "address_of_function": _address_of_function, "call_pointer": _call_pointer}
