"""Compiled programs on disk, so that a program that did not change need not be compiled again.

There is one file for each script, named after its path.  It holds the whole source text, the digest
of this package and the compiled unit; the unit counts only when both are the same as
now.  Nothing here can fail a run: without a usable store programs are compiled.
"""

from __future__ import annotations

import os
from marshal import loads

from rufflang.host.compiled_unit import CompiledUnit
from rufflang.interpreter.source_stamp import SourceStamp, cache_directory, short_digest

_FOLDER = "programs"


def restore(stamp: SourceStamp, name: str, text: str) -> CompiledUnit | None:
    """The unit that was stored for this text by this version of the package, if any."""
    try:
        with open(place_of(name), "rb") as file:
            package, known, words, base, names, exports, assumptions, stored = loads(file.read())
    except (OSError, EOFError, ValueError, TypeError):
        return None
    if package != stamp.package or known != text:
        return None
    return CompiledUnit(words, base, names, exports, assumptions, stored=stored)


def place_of(name: str) -> str:
    """Where the unit of a script is kept."""
    path = os.fsencode(os.path.abspath(name))
    return os.path.join(cache_directory(), _FOLDER, short_digest(path).hex())
