"""The command that starts Python again, for work of this package in a process of its own."""

from __future__ import annotations

import os
import sys

_START = """
import gc, sys
gc.disable()
sys.path += sys.argv[2:]
if sys.argv[1]:
    from rufflang.packed_modules import PackedModules
    sys.meta_path.insert(0, PackedModules(sys.argv[1]))
from {module} import main
main()
"""
"""What it begins with; to look for a module of the standard library in other folders first takes time."""


def python_command(module: str, packed: str = "") -> list[str]:
    """Runs `main` of a module, for which whatever can be imported here can be imported there.

    `packed` is the place of a file with modules of this package, which may be there; see `packed_modules`.

    Raises OSError when it is not known where Python is.
    """
    if not sys.executable:
        raise FileNotFoundError("Python does not know where it is")
    options = ["-I", "-S", *(["-B"] if sys.dont_write_bytecode else [])]
    package = os.path.dirname(os.path.abspath(__file__))
    start = _START.format(module=module)
    return [sys.executable, *options, "-c", start, packed, os.path.dirname(package), *sys.path]
