"""Attributes that have another value for a while.

`contextlib` would say the same, but to import it would slow down whoever waits for code.
"""

from __future__ import annotations


class Meanwhile:
    """While it lasts, an attribute of an object has some value; it ends with a `with`."""

    __slots__ = ("_before", "_name", "_owner", "_value")

    def __init__(self, owner: object, name: str, value: object) -> None:
        self._owner, self._name, self._value = owner, name, value

    def __enter__(self) -> None:
        self._before = getattr(self._owner, self._name)
        setattr(self._owner, self._name, self._value)

    def __exit__(self, *_: object) -> None:
        setattr(self._owner, self._name, self._before)
