"""Starting a process without holding up the threads of this one.

`os.posix_spawn` keeps Python's lock until the other process has taken its own shape, which takes milliseconds on a
busy machine, and a program that asks for code meanwhile would wait for that lock.  So the function of the system is
called directly.
"""

from __future__ import annotations

import ctypes
import os

_ROOM = 512
"""Bytes for what the system keeps in a list of file actions, which is less everywhere."""


def start(words: list[str], environment: dict[str, str], requests: int, answers: int) -> int:
    """The number of a new process that reads and writes these files, and whose errors nobody sees.

    Raises OSError when it cannot be started.
    """
    system = ctypes.CDLL(None)
    number = ctypes.c_int()
    actions = ctypes.create_string_buffer(_ROOM)
    path = os.fsencode(words[0])
    _check(system.posix_spawn_file_actions_init(actions))
    try:
        _check(system.posix_spawn_file_actions_adddup2(actions, requests, 0))
        _check(system.posix_spawn_file_actions_adddup2(actions, answers, 1))
        null = os.fsencode(os.devnull)
        _check(system.posix_spawn_file_actions_addopen(actions, 2, null, os.O_WRONLY, 0))
        pairs = [os.fsencode(f"{name}={value}") for name, value in environment.items()]
        arguments = _strings([os.fsencode(word) for word in words])
        _check(system.posix_spawn(ctypes.byref(number), path, actions, None, arguments, _strings(pairs)))
    finally:
        system.posix_spawn_file_actions_destroy(actions)
    return number.value


def _strings(texts: list[bytes]) -> ctypes.Array[ctypes.c_char_p]:
    return (ctypes.c_char_p * (len(texts) + 1))(*texts, None)


def _check(error: int) -> None:
    if error:
        raise OSError(error, os.strerror(error))
