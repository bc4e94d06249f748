"""Machine code of earlier runs, kept on disk.

Compiled code holds no address of the process that made it, so a later run of the same
program can load it as a shared library, without LLVM and without translating anything.
Each program has a book, which lists for every function and loop the code that was made for
it, and under which conditions: the feedback the translation looked at, and the answers to
what it asked for while it worked (what a global holds, how another function takes its
arguments).

All that feedback decides is checked again by the code itself, as it runs.  So code also does
for a run that has seen less so far than the one it was made in; that it has seen the same
kinds of structs and the same fixed globals is required, since code relies on those.

This module is all that a program needs whose code is here, and imports next to nothing.
"""

from __future__ import annotations

import ctypes
import os
from marshal import dumps, loads
from zlib import crc32

from rufflang.interpreter.native_library import is_whole
from rufflang.interpreter.source_stamp import cache_directory, write_file
from rufflang.jit.hot import DirectTarget, HotRequest, InstalledCode

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Answer = tuple[object, ...]
    Ask = Callable[[str, int, Answer], int | None]
    Packed = tuple[
        tuple[str, int], tuple[int, int], tuple[int, int], int, tuple[int, ...], tuple[tuple[int, int], ...],
        tuple[tuple[str, int, Answer], ...],
    ]  # fmt: skip
    Target = tuple[tuple[int | None, ...], int, str]
    # A library's name, the symbol of the entry, and how the code is called directly; or why there is no code.
    Result = tuple[str, str, Target | None] | str
    Entries = dict[tuple[int, int], list[tuple[Packed, bool, Result]]]

_MAXIMUM_FILES = 4000
_KEPT_AFTER_CLEANING = 2000
_MAXIMUM_VARIANTS = 8
_KEPT_VERSIONS = 6


class Conditions:
    """When code may be used: what the translation looked at in its request, and what it was answered.

    `words` is the code from `first` to `end` as one number.  Bits outside `keep` do not matter;
    of those in `soft`, which say what was seen so far, fewer may be set; the others must be the same.
    `kinds` are the parameters' kinds likewise, `tags` pairs of a register and the tag it must have.
    """

    __slots__ = ("answers", "end", "first", "keep", "kinds", "soft", "tags", "unit", "words")

    def __init__(
        self,
        unit: tuple[str, int],
        span: tuple[int, int],
        masks: tuple[int, int],
        words: int,
        kinds: tuple[int, ...],
        tags: tuple[tuple[int, int], ...],
        answers: tuple[tuple[str, int, Answer], ...],
    ) -> None:
        self.unit = unit
        self.first, self.end = span
        self.keep, self.soft = masks
        self.words = words
        self.kinds = kinds
        self.tags = tags
        self.answers = answers

    def packed(self) -> Packed:
        """The arguments that make the same conditions again."""
        span, masks = (self.first, self.end), (self.keep, self.soft)
        return self.unit, span, masks, self.words, self.kinds, self.tags, self.answers

    def distance(self, request: HotRequest, ask: Ask) -> int | None:
        """How much more than now had been seen when the code was made; None where the code does not do.

        `ask` tells the same about an answer.
        """
        if request.unit != self.unit:
            return None
        code = request.words[8 * self.first : 8 * self.end]
        total = further_feedback(code, (self.keep, self.soft), self.words)
        if total is None:
            return None
        if self.kinds:
            for then, now in zip(self.kinds, request.kinds, strict=True):
                if now & ~then:
                    return None
                total += (now ^ then).bit_count()
        if any(request.tags[register] != tag for register, tag in self.tags):
            return None
        for kind, number, answer in self.answers:
            further = ask(kind, number, answer)
            if further is None:
                return None
            total += further
        return total


def further_feedback(code: bytes, masks: tuple[int, int], then: int) -> int | None:
    """How much more than now is noted in code that was `then`; None if it differs in what must be the same.

    For `masks` see `Conditions`.
    """
    keep, soft = masks
    now = int.from_bytes(code, "little") & keep
    different = now ^ then
    if different & ~soft or different & now:
        return None
    return different.bit_count()


class CodeCache:
    """The compiled code of one program; `program` is a digest that names it, `version` one of this package."""

    def __init__(self, version: str, program: str) -> None:
        self._folder = os.path.join(cache_directory(), f"code-{version}")
        self._place = os.path.join(self._folder, f"{program}.book")
        self._entries: Entries | None = None
        self._used: set[tuple[int, int, str]] = set()

    # ------------------------------------------------------------------------ looking

    def find(self, request: HotRequest, ask: Ask) -> InstalledCode | str | None:
        """Code that an earlier run made for a request like this, or why it could not make any; None: not known."""
        if self._entries is None:
            self._entries = self._read()
        suitable: list[tuple[bool, int, int, Result]] = []
        variants = self._entries.get((request.number, request.place), ())
        for position, (packed, is_later, result) in enumerate(variants):
            distance = Conditions(*packed).distance(request, ask)
            if distance is not None:
                # Later code was made because assumptions of earlier code had failed.
                suitable.append((not is_later, distance, -position, result))
        for _, distance, _, result in sorted(suitable, key=lambda item: item[:3]):
            if isinstance(result, str):
                return result
            name, symbol, target = result
            # What has been used already has failed; where nothing differs, though, no better code can be made.
            if distance and (request.number, request.place, name) in self._used:
                continue
            code = self._load(request.number, name, symbol, target)
            if code is not None:
                self._used.add((request.number, request.place, name))
                return code
        return None

    def _load(self, number: int, name: str, symbol: str, target: Target | None) -> InstalledCode | None:
        path = os.path.join(self._folder, name)
        try:
            if not is_whole(path):
                return None
            library = ctypes.CDLL(path)
            entry = _address(library, symbol)
            direct = 0 if target is None else _address(library, f"{symbol}.direct")
        except (OSError, ValueError):
            return None
        return InstalledCode(entry, direct, None if target is None else DirectTarget(number, *target), library)

    def _read(self) -> Entries:
        try:
            with open(self._place, "rb") as file:
                data = file.read()
        except OSError:
            return {}
        if len(data) < 4 or crc32(data[4:]) != int.from_bytes(data[:4], "little"):
            return {}
        entries: Entries = loads(data[4:])
        return entries

    # ------------------------------------------------------------------------ keeping

    def keep(self, request: HotRequest, conditions: Conditions, *, is_later: bool, result: Result) -> None:
        """Notes what came of a request, and whether that was after assumptions had failed."""
        entries = self._read()
        variants = entries.setdefault((request.number, request.place), [])
        packed = conditions.packed()
        variants[:] = [item for item in variants if item[0] != packed][-_MAXIMUM_VARIANTS + 1 :]
        variants.append((packed, is_later, result))
        self._make_room()
        data = dumps(entries)
        write_file(self._place, crc32(data).to_bytes(4, "little") + data)

    def link(self, objects: list[tuple[str, bytes]]) -> None:
        """Makes libraries of object files, under the given names; the linking goes on by itself, whatever we do."""
        import shutil
        import subprocess
        import sys

        linker = (sys.platform == "linux" and shutil.which("ld")) or shutil.which("cc") or shutil.which("clang")
        if not linker:
            return
        options = "-shared" if os.path.basename(linker) == "ld" else "-shared -nostartfiles"
        places: list[str] = []
        for name, data in objects:
            work = os.path.join(self._folder, f"{name}.{os.getpid()}")
            if write_file(f"{work}.o", data):
                places += (work, os.path.join(self._folder, name))
        script = (
            f'while [ $# -gt 0 ]; do "$0" {options} -o "$1.tmp" "$1.o" && mv "$1.tmp" "$2"; '
            'rm -f "$1.o" "$1.tmp"; shift 2; done'
        )
        subprocess.Popen(
            ["/bin/sh", "-c", script, linker, *places],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def _make_room(self) -> None:
        """Forgets code of old versions of this package, and the oldest once there is much of this one."""
        base = os.path.dirname(self._folder)
        try:
            if not os.path.isdir(self._folder):
                os.makedirs(self._folder)
                folders = [os.path.join(base, name) for name in os.listdir(base) if name.startswith("code-")]
                for folder in _oldest(folders, _KEPT_VERSIONS):
                    _delete(folder)
            names = os.listdir(self._folder)
            if len(names) > _MAXIMUM_FILES:
                for path in _oldest([os.path.join(self._folder, name) for name in names], _KEPT_AFTER_CLEANING):
                    os.unlink(path)
        except OSError:
            return


def _oldest(paths: list[str], kept: int) -> list[str]:
    """All but the newest `kept` paths."""
    return sorted(paths, key=lambda path: os.stat(path).st_mtime, reverse=True)[kept:]


def _delete(folder: str) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def _address(library: ctypes.CDLL, symbol: str) -> int:
    return ctypes.addressof(ctypes.c_byte.in_dll(library, symbol))
