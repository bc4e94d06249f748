"""Bytecode: what a checked program is compiled to, and the compiler.

    unit = compile_program(program, source, builtins)
    print(disassemble(unit, builtins))

`opcodes` and `chunk` are the contract with the interpreter and the JIT; everything else
is the compiler's own business.
"""

from rufflang.bytecode.chunk import Chunk, Unit
from rufflang.bytecode.compiler import compile_program
from rufflang.bytecode.disassembler import disassemble
from rufflang.bytecode.errors import CompileError
from rufflang.bytecode.prelude import BuiltinTable

__all__ = ["BuiltinTable", "Chunk", "CompileError", "Unit", "compile_program", "disassemble"]
