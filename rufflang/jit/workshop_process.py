"""What the process does that makes machine code; see `workshop`."""

from __future__ import annotations

import _thread
import os
from _queue import SimpleQueue
from io import FileIO
from time import monotonic

from rufflang.interpreter.kept_modules import leave_modules
from rufflang.jit.code_cache import CodeCache
from rufflang.jit.code_keeping import CodeKeeper
from rufflang.jit.hot import DirectTarget, HotRequest
from rufflang.jit.messages import READY, receive, send
from rufflang.jit.starting import detach, give_way

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from rufflang.jit.hot import Description, Result
    from rufflang.jit.messages import Reply

_MOST_RENEWALS = 2
_LONGEST_WORK_ALONE = 10.0
"""Seconds after the end of the program."""


class _Order:
    """A request that has been answered, and how the functions were to be called directly that its code calls.

    If it is quick, the answer was code that better code is to replace.
    """

    __slots__ = ("is_quick", "number", "renewals", "request", "targets")

    def __init__(self, number: int, request: HotRequest, targets: dict[int, tuple[Any, ...]]) -> None:
        self.number = number
        self.request = request
        self.targets = targets
        self.renewals = 0
        self.is_quick = False


class Customer:
    """One VM that asks for code."""

    def __init__(self, version: str, program: str) -> None:
        from rufflang.jit.compiler import Compiler
        from rufflang.jit.facts import DistantVm

        self._facts = DistantVm()
        self._compiler = Compiler(self._facts)
        self._cache = CodeCache(version, program)
        self._keeper = CodeKeeper(version, program, self._facts.identity)
        self._orders: dict[tuple[int, int], _Order] = {}
        self._for_this_run: list[str] = []

    def learn(self, description: Description) -> None:
        """Takes over what is true of the VM now."""
        self._facts.learn(description)

    def answer(self, number: int, request: HotRequest, is_urgent: bool) -> Reply:
        """What came of a request; if it is urgent, that may be quick code at first."""
        order = self._orders[request.number, request.place] = _Order(number, request, {})
        known = self._cache.made_meanwhile(request, lambda *question: self._compare(request, *question))
        if known is None:
            return self._make(order, is_urgent)
        self._note(request, known)
        return number, known, ""

    def _compare(self, request: HotRequest, kind: str, number: int, then: tuple[Any, ...]) -> int | None:
        from rufflang.jit.answers import compare

        try:
            return compare(self._facts, request.number, kind, number, then)
        except KeyError:
            return None  # about something that was not described

    def renew(self) -> Reply | None:
        """Makes code anew that was quick, or that calls a function as it was compiled before; None if there is none.

        The next run will find that function as it was compiled last, and ask for such code.
        """
        for order in self._orders.values():
            if order.is_quick:
                return self._make(order)
        for order in self._orders.values():
            if order.renewals < _MOST_RENEWALS and any(self._is_stale(*target) for target in order.targets.items()):
                order.renewals += 1
                return self._make(order)
        return None

    def close(self) -> None:
        """The run is over: what was made for it alone, and nobody has loaded, is deleted."""
        for name in self._for_this_run:
            self._keeper.delete(name)

    def _is_stale(self, number: int, facts: tuple[Any, ...]) -> bool:
        target = self._facts.direct_target(number)
        return target is not None and target.facts != facts

    def _make(self, order: _Order, may_be_quick: bool = False) -> Reply:
        from rufflang.jit.request import CompilerFault

        request = order.request
        order.is_quick = False
        try:
            made = self._compiler.make(request, may_be_quick)
        except CompilerFault as problem:
            self._facts.refuse(request.number)
            return order.number, None, str(problem)
        order.targets = {
            number: answer for (kind, number), answer in made.request.questions.answers.items() if kind == "target"
        }
        result = made.result
        if not isinstance(result, str) and not self._keeper.link_at_once(result[0], made.data):
            return order.number, None, ""
        self._note(request, result)
        order.is_quick = made.request.is_quick and not made.refusal
        if order.is_quick:
            self._for_this_run.append(result[0])
        else:
            self._keeper.keep(request, made.conditions, result)
        return order.number, result, ""

    def _note(self, request: HotRequest, result: Result) -> None:
        """Lets code that is made from now on know of this function."""
        if not request.is_function:
            return
        if isinstance(result, str):
            self._facts.refuse(request.number)
        elif result[2] is not None:
            self._facts.set_direct_target(DirectTarget(request.number, *result[2]))


class _Requests:
    """Messages of the program, read as they come, so that it never waits to send one."""

    def __init__(self) -> None:
        self.messages: SimpleQueue[Any] = SimpleQueue()
        self.ended: float | None = None
        self._has_any = False
        _thread.start_new_thread(self._read, ())

    def _read(self) -> None:
        file = FileIO(0, closefd=False)
        while (message := receive(file)) is not None:
            self._has_any = True
            self.messages.put(message)
        if not self._has_any:
            os._exit(0)  # in the middle of getting ready
        give_way()
        self.ended = monotonic()
        self.messages.put(None)

    @property
    def has_time(self) -> bool:
        return self.ended is None or monotonic() < self.ended + _LONGEST_WORK_ALONE


def main() -> None:
    """Answers requests until there are no more."""
    detach()
    requests = _Requests()
    replies = FileIO(1, "w", closefd=False)
    _prepare()
    _tell(replies, (READY, None, ""))
    customers: dict[int, Customer] = {}
    while requests.has_time:
        if not requests.messages.empty() or not _renew(customers, replies):
            message = requests.messages.get()
            if message is None:
                break
            owner, orders = message
            if orders is not None:
                _answer(customers, replies, requests, owner, *orders)
            elif (customer := customers.pop(owner, None)) is not None:
                while requests.has_time and customer.renew() is not None:
                    pass
                customer.close()
    while requests.has_time and _renew(customers, replies):
        pass
    for customer in customers.values():
        customer.close()
    leave_modules()
    os._exit(0)


def _renew(customers: dict[int, Customer], replies: FileIO) -> bool:
    """Makes code for one function anew, if there is any that should be."""
    for customer in customers.values():
        reply = customer.renew()
        if reply is not None:
            _tell(replies, reply)
            return True
    return False


def _answer(
    customers: dict[int, Customer], replies: FileIO, requests: _Requests,
    owner: int, version: str, program: str, is_urgent: bool, orders: list[tuple[int, tuple[Any, ...]]],
    description: Description,
) -> None:  # fmt: skip
    """Answers what came in one message."""
    customer = customers.get(owner)
    if customer is None:
        customer = customers[owner] = Customer(version, program)
    customer.learn(description)
    for number, request in _most_useful_first([(number, HotRequest(*packed)) for number, packed in orders]):
        if not requests.has_time:
            return
        try:
            reply = customer.answer(number, request, is_urgent and requests.ended is None)
        except Exception as problem:  # a fault of the JIT concerns one function only
            reply = number, None, repr(problem)
        _tell(replies, reply)


def _most_useful_first(orders: list[tuple[int, HotRequest]]) -> list[tuple[int, HotRequest]]:
    """Orders by the function that they are about, as these came; each before its loops, and outer loops before inner.

    Once there is code for the whole, what is within it is hardly entered any more.
    """
    turns: dict[int, int] = {}
    for _, request in orders:
        turns.setdefault(request.number, len(turns))

    def key(order: tuple[int, HotRequest]) -> tuple[int, bool, int]:
        request = order[1]
        is_loop = request.index >= 0
        return turns[request.number], is_loop, request.loop_start - request.index if is_loop else 0

    return sorted(orders, key=key)


def _prepare() -> None:
    """Imports what every compilation needs; Python's own collector has not been at work until now."""
    import gc

    import rufflang.jit.compiler
    import rufflang.jit.operations
    import rufflang.jit.translator  # noqa: F401
    from rufflang.lowpy.build import target_machine

    target_machine()
    # It would look through all this again and again, and find nothing.
    gc.freeze()
    gc.enable()


def _tell(replies: FileIO, reply: Reply) -> None:
    try:
        send(replies, reply)
    except OSError:
        return  # Perhaps nobody waits for it any more.
