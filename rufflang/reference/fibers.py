"""Fibers: stretches of evaluation that stop in the middle and go on later.

Generator bodies and tasks are evaluated on fibers, each with a Python stack of its own;
the `greenlet` package provides these stacks.  Exactly one fiber of a thread runs at a
time, and every switch names the one that goes on, so there is no hidden scheduler here.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from typing import Any, TypeAlias

from rufflang.reference.errors import FatalError

Fiber: TypeAlias = Any

_GREENLET_MISSING = (
    "generators and async functions need the package 'greenlet' on this engine; "
    "python -m pip install 'rufflang[reference]' brings it"
)


def _greenlet() -> Any:
    """The greenlet module, imported only by programs that need it."""
    try:
        import greenlet
    except ImportError:
        raise FatalError(_GREENLET_MISSING) from None
    return greenlet


def current_fiber() -> Fiber:
    """The fiber that is running; a thread begins on its root fiber."""
    return _greenlet().getcurrent()


def place_to_go_on() -> Fiber | None:
    """The fiber that is running, None for the root fiber, for somebody who may outlive the thread.

    A root fiber goes with its thread, whoever refers to it: Python's collector would find it in ruins.
    """
    fiber = current_fiber()
    return None if fiber.parent is None else fiber


def _root_fiber() -> Fiber:
    fiber = current_fiber()
    while fiber.parent is not None:
        fiber = fiber.parent
    return fiber


class _Fibers(threading.local):
    """The fibers of a thread that somebody can still reach."""

    def __init__(self) -> None:
        self.reachable: weakref.WeakSet[Any] = weakref.WeakSet()


_fibers = _Fibers()


def new_fiber(body: Callable[[], Fiber | None]) -> Fiber:
    """A fiber that runs `body` when it is first switched to, and then the fiber that `body` returns, or the root fiber.

    An exception that `body` lets through goes on in the thread's root fiber.  A fiber that nobody
    can reach any more is unwound where it stands.
    """
    fiber = _greenlet().greenlet(lambda _: body(), _root_fiber())
    _fibers.reachable.add(fiber)
    return fiber


def unwind_fibers() -> None:
    """Unwinds what the thread, which is about to end, has not run to its end: no other thread could do that later.

    Must be called on the root fiber.
    """
    for fiber in list(_fibers.reachable):
        if fiber and not fiber.dead:
            fiber.throw()


def switch_to(fiber: Fiber | None) -> None:
    """Stops the running fiber and goes on with another one, None: the root fiber, until someone switches back."""
    current, root = current_fiber(), _root_fiber()
    if fiber is None or fiber is root:
        successor = root.switch(None)
    elif current is root or fiber:
        successor = fiber.switch(None)
    else:
        # Begun here, it would count as a call from here, and Python allows only so many within each other.
        successor = root.switch(fiber)
    # A fiber comes back to the root when it ends or another one begins, and says which one goes on.
    while successor is not None:
        successor = successor.switch(None)


def is_unwinding(exception: BaseException) -> bool:
    """Whether `exception` only unwinds a fiber that nobody can reach any more."""
    return isinstance(exception, _greenlet().GreenletExit)
