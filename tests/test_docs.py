"""The front page is short, its links and pictures are there, its head keeps every rule, and its figures are those on record."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from para_bench.benchmarks.versions import find_version
from para_bench.commands.test_head import TestHead
from para_bench.tasks import TASKS
from para_bench.types import ACTIONS, ActionChunk

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "results").rglob("*.md")]
MAX_LINES, MAX_WORDS, MAX_SENTENCE = 120, 1200, 30
MAX_PICTURES_BYTES = 400_000
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def prose(page: str) -> str:
    """Without code blocks, tables, pictures and targets of links."""
    lines = [line for line in FENCED.sub("", page).splitlines() if not line.startswith(("    ", "|", "![", "#"))]
    return re.sub(r"\]\([^)]*\)", "]", "\n".join(lines))


def anchors(page: Path) -> set[str]:
    """Of its headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", FENCED.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", re.sub(r"\]\([^)]*\)", "]", title).lower()).replace(" ", "-") for title in titles}


def test_the_front_page_is_short() -> None:
    assert README.count("\n") <= MAX_LINES
    assert len(README.split()) <= MAX_WORDS


def test_no_sentence_of_the_front_page_is_long() -> None:
    sentences = re.split(r"(?<=[.?!:])\**\s|\n\n|\n- |\n\d\. |·", prose(README))
    assert [s for s in sentences if len(s.split()) > MAX_SENTENCE] == []


def test_the_two_commands_that_set_up_are_the_first_code() -> None:
    code = re.findall(r"^ {4}(.*)$", README, re.MULTILINE)
    assert [line.split("#")[0].strip() for line in code[:2]] == ["make run", "make test"]
    assert README.index("make run") < README.index("```")


@pytest.mark.parametrize("page", PAGES, ids=[page.relative_to(ROOT).as_posix() for page in PAGES])
def test_links_inside_the_repository_resolve(page: Path) -> None:
    text = re.sub(r"`[^`\n]*`", "", FENCED.sub("", page.read_text()))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if "://" in target:
            continue
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{target} is not there"
        if anchor and found.suffix == ".md":
            assert anchor in anchors(found), f"{target}: no such heading"


def test_the_site_has_a_place_for_every_page_of_docs() -> None:
    named = set(re.findall(r": (\S+\.md)$", (ROOT / "mkdocs.yml").read_text(), re.MULTILINE))
    assert {name for name in named if not (ROOT / name).exists()} == set()
    assert {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")} <= named


def test_every_task_and_split_is_shown_as_a_picture() -> None:
    page = (ROOT / "docs/CONCEPTS.md").read_text()
    wanted = {f"task_{name}" for name in TASKS.builtin} | {f"split_{name}" for name in find_version(2).splits}
    assert wanted - set(re.findall(r"\(pictures/(\w+)\.png\)", page)) == set()


def test_pictures_are_small() -> None:
    assert sum(path.stat().st_size for path in (ROOT / "docs/pictures").iterdir()) <= MAX_PICTURES_BYTES


@pytest.mark.integration
def test_the_head_of_the_front_page_keeps_every_rule(import_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    assert code.count("\n") <= 15
    (import_folder / "head_of_the_front_page.py").write_text(code)
    with pytest.raises(SystemExit) as stop:
        TestHead("head_of_the_front_page:MyHead", quick=True)()
    assert stop.value.code == 0, capsys.readouterr().out


def test_the_policy_of_the_front_page_answers_with_a_chunk() -> None:
    lines = re.findall(r"^ {4}(.*)$", README.split("## Your own policy in 5 lines")[1].split("## ")[0], re.MULTILINE)
    assert len(lines) == 5
    found: dict[str, Any] = {}
    exec("\n".join(lines), found)
    answer = found["make"]()({"image": np.zeros((224, 224, 3), np.uint8)})
    ActionChunk(answer)
    assert answer.shape == (ACTIONS.horizon, 5)


FINDINGS = [
    ("factorial", "novel_view", "para", "view_angle 15", "177/300", "177/300  59.0"),
    ("factorial", "new_environment", "para", "environment 1", "138/300", "In new rooms it was 138 against"),
    ("factorial", "new_environment", "heatmap_rgb", "environment 1", "72/300", "against 72 of 300"),
    ("factorial", "id", "para", "id 0", "167/300", "(`para` 167)"),
    ("factorial", "id", "global_token", "id 0", "7/300", "four of the second 2 to 7."),
    ("factorial", "id", "threshold", "id 0", "18/100", "without learning placed 18 of 100"),
    ("v1/many_demos", "novel_view", "para", "view_angle 15", "100/100", "`para` placed 100 of 100"),
    ("v1/many_demos", "novel_view", "global_token", "view_angle 15", "21/100", "`global_token` 21."),
    ("v1/lite0_multiview", "calibration", "para", "calibration_rotation 0", "300/300", "fell from 300 to"),
    ("v1/lite0_multiview", "calibration", "para", "calibration_rotation 2", "165/300", "to 165 of 300 (version 1)"),
]


@pytest.mark.parametrize(("folder", "split", "head", "condition", "count", "words"), FINDINGS)
def test_findings_are_what_the_records_say(folder: str, split: str, head: str, condition: str, count: str, words: str) -> None:
    rows = pd.read_csv(ROOT / "results" / folder / "tables.csv", dtype=str)
    wanted = (rows["split"] == split) & (rows["head"] == head) & (rows.condition + " " + rows.level == condition)
    (row,) = pd.DataFrame(rows[wanted]).to_dict("records")
    assert f"{row['k']}/{row['n']}" == count
    assert words in README


@pytest.mark.parametrize(("head", "count", "words"), [("para", 943, "in 943 of 2,100"), ("heatmap_rgb", 316, "(`heatmap_rgb`) in 316.")])
def test_the_finding_over_all_angles(head: str, count: int, words: str) -> None:
    rows = pd.read_csv(ROOT / "results/factorial/tables.csv", dtype=str)
    found = rows[(rows["split"] == "novel_view") & (rows["head"] == head) & (rows["condition"] == "view_angle")]
    assert (found["k"].astype(int).sum(), found["n"].astype(int).sum()) == (count, 2100)
    assert words in README
