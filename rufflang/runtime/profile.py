"""Where a program spends its time: samples of the running stack, taken by the VM itself.

A thread of its own ticks about a thousand times a second (`sample_regularly`).  A tick does not look
at the stack, which is another thread's; it asks the VM for a sample, which the VM takes at the next
point where its state is in order: before the next interpreted instruction, since the tick puts
another dispatch table under the interpreter, or in compiled code at the next jump backwards or call.
The time since the sample before counts for it, so a builtin that runs for a second weighs a second.

Code compiled for such a run keeps noting in `VM.position` where it is, and the tick remembers that:
so a sample knows the line of the tick and not only that of the point where it was taken.

Two threads write here.  The words of one are never written by the other, apart from those in which a
request can get lost; the next tick repeats it.
"""

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    Struct,
    cast,
    element,
    external,
    field_address,
    function,
    i32,
    i64,
    inline,
    is_null,
    null,
    size_of,
    u8,
    u64,
    volatile_load,
    word,
)
from rufflang.runtime.frames import caller_registers, frame_proto
from rufflang.runtime.heap_system import CLOCK_MONOTONIC, system_calloc, system_clock_gettime, system_free
from rufflang.runtime.objects import Proto
from rufflang.runtime.stopping import NO_CALLS
from rufflang.runtime.tally import Tally, add_to_tally, free_tally, new_tally
from rufflang.runtime.values import Value
from rufflang.runtime.vm import VM

NANOSECONDS = 1_000_000_000
REQUEST_BYTE = 1  # the byte of `VM.interrupt` that is STOP_SAMPLE and nothing else

# What the VM is doing, in `Profile.activity`
RUNNING = 0
COLLECTING = 1
COMPILING = 2
ACTIVITIES = 3

# How a sample was taken
INTERPRETED = 0  # before an instruction
COMPILED = 1
FAILED = 2  # when an interpreted instruction had failed

DEEPEST = 256  # innermost frames of a sample
TRUNCATED = -1  # stands for the frames that were left out
UNKNOWN_PLACE = 0xFFFFFFFF  # the index of an instruction that is not known
MOST_SAMPLES = 1 << 17  # before they are taken half as often
SLOWEST = 64_000_000  # nanoseconds between two ticks, at most


class Profile(Struct):
    """What is known of one VM's run.  Frames and places are `chunk number << 32 | instruction`."""

    contexts: Tally  # key: number of the caller's entry or -1, chunk number
    samples: Tally  # key: entry of the context << 4 | activity << 2 | how taken, place; amount: nanoseconds
    exits: Tally  # key: place, reason
    allocations: Tally  # key: place, kind; amount: bytes
    dispatch: Ptr[i64]  # the table that the interpreter uses, and what it holds by turns
    plain: Ptr[i64]
    sampling: Ptr[i64]
    table_length: i64
    notes_all: i64  # whether the interpreter always notes where it is, for `note_allocation`
    activity: i64
    elapsed: Ptr[i64] = inline(3)  # nanoseconds in each activity; the ticking thread's
    taken: Ptr[i64] = inline(3)  # how many of them samples have accounted for; the VM's
    is_pending: i64
    pending_position: i64  # `VM.position` at the tick
    interval: i64
    ticks: i64
    is_over: i64
    words: Ptr[i64] = inline(2)
    chain: Ptr[i64] = inline(DEEPEST)


@function(inline=True)
def profile_of(vm: VM) -> Profile:
    """The profile of a VM; null when it is not profiled."""
    return cast(Profile, vm.profile)


@function(inline=True)
def is_profiled(vm: VM) -> bool:
    return not is_null(vm.profile)


# ------------------------------------------------------------------------------ ticking


@external("nanosleep")
def _nanosleep(duration: Ptr[i64], rest: Ptr[i64]) -> i32: ...


@function
def _time(profile: Profile) -> i64:
    system_clock_gettime(i32(CLOCK_MONOTONIC), profile.words)
    return profile.words[0] * NANOSECONDS + profile.words[1]


@function
def _pause(profile: Profile) -> None:
    profile.words[0] = 0
    profile.words[1] = profile.interval
    _nanosleep(profile.words, null(Ptr[i64]))


@function(export="ruff_sample_regularly")
def sample_regularly(vm: VM) -> None:
    """Ticks until `ruff_end_profile`; to be run by a thread of its own."""
    profile = profile_of(vm)
    last = _time(profile)
    while volatile_load(cast(Ptr[i64], field_address(profile, "is_over"))) == 0:
        _pause(profile)
        now = _time(profile)
        if volatile_load(cast(Ptr[i64], field_address(profile, "is_over"))) == 0:
            _tick(vm, profile, now - last)
        last = now
        profile.ticks += 1
        if profile.ticks == MOST_SAMPLES and profile.interval < SLOWEST:
            profile.interval *= 2
            profile.ticks = 0


@function
def _use_table(profile: Profile, table: Ptr[i64]) -> None:
    """Puts handlers under the interpreter, word by word: it may be reading them."""
    for index in range(profile.table_length):
        if profile.dispatch[index] != table[index]:
            profile.dispatch[index] = table[index]


@function
def _tick(vm: VM, profile: Profile, nanoseconds: i64) -> None:
    activity = volatile_load(cast(Ptr[i64], field_address(profile, "activity")))
    profile.elapsed[activity] += nanoseconds
    if volatile_load(cast(Ptr[i64], field_address(profile, "is_pending"))) == 0:
        profile.pending_position = volatile_load(cast(Ptr[i64], field_address(vm, "position")))
        profile.is_pending = 1
    if profile.notes_all == 0:
        _use_table(profile, profile.sampling)
    cast(Ptr[u8], field_address(vm, "interrupt"))[REQUEST_BYTE] = 1
    vm.call_limit = NO_CALLS


# ------------------------------------------------------------------------------ samples


@function
def _context(profile: Profile, frame: Ptr[Value]) -> i64:
    """The entry of the calls that are active, given the innermost frame."""
    count = 0
    while not is_null(frame) and count < DEEPEST:
        profile.chain[count] = frame_proto(frame).number
        count += 1
        frame = caller_registers(frame)
    entry = i64(-1)
    if not is_null(frame):
        entry = add_to_tally(profile.contexts, -1, TRUNCATED, 0)
    while count > 0:
        count -= 1
        entry = add_to_tally(profile.contexts, entry, profile.chain[count], 0)
    return entry


@function
def _take(vm: VM, profile: Profile, context: i64, place: i64, how: i64) -> None:
    """Lets the time since the last sample count for a context and place; the request is answered."""
    profile.is_pending = 0
    cast(Ptr[u8], field_address(vm, "interrupt"))[REQUEST_BYTE] = 0
    for activity in range(ACTIVITIES):
        elapsed = volatile_load(element(profile.elapsed, activity))
        nanoseconds = elapsed - profile.taken[activity]
        if nanoseconds > 0:
            profile.taken[activity] = elapsed
            add_to_tally(profile.samples, context << 4 | activity << 2 | how, place, nanoseconds)


@function
def _place_of(registers: Ptr[Value], code: Ptr[u64]) -> i64:
    """An instruction of a frame."""
    proto = frame_proto(registers)
    return proto.number << 32 | ((word(code) - word(proto.code)) >> 3)


@function(cold=True)
def note_interpreted(vm: VM, registers: Ptr[Value], code: Ptr[u64]) -> None:
    """The interpreter is about to execute the instruction at `code`, and its table says to come here first."""
    profile = profile_of(vm)
    vm.position = word(code)
    if profile.is_pending != 0:
        _take(vm, profile, _context(profile, registers), _place_of(registers, code), INTERPRETED)
    if profile.notes_all == 0:
        _use_table(profile, profile.plain)


@function(cold=True)
def note_failed(vm: VM, registers: Ptr[Value], code: Ptr[u64]) -> None:
    """The instruction at `code` has failed, perhaps after a long time, and nothing may be executed after it."""
    profile = profile_of(vm)
    if profile.is_pending != 0:
        _take(vm, profile, _context(profile, registers), _place_of(registers, code), FAILED)


@function(cold=True)
def sample_compiled(vm: VM) -> None:
    """Answers a request from compiled code, whose frame the VM knows."""
    profile = profile_of(vm)
    if profile.is_pending == 0:
        cast(Ptr[u8], field_address(vm, "interrupt"))[REQUEST_BYTE] = 0
        return
    place = ~profile.pending_position
    if profile.pending_position >= 0:
        # No compiled code has run yet at the tick.
        _take(vm, profile, _context(profile, vm.frame), _somewhere(vm), INTERPRETED)
        return
    frame = _frame_of(vm, place >> 32)
    context = _context(profile, vm.frame if is_null(frame) else frame)
    if is_null(frame):
        # The function that ran at the tick has returned since.
        context = add_to_tally(profile.contexts, context, place >> 32, 0)
    _take(vm, profile, context, place, COMPILED)


@function
def _frame_of(vm: VM, number: i64) -> Ptr[Value]:
    """The innermost frame of a chunk, which may have called others since the tick; null if it has none."""
    frame = vm.frame
    for _ in range(DEEPEST):
        if is_null(frame) or frame_proto(frame).number == number:
            return frame
        frame = caller_registers(frame)
    return null(Ptr[Value])


@function
def _somewhere(vm: VM) -> i64:
    """A place in the running function."""
    return -1 if is_null(vm.frame) else frame_proto(vm.frame).number << 32 | UNKNOWN_PLACE


# ----------------------------------------------------------------- exits and allocations


@function(cold=True)
def note_exit(vm: VM, proto: Proto, index: i64, reason: i64) -> None:
    """Compiled code was left before the instruction at `index`."""
    add_to_tally(profile_of(vm).exits, proto.number << 32 | index, reason, 0)


@function
def current_place(vm: VM) -> i64:
    """The instruction that is being executed, as far as that is noted; -1 outside the program."""
    if is_null(vm.frame):
        return -1
    if vm.position < 0:
        return ~vm.position
    proto = frame_proto(vm.frame)
    index = (vm.position - word(proto.code)) >> 3
    if index < 0 or index >= proto.code_length:
        index = UNKNOWN_PLACE
    return proto.number << 32 | index


@function(cold=True)
def note_allocation(vm: VM, size: i64, kind: i64) -> None:
    """A heap object was made, in a run in which all of them are noted."""
    profile = profile_of(vm)
    if not is_null(profile) and profile.notes_all != 0:
        add_to_tally(profile.allocations, current_place(vm), kind, size)


@function
def change_activity(vm: VM, activity: i64) -> i64:
    """Says what the VM does from now on; gives what it did."""
    profile = profile_of(vm)
    if is_null(profile):
        return RUNNING
    before = profile.activity
    profile.activity = activity
    return before


# --------------------------------------------------------------------------------- host


@function(export="ruff_begin_profile")
def begin_profile(
    vm: VM, plain: Ptr[i64], sampling: Ptr[i64], table_length: i64, interval: i64, notes_all: i64
) -> i64:
    """Gets ready to be profiled, given the interpreter's dispatch tables; 0 when the system has no memory."""
    profile = cast(Profile, system_calloc(1, size_of(Profile)))
    table = cast(Ptr[i64], system_calloc(table_length, 8))
    if is_null(profile) or is_null(table):
        return 0
    profile.dispatch = table
    profile.plain = plain
    profile.sampling = sampling
    profile.table_length = table_length
    _use_table(profile, plain if notes_all == 0 else sampling)
    profile.interval = interval
    profile.notes_all = notes_all
    profile.contexts = new_tally()
    profile.samples = new_tally()
    profile.exits = new_tally()
    profile.allocations = new_tally()
    if is_null(profile.contexts) or is_null(profile.samples) or is_null(profile.exits) or is_null(profile.allocations):
        return 0
    vm.profile = cast(Ptr[u8], profile)
    vm.dispatch = cast(Ptr[u8], table)
    return 1


@function(export="ruff_end_profile")
def end_profile(vm: VM) -> None:
    """Asks the ticking thread to end."""
    profile_of(vm).is_over = 1


@function(export="ruff_profile_activity")
def profile_activity(vm: VM, activity: i64) -> i64:
    """As `change_activity`, for the host."""
    return change_activity(vm, activity)


@function(export="ruff_profile_tally")
def profile_tally(vm: VM, number: i64) -> Tally:
    """One of the tables: contexts, samples, exits, allocations."""
    profile = profile_of(vm)
    if number == 0:
        return profile.contexts
    if number == 1:
        return profile.samples
    return profile.exits if number == 2 else profile.allocations


@function(export="ruff_profile_time")
def profile_time(vm: VM, activity: i64) -> i64:
    """Nanoseconds that passed while the VM did this."""
    return profile_of(vm).elapsed[activity]


@function
def free_profile(vm: VM) -> None:
    """Returns the profile to the system; the ticking thread has ended."""
    profile = profile_of(vm)
    if not is_null(profile):
        free_tally(profile.contexts)
        free_tally(profile.samples)
        free_tally(profile.exits)
        free_tally(profile.allocations)
        system_free(cast(Ptr[u8], profile.dispatch))
        system_free(vm.profile)
