"""The fairness record of a run: every fact of what was trained, measured once."""

from __future__ import annotations

import json

import pytest

from para_bench import records
from para_bench.benchmarks.chosen import searched
from para_bench.benchmarks.profiles import PROFILES
from para_bench.commands.parts import statement
from para_bench.report.fairness.facts import FACTS
from para_bench.report.fairness.policies import JSON, read
from para_bench.rollouts.config import RunConfig

pytestmark = pytest.mark.integration

TRIED = "0.0003, 0.001, 0.003 x off/colour/turns (20 demos, efficientnet_lite0), of task place"


def test_every_fact_is_stated_of_every_trained_policy(tiny) -> None:
    stated = read(tiny.folder / JSON)
    assert [policy.head for policy in stated] == ["para", "global_token"]
    assert {policy.checkpoint for policy in stated} == {r.checkpoint_hash for r in records.read(tiny.folder)} - {""}
    for policy in stated:
        assert set(policy.facts) == set(FACTS)
        assert policy.splits == (tiny.folder.name,)
        cell = searched(2, "place", policy.head, 1)  # nobody has searched `stack`
        assert cell is not None
        assert policy.facts["learning_rate"] == cell.learning_rate
        given = {name: policy.facts[name] for name in ("demonstrations", "steps", "batch", "image_px", "rates_tried", "trained_on")}
        assert given == {"demonstrations": 1, "steps": 2, "batch": 2, "image_px": 64, "rates_tried": TRIED, "trained_on": "cpu"}
        assert policy.facts["inference_ms"] > 0


def test_what_one_look_costs_is_not_measured_again(tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (tiny.folder / JSON).read_bytes()
    monkeypatch.setattr("para_bench.rollouts.inference.look_ms", lambda *_: pytest.fail("measured again"))
    config = RunConfig(tiny.folder.name, ("para", "global_token"), PROFILES["smoke"], image_size=64, out=tiny.out)
    made = statement.state(config, records.read(tiny.folder))
    assert [policy.head for policy in made] == ["para", "global_token"]
    assert (tiny.folder / JSON).read_bytes() == before
    assert json.loads(before)["policies"]
