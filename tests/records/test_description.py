"""split.json: goes through the file unchanged, and is read strictly."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from para_bench.benchmarks.descriptions import describe
from para_bench.benchmarks.splits import SPLITS, VALIDATION, find_split
from para_bench.envs.sampling import CAMERA_DISTANCE_M, DEFAULT_CAMERA
from para_bench.records.description import FILE_NAME, ConditionFacts, Description, check, completed, read, write
from para_bench.records.factors import Factor, cell_of
from para_bench.records.values import WrongValueError
from para_bench.types import ParaBenchError


@pytest.mark.parametrize("split", [*SPLITS.builtin.values(), VALIDATION], ids=lambda split: split.name)
def test_every_split_is_described_and_read_again(split, tmp_path: Path) -> None:
    said = describe(split)
    write(tmp_path, said)
    assert read(tmp_path) == said
    assert said.scenes(70) == {c.key: range(c.share[0], 70, c.share[1]) for c in split.all_conditions if c.share[0] < 70}
    assert {key: list(indices) for key, indices in said.scenes(5).items()} == {
        c.key: c.indices(5) for c in split.all_conditions if c.indices(5)
    }
    assert said.apart == (len(split.trainings) > 1)
    assert {factor.name for factor in split.factors} <= {condition.factor for condition in split.conditions}
    for factor in split.factors:
        levels = [condition.level for condition in split.conditions if condition.factor == factor.name]
        assert factor.kind != "map" or None not in map(cell_of, levels)
        assert factor.kind != "curve" or [float(level) for level in levels]
        assert set(factor.level_words) <= set(levels)
        assert all(factor.words(level) for level in levels)


def test_an_older_file_is_of_the_first_suite_version(tmp_path: Path) -> None:
    write(tmp_path, describe(find_split("id")))
    file = tmp_path / FILE_NAME
    said = json.loads(file.read_text())
    assert said.pop("suite_version") == "2"
    file.write_text(json.dumps(said))
    found = read(tmp_path)
    assert found is not None
    assert found.suite_version == "1"


def test_an_older_file_has_todays_words_of_the_same_split(tmp_path: Path) -> None:
    today = describe(find_split("novel_view"))
    write(tmp_path, today)
    file = tmp_path / FILE_NAME
    said = json.loads(file.read_text())
    for factor in said["factors"]:
        del factor["control_at"], factor["level_words"]
    said["factors"] = [factor for factor in said["factors"] if factor["name"] != "roll"]
    file.write_text(json.dumps(said))
    old = read(tmp_path)
    assert old is not None
    assert (old.factor("distance").control_at, old.factor("look_at").words("6")) == (0.0, "look at 6 cm")
    found = completed(old, today)
    assert (found.factor("distance").control_at, found.factor("look_at").words("6")) == (0.75, "aimed 6 cm off")
    assert found.factor("roll") == today.factor("roll")
    assert completed(replace(old, about="all copies turned"), replace(today, about="some copies turned")).about == "some copies turned"
    assert completed(old, None) == completed(old, replace(today, version=9)) == completed(old, replace(today, conditions=())) == old
    own = replace(old, factors=(Factor("distance", "curve", "of the lens", control_at=0.5, level_words={"1": "far"}),))
    assert completed(own, today).factor("distance") == own.factor("distance")


def test_controls_stand_where_training_is() -> None:
    found = {f.name: f.control_at for name in SPLITS.builtin for f in find_split(name).factors if f.control_at}
    assert found == {"distance": CAMERA_DISTANCE_M, "fovy": DEFAULT_CAMERA.fovy_deg}


def test_nothing_is_said_where_there_is_no_file(tmp_path: Path) -> None:
    assert read(tmp_path) is None
    assert Description("x").factor("y") == Factor("y")


WRONG = [
    ("format", 2),
    ("split", ""),
    ("split", "a\x00b"),
    ("version", "1"),
    ("version", True),
    ("suite_version", 2),
    ("stages", "none"),
    ("stages", [1]),
    ("reasons", [""]),
    ("control", ["id"]),
    ("control", ["other", "0"]),
    ("seen_renderer", None),
    ("factors", [{"name": "x"}]),
    ("factors", [asdict(Factor("x")) | {"control_at": "0"}]),
    ("factors", [asdict(Factor("x")) | {"level_words": {"1": 2}}]),
    ("conditions", [{"factor": "id", "level": "0", "share": [0, 0], "own_training": False}]),
    ("conditions", [{"factor": "id", "level": "0", "share": [0], "own_training": False}]),
    ("conditions", [{"factor": "id", "level": "0", "share": [0, 1], "own_training": "false"}]),
    ("conditions", [{"factor": "id", "level": 0, "share": [0, 1], "own_training": False}]),
    ("conditions", 2 * [{"factor": "id", "level": "0", "share": [0, 1], "own_training": False}]),
]


@pytest.mark.parametrize(("field", "value"), WRONG, ids=str)
def test_nothing_is_coerced(tmp_path: Path, field: str, value: object) -> None:
    write(tmp_path, describe(SPLITS["novel_view"]))
    file = tmp_path / FILE_NAME
    file.write_text(json.dumps(json.loads(file.read_text()) | {field: value}))
    with pytest.raises(ParaBenchError, match=r"split\.json is damaged"):
        read(tmp_path)


def test_a_description_is_checked_before_it_is_written() -> None:
    said = Description("mine", conditions=(ConditionFacts("id", "0"), ConditionFacts("tilt", "x0y0")))
    check(said)
    for wrong in (
        replace(said, conditions=said.conditions[1:]),
        replace(said, factors=(Factor("tilt", "pie"),)),  # type: ignore[arg-type]
        replace(said, factors=(Factor("tilt"), Factor("tilt"))),
        replace(said, stages=("a\nb",)),
    ):
        with pytest.raises(WrongValueError):
            check(wrong)


def test_levels_of_maps_name_their_cell() -> None:
    assert [cell_of(level) for level in ("a0e7", "3x12", "x1_y2")] == [(0, 7), (3, 12), (1, 2)]
    assert not any(map(cell_of, ("25", "right", "a-1e0", "a1e99999", "a1e2z", "")))
