"""Dataclasses to plain JSON values and back, and names of their content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

import cattrs

T_ = TypeVar("T_")
_converter = cattrs.Converter()


def leave_out(cls: type, name: str, is_absent: Callable[[Any], bool]) -> None:
    """Instances of `cls` are written without field `name` where it holds nothing, so that older scenes keep their hashes and files."""

    def without(instance: Any) -> dict[str, Any]:  # every part by the class at hand: an annotation may name its base class alone
        found = {each.name: getattr(instance, each.name) for each in fields(instance)}
        return {key: to_dict(value) for key, value in found.items() if key != name or not is_absent(value)}

    _converter.register_unstructure_hook(cls, without)


def to_dict(value: Any) -> Any:
    """Dataclasses to plain JSON values."""
    return _converter.unstructure(value)


def from_dict(cls: type[T_], value: Any) -> T_:
    """Plain JSON values back to the dataclass `cls`."""
    return _converter.structure(value, cls)


def content_hash(value: Any) -> str:
    """16 hex digits that name the content of a dataclass or of plain JSON values."""
    text = json.dumps(to_dict(value), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def rounded(value: Any) -> Any:
    """Plain JSON values with every float rounded to 1e-9, and never -0.0, which is written otherwise than 0.0."""
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(part) for part in value]
    return round(value, 9) + 0.0 if isinstance(value, float) else value
