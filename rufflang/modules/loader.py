"""Loading modules for one program: each file is evaluated once, until it changes, and never inside itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from rufflang.modules.failures import EvaluationFailure, ModuleFailure
from rufflang.modules.search import ModuleFile, SearchRoot, entry_roots, find_module
from rufflang.syntax.reading import OversizeSource, UnreadableSource, read_source_file
from rufflang.syntax.spans import Source

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Generic, TypeVar

    Loaded = TypeVar("Loaded")
else:
    Loaded, Generic = None, {None: object}

MODULES_FOLDER = "modules"


class ModuleLoader(Generic[Loaded]):
    """The modules of one program.

    `entry` is the path of the script as given.  `evaluate` runs a module, which it does not
    have to catch: it raises EvaluationFailure with the message of an error, ModuleFailure when
    there is nothing to run, and whatever ends the whole program.
    """

    def __init__(self, entry: str | None, evaluate: Callable[[ModuleFile, Source], Loaded]) -> None:
        self._entry_roots = entry_roots(entry)
        self._evaluate = evaluate
        self._loading: list[ModuleFile] = []
        self._loaded: dict[tuple[str, str], tuple[tuple[int, int], ModuleFile, Loaded]] = {}

    def load(self, name: str) -> Loaded:
        """The module that `name` means here and now; it is evaluated if it was not before, or has changed.

        Raises ModuleFailure, or what evaluating it raised to end the program.
        """
        file = find_module(name, self._roots())
        self._forbid_cycle(file)
        stamp = _stamp(file)
        known = self._loaded.get(file.key)
        if known is not None and known[0] == stamp:
            return known[2]
        source = _read(file)
        self._loading.append(file)
        try:
            module = self._evaluate(file, source)
        except EvaluationFailure as failure:
            raise ModuleFailure(f"Failed to evaluate module '{name}': {failure.message}") from None
        finally:
            self._loading.pop()
        self._loaded[file.key] = stamp, file, module
        return module

    def look_at(self, name: str) -> tuple[ModuleFile, Source] | None:
        """The file that `name` means here and now, and its text; None if there is none to be had."""
        try:
            file = find_module(name, self._roots())
            return file, _read(file)
        except ModuleFailure:
            return None

    def _roots(self) -> Iterator[SearchRoot]:
        if self._loading:
            yield self._loading[-1].root
        working_directory = SearchRoot("")
        yield working_directory
        yield SearchRoot(MODULES_FOLDER, os.path.join(working_directory.path, MODULES_FOLDER))
        yield from self._entry_roots
        for file in self._loading:
            yield file.folder
        for _, file, _ in self._loaded.values():
            yield file.folder

    def _forbid_cycle(self, file: ModuleFile) -> None:
        keys = [loading.key for loading in self._loading]
        if file.key in keys:
            names = [loading.name for loading in self._loading[keys.index(file.key) :]]
            raise ModuleFailure(f"Circular import detected: {' -> '.join([*names, file.name])}")


def _stamp(file: ModuleFile) -> tuple[int, int]:
    """What tells that a file has changed: its modification time and size."""
    try:
        status = os.stat(file.path)
    except OSError:
        return 0, 0  # gone since it was found: reading it will say so
    return status.st_mtime_ns, status.st_size


def _read(file: ModuleFile) -> Source:
    try:
        return read_source_file(file.path, file.shown)
    except UnreadableSource as error:
        raise ModuleFailure(f"Failed to read module '{file.name}': {error}") from None
    except OversizeSource as error:
        raise ModuleFailure(f"Failed to parse module '{file.name}': 1:1: {error}") from None
