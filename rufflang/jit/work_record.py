"""How long all runs of a program together have worked without code that they asked for.

A program that runs once, and not for long, should cost nothing afterwards; one that runs again and again should
have code, however short each run is. So what a run has asked for in vain is made at its end, if with it that time
reaches what code is worth. When code is kept, the time begins anew, since what is missing then is something else.

The record is a file beside the program's book, as many bytes long as there were milliseconds. Each run adds to its
end, and where its own bytes came to lie tells it whether it is the one. So of many runs at the same time one has code
made. If nothing comes of that, another tries when the record is so many times as long.
"""

from __future__ import annotations

import os

from rufflang.interpreter.source_stamp import book_place
from rufflang.jit.noting import KEEPING_SECONDS, SHORTEST_SECONDS

_LONGEST = 1 << 16
_NEXT_TRY = 40


def is_code_due(version: str, program: str, worked: float) -> bool:
    """Adds how long a run has worked that is over and lacked code; whether it is the one that has some made."""
    if worked < SHORTEST_SECONDS:
        return False
    try:
        return _is_limit_between(*_add(_place(version, program), round(worked * 1000)))
    except OSError:
        return False  # Nor could code be kept.


def begin_anew(version: str, program: str) -> None:
    """Forgets how long a program has worked: code is kept for it now."""
    try:
        os.unlink(_place(version, program))
    except OSError:
        return  # There was none.


def _add(place: str, milliseconds: int) -> tuple[int, int]:
    """How long a record was before this was added to it, and is now."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    try:
        file = os.open(place, flags, 0o666)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        file = os.open(place, flags, 0o666)
    try:
        size = os.fstat(file).st_size
        if size >= _LONGEST:
            return size, size
        added = os.write(file, b"." * min(milliseconds, _LONGEST))
        after = os.lseek(file, 0, os.SEEK_CUR)
        return after - added, after
    finally:
        os.close(file)


def _is_limit_between(before: int, after: int) -> bool:
    limit = round(KEEPING_SECONDS * 1000)
    while limit <= before:
        limit *= _NEXT_TRY
    return limit <= after


def _place(version: str, program: str) -> str:
    return book_place(version, program).removesuffix(".book") + ".work"
