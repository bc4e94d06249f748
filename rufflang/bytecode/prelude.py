"""What the compiler must know about built-in functions.

The library above registers the built-ins and hands this table down; only the names of
functions whose *behaviour* matters for compilation are written here.
"""

from __future__ import annotations

from collections.abc import Mapping

from rufflang.records import Record, field

ConstantValue = bool | int | float | str


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


IN_PLACE_BUILTINS = _names("""
    push append insert remove_at pop concat merge update delete remove slice sort reverse clear unique
    set_add set_remove queue_enqueue queue_dequeue stack_push stack_pop
""")
"""Functions that may reuse an argument nobody else holds, and that check everything before they write."""

UNPACKING_BUILTINS = _names("""
    pop remove_at remove queue_dequeue stack_pop
""")
"""Functions whose result is a fresh array that alone holds, or has marked, what is in it."""

PAIR_BUILTINS = UNPACKING_BUILTINS - {"remove"}
"""Those whose result always has two elements: of an array, `remove` gives what is left."""

COUNTING_BUILTINS = _names("""
    len is_empty has_key contains index_of count_chars queue_size stack_size queue_is_empty stack_is_empty set_has
""")
"""Functions whose result is a number or bool."""

QUIET_BUILTINS = IN_PLACE_BUILTINS | _names("""
    print println eprint debug len range array dict to_string str to_int to_float to_bool is_truthy
    parse_int parse_float bytes type type_of is_int is_float is_string is_bool is_array is_dict is_null
    is_function assert assert_equal assert_true assert_false assert_contains error abs floor ceil round sin
    cos tan exp sqrt log pow min max bit_and bit_or bit_xor bit_not bit_shl bit_shr to_upper upper to_lower
    lower capitalize trim trim_start trim_end substring substr char_at contains starts_with ends_with
    index_of replace replace_str split join repeat pad_left pad_start pad_right pad_end lines words
    str_reverse is_empty count_chars format slugify truncate to_camel_case to_snake_case to_kebab_case
    sum chunk flatten zip enumerate take skip windows keys values
    items has_key get get_default invert Set set_has set_union set_intersect set_difference set_to_array
    Queue queue_peek queue_size queue_is_empty queue_to_array Stack stack_peek stack_size stack_is_empty
    stack_to_array now time random random_int parse_json to_json
""")
"""Functions that never call back into the program."""

QUIET_METHODS = _names("""
    len upper lower to_upper to_lower capitalize trim trim_start trim_end char_at substring replace
    replace_str starts_with ends_with contains index_of is_empty count_chars split skip zip enumerate
    flatten chunk has_key
""")
"""Built-in methods that never call back into the program."""


class BuiltinTable(Record):
    """The prelude: `numbers` of functions, values of `constants`, and which functions are not plain.

    A function that is not plain is loaded and called like any value, because it needs a
    frame, suspends its caller or the like.
    """

    numbers: Mapping[str, int]
    constants: Mapping[str, ConstantValue] = field(factory=dict)
    not_plain: frozenset[str] = frozenset()

    def __contains__(self, name: str) -> bool:
        return name in self.numbers or name in self.constants

    def is_plain(self, name: str) -> bool:
        """Whether the function `name` may be called by CALL_BUILTIN."""
        return name in self.numbers and name not in self.not_plain
