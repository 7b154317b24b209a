"""COMMANDS: every row has its file, and every number option of every command has a range."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

import para_bench.commands
from para_bench.commands import COMMANDS, RENAMED, find_command
from para_bench.options import Range

FREE = {"seeds"}
"""Training seeds that are looked up among those of the records: any number is refused there that is not found."""


def numbers(options: type) -> Iterator[tuple[str, list[Range]]]:
    """Number options with their ranges, those of groups too."""
    hints = typing.get_type_hints(options, include_extras=True)
    for field in fields(options):
        marks = getattr(hints[field.name], "__metadata__", ())
        kind = typing.get_args(hints[field.name])[0] if marks else hints[field.name]
        if is_dataclass(kind):
            assert isinstance(kind, type)
            yield from numbers(kind)
        elif {int, float} & {kind, *typing.get_args(kind)}:
            yield field.name, [mark for mark in marks if isinstance(mark, Range)]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_number_has_a_range(name: str) -> None:
    options = find_command(name)
    assert options.__doc__
    assert [field for field, ranges in numbers(options) if len(ranges) != 1 and field not in FREE] == []


def test_a_file_a_command() -> None:
    files = {path.stem.replace("_", "-") for path in Path(para_bench.commands.__path__[0]).glob("*.py")} - {"--init--"}
    assert files == set(COMMANDS)
    assert set(RENAMED.values()) <= set(COMMANDS)
    assert not set(RENAMED) & set(COMMANDS)
