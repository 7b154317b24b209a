"""A declaration from its file, refused in one line where it cannot be tested."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import cattrs

from para_bench.benchmarks.contrasts.declaration import Contrast, Declaration, Pooled
from para_bench.text import is_printable
from para_bench.types import ParaBenchError, from_dict


def parse(text: str, name: str) -> Declaration:
    """A declaration from TOML.

    Raises:
        ParaBenchError: the text is no TOML, lacks something, or declares what cannot be tested; says what was found and what is allowed.
    """
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ParaBenchError(f"{name} is not TOML ({error}); allowed: a declaration of contrasts") from error
    _check_keys(value, Declaration, name)
    for key, kind in (("conditions", Pooled), ("contrasts", Contrast)):
        for row in value[key]:
            _check_keys(row, kind, f"{name}, {key}")
    try:
        found = from_dict(Declaration, value)
    except (cattrs.BaseValidationError, TypeError, ValueError) as error:
        raise ParaBenchError(f"{name} does not hold a declaration; allowed: values as in factorial.toml") from error
    _check(found, name)
    return found


def _check_keys(value: Any, kind: type, name: str) -> None:
    allowed = {f.name for f in fields(kind)}
    optional = {"besides"}
    if not isinstance(value, Mapping) or set(value) - allowed or allowed - set(value) - optional:
        got = ", ".join(sorted(value)) if isinstance(value, Mapping) else repr(value)
        raise ParaBenchError(f"{name} has {got or 'nothing'}; allowed: {', '.join(f.name for f in fields(kind))}")


def _check(found: Declaration, name: str) -> None:
    """Raises ParaBenchError where heads, columns and contrasts do not fit together."""
    for share in (found.alpha, found.floor):
        if not 0 < share < 1:
            raise ParaBenchError(f"{name} has the share {share:g}; allowed: alpha and floor between 0 and 1")
    if not all(map(is_printable, _texts(found))):
        raise ParaBenchError(f"{name} has control characters in a text; allowed: printable text")
    for head, row in found.heads.items():
        if set(row) != set(found.columns) or any(row[column] not in values for column, values in found.columns.items()):
            raise ParaBenchError(f"{name} gives {head} {row}; allowed: one value of each of {found.columns}")
    known = set[frozenset[str]]()
    for contrast in found.contrasts:
        pair, words = frozenset(contrast.heads), " - ".join(contrast.heads)
        if unknown := sorted(pair - set(found.heads)):
            raise ParaBenchError(f"{name} compares {unknown[0]}; allowed: {', '.join(found.heads)}")
        differing = [c for c in found.columns if len({found.heads[head][c] for head in pair}) > 1]
        if len(differing) != 1:
            raise ParaBenchError(f"{name}: {words} differ in {' and '.join(differing) or 'no column'}; allowed: exactly one column")
        if pair in known:
            raise ParaBenchError(f"{name} declares {words} twice; allowed: once, in one direction")
        known.add(pair)
    if not found.contrasts or not found.conditions or len(set(found.conditions)) < len(found.conditions):
        raise ParaBenchError(
            f"{name} has {len(found.contrasts)} contrasts on {len(found.conditions)} conditions; allowed: one or more, each once"
        )


def _texts(found: Declaration) -> list[str]:
    columns = [text for column, values in found.columns.items() for text in (column, *values)]
    rows = [text for contrast in found.contrasts for text in (*contrast.heads, contrast.asks, contrast.besides)]
    where = [text for pooled in found.conditions for text in (pooled.split, pooled.factor)]
    return [found.suite, found.question, found.measure, found.test, found.beside, *found.heads, *columns, *rows, *where]
