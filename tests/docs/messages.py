"""Every message of the language, as the page of rules must list it; `<…>` stands for inserted text.

No builtin so far takes "at least" some number of arguments, so that this form of the message about counts is left
out.
"""

from __future__ import annotations

import re

BODIES = (
    "function body", "function expression body", "if block", "else block", "while body", "loop body",
    "for loop body", "match body", "match case block", "match default block", "try block", "except block",
    "spawn block", "test body", "test_setup block", "test_teardown block", "test_group body", "struct body",
    "enum body",
)  # fmt: skip

NESTED_BLOCKS = tuple(body for body in BODIES if body not in ("match body", "struct body", "enum body"))

LEXICAL = (
    "Invalid character: '<c>'",
    "Null byte is not allowed in source",
    "Unterminated string literal",
    "Unterminated interpolated string expression",
    "Unterminated block comment",
    "Invalid escape sequence: \\\\<c>",
    "Numeric literal overflow: <digits>",
    "Malformed numeric literal: <text>",
    "Identifier exceeds max length of 256 characters",
    "String literal exceeds max length of 8192 characters",
    "Numeric literal exceeds max length of 512 characters",
)

_CLOSING = {
    "}": ("struct literal", "dictionary literal", "dictionary pattern"),
    "]": ("array literal", "index expression", "array pattern"),
    ")": (
        "function parameter list", "function expression parameter list", "function call arguments",
        "method call arguments", "tag expression arguments", "throw(...) arguments", "Ok(...)", "Err(...)",
        "Some(...)", "parenthesized expression", "case pattern",
    ),
}  # fmt: skip

PARSER = (
    *(f"Expected '{{' to start {body} but found <tok>" for body in BODIES),
    *(f"Expected '}}' to close {body} but found <tok>" for body in BODIES),
    *(f"Expected '{sign}' to close {what} but found <tok>" for sign, all_of in _CLOSING.items() for what in all_of),
    "Expected '(' after function name but found <tok>",
    "Expected '(' after 'func' in function expression but found <tok>",
    "Expected 'in' in for loop but found <tok>",
    "Expected 'except' after try block but found <tok>",
    "Expected 'import' after module name in from-import statement but found <tok>",
    "Expected assignment operator (':=' or '=') in let declaration but found <tok>",
    "Expected assignment operator (':=' or '=') in const declaration but found <tok>",
    "Invalid statement",
    "Expected expression",
    "Invalid assignment target",
    "Chained assignment is not supported; split the assignment into separate statements",
    "Expected 'func' after 'async'",
    "Expected function name after 'func'",
    "Expected enum name after 'enum'",
    "Expected struct name after 'struct'",
    "Expected constant name after 'const'",
    "Expected loop variable name after 'for'",
    "Expected test name string after 'test'",
    "Expected group name string after 'test_group'",
    "Expected imported symbol name",
    "Expected module name after 'import'",
    "Expected module name after 'from'",
    "Expected module path segment after '.' in from-import statement",
    "Expected '(' after 'Ok'",
    "Expected '(' after 'Err'",
    "Expected '(' after 'Some'",
    "Expected ':' in dictionary literal",
    "Invalid interpolated string expression",
    "Expected member name after '.'",
    "Expected case pattern",
    "Expected type name",
    "Expected '<' in Result<T, E> type annotation",
    "Expected ',' in Result<T, E> type annotation",
    "Expected '>' in Result<T, E> type annotation",
    "Expected '<' in Option<T> type annotation",
    "Expected '>' in Option<T> type annotation",
    "Source size <n> bytes exceeds maximum allowed 1048576 bytes",
    *(
        f"Maximum expression nesting depth of 256 exceeded while parsing {what}"
        for what in ("expression", "unary expression", "array literal", "dictionary literal")
    ),
    *(f"Maximum block nesting depth of 128 exceeded while parsing {body}" for body in NESTED_BLOCKS),
    "Array literal exceeds maximum element count of 4096",
    "Dictionary literal exceeds maximum item count of 4096",
)

STATIC = (
    "break can only be used inside a loop",
    "continue can only be used inside a loop",
    "Yield can only be used inside generator functions",
    "throw() requires exactly one argument",
    "Result::Ok(...) requires exactly one argument",
    "Result::Err(...) requires exactly one argument",
    "Option::Some(...) requires exactly one argument",
    "Option::None takes no arguments",
    "Compilation error: Duplicate declaration in the same scope: <name>",
    "Generator methods are not supported for structs: <Struct>.<method>",
    "Duplicate field in struct <Struct>: <name>",
    "Duplicate method in struct <Struct>: <name>",
)

RUNTIME = (
    "Undefined variable: <name>",
    "Cannot reassign immutable let binding: <name>",
    "Cannot reassign const binding: <name>",
    "Cannot mutate immutable let binding: <name>",
    "Cannot mutate const binding: <name>",
    "Duplicate declaration in the same scope: <name>",
    "Invalid assignment target",
    "Invalid binary operation: <l> <op> <r>",
    "Invalid unary operation: <op> <t>",
    "Integer overflow: <a> <op> <b>",
    "Integer overflow: -(<a>)",
    "Division by zero",
    "Modulo by zero",
    "Index out of bounds: <i>",
    "Missing map key: <k>",
    "Invalid index operation",
    "Invalid index assignment",
    "Dict keys must be strings",
    "Field not found: <name>",
    "Cannot access field or method '<name>' on non-struct value",
    "Cannot set field on non-struct value",
    "Unknown method: <name>",
    "Cannot call non-function; the value being called is not callable. "
    "Pass a function, closure, or imported callable value instead.",
    "<name> expects <n> arguments, got <m>",
    "<name> expects <a> to <b> arguments, got <m>",
    "Maximum VM call stack depth of 10000 exceeded while calling <name>",
    "Can only spread arrays",
    "Can only spread dicts",
    "Cannot destructure <type> as array",
    "Cannot destructure <type> as dict",
    "Cannot iterate over non-iterable type",
    "Pipe operator requires a function on the right side",
    "Try operator requires Result or Option",
    "map() can only be called on iterators or arrays",
    "filter() can only be called on iterators or arrays",
    "take() can only be called on iterators or arrays",
    "take() requires an integer argument",
    "collect() can only be called on iterators",
    "next() can only be called on iterators",
    "Promise rejected: <reason>",
    "Promise <i> rejected: <reason>",
    "Promise.all() array element <i> is not a Promise",
    "Promise.all() requires an array of promises",
    "Timeout after <ms>ms",
    "Task was cancelled",
    "Channel.send expects 1 arguments, got <m>",
    "Channel.receive expects 0 arguments, got <m>",
    "Channel has no method '<name>'",
    "Scheduler timed out after <ms>ms",
    "Capability denied: <capability> required for <built-in>; rerun with <flag>",
)

MODULES = (
    "Module not found: <m>; Check that '<m>' exists as a flat <module>.ruff file or a nested src/... path under the "
    "package root, and confirm the import name matches the on-disk layout.",
    "Unsafe module import '<m>': resolved path '<p>' escapes module search root '<root>'",
    "Exported symbol '<x>' was not defined in module '<m>'",
    "Circular import detected: <a> -> <b>",
    "Failed to read module '<m>': <reason>",
    "Failed to tokenize module '<m>': <line>:<col>: <first message>",
    "Failed to parse module '<m>': <line>:<col>: <first message>",
    "Failed to evaluate module '<m>': <message>",
    "Symbol '<x>' not found in module '<m>'",
)

MESSAGES = {
    "Lexical errors": LEXICAL,
    "Parse errors": PARSER,
    "Static errors": STATIC,
    "Runtime errors": RUNTIME,
    "Errors of imports": MODULES,
}


def pattern_of(message: str) -> re.Pattern[str]:
    """What matches the message with anything in the places of inserted text."""
    return re.compile(re.sub(r"<[^<>]+>", ".+?", re.escape(message).replace("\\ ", " ")))
