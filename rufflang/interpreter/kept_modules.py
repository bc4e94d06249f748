"""The file in which a process that makes machine code leaves its modules for those after it: see `packed_modules`."""

from __future__ import annotations

import sys

from rufflang.interpreter.cache_files import write_file
from rufflang.interpreter.source_stamp import ELSEWHERE, source_stamp
from rufflang.packed_modules import PackedModules


def leave_modules() -> None:
    """Leaves what this process has imported, if it takes modules from a file and the sources are what they were."""
    packed = sys.meta_path[0]
    if not isinstance(packed, PackedModules):
        return
    try:
        data = packed.completed(ELSEWHERE)
    except (ImportError, OSError, SyntaxError):
        return  # The sources are being changed.
    if data is not None and packed.place.endswith(source_stamp().package):
        write_file(packed.place, data)
