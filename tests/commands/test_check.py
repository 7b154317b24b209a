"""The gate as a CI job meets it: `para-bench check` on synthetic records, its exit codes, files and refusals."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from para_bench.cli import main
from para_bench.commands.plans import baseline_run
from para_bench.report.gate import baseline_file
from para_bench.report.gate.baselines import Baseline
from para_bench.types import to_dict

pytestmark = pytest.mark.integration

CONDITIONS = (("id", "0"), ("view_angle", "5"), ("view_angle", "10"))
SEEDS, SCENES = 6, 120
Outcomes = Callable[[int, tuple[str, str], int], bool]
"""Training seed, condition and scene index to success."""


def usual(seed: int, condition: tuple[str, str], scene: int) -> bool:
    """Rates near 0.9; seeds and levels differ a little, easy scenes are easy for all."""
    return (7 * scene + 3 * len(condition[1]) + 11 * seed * (scene % 3 == 0)) % 40 > 3


def retrained(seed: int, condition: tuple[str, str], scene: int) -> bool:
    return usual(seed + 20, condition, scene)


def regressed(seed: int, condition: tuple[str, str], scene: int) -> bool:
    """A quarter of the scenes is lost."""
    return retrained(seed, condition, scene) and scene % 4 != 1


def weights(folder: Path, seed: int, content: str) -> str:
    """Write a checkpoint; returns its hash."""
    target = folder / "checkpoints" / f"para-{seed}-{content}"
    target.mkdir(parents=True, exist_ok=True)
    (target / "config.json").write_text("{}")
    (target / "model.safetensors").write_bytes(f"{content} {seed}".encode())
    return hashlib.sha256(f"{content} {seed}".encode()).hexdigest()[:16]


def write(folder: Path, seeds: range, outcomes: Outcomes, content: str = "first", scenes: int = SCENES, **fields) -> Path:
    """Append records of the head para to a results folder, with its checkpoints."""
    from conftest import make_record  # the records that all tests start from

    file = folder / "novel_view" / "episodes.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = []
    for seed in seeds:
        digest = weights(folder, seed, content)
        for condition in CONDITIONS:
            for scene in range(scenes):
                given = {"train_seed": seed, "checkpoint_hash": digest, **fields}
                lines.append(json.dumps(to_dict(make_record("para", condition, scene, outcomes(seed, condition, scene), **given))))
    with file.open("a") as out:
        out.write("\n".join(lines) + "\n")
    return folder


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs `para-bench check` in `tmp_path`; returns its exit code."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str | Path) -> int:
        monkeypatch.setattr(sys, "argv", ["para-bench", "check", "--baseline", "baselines/ci.json", *map(str, words)])
        try:
            main()
        except SystemExit as stop:
            return int(stop.code or 0)
        return 0

    return run


@pytest.fixture
def made(check: Callable[..., int], tmp_path: Path) -> Baseline:
    """A baseline of 6 training seeds, in baselines/ci.json; the last one's checkpoint is kept."""
    write(tmp_path / "reference", range(SEEDS), usual)
    assert check("--results", "reference", "--update", "--reason", "first", "--suite", "ci") == 0
    return baseline_file.read(tmp_path / "baselines/ci.json")


def now(tmp_path: Path, fixed: Outcomes = usual, anew: Outcomes = retrained) -> Path:
    """Results of a later run: the kept checkpoint again, three seeds trained anew."""
    folder = write(tmp_path / "now", range(SEEDS - 1, SEEDS), fixed)
    return write(folder, range(3), anew, "second")


def flip_three(seed: int, condition: tuple[str, str], scene: int) -> bool:
    return usual(seed, condition, scene) != (condition == ("view_angle", "10") and scene in (3, 17, 44))


def flip_many(seed: int, condition: tuple[str, str], scene: int) -> bool:
    """A tenth of the scenes of one level is lost: 5 points of the cell, whose margin is 7."""
    return usual(seed, condition, scene) and not (condition == ("view_angle", "10") and scene % 10 == 3)


def test_baseline_is_made_and_read_again(made: Baseline, tmp_path: Path) -> None:
    assert [cell.name for cell in made.cells] == ["para novel_view id 0", "para novel_view view_angle all"]
    assert (made.suite, made.retrain, made.layers) == ("ci", (0, 1, 2), ("fixed", "retrained"))
    assert {v.train_seed for v in made.fixed} == {5}
    assert len(made.retrained) == SEEDS * 3
    assert made.scenes[0].indices == "0-119"
    kept = tmp_path / "baselines/ci/para/model.safetensors"
    assert hashlib.sha256(kept.read_bytes()).hexdigest()[:16] == made.fixed[0].checkpoint_hash
    baseline_file.write(tmp_path / "again.json", made)
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "baselines/ci.json").read_bytes()


@pytest.mark.parametrize(
    ("fixed", "anew", "code", "word"),
    [
        (usual, retrained, 0, "HELD"),
        (usual, regressed, 1, "REGRESSED"),
        (regressed, retrained, 1, "REGRESSED"),
        (flip_three, retrained, 0, "HELD"),
        (flip_many, retrained, 2, "CANNOT TELL"),
        (flip_three, regressed, 1, "REGRESSED"),
    ],
)
def test_verdicts_and_their_codes(
    made, check, tmp_path: Path, capsys: pytest.CaptureFixture[str], fixed: Outcomes, anew: Outcomes, code: int, word: str
) -> None:
    before = (tmp_path / "baselines/ci.json").read_bytes()
    assert check("--results", now(tmp_path, fixed, anew)) == code
    assert capsys.readouterr().out.strip().splitlines()[-1] == word
    assert (tmp_path / "baselines/ci.json").read_bytes() == before


def test_flips_are_named(made, check, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check("--results", now(tmp_path, flip_three), "--junit", "out/gate.xml", "--summary", "gate.md", "--layer", "fixed") == 0
    names = [f"view_angle 10 scene {scene} {'lost' if usual(5, ('view_angle', '10'), scene) else 'won'}" for scene in (3, 17, 44)]
    cases = {case.get("name"): case for case in ElementTree.parse(tmp_path / "out/gate.xml").iter("testcase")}
    texts = [capsys.readouterr().out, (tmp_path / "gate.md").read_text(), cases["para novel_view view_angle all"].findtext("system-out")]
    for text in texts:
        assert text is not None
        assert ", ".join(names) in text
    assert cases["para novel_view id 0"].find("system-out") is None
    assert texts[0].strip().endswith("HELD")


def test_junit_and_summary(made, check, tmp_path: Path) -> None:
    assert check("--results", now(tmp_path, flip_many, regressed), "--junit", "gate.xml", "--summary", "gate.md") == 1
    suites = {suite.get("name"): suite for suite in ElementTree.parse(tmp_path / "gate.xml").getroot().iter("testsuite")}
    assert {name: (s.get("tests"), s.get("failures"), s.get("skipped")) for name, s in suites.items()} == {
        "fixed": ("2", "0", "1"),
        "retrained": ("2", "2", "0"),
    }
    failure = suites["retrained"].find("testcase/failure")
    assert failure is not None
    assert "REGRESSED" in failure.get("message", "")
    summary = (tmp_path / "gate.md").read_text()
    assert summary.startswith("# Regression gate: REGRESSED\n")
    assert summary.count("| retrained heads | para novel_view") == 2
    assert "first" in summary


def test_training_that_repeats_itself_is_paired(made, check, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same weights came out: no difference between training seeds may hide or feign a change."""
    folder = write(tmp_path / "now", range(SEEDS - 1, SEEDS), usual)
    assert check("--results", write(folder, range(3), usual)) == 0
    assert capsys.readouterr().out.count("0, outcomes equal") == 4
    again = write(tmp_path / "later", range(3), flip_three)
    assert check("--results", again, "--layer", "retrained") == 0
    assert "view_angle 10 scene 17 of training seed 1" in capsys.readouterr().out


def test_only_the_newest_run_of_a_seed_counts(made, check, tmp_path: Path) -> None:
    folder = now(tmp_path, anew=regressed)
    write(folder, range(3), retrained, "third")
    assert check("--results", folder) == 0
    write(folder, range(3), regressed, "third", config_hash="other code")
    assert check("--results", folder) == 1


def test_kept_checkpoint_is_told_from_its_retrained_seed(made, check, tmp_path: Path) -> None:
    folder = write(now(tmp_path), range(SEEDS), retrained, "second")
    assert check("--results", folder) == 0
    right_outcomes_of_wrong_weights = write(tmp_path / "other", range(SEEDS), usual, "third")
    assert check("--results", right_outcomes_of_wrong_weights, "--layer", "fixed") == 3


@pytest.mark.parametrize(
    ("fields", "scenes", "error"),
    [
        ({}, 100, "60 of 360 episodes missing"),
        ({"suite_version": "2"}, SCENES, "records of suite version 2; allowed: the baseline's 1"),
        ({"demos": 50}, SCENES, "backbone lite0, 50 demonstrations; allowed: the baseline's backbone lite0, 20 demonstrations"),
        ({"backbone": "dino"}, SCENES, "backbone dino, 20 demonstrations"),
    ],
)
def test_records_of_something_else(
    made, check, tmp_path: Path, capsys: pytest.CaptureFixture[str], fields: dict, scenes: int, error: str
) -> None:
    write(tmp_path / "now", range(SEEDS - 1, SEEDS), usual)
    folder = write(tmp_path / "now", range(3), retrained, "second", scenes, **fields)
    refused(check, capsys, error, "--results", folder)


def test_records_that_look_at_other_times_are_not_the_baseline_s(
    check: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "reference", range(SEEDS), usual, replan_steps=12)
    assert check("--results", "reference", "--update", "--reason", "first", "--suite", "ci") == 0
    assert baseline_file.read(tmp_path / "baselines/ci.json").heads["para"].replan_steps == 12
    folder = write(write(tmp_path / "now", range(SEEDS - 1, SEEDS), usual, replan_steps=12), range(3), retrained, "second", replan_steps=2)
    refused(check, capsys, "a look after 2 waypoints; allowed: the baseline's", "--results", folder)
    older = write(write(tmp_path / "older", range(SEEDS - 1, SEEDS), usual), range(3), retrained, "second")
    assert check("--results", older) == 0  # these do not say


def refused(check: Callable[..., int], capsys: pytest.CaptureFixture[str], error: str, *words: str | Path) -> None:
    capsys.readouterr()
    assert check(*words) == 3
    shown = capsys.readouterr().err
    assert error in shown
    assert len(shown.strip().splitlines()) == 1, shown


def test_other_scenes(made, check, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = now(tmp_path)
    file = folder / "novel_view/episodes.jsonl"
    file.write_text(file.read_text().replace('"id-0-7"', '"id-0-other"'))
    refused(check, capsys, "scenes 0-119 of novel_view id 0 have hash", "--results", folder)


def test_errors_have_a_code_of_their_own(made, check, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = now(tmp_path)
    refused(check, capsys, "no records at nowhere", "--results", "nowhere")
    refused(check, capsys, "allowed: the same, or --results", "--layer", "fixed")
    refused(check, capsys, "no records of the heads para", "--results", write(tmp_path / "fixed_only", range(5, 6), usual))
    refused(check, capsys, "--reason without --update", "--results", folder, "--reason", "why not")
    assert check("--resluts", folder) == 3  # a misspelt option is not CANNOT TELL
    file = tmp_path / "baselines/ci.json"
    text = file.read_text()
    for changed, error in (
        (text.replace('"suite_version": "1"', '"suite_version": "0"'), "suite version 0; allowed: this code's 1"),
        (text.replace('"novel_view": 1', '"novel_view": 7'), "version 7 of split novel_view; allowed: this code's 1"),
        (text.replace('"format": 1', '"format": 9'), "format is 9"),
        (text[:-30], "is damaged"),
    ):
        file.write_text(changed)
        refused(check, capsys, error, "--results", folder)
    file.write_text(text)
    (tmp_path / "baselines/ci/para/model.safetensors").write_bytes(b"others")
    refused(check, capsys, "--layer retrained to leave it out", "--results", folder)
    assert check("--results", folder, "--layer", "retrained") == 0
    file.unlink()
    refused(check, capsys, "no baseline at baselines/ci.json", "--results", folder)


@pytest.mark.parametrize("option", ["--junit", "--summary"])
def test_a_file_that_cannot_be_written_is_told_before_anything_is_trained(
    option: str, made, check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(baseline_run, "run_baseline_suite", lambda *_: pytest.fail("it trained"))
    (tmp_path / "taken").touch()
    refused(check, capsys, "taken", "--layer", "fixed", option, "taken/gate")


def test_a_crash_is_no_verdict(made, check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(path: Path) -> None:
        raise RuntimeError("disk on fire")

    monkeypatch.setattr(baseline_file, "read", broken)
    assert check("--results", "reference") == 3
    assert "disk on fire" in capsys.readouterr().err


def test_update_needs_a_reason_and_keeps_history(made, check, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "baselines/ci.json"
    before = file.read_bytes()
    write(tmp_path / "new", range(SEEDS), regressed, "second")
    refused(check, capsys, "--update without --reason", "--results", "new", "--update")
    refused(check, capsys, "--update without --reason", "--results", "new", "--update", "--reason", " ")
    refused(check, capsys, "--update without --results", "--update", "--reason", "x")
    refused(check, capsys, "suite 'cii' is unknown", "--results", "new", "--update", "--reason", "x", "--suite", "cii")
    apart = write(tmp_path / "apart", range(SEEDS), usual, split="view_adaptation")
    refused(check, capsys, "whose conditions are trained apart", "--results", apart, "--update", "--reason", "x")
    refused(check, capsys, "nothing moved", "--results", "reference", "--update", "--reason", "again")
    assert file.read_bytes() == before
    assert check("--results", "new", "--update", "--reason", "fewer layers", "--margin", "0.05") == 0
    moved = baseline_file.read(file)
    assert [entry.reason for entry in moved.history] == ["first", "fewer layers"]
    assert moved.history[0] == made.history[0]
    lines = moved.history[1].moved
    assert "para novel_view id 0: margin 7.0 -> 5.0 points" in lines
    (line,) = [line for line in lines if line.startswith("retrained para novel_view id 0")]
    old = sum(usual(seed, ("id", "0"), scene) for seed in range(SEEDS) for scene in range(SCENES))
    new = sum(regressed(seed, ("id", "0"), scene) for seed in range(SEEDS) for scene in range(SCENES))
    assert f"{old}/720" in line.split(" -> ")[0]
    assert f"{new}/720" in line.split(" -> ")[1]
    assert moved.fixed[0].checkpoint_hash != made.fixed[0].checkpoint_hash
    assert (tmp_path / "baselines/ci/para/model.safetensors").read_bytes() == b"second 5"


def test_update_of_the_fixed_layer_alone(made, check, tmp_path: Path) -> None:
    """A new machine draws some scenes otherwise; the checkpoint and the retrained layer stay."""
    folder = now(tmp_path, flip_many)
    assert check("--results", folder) == 2
    assert check("--results", folder, "--update", "--layer", "fixed", "--reason", "new renderer") == 0
    moved = baseline_file.read(tmp_path / "baselines/ci.json")
    assert moved.retrained == made.retrained
    assert moved.fixed[0].checkpoint_hash == made.fixed[0].checkpoint_hash
    (line,) = moved.history[-1].moved
    assert line.startswith("fixed para novel_view view_angle all")
    assert check("--results", folder) == 0


def test_update_of_the_retrained_layer_alone(made, check, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "new", range(SEEDS), regressed, "second")
    words = ("--update", "--layer", "retrained", "--reason", "trained on less")
    assert check("--results", "new", *words) == 0
    moved = baseline_file.read(tmp_path / "baselines/ci.json")
    assert moved.fixed == made.fixed
    assert all(line.startswith("retrained para") for line in moved.history[-1].moved)
    assert check("--results", now(tmp_path, usual, regressed)) == 0
    write(tmp_path / "fewer", range(SEEDS), regressed, "third", scenes=100)
    refused(check, capsys, "other scenes than the fixed one's", "--results", "fewer", *words)


def test_what_a_baseline_may_watch(check, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "reference", range(SEEDS), lambda seed, condition, scene: condition[1] != "10" and usual(seed, condition, scene))
    make = ("--results", "reference", "--update", "--reason", "first")
    refused(check, capsys, "--suite", *make)
    make = (*make, "--suite", "ci")
    refused(check, capsys, "HEAD/SPLIT/CONDITION/LEVEL", *make, "--cell", "para/id")
    refused(check, capsys, "no episodes of the cell para novel_view fog 1", *make, "--cell", "para/novel_view/fog/1")
    refused(check, capsys, "succeeds in 0 %", *make, "--cell", "para/novel_view/view_angle/10")
    refused(check, capsys, "(--new-seeds)", *make, "--new-seeds", "6")
    refused(check, capsys, "margin is 7", *make, "--margin", "7")
    assert not (tmp_path / "baselines").exists()
    assert check(*make, "--cell", "para/novel_view/view_angle/5", "--new-seeds", "2") == 0
    made = baseline_file.read(tmp_path / "baselines/ci.json")
    assert [cell.name for cell in made.cells] == ["para novel_view view_angle 5"]
    assert (made.retrain, len(made.scenes)) == ((0, 1), 1)
