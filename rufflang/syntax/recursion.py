"""Room to recurse: raising the host's recursion limit without hurting other threads.

Trees nest up to the product of the language's two nesting limits, far deeper than
Python's recursion limit.  That limit belongs to the whole process, and lowering it below
the depth at which another thread stands aborts the process.  So whoever walks a tree
recursively does it inside `deep_recursion`, which counts its users and lowers the limit
again only after the last of them.  Python calls between Python functions do not use the
native stack, so a high limit costs nothing by itself.
"""

from __future__ import annotations

import sys
from _thread import allocate_lock

# 256 levels of expression in each of 128 blocks, with room for thirty Python calls per level.
DEEP_LIMIT = 1_000_000


class DeepRecursion:
    """A context manager shared by all threads, and free to be entered repeatedly."""

    def __init__(self) -> None:
        self.lock = allocate_lock()
        self.users = 0
        self.limit_before = 0

    def __enter__(self) -> None:
        with self.lock:
            self.users += 1
            if self.users == 1:
                self.limit_before = sys.getrecursionlimit()
                sys.setrecursionlimit(max(self.limit_before, DEEP_LIMIT))

    def __exit__(self, *exception: object) -> None:
        with self.lock:
            self.users -= 1
            # A limit that somebody else has set in the meantime is not ours to change.
            if self.users == 0 and sys.getrecursionlimit() == DEEP_LIMIT:
                sys.setrecursionlimit(self.limit_before)


deep_recursion = DeepRecursion()
