"""Bytecode: what a checked program is compiled to, and the compiler.

    unit = compile_program(program, source, builtins)
    print(disassemble(unit, builtins))

`opcodes` and `chunk` are the contract with the interpreter and the JIT; everything else
is the compiler's own business.  What is named here is imported when it is first asked for.
"""

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.bytecode.chunk import Chunk, Unit
    from rufflang.bytecode.compiler import compile_program
    from rufflang.bytecode.disassembler import disassemble
    from rufflang.bytecode.errors import CompileError
    from rufflang.bytecode.prelude import BuiltinTable

__all__ = ["BuiltinTable", "Chunk", "CompileError", "Unit", "compile_program", "disassemble"]

_HOMES = {
    "BuiltinTable": "prelude",
    "Chunk": "chunk",
    "CompileError": "errors",
    "Unit": "chunk",
    "compile_program": "compiler",
    "disassemble": "disassembler",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return value
