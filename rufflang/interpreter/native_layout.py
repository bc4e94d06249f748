"""Where the host and the JIT find things in the VM's memory.

The layout of native structures follows from their lowpy classes, whose import takes longer than
loading compiled code does.  So the places that are wanted from outside are written into the
compiled runtime as a table of numbers, in the order of the names given here.
"""

from __future__ import annotations

SYMBOL = "ruff_layout"

PLACES = (
    "VM.depth", "VM.last_description",
    "Proto.code", "Proto.code_length", "Proto.positions", "Proto.constants", "Proto.number", "Proto.identity",
    "Proto.register_count",
    "Proto.parameter_count", "Proto.parameter_feedback", "Proto.entry", "Proto.direct_entry",
    "Proto.direct_signature", "Proto.loop_entries", "Proto.exit_count",
    "Proto.kind", "Proto.resume_entry", "Proto.resume_count", "Proto.resume_feedback",
    "CellObject.value", "CellObject.aux",
    "FunctionObject.proto",
)  # fmt: skip
"""Fields, each of which stands for its offset."""

CONSTANTS = (
    "FUNCTION", "FIXED", "PLAIN", "GENERATOR", "OPCODES", "LOOP", "LOOP_NUMBER", "IDENTITY_WORDS", "DESCRIPTION_WORDS",
)  # fmt: skip
"""The tag of functions, the binding kind of globals that never change, the kinds of plain and of generator functions,
how many opcodes there are, the opcode of jumps back, the bits of
its cache word that say which loop it is, how many words an identity has,
and how many there are at the start of what is known of a struct."""

OPCODE_SYMBOL = "ruff_opcodes"
OPCODE_BYTES = 5
"""A table with five bytes for each opcode: how many cache words follow; the bits at which the fields begin that
name a global and a function, 0 if there is none; and which of the cache words, a bit for each, have the number of
a function that was called in bits 32-63, and which in bits 16-39."""
