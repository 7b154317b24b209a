"""What a node does: the functions of one machine on a folder of its own, which is gone when the cell is done."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from para_bench.execution.cluster import cells
from para_bench.execution.cluster.cells import EpisodesCell, TrainingCell, episodes_cell, on_node, prepare_cell, sources, train_cell
from para_bench.execution.cluster.parcels import Files, Parcel, digest
from para_bench.execution.cluster.sameness import installed
from para_bench.rollouts.jobs import Job, Result
from para_bench.training.recipe import Recipe
from para_bench.types import ParaBenchError

RECIPE = Recipe("para", 0, 3)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PARA_BENCH_CACHE", str(tmp_path))
    return tmp_path / "nodes"


def parcel(name: str, files: Files) -> Parcel:
    return Parcel(name, digest(files), files)


def fetch(files: Any) -> Files:
    return files


def test_a_training_s_folder_comes_back_and_leaves_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = (parcel("demonstrations/set", {"meta.json": b"{}"}), parcel("checkpoints/base-1", {"config.json": b"1"}))
    asked: list[Any] = []

    def trained(recipe: Recipe, out: Path, device: Any, weights: Path | None, progress: bool) -> Path:
        asked.append((recipe, str(device), weights and weights.read_bytes(), progress))
        assert (out / "demonstrations/set/meta.json").read_bytes() == b"{}"
        assert (out / "checkpoints/base-1/config.json").read_bytes() == b"1"
        (folder := out / "checkpoints/para-2").mkdir()
        (folder / "config.json").write_bytes(b"2")
        return folder

    monkeypatch.setattr(cells, "trained", trained)
    weights = parcel("lite0.safetensors", {"lite0.safetensors": b"w"})
    assert train_cell(TrainingCell(RECIPE, "cpu", given, weights), fetch) == ("para-2", {"config.json": b"2"})
    assert asked == [(RECIPE, "cpu", b"w", False)]
    assert [path.name for path in root.iterdir()] == ["weights"]


def test_other_contents_are_another_workplace(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Checkpoints of one name but of two runs may differ; a state that was left belongs to one of them."""
    seen: list[Path] = []

    def cut_off(recipe: Recipe, out: Path, *_: Any, **__: Any) -> Path:
        seen.append(out)
        raise KeyboardInterrupt

    monkeypatch.setattr(cells, "trained", cut_off)
    given = (parcel("checkpoints/base-1", {"config.json": b"1"}),)
    other = (parcel("checkpoints/base-1", {"config.json": b"other"}),)
    for cell in (
        first := TrainingCell(RECIPE, "cpu", given, None),
        first,
        replace(first, given=other),
        replace(first, recipe=replace(RECIPE, train_seed=1)),
    ):
        with pytest.raises(KeyboardInterrupt):
            train_cell(cell, fetch)
    assert seen[0] == seen[1]  # the second continues
    assert len(set(seen)) == 3
    assert all(path.is_dir() for path in seen)


def test_what_trainings_share_is_made_but_for_what_was_given(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def demonstrations(training: Any, count: int, seed: int, out: Path, progress: bool) -> None:
        folder = cells.demonstrations_folder(training, count, seed, out)
        if not folder.exists():
            folder.mkdir(parents=True)
            (folder / "meta.json").write_text(str(count))

    monkeypatch.setattr(cells, "demonstrations", demonstrations)
    names = [path.relative_to(root).as_posix() for path in sources(RECIPE, root, weights=False)]
    assert len(names) == 2
    cell = TrainingCell(RECIPE, "cpu", (), None)
    assert prepare_cell(cell, fetch) == {names[0]: {"meta.json": b"3"}, names[1]: {"meta.json": b"6"}}
    given = (parcel(names[1], {"meta.json": b"6"}),)
    assert prepare_cell(replace(cell, given=given), fetch) == {names[0]: {"meta.json": b"3"}}
    assert not list(root.iterdir())


def test_weights_that_are_made_here_are_a_source_unless_they_are_given(root: Path) -> None:
    recipe = replace(RECIPE, backbone="video", backbone_steps=10)
    assert [len(sources(recipe, root, weights)) for weights in (False, True)] == [3, 2]


def test_an_episode_finds_its_checkpoint_by_content(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = Job("id", 2, "para", 0, Path("/driver/checkpoints/para-1"), "lite0", 64, 0, (("id", "0"),))
    seen: list[Job] = []

    def run_job(job: Job) -> list[Result]:
        seen.append(job)
        return [Result(job, ("id", "0"), "hash", None)]  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(cells, "run_job", run_job)
    fetched: list[Any] = []
    for content in (b"1", b"1", b"2"):
        cell = EpisodesCell(job, parcel("checkpoints/para-1", {"config.json": content}), None)
        (result,) = episodes_cell(cell, lambda files: (fetched.append(files), files)[1])  # pyright: ignore[reportArgumentType]
        assert result.job == job  # the driver's
        assert (seen[-1].checkpoint or root).joinpath("config.json").read_bytes() == content
    assert len(fetched) == 2
    (result,) = episodes_cell(EpisodesCell(replace(job, checkpoint=None, head="noop"), None, None), fetch)
    assert seen[-1].checkpoint is None


def test_errors_name_their_node(root: Path) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(ParaBenchError, match=r"^node 10\.0\.0\.7: this machine failed \(OSError: .*No space left"):
        on_node(full, installed(), "10.0.0.7", fetch, None)
    with pytest.raises(ParaBenchError, match=r"^node 10\.0\.0\.7: another installation"):
        on_node(full, {"para-bench": "x"}, "10.0.0.7", fetch, None)
    assert on_node(lambda item, _: item + 1, installed(), "10.0.0.7", fetch, 1) == 2
