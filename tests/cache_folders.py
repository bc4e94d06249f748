"""Cache folders in which nothing is kept but the VM itself, for runs that have to make their own code."""

from __future__ import annotations

import contextlib
from pathlib import Path

from rufflang.interpreter.source_stamp import cache_directory


def link_vm(folder: Path) -> None:
    """Puts what it takes long to build into the folder, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in Path(cache_directory()).iterdir():
        if path.name.startswith(("vm-", "stamp-")):
            with contextlib.suppress(FileExistsError):
                (folder / path.name).symlink_to(path.resolve())
