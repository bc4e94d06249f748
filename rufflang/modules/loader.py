"""Loading modules for one program: each file is evaluated once, until it changes, and never inside itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterator

from rufflang.modules.failures import EvaluationFailure, ModuleFailure
from rufflang.modules.search import ModuleFile, SearchRoot, entry_roots, find_module
from rufflang.source import OversizeSource, Source, UnreadableSource, read_source_file

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Generic, TypeVar

    Loaded = TypeVar("Loaded")
else:
    Loaded, Generic = None, {None: object}

MODULES_FOLDER = "modules"
_MOST_ORIGINS = 100
"""A program may catch the failures of imports again and again, each with a message of its own."""


class Loading:
    """A module that has been begun to load: its file, its text, and what tells whether the file has changed since.

    `importer` is who imports it.
    """

    __slots__ = ("file", "importer", "source", "stamp")

    def __init__(self, file: ModuleFile, stamp: tuple[int, int], source: Source, importer: Importer) -> None:
        self.file = file
        self.stamp = stamp
        self.source = source
        self.importer = importer


class Importer:
    """Who imports: a task, which only has to differ from other tasks, and the module whose loading it is part of.

    That is None outside of all loading.  A task that was started while a module ran is part of its loading.
    """

    __slots__ = ("task", "within")

    def __init__(self, task: Hashable, within: Loading | None) -> None:
        self.task = task
        self.within = within


THE_PROGRAM = Importer(None, None)


class ModuleLoader(Generic[Loaded]):
    """The modules of one program; `entry` is the path of the script as given.

    An engine that runs a module inside a Python call uses `load`.  Another one takes the steps itself: `find`,
    `known`, and if that is None, `has_to_wait`, and if not, `begin`, and `finish` or `abandon` when the module has
    run.
    """

    def __init__(self, entry: str | None) -> None:
        self._entry_roots = entry_roots(entry)
        self._loading: list[Loading] = []
        self._waiting: dict[Hashable, tuple[Loading | None, Loading]] = {}
        """Per task: what it waits for, and within which loading it does so."""
        self._loaded: dict[tuple[str, str], tuple[Loading, Loaded]] = {}
        self._seen: dict[tuple[str, str], tuple[tuple[int, int], Source]] = {}
        """What `look_at` has read."""
        self._origins: dict[str, str] = {}
        """Where the errors are that modules have ended with, by the messages of the imports that failed."""

    def load(
        self,
        name: str,
        evaluate: Callable[[Loading], Loaded],
        importer: Importer = THE_PROGRAM,
        wait: Callable[[], None] | None = None,
    ) -> Loaded:
        """The module that `name` means here and now; it is evaluated if it was not before, or has changed.

        `evaluate` raises EvaluationFailure with the message of an error that the module does not catch,
        ModuleFailure when there is nothing to run, and whatever ends the whole program.  This raises all but
        the first.  `wait` comes back when some import has ended; without tasks it is not needed.
        """
        file = self.find(name, importer)
        while (known := self.known(file)) is None and self.has_to_wait(file, importer):
            assert wait is not None
            wait()
            file = self.find(name, importer)
        if known is not None:
            return known
        loading = self.begin(file, importer)
        try:
            module = evaluate(loading)
        except EvaluationFailure as failure:
            raise self.failure(name, failure) from None
        finally:
            self.abandon(loading)
        self.finish(loading, module)
        return module

    def failure(self, name: str, failure: EvaluationFailure) -> ModuleFailure:
        """What the import statement makes of the failure of a module; where the error is is remembered."""
        of_import = failure.of_module(name)
        # The error may itself be that of an import.
        origin = self._origins.get(failure.message, failure.origin)
        if origin is not None:
            if len(self._origins) == _MOST_ORIGINS:
                self._origins.clear()
            self._origins[of_import.message] = origin
        return of_import

    def origin_of(self, message: str) -> str | None:
        """Where the error is in a module, if an import that failed because of it has this message."""
        return self._origins.get(message)

    def find(self, name: str, importer: Importer = THE_PROGRAM) -> ModuleFile:
        """The file that `name` means here and now.

        Raises ModuleFailure when there is none, or when its loading waits for what the importer is part of.
        """
        self._waiting.pop(importer.task, None)
        within = self._still_loading(importer.within)
        file = find_module(name, self._roots(within))
        circle = self._circle(self._loading_of(file), within)
        if circle:
            names = [loading.file.name for loading in circle]
            raise ModuleFailure(f"Circular import detected: {' -> '.join([*names, name])}")
        return file

    def _loading_of(self, file: ModuleFile) -> Loading | None:
        return next((loading for loading in self._loading if loading.file.key == file.key), None)

    def _still_loading(self, loading: Loading | None) -> Loading | None:
        """The innermost loading around a place in the program that has not ended."""
        while loading is not None and loading not in self._loading:
            loading = loading.importer.within
        return loading

    def _circle(self, start: Loading | None, end: Loading | None) -> list[Loading]:
        """Loadings from `start` to `end`, each of which waits for the next; none if it is not so."""
        if start is None or end is None:
            return []
        paths, seen = [[start]], [start]
        for path in paths:
            if path[-1] is end:
                return path
            for awaited in self._awaited_by(path[-1]):
                if awaited not in seen:
                    seen.append(awaited)
                    paths.append([*path, awaited])
        return []

    def _awaited_by(self, loading: Loading) -> Iterator[Loading]:
        for inner in self._loading:
            if self._still_loading(inner.importer.within) is loading:
                yield inner
        for within, awaited in self._waiting.values():
            if self._still_loading(within) is loading:
                yield awaited

    def has_to_wait(self, file: ModuleFile, importer: Importer) -> bool:
        """Whether another task is loading the module, so that the importer must wait until some import ends.

        Then everything has to be asked again, beginning with `find`.
        """
        loading = self._loading_of(file)
        if loading is None:
            return False
        self._waiting[importer.task] = importer.within, loading
        return True

    def known(self, file: ModuleFile) -> Loaded | None:
        """The module in a file, if it was loaded before and the file has not changed."""
        loaded = self._loaded.get(file.key)
        return loaded[1] if loaded is not None and loaded[0].stamp == _stamp(file) else None

    def begin(self, file: ModuleFile, importer: Importer = THE_PROGRAM) -> Loading:
        """Reads a module, which counts as being loaded from now on.

        Raises ModuleFailure when it cannot be read.
        """
        stamp = _stamp(file)
        seen = self._seen.get(file.key)
        source = seen[1] if seen is not None and seen[0] == stamp else _read(file)
        loading = Loading(file, stamp, source, importer)
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

    def abandon_those_of(self, task: Hashable) -> None:
        """The task will never go on: what it was loading, or waiting for, is as if it had not been begun."""
        self._waiting.pop(task, None)
        self._loading = [loading for loading in self._loading if loading.importer.task != task]

    def abandon_all(self) -> None:
        """No task of the program will ever go on."""
        self._waiting.clear()
        self._loading.clear()

    def look_at(self, name: str) -> tuple[ModuleFile, Source] | None:
        """The file that `name` means here and now, and its text; None if there is none to be had.

        Here is in the module begun last, if one is being loaded: it is being compiled.
        """
        try:
            file = find_module(name, self._roots(self._loading[-1] if self._loading else None))
            stamp = _stamp(file)
            source = _read(file)
        except ModuleFailure:
            return None
        self._seen[file.key] = stamp, source
        return file, source

    def _roots(self, within: Loading | None) -> Iterator[SearchRoot]:
        if within is not None:
            yield within.file.root
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
