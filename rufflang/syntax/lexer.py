"""The lexer: from text to tokens, reporting every lexical error of the text.

One compiled expression recognises white space, comments and a token per step.  Only
strings that are not plain leave it: they switch between their text and the code in
their `${ … }`, on a stack of our own, because a program may nest them deeper than
Python can call.  Each character is looked at a bounded number of times.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from rufflang.source import Source
from rufflang.syntax.diagnostics import Diagnostic, lexer_error
from rufflang.syntax.spans import Span
from rufflang.syntax.tokens import (
    END,
    FIXED_KINDS,
    FLOAT,
    IDENTIFIER,
    INT,
    INTERPOLATED,
    STRING,
    Token,
)

MAXIMUM_IDENTIFIER = 256
MAXIMUM_STRING_SEGMENT = 8192
MAXIMUM_NUMBER = 512
LARGEST_INT = 9223372036854775807

ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "$": "$"}
OPENER_OF = {")": "(", "]": "[", "}": "{"}

LINE_END = re.compile(r"\r\n?|\n")
STRING_TEXT = re.compile(r'[^"\\$\r\n]*')

# The groups of TOKEN, in order.
WORD, SYMBOL, PLAIN_STRING, NUMBER, QUOTE, OPEN_COMMENT, END_OF_TEXT = range(1, 8)
TOKEN = re.compile(
    r"""
    (?: [ \t\r\n]++ | (?: \# | // ) [^\r\n]*+ | /\* (?s:.*?) \*/ )*+
    (?:
        ( [A-Za-z_]\w*+ )
      | (?!/\*) ( \.\.\. | [:=!<>+\-*/%]= | :: | -> | \?[?.] | \|[|>] | && | [-+*/%<>=!?|&(){}\[\],;:.] )
      | " ( [^"\\$\r\n]* ) "
      | ( [0-9]+ (?: \.[0-9]+ )? (?: [^\W\d]\w* )? )
      | ( " )
      | ( /\* )
      | ( \Z )
      | (?s: . )
    )
    """,
    re.VERBOSE,
)
DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)?")


class OpenString:
    """A string with interpolations that is being read, and what to go back to when it ends."""

    __slots__ = ("braces", "has_long_segment", "openers", "parts", "segment", "token", "tokens")

    def __init__(self, token: Token) -> None:
        self.token = token
        self.parts: list[str | list[Token]] = []
        self.segment: list[str] = []
        self.has_long_segment = False
        self.tokens: list[Token] = []
        self.openers: list[Token] = []
        self.braces = 0


class Lexer:
    """The state of lexing one source."""

    def __init__(self, source: Source) -> None:
        self.text = source.text
        self.line_starts = [0, *(match.end() for match in LINE_END.finditer(source.text))]
        self.diagnostics: list[Diagnostic] = []
        # The list being filled, its brackets still open, and how many of those are braces.
        self.tokens: list[Token] = []
        self.openers: list[Token] = []
        self.braces = 0
        self.open_strings: list[OpenString] = []

    def run(self) -> list[Token]:
        """Lexes everything; returns the tokens of the outermost level."""
        text = self.text
        match_token = TOKEN.match
        line_starts = [*self.line_starts, len(text) + 1]
        line = 0
        previous_line = -1
        next_line_start = line_starts[1]
        position = 0
        while True:
            match = match_token(text, position)
            assert match is not None, "the last alternative matches any character"
            group = match.lastindex or 0
            start = match.start(group) if group else match.end() - 1
            position = match.end()
            if group == PLAIN_STRING:
                start -= 1
            while start >= next_line_start:
                line += 1
                next_line_start = line_starts[line + 1]
            first_on_line = line > previous_line
            previous_line = line
            column = start - line_starts[line] + 1
            token = Token("", None, start, position, line + 1, column, first_on_line)
            if group == SYMBOL:
                kind = token.kind = FIXED_KINDS[match.group(SYMBOL)]
                if kind in "([{":
                    self.open_bracket(token)
                elif kind in ")]}":
                    if kind == "}" and not self.braces and self.open_strings:
                        self.close_interpolation(token)
                        position = self.string_text(position)
                        continue
                    self.close_bracket(kind)
                self.tokens.append(token)
            elif group == WORD:
                self.word(token, match.group(WORD))
            elif group == PLAIN_STRING:
                self.plain_string(token, match.group(PLAIN_STRING))
            elif group == NUMBER:
                self.number(token, match.group(NUMBER))
            elif group == END_OF_TEXT:
                token.kind = END
                return self.finish(token)
            else:
                position = self.uncommon(group, token)

    def uncommon(self, group: int, token: Token) -> int:
        """Handles what the expression does not recognise as a whole token; returns where lexing goes on."""
        if group == QUOTE:
            self.open_strings.append(OpenString(token))
            return self.string_text(token.end)
        if group == OPEN_COMMENT:
            self.report("RUFLEX004", "Unterminated block comment", token.start)
            return len(self.text)
        char = self.text[token.start]
        # Null bytes are reported by `lex`, wherever they stand.
        if char != "\0":
            self.report("RUFLEX001", f"Invalid character: '{char}'", token.start)
        return token.end

    def finish(self, end: Token) -> list[Token]:
        """Ends the token list, and complains about an interpolation that the text's end cut off."""
        tokens = self.tokens
        if self.open_strings:
            outermost = self.open_strings[0]
            start = outermost.token.start
            # Quotes after the missing brace pair up wrongly; complaints about them would only mislead.
            self.diagnostics = [
                each
                for each in self.diagnostics
                if each.code != "RUFLEX003" or each.span is None or each.span.start < start
            ]
            self.report("RUFLEX003", "Unterminated interpolated string expression", start)
            tokens = outermost.tokens
        tokens.append(end)
        return tokens

    def report(self, code: str, message: str, start: int, length: int = 1) -> None:
        """Records an error about the `length` characters from `start`."""
        line = bisect_right(self.line_starts, start)
        column = start - self.line_starts[line - 1] + 1
        self.diagnostics.append(lexer_error(code, message, Span(start, start + length, line, column)))

    # ------------------------------------------------------------------- brackets

    def open_bracket(self, token: Token) -> None:
        """Notes an opening bracket, and whether rule N1 keeps it from continuing an expression."""
        openers = self.openers
        if token.first_on_line:
            token.starts_anew = not openers or openers[-1].kind == "{"
        if token.kind == "{":
            self.braces += 1
        openers.append(token)

    def close_bracket(self, kind: str) -> None:
        """Pairs the closing bracket about to be appended with the innermost opener of its sort, if any."""
        openers = self.openers
        wanted = OPENER_OF[kind]
        if not openers or openers[-1].kind != wanted:
            # Only braces may close over unclosed brackets: a stray `)` closes nothing.
            if kind != "}" or not self.braces:
                return
            while openers[-1].kind != wanted:
                openers.pop()
        openers.pop().partner = len(self.tokens)
        if kind == "}":
            self.braces -= 1

    # ------------------------------------------------------------ words and numbers

    def word(self, token: Token, text: str) -> None:
        """Appends a keyword or identifier."""
        kind = FIXED_KINDS.get(text)
        if kind is None:
            if len(text) > MAXIMUM_IDENTIFIER:
                self.report(
                    "RUFLEX008",
                    f"Identifier exceeds max length of {MAXIMUM_IDENTIFIER} characters",
                    token.start,
                    len(text),
                )
            token.value = text
            kind = IDENTIFIER
        token.kind = kind
        self.tokens.append(token)

    def number(self, token: Token, text: str) -> None:
        """Appends a number, or reports what is wrong with it."""
        digits = DIGITS.match(text)
        assert digits is not None
        length = digits.end()
        token.kind = INT if "." not in text[:length] else FLOAT
        token.value = 0
        self.tokens.append(token)
        if length > MAXIMUM_NUMBER:
            message = f"Numeric literal exceeds max length of {MAXIMUM_NUMBER} characters"
            self.report("RUFLEX010", message, token.start, len(text))
        elif length < len(text):
            self.report("RUFLEX007", f"Malformed numeric literal: {text}", token.start, len(text))
        else:
            token.value = value = int(text) if token.kind == INT else float(text)
            if value > LARGEST_INT if token.kind == INT else value == float("inf"):
                self.report("RUFLEX006", f"Numeric literal overflow: {text}", token.start, len(text))

    # --------------------------------------------------------------------- strings

    def plain_string(self, token: Token, text: str) -> None:
        """Appends a string without escapes and interpolations."""
        token.kind = STRING
        token.value = text
        self.tokens.append(token)
        if len(text) > MAXIMUM_STRING_SEGMENT:
            self.report_long_segment(token)

    def report_long_segment(self, token: Token) -> None:
        message = f"String literal exceeds max length of {MAXIMUM_STRING_SEGMENT} characters"
        self.report("RUFLEX009", message, token.start)

    def string_text(self, position: int) -> int:
        """Reads on in the innermost open string, from `position` to its end or its next `${`.

        Returns:
            Where lexing goes on.
        """
        text = self.text
        string = self.open_strings[-1]
        segment = string.segment
        while True:
            match = STRING_TEXT.match(text, position)
            assert match is not None
            segment.append(match.group())
            position = match.end()
            char = text[position : position + 1]
            if char == '"':
                self.close_string(position + 1)
                return position + 1
            if char == "$":
                if text.startswith("{", position + 1):
                    self.open_interpolation()
                    return position + 2
                segment.append(char)
                position += 1
            elif char == "\\" and text[position + 1 : position + 2] not in ("", "\r", "\n"):
                segment.append(self.escape(position + 1))
                position += 2
            else:
                self.report("RUFLEX003", "Unterminated string literal", string.token.start)
                self.close_string(position)
                return position + (char == "\\")

    def escape(self, position: int) -> str:
        """The character meant by the escape whose letter is at `position`."""
        letter = self.text[position]
        if letter not in ESCAPES and letter != "\0":
            self.report("RUFLEX005", f"Invalid escape sequence: \\\\{letter}", position)
        return ESCAPES.get(letter, letter)

    def end_segment(self, string: OpenString) -> None:
        """Ends a stretch of text of `string`."""
        text = "".join(string.segment)
        string.segment.clear()
        if len(text) > MAXIMUM_STRING_SEGMENT:
            string.has_long_segment = True
        if text:
            string.parts.append(text)

    def open_interpolation(self) -> None:
        """Goes from the text of the innermost string to the code after its `${`."""
        string = self.open_strings[-1]
        self.end_segment(string)
        string.tokens, string.openers, string.braces = self.tokens, self.openers, self.braces
        self.tokens, self.openers, self.braces = [], [], 0

    def close_interpolation(self, brace: Token) -> None:
        """Goes back from the code to the text; `brace` is the closing one."""
        string = self.open_strings[-1]
        brace.kind = END
        self.tokens.append(brace)
        string.parts.append(self.tokens)
        self.tokens, self.openers, self.braces = string.tokens, string.openers, string.braces

    def close_string(self, end: int) -> None:
        """Appends the innermost open string, which ends before `end`."""
        string = self.open_strings.pop()
        self.end_segment(string)
        token = string.token
        token.end = end
        if any(isinstance(part, list) for part in string.parts):
            token.kind = INTERPOLATED
            token.value = string.parts
        else:
            token.kind = STRING
            token.value = "".join(part for part in string.parts if isinstance(part, str))
        self.tokens.append(token)
        if string.has_long_segment:
            self.report_long_segment(token)


def lex(source: Source) -> tuple[list[Token], list[Diagnostic]]:
    """Splits a source into tokens.

    Args:
        source: any text at all.

    Returns:
        The tokens, the last of kind `END`, and all lexical errors in order of place.
        With errors the tokens are a best effort, for tools that colour unfinished text.
    """
    lexer = Lexer(source)
    tokens = lexer.run()
    position = source.text.find("\0")
    while position >= 0:
        lexer.report("RUFLEX002", "Null byte is not allowed in source", position)
        position = source.text.find("\0", position + 1)
    return tokens, sorted(lexer.diagnostics, key=place)


def place(diagnostic: Diagnostic) -> int:
    """Where a lexical error starts."""
    return diagnostic.span.start if diagnostic.span is not None else 0
