"""config.json of a checkpoint, read strictly and without its weights."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from para_bench.heads.config import HeadConfig
from para_bench.training.specification import CONFIG, HeadSpec, read_spec
from para_bench.types import FeatureSpec, ParaBenchError, to_dict

SPEC = HeadSpec("para", HeadConfig(width=8), FeatureSpec("toy@01234567", 32, (4, 6), (8, 4)))


def test_it_is_what_was_written(tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_text(json.dumps({"spec": to_dict(SPEC), "more": 1}))
    assert read_spec(tmp_path) == SPEC


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"action_horizon": "12"}, "damaged"),  # no number, though one could be made of it
        ({"head": 3}, "damaged"),
        ({"features": None}, "damaged"),
    ],
)
def test_another_type_of_value_is_refused(change: dict, words: str, tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_text(json.dumps({"spec": to_dict(SPEC) | change}))
    with pytest.raises(ParaBenchError, match=words):
        read_spec(tmp_path)


def test_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match=r"no checkpoint in .*; allowed: a folder with config\.json and model\.safetensors"):
        read_spec(tmp_path)
