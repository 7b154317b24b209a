"""Dataclasses to plain JSON values and back, and the hash that names their content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import MISSING, fields
from typing import Any, TypeVar

import cattrs

T_ = TypeVar("T_")
_converter = cattrs.Converter()


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
    """Plain JSON values with every float rounded to 1e-9, and never -0.0, which JSON writes differently from 0.0."""
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(part) for part in value]
    return round(value, 9) + 0.0 if isinstance(value, float) else value


def unstructure_without(cls: type, later: Collection[str]) -> None:
    """Make `to_dict` leave out the fields `later` of `cls` that hold their default; the others are converted by their values' classes."""
    defaults = {f.name: f.default for f in fields(cls) if f.name in later and f.default is not MISSING}

    def plain(value: Any) -> dict[str, Any]:
        held = {f.name: getattr(value, f.name) for f in fields(value)}
        return {name: to_dict(part) for name, part in held.items() if name not in defaults or part != defaults[name]}

    _converter.register_unstructure_hook(cls, plain)
