"""Files beside records: none without an end is opened, whoever reads it, and none is coerced."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from para_bench.records import current, description
from para_bench.records.documents import exists, parse_json, read_json
from para_bench.report import checkpoints, inventory
from para_bench.report.fairness import policies
from para_bench.report.fairness.checkpoint import checkpoint_facts
from para_bench.report.gate import baseline_file
from para_bench.report.tables import features
from para_bench.types import ParaBenchError


def _costs(path: Path) -> object:
    folder = path / "checkpoints/a"
    folder.mkdir(parents=True, exist_ok=True)
    return checkpoints.costs([path])


READERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "current": ("current.json", current.read),
    "description": ("split.json", description.read),
    "configuration": ("config.json", lambda path: inventory.asked(path / "config.json")),
    "fairness": ("fairness.json", lambda path: policies.read(path / "fairness.json")),
    "baseline": ("ci.json", lambda path: baseline_file.read(path / "ci.json")),
    "features": ("features.csv", lambda path: features.read(path / "features.csv")),
    "inference": ("inference.json", lambda path: checkpoint_facts(path, {})),
    "checkpoint": ("config.json", lambda path: checkpoint_facts(path, {})),
    "weights": ("checkpoints/a/model.safetensors", _costs),
}


@pytest.fixture(params=READERS)
def reader(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Callable[[Path], object]]:
    name, read = READERS[request.param]
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    if request.param == "weights":
        (tmp_path / "checkpoints/a/config.json").write_text("{}")
    return tmp_path / name, read


@pytest.mark.timeout(20)
def test_no_reader_waits_for_what_never_ends(reader, tmp_path: Path) -> None:
    path, read = reader
    for make in (os.mkfifo, lambda path: path.symlink_to("/dev/zero"), Path.mkdir):
        make(path)
        with pytest.raises(ParaBenchError, match="allowed: a regular file"):
            read(tmp_path)
        path.rmdir() if path.is_dir() else path.unlink()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"3", b"\xff\xfe", b"[" * 100_000, b"null", b'{"a": 1, "a": 2}', b'"\\ud800"'])
def test_junk_is_one_line(reader, tmp_path: Path, content: bytes) -> None:
    path, read = reader
    if path.suffix == ".safetensors" or (path.suffix == ".csv" and content in (b"",)):
        return
    path.write_bytes(content)
    found, told = None, ""
    try:
        found = read(tmp_path)
    except ParaBenchError as error:
        told = str(error)
    assert not found  # a table without a row, or an object without a field that is known
    assert told.isprintable()
    assert not told or "allowed: " in told
    assert len(told) < 500 + len(str(tmp_path))


@pytest.mark.parametrize(
    "facts",
    [
        {"steps": "1600"},
        {"steps": 1600.5},
        {"training_flop": "much"},
        {"training_s": float("nan")},
        {"learning_rate": True},
        {"backbone_trained": "false"},
        {"backbone": 3},
        {"sees": "\x1b[31m"},
        {"augmentation": [1]},
        {"optimiser": {"weight_decay": float("inf")}},
        {"settings": {"decode": "\x1b[31m"}},
        {"start": "two\nlines"},
        {"of another version": float("nan")},
        {"head_parameters": 10**30},
    ],
)
def test_facts_are_not_coerced(tmp_path: Path, facts: dict) -> None:
    policy = {"head": "para", "seed": 0, "checkpoint": "ab", "splits": ["id"], "facts": facts}
    (tmp_path / "fairness.json").write_text(json.dumps({"policies": [policy]}))
    with pytest.raises(ParaBenchError, match=rf"fairness\.json is damaged \(policies\[0\]\.facts\.{next(iter(facts))}"):
        policies.read(tmp_path / "fairness.json")
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "inference.json").write_text(json.dumps(facts))
    with pytest.raises(ParaBenchError, match=r"inference\.json is damaged"):
        checkpoint_facts(tmp_path, {})


def test_a_policy_is_not_coerced(tmp_path: Path) -> None:
    right = {"head": "para", "seed": 0, "checkpoint": "ab", "splits": ["id"], "facts": {"of another version": [1, None, "x"]}}
    file = tmp_path / "fairness.json"
    file.write_text(json.dumps({"policies": [right]}))
    assert policies.read(file)[0].facts == {"of another version": [1, None, "x"]}
    for wrong in ({"seed": "0"}, {"seed": 0.5}, {"head": ["para"]}, {"splits": "id"}, {"checkpoint": None}, {"facts": []}):
        file.write_text(json.dumps({"policies": [right | wrong]}))
        with pytest.raises(ParaBenchError, match=rf"is damaged \(policies\[0\]\.{next(iter(wrong))} is "):
            policies.read(file)


def test_plain_json_is_read(tmp_path: Path) -> None:
    assert read_json(tmp_path / "none.json", dict, "") is None
    (tmp_path / "some.json").write_text('{"a": [1, 2.5, null, "ä"]}')
    assert read_json(tmp_path / "some.json", dict, "") == {"a": [1, 2.5, None, "ä"]}
    assert parse_json(b"[]") == []


def test_what_cannot_be_looked_at_is_one_line() -> None:
    for path in ("x" * 5000, "a\0b"):
        with pytest.raises(ParaBenchError, match="cannot read"):
            exists(Path(path))
