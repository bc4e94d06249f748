"""What importing means to any engine: finding a module's file, reading it, running it only once.

    loader = ModuleLoader("main.ruff")
    module = loader.load("shapes", evaluate)

`evaluate` is the engine's part: it gets a `Loading`, the file and its text, runs it and gives whatever the
engine wants to be handed out for it.  Everything that can go wrong on the way is a `ModuleFailure`, whose text is
the message of the error that the import statement raises.
"""

from rufflang.modules.failures import EvaluationFailure, ModuleFailure, origin_in
from rufflang.modules.loader import Importer, Loading, ModuleLoader
from rufflang.modules.parsing import checked_module
from rufflang.modules.search import ModuleFile

__all__ = [
    "EvaluationFailure",
    "Importer",
    "Loading",
    "ModuleFailure",
    "ModuleFile",
    "ModuleLoader",
    "checked_module",
    "origin_in",
]
