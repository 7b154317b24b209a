"""`para-bench view`: one row a condition, scenes of any task, and a map shown in part."""

from __future__ import annotations

from pathlib import Path

import imageio.v2 as imageio
import numpy as np
import pytest

from para_bench.commands.view import View
from para_bench.types import ParaBenchError


@pytest.mark.parametrize("task", ["place", "stack"])
def test_a_row_a_condition_and_a_column_a_scene(task: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    View("new_environment", task=task, n=2, out=tmp_path / "new" / "x.png", image_size=48)()
    picture = imageio.imread(tmp_path / "new" / "x.png")
    assert picture.shape == (2 * 50, 2 * 50, 3)
    assert f"4 scenes: {tmp_path / 'new' / 'x.png'}" in capsys.readouterr().out
    cells = [picture[top : top + 48, left : left + 48] for top in (0, 50) for left in (0, 50)]
    assert all(np.abs(a.astype(int) - b).mean() > 1 for i, a in enumerate(cells) for b in cells[:i])  # four scenes


def test_the_file_is_called_by_the_split_with_its_task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    View("id", n=1, image_size=32)()
    View("id", task="stack", n=1, image_size=32)()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["id.png", "stack.id.png"]
    assert (tmp_path / "id.png").read_bytes() != (tmp_path / "stack.id.png").read_bytes()


def test_a_map_shows_one_cell_in_eight(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    View("novel_view", n=1, image_size=16, out=tmp_path / "x.png")()
    assert f"{1 + 7 + 13 + 64 // 8} scenes" in capsys.readouterr().out


@pytest.mark.integration
def test_cameras_are_drawn_instead_of_a_split(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    View(cameras=True, task="stack", image_size=64, out=tmp_path / "new" / "x.png")()
    assert imageio.imread(tmp_path / "new" / "x.png").shape[1] == 8 * 64
    assert f"what 24 of them see: {tmp_path / 'new' / 'x.png'}" in capsys.readouterr().out


def test_named_conditions_are_drawn_alone_and_as_among_all(tmp_path: Path) -> None:
    View("new_environment", n=1, image_size=32, out=tmp_path / "all.png")()
    View("new_environment", condition=("environment/1",), n=1, image_size=32, out=tmp_path / "one.png")()
    everything, one = imageio.imread(tmp_path / "all.png"), imageio.imread(tmp_path / "one.png")
    assert everything.shape == (2 * 34, 34, 3)
    np.testing.assert_array_equal(one, everything[34:])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"split": "id", "condition": ("id/1",)}, "--condition 'id/1' is unknown; allowed in id: id/0"),
        ({"out": Path("scenes.pdf")}, "--out is scenes.pdf; allowed: a picture file ending in .png, .jpg, .jpeg"),
        ({"n": 1000, "image_size": 4096}, "images of 4096 px has .* pixels; allowed: 400000000"),
        ({"split": "nowhere"}, "split 'nowhere' is unknown"),
        ({"task": "fold"}, "task 'fold' is unknown"),
        ({"task": "fold", "cameras": True}, "task 'fold' is unknown"),
        ({"image_size": 4096, "cameras": True}, "images of 4096 px has .* pixels; allowed: 400000000"),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_nothing_written(
    options: dict, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ParaBenchError, match=message):
        View(**options)()
    assert not list(tmp_path.iterdir())
