"""Declared contrasts: which heads a suite compares on which conditions, written down before its first episode (one TOML file a suite)."""

from __future__ import annotations

from importlib import resources

from para_bench.benchmarks.contrasts.declaration import Contrast, Declaration, Pooled
from para_bench.benchmarks.contrasts.parsing import parse
from para_bench.types import ParaBenchError

__all__ = ["Contrast", "Declaration", "Pooled", "declared", "find_declaration", "parse"]


def declared() -> tuple[str, ...]:
    """Suites with a declaration."""
    return tuple(sorted(path.name.removesuffix(".toml") for path in resources.files(__name__).iterdir() if path.name.endswith(".toml")))


def find_declaration(suite: str) -> Declaration | None:
    """What a suite declares; None where it declares nothing.

    Raises:
        ParaBenchError: as `parse`.
    """
    if suite not in declared():
        return None
    found = parse((resources.files(__name__) / f"{suite}.toml").read_text(encoding="utf-8"), f"{suite}.toml")
    if found.suite != suite:
        raise ParaBenchError(f"{suite}.toml is about suite {found.suite!r}; allowed: {suite!r}, the name of the file")
    return found
