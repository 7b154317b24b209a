"""A policy of lerobot in the same scenes by lerobot-eval and by `para-bench run`: the same outcomes, and records that tools read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from real_lerobot import SIZE, Lerobot, Work, evaluate, train

from para_bench import records

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_both_routes_end_alike(work: Work) -> None:
    (task,) = json.loads(work.evaluated.read_text())["per_task"]
    found = {record.scene_index: record for record in records.read(work.results) if record.head == "lerobot"}
    assert task["task_group"] == "id/0"
    assert task["metrics"]["successes"] == [found[scene].success_at_end for scene in range(2)]


def test_its_row_says_what_it_sees_and_how_it_was_trained(work: Work) -> None:
    (policy,) = json.loads((work.results / "fairness.json").read_text())["policies"]
    assert policy["head"] == "lerobot"
    facts = policy["facts"]
    assert (facts["sees"], facts["image_px"], facts["steps"], facts["batch"]) == ("RGB + calibration", SIZE, 4, 4)
    assert (facts["demonstrations"], facts["settings"]["type"], facts["backbone"]) == (2, "para", "efficientnet_lite0")
    assert facts["inference_ms"] > 0


def test_a_second_run_of_the_same_files_finds_everything_done(lerobot: Lerobot, work: Work) -> None:
    before = (work.results / "episodes.jsonl").read_bytes()
    words = ["--policy", f"lerobot:{work.checkpoint}", "--split", "id", "--episodes", 2, "--image-size", SIZE]
    lerobot.ours("run", *words, "--no-videos", "--workers", 1, "--out", work.results.parent)
    assert (work.results / "episodes.jsonl").read_bytes() == before


def test_eval_info_has_the_shape_of_lerobot_s_and_verdikt_reads_both(lerobot: Lerobot, work: Work) -> None:
    ours = work.results / "eval_info/lerobot-0/eval_info.json"

    def shape(value: object) -> object:
        if isinstance(value, dict):
            return {name: shape(part) for name, part in value.items()}
        return [shape(value[0])] if isinstance(value, list) and value and not isinstance(value[0], str) else type(value).__name__

    assert shape(json.loads(ours.read_text())) == shape(json.loads(work.evaluated.read_text()))
    read = "import sys; from pathlib import Path; from verdikt.ingest import autodetect; p = Path(sys.argv[1])"
    read += "; print([(r.policy_id, r.task, r.episode_idx, r.success, r.progress) for r in autodetect(p).parse(p)])"
    found = [record for record in records.read(work.results) if record.head == "lerobot"]
    wanted = [("lerobot-0", "id/0", r.scene_index, r.success_at_end, float(r.success_at_end)) for r in found]
    assert lerobot.code(read, ours).strip() == str(wanted)
    others = work.results / "eval_info/oracle-0/eval_info.json"
    done = lerobot("verdikt", "compare", ours, others, code=None)
    assert "VERDICT" in done.stdout, done.stderr


def test_seeds_that_are_no_scenes_are_refused(lerobot: Lerobot, work: Work, tmp_path: Path) -> None:
    """lerobot's own default is 1000."""
    done = evaluate(lerobot, work.checkpoint, tmp_path / "out", "place/novel_view/15", 1, "--env.suite_version=2", code=None)
    assert done.returncode != 0
    assert "seed 1000 is no scene of novel_view; allowed: 0 to 319" in done.stderr


def test_other_programs_of_others_are_told_what_is_allowed(lerobot: Lerobot, work: Work, tmp_path: Path) -> None:
    words = ["run", "--split", "id", "--episodes", 1, "--no-videos", "--out", tmp_path / "runs", "--policy", f"lerobot:{work.checkpoint}"]
    wrong = lerobot.ours(*words, "--image-size", 64, code=1)
    assert f"has shape (3, 64, 64); allowed: (3, {SIZE}, {SIZE}), --image-size {SIZE}" in wrong.stderr
    assert wrong.stderr.count("Traceback") == 0


def test_lerobot_s_own_act_is_a_row_too(lerobot: Lerobot, work: Work, tmp_path: Path) -> None:
    small = ["--policy.chunk_size=12", "--policy.n_action_steps=12", "--policy.pretrained_backbone_weights=null", "--policy.dim_model=32"]
    small += ["--policy.n_heads=2", "--policy.dim_feedforward=32", "--policy.n_encoder_layers=1", "--policy.use_vae=false", "--steps=2"]
    train(lerobot, work.data, tmp_path / "act", "act", *small)
    checkpoint = tmp_path / "act/checkpoints/last/pretrained_model"
    words = ["--policy", f"lerobot:{checkpoint}", "--policy-name", "act_of_lerobot", "--split", "novel_view", "--profile", "smoke"]
    words += ["--episodes", 1, "--no-videos", "--workers", 1, "--image-size", SIZE, "--out", tmp_path / "runs"]
    said = lerobot.ours("run", *words).stdout
    assert "act_of_lerobot" in said
    found = [record for record in records.read(tmp_path / "runs/novel_view") if record.head == "act_of_lerobot"]
    assert found
    assert not [record.reason for record in found if record.reason.startswith(("crash", "bad"))]
    (policy,) = json.loads((tmp_path / "runs/novel_view/fairness.json").read_text())["policies"]
    assert (policy["facts"]["sees"], policy["facts"]["backbone"]) == ("RGB", "resnet18")
