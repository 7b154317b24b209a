"""What a fairness record says of a checkpoint, against the configuration that training wrote."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from para_bench.benchmarks import chosen
from para_bench.report.fairness import checkpoint
from para_bench.report.fairness.checkpoint import INFERENCE, About, checkpoint_facts
from para_bench.report.fairness.facts import FACTS, SAME
from para_bench.types import ParaBenchError

Trained = Callable[..., Path]


def test_every_fact_that_training_knows_is_there(trained: Trained, config: dict[str, Any], heads: dict[str, About]) -> None:
    facts = checkpoint_facts(trained("a"), heads)
    assert set(FACTS) - set(facts) == {"inference_ms", "inference_on"}  # measured after training
    recipe = config["state"]["recipe"]
    assert (facts["steps"], facts["batch"]) == (recipe["train"]["steps"], recipe["train"]["batch"])
    assert facts["backbone_hash"] == "22aa4160"
    assert facts["demonstrations_hash"] == config["demonstrations_hash"]
    assert facts["all_parameters"] == config["parameters"]["head"] + config["parameters"]["backbone"]
    assert facts["flop_per_sample"] * facts["steps"] * facts["batch"] == pytest.approx(config["training_flops"])
    assert facts["augmentation"] == recipe["augmentation"]
    assert facts["sees"] == "RGB + calibration"


def test_the_backbone_s_hash_says_what_computed_its_features(trained: Trained, heads: dict[str, About]) -> None:
    folder = trained("a", lambda config: config["state"]["features"].update(backbone="lite0_multiview@22aa4160+onnxruntime"))
    facts = checkpoint_facts(folder, heads)
    assert facts["backbone_hash"] == "22aa4160+onnxruntime"
    assert FACTS["backbone_hash"].role == SAME  # so `compare` refuses to hold them against PyTorch's


def test_inference_is_read_where_it_was_measured(trained: Trained, heads: dict[str, About]) -> None:
    folder = trained("a")
    (folder / INFERENCE).write_text(json.dumps({"inference_ms": 24.1, "inference_on": "cpu, 1 thread"}))
    assert checkpoint_facts(folder, heads)["inference_ms"] == 24.1
    (folder / INFERENCE).write_text("{")
    with pytest.raises(ParaBenchError, match=r"inference\.json is damaged"):
        checkpoint_facts(folder, heads)


@pytest.mark.parametrize(("rate", "tried"), [(0.003, "0.0003, 0.003 (20 demos)"), (0.001, "none")])
def test_a_rate_that_was_given_by_hand_was_not_searched_for(trained: Trained, heads: dict[str, About], rate: float, tried: str) -> None:
    folder = trained("a", lambda config: config["state"]["recipe"]["train"].update(learning_rate=rate))
    assert checkpoint_facts(folder, heads)["rates_tried"] == tried


def test_a_head_without_a_search_says_so(trained: Trained, heads: dict[str, About]) -> None:
    folder = trained("a", lambda config: config["state"]["recipe"].update(head="act"))
    assert checkpoint_facts(folder, heads)["rates_tried"] == "none"
    folder = trained("b", lambda config: config["state"]["recipe"].update(head="of another package"))
    assert {"rates_tried", "sees"}.isdisjoint(checkpoint_facts(folder, heads))


def test_fine_tuning_states_what_it_starts_from(trained: Trained, heads: dict[str, About]) -> None:
    def adapt(config: dict) -> None:
        recipe = config["state"]["recipe"]
        recipe["base"] = copy.deepcopy(recipe)
        recipe["demos"] = 5
        recipe["train"].update(steps=250, learning_rate=0.0009)

    facts = checkpoint_facts(trained("a", adapt), heads)
    assert facts["demonstrations"] == 64 + 5  # as records count them
    assert facts["rates_tried"] == "0.0003, 0.003 (20 demos)"  # of the rate that it starts from
    assert (facts["steps"], facts["start"]["steps"], facts["start"]["demos"]) == (250, 1200, 64)
    assert "head" not in facts["start"]
    assert "learning_rate" not in facts["start"]["train"]


def test_own_sources_of_a_head_are_not_shared_code(trained: Trained, heads: dict[str, About]) -> None:
    def with_sources(**more: str) -> Callable[[dict], None]:
        return lambda config: config["state"].update(sources={"train.py": "1", **more})

    plain = checkpoint_facts(trained("a", with_sources()), heads)["training_code"]
    assert checkpoint_facts(trained("b", with_sources(**{"heads/para.py": "2"})), heads)["training_code"] == plain
    assert checkpoint_facts(trained("c", with_sources(**{"learner.py": "2"})), heads)["training_code"] != plain


def test_damage_is_one_line(trained: Trained, heads: dict[str, About]) -> None:
    folder = trained("a")
    (folder / "config.json").write_text("[]")
    with pytest.raises(ParaBenchError, match=r"config\.json is damaged .*not an object.*allowed: as `para-bench run` wrote it"):
        checkpoint_facts(folder, heads)


def test_cameras_and_rooms_of_the_training_are_stated(trained: Trained, heads: dict[str, About]) -> None:
    before = checkpoint_facts(trained("a"), heads)  # of a training from before there was a choice
    assert (before["cameras"], before["rooms"]) == ("1", "1")
    folder = trained("b", lambda config: config["state"]["recipe"]["training"].update(cameras=16, rooms="each"))
    (folder / INFERENCE).write_text(json.dumps({"inference_ms": 24.1}))
    many = checkpoint_facts(folder, heads)
    assert (many["cameras"], many["rooms"]) == ("16", "each")


@pytest.mark.parametrize(("copies", "tried"), [({}, "the grid"), ({"pan_deg": 0.0, "roll_deg": 0.0, "zoom": 0.0}, "none")])
def test_a_search_speaks_of_the_augmentation_too(trained: Trained, heads: dict[str, About], copies: dict, tried: str) -> None:
    def version_2(config: dict) -> None:
        config["state"]["recipe"]["training"]["suite_version"] = 2
        config["state"]["recipe"]["augmentation"].update(copies)

    about = heads["para"]._replace(searches={(2, "place"): ("the grid", frozenset({(0.003, "turns")}))})
    assert checkpoint_facts(trained("a", version_2), {"para": about})["rates_tried"] == tried


@pytest.mark.parametrize(
    ("training", "of"),
    [
        ({"suite_version": 1, "task": "stack"}, ", of task place"),
        ({"suite_version": 2}, ", of suite version 1"),
        ({"suite_version": 2, "task": "stack"}, ", of suite version 1, task place"),
    ],
)
def test_a_search_for_another_version_or_task_is_named(
    trained: Trained, heads: dict[str, About], training: dict[str, Any], of: str
) -> None:
    folder = trained("a", lambda config: config["state"]["recipe"]["training"].update(training))
    assert checkpoint_facts(folder, heads)["rates_tried"] == "0.0003, 0.003 (20 demos)" + of


def test_the_search_of_the_version_comes_before_that_of_version_1(trained: Trained, heads: dict[str, About]) -> None:
    about = heads["para"]._replace(searches={(2, "place"): ("the grid", frozenset({(0.003, "turns")}))})
    folder = trained("a", lambda config: config["state"]["recipe"]["training"].update(suite_version=2, task="stack"))
    assert checkpoint_facts(folder, {"para": about})["rates_tried"] == "the grid, of task place"


def test_the_task_that_speaks_for_others_is_the_one_that_runs_take_it_from() -> None:
    assert checkpoint.SEARCHED_TASK == chosen.SEARCHED_TASK  # a report may not import benchmarks
