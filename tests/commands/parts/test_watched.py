"""The state of running experiments: durations, sums, and files that are read again only where they changed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from rich.console import Console

from para_bench import records
from para_bench.commands.parts.watched import Reader, duration, frame
from para_bench.records.description import CONTROL
from para_bench.report.progress import HeadProgress, Rate
from para_bench.types import ParaBenchError


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "?"), (0, "done"), (0.2, "1 s"), (40, "40 s"), (89, "89 s"), (180, "3 min"), (3570, "1 h 00 min"), (3900, "1 h 05 min")],
)
def test_durations(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text


def asked(folder: Path, split: str, episodes: int = 2) -> Path:
    """A folder as a run that has just begun leaves it."""
    folder.mkdir(parents=True)
    run = {"split": split, "heads": ["para"], "references": [], "profile": {"seeds": 1, "episodes": episodes}, "workers": 1}
    (folder / "config.json").write_text(json.dumps(run))
    return folder


def test_a_file_is_read_again_only_where_it_changed(tmp_path: Path, record, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = asked(tmp_path / "stack.id", "stack.id")
    file = folder / records.FILE_NAME
    records.append(file, record("para", CONTROL, 0, split="stack.id"))
    reads, read = [], records.read
    monkeypatch.setattr(records, "read", lambda *paths, **how: reads.append(paths) or read(*paths, **how))
    reader = Reader(tmp_path)
    (row,) = reader.progress()
    assert (row.split, row.head, row.episodes, row.control.k) == ("stack.id", "para", (1, 2), 1)
    assert reader.progress() == [row]
    assert len(reads) == 1
    records.append(file, record("para", CONTROL, 1, False, split="stack.id"))
    (row,) = reader.progress()
    assert (row.episodes, row.control.k, row.seconds_left) == ((2, 2), 1, 0)
    assert len(reads) == 2


def test_conditions_of_another_task_are_counted_before_its_first_episode(tmp_path: Path) -> None:
    asked(tmp_path / "runs" / "stack.novel_view", "stack.novel_view", episodes=64)
    (row,) = Reader(tmp_path / "runs").progress()
    assert row.episodes == (0, 64 * 8 + 64)  # the control and seven angles, and a map of 64 scenes in all


def test_nothing_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match=r"no experiment in .*; allowed: the --out of a run, or the folder of a split in it"):
        Reader(tmp_path).progress()


def lines(rows: list[HeadProgress]) -> list[str]:
    console = Console(width=80, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    console.print(frame(rows))
    return console.export_text().splitlines()


def test_a_frame_sums_up_and_says_where_the_time_is_not_known() -> None:
    one = HeadProgress("id", "para\x1b[31m", 1, 1, 2, (6, 16), Rate(3, 4, (0.3, 0.95)), Rate(0, 0, (0, 1)), 120.0)
    other = HeadProgress("stack.id", "act", 0, 0, 4, (0, 16), Rate(0, 0, (0, 1)), Rate(0, 0, (0, 1)), None)
    said = lines([one, other])
    assert any("3/4 [30, 95]" in line and "2 min" in line for line in said)
    assert said[-1].split() == ["all", "1/1/6", "6/32", ">", "2", "min"]
    assert [line.strip() for line in said if line.strip() in ("id", "stack.id")] == ["id", "stack.id"]
    assert "\x1b" not in "".join(said)
    assert lines([one])[-1].split() == ["all", "1/1/2", "6/16", "2", "min"]


def test_heads_of_long_names_are_told_apart() -> None:
    rate = Rate(123, 300, (0.3, 0.45))
    heads = ("global_token_camera", "global_token_plucker")
    said = lines([HeadProgress("id", head, 3, 0, 0, (300, 300), rate, rate, 0.0) for head in heads])
    shown = re.sub(r"[^a-z_]", "", "".join(re.sub(r" \d.*", "", line) for line in said))
    assert all(head in shown for head in heads)
