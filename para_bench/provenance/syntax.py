"""A digest of a Python file's syntax tree, and what the file imports, both without what changes no result."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any

_DECIDES_NOTHING = frozenset({"ctx", "kind", "type_comment", "type_params", "type_ignores"})
"""Fields of nodes that say nothing of their own, or that some versions of Python do not have."""


@lru_cache(maxsize=4096)
def digest_of(source: bytes) -> str:
    """8 hex digits; the same on every Python that we support. A file that this Python cannot parse counts byte by byte."""
    try:
        words = "\n".join(_words(_Bare().visit(ast.parse(source)))).encode()
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return hashlib.sha256(source).hexdigest()[:8]
    return hashlib.sha256(words).hexdigest()[:8]


@lru_cache(maxsize=4096)
def imports_of(source: bytes) -> tuple[tuple[int, str, str], ...]:
    """(dots, module, name) of every import, those inside functions included; the name is empty for `import module` and `import *`."""
    try:
        tree = _bare(ast.parse(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(0, alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [(node.level, node.module or "", "" if alias.name == "*" else alias.name) for alias in node.names]
    return tuple(dict.fromkeys(found))


def _bare(tree: ast.Module) -> ast.Module:
    try:
        return _Bare().visit(tree)
    except RecursionError:  # very deep code: then imports for type checkers count too
        return tree


class _Bare(ast.NodeTransformer):
    """Removes what a program does not act on: docstrings, `pass`, and imports for type checkers alone."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str) else self.generic_visit(node)

    def visit_Pass(self, node: ast.Pass) -> None:
        return None

    def visit_If(self, node: ast.If) -> Any:
        self.generic_visit(node)
        test = node.test.value if isinstance(node.test, ast.Attribute) and node.test.attr == "TYPE_CHECKING" else None
        of_typing = isinstance(test, ast.Name) and test.id in ("typing", "t", "typing_extensions")
        return node.orelse if of_typing or getattr(node.test, "id", "") == "TYPE_CHECKING" else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        """Versions of Python cut the text of an f-string into pieces in different ways."""
        self.generic_visit(node)
        values: list[Any] = []
        for part in node.values:
            if isinstance(part, ast.Constant) and values and isinstance(values[-1], ast.Constant):
                values[-1] = ast.Constant(f"{values[-1].value}{part.value}")
            elif not (isinstance(part, ast.Constant) and part.value == ""):
                values.append(part)
        node.values = values
        return node


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, ast.AST):
        yield f"({type(value).__name__}"
        for name in sorted(set(value._fields) - _DECIDES_NOTHING):
            part = getattr(value, name, None)
            if isinstance(value, ast.Constant) or not (part is None or part == []):
                yield f".{name}"
                yield from _words(part)
        yield ")"
    elif isinstance(value, list):
        yield "["
        for are_imports, run in groupby(value, lambda node: isinstance(node, ast.Import | ast.ImportFrom)):
            if are_imports:
                yield from _words_of_imports(list(run))
            else:
                for part in run:
                    yield from _words(part)
        yield "]"
    else:
        yield f"{type(value).__name__} {value!a}"


def _words_of_imports(run: list[Any]) -> list[str]:
    """Words of imports that follow each other: their order changes nothing, unless two bind the same name."""
    words = [word for node in run for word in _import_words(node)]
    names = [word.rpartition(" as ")[2] if not word.endswith(" as None") else word.split()[-3] for word in words]
    return sorted(words) if len(set(names)) == len(set(words)) and "*" not in names else words


def _import_words(node: Any) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (f"import {alias.name} as {alias.asname}" for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module != "__future__":
        yield from (f"from {'.' * node.level}{node.module or ''} import {alias.name} as {alias.asname}" for alias in node.names)
