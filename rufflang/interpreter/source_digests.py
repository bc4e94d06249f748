"""Digests of the package's source, computed when its files have changed; see `source_stamp`."""

from __future__ import annotations

import os
import sys
import time
from hashlib import blake2b
from marshal import dumps

from rufflang.interpreter.cache_files import write_file

# Type checkers take this for true; at run time that type is not there.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.interpreter.source_stamp import File

_SETTLED_SECONDS = 2
_RUNTIME_FOLDERS = ("lowpy", "runtime", "interpreter", os.path.join("runtime", "builtins"))
_RUNTIME_FILES = (
    "foreign.py", "records.py", os.path.join("bytecode", "opcodes.py"), os.path.join("bytecode", "positions.py"),
)  # fmt: skip


def remembered_digests(
    place: str, signature: bytes, package: str, folders: list[list[File]], processor: str
) -> tuple[str, str]:
    """The digests of a package with these files, to be remembered at a place with the signature of the files.

    A file that was changed just before could be changed again within the same tick of the clock, so fresh
    changes are not remembered.
    """
    files = sorted(file for folder in folders for file in folder)
    digests = digests_of(package, [name for name, *_ in files], processor)
    if time.time_ns() - max(changed for *_, changed in files) > _SETTLED_SECONDS * 1_000_000_000:
        write_file(place, dumps((signature, *digests)))
    return digests


def digests_of(package: str, names: list[str], processor: str) -> tuple[str, str]:
    """The digests of what the runtime is made from, and of all these files."""
    runtime, whole = blake2b(digest_size=12), blake2b(digest_size=12)
    runtime.update(processor.encode())
    for digest in (runtime, whole):
        digest.update(f"{sys.version} {sys.platform}".encode())
    for name in names:
        with open(os.path.join(package, name), "rb") as file:
            content = b"%s %d " % (name.encode(), len(data := file.read())) + data
        whole.update(content)
        if os.path.dirname(name) in _RUNTIME_FOLDERS or name in _RUNTIME_FILES:
            runtime.update(content)
    return runtime.hexdigest(), whole.hexdigest()
