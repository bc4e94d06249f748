"""Starting a process without holding up the threads of this one, and parting with the program that did.

`os.posix_spawn` keeps Python's lock until the other process has taken its own shape, which takes milliseconds on a
busy machine, and a program that asks for code meanwhile would wait for that lock.  So the function of the system is
called directly.
"""

from __future__ import annotations

import os
import sys
from io import FileIO

from rufflang.foreign import Bytes, Int32, Int64, Pointer, addressof, dlopen, dlsym, function

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from _ctypes import Array
    from collections.abc import Callable, Iterable

_ROOM = 64
"""Words for what the system keeps in a list of file actions, which is less everywhere."""

_SMALL = ["-s", "-z", "noseparate-code"]
"""Options of `ld`: no symbols but those that are looked up, and no pages of their own for code and constants."""

_FIRST_FILE, _LAST_FILE = 3, 256
_NICE = 10
"""Enough to be in nobody's way; a busy machine still lets such a process come to an end."""


def start(words: list[str], environment: dict[str, str], requests: int, answers: int) -> int:
    """The number of a new process that reads and writes these files, and whose errors nobody sees.

    Raises OSError when it cannot be started.
    """
    number, actions = Int32(), (Int64 * _ROOM)()
    list_of_actions = addressof(actions)
    _check(system_function("posix_spawn_file_actions_init", Pointer)(list_of_actions))
    try:
        duplicate = system_function("posix_spawn_file_actions_adddup2", Pointer, Int32, Int32)
        _check(duplicate(list_of_actions, requests, 0))
        _check(duplicate(list_of_actions, answers, 1))
        opening = system_function("posix_spawn_file_actions_addopen", Pointer, Int32, Bytes, Int32, Int32)
        _check(opening(list_of_actions, 2, os.fsencode(os.devnull), os.O_WRONLY, 0))
        variables = _strings([os.fsencode(f"{name}={value}") for name, value in environment.items()])
        arguments = _strings([os.fsencode(word) for word in words])
        spawn = system_function("posix_spawn", Pointer, Bytes, Pointer, Pointer, Pointer, Pointer)
        places = addressof(arguments), addressof(variables)
        _check(spawn(addressof(number), os.fsencode(words[0]), list_of_actions, None, *places))
    finally:
        system_function("posix_spawn_file_actions_destroy", Pointer)(list_of_actions)
    return number.value


def detach(spared: Iterable[int] = ()) -> None:
    """Makes this a process that signals to the program do not reach, and that holds nothing of what it has open.

    Only the standard streams remain, and the files that are spared.
    """
    if os.getpid() != os.getpgrp():
        os.setsid()
    start = _FIRST_FILE
    for file in sorted(spared):
        os.closerange(start, file)
        start = file + 1
    os.closerange(start, _LAST_FILE)


def give_way() -> None:
    """Lets other work go first, since nobody waits any more for what this process does."""
    try:
        os.setpriority(os.PRIO_PROCESS, os.getpid(), _NICE)
        # A session may be a group of its own, whose share of the processor does not depend on that.
        with FileIO("/proc/self/autogroup", "w") as file:
            file.write(str(_NICE).encode())
    except OSError:
        return


def system_function(name: str, *parameters: type[Pointer] | type[Bytes] | type[Int32]) -> Callable[..., int]:
    """A function of the C library that gives a number."""
    process = dlopen(None)  # type: ignore[arg-type]  # no name means what is loaded already
    return function(dlsym(process, name), (Int32, parameters))


def _strings(texts: list[bytes]) -> Array[Bytes]:
    """The addresses of texts, and 0 behind them."""
    return (Bytes * (len(texts) + 1))(*texts, None)


def _check(error: int) -> None:
    if error:
        raise OSError(error, os.strerror(error))


def linker_command() -> list[str] | None:
    """The program that makes shared libraries, with the options for one that stands on nothing else."""
    for name in ("ld", "cc", "clang") if sys.platform == "linux" else ("cc", "clang"):
        for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
            path = os.path.join(folder, name)
            if folder and os.access(path, os.X_OK):
                return [path, "-shared", *(_SMALL if name == "ld" else ["-nostartfiles"])]
    return None
