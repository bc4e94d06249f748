"""The kind of processor that code is made for."""

from __future__ import annotations

import os


def processor_name() -> str:
    """What LLVM calls this processor."""
    if hasattr(os, "uname"):
        machine = os.uname().machine
    else:
        # It takes long to import, and on other systems it asks the same.
        import platform

        machine = platform.machine()
    return {"AMD64": "x86_64", "amd64": "x86_64", "arm64": "aarch64", "ARM64": "aarch64"}.get(machine, machine)
