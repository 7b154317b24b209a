"""What a result depends on where a plug-in made it: its file and those that it imports, so that an edited plug-in is trained again."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec, resolve_name
from pathlib import Path

from para_bench.heads import HEADS, find_head, head_module
from para_bench.plugins import SOURCE_PREFIX, Plugin
from para_bench.sources import imported, sources


def head_sources(name: str) -> dict[str, str]:
    """8 hex digits for each file that a head is made of."""
    if name in HEADS.builtin:
        return sources(imported(HEADS[name].__module__, "heads"))
    return module_sources(head_module(name)) | module_sources(getattr(find_head(name), "__module__", head_module(name)))


def plugin_sources(plugin: Plugin | None) -> dict[str, str]:
    """The same for another plug-in; nothing for what is built in."""
    return module_sources(plugin.module) if plugin else {}


@cache
def module_sources(module: str) -> dict[str, str]:
    """Files of a module, of all modules of its own package that it imports, and of our heads' modules among its imports.

    A plug-in in a plain folder (one where nothing is installed) also answers for the other modules of that folder that it imports.
    """
    top, ours, found, left = module.partition(".")[0], set[str](), dict[str, Path](), [module]
    root = _root(top)
    plain = root is not None and not any(root.glob("*.dist-info"))
    while left:
        name = left.pop()
        if name.startswith("para_bench."):
            ours |= set(imported(name, "heads"))
            continue
        own = name.partition(".")[0] == top
        if name in found or not (own or plain):
            continue
        path = _file(name)
        if path is None or root is None or not path.is_relative_to(root) or "site-packages" in path.relative_to(root).parts:
            continue
        found[name] = path
        left += [name.rpartition(".")[0]] if "." in name else []  # importing a.b runs a
        left += _imports(name, path)
    mine = {
        f"{SOURCE_PREFIX}{path.relative_to(root)}": hashlib.sha256(path.read_bytes()).hexdigest()[:8] for path in found.values() if root
    }
    return dict(sorted(mine.items())) | sources(tuple(sorted(ours)))


def _imports(name: str, path: Path) -> Iterator[str]:
    """What may be modules among the imports of a file."""
    if path.suffix != ".py":
        return
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), package) if node.level else node.module or ""
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names if alias.name != "*")


def _file(name: str) -> Path | None:
    try:
        spec = find_spec(name)
    except (ImportError, ValueError, AttributeError):  # a name in a module, and no module
        return None
    return Path(spec.origin).resolve() if spec and spec.origin and Path(spec.origin).is_file() else None


def _root(top: str) -> Path | None:
    """The folder that a top-level module or package lies in."""
    spec = find_spec(top)
    if spec is None:
        return None
    if spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations))).resolve().parent
    return Path(spec.origin).resolve().parent if spec.origin else None
