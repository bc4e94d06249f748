"""Putting machine code where later runs find it: see `code_cache`."""

from __future__ import annotations

import os

from rufflang.interpreter.cache_files import write_file
from rufflang.interpreter.source_stamp import book_place
from rufflang.jit.book import Book
from rufflang.jit.starting import linker_command

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rufflang.jit.code_cache import Conditions
    from rufflang.jit.hot import HotRequest, Result

_MAXIMUM_FILES = 4000
_KEPT_AFTER_CLEANING = 2000
_KEPT_VERSIONS = 6


class CodeKeeper:
    """Keeps the compiled code of one program; `program` is its name, `version` a digest of this package.

    `identity_of` tells what the functions are that it has now.
    """

    def __init__(self, version: str, program: str, identity_of: Callable[[int], bytes | None]) -> None:
        place = book_place(version, program)
        self._folder = os.path.dirname(place)
        self._names = version, program
        self._book = Book(place)
        self._identity_of = identity_of
        self._has_room = False

    def keep(self, request: HotRequest, conditions: Conditions, result: Result) -> None:
        """Notes what came of a request."""
        from rufflang.jit.work_record import begin_anew

        self._make_room()
        entry = conditions.packed(), request.failures > 0, result
        if self._book.add((request.number, request.place), entry):
            self._book.shorten(self._identity_of)
        begin_anew(*self._names)

    def link_at_once(self, name: str, data: bytes) -> bool:
        """Makes a library of an object file, under that name; whether it is there."""
        linker = linker_command()
        path = os.path.join(self._folder, name)
        work = f"{path}.{os.getpid()}"
        self._make_room()
        if linker is None or not write_file(f"{work}.o", data):
            return False
        arguments = [*linker, "-o", f"{work}.tmp", f"{work}.o"]
        null = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in range(3)]
        try:
            process = os.posix_spawn(linker[0], arguments, os.environ, file_actions=null)
            _, status = os.waitpid(process, 0)
            if status == 0:
                os.replace(f"{work}.tmp", path)
            os.unlink(f"{work}.o")
        except OSError:
            return False
        return status == 0

    def delete(self, name: str) -> None:
        """Deletes a library if it is there."""
        try:
            os.unlink(os.path.join(self._folder, name))
        except OSError:
            return

    def link_later(self, objects: list[tuple[str, bytes]]) -> None:
        """Makes libraries of object files, under the given names; the linking goes on by itself, whatever we do."""
        import subprocess

        linker = linker_command()
        if linker is None:
            return
        self._make_room()
        places: list[str] = []
        for name, data in objects:
            work = os.path.join(self._folder, f"{name}.{os.getpid()}")
            if write_file(f"{work}.o", data):
                places += (work, os.path.join(self._folder, name))
        script = (
            f'while [ $# -gt 0 ]; do "$0" {" ".join(linker[1:])} -o "$1.tmp" "$1.o" && mv "$1.tmp" "$2"; '
            'rm -f "$1.o" "$1.tmp"; shift 2; done'
        )
        subprocess.Popen(
            ["/bin/sh", "-c", script, linker[0], *places],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def _make_room(self) -> None:
        """Forgets code of old versions of this package, and the oldest once there is much of this one."""
        if self._has_room:
            return
        self._has_room = True
        base = os.path.dirname(self._folder)
        try:
            os.makedirs(self._folder, exist_ok=True)
            folders = [os.path.join(base, name) for name in os.listdir(base) if name.startswith("code-")]
            for folder in _oldest(folders, _KEPT_VERSIONS):
                if folder != self._folder:
                    _delete(folder)
            modules = [os.path.join(base, name) for name in os.listdir(base) if name.startswith("modules-")]
            for path in _oldest(modules, _KEPT_VERSIONS):
                os.unlink(path)
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
