"""The `shared` mark: how a container knows that it has more than one holder.

Containers are values, yet nothing is copied when they are passed around.  Whoever makes a
second holder marks the container; whoever writes through a holder first replaces a marked
container by a copy (`sharing.own`).  The mark is never taken away again.

Results, options and values of enums are never written, but what they hold may be once they are gone.  So they
bear the mark too: whoever takes the payload of one that nobody else holds need not mark that.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, function, i64
from rufflang.runtime.objects import Object
from rufflang.runtime.values import Value, bears_mark, is_container


@function(inline=True)
def share(value: Value) -> None:
    """Marks a container, or what holds others, as having several holders; other values need no mark."""
    if bears_mark(value):
        cast(Object, value.payload).shared = 1


@function(inline=True)
def may_have_other_holders(value: Value) -> bool:
    """Whether somebody may hold the value beside the one who asks: unknown where there are no marks."""
    return not bears_mark(value) or cast(Object, value.payload).shared != 0


@function(inline=True)
def is_shared(value: Value) -> bool:
    """Whether the value is a container that must be cloned before it is written."""
    return is_container(value) and cast(Object, value.payload).shared != 0


@function
def share_all(values: Ptr[Value], count: i64) -> None:
    """Marks every container among `count` values."""
    for i in range(count):
        share(values[i])


@function
def share_all_objects(tag: i64, objects: Ptr[i64], count: i64) -> None:
    """Marks `count` objects of one kind, if they bear marks."""
    if bears_mark(Value(tag, 0)):
        for i in range(count):
            cast(Object, objects[i]).shared = 1
