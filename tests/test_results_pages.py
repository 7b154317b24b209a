"""Pages that people write beside records say what the records say."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from perf_scripts import script

from para_bench.benchmarks.enough import SOUND, enough
from para_bench.benchmarks.searched import read
from para_bench.benchmarks.versions import find_version
from para_bench.tasks import TASKS

ROOT = Path(__file__).resolve().parents[1]
DIVERSITY, DISTURBED = ROOT / "results/camera_diversity", ROOT / "results/disturbed"
AT_THE_PIXEL = ("para", "heatmap_rgb", "pixel_regression", "pixel_regression_rgb")
DISTURBANCES = {"undisturbed": "id 0", "moved 3 cm": "object_moved 3", "moved 6 cm": "object_moved 6", "turned 60 deg": "object_turned 60"}


@pytest.mark.parametrize(("tested", "words"), [("inside", "inside of the range"), ("beyond", "beyond it")])
def test_camera_diversity_counts(tested: str, words: str) -> None:
    rows = pd.read_csv(DIVERSITY / "tables.csv", dtype=str)
    para = rows[rows["head"] == "para"].set_index(["condition", "level"])["k"]
    counts = [para[f"cameras_{tested}", cameras] for cameras in ("1", "4", "16", "64")] + [para["cameras_each", tested]]
    assert f"| tested {words} | {' | '.join(counts)} |" in (DIVERSITY / "README.md").read_text()


def test_camera_diversity_verdicts_are_those_of_the_script() -> None:
    cameras = script("cameras")
    pairs = cameras.declared()
    assert len(pairs) == 20
    assert cameras.markdown(cameras.outcomes(DIVERSITY), pairs) in (DIVERSITY / "declared.md").read_text()


@pytest.mark.parametrize("waypoints", [12, 2])
@pytest.mark.parametrize(("words", "condition"), DISTURBANCES.items(), ids=list(DISTURBANCES))
def test_disturbed_counts(words: str, condition: str, waypoints: int) -> None:
    rows = pd.read_csv(DISTURBED / f"replan_{waypoints}/tables.csv", dtype=str)
    found = rows[rows["condition"] + " " + rows["level"] == condition].set_index("head")
    assert set(found.loc[list(AT_THE_PIXEL), "replan_steps"]) == {str(waypoints)}
    counts = " | ".join(found.loc[list(AT_THE_PIXEL), "k"])
    assert f"| {words}, after {waypoints} | {counts} |" in (DISTURBED / "README.md").read_text()


@pytest.mark.parametrize("head", [*AT_THE_PIXEL, "token_pixels", "global_token_camera", "global_token_plucker", "global_token"])
@pytest.mark.parametrize("folder", ["factorial", "factorial_64"])
def test_rows_of_the_factorial(folder: str, head: str) -> None:
    page, rows = ROOT / "results" / folder, pd.read_csv(ROOT / "results" / folder / "tables.csv", dtype={"level": str})
    rows = rows[rows["head"] == head]
    rates = {}
    for split, factor in (("id", "id"), ("new_environment", "environment")):
        (row,) = rows[(rows["split"] == split) & (rows["condition"] == factor)].to_dict("records")
        rates[split] = " ".join(f"{100 * row[name]:.0f}" for name in ("rate", "low", "high"))
    angles = int(rows[(rows["split"] == "novel_view") & (rows["condition"] == "view_angle")]["k"].sum())
    (line,) = [line for line in (page / "README.md").read_text().splitlines() if line.startswith(f"| `{head}` |")]
    cells = [cell.strip().translate(str.maketrans("", "", "[],")) for cell in line.split("|")[6:9]]
    assert cells == [rates["id"], cells[1], rates["new_environment"]]
    assert cells[1].split()[0] == str(angles)


def test_references_bound_every_task() -> None:
    rows = pd.read_csv(ROOT / "results/references.csv")
    rates = rows[(rows["condition"] == "id id 0") & (rows["scenes"] == 500)].set_index(["policy", "task"])["success"] / 500
    assert set(rates["oracle"].index) == set(TASKS.builtin)
    assert (rates["oracle"] >= 0.99).all()
    assert (rates["noop"] == 0).all()
    assert (rates["threshold"] <= 0.5).all()
    said = ", ".join(f"{round(500 * rates['threshold', task])} (`{task}`)" for task in TASKS.builtin)
    assert f"`threshold` {said}" in (ROOT / "results/README.md").read_text()


def test_enough_demonstrations() -> None:
    """The page's two tables are the rows of sound.csv and what they say, no line more or less."""
    page, rows = (ROOT / "results/README.md").read_text(), read(ROOT / "results/sound.csv")
    heads, tasks = ["para", "global_token", "act", "diffusion"], list(TASKS.builtin)
    found = [
        f"| `{row.task}` | `{row.head}` | {row.demos} | {row.steps:,} | {row.success} | {row.grasp_cm:.2f} |"
        for row in sorted(rows, key=lambda row: (tasks.index(row.task), heads.index(row.head), row.demos, row.steps))
    ]
    assert "median grasp error, cm |\n|---|---|---|---|---|---|\n" + "\n".join(found) + "\n\n" in page
    said = [f"| `{each.kind.task}` | `{each.kind.head}` | {each} |" for each in enough(rows)]
    assert "| enough demonstrations |\n|---|---|---|\n" + "\n".join(said) + "\n\n" in page
    assert ({row.scenes for row in rows}, {row.task for row in rows}, SOUND) == ({100}, set(tasks), 0.9)


def test_the_oracle_succeeds_in_every_condition_of_every_task() -> None:
    rows = pd.read_csv(ROOT / "results/references.csv")
    page, told = (ROOT / "results/README.md").read_text(), {}
    for task in TASKS.builtin:
        found = rows[(rows["task"] == task) & (rows["scenes"] == 100) & (rows["policy"] == "oracle")]
        splits = {condition.split()[0].removeprefix(f"{task}.") for condition in found["condition"]}
        assert splits == set(find_version(2).splits)
        assert f"all {len(found)} conditions of the {len(splits)} splits" in page
        assert (found["success"] >= 0.99 * found["episodes"]).all()
        told[task] = (found["success"].sum(), found["episodes"].sum())
    assert told["place"] == told["stack"] == told["insert"]
    (won, of), (wiped, _) = told["place"], told["wipe"]
    assert f"{won:,} of {of:,} episodes on each of `place`, `stack` and `insert`, {wiped:,} on `wipe`" in page
