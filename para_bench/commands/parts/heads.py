"""What heads of ours say of themselves, read from their source: to import torch for one sentence takes seconds."""

from __future__ import annotations

import ast
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from para_bench.heads import BUILTIN


class About(NamedTuple):
    sees: str
    """As `Head.sees`."""
    title: str
    """First line of the docstring, without its full stop."""


@cache
def told(name: str) -> About:
    """Of a built-in head; a test holds it against the imported class."""
    module, _, attribute = BUILTIN[name].partition(":")
    return About(_sees(module, attribute), (ast.get_docstring(_class(module, attribute)) or "no docstring").partition("\n")[0].rstrip("."))


def _sees(module: str, name: str) -> str:
    """The class's own statement, or that of the class it derives from."""
    found = _class(module, name)
    for line in found.body:
        if isinstance(line, ast.Assign | ast.AnnAssign) and isinstance(line.value, ast.Constant):
            targets = line.targets if isinstance(line, ast.Assign) else [line.target]
            if any(isinstance(target, ast.Name) and target.id == "sees" for target in targets):
                return str(line.value.value)
    for line in _tree(module).body:
        if isinstance(line, ast.ImportFrom) and line.module:
            for base in found.bases:
                if isinstance(base, ast.Name) and base.id in [alias.asname or alias.name for alias in line.names]:
                    return _sees(line.module, base.id)
    raise LookupError(f"{module}:{name} does not say what it sees")


def _class(module: str, name: str) -> ast.ClassDef:
    return next(line for line in _tree(module).body if isinstance(line, ast.ClassDef) and line.name == name)


@cache
def _tree(module: str) -> ast.Module:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise LookupError(f"{module} has no source")
    return ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
