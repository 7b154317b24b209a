"""`para-bench compare` on folders made by hand: both forms, the fairness check, and what is noted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from para_bench import records
from para_bench.commands.compare import Compare, names
from para_bench.commands.parts.remarks import remarks
from para_bench.report.fairness.differences import Differences
from para_bench.report.fairness.policies import PolicyFacts, write
from para_bench.types import ParaBenchError

FACTS: dict[str, Any] = {
    "sees": "RGB",
    "head_parameters": 10,
    "learning_rate": 0.001,
    "rates_tried": "0.001, 0.003 (20 demos)",
    "backbone": "lite0",
    "backbone_hash": "200c",
    "backbone_trained": False,
    "image_px": 224,
    "demonstrations": 20,
    "demonstrations_hash": "6db4",
    "cameras": "1",
    "rooms": "1",
    "steps": 1600,
    "batch": 16,
    "augmentation": {"copies": 3},
    "optimiser": {"clip": 1.0},
    "start": "fresh weights",
    "settings": {"width": 64},
}


def folder(
    path: Path, heads: dict[str, str], given: dict[str, dict] | None = None, split: str = "of_another_package", seed: int = 0
) -> Path:
    """A results folder: successes of each head in distribution, and each head's facts beside FACTS; no record of them for None."""
    from conftest import make_record  # the records that all tests start from

    for head, outcomes in heads.items():
        for i, outcome in enumerate(outcomes):
            named = {"split": split, "train_seed": seed, "checkpoint_hash": f"{path.name}-{head}-{seed}"}
            records.append(path / records.FILE_NAME, make_record(head, ("id", "0"), i, outcome == "1", **named))
    if given is not None:
        write(path, [PolicyFacts(head, seed, f"{path.name}-{head}-{seed}", (split,), FACTS | given.get(head, {})) for head in heads])
    return path


GOOD, POOR = "1" * 20, "1" * 8 + "0" * 12


def test_heads_of_one_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = folder(tmp_path / "a", {"para": GOOD, "act": POOR}, {"act": {"learning_rate": 0.003, "sees": "RGB + calibration"}})
    Compare((one,), others=("act",))()
    shown = capsys.readouterr().out
    assert "para against act" in shown
    assert "better" in shown
    assert "FAIR" not in shown
    assert "Noted" not in shown


def test_several_splits_are_one_family(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Six scenes of 20 lost and none won: p = 2^-5 alone, twice that by Holm over two splits like that."""
    both = {"para": GOOD, "act": "1" * 14 + "0" * 6}
    one = folder(tmp_path / "a", both, {})
    folder(tmp_path / "a" / "b", both, {"act": {"steps": 800}}, split="another")
    Compare((one,), others=("act",), split=("of_another_package",))()
    alone = capsys.readouterr().out
    assert "0.031" in alone
    assert "better" in alone
    with pytest.raises(ParaBenchError, match="para against act: steps 1,600 against 800"):
        Compare((one,), others=("act",))()
    Compare((one,), others=("act",), between=("steps",))()
    shown = capsys.readouterr().out
    assert "para against act, split another" in shown
    assert shown.count("0.062") == 2
    assert "better" not in shown
    assert "Holm over the 2 rows" in shown


def test_an_unfair_comparison_is_refused_and_forced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = folder(tmp_path / "a", {"para": GOOD, "act": POOR}, {"act": {"steps": 800, "demonstrations_hash": "ffff"}})
    words = "para against act: demonstrations hash 6db4 against ffff, steps 1,600 against 800"
    with pytest.raises(ParaBenchError, match=rf"{words}; allowed: the same for both.*--force") as refused:
        Compare((one,), others=("act",))()
    assert "\n" not in str(refused.value)
    assert capsys.readouterr().out == ""  # no verdict without --force
    Compare((one,), others=("act",), force=True)()
    shown = capsys.readouterr().out
    assert f"NOT A FAIR COMPARISON, more differs than what is compared: {words}" in shown
    assert "better" in shown
    Compare((one,), others=("act",), between=("steps", "demonstrations_hash"))()
    assert "FAIR" not in capsys.readouterr().out


def test_nothing_recorded_is_noted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Compare((folder(tmp_path / "a", {"para": GOOD, "global_token": POOR}),))()
    assert "Noted: para against global_token: not recorded for both, so not held against each other: rates tried" in capsys.readouterr().out


def test_one_head_in_two_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = folder(tmp_path / "new", {"para": GOOD, "act": POOR, "rvt": GOOD}, {})
    old = folder(tmp_path / "old", {"para": POOR, "act": POOR}, {})
    Compare((new, old))()
    shown = capsys.readouterr().out
    assert "para, split of_another_package: new against old" in shown
    assert [line.split()[-1] for line in shown.splitlines() if " : " in line and "of 20" in line] == ["better", "20"]
    assert "not resolved at n = 20" in shown
    assert "Noted: not in both folders and left out: rvt" in shown
    Compare((new, old), head="act")()
    shown = capsys.readouterr().out
    assert "para" not in shown
    assert "rvt" not in shown


def test_two_folders_name_what_else_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = folder(tmp_path / "new", {"para": GOOD}, {"para": {"backbone": "dino", "backbone_hash": "ffff", "learning_rate": 0.003}})
    old = folder(tmp_path / "old", {"para": POOR}, {})
    with pytest.raises(ParaBenchError, match=r"para in new against old: learning rate 0.003 against 0.001, backbone dino against lite0"):
        Compare((new, old))()
    with pytest.raises(ParaBenchError, match=r"para in new against old: learning rate 0.003 against 0.001; allowed"):
        Compare((new, old), between=("backbone",))()
    Compare((new, old), between=("backbone", "learning_rate"))()
    assert "FAIR" not in capsys.readouterr().out


def test_one_training_against_one_of_several(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = folder(tmp_path / "a", {"para": GOOD, "act": GOOD}, {})
    for seed, outcomes in enumerate((POOR, GOOD)):
        folder(tmp_path / "b", {"para": outcomes, "act": outcomes}, {} if seed == 0 else None, seed=seed)
    theirs = tmp_path / "b"
    with pytest.raises(
        ParaBenchError, match=r"training seeds of para: \[0\] in a, \[0, 1\] in b; allowed: the same, or those named by --s"
    ):
        Compare((mine, theirs))()
    Compare((mine, theirs), head="para", seeds=(0,))()
    assert "20 : 8 of 20" in capsys.readouterr().out
    Compare((theirs,), head="para", others=("act",), seeds=(1,))()
    assert "20 : 20 of 20" in capsys.readouterr().out
    with pytest.raises(ParaBenchError, match=r"no records of training seed 1 of head para in split .*; allowed: 0"):
        Compare((mine,), head="para", others=("act",), seeds=(0, 1))()


def test_each_folder_speaks_for_itself(tmp_path: Path) -> None:
    """The same weights in both, of which the folders tell different things."""
    new, old = folder(tmp_path / "x/a", {"para": GOOD}, {"para": {"steps": 800}}), folder(tmp_path / "y/a", {"para": POOR}, {})
    with pytest.raises(ParaBenchError, match=r"para in x/a against y/a: steps 800 against 1,600"):
        Compare((new, old))()


def test_missing_episodes_are_named(tmp_path: Path) -> None:
    new, old = folder(tmp_path / "new", {"para": GOOD}), folder(tmp_path / "old", {"para": POOR[:-1]})
    with pytest.raises(ParaBenchError, match=r"id 0: 20 scenes in new, 19 in old \(first: new has scene 19, old not\)"):
        Compare((new, old))()
    asked = {"split": "of_another_package", "heads": ["para"], "profile": {"seeds": 1, "episodes": 20}}
    (old / "config.json").write_text(json.dumps(asked))
    with pytest.raises(ParaBenchError, match="1 of 20 scenes have no record"):
        Compare((new, old))()


def test_what_makes_no_sense_is_refused(tmp_path: Path) -> None:
    one = folder(tmp_path / "a", {"para": GOOD, "act": POOR})
    with pytest.raises(ParaBenchError, match=r"3 results folders; allowed: 1 .* or 2"):
        Compare((one, one, one))()
    (tmp_path / "link").symlink_to(one)
    for same in (one, tmp_path / "link", one / ".." / "a"):
        with pytest.raises(ParaBenchError, match="compared with itself"):
            Compare((one, same))()
    with pytest.raises(ParaBenchError, match="--head and --others are both para; allowed: --others with heads beside it"):
        Compare((one,), others=("act", "para"))()
    with pytest.raises(ParaBenchError, match="training seeds are of para 0, act 0 1; allowed: two or more heads, with the same seeds"):
        Compare((folder(one, {"act": POOR}, seed=1),), others=("act",))()
    with pytest.raises(ParaBenchError, match=r"--between 'inference_ms'; allowed: learning_rate, rates_tried, backbone"):
        Compare((one,), between=("inference_ms",))()


def test_the_line_is_red_and_silence_prints_nothing() -> None:
    line = remarks(Differences(("a against b: steps 1 against 2",), ("trained on cpu against cuda",)))
    words = [(line.plain[span.start : span.end].split()[0], span.style) for span in line.spans]
    assert words == [
        ("NOT", "bold red"),
        ("Noted:", "yellow"),
    ]
    assert remarks(Differences((), ())).plain == ""


def test_folders_are_named_as_shortly_as_they_differ() -> None:
    assert names([Path("runs/a/novel_view"), Path("runs/b/novel_view")]) == ["a/novel_view", "b/novel_view"]
    assert names([Path("before"), Path("/x/after")]) == ["before", "after"]
