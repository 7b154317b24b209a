"""The words of a command line, before and after they are parsed: what a parser would take and lose in silence is refused."""

from __future__ import annotations

import io
import re
import sys
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from contextlib import redirect_stderr
from dataclasses import fields, is_dataclass
from itertools import pairwise
from typing import Any, TypeVar

from para_bench.types import ParaBenchError

R = TypeVar("R")
COLOUR, FRAME = re.compile(r"\x1b\[[0-9;]*m"), " │|╭╮╰╯+"
"""What a parser's error is drawn with."""
REQUIRED = re.compile(r"\b([A-Z]{3,}) ([^()]+?)\.? \(required\)")
"""A positional argument with what it is."""
WORDINGS = (
    (r"Missing value for argument '([^']+)'.*", r"\1 has no value; allowed: a value after it"),
    (r"invalid choice '(.*)' for argument '([^']+)'\. Expected one of \('(.*?)',?\)\.?", r"\2 is '\1'; allowed: \3"),
    (r"Error parsing (\S+): no type matching (.+) could be instantiated from \[(.*?)\]\..*", r"\1 is \3; allowed: \2"),
    (r"Error parsing (\S+): could not convert string to float: (.*)", r"\1 is \2; allowed: FLOAT"),
    (r"Unrecognized options: (.*)", r"found \1; allowed: the options of this command"),
    (r"Missing from para-bench [\w-]+: (.*)", r"missing: \1"),
)
"""The parser's sentences, and ours. Another sentence stays as it is."""
KINDS = {"INT": "a whole number", "FLOAT": "a number"}


def one_line(parse: Callable[[], R], command: str) -> R:
    """What a parser returns; its error, which is a box of many lines, is printed as one.

    Raises:
        SystemExit: as the parser.
    """
    said = io.StringIO()
    try:
        with redirect_stderr(said):
            return parse()
    except SystemExit as stop:
        if stop.code:
            print(f"para-bench: {in_short(said.getvalue())}; para-bench {command} --help tells more", file=sys.stderr)
        raise


def in_short(box: str) -> str:
    """ "--profile is 'x'; allowed: ..." of a parser's box."""
    parts: list[list[str]] = [[]]
    for line in (COLOUR.sub("", line).strip(FRAME) for line in box.splitlines()[1:]):
        if line.strip("─-"):
            parts[-1].append(line)
        elif line and any(parts):  # a rule, but not the one below the title
            parts.append([])
    shown = REQUIRED.sub(r"\1 (\2),", " ".join(parts[0])).rstrip(",")
    for pattern, ours in WORDINGS:
        if found := re.fullmatch(pattern, shown):
            shown = found.expand(ours).replace("', '", ", ")
            break
    for kind, words in KINDS.items():
        shown = re.sub(rf"allowed: {kind}$", f"allowed: {words}", shown)
    near = [line.split()[0] for part in parts[1:] if part[:1] == ["Perhaps you meant:"] for line in part if line.startswith("--")]
    return shown + (f" (did you mean {near[0]}?)" if near else "")


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
