"""The methods of lazy iterators, and `collect`.

A name with a dot belongs to a method: no program can mention it, `interpreter.members` finds
it.  The receiver is the first argument, and is not counted in messages.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, Raised, function, i64, literal, u8
from rufflang.runtime.builtins.registry import builtin
from rufflang.runtime.errors import append_literal, raise_built, raise_literal, raise_named
from rufflang.runtime.iterators import collect_items, iterator_over, next_option
from rufflang.runtime.marking import share
from rufflang.runtime.objects import FILTERED, MAPPED, TAKEN
from rufflang.runtime.text_builder import builder_append_int, builder_new
from rufflang.runtime.values import ARRAY, ERROR, GENERATOR, INT, ITERATOR, Value, int_value, unbound
from rufflang.runtime.vm import VM


@function(inline=True)
def _is_lazy(value: Value) -> bool:
    return value.tag == GENERATOR or value.tag == ITERATOR


@function(cold=True)
def _raise_count(vm: VM, name: Ptr[u8], expected: i64, count: i64) -> Raised:
    message = builder_new(vm)
    append_literal(vm, message, name)
    append_literal(vm, message, literal(" expects "))
    builder_append_int(vm, message, expected)
    append_literal(vm, message, literal(" arguments, got "))
    builder_append_int(vm, message, count - 1)
    return raise_built(vm, message)


@function
def _check(vm: VM, receiver: Value, name: Ptr[u8], expected: i64, count: i64) -> Value:
    """Whether a method that arrays have too may be called so; ERROR if not."""
    if not _is_lazy(receiver) and receiver.tag != ARRAY:
        return raise_named(vm, name, literal("() can only be called on iterators or arrays"))
    if count != expected + 1:
        return _raise_count(vm, name, expected, count)
    return int_value(0)


@builtin("iterator.map", keeps=(0, 1))
@function
def iterator_map(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """iterator.map(f: function) -> iterator

    The results of f for the items of an array, generator or iterator, computed one by one as
    they are asked for.
    """
    checked = _check(vm, arguments[0], literal("map"), 1, count)
    if checked.tag == ERROR:
        return checked
    return iterator_over(vm, arguments[0], MAPPED, arguments[1], 0)


@builtin("iterator.filter", keeps=(0, 1))
@function
def iterator_filter(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """iterator.filter(f: function) -> iterator

    The items for which f gives something truthy.
    """
    checked = _check(vm, arguments[0], literal("filter"), 1, count)
    if checked.tag == ERROR:
        return checked
    return iterator_over(vm, arguments[0], FILTERED, arguments[1], 0)


@builtin("iterator.take", keeps=(0,))
@function
def iterator_take(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """iterator.take(n: int) -> iterator

    At most the first n items; the source is not asked for more.
    """
    checked = _check(vm, arguments[0], literal("take"), 1, count)
    if checked.tag == ERROR:
        return checked
    if arguments[1].tag != INT:
        return raise_literal(vm, literal("take() requires an integer argument"))
    return iterator_over(vm, arguments[0], TAKEN, unbound(), arguments[1].payload)


@builtin("iterator.next")
@function
def iterator_next(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """iterator.next() -> option

    `Some(item)` with the next item of a generator or iterator, `None` when there is none left.
    """
    if not _is_lazy(arguments[0]):
        return raise_literal(vm, literal("next() can only be called on iterators"))
    if count != 1:
        return _raise_count(vm, literal("next"), 0, count)
    return next_option(vm, arguments[0])


@builtin("iterator.collect", keeps=(0,))
@function
def iterator_collect(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """iterator.collect() -> array

    All items that are left; an array gives itself.
    """
    if not _is_lazy(arguments[0]) and arguments[0].tag != ARRAY:
        return raise_literal(vm, literal("collect() can only be called on iterators"))
    if count != 1:
        return _raise_count(vm, literal("collect"), 0, count)
    return _collected(vm, arguments[0])


@function
def _collected(vm: VM, source: Value) -> Value:
    if source.tag == ARRAY:
        share(source)
        return source
    return collect_items(vm, source)


@builtin("collect", 1, 1, arity="central", keeps=(0,))
@function
def builtin_collect(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """collect(x: array | iterator | generator) -> array

    All items that are left; an array gives itself.
    """
    if not _is_lazy(arguments[0]) and arguments[0].tag != ARRAY:
        return raise_literal(vm, literal("collect() expects an iterator or array"))
    return _collected(vm, arguments[0])
