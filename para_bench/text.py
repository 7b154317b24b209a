"""Names and messages as plain text: what a record, a file or a plug-in says never reaches a terminal or a spreadsheet as a command."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def printable(text: str) -> str:
    r"""The text with control characters (escape sequences, line ends, changes of direction) spelled out: "\x1b[31m"."""
    return "".join(letter if not _is_control(letter) else letter.encode("unicode_escape").decode() for letter in text)


def is_printable(text: str) -> bool:
    """Whether `printable` would leave the text as it is."""
    return not any(map(_is_control, text))


def meant(name: str, names: Iterable[str]) -> str:
    """ " (did you mean para?)", for the end of a message that refuses a name; empty where none of `names` is near it."""
    near = difflib.get_close_matches(name, [*names], n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def csv_cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe before it; numbers stay."""
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.startswith(_FORMULA) and not _is_number(text) else text


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
