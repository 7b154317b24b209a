"""What is written of a dataclass: everything, but for later fields that hold their default."""

from __future__ import annotations

from dataclasses import dataclass

from para_bench.plain import content_hash, from_dict, rounded, to_dict, unstructure_without


@dataclass(frozen=True)
class Part:
    x: float = 0.0


@dataclass(frozen=True)
class Whole:
    part: Part
    later: int = 0
    other: int = 0


def test_a_later_field_is_written_where_it_says_something() -> None:
    before = content_hash(Whole(Part(1.0)))
    assert to_dict(Whole(Part(1.0))) == {"part": {"x": 1.0}, "later": 0, "other": 0}
    unstructure_without(Whole, ("later",))
    assert to_dict(Whole(Part(1.0))) == {"part": {"x": 1.0}, "other": 0}
    assert to_dict([Whole(Part(1.0), later=2)]) == [{"part": {"x": 1.0}, "later": 2, "other": 0}]
    assert from_dict(Whole, to_dict(Whole(Part(1.0), 2))) == Whole(Part(1.0), 2)
    assert content_hash(Whole(Part(1.0))) != before


def test_numbers_of_two_processors_are_one() -> None:
    assert rounded({"a": [0.1 + 0.2, -0.0], "b": "x"}) == {"a": [0.3, 0.0], "b": "x"}
    assert str(rounded(-0.0)) == "0.0"
