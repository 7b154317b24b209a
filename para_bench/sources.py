"""Hashes of our own sources, so that a result made by other code is made again instead of being mixed in, and can say why."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

_ROOT = Path(str(resources.files("para_bench")))


@cache
def sources(names: tuple[str, ...]) -> dict[str, str]:
    """8 hex digits for each .py and .xml file among the files and folders of the package named here."""
    files = [path for name in names for path in (sorted((_ROOT / name).rglob("*")) if (_ROOT / name).is_dir() else [_ROOT / name])]
    return {str(path.relative_to(_ROOT)): _digest(path) for path in files if path.suffix in (".py", ".xml")}


@cache
def imported(module: str, within: str) -> tuple[str, ...]:
    """The file of a module of the package and of those below `within` ("heads") that it imports, directly or not, as `sources` names."""
    prefix, found, left = f"para_bench.{within}.", set[str](), [module]
    while left:
        name = left.pop()
        path = _ROOT.parent / f"{name.replace('.', '/')}.py"
        if name in found or not name.startswith(prefix) or not path.exists():
            continue
        found.add(name)
        for node in ast.walk(ast.parse(path.read_text())):
            left += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
    return tuple(sorted(f"{name.removeprefix('para_bench.').replace('.', '/')}.py" for name in found))


def differences(old: Mapping[str, Any], new: Mapping[str, Any], most: int = 4) -> str:
    """What changed between two nested records, in words: "envs/oracle.py changed, steps 1600 -> 800"."""
    before, after = dict(_flat(old)), dict(_flat(new))
    words = []
    for name in dict.fromkeys((*before, *after)):
        a, b = before.get(name), after.get(name)
        if a != b:
            words.append(f"{name} changed" if name.endswith((".py", ".xml")) else f"{name} {a} -> {b}")
    return ", ".join(words[:most]) + (f" and {len(words) - most} more" if len(words) > most else "")


def _flat(value: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    for name, part in value.items():
        if isinstance(part, Mapping):
            yield from _flat(part, "" if name == "sources" else f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", part


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]
