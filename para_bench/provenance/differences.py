"""What changed between two states, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def differences(old: Mapping[str, Any], new: Mapping[str, Any], most: int = 4) -> str:
    """What changed between two nested states, in words: "heads/para.py changed, train.steps 1600 -> 800"; empty where nothing did."""
    before, after = dict(_flat(old)), dict(_flat(new))
    words = []
    for name in dict.fromkeys((*before, *after)):
        a, b = before.get(name), after.get(name)
        if a == b:
            continue
        if not name.endswith((".py", ".xml")):
            words.append(f"{name} {a} -> {b}")
        else:
            words.append(f"{name} {'changed' if a and b else 'is used now' if b else 'is no longer used'}")
    return ", ".join(words[:most]) + (f" and {len(words) - most} more" if len(words) > most else "")


def _flat(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, part in value.items():
        if isinstance(part, Mapping):
            yield from _flat(part, "" if name == "sources" else f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", _listed(part)


def _listed(value: Any) -> Any:
    """Lists as JSON has them, so that a state that was read from a file equals the one that was written."""
    return [_listed(part) for part in value] if isinstance(value, list | tuple) else value
