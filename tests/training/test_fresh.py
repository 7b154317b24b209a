"""The weights that a training starts from: the seed's or the base's, and who is trained."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from para_bench.heads.base import HeadConfig
from para_bench.heads.create import create_head
from para_bench.training.fresh import fresh_learner
from para_bench.training.saved import HeadSpec, save_head
from para_bench.types import FeatureSpec, ParaBenchError

SPEC, CONFIG = FeatureSpec("toy@01234567", 32, (4, 6), (8, 4)), HeadConfig(width=8)


def backbone(frozen: bool = True, spec: FeatureSpec = SPEC) -> Any:
    made: Any = torch.nn.Linear(2, 2)
    made.spec, made.frozen = spec, frozen
    return made


def same(one: torch.nn.Module, other: torch.nn.Module) -> bool:
    return all(torch.equal(value, other.state_dict()[name]) for name, value in one.state_dict().items())


def test_the_seed_decides_and_nothing_else_is_touched() -> None:
    frozen, before = backbone(), torch.get_rng_state()
    heads = [fresh_learner("para", CONFIG, frozen, seed, None).head for seed in (0, 0, 1)]
    assert torch.equal(torch.get_rng_state(), before)
    assert same(heads[0], heads[1])
    assert not same(heads[0], heads[2])


def test_fine_tuning_starts_from_the_weights_of_its_base(tmp_path: Path) -> None:
    torch.manual_seed(5)  # any weights that no seed below gives
    base = create_head("para", SPEC, CONFIG)
    save_head(tmp_path, HeadSpec("para", CONFIG, SPEC), base, {})
    for seed in (0, 1):
        assert same(fresh_learner("para", CONFIG, backbone(), seed, tmp_path).head, base)
    with pytest.raises(ParaBenchError, match=r"was made for features .*toy@01234567.*; allowed here: .*toy@ffffffff"):
        fresh_learner("para", CONFIG, backbone(spec=FeatureSpec("toy@ffffffff", 32, (4, 6), (8, 4))), 0, tmp_path)


def test_a_frozen_backbone_is_not_trained() -> None:
    made = backbone(frozen=False)
    assert fresh_learner("para", CONFIG, made, 0, None).backbone is made
    assert fresh_learner("para", CONFIG, backbone(), 0, None).backbone is None


@pytest.mark.parametrize("dim", [0, 5])
def test_a_summary_token_is_told_from_a_feature_map(dim: int) -> None:
    spec = FeatureSpec("toy@01234567", 32, (4,), (8,), summary_dim=dim)
    learner = fresh_learner("global_token", CONFIG, SimpleNamespace(spec=spec, frozen=True), 0, None)  # type: ignore[arg-type]
    levels = [torch.zeros(1, 4, 8, 8), *([torch.zeros(1, dim)] if dim else [])]
    found = learner.features(levels)
    assert (len(found.maps), found.summary is not None) == (1, dim > 0)
