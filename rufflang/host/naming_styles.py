"""Texts turned into names: slugs, camel case and snake case, with letters and digits as Unicode has them."""

from __future__ import annotations

_SPACES = frozenset(
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


def slug(text: str) -> str:
    """Letters and digits in lower case; a hyphen for white space and underscores; nothing else."""
    kept = [
        character if character.isalnum() else "-"
        for character in text.lower()
        if character.isalnum() or character == "_" or character in _SPACES
    ]
    return "".join(kept).replace("--", "-").strip("-")


def camel_case(text: str) -> str:
    """The words between other characters run together, all but the first with a capital letter."""
    words = "".join(character if character.isalnum() else " " for character in text).split()
    return "".join(words[:1]).lower() + "".join(word[:1].upper() + word[1:].lower() for word in words[1:])


def snake_case(text: str) -> str:
    """Lower case, with an underscore before capital letters and for spaces, hyphens and underscores."""
    name = ""
    after_capital = False
    for position, character in enumerate(text):
        is_capital = character.isupper()
        separates = character in "-_" or character in _SPACES
        begins_word = is_capital and position > 0 and not after_capital
        if (separates or begins_word) and not name.endswith("_"):
            name += "_"
        if character.isalnum():
            name += character.lower()
        after_capital = is_capital
    return name.strip("_")
