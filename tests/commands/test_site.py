"""`para-bench site`: what the pages are made of, from the records of a run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from para_bench import records
from para_bench.commands.compare import Compare
from para_bench.commands.parts.declared import families
from para_bench.commands.site import Site
from para_bench.replays.name import find_record, parse_name
from para_bench.report.site.videos import video_name
from para_bench.types import ParaBenchError

pytestmark = pytest.mark.integration


def test_pages_name_heads_what_they_see_and_the_fairness_record(tiny, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Site((tiny.out,), out=tmp_path / "site")()
    assert capsys.readouterr().out == f"12 episodes, 0 videos: open {tmp_path / 'site' / 'index.html'}\n"
    text = (tmp_path / "site" / "split-stack.new_environment.html").read_text()
    for words in ("global_token", "RGB + calibration", "the simulator", "environment"):
        assert words in text
    assert "275,056" in (tmp_path / "site" / "fairness.html").read_text()  # head parameters
    pages = [path.read_text() for path in (*(tmp_path / "site").glob("*.html"), *(tmp_path / "site").glob("data/*.js"))]
    assert not [text for text in pages if str(tiny.out) in text]  # an absolute path is this machine's
    catalogue = (tmp_path / "site/data/catalogue.js").read_text()
    assert f'"results":"{tiny.out.name}"' in catalogue
    assert all(f'"{record.checkpoint_hash}"' in catalogue for record in records.read(tiny.folder) if record.checkpoint_hash)


def test_commands_name_the_folder_of_each_split(tmp_path: Path, record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder, split in (("few", "id"), ("the many", "novel_view")):
        for head in ("para", "act"):
            records.append(tmp_path / folder / split / records.FILE_NAME, record(head, split=split))
    Site((Path("few"), tmp_path / "the many"), out=tmp_path / "site", pictures=False)()
    catalogue = (tmp_path / "site/data/catalogue.js").read_text()
    assert re.findall(r'"name":"(\w+)".*?"results":"([^"]+)"', catalogue) == [("id", "few"), ("novel_view", "'the many'")]
    assert "para-bench compare few &#39;the many&#39; --split id" in (tmp_path / "site/split-id.html").read_text()


def test_a_video_beside_the_records_is_shown(tiny, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = records.read(tiny.folder)
    for record in found:
        records.append(tmp_path / "runs" / tiny.folder.name / records.FILE_NAME, record)
    oracle = find_record(found, parse_name("stack.new_environment/id/0/0/oracle/0"))
    video = tmp_path / "runs" / tiny.folder.name / "videos" / video_name(oracle)
    video.parent.mkdir()
    video.write_bytes(b"film")
    Site((tmp_path / "runs",), out=tmp_path / "site")()
    assert "12 episodes, 1 videos" in capsys.readouterr().out
    assert [path.read_bytes() for path in (tmp_path / "site" / "videos").rglob("*.mp4")] == [b"film"]


def test_scenes_are_shown(tiny, tmp_path: Path) -> None:
    Site((tiny.out,), out=tmp_path / "site")()
    assert [path.name for path in sorted((tmp_path / "site/pictures").iterdir())] == [
        "scenes-stack.new_environment-0.png",
        "scenes-stack.new_environment-1.png",
    ]
    Site((tiny.out,), out=tmp_path / "plain", pictures=False)()
    assert not (tmp_path / "plain/pictures").exists()


def test_a_verdict_is_that_of_the_command_which_the_page_names(tmp_path: Path, record, capsys: pytest.CaptureFixture[str]) -> None:
    for head, wins in {"para": 11, "global_token": 3, "act": 10}.items():
        for i in range(12):
            records.append(tmp_path / "runs/id" / records.FILE_NAME, record(head, scene=i, success=i < wins, split="id"))
    Site((tmp_path / "runs",), out=tmp_path / "site", pictures=False)()
    text = (tmp_path / "site/split-id.html").read_text()
    named = re.search(r"para-bench compare runs --split (\S+) --head (\S+) --others ([^<]+)<", text)
    assert named is not None
    capsys.readouterr()
    Compare((tmp_path / "runs",), split=(named[1],), head=named[2], others=tuple(named[3].split()), force=True)()
    said = capsys.readouterr().out
    for points, verdict in re.findall(r"<td>([^<]+\])</td><td class=\"verdict \w+\">([^<]+)<", text):
        (line,) = [line for line in said.splitlines() if points in line]
        assert line.endswith(verdict)


def test_what_a_suite_declared_is_shown(tmp_path: Path, record) -> None:
    (suite,) = [found for found in families() if found.suite == "factorial"]
    for head in suite.heads:
        for i in range(12):
            fields = {"split": "id", "suite_version": "2", "strict_success": False}
            records.append(tmp_path / "runs/id" / records.FILE_NAME, record(head, scene=i, success=i < 11 and head == "para", **fields))
    Site((tmp_path / "runs",), out=tmp_path / "site", pictures=False)()
    text = (tmp_path / "site/index.html").read_text()
    assert "Declared before the first episode (suite factorial): one family of 24 comparisons" in text
    assert "2 of 24 were tested" in text  # para against heatmap_rgb and against pixel_regression; the other 6 on id are floors
    assert "In 6 comparisons both heads are at the floor" in text


def test_a_folder_without_records_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParaBenchError, match=r"no episode records in .*; allowed: a folder with"):
        Site((tmp_path,), out=tmp_path / "site")()
    assert not (tmp_path / "site").exists()
