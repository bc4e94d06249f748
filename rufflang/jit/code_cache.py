"""Machine code of earlier runs, kept on disk.

Compiled code holds no address of the process that made it, so a later run of the same
program can load it as a shared library, without LLVM and without translating anything.
Each program has a book, which lists for every function and loop the code that was made for
it, and under which conditions: the feedback the translation looked at, and the answers to
what it asked for while it worked (what a global holds, how another function takes its
arguments).

All that feedback decides is checked again by the code itself, as it runs.  So code also does
for a run that has seen less so far than the one it was made in.  What code does rely on are the
fixed globals, and what instances of a struct look like whose number it checks: if this run has
not met such instances where the code expects them, the struct of that number has to be the same.

A program is known by its place, so it finds its book when it has been edited.  Functions that are as they were have
their code then: what a function is, is told by a digest (`host.packing`), and what stands for it and for structs in
code and feedback does not change when others come or go (`runtime.functions_numbers`, `runtime.structs_numbers`).

This module is all that a program needs whose code is here, and imports next to nothing; code gets here by
`code_keeping`.
"""

from __future__ import annotations

import os
from _ctypes import dlopen, dlsym

from rufflang.interpreter.native_library import is_whole
from rufflang.interpreter.source_stamp import book_place
from rufflang.jit.book import Book
from rufflang.jit.hot import FOR_THIS_RUN, DirectTarget, HotRequest, InstalledCode

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rufflang.jit.book import Answer, Masks, Packed
    from rufflang.jit.hot import Result, Target

    Ask = Callable[[str, int, Answer], int | None]

DEFINITION = "definition"
"""The kind of an answer that counts only for code which relies on structs that this run has not met there."""

_WORD = 0xFFFFFFFF_FFFFFFFF


class Conditions:
    """When code may be used: what the translation looked at in its request, and what it was answered.

    `words` is the code from `first` to `end` as one number.  Bits outside `keep` do not matter; of those
    that were noted while the program ran, fewer may be set.  What is outside `soft` depends on what structs look
    like; what is in `structs` names one, and may be missing, but not be another.
    `kinds` are the parameters' kinds likewise, `tags` pairs of a register and the tag it must have.
    """

    __slots__ = ("answers", "end", "first", "identity", "keep", "kinds", "soft", "structs", "tags", "words")

    def __init__(
        self,
        identity: bytes,
        span: tuple[int, int],
        masks: Masks,
        words: int,
        kinds: tuple[int, ...],
        tags: tuple[tuple[int, int], ...],
        answers: tuple[tuple[str, int, Answer], ...],
    ) -> None:
        self.identity = identity
        self.first, self.end = span
        self.keep, self.soft, self.structs = masks
        self.words = words
        self.kinds = kinds
        self.tags = tags
        self.answers = answers

    def packed(self) -> Packed:
        """The arguments that make the same conditions again."""
        span, masks = (self.first, self.end), (self.keep, self.soft, self.structs)
        return self.identity, span, masks, self.words, self.kinds, self.tags, self.answers

    def distance(self, request: HotRequest, ask: Ask) -> int | None:
        """How much more than now had been seen when the code was made; None where the code does not do.

        `ask` tells the same about an answer.
        """
        if request.identity != self.identity:
            return None
        code = request.words[8 * self.first : 8 * self.end]
        total, about_structs = further_feedback(code, (self.keep, self.soft, self.structs), self.words)
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
            if kind == DEFINITION and not about_structs:
                continue
            further = ask(kind, number, answer)
            if further is None:
                return None
            total += further
        return total


def further_feedback(code: bytes, masks: Masks, then: int) -> tuple[int | None, bool]:
    """How much more than now is noted in code that was `then`; None if it differs in what must be the same.

    Also tells whether that is about structs.  For `masks` see `Conditions`.
    """
    keep, soft, structs = masks
    now = int.from_bytes(code, "little") & keep
    different = now ^ then
    about_structs = different & ~soft
    if different & now or _names_others(now, different & structs, structs):
        return None, False
    return different.bit_count(), about_structs != 0


def _names_others(now: int, different: int, structs: int) -> bool:
    """Whether another struct is noted now in a word in which one of the differences is."""
    while different:
        word = _WORD << ((different & -different).bit_length() - 1) // 64 * 64
        if now & structs & word:
            return True
        different &= ~word
    return False


class CodeCache:
    """The compiled code of one program; `program` is its name, `version` a digest of this package."""

    def __init__(self, version: str, program: str) -> None:
        place = book_place(version, program)
        self._folder = os.path.dirname(place)
        self.names = version, program
        self._book = Book(place)
        self._is_read = False
        self._used: set[tuple[int, int, str]] = set()

    # ------------------------------------------------------------------------ looking

    def find(self, request: HotRequest, ask: Ask) -> InstalledCode | str | None:
        """Code that an earlier run made for a request like this, or why it could not make any; None: not known."""
        if not self._is_read:
            self._is_read = True
            self._book.read()
        for distance, result in self._suitable(request, ask):
            if isinstance(result, str):
                return result
            # What has been used already has failed; where nothing differs, though, no better code can be made.
            if distance and (request.number, request.place, result[0]) in self._used:
                continue
            code = self.load(request, *result)
            if code is not None:
                return code
        return None

    def made_meanwhile(self, request: HotRequest, ask: Ask) -> Result | None:
        """What has been made for exactly such a request, by whoever it was; None: nothing, or nothing that is there."""
        self._book.refresh()
        for distance, result in self._suitable(request, ask):
            if distance == 0 and (isinstance(result, str) or os.path.exists(os.path.join(self._folder, result[0]))):
                return result
        return None

    def _suitable(self, request: HotRequest, ask: Ask) -> list[tuple[int, Result]]:
        """What was made under conditions that are met, the best first, with its distance from what is true now."""
        found: list[tuple[bool, int, int, Result]] = []
        entries = self._book.entries((request.number, request.place))
        for position, (packed, is_later, result) in enumerate(entries):
            distance = Conditions(*packed).distance(request, ask)
            if distance is not None:
                # Later code was made because assumptions of earlier code had failed.
                found.append((not is_later, distance, -position, result))
        found.sort(key=lambda item: item[:3])
        return [(distance, result) for _, distance, _, result in found]

    def load(self, request: HotRequest, name: str, symbol: str, target: Target | None) -> InstalledCode | None:
        """The code of a library that was made for such a request; None if it cannot be used."""
        path = os.path.join(self._folder, name)
        try:
            if not is_whole(path):
                return None
            # `CDLL` would make a class for each library.
            library = dlopen(path, os.RTLD_NOW)
            if name.startswith(FOR_THIS_RUN):
                os.unlink(path)
            entry = dlsym(library, symbol)
            direct = 0 if target is None else dlsym(library, f"{symbol}.direct")
        except (OSError, ValueError):
            return None
        self._used.add((request.number, request.place, name))
        return InstalledCode(entry, direct, None if target is None else DirectTarget(request.number, *target), library)

    @property
    def is_writable(self) -> bool:
        """Whether anything can be kept."""
        try:
            os.makedirs(self._folder, exist_ok=True)
        except OSError:
            return False
        return os.access(self._folder, os.W_OK)
