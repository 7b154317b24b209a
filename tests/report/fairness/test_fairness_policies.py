from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from para_bench import records
from para_bench.records import EpisodeRecord
from para_bench.report.checkpoints import weights_hash
from para_bench.report.fairness.checkpoint import About
from para_bench.report.fairness.facts import FACTS, UNKNOWN
from para_bench.report.fairness.policies import CSV, JSON, PolicyFacts, known, policies, read, to_csv, write
from para_bench.types import ParaBenchError

ID = ("id", "0")
Trained = Callable[..., Path]


def test_policies_are_the_trained_ones_in_order(record: Callable[..., EpisodeRecord]) -> None:
    found = [record("b"), record("a", train_seed=1), record("a"), record("a", split="id"), record("oracle", checkpoint_hash="")]
    rows = policies(found, {"a-1": {"steps": 5}}, order=("a", "b"), heads={"a": About("RGB")})
    assert [(p.head, p.seed, p.checkpoint, p.splits) for p in rows] == [
        ("a", 0, "a-0", ("novel_view", "id")),
        ("a", 1, "a-1", ("novel_view",)),
        ("b", 0, "b-0", ("novel_view",)),
    ]
    assert [p.text("steps") for p in rows] == [UNKNOWN, "5", UNKNOWN]
    assert [p.text("sees") for p in rows] == ["RGB", "RGB", UNKNOWN]
    assert {p.text("backbone") for p in rows} == {"lite0"}  # records tell it


def test_one_head_and_seed_may_have_several_checkpoints(record: Callable[..., EpisodeRecord]) -> None:
    found = [record("para", ("demos", level), 0, demos=int(level), checkpoint_hash=f"para-{level}") for level in ("4", "64")]
    assert [(p.checkpoint, p.text("demonstrations")) for p in policies(found, {})] == [("para-4", "4"), ("para-64", "64")]


def test_facts_outlive_the_checkpoints(
    tmp_path: Path, trained: Trained, heads: dict[str, About], record: Callable[..., EpisodeRecord]
) -> None:
    folder = trained("a")
    digest = weights_hash(folder)
    split = tmp_path / "novel_view"
    records.append(split / records.FILE_NAME, record(checkpoint_hash=digest))
    from_checkpoint = known([split], heads)
    write(split, policies(records.read(split), from_checkpoint))
    (folder / "config.json").unlink()
    assert known([split], heads) == from_checkpoint
    assert known([tmp_path], heads).keys() == {digest}
    (split / JSON).unlink()
    assert known([split], heads) == {}


def test_a_run_of_another_head_keeps_what_is_stated_and_a_new_training_replaces_it(tmp_path: Path) -> None:
    write(tmp_path, [PolicyFacts("para", 0, "old", ("id",), {"steps": 1}), PolicyFacts("para", 1, "one", ("id",))])
    write(tmp_path, [PolicyFacts("act", 0, "act", ("id",))])
    write(tmp_path, [PolicyFacts("para", 0, "new", ("id",), {"steps": 2, "augmentation": {"copies": 3}})])
    assert [p.checkpoint for p in read(tmp_path / JSON)] == ["one", "act", "new"]
    rows = list(csv.DictReader(io.StringIO((tmp_path / CSV).read_text())))
    assert [row["checkpoint"] for row in rows] == ["one", "act", "new"]
    assert set(FACTS) < set(rows[0])
    assert (rows[2]["steps"], rows[2]["augmentation"], rows[2]["batch"]) == ("2", "copies 3", UNKNOWN)


def test_writing_twice_changes_no_byte(tmp_path: Path) -> None:
    rows = [PolicyFacts("para", 0, "a", ("id",), {"training_flop": 8826445824000, "training_s": 275.2, "backbone_trained": False})]
    write(tmp_path, rows)
    first = [(tmp_path / name).read_bytes() for name in (JSON, CSV)]
    write(tmp_path, read(tmp_path / JSON))
    assert [(tmp_path / name).read_bytes() for name in (JSON, CSV)] == first
    assert "8826445824000,275.2" in to_csv(rows)  # numbers whole
    assert ",no," in to_csv(rows)


def test_damage_is_one_line(tmp_path: Path) -> None:
    (tmp_path / JSON).write_text('{"policies": [{"head": "para"}]}')
    with pytest.raises(ParaBenchError, match=r"fairness\.json is damaged .*not an object with head, seed.*allowed: as `para-bench run`"):
        read(tmp_path / JSON)


def test_of_a_policy_that_was_trained_elsewhere_no_training_is_stated(record: Callable[..., EpisodeRecord]) -> None:
    """Neither "0 demonstrations" nor a backbone without a name: nothing is known, and nothing is held against a head."""
    (found,) = policies([record("pi", backbone="", demos=0)], {"pi-0": {"sees": "RGB"}})
    assert dict(found.facts) == {"sees": "RGB"}
    assert found.text("demonstrations") == found.text("backbone") == "not recorded"
