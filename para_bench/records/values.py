"""Checks of values that were read from a file: each is what it has to be or is refused by name. Nothing is coerced."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from typing import Any

from para_bench.text import is_printable, printable

Check = Callable[[Any], Any]
"""Returns the value (a whole number where a float is meant as a float) or raises WrongValueError."""

MOST_LETTERS = 200
"""Of a name."""
MOST_COUNT = 10**9
MOST_SCENES = 10**6
"""Scene indices and training seeds lie below it; tables hold all indices up to the largest in memory."""
_SHOWN = 60
"""Letters of a value that a message shows."""


class WrongValueError(ValueError):
    """A value that may not stand where it stands."""

    def __init__(self, found: str, allowed: str, where: str = "") -> None:
        super().__init__(found, allowed, where)
        self.found, self.allowed, self.where = found, allowed, where

    def inside(self, name: str) -> WrongValueError:
        """The same, of a part of something larger."""
        dot = "." if self.where and not self.where.startswith("[") else ""
        return WrongValueError(self.found, self.allowed, f"{printable(name[:_SHOWN])}{dot}{self.where}")

    def __str__(self) -> str:
        return f"{self.where or 'value'} is {self.found}; allowed: {self.allowed}"


def shown(value: Any) -> str:
    """A value in a message: one line, no control characters, not long."""
    try:
        text = printable(repr(value))
    except (ValueError, RecursionError):  # an integer of more digits than Python prints, or nested too deep
        text = type(value).__name__
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def name(value: Any) -> str:
    """Letters without control characters, at least one, at most MOST_LETTERS."""
    if type(value) is str and value and len(value) <= MOST_LETTERS and ((value.isascii() and value.isprintable()) or is_printable(value)):
        return value
    raise WrongValueError(shown(value), f"1 to {MOST_LETTERS} letters, no control characters")


def name_or_empty(value: Any) -> str:
    """As `name`, or nothing."""
    return "" if type(value) is str and not value else name(value)


def text(value: Any) -> str:
    """Any text."""
    if type(value) is str:
        return value
    raise WrongValueError(shown(value), "text")


def flag(value: Any) -> bool:
    if value is True or value is False:
        return value
    raise WrongValueError(shown(value), "true or false")


def count(most: int = MOST_COUNT, least: int = 0) -> Check:
    """A whole number from `least` to `most`."""

    def check(value: Any) -> int:
        if type(value) is int and least <= value <= most:
            return value
        raise WrongValueError(shown(value), f"a whole number from {least} to {most}")

    return check


def number(least: float = -math.inf) -> Check:
    """A finite number, not below `least`."""
    allowed = "a finite number" + (f" of at least {least:g}" if least > -math.inf else "")

    def check(value: Any) -> float:
        if type(value) is float or type(value) is int:
            try:
                found = float(value)
            except OverflowError:
                raise WrongValueError(shown(value), allowed) from None
            if least <= found < math.inf and found > -math.inf:
                return found
        raise WrongValueError(shown(value), allowed)

    return check


def optional(check: Check) -> Check:
    """The same, or null."""
    return lambda value: None if value is None else check(value)


def one_of(*allowed: Any) -> Check:
    def check(value: Any) -> Any:
        if any(type(value) is type(each) and value == each for each in allowed):
            return value
        raise WrongValueError(shown(value), ", ".join(map(repr, allowed)))

    return check


def listing(check: Check) -> Check:
    """A list, each item checked; as a tuple."""

    def checked(value: Any) -> tuple:
        if type(value) not in (list, tuple):
            raise WrongValueError(shown(value), "a list")
        found = []
        for place, item in enumerate(value):
            try:
                found.append(check(item))
            except WrongValueError as wrong:
                raise wrong.inside(f"[{place}]") from None
        return tuple(found)

    return checked


def mapping(check: Check) -> Check:
    """An object whose keys are names, each value checked."""

    def checked(value: Any) -> dict[str, Any]:
        found = {}
        for key, part in table(value).items():
            try:
                found[name(key)] = check(part)
            except WrongValueError as wrong:
                raise wrong.inside(str(key)) from None
        return found

    return checked


def fields(checks: Mapping[str, Check], defaults: Collection[str] = ()) -> Check:
    """An object with these fields, of which those in `defaults` may be absent; others are left out."""

    needed = [key for key in checks if key not in defaults]

    def checked(value: Any) -> dict[str, Any]:
        found = table(value)
        if missing := [key for key in needed if key not in found]:
            raise WrongValueError(f"without {', '.join(missing)}", f"an object with {', '.join(needed)}")
        taken = {}
        for key, check in checks.items():
            if key in found:
                try:
                    taken[key] = check(found[key])
                except WrongValueError as wrong:
                    raise wrong.inside(key) from None
        return taken

    return checked


def table(value: Any) -> Mapping[str, Any]:
    """An object."""
    if isinstance(value, dict):
        return value
    raise WrongValueError(shown(value), "an object")
