"""Putting compiled programs into the store, from which `program_store` takes them."""

from __future__ import annotations

import os
from marshal import dumps

from rufflang.host.compiled_unit import CompiledUnit
from rufflang.host.program_store import place_of
from rufflang.interpreter.cache_files import write_file
from rufflang.interpreter.source_stamp import SourceStamp

LARGEST_STORE = 2000
KEPT_AFTER_CLEANING = 1000


def store(stamp: SourceStamp, name: str, text: str, compiled: CompiledUnit) -> None:
    """Remembers a unit for the next run."""
    place = place_of(name)
    content = (
        stamp.package, text, compiled.words, compiled.global_base, compiled.global_names, compiled.exports,
        compiled.assumptions, compiled.stored,
    )  # fmt: skip
    if write_file(place, dumps(content)):
        _clean_up(os.path.dirname(place))


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
