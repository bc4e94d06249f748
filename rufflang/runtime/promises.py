"""Promises: outcomes that may still be to come, and what happens when they do.

A promise keeps a list of reactions.  Settling runs them in the order in which they were
added: a waiting task becomes ready, a promise that depends on this one learns of it and may
settle in turn, which comes before the next reaction.  Native code does not recurse for that.
"""

from __future__ import annotations

from rufflang.lowpy import Raised, cast, function, i64, is_null, literal, literal_size, null, size_of, u8, word
from rufflang.runtime.arrays import array_get, array_push, array_set, array_value, as_array, new_array
from rufflang.runtime.errors import append_literal, raise_around, raise_message
from rufflang.runtime.heap import allocate
from rufflang.runtime.marking import share
from rufflang.runtime.objects import (
    FILL,
    FORWARD,
    PENDING,
    READY,
    REJECTED,
    RESOLVED,
    WAITING,
    WAKE,
    PromiseObject,
    ReactionObject,
    StringObject,
    StructObject,
    TaskObject,
)
from rufflang.runtime.stopping import WORK_STEPS, work_stops
from rufflang.runtime.strings import as_string, new_string
from rufflang.runtime.structs_layout import field_value
from rufflang.runtime.text_builder import builder_append_int, builder_append_string, builder_finish, builder_new
from rufflang.runtime.values import PROMISE, REACTION, STRING, STRUCT, Value, null_value
from rufflang.runtime.vm import VM


@function
def new_promise(vm: VM) -> PromiseObject:
    """A pending promise of a builtin."""
    promise = cast(PromiseObject, allocate(vm, size_of(PromiseObject), PROMISE))
    promise.value = null_value()
    return promise


@function(inline=True)
def promise_value(promise: PromiseObject) -> Value:
    return Value(PROMISE, word(promise))


@function(inline=True)
def as_promise(value: Value) -> PromiseObject:
    return cast(PromiseObject, value.payload)


@function(inline=True)
def is_pending(promise: PromiseObject) -> bool:
    return i64(promise.flags) == PENDING


@function
def make_ready(vm: VM, task: TaskObject) -> None:
    """Puts a task that waited behind all others that are ready; one that was cancelled stays where it is."""
    if i64(task.flags) != WAITING:
        return
    task.flags = u8(READY)
    task.next = null(TaskObject)
    if is_null(vm.last_ready):
        vm.first_ready = task
    else:
        vm.last_ready.next = task
    vm.last_ready = task


@function
def add_reaction(
    vm: VM, promise: PromiseObject, kind: i64, task: TaskObject, target: PromiseObject, index: i64
) -> None:
    """Lets something happen when a pending promise settles."""
    reaction = cast(ReactionObject, allocate(vm, size_of(ReactionObject), REACTION))
    reaction.flags = u8(kind)
    reaction.source = promise
    reaction.task = task
    reaction.target = target
    reaction.index = index
    if is_null(promise.last_reaction):
        promise.first_reaction = reaction
    else:
        promise.last_reaction.next = reaction
    promise.last_reaction = reaction


@function
def _settle_alone(promise: PromiseObject, state: i64, value: Value) -> bool:
    """Settles a promise without its consequences; False if it was settled already."""
    if not is_pending(promise):
        return False
    share(value)
    promise.flags = u8(state)
    promise.value = value
    return True


@function
def settle(vm: VM, promise: PromiseObject, state: i64, value: Value) -> None:
    """Gives a promise its outcome, unless it has one, and does what waits for that."""
    if _settle_alone(promise, state, value):
        _tell_dependents(vm, promise)


@function
def _tell_dependents(vm: VM, promise: PromiseObject) -> None:
    """Does what waits for the outcome of a promise."""
    reaction = _take_reactions(promise, null(ReactionObject))
    steps = 0
    while not is_null(reaction):
        steps += 1
        if (steps & (WORK_STEPS - 1)) == 0 and work_stops(vm):
            return
        following = reaction.next
        if i64(reaction.flags) == WAKE:
            make_ready(vm, reaction.task)
        elif _pass_on(vm, reaction):
            following = _take_reactions(reaction.target, following)
        reaction = following


@function
def _take_reactions(promise: PromiseObject, following: ReactionObject) -> ReactionObject:
    """The reactions to a promise, followed by others; the promise has none left."""
    first = promise.first_reaction
    if is_null(first):
        return following
    promise.last_reaction.next = following
    promise.first_reaction = null(ReactionObject)
    promise.last_reaction = null(ReactionObject)
    return first


@function
def _pass_on(vm: VM, reaction: ReactionObject) -> bool:
    """Tells a promise what became of one that it depends on; whether that settles it."""
    source = reaction.source
    target = reaction.target
    if not is_pending(target):
        return False
    is_single = i64(reaction.flags) == FORWARD
    if i64(source.flags) != RESOLVED:
        return _reject_with(target, source, i64(-1) if is_single else reaction.index)
    if is_single:
        return _settle_alone(target, RESOLVED, source.value)
    array_set(vm, as_array(target.parts), reaction.index, source.value)
    target.missing -= 1
    return target.missing == 0 and _settle_alone(target, RESOLVED, target.parts)


@function
def _reject_with(target: PromiseObject, source: PromiseObject, part: i64) -> bool:
    """Rejects a promise of a builtin, unless it is settled, because `source`, on which it depends, was rejected.

    The reason is put together only when somebody asks for it: in a chain of promises each repeats all before.
    """
    if not _settle_alone(target, REJECTED, promise_value(source)):
        return False
    target.part = part
    return True


@function
def follow(vm: VM, source: PromiseObject, target: PromiseObject) -> None:
    """Gives `target`, a promise of a builtin, the outcome of `source` as soon as there is one."""
    if is_pending(source):
        add_reaction(vm, source, FORWARD, null(TaskObject), target, 0)
    elif i64(source.flags) == RESOLVED:
        settle(vm, target, RESOLVED, source.value)
    elif _reject_with(target, source, -1):
        _tell_dependents(vm, target)


@function
def promise_of_all(vm: VM, items: Value) -> PromiseObject:
    """A promise of the array of all results; elements that are no promises stand for themselves."""
    count = as_array(items).length
    result = new_promise(vm)
    result.parts = array_value(new_array(vm, count))
    for _ in range(count):
        array_push(vm, as_array(result.parts), null_value())
    for index in range(count):
        item = array_get(as_array(items), index)
        share(item)
        if item.tag != PROMISE:
            array_set(vm, as_array(result.parts), index, item)
        elif is_pending(as_promise(item)):
            result.missing += 1
            add_reaction(vm, as_promise(item), FILL, null(TaskObject), result, index)
        elif i64(as_promise(item).flags) == RESOLVED:
            array_set(vm, as_array(result.parts), index, as_promise(item).value)
        elif _reject_with(result, as_promise(item), index):
            _tell_dependents(vm, result)
    if result.missing == 0:
        settle(vm, result, RESOLVED, result.parts)
    return result


# ------------------------------------------------------------------------------ rejection


@function
def message_of(vm: VM, error: Value) -> StringObject:
    """The message of an error value, which a program may have changed."""
    if error.tag == STRUCT:
        message = field_value(cast(StructObject, error.payload), 0)
        if message.tag == STRING:
            return as_string(message)
    if error.tag == STRING:
        return as_string(error)
    return new_string(vm, literal("error"), literal_size("error"))


@function
def reason_of(vm: VM, promise: PromiseObject) -> StringObject:
    """Why a promise was rejected, in words."""
    if not _repeats(promise):
        return message_of(vm, promise.value)
    text = builder_new(vm)
    steps = 0
    while _repeats(promise) and ((steps & (WORK_STEPS - 1)) != WORK_STEPS - 1 or not work_stops(vm)):
        steps += 1
        if promise.part >= 0:
            append_literal(vm, text, literal("Promise "))
            builder_append_int(vm, text, promise.part)
            append_literal(vm, text, literal(" rejected: "))
        promise = as_promise(promise.value)
    builder_append_string(vm, text, message_of(vm, promise.value))
    return builder_finish(vm, text)


@function
def _repeats(promise: PromiseObject) -> bool:
    """Whether the reason of a rejected promise is that of another one, with words before it."""
    return promise.aux == 0 and promise.value.tag == PROMISE


@function(cold=True)
def raise_rejection(vm: VM, promise: PromiseObject) -> Raised:
    """Raises what a rejected promise stands for: the original error of an async function, or a reason."""
    reason = reason_of(vm, promise)
    if promise.aux == 0:
        return raise_around(
            vm, literal("Promise rejected: "), literal_size("Promise rejected: "), reason, literal(""), 0
        )
    raise_message(vm, reason)
    if promise.value.tag == STRUCT:
        vm.error = promise.value
        vm.error_position = promise.position
        vm.error_proto = promise.proto
    return Raised()


@function
def outcome(vm: VM, promise: PromiseObject) -> Value:
    """The result of a settled promise; ERROR, with the error in flight, if it was rejected."""
    if i64(promise.flags) == RESOLVED:
        return promise.value
    return raise_rejection(vm, promise)
