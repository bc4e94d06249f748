"""The opcode table: the one list from which encoder, disassembler, interpreter and JIT are made.

An instruction is one 64-bit word: the opcode in bits 0-15 and three 16-bit fields
A (bits 16-31), B (32-47) and C (48-63); the kinds `K`, `I` and `J` use B and C
together as one 32-bit field.  It is followed by `cache_words` words that hold the
compiler's extra operands and what the interpreter learns at run time.

Field kinds
    w   register written                    r   register read
    u   register read and written           k/K index into the chunk's constants
    p   register read, and what the instruction finds may be a part of what is in it
    h   register read and written: it holds what it did before, or a copy of that
    i/I signed immediate                    n   unsigned count or index
    j/J signed jump distance in words, from the first word of this instruction
    g   index into the module's global cells
    b   builtin number                      -   unused (zero)

Meaning lives in `rufflang.interpreter`, one lowpy function per opcode; the notes here
are what the compiler needs to know.  "Owned" means: the register may hold the only
reference to a container; `SHARE` and `COPY` mark a container, or what holds others, as having
several holders, after which the next write through any holder clones it first.

Calling convention.  A call window starts at register A: A is the callee and receives
the result, A+1 is left free for the frame header, the arguments follow from A+2.
The callee's register 0 is the caller's register A+2, so nothing is copied.  A method
call has its receiver at A+2 and the written arguments from A+3.
"""

from __future__ import annotations

from rufflang.records import Record

READ_KINDS, WRITTEN_KINDS = "ruph", "wuh"
PART_KIND, KEEPING_KIND = "p", "h"


class Opcode(Record):
    """One opcode: its `number`, `name`, field kinds A, B, C, cache words, and a line of meaning."""

    number: int
    name: str
    fields: str
    cache_words: int
    meaning: str


_COMPARISONS = (("EQ", "=="), ("NE", "!="), ("LT", "<"), ("LE", "<="), ("GT", ">"), ("GE", ">="))

_TABLE: list[tuple[str, str, int, str]] = [
    # -- loads and moves
    ("LOAD_NULL", "w--", 0, "A := null"),
    ("LOAD_TRUE", "w--", 0, "A := true"),
    ("LOAD_FALSE", "w--", 0, "A := false"),
    ("LOAD_INT", "wI", 0, "A := the immediate"),
    ("LOAD_CONST", "wK", 0, "A := constant (null, bool, int, float or string)"),
    ("LOAD_UNBOUND", "w--", 0, "A := the mark of a variable without a value"),
    ("LOAD_BUILTIN", "wb-", 0, "A := builtin function B"),
    ("MOVE", "wr-", 0, "A := B, without marking: B is dead afterwards, or A is a call argument"),
    ("COPY", "wr-", 0, "A := B, and both hold it: a container or what holds others is marked shared"),
    ("SHARE", "r--", 0, "mark the container in A, or what holds others, as shared"),
    # -- variables outside registers
    ("NEW_CELL", "w--", 0, "A := a new unbound cell"),
    ("BOX", "h--", 0, "A := a new mutable cell holding the value of A (captured parameters)"),
    ("GET_CELL", "wrk", 1, "A := value of the cell in B; unbound: Undefined variable: constant C"),
    ("BIND_CELL", "rrn", 0, "bind the cell in A to value B with binding kind C"),
    ("ASSIGN_CELL", "rrk", 0, "assign B to the bound cell in A named C; checks let/const"),
    ("OWN_CELL", "wrk", 1, "A := container in cell B (named C), unshared in the cell; checks let/const, unbound"),
    ("LOAD_CAPTURE", "wn-", 0, "A := cell B of the running closure"),
    ("GET_GLOBAL", "wg-", 0, "A := global B; unbound: Undefined variable"),
    ("FIND_GLOBAL", "wg-", 0, "A := global B, or the unbound mark"),
    ("DECLARE_GLOBAL", "rgn", 0, "let/mut/const (kind C) of global B with value A; bound: Duplicate declaration"),
    ("DEFINE_GLOBAL", "rgn", 0, "bind global B to A with kind C, replacing any binding"),
    ("ASSIGN_GLOBAL", "rg-", 0, "assign A to global B (bound or not; unbound becomes mutable); checks let/const"),
    ("OWN_GLOBAL", "wg-", 1, "A := container in global B, unshared in its cell; checks let/const, unbound"),
    ("JUMP_IF_BOUND", "rJ", 0, "jump when register A (or the cell in it) is bound"),
    ("JUMP_IF_GLOBAL_BOUND", "gJ", 0, "jump when global A is bound"),
    ("CHECK_UNBOUND", "rk-", 0, "A (or its cell) is bound: Duplicate declaration in the same scope: constant B"),
    ("CHECK_BOUND", "rk-", 0, "A is the unbound mark: Undefined variable: constant B"),
    # -- arithmetic
    ("ADD", "wrr", 0, "A := B + C"),
    ("SUB", "wrr", 0, "A := B - C"),
    ("MUL", "wrr", 0, "A := B * C"),
    ("DIV", "wrr", 0, "A := B / C"),
    ("MOD", "wrr", 0, "A := B % C"),
    ("ADD_IMM", "wri", 0, "A := B + the int C"),
    ("SUB_IMM", "wri", 0, "A := B - the int C"),
    ("NEG", "wr-", 0, "A := -B"),
    ("NOT", "wr-", 0, "A := !B"),
    ("TRUTH", "wr-", 0, "A := truthiness of B as a bool"),
    *((name, "wrr", 0, f"A := B {sign} C") for name, sign in _COMPARISONS),
    # -- jumps
    ("JUMP", "-J", 0, "jump"),
    ("LOOP", "-J", 1, "jump backwards; safepoint; counts iterations"),
    ("JUMP_IF", "rJ", 0, "jump when A is truthy"),
    ("JUMP_IF_NOT", "rJ", 0, "jump when A is falsy"),
    ("JUMP_IF_NULL", "rJ", 0, "jump when A is null"),
    ("JUMP_IF_NOT_NULL", "rJ", 0, "jump when A is not null"),
    *((f"JUMP_IF_{name}", "rrj", 0, f"jump when A {sign} B is truthy") for name, sign in _COMPARISONS),
    *((f"JUMP_IF_NOT_{name}", "rrj", 0, f"jump when A {sign} B is falsy") for name, sign in _COMPARISONS),
    *((f"JUMP_IF_{name}_IMM", "rij", 0, f"jump when A {sign} the int B is truthy") for name, sign in _COMPARISONS),
    *(
        (f"JUMP_IF_NOT_{name}_IMM", "rij", 0, f"jump when A {sign} the int B is falsy")
        for name, sign in _COMPARISONS
    ),
    # -- containers
    ("GET_INDEX", "wpr", 1, "A := B[C], borrowed (follow with SHARE to keep it)"),
    ("SET_INDEX", "rrr", 1, "A[B] := C; A is unshared; C is owned or shared already"),
    ("GET_FIELD", "wpk", 4, "A := B.name, borrowed"),
    ("GET_FIELD_OPTIONAL", "wpk", 1, "A := B?.name"),
    ("SET_FIELD", "rkr", 4, "A.name B := C; A is unshared"),
    ("OWN", "h--", 1, "clone the container in A if it is shared, so that it can be written in place"),
    ("SHARE_PART", "rr-", 0, "mark B, a part of A that is not read in A again, if A is marked"),
    ("OWN_INDEX", "wpr", 1, "A := B[C] as a place: read rules; a shared child is cloned into B first"),
    ("OWN_FIELD", "wpk", 5, "A := B.name as a place"),
    ("JUMP_IF_NO_FIELD", "rkj", 0, "jump when the struct instance in A has no field named B"),
    ("JUMP_IF_NO_OPERATOR", "rkj", 0, "jump unless A is an instance whose struct defines the operator by method B"),
    ("NEW_ARRAY", "wrn", 0, "A := array of the C registers from B"),
    ("ARRAY_PUSH", "rr-", 0, "append B to the unshared array in A"),
    ("ARRAY_EXTEND", "rr-", 0, "append the elements of B; not an array: Can only spread arrays"),
    ("NEW_DICT", "wn-", 0, "A := empty dict with room for B entries"),
    ("DICT_SET", "rrr", 0, "literal entry: A[B] := C; bad key: Dict keys must be strings"),
    ("DICT_ADD", "rrr", 0, "literal entry A[B] := C with a string, no text of an int, that is no key yet"),
    ("DICT_EXTEND", "rr-", 0, "insert the entries of B; not a dict: Can only spread dicts"),
    ("BUILD_STRING", "wrn", 0, "A := display texts of the C registers from B, joined"),
    ("APPEND", "ur-", 0, "A := A + B, in place where A is a string under construction"),
    ("APPEND_TEXTS", "urn", 0, "A := A + the display texts of the C registers from B, joined; in place likewise"),
    ("COMPLETE", "u--", 0, "a string under construction in A becomes a string like any other"),
    ("MAKE_OK", "wr-", 0, "A := Ok(B)"),
    ("MAKE_ERR", "wr-", 0, "A := Err(B)"),
    ("MAKE_SOME", "wr-", 0, "A := Some(B)"),
    ("LOAD_NONE", "w--", 0, "A := None"),
    ("MAKE_TAGGED", "ukn", 0, "A := tagged value named constant B with the C payload registers from A"),
    ("DESTRUCTURE_ARRAY", "wrn", 1, "A.. := C>>1 items of B, then the rest array when C is odd"),
    ("DESTRUCTURE_DICT", "wrk", 0, "A.. := entries of B for the names constant C, then the rest dict if it asks"),
    # -- structs, enums, functions
    ("MAKE_STRUCT", "wkr", 0, "A := definition from struct constant B; closures (methods, then defaults) from C"),
    ("MAKE_ENUM", "wk-", 0, "A := enum definition from enum constant B"),
    ("NEW_STRUCT", "ukr", 1, "A := instance from definition A, literal constant B, field values from C"),
    ("MAKE_FUNCTION", "wK", 0, "A := closure of function constant, capturing its chunk's `captures`"),
    ("SPAWN", "r--", 0, "start a spawned block: closure A, on a thread and in a VM of its own"),
    # -- calls
    ("CALL", "unn", 1, "call A with B arguments from A+2; C: bit per argument that somebody still holds"),
    ("CALL_METHOD", "ukn", 5, "receiver A+2, C arguments from A+3; word 1 bits 0-15: held bits, receiver first"),
    ("CALL_BUILTIN", "ubn", 1, "A := builtin B of the C arguments from A on; word bits 0-15: held bits"),
    ("TAKE_APART", "ubn", 1, "A, A+1 := what `[a, b] := …` finds in what CALL_BUILTIN would give"),
    ("RETURN", "r--", 0, "return A"),
    ("RETURN_NULL", "---", 0, "return null"),
    ("JUMP_IF_UNWRAPPED", "wpj", 0, "`?`: B is Ok/Some: A := payload and jump; Err/None: go on; else error"),
    ("CHECK_PIPE", "r--", 0, "A is not callable: Pipe operator requires a function on the right side"),
    # -- iteration
    ("FOR_PREPARE", "h--", 0, "make A, A+1 the state of a loop over the value in A (marks it shared if C is 1)"),
    ("FOR_NEXT", "wJ", 1, "A+2 := next item of the state in A, A+1; none left: jump"),
    ("RANGE_PREPARE", "un-", 0, "A.. := checked start, stop, step from the B arguments of range() in A.."),
    ("RANGE_NEXT", "wJ", 0, "A+3 := A, A += A+2; past A+1: jump"),
    # -- generators
    ("GENERATOR", "w--", 0, "return a generator that keeps this frame and goes on behind here; A is it, then"),
    ("YIELD", "rr-", 0, "hand out A as the next item of the generator B, whose frame this is, and suspend it"),
    # -- modules
    ("IMPORT", "wK-", 0, "A := the namespace of the module named by the constant, loaded if it was not before"),
    ("BIND_EXPORTS", "rk-", 0, "bind every global named like an export in namespace A, and the one named B to A"),
    # -- tasks
    ("ASYNC", "---", 0, "return a promise, having run the body, which begins behind here, until it first waits"),
    ("AWAIT", "wp-", 1, "A := outcome of the promise B; B itself if it is none"),
    # -- match and errors
    ("JUMP_IF_NOT_MATCH", "rkj", 0, "jump unless A equals constant B by built-in equality"),
    ("JUMP_IF_NOT_VARIANT", "rnj", 0, "jump unless A is Ok (B=0), Err (1), Some (2), None (3)"),
    ("JUMP_IF_NOT_TAG", "rkj", 0, "jump unless A is a tagged value named constant B"),
    ("JUMP_IF_NO_PAYLOAD", "rnj", 0, "jump unless A has a payload item number B"),
    ("PAYLOAD", "wpn", 1, "A := payload item C of B"),
    ("THROW", "r--", 0, "raise A"),
    ("RAISE", "-K", 0, "raise an error whose message is the constant"),
]

OPCODES: tuple[Opcode, ...] = tuple(
    Opcode(number, name, fields, cache_words, meaning)
    for number, (name, fields, cache_words, meaning) in enumerate(_TABLE)
)
BY_NAME: dict[str, Opcode] = {opcode.name: opcode for opcode in OPCODES}

# Binding kinds of BIND_CELL, DECLARE_GLOBAL and DEFINE_GLOBAL.
MUTABLE, LET, CONST = 0, 1, 2
FIXED = 3
"""A hoisted declaration of a name that nothing in the file binds or assigns again: it never changes."""
