"""Machine code of earlier runs, kept on disk.

Compiled code holds no address of the process that made it, so a later run of the same
program can load it as a shared library, without LLVM and without translating anything.
An entry's name is a digest of all that the translation looks at; the few things that it
asks for while it works (what a global holds, how another function takes its
arguments) are stored with the answers it got, and checked before the code is used.
"""

from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass
from hashlib import blake2b
from marshal import dumps, loads

from rufflang.bytecode.chunk import Chunk
from rufflang.bytecode.opcodes import BY_NAME, OPCODES
from rufflang.interpreter.native_library import is_whole
from rufflang.interpreter.source_stamp import PACKAGE, cache_directory, source_stamp, write_file
from rufflang.jit.request import CompileRequest

_MAXIMUM_FILES = 4000
_LOOP = BY_NAME["LOOP"].number
_CACHE_WORDS = [item.cache_words for item in OPCODES]


@dataclass(frozen=True, slots=True)
class CachedCode:
    """A loaded library and the addresses of its entries; `direct` is 0 for a loop."""

    entry: int
    direct: int
    tracker: ctypes.CDLL


class CodeCache:
    """The folder of this version's compiled code."""

    def __init__(self) -> None:
        self._folder = os.path.join(cache_directory(), f"code-{source_stamp().package}")

    def load(self, request: CompileRequest) -> CachedCode | None:
        """Code that an earlier run made for exactly this request, if there is any."""
        place = os.path.join(self._folder, digest(request))
        try:
            with open(f"{place}.asked", "rb") as file:
                asked = file.read()
            answers = loads(asked)
            path = f"{place}-{_short_digest(asked)}.so"
            if answers != request.questions.answers_to(list(answers)) or not is_whole(path):
                return None
            library = ctypes.CDLL(path)
            entry = _address(library, request.symbol)
            direct = 0 if request.loop is not None else _address(library, f"{request.symbol}.direct")
        except (OSError, EOFError, ValueError, TypeError):
            return None
        return CachedCode(entry, direct, library)

    def store(self, request: CompileRequest, data: bytes) -> None:
        """Keeps an object file for later runs; the linking goes on by itself, whatever we do."""
        import shutil
        import subprocess

        linker = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
        if linker is None:
            return
        name = digest(request)
        place = os.path.join(self._folder, name)
        try:
            os.makedirs(self._folder, exist_ok=True)
            if len(os.listdir(self._folder)) > _MAXIMUM_FILES:
                return
        except OSError:
            return
        work = f"{place}.{os.getpid()}"
        asked = dumps(request.questions.answers)
        # The name of the code says what was answered, so that code never meets the answers of another run.
        target = f"{place}-{_short_digest(asked)}"
        if not (write_file(f"{work}.o", data) and write_file(f"{place}.asked", asked)):
            return
        script = '"$0" -shared -nostartfiles -o "$1.tmp" "$1.o" && mv "$1.tmp" "$2.so"; rm -f "$1.o" "$1.tmp"'
        subprocess.Popen(
            ["/bin/sh", "-c", script, linker, work, target],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip


def _short_digest(data: bytes) -> str:
    return blake2b(data, digest_size=6).hexdigest()


def _address(library: ctypes.CDLL, symbol: str) -> int:
    return ctypes.addressof(ctypes.c_byte.in_dll(library, symbol))


def digest(request: CompileRequest) -> str:
    """A name for everything the translation of this request depends on, apart from its questions."""
    kinds = [min(tag, 15) for tag in request.frame_tags]
    parts = (
        PACKAGE, request.number, request.loop, request.loop_end, kinds, list(request.parameter_kinds),
        without_counters(request.words), _description(request.chunk),
    )  # fmt: skip
    return blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def without_counters(words: list[int]) -> list[int]:
    """The code with its feedback, but without the loops' iteration counts."""
    words = list(words)
    pc = 0
    while pc < len(words):
        number = words[pc] & 0xFFFF
        if number == _LOOP:
            words[pc + 1] = 0
        pc += 1 + _CACHE_WORDS[number]
    return words


def _description(chunk: Chunk) -> str:
    constants = [
        ("function", item.captures) if isinstance(item, Chunk) else (type(item).__name__, repr(item))
        for item in chunk.constants
    ]
    handlers = [(item.start, item.end, item.target, item.register) for item in chunk.handlers]
    facts = (chunk.name, chunk.parameter_count, chunk.has_receiver, chunk.register_count, chunk.captures, chunk.lent)
    return repr((constants, handlers, facts))

