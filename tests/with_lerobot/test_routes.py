"""A policy of lerobot in the same scenes by lerobot-eval and by `para-bench run`: the same outcomes, and records that tools read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from real_lerobot import SIZE, Lerobot, Work, evaluate

from para_bench import records
from para_bench.records import EpisodeRecord

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # the first test makes what all look at: minutes on a busy machine


def of(results: Path, head: str) -> dict[int, EpisodeRecord]:
    """By scene."""
    return {record.scene_index: record for record in records.read(results) if record.head == head}


def successes(file: Path) -> list[bool]:
    (task,) = json.loads(file.read_text())["per_task"]
    assert task["task_group"] == "id/0"
    return task["metrics"]["successes"]


def test_both_routes_end_alike(work: Work) -> None:
    found = of(work.results, "act_of_lerobot")
    assert successes(work.evaluated) == [found[scene].success_at_end for scene in range(2)]
    assert not [record.reason for record in found.values() if record.reason.startswith(("crash", "bad"))]


def test_its_row_says_what_it_sees_and_how_it_was_trained(work: Work) -> None:
    (policy,) = json.loads((work.results / "fairness.json").read_text())["policies"]
    assert policy["head"] == "act_of_lerobot"
    facts = policy["facts"]
    assert (facts["sees"], facts["image_px"], facts["steps"], facts["batch"]) == ("RGB", SIZE, 2, 4)
    assert (facts["demonstrations"], facts["settings"]["type"], facts["backbone"]) == (2, "act", "resnet18")
    assert facts["inference_ms"] > 0


def test_a_second_run_of_the_same_files_finds_everything_done(lerobot: Lerobot, work: Work) -> None:
    """In a process of its own, into which nothing of lerobot was loaded before."""
    before = (work.results / "episodes.jsonl").read_bytes()
    words = ["--policy", f"lerobot:{work.checkpoint}", "--policy-name", "act_of_lerobot", "--split", "id", "--episodes", 2, "--no-videos"]
    lerobot.apart("python", "-m", "para_bench", "run", *words, "--image-size", SIZE, "--workers", 1, "--out", work.results.parent)
    assert (work.results / "episodes.jsonl").read_bytes() == before


def test_para_is_told_the_calibration_on_both_routes(lerobot: Lerobot, work: Work, tmp_path: Path) -> None:
    evaluate(lerobot, work.para, tmp_path / "evaluated", "--env.task=place/id/id/0", "--seed=0")
    words = ["--policy", f"lerobot:{work.para}", "--split", "id", "--episodes", 2, "--image-size", SIZE, "--no-videos", "--workers", 1]
    lerobot.ours("run", *words, "--out", tmp_path / "runs")
    found = of(tmp_path / "runs/id", "lerobot")
    assert successes(tmp_path / "evaluated/eval_info.json") == [found[scene].success_at_end for scene in range(2)]
    assert not [record.reason for record in found.values() if record.reason.startswith(("crash", "bad"))]
    (policy,) = json.loads((tmp_path / "runs/id/fairness.json").read_text())["policies"]
    assert policy["facts"]["sees"] == "RGB + calibration"


def test_eval_info_has_the_shape_of_lerobot_s_and_verdikt_reads_it(lerobot: Lerobot, work: Work) -> None:
    ours = work.results / "eval_info/act_of_lerobot-0/eval_info.json"

    def shape(value: object) -> object:
        if isinstance(value, dict):
            return {name: shape(part) for name, part in value.items()}
        return [shape(value[0])] if isinstance(value, list) and value and not isinstance(value[0], str) else type(value).__name__

    assert shape(json.loads(ours.read_text())) == shape(json.loads(work.evaluated.read_text()))
    read = "import sys; from pathlib import Path; from verdikt.ingest import autodetect; p = Path(sys.argv[1])"
    read += "; print([(r.policy_id, r.task, r.episode_idx, r.success, r.progress) for r in autodetect(p).parse(p)])"
    found = of(work.results, "act_of_lerobot")
    wanted = [("act_of_lerobot-0", "id/0", scene, found[scene].success_at_end, float(found[scene].success_at_end)) for scene in range(2)]
    assert lerobot.code(read, ours).strip() == str(wanted)
    done = lerobot("verdikt", "compare", ours, work.results / "eval_info/oracle-0/eval_info.json", code=None)
    assert "VERDICT" in done.stdout, done.stderr


def test_seeds_that_are_no_scenes_are_refused(lerobot: Lerobot, work: Work, tmp_path: Path) -> None:
    """lerobot's own default is 1000."""
    done = evaluate(lerobot, work.checkpoint, tmp_path / "out", "--env.task=place/novel_view/15", code=None)
    assert done.returncode != 0
    assert "seed 1000 is no scene of novel_view; allowed: 0 to 319" in done.stderr


def test_pictures_of_another_size_are_told_with_the_cure(lerobot: Lerobot, work: Work, tmp_path: Path) -> None:
    words = ["run", "--split", "id", "--episodes", 1, "--no-videos", "--out", tmp_path / "runs", "--policy", f"lerobot:{work.checkpoint}"]
    wrong = lerobot.ours(*words, "--image-size", 64, code=1)
    assert f"has shape (3, 64, 64); allowed: (3, {SIZE}, {SIZE}), --image-size {SIZE}" in wrong.stderr
    assert "Traceback" not in wrong.stderr
