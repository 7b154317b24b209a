"""Which policy of a folder is current is written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from para_bench import records
from para_bench.records.current import FILE_NAME, Place, State, carry, mark, place_of, read, state_of
from para_bench.types import ParaBenchError

A, B = State("weights a", "policy a", "run"), State("weights b", "policy b", "run")


def test_the_last_mark_of_a_place_counts_and_other_places_stay(tmp_path: Path) -> None:
    assert read(tmp_path) == {}
    control, shifted = Place("para", 0, "id", "0"), Place("para", 0, "view_angle", "5")
    mark(tmp_path, {control: A, shifted: A, Place("act", 1, "id", "0"): A})
    mark(tmp_path, {control: B})
    assert read(tmp_path) == {control: B, shifted: A, Place("act", 1, "id", "0"): A}
    mark(tmp_path, {control: A})
    assert read(tmp_path)[control] == A


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        '{"format": true, "policies": []}',
        '{"format": 2, "policies": []}',
        '{"format": 1, "policies": [{"head": "para"}]}',
    ],
)
def test_a_damaged_file_is_one_line(text: str, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(ParaBenchError, match=r"current\.json") as told:
        read(tmp_path)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("seed", ["0.5", '"0"', "true", "-1", "null"])
def test_seeds_are_not_coerced(seed: str, tmp_path: Path) -> None:
    row = f'{{"head": "para", "train_seed": {seed}, "checkpoint_hash": "", "policy_hash": "", "config_hash": "", "conditions": []}}'
    (tmp_path / FILE_NAME).write_text(f'{{"format": 1, "policies": [{row}]}}')
    with pytest.raises(ParaBenchError, match=r"current\.json is damaged \(policies\[0\]\.train_seed is .*, not a whole number"):
        read(tmp_path)


def test_first_second_first_again_is_the_first(tmp_path: Path, record) -> None:
    """Other decoding of the same weights, other steps, edited code: the last run says what is current, not the last line."""
    first, second = (record(policy_hash=name, success=name == "a") for name in ("a", "b"))
    for one in (first, second):
        records.append(tmp_path / "episodes.jsonl", one)
        mark(tmp_path, {place_of(one): state_of(one)})
    assert records.read(tmp_path, only_current=True) == [second]
    mark(tmp_path, {place_of(first): state_of(first)})  # whose episodes are all on record
    assert records.read(tmp_path, only_current=True) == [first]
    assert records.read(tmp_path) == [first, second]


def test_each_folder_says_what_is_current_in_it(tmp_path: Path, record) -> None:
    first, second = record(policy_hash="a"), record(policy_hash="b")
    for folder, own in (("x", first), ("y", second), ("z", first)):
        for one in (first, second):
            records.append(tmp_path / folder / "episodes.jsonl", one)
        if folder != "z":
            mark(tmp_path / folder, {place_of(own): state_of(own)})
    assert records.read(tmp_path / "x", only_current=True) == [first]
    assert records.read(tmp_path / "y", only_current=True) == [second]
    assert records.read(tmp_path / "x", tmp_path / "y", only_current=True) == [first, second]
    assert records.read(tmp_path / "z", only_current=True) == [first, second]  # nothing is said there


def test_places_that_are_not_named_belong_to_the_one_policy(tmp_path: Path, record) -> None:
    control, shifted = (record(condition=c, policy_hash="a") for c in (("id", "0"), ("view_angle", "5")))
    other = record(condition=("view_angle", "5"), policy_hash="b")
    for one in (control, shifted, other):
        records.append(tmp_path / "episodes.jsonl", one)
    mark(tmp_path, {place_of(control): state_of(control)})
    assert records.read(tmp_path, only_current=True) == [control, shifted]
    own = record(condition=("demos", "4"), policy_hash="c")  # two policies are named: each condition may have one of its own
    mark(tmp_path, {place_of(own): state_of(own)})
    assert records.read(tmp_path, only_current=True) == [control, shifted, other]


def test_packing_carries_what_is_current(tmp_path: Path, record) -> None:
    first, second = record(policy_hash="a"), record(policy_hash="b")
    source, target = tmp_path / "source", tmp_path / "target"
    for one in (first, second):
        records.append(source / "episodes.jsonl", one)
    target.mkdir()
    carry(source, target, [first, second])
    assert not (target / FILE_NAME).exists()  # nothing is said anywhere
    mark(source, {place_of(first): state_of(first), Place("act", 0, "id", "0"): A})
    carry(source, target, [first, second])
    assert read(target) == {place_of(first): state_of(first)}  # and of places that were not packed, nothing
    older = tmp_path / "older"
    records.append(older / "episodes.jsonl", second)
    carry(older, target, [second])
    assert read(target) == {place_of(second): state_of(second)}
