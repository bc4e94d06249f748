"""The process that makes machine code, as seen from the one that runs a program.

LLVM takes a hundred megabytes, and Python's lock for milliseconds at a time, while a program that
asks for code has to go on.  So code is made in a process of its own, which puts it into the cache
where later runs look for it, and says so; then it is loaded here like any code of an earlier run.
When the program ends, that process finishes what it was asked for; and what was not passed on by then is made if it
would have been of use to runs like that (`work_record.py`).

One process serves all VMs of this one.  It is started when there is something to be made, and ends
when there was nothing to do for a while.
"""

from __future__ import annotations

import _thread
import os
import sys
from _queue import Empty, SimpleQueue
from io import FileIO
from time import sleep

from rufflang.foreign import Int32
from rufflang.interpreter.source_stamp import modules_place
from rufflang.jit.hot import HotRequest
from rufflang.jit.messages import READY, receive, send
from rufflang.jit.noting import BEGINNING_SECONDS
from rufflang.jit.patience import give_way_soon
from rufflang.jit.starting import linker_command, start, system_function
from rufflang.jit.work_record import is_code_due
from rufflang.python_command import python_command

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from rufflang.jit.code_cache import CodeCache
    from rufflang.jit.orders import Orders

IDLE_SECONDS = 3.0
_COLLECTING_SECONDS = 0.005
"""Requests come in groups, and what has to be known to answer them is the same for many of them."""

_PIPE_BYTES = 1 << 20
_F_SETPIPE_SZ = 1031


def can_work(cache: CodeCache) -> bool:
    """Whether another process can make code that this one can load."""
    return bool(hasattr(os, "posix_spawn") and sys.executable and linker_command() and cache.is_writable)


class _Process:
    """A running workshop; `known` says of each VM how many units have been described.

    Its modules are taken from a file that is called `packed`, as far as they are there.
    """

    def __init__(self, packed: str) -> None:
        self.known: dict[int, int] = {}
        self.is_ready = False
        theirs, ours = os.pipe()
        try:
            replies, answers = os.pipe()
        except OSError:
            os.close(theirs)
            os.close(ours)
            raise
        try:
            words = python_command("rufflang.jit.workshop_process", packed)
            self.id = start(words, _environment(), theirs, answers)
            self.requests, self.replies = FileIO(ours, "w"), FileIO(replies)
        except OSError:
            os.close(ours)
            os.close(replies)
            raise
        finally:
            os.close(theirs)
            os.close(answers)
        _make_roomy(ours)

    @property
    def files(self) -> list[int]:
        """The pipes by which it is spoken with."""
        return [self.requests.fileno(), self.replies.fileno()]

    def close(self) -> None:
        """Lets the process end once it has finished."""
        self.requests.close()


def _environment() -> dict[str, str]:
    """The environment as it was at one moment: another thread may be changing it."""
    while True:
        try:
            return dict(os.environ)
        except (KeyError, RuntimeError):
            continue


def _make_roomy(pipe: int) -> None:
    """Lets requests be written before the other process has got so far as to read them."""
    if sys.platform == "linux":
        # Python's own module for this would have to be loaded.  If it cannot be done, messages only take longer.
        system_function("fcntl", Int32, Int32, Int32)(pipe, _F_SETPIPE_SZ, _PIPE_BYTES)


class Workshop:
    """Passes requests of all VMs on to one process, and what comes of them back."""

    _own: Workshop | None = None

    def __init__(self) -> None:
        self._lock = _thread.allocate_lock()
        self._jobs: SimpleQueue[tuple[Orders, HotRequest] | None] = SimpleQueue()
        self._asked: dict[int, tuple[Orders, HotRequest]] = {}
        self._waiting: set[int] = set()
        self._process: _Process | None = None
        self._count = 0
        self._can_start = True
        self._is_lost = False
        self._is_at_work = False

    @classmethod
    def of_this_process(cls) -> Workshop:
        """The one that serves all VMs."""
        if cls._own is None:
            cls._own = cls()
        return cls._own

    def add(self, customer: Orders, request: HotRequest) -> None:
        """Has code made for a request, if the VM is still there when it is worth while."""
        self._tell((customer, request))

    def get_ready(self, version: str) -> None:
        """Lets the process get ready to make code, which takes a while; `version` is the digest of this package."""
        with self._lock:
            self._start(version)

    @property
    def is_there(self) -> bool:
        """Whether there is a process, so that nobody has to find out whether there can be one."""
        return self._process is not None

    @property
    def is_ready(self) -> bool:
        """Whether there is a process that has imported what it needs."""
        process = self._process
        return process is not None and process.is_ready

    @property
    def files(self) -> list[int]:
        """The pipes to the process."""
        with self._lock:
            return [] if self._process is None else self._process.files

    def begin_copy(self) -> None:
        """Goes on in a copy of this process, in which none of its threads is that might hold the lock."""
        self._lock = _thread.allocate_lock()

    def make_afterwards(self, customer: Orders, requests: list[HotRequest]) -> None:
        """Has code made for the next run of a program that is over."""
        with self._lock:
            if self._start(customer.version):
                self._pass_on(customer, requests, is_over=True)

    def leave(self, customer: Orders) -> None:
        """Passes on what a VM has asked for that is about to go, if the next run will need it."""
        with self._lock:
            requests = self._take(customer)
            version, program = customer.version, customer.program
            if requests and is_code_due(version, program, customer.patience.worked) and self._start(version):
                self._pass_on(customer, requests, is_over=True)
            for number in [number for number, asked in self._asked.items() if asked[0] is customer]:
                del self._asked[number]
            if self._process is not None and self._process.known.pop(customer.number, None) is not None:
                self._send(self._process, (customer.number, None))

    # ---------------------------------------------------------------------- requests

    def _tell(self, job: tuple[Orders, HotRequest] | None) -> None:
        """Gives the thread something to do; None: to see later whether the process may end."""
        self._jobs.put(job)
        if not self._is_at_work:
            self._is_at_work = True
            _thread.start_new_thread(self._work, ())

    def _work(self) -> None:
        """What a thread does as long as this process lives."""
        give_way_soon()
        while True:
            try:
                job = self._jobs.get(timeout=IDLE_SECONDS)
            except Empty:
                self._rest()
                job = self._jobs.get()
            if job is None:
                continue
            # It may be over before anything is worth while, and then `leave` wants to know of this.
            self._jobs.put(job)
            customer = job[0]
            sleep(_COLLECTING_SECONDS)
            if self._process is None:
                customer.patience.wait_for_a_processor()
                if not customer.is_closed:
                    self.get_ready(customer.version)
            customer.patience.wait(BEGINNING_SECONDS, lambda: self.is_ready)
            self._perform(customer)

    def _take(self, customer: Orders) -> list[HotRequest]:
        """What a VM has asked for and nobody has passed on."""
        jobs: list[tuple[Orders, HotRequest]] = []
        while not self._jobs.empty():
            job = self._jobs.get()
            if job is not None:
                jobs.append(job)
        for job in jobs:
            if job[0] is not customer:
                self._jobs.put(job)
        return [request for asking, request in jobs if asking is customer]

    def _perform(self, customer: Orders) -> None:
        """Passes requests on if the VM is still there."""
        with self._lock:
            requests = self._take(customer)
            if customer.is_closed or self._is_lost or not requests:
                return
            if self._start(customer.version):
                self._pass_on(customer, requests)
                return
        for request in requests:
            customer.accept(request, None, "")

    def _start(self, version: str) -> bool:
        """Starts the process if there is none; whether there is one."""
        if self._process is None and self._can_start:
            try:
                self._process = self._begin(version)
            except OSError:
                self._can_start = False
        return self._process is not None

    def _begin(self, version: str) -> _Process:
        process = _Process(modules_place(version))
        _thread.start_new_thread(self._listen, (process,))
        self._tell(None)
        return process

    def _rest(self) -> None:
        """Lets the process end if nothing is expected from it."""
        with self._lock:
            if self._process is not None and not self._waiting:
                self._process.close()
                self._process = None

    def _pass_on(self, customer: Orders, requests: list[HotRequest], is_over: bool = False) -> None:
        """Sends requests; if the program is over, nobody waits for what comes of them."""
        process = self._process
        assert process is not None
        owner = customer.number
        description = customer.describe(requests, process.known.get(owner, 0))
        process.known[owner] = process.known.get(owner, 0) + len(description[1])
        orders: list[tuple[int, tuple[Any, ...]]] = []
        for request in requests:
            self._count += 1
            self._asked[self._count] = customer, request
            self._waiting.add(self._count)
            orders.append((self._count, request.packed()))
        self._send(process, (owner, (customer.version, customer.program, not is_over, orders, description)))

    def _send(self, process: _Process, message: tuple[Any, ...]) -> None:
        try:
            send(process.requests, message)
        except OSError:
            return  # It has ended; who listens to it will notice.

    # ----------------------------------------------------------------------- replies

    def _listen(self, process: _Process) -> None:
        """What another thread does as long as that process lives."""
        while (reply := receive(process.replies)) is not None:
            number, result, fault = reply
            if number == READY:
                process.is_ready = True
                continue
            with self._lock:
                self._waiting.discard(number)
                customer, request = self._asked.get(number, (None, None))
            if customer is not None and request is not None:
                customer.accept(request, result, fault)
        process.replies.close()
        os.waitpid(process.id, 0)
        with self._lock:
            if self._process is not process:
                return
            self._process, self._can_start = None, False
            # What ends a process that was ready could end this one as well.
            self._is_lost = process.is_ready
            left = [self._asked.pop(number) for number in self._waiting if number in self._asked]
            self._waiting.clear()
        if not process.is_ready:
            # Whatever is missing there may be here.
            for customer, request in left:
                customer.accept(request, None, "")
