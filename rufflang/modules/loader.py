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


class Loading:
    """A module that has been begun to load: its file, its text, and what tells whether the file has changed since."""

    __slots__ = ("file", "source", "stamp")

    def __init__(self, file: ModuleFile, stamp: tuple[int, int], source: Source) -> None:
        self.file = file
        self.stamp = stamp
        self.source = source


class ModuleLoader(Generic[Loaded]):
    """The modules of one program; `entry` is the path of the script as given.

    An engine that runs a module inside a Python call uses `load`.  Another one takes the steps itself: `find`,
    `known`, and if that is None, `begin`, and `finish` or `abandon` when the module has run.
    """

    def __init__(self, entry: str | None) -> None:
        self._entry_roots = entry_roots(entry)
        self._loading: list[Loading] = []
        self._loaded: dict[tuple[str, str], tuple[Loading, Loaded]] = {}
        self._seen: dict[tuple[str, str], tuple[tuple[int, int], Source]] = {}
        """What `look_at` has read."""

    def load(self, name: str, evaluate: Callable[[ModuleFile, Source], Loaded]) -> Loaded:
        """The module that `name` means here and now; it is evaluated if it was not before, or has changed.

        `evaluate` raises EvaluationFailure with the message of an error that the module does not catch,
        ModuleFailure when there is nothing to run, and whatever ends the whole program.  This raises all but
        the first.
        """
        file = self.find(name)
        known = self.known(file)
        if known is not None:
            return known
        loading = self.begin(file)
        try:
            module = evaluate(file, loading.source)
        except EvaluationFailure as failure:
            raise failure.of_module(name) from None
        finally:
            self.abandon(loading)
        self.finish(loading, module)
        return module

    def find(self, name: str) -> ModuleFile:
        """The file that `name` means here and now.

        Raises ModuleFailure when there is none, or when it is just being loaded.
        """
        file = find_module(name, self._roots())
        keys = [loading.file.key for loading in self._loading]
        if file.key in keys:
            names = [loading.file.name for loading in self._loading[keys.index(file.key) :]]
            raise ModuleFailure(f"Circular import detected: {' -> '.join([*names, name])}")
        return file

    def known(self, file: ModuleFile) -> Loaded | None:
        """The module in a file, if it was loaded before and the file has not changed."""
        loaded = self._loaded.get(file.key)
        return loaded[1] if loaded is not None and loaded[0].stamp == _stamp(file) else None

    def begin(self, file: ModuleFile) -> Loading:
        """Reads a module, which counts as being loaded from now on.

        Raises ModuleFailure when it cannot be read.
        """
        stamp = _stamp(file)
        seen = self._seen.get(file.key)
        loading = Loading(file, stamp, seen[1] if seen is not None and seen[0] == stamp else _read(file))
        self._loading.append(loading)
        return loading

    def finish(self, loading: Loading, module: Loaded) -> None:
        """Remembers a module that has run."""
        self.abandon(loading)
        self._loaded[loading.file.key] = loading, module

    def abandon(self, loading: Loading) -> None:
        """Ends loading a module.  Where there are tasks, it need not be the one begun last."""
        if loading in self._loading:
            self._loading.remove(loading)

    def look_at(self, name: str) -> tuple[ModuleFile, Source] | None:
        """The file that `name` means here and now, and its text; None if there is none to be had."""
        try:
            file = find_module(name, self._roots())
            stamp = _stamp(file)
            source = _read(file)
        except ModuleFailure:
            return None
        self._seen[file.key] = stamp, source
        return file, source

    def _roots(self) -> Iterator[SearchRoot]:
        if self._loading:
            yield self._loading[-1].file.root
        try:
            here = SearchRoot.working_directory()
            yield here
            yield SearchRoot(MODULES_FOLDER, os.path.join(here.path, MODULES_FOLDER))
        except FileNotFoundError:
            pass  # it was removed
        yield from self._entry_roots
        for loading in self._loading:
            yield loading.file.folder
        for loading, _ in self._loaded.values():
            yield loading.file.folder


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
