"""The words of a command line, before and after they are parsed: what a parser would take and lose in silence is refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import fields, is_dataclass
from itertools import pairwise
from typing import Any

from para_bench.types import ParaBenchError


def check_words(words: Sequence[str]) -> None:
    """Raises ParaBenchError for an empty word, and for one with control characters."""
    for before, word in pairwise(words):
        if any(letter != "\n" and (letter < " " or "\x7f" <= letter < "\xa0") for letter in word):  # would reach the terminal raw
            raise ParaBenchError(f"{before} is {word[:80]!a}; allowed: words without control characters")
        if not word or re.fullmatch(r"--[\w-]+=", word):  # an empty path would be the current folder
            raise ParaBenchError(f"{word[:-1] or before} is empty; allowed: a value")


def options_in(words: Sequence[str]) -> Collection[str]:
    """Options of a command line, spelt with hyphens.

    Raises:
        ParaBenchError: one is given twice; what it was given first would be lost.
    """
    found = Counter(word.partition("=")[0].replace("_", "-") for word in words if re.match(r"--\w", word))
    for name, count in found.items():
        if count > 1:
            raise ParaBenchError(
                f"{name} is given {'twice' if count == 2 else f'{count} times'}; allowed: once, with all its values after it"
            )
    return found


def check_emptied(options: Any, given: Collection[str]) -> None:
    """Refuse options that are given without a value, as an unset variable of a script leaves them; they would mean all, or the usual.

    Args:
        options: A command's options, or a group of them.
        given: What stands on the command line: "--head".

    Raises:
        ParaBenchError: names the first one.
    """
    for field in fields(options):
        value, name = getattr(options, field.name), f"--{field.name.replace('_', '-')}"
        if is_dataclass(value):
            check_emptied(value, given)
        elif value == () == field.default and name in given:
            raise ParaBenchError(f"{name} names none; allowed: one or more, or leave it out")
