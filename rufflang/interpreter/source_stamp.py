"""Which version of the package is this?  Asked at every start, so it has to be cheap.

The digests cover the bytes of every source file from which anything comes that is kept.  They are remembered
together with what the file system says about those files (sizes, times, inodes); as long as it says the same,
the files are the same and need not be read.
"""

from __future__ import annotations

import os
import sys
from _imp import source_hash
from marshal import dumps, loads

# Type checkers take this for true; importing `collections` would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    File = tuple[str, int, int, int, int]
    """Name, size, inode, time of content and time of status."""

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ELSEWHERE = ("advice", "checker", "cli", "profiler", "reference", "tools")
"""Folders that nothing imports from which makes bytecode or machine code."""


class SourceStamp:
    """Digests of the package's source: of what the runtime is made from, and of all that anything kept is made from."""

    __slots__ = ("package", "runtime")

    def __init__(self, runtime: str, package: str) -> None:
        self.runtime = runtime
        self.package = package


def cache_directory() -> str:
    """Where compiled code is kept: RUFFLANG_CACHE, else the user's cache directory."""
    chosen = os.environ.get("RUFFLANG_CACHE")
    if chosen:
        return chosen
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(base, "rufflang")


def program_name(entry: str, counts_work: bool) -> str:
    """A name for the program in a file, which it keeps when it is edited; its code is another if that counts work."""
    try:
        entry = os.path.abspath(entry)
    except OSError:
        entry = ""  # the working folder is gone
    name = short_digest(os.fsencode(entry)).hex()
    return f"{name}-counting" if counts_work else name


def book_place(version: str, program: str) -> str:
    """Where it is written what machine code there is for a program, given its name; beside that code.

    `version` is the digest of the package.
    """
    return os.path.join(cache_directory(), f"code-{version}", f"{program}.book")


def modules_place(version: str) -> str:
    """Where the modules are that make machine code; `version` is the digest of the package."""
    return os.path.join(cache_directory(), f"modules-{_short_name(PACKAGE)}-{version}")


def short_digest(data: bytes) -> bytes:
    """Eight bytes that tell data apart, unless somebody wants them not to.

    It is what Python has in itself; `zlib` and `hashlib` would have to be loaded.
    """
    return source_hash(0, data)


def source_stamp() -> SourceStamp:
    """The digests of the package as it stands on disk now."""
    # What that version writes does not depend on how often objects are referred to.
    signature = dumps((sys.version, _processor()), 2)
    for files in _source_files(PACKAGE, ""):
        # To keep all of them to compare them at once would take more memory than anything else of a start.
        signature = short_digest(signature + dumps(files, 2))
    place = os.path.join(cache_directory(), f"stamp-{_short_name(PACKAGE)}")
    try:
        with open(place, "rb") as file:
            known, runtime, package = loads(file.read())
        if known == signature:
            return SourceStamp(runtime, package)
    except (OSError, EOFError, ValueError, TypeError):
        pass
    from rufflang.interpreter.source_digests import remembered_digests

    folders = list(_source_files(PACKAGE, ""))
    return SourceStamp(*remembered_digests(place, signature, PACKAGE, folders, _processor()))


def _source_files(folder: str, prefix: str) -> Iterator[list[File]]:
    """The source files, one folder after the other."""
    found: list[File] = []
    inner: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name.endswith((".py", ".ruff")):
                status = entry.stat()
                place = prefix + name
                found.append((place, status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns))
            elif not name.startswith((".", "__")) and prefix + name not in ELSEWHERE and entry.is_dir():
                inner.append(name)
    found.sort()
    yield found
    for name in sorted(inner):
        yield from _source_files(os.path.join(folder, name), prefix + name + os.sep)


def _processor() -> str:
    """What distinguishes processors that run different machine code."""
    try:
        with open("/proc/cpuinfo", "rb", buffering=0) as file:
            lines = file.read(4096).decode("ascii", "replace").split("\n")
        return "".join(line for line in lines if line.startswith(("model name", "flags", "Features")))
    except OSError:
        return " ".join(os.uname()) if hasattr(os, "uname") else sys.platform


def _short_name(path: str) -> str:
    """What tells the files of a package at that path from those of others, for this version of Python."""
    return f"{short_digest(os.fsencode(path)).hex()}-{sys.version_info[0]}{sys.version_info[1]}"
