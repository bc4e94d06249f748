"""What importing means to any engine: finding a module's file, reading it, running it only once.

    loader = ModuleLoader("main.ruff")
    module = loader.load("shapes", evaluate)

`evaluate` is the engine's part: it gets a `ModuleFile` and its `Source`, runs the file and gives whatever the
engine wants to be handed out for it.  Everything that can go wrong on the way is a `ModuleFailure`, whose text is
the message of the error that the import statement raises.
"""

from rufflang.modules.failures import EvaluationFailure, ModuleFailure
from rufflang.modules.loader import ModuleLoader
from rufflang.modules.parsing import checked_module
from rufflang.modules.search import ModuleFile

__all__ = ["EvaluationFailure", "ModuleFailure", "ModuleFile", "ModuleLoader", "checked_module"]
