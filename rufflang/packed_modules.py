"""Modules of this package in one file, for a process that somebody waits for.

Python looks for each module, reads it, and checks whether it was compiled from the source as that is now.  For the
hundred and eighty modules that make machine code all this takes longer than to unpack them.  So such a process leaves
what it has imported for those after it, under a name that says what the sources are (`source_stamp.modules_place`).
A module that is not there is imported as ever.
"""

from __future__ import annotations

import os
import sys
from _frozen_importlib import ModuleSpec
from marshal import dumps, loads

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType
    from typing import Any

    Packed = dict[str, tuple[str, bool, bytes]]
    """Of each module the file, whether it is a package, and its code."""


_WORTH_WRITING = 8
"""So many modules: to look for a few takes less time than to write the file again."""


class PackedModules:
    """Finds and loads what is in the file at a place, which need not be there."""

    def __init__(self, place: str) -> None:
        self.place = place
        self._modules: Packed = {}
        try:
            with open(place, "rb", buffering=0) as file:
                found = loads(file.read())
        except (OSError, EOFError, ValueError, TypeError):
            return
        if isinstance(found, dict):
            self._modules = found

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """What Python asks of whoever may have a module."""
        found = self._modules.get(name)
        if found is None:
            return None
        file, is_package, _ = found
        loader: Any = self
        spec = ModuleSpec(name, loader, origin=file, is_package=is_package)
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(os.path.dirname(file))
        return spec

    def create_module(self, spec: ModuleSpec) -> None:
        """Leaves it to Python to make the module."""

    def exec_module(self, module: ModuleType) -> None:
        """Runs the code of a module."""
        module.__file__, _, code = self._modules[module.__name__]
        exec(loads(code), vars(module))

    def completed(self, elsewhere: Sequence[str]) -> bytes | None:
        """What the file should hold, with what was imported besides; None if that is little.

        Not in it are modules in folders that its name says nothing about.
        """
        modules = dict(self._modules)
        for name, module in list(sys.modules.items()):
            package, _, place = name.partition(".")
            is_wanted = package == __package__ and place and place.partition(".")[0] not in elsewhere
            spec = module.__spec__ if is_wanted and name not in modules else None
            loader: Any = None if spec is None else spec.loader
            # Test tools import in ways of their own.
            if spec is not None and hasattr(loader, "get_code"):
                is_package = spec.submodule_search_locations is not None
                modules[name] = module.__file__ or "", is_package, dumps(loader.get_code(name))
        return dumps(modules) if len(modules) >= len(self._modules) + _WORTH_WRITING else None
