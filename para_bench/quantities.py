"""Checks of the numbers in a scene: each is finite and in its range, or is refused in one line that names it."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from para_bench.errors import ParaBenchError

UNIT_TOLERANCE = 1e-4
"""Largest error of a quaternion's length: MuJoCo normalises it to draw, projection does not; at 4096 px this is under half a pixel."""


def number(what: str, value: Any, low: float = -math.inf, high: float = math.inf, within: bool = False) -> None:
    """Raises ParaBenchError unless `value` is a finite number in [low, high]; `within` refuses the two ends too."""
    good = _is_number(value) and (low < value < high if within else low <= value <= high)
    if not good:
        raise ParaBenchError(f"{what} is {_shown(value)}; allowed: {_range(low, high, within)}")


def numbers(what: str, values: Any, count: int, low: float = -math.inf, high: float = math.inf, within: bool = False) -> None:
    """Raises ParaBenchError unless `values` are `count` such numbers."""
    if not isinstance(values, tuple | list | np.ndarray) or len(values) != count:
        raise ParaBenchError(f"{what} is {_shown(values)}; allowed: {count} numbers")
    for value in values:
        number(f"{what} {_shown(values)}: a number", value, low, high, within)


def unit_quat(what: str, values: Any) -> None:
    """Raises ParaBenchError unless the four numbers are a quaternion of length 1 within UNIT_TOLERANCE."""
    numbers(what, values, 4)
    if abs((length := math.hypot(*values)) - 1) > UNIT_TOLERANCE:
        raise ParaBenchError(f"{what} is {_shown(values)}, of length {length:.6g}; allowed: length 1 within {UNIT_TOLERANCE:g}")


def choice(what: str, value: Any, allowed: Collection[str]) -> None:
    """Raises ParaBenchError unless `value` is one of the names."""
    if not isinstance(value, str) or value not in allowed:
        raise ParaBenchError(f"{what} is {_shown(value)}; allowed: {', '.join(allowed)}")


def all_finite(what: str, value: Any) -> None:
    """Raises ParaBenchError for a number that is not finite in a dataclass of numbers, names, lists of them and other dataclasses."""
    if is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            all_finite(f"{what}.{each.name}", getattr(value, each.name))
    elif isinstance(value, tuple | list):
        for part in value:
            all_finite(what, part)
    elif isinstance(value, float | np.floating):
        number(what, value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool) and math.isfinite(value)


def _range(low: float, high: float, within: bool) -> str:
    if low == -math.inf and high == math.inf:
        return "a finite number"
    if high == math.inf:
        return f"a finite number {'above' if within else 'of at least'} {low:g}"
    return f"a number from {low:g} to {high:g}" + (", neither of them" if within else "")


def _shown(value: Any) -> str:
    text = ascii(value.tolist() if isinstance(value, np.ndarray | np.generic) else value)
    return text if len(text) <= 80 else f"{text[:77]}..."
