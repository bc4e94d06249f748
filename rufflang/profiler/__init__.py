"""What a profile says: from the VM's numbers (`host.profiling`) to functions and lines, tables, and a flame graph."""

from __future__ import annotations
