"""The command as a user types it: help, names, errors of one line, and a whole smoke run that continues."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from para_bench.cli import main
from para_bench.commands import COMMANDS
from para_bench.records import read
from para_bench.report.fairness.facts import FACTS
from para_bench.types import to_dict

PUBLISHED = Path(__file__).parents[1] / "results/v1/many_demos"


def para_bench(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from para_bench.cli import main; main()", *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=240, check=False)


def test_a_reader_that_has_seen_enough_gets_no_traceback() -> None:
    results = str(Path(__file__).parents[1] / "results/v1/lite0_multiview")
    command = [sys.executable, "-c", "from para_bench.cli import main; main()", "table", results, "--split", "id"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stderr is not None
        writer.stdout.close()
        assert writer.stderr.read() == ""
    assert writer.returncode == 1


@pytest.mark.parametrize(
    ("words", "found", "allowed"),
    [
        (("run", "--head", "nobody"), "'nobody'", "para"),
        (("run", "--split", "nowhere"), "'nowhere'", "novel_view"),
        (("run", "--backbone", "nothing"), "'nothing'", "efficientnet_lite0"),
        (("run", "--profile", "huge"), "'huge'", "smoke"),
        (("run", "--episodes", "0"), "--episodes is 0", "1 to 100000"),
        (("run", "--demos", "-3"), "--demos is -3", "1 to 100000"),
        (("run", "--demo-seed", "-1"), "--demo-seed is -1", "0 to 2147483647"),
        (("run", "--workers", "0"), "--workers is 0", "1 to 1024"),
        (("run", "--decode", "softmax"), "'softmax'", "argmax"),
        (("run", "--image-size", "5"), "--image-size is 5", "16 to 4096"),
        (("run", "--device", "tpu"), "'tpu'", "cpu"),
        (("run", "--out", "taken/below"), "taken/below", "a folder you may write to"),
        (("demos", "--n", "0"), "--n is 0", "1 to 100000"),
        (("view", "--split", "nowhere"), "'nowhere'", "novel_view"),
        (("site", "nowhere"), "nowhere", "a folder that holds some"),
        (("site", "."), "no episode records", "a folder with"),
        (("replay", ".", "para"), "'para'", "SPLIT/CONDITION/LEVEL/SCENE/HEAD/SEED"),
        (("replay", ".", "id/id/0/0/para/0", "--camera", "0,0"), "elevation 0", "15 to 80"),
        (("replay", ".", "id/id/0/0/para/0", "--out", "film.avi"), "film.avi", ".gif"),
        (("table", "nowhere"), "nowhere", "episodes.jsonl"),
        (("table", "."), "no episode records", "a folder with"),
        (("table", ".", "--standalone"), "--format md", "latex, html"),
        (("table", ".", "--only", "fairness", "--published"), "--published with --only fairness", "one of them"),
        (("compare", "."), "no episode records", "a folder with"),
        (("compare",), "no results are named", "one or more"),
        (("table",), "no results are named", "one or more"),
        (("merge",), "no shards are named", "one or more"),
        (("tune",), "no heads are named", "one or more"),
        (("run", "--head"), "--head names none", "leave it out"),
        (("run", "--policy-keys", "--head", "noop"), "--policy-keys names none", "leave it out"),
        (("compare", ".", "--seeds"), "--seeds names none", "leave it out"),
        (("run", "--head", "para", "--head", "noop"), "--head is given twice", "with all its values"),
        (("table", ".", "--split=id", "--split", "late"), "--split is given twice", "with all its values"),
        (("compare", ".", "--between", "luck"), "'luck'", "backbone"),
        (("figures", "."), "no episode records", "a folder with"),
        (("watch", ".", "--once"), "no experiment", "the --out of a run"),
    ],
)
def test_errors_are_one_line_with_found_and_allowed(
    words: tuple[str, ...], found: str, allowed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").write_text("a file where a folder is wanted")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["para-bench", *words])
    with pytest.raises(SystemExit) as stop:  # in this process: thirty imports of torch take minutes
        main()
    shown = capsys.readouterr().err
    assert stop.value.code == 1
    assert found in shown
    assert allowed in shown
    assert len(shown.strip().splitlines()) == 1, shown


@pytest.mark.parametrize(
    ("words", "near"),
    [
        ("suite headlin", "headline"),
        ("suite headline --splits novel_vew", "novel_view"),
        ("view --split novel_view --condition view_angl/25", "view_angle/25"),
        ("run --log tensorbord", "tensorboard"),
        ("tune pra", "para"),
        ("test-head pra", "para"),
        (f"compare {PUBLISHED} --split novel_vew", "novel_view"),
        (f"compare {PUBLISHED} --others difusion", "diffusion"),
        (f"figures {PUBLISHED} --heads pra --out figures", "para"),
        (f"pack {PUBLISHED} --heads pra --out packed", "para"),
    ],
)
def test_a_near_name_is_told_by_every_command(
    words: str, near: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["para-bench", *words.split()])
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().err.strip().endswith(f"(did you mean {near}?)")


@pytest.mark.parametrize(("words", "same"), [("help", "--help"), ("help power", "power --help")])
def test_help_is_a_word_too(words: str, same: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for line in (words, same):
        monkeypatch.setattr(sys, "argv", ["para-bench", *line.split()])
        with pytest.raises(SystemExit) as stop:
            main()
        assert stop.value.code == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1] != ""


def test_a_near_option_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["para-bench", "power", "--baselin", "0.5"])
    with pytest.raises(SystemExit):
        main()
    said = capsys.readouterr()
    assert "--baseline" in said.err + said.out


@pytest.mark.parametrize(
    ("option", "typed", "near"),
    [
        ("--head", "globaltoken", "global_token"),
        ("--split", "novel_veiw", "novel_view"),
        ("--split", "stack.novel_veiw", "novel_view"),
        ("--task", "stak", "stack"),
        ("--robot", "so100", "so101"),
        ("--backbone", "lite0multiview", "lite0_multiview"),
        ("--profile", "smok", "smoke"),
    ],
)
def test_a_near_name_is_told(
    option: str, typed: str, near: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["para-bench", "run", option, typed])
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().err.strip().endswith(f"(did you mean {near}?)")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_no_default_that_says_nothing(command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    shown = help_of(command, monkeypatch, capsys)
    assert "--help" in shown
    assert [word for word in ("(default: )", "(default: '')", "None") if word in shown] == []


@pytest.mark.parametrize(
    ("command", "words", "broken"),
    [
        ("run", "Without --head and --policy, `para` is run. --split STR", "--policy,"),
        ("run", "onnxruntime where it is installed and", "onnxruntime where it is"),
        ("merge", "The same `run` or `suite` with this --out", "episodes took. The same"),
    ],
)
def test_help_does_not_break_a_line_where_the_source_does(
    command: str, words: str, broken: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [line.strip("│ ") for line in help_of(command, monkeypatch, capsys).splitlines()]
    assert words in " ".join(" ".join(lines).split())
    assert not [line for line in lines if line.endswith(broken)]


def help_of(command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setattr(sys, "argv", ["para-bench", command, "--help"])
    with pytest.raises(SystemExit):
        main()
    return capsys.readouterr().out


def test_list_names_every_row(tmp_path: Path) -> None:
    shown = para_bench("list", cwd=tmp_path).stdout
    for name in ("para", "global_token", "diffusion", "oracle", "noop", "random", "id", "novel_view", "efficientnet_lite0"):
        assert name in shown


@pytest.mark.slow
def test_reading_reference_records(tmp_path: Path) -> None:
    results = str(Path(__file__).parents[1] / "results/v1/lite0_multiview")
    latex = para_bench("table", results, "--split", "new_environment", "--format", "latex", "--standalone", "--published", cwd=tmp_path)
    assert latex.stdout.startswith(r"\documentclass")
    assert r"new\_environment: new environment, zero-shot" in latex.stdout
    assert "novel" not in latex.stdout
    watched = para_bench("watch", results, "--once", cwd=tmp_path)
    assert "600/600" in watched.stdout
    episodes = [json.dumps(to_dict(r)) + "\n" for r in read(Path(results) / "new_environment")]
    (tmp_path / "episodes.jsonl").write_text("".join(episodes[:-1]))
    refused = para_bench("table", "episodes.jsonl", cwd=tmp_path)
    assert (refused.returncode, len(refused.stderr.strip().splitlines())) == (1, 1)
    assert "1 of 300 episodes missing" in refused.stderr
    (tmp_path / "episodes.jsonl").write_text(episodes[0] + episodes[1][:90] + "\n" + "".join(episodes[2:]))
    cut = para_bench("figures", "episodes.jsonl", cwd=tmp_path)
    assert (cut.returncode, len(cut.stderr.strip().splitlines())) == (1, 1)
    assert "episodes.jsonl:2: not an episode record" in cut.stderr


@pytest.mark.integration
def test_smoke_run_writes_everything_and_continues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARA_BENCH_CACHE", str(tmp_path / "cache"))
    words = ("run", "--head", "para", "--split", "new_environment", "--profile", "smoke", "--workers", "1")
    first = para_bench(*words, cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    folder = tmp_path / "runs/new_environment"
    episodes = folder / "episodes.jsonl"
    records = read(episodes)
    assert {r.head for r in records} == {"para", "oracle", "noop", "random", "threshold"}
    assert len(records) == 5 * 2 * 2  # policies, conditions, scenes
    assert all(r.success_at_end for r in records if r.head == "oracle")
    assert not any(r.success_at_end for r in records if r.head == "noop")
    assert "oracle" in first.stdout
    assert "4/4" in first.stdout  # oracle, both conditions together
    for name in ("table.md", "table.csv", "failures.csv", "config.json"):
        assert (folder / name).stat().st_size > 0
    assert len(list((folder / "videos").glob("*.mp4"))) == 2
    checkpoint = next((tmp_path / "runs/checkpoints").iterdir())
    assert {"config.json", "model.safetensors", "curve.csv"} <= {p.name for p in checkpoint.iterdir()}

    (stated,) = json.loads((folder / "fairness.json").read_text())["policies"]
    assert stated["checkpoint"] in {r.checkpoint_hash for r in records}
    assert set(stated["facts"]) == set(FACTS)  # nothing is unknown of what was just trained
    assert "training FLOP" in (folder / "fairness.md").read_text()
    (tmp_path / "alone").mkdir()
    for name in ("episodes.jsonl", "fairness.json", "config.json"):
        shutil.copy(folder / name, tmp_path / "alone" / name)  # as results are kept: without checkpoints
    shown = [para_bench("table", path, "--only", "fairness", "--format", "csv", cwd=tmp_path).stdout for path in ("runs", "alone")]
    assert shown[0] == shown[1] == (folder / "fairness.csv").read_text()
    compared = para_bench("compare", "runs", "alone", cwd=tmp_path)
    assert compared.returncode == 0, compared.stderr
    assert "not resolved at n = 2" in compared.stdout

    drawn = para_bench("figures", "runs", "--strip", "--out", "figures", cwd=tmp_path)
    assert drawn.returncode == 0, drawn.stderr
    made = {p.name for p in (tmp_path / "figures").iterdir()}
    assert {f"{name}.{suffix}" for name in ("success_by_split", "cost", "strip_new_environment") for suffix in ("pdf", "png")} <= made
    assert "view_angle: skipped, needs" in drawn.stdout

    lines = episodes.read_bytes().splitlines(keepends=True)
    episodes.write_bytes(b"".join(lines[:-3]) + lines[-3][:40])  # killed in the middle of a line
    table = (folder / "table.csv").read_text()
    again = para_bench(*words, cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "train para" not in again.stderr  # the checkpoint was found
    assert (folder / "table.csv").read_text() == table
    assert json.loads((folder / "fairness.json").read_text())["policies"] == [stated]  # not measured again
    assert len(read(episodes)) == len(records)
    assert json.loads((folder / "config.json").read_text())["split"] == "new_environment"

    (checkpoint / "model.safetensors").write_bytes(b"garbage")
    broken = para_bench(*words, cwd=tmp_path)
    assert broken.returncode == 1
    assert "damaged" in broken.stderr.strip().splitlines()[-1]
    assert "Traceback" not in broken.stderr
