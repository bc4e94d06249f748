"""Compiled programs on disk, so that a program that did not change need not be compiled again.

There is one file for each script, named after its path.  It holds the whole source text, the digest
of this package and the compiled unit; the unit counts only when both are the same as
now.  Nothing here can fail a run: without a usable store programs are compiled.
"""

from __future__ import annotations

import os
from marshal import dumps, loads

from rufflang.host.compiled_unit import CompiledUnit
from rufflang.interpreter.source_stamp import SourceStamp, cache_directory, short_digest, write_file

LARGEST_STORE = 2000
KEPT_AFTER_CLEANING = 1000
_FOLDER = "programs"


def restore(stamp: SourceStamp, name: str, text: str) -> CompiledUnit | None:
    """The unit that was stored for this text by this version of the package, if any."""
    try:
        with open(_place(name), "rb") as file:
            package, known, words, base, names, exports, assumptions, pickled, digest = loads(file.read())
    except (OSError, EOFError, ValueError, TypeError):
        return None
    if package != stamp.package or known != text:
        return None
    return CompiledUnit(words, base, names, exports, assumptions, pickled=pickled, digest=digest)


def store(stamp: SourceStamp, name: str, text: str, compiled: CompiledUnit) -> None:
    """Remembers a unit for the next run."""
    place = _place(name)
    content = (
        stamp.package, text, compiled.words, compiled.global_base, compiled.global_names, compiled.exports,
        compiled.assumptions, compiled.pickled, compiled.digest,
    )  # fmt: skip
    if write_file(place, dumps(content)):
        _clean_up(os.path.dirname(place))


def _place(name: str) -> str:
    path = os.fsencode(os.path.abspath(name))
    return os.path.join(cache_directory(), _FOLDER, short_digest(path).hex())


def _clean_up(folder: str) -> None:
    """Forgets the oldest programs once there are many."""
    try:
        names = os.listdir(folder)
        if len(names) <= LARGEST_STORE:
            return
        places = [os.path.join(folder, name) for name in names]
        places.sort(key=lambda place: os.stat(place).st_mtime, reverse=True)
        for place in places[KEPT_AFTER_CLEANING:]:
            os.unlink(place)
    except OSError:
        return
