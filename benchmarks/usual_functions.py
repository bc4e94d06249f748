"""Which functions of the runtime programs call: writes the list by which they lie side by side in memory.

A runtime of which every function notes that it was called runs all programs of the catalogue, small, with the
interpreter alone and with everything compiled at once. To be run when the runtime's functions have changed much.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import re
import sys
import tempfile
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from llvmlite.binding import parse_assembly

from benchmarks.catalogue import BENCHMARKS, OTHER_BENCHMARKS, PROGRAMS, Benchmark
from rufflang.cli import main as command
from rufflang.interpreter import native_build, usual_functions
from rufflang.interpreter.native_library import load
from rufflang.lowpy.build import optimise, target_machine

FEWEST_PROGRAMS = 2
"""What one program alone calls says nothing about others."""

_NOTES = "ruff_notes"
_FUNCTION = re.compile(r'(define [^@]*@"?([\w.$]+)[^\n]*\{\n(?:[\w.]+:[^\n]*\n)?)')
_LIST = re.compile(r'(?<=USUAL_FUNCTIONS = """\n).*(?=\n""")', re.DOTALL)


def noting(text: str) -> tuple[str, list[str]]:
    """The text of a module in which each function notes that it was called, and the functions by their numbers."""
    symbols: list[str] = []

    def with_note(found: re.Match[str]) -> str:
        symbols.append(found[2])
        place = f"getelementptr (i8, ptr @{_NOTES}, i64 {len(symbols) - 1})"
        return f"{found[1]}  store i8 1, ptr {place}\n"

    changed = _FUNCTION.sub(with_note, text)
    return f"{changed}\n@{_NOTES} = global [{len(symbols)} x i8] zeroinitializer\n", symbols


def count_calls() -> Counter[str]:
    """For each function, how many programs call it, where it has not become part of another."""
    symbols: list[str] = []

    def compile_noting(texts: list[str]) -> list[bytes]:
        (text,) = texts
        machine = target_machine()
        changed, found = noting(str(optimise(text, machine)))
        symbols.extend(found)
        return [bytes(machine.emit_object(parse_assembly(changed)))]

    in_one_part = patch.object(native_build, "usable_processors", lambda: 1)
    with in_one_part, patch.object(native_build, "compile_objects", compile_noting):
        library = load().library
    notes = (ctypes.c_char * len(symbols)).from_address(library.address(_NOTES))
    counts: Counter[str] = Counter()
    for program in (*BENCHMARKS, *OTHER_BENCHMARKS, Benchmark("hello", None, "")):
        ctypes.memset(notes, 0, len(symbols))
        path = PROGRAMS / "hello.ruff" if program.name == "hello" else program.source("ruff")
        size = [] if program.small_size is None else ["--", str(program.small_size)]
        for mode in ("off", "sync"):
            if command(["run", str(path), "--jit", mode, *size]) != 0:
                raise RuntimeError(f"{program.name} failed")
        counts.update(symbol for symbol, note in zip(symbols, notes.raw, strict=True) if note)
    return counts


@contextmanager
def _cache_and_no_output() -> Iterator[None]:
    """A cache without a runtime, and nothing is printed."""
    printed = os.dup(1)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, open(os.devnull, "wb") as nowhere:
        os.environ["RUFFLANG_CACHE"] = folder
        os.dup2(nowhere.fileno(), 1)
        try:
            yield
        finally:
            sys.stdout.flush()
            os.dup2(printed, 1)


def main(words: Sequence[str]) -> int:
    """Count and write; the result is the exit code."""
    argparse.ArgumentParser(prog="python -m benchmarks.usual_functions", description=__doc__).parse_args(words)
    with _cache_and_no_output():
        counts = count_calls()
    usual = sorted((-count, symbol) for symbol, count in counts.items() if count >= FEWEST_PROGRAMS)
    names = textwrap.fill(" ".join(symbol for _, symbol in usual), 120, break_on_hyphens=False)
    place = Path(usual_functions.__file__)
    place.write_text(_LIST.sub(names, place.read_text()))
    print(f"{len(usual)} of {len(counts)} functions that were called are called by several programs")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
