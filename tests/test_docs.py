"""The front page is short, its links and pictures are there, its head keeps every rule, and its figures are those on record."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from para_bench.benchmarks.searched import read
from para_bench.benchmarks.versions import find_version
from para_bench.cli import DESCRIPTION
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


def links(page: Path) -> list[str]:
    """Targets of its links inside the repository."""
    text = re.sub(r"`[^`\n]*`", "", FENCED.sub("", page.read_text()))
    return [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]


def test_the_front_page_is_short() -> None:
    assert README.count("\n") <= MAX_LINES
    assert len(README.split()) <= MAX_WORDS


def test_no_sentence_of_the_front_page_is_long() -> None:
    sentences = re.split(r"(?<=[.?!:])\**\s|\n\n|\n- |\n\d\. |·", prose(README))
    assert [s for s in sentences if len(s.split()) > MAX_SENTENCE] == []


def test_the_two_commands_that_set_up_are_the_first_code() -> None:
    code = re.findall(r"^ {4}(.*)$", README, re.MULTILINE)
    assert [line.split("#")[0].strip() for line in code[:2]] == ["make run", "make test"]
    assert README.index("make run") < min(README.index("```"), README.index("!["))


def test_the_question_is_the_same_everywhere() -> None:
    (front,) = re.findall(r"^\*\*(What decides .*\?)\*\*$", README, re.MULTILINE)
    (site,) = re.findall(r'^site_description: "(.*)"$', (ROOT / "mkdocs.yml").read_text(), re.MULTILINE)
    (cited,) = re.findall(r'^title: "para-bench: (.*)"$', (ROOT / "CITATION.cff").read_text(), re.MULTILINE)
    assert front.replace("*", "") == DESCRIPTION == site == f"{cited[0].upper()}{cited[1:]}"


def test_the_disk_that_the_front_page_states_is_that_of_the_installer() -> None:
    measured = re.findall(r"^ *gigabytes=([\d.]+)", (ROOT / "scripts/install.sh").read_text(), re.MULTILINE)
    (least, most) = re.findall(r"([\d.]+) GB of disk \(([\d.]+) GB with PyPI's torch", README)[0]
    assert {least, most} <= set(measured)


@pytest.mark.parametrize("page", PAGES, ids=[page.relative_to(ROOT).as_posix() for page in PAGES])
def test_links_inside_the_repository_resolve(page: Path) -> None:
    for target in links(page):
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), f"{target} is not there"
        if anchor and found.suffix == ".md":
            assert anchor in anchors(found), f"{target}: no such heading"


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="the script asks git for the files")
def test_the_site_has_a_copy_of_every_file_that_its_pages_link_to(tmp_path: Path) -> None:
    subprocess.run(["bash", ROOT / "scripts/docs_pages.sh", tmp_path], check=True)
    linked = {(page, target.partition("#")[0]) for page in tmp_path.rglob("*.md") for target in links(page)}
    assert [f"{page.relative_to(tmp_path)}: {target}" for page, target in sorted(linked) if not (page.parent / target).exists()] == []


def test_a_warning_stops_the_build_of_the_site() -> None:
    (build,) = re.findall(r"mkdocs build ([^#\n]*)", (ROOT / "Makefile").read_text())
    assert build.split() == ["--strict"]  # --quiet would silence what --strict counts


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
    ("v1/many_demos", "novel_view", "para", "id 0", "100/100", "one vector works too, until the camera moves"),
    ("v1/many_demos", "novel_view", "global_token", "id 0", "100/100", "one vector works too, until the camera moves"),
    ("v1/many_demos", "novel_view", "para", "view_angle 15", "100/100", "`para` places 100 of 100"),
    ("v1/many_demos", "novel_view", "global_token", "view_angle 15", "21/100", "one vector (`global_token`) 21."),
    ("v1/lite0_multiview", "calibration", "para", "calibration_rotation 0", "300/300", "`para` from 300 to"),
    ("v1/lite0_multiview", "calibration", "para", "calibration_rotation 2", "165/300", "to 165 of 300 (version 1)"),
]


def rows_of(folder: str, split: str, condition: str) -> pd.DataFrame:
    """All heads and levels, their counts as numbers."""
    rows = pd.read_csv(ROOT / "results" / folder / "tables.csv", dtype={"level": str})
    return pd.DataFrame(rows[(rows["split"] == split) & (rows["condition"] == condition)])


@pytest.mark.parametrize(("folder", "split", "head", "condition", "count", "words"), FINDINGS)
def test_counts_are_what_the_records_say(folder: str, split: str, head: str, condition: str, count: str, words: str) -> None:
    factor, level = condition.split()
    rows = rows_of(folder, split, factor)
    (row,) = pd.DataFrame(rows[(rows["head"] == head) & (rows["level"] == level)]).to_dict("records")
    assert f"{row['k']}/{row['n']}" == count
    assert words in README


@pytest.mark.parametrize(
    ("head", "words"), [("para", "`para` succeeds in {} % of scenes"), ("heatmap_rgb", "without calibration (`heatmap_rgb`) in {} %.")]
)
def test_the_rates_over_all_angles(head: str, words: str) -> None:
    rows = rows_of("factorial", "novel_view", "view_angle")
    found = rows[rows["head"] == head]
    assert sorted(map(int, found["level"]))[:: len(found) - 1] == [5, 45]
    assert "test camera 5 to 45 deg away" in README
    assert words.format(round(100 * found["k"].sum() / found["n"].sum())) in README


def test_the_rates_of_heads_at_a_pixel_and_with_one_vector() -> None:
    rows = rows_of("factorial_64", "id", "id")
    rates = dict(zip(rows["head"], rows["rate"], strict=True))
    pixel = [round(100 * rates[head]) for head in ("para", "heatmap_rgb", "pixel_regression", "pixel_regression_rgb")]
    vector = [round(100 * rates[head]) for head in ("token_pixels", "global_token", "global_token_camera", "global_token_plucker")]
    assert f"the first succeed in {min(pixel)} to {max(pixel)} %, the second in {min(vector)} to {max(vector)} %." in README


def test_the_p_of_the_first_finding_is_that_of_its_contrast() -> None:
    rows = (ROOT / "results/factorial/contrasts.md").read_text().splitlines()
    (row,) = [row for row in rows if row.startswith("| para - heatmap_rgb") and "novel_view (view_angle)" in row]
    assert f"the declared test just passes (p = {row.split('|')[5].strip()})" in README


def test_heads_with_one_vector_lie_at_the_bottom_of_the_picture() -> None:
    rows = pd.concat([rows_of("factorial", "novel_view", factor) for factor in ("id", "view_angle")])
    rates = rows[rows["head"].isin(["token_pixels", "global_token", "global_token_camera", "global_token_plucker"])]["rate"]
    assert f"at the bottom, with {round(100 * min(rates))} to {round(100 * max(rates))} %, use one vector" in README


def test_the_limit_of_one_vector_is_that_of_its_search() -> None:
    (row,) = [row for row in read(ROOT / "results/sound.csv") if (row.head, row.demos) == ("global_token", 256)]
    assert f"`global_token` reaches {row.success} of {row.scenes} validation scenes" in README
