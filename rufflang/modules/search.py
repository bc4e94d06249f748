"""Where a module's file is: the search roots in their order, and that no link leads out of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from rufflang.modules.failures import ModuleFailure

_NOT_FOUND = (
    "Module not found: {name}; Check that '{name}' exists as a flat <module>.ruff file or a nested src/... path "
    "under the package root, and confirm the import name matches the on-disk layout."
)

_PATH_SIGNS = frozenset("/\\:\0")


class SearchRoot:
    """A folder to look in: as it is `shown` in places of errors, and its path for finding it."""

    __slots__ = ("_real", "path", "shown")

    def __init__(self, shown: str, path: str | None = None, real: str | None = None) -> None:
        self.shown = shown
        self.path = os.path.abspath(shown) if path is None else path
        self._real = real

    @classmethod
    def working_directory(cls) -> SearchRoot:
        """The current one, whose path the system gives without links."""
        path = os.getcwd()
        return cls("", path, path)

    @property
    def real(self) -> str:
        """The path without links."""
        if self._real is None:
            self._real = os.path.realpath(self.path)
        return self._real

    def real_path(self, candidate: str) -> str:
        """The path without links of something in this folder."""
        path = os.path.join(self.real, candidate)
        is_plain = os.sep not in candidate and not os.path.islink(path)
        return path if is_plain else os.path.realpath(path)


class ModuleFile:
    """A file that was found for a module.

    `shown` names it in messages, `path` is the real file, and two imports mean the same
    module when their `key` is the same: the real search root and the real file.
    """

    __slots__ = ("key", "name", "path", "root", "shown")

    def __init__(self, name: str, root: SearchRoot, shown: str, key: tuple[str, str]) -> None:
        self.name = name
        self.root = root
        self.shown = shown
        self.key = key
        self.path = key[1]

    @property
    def folder(self) -> SearchRoot:
        """The folder in which it lies."""
        return SearchRoot(os.path.dirname(self.shown), os.path.dirname(self.path))


def entry_roots(entry: str | None) -> list[SearchRoot]:
    """What the entry script adds to the search: its folder, and the one around a folder named `src`."""
    if entry is None:
        return []
    folder = SearchRoot(os.path.dirname(entry))
    if os.path.basename(folder.path) != "src":
        return [folder]
    around = os.path.dirname(folder.shown) if folder.shown else os.pardir
    return [folder, SearchRoot(around)]


def find_module(name: str, roots: Iterable[SearchRoot]) -> ModuleFile:
    """The first file for `name` in the first root that has one.

    Raises ModuleFailure when there is none, or when it is not really inside its root.
    """
    candidates = _candidates(name)
    for root in _each_once(roots):
        for candidate in candidates:
            path = os.path.join(root.path, candidate)
            if os.path.isfile(path):
                return _checked(name, root, candidate)
    raise ModuleFailure(_NOT_FOUND.format(name=name))


def _candidates(name: str) -> list[str]:
    segments = name.split(".")
    if "" in segments:
        raise ModuleFailure(f"Unsafe module import '{name}': dotted module path contains an empty segment")
    if not _PATH_SIGNS.isdisjoint(name):
        raise ModuleFailure(f"Unsafe module import '{name}': a module name is no path")
    flat = f"{name}.ruff"
    return [flat] if len(segments) == 1 else [flat, os.path.join(*segments) + ".ruff"]


def _each_once(roots: Iterable[SearchRoot]) -> Iterator[SearchRoot]:
    seen: set[str] = set()
    for root in roots:
        if root.path not in seen:
            seen.add(root.path)
            yield root


def _checked(name: str, root: SearchRoot, candidate: str) -> ModuleFile:
    real_root, real_path = root.real, root.real_path(candidate)
    inside = real_root if real_root.endswith(os.sep) else real_root + os.sep
    if not real_path.startswith(inside):
        raise ModuleFailure(
            f"Unsafe module import '{name}': resolved path '{real_path}' escapes module search root '{real_root}'"
        )
    return ModuleFile(name, root, os.path.join(root.shown, candidate), (real_root, real_path))
