"""The command that starts Python again, for work of this package in a process of its own."""

from __future__ import annotations

import os
import sys

_START = """
import gc, sys
gc.disable()
sys.path += sys.argv[1:]
from {module} import main
main()
"""
"""What it begins with; to look for a module of the standard library in other folders first takes time."""


def python_command(module: str) -> list[str]:
    """Runs `main` of a module, for which whatever can be imported here can be imported there.

    Raises OSError when it is not known where Python is.
    """
    if not sys.executable:
        raise FileNotFoundError("Python does not know where it is")
    options = ["-I", "-S", *(["-B"] if sys.dont_write_bytecode else [])]
    package = os.path.dirname(os.path.abspath(__file__))
    return [sys.executable, *options, "-c", _START.format(module=module), os.path.dirname(package), *sys.path]
