"""The driver of a run on a cluster: hands cells out, and alone writes what comes back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from para_bench.bars import Bar
from para_bench.execution.cluster.cells import EpisodesCell, TrainingCell, episodes_cell, prepare_cell, sources, train_cell
from para_bench.execution.cluster.parcels import Parcel
from para_bench.execution.cluster.sameness import code_of
from para_bench.execution.cluster.tasks import Tasks
from para_bench.execution.copies import copied, is_finished
from para_bench.execution.local import told
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.jobs import Job, Result
from para_bench.training.recipe import Recipe
from para_bench.training.start import find_checkpoint, start_of
from para_bench.types import ParaBenchError


class Driver:
    """An `Executor`."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks, self._parcels = tasks, dict[Path, Parcel]()

    def train(self, left: Sequence[Recipe], run: RunConfig, at_once: int | None = None) -> None:
        """Train recipes, one core each, on a GPU one GPU each.

        Raises:
            ParaBenchError: a device that no node has, a cell that failed, a node with other code.
        """
        device = self._device(run.device)
        weights = self._file(run.backbone_weights)
        bar = Bar(total=len(left), desc="trainings", disable=not left)
        for wave in ([r for r in left if r.base is None], [r for r in left if r.base is not None]):
            self._prepare(wave, run, device, weights)
            cells = [TrainingCell(recipe, device, self._given(recipe, run), weights) for recipe in wave]
            for cell, (name, files) in self._tasks.results(train_cell, cells, gpus=int(device == "cuda"), most=at_once):
                copied(files, self._folder(cell.recipe, run, name))
                told(run.out / "checkpoints" / name)
                bar.update()
        bar.close()

    def roll_out(self, jobs: Sequence[Job]) -> Iterator[list[Result]]:
        """Results of `run_job` for each job, as they come; each job is a task of one core.

        Raises:
            ParaBenchError: a cell failed, a node with other code.
        """
        for _, results in self._tasks.results(episodes_cell, map(self._episodes, jobs)):
            yield results
        self._parcels.clear()  # checkpoints that no later task needs

    def _episodes(self, job: Job) -> EpisodesCell:
        checkpoint = None if job.checkpoint is None else self._parcel(job.checkpoint, f"checkpoints/{job.checkpoint.name}")
        return EpisodesCell(job, checkpoint, self._file(job.weights), code_of(job))

    def _prepare(self, wave: Sequence[Recipe], run: RunConfig, device: str, weights: Parcel | None) -> None:
        """What trainings share, made once by one of them: demonstrations, and weights of backbones that are trained here."""
        cells = {}
        for recipe in wave:
            needed = sources(recipe, run.out, weights is not None)
            if not all(map(_is_there, needed)):
                cells.setdefault(tuple(needed), TrainingCell(recipe, device, self._given(recipe, run), weights))
        for _, found in self._tasks.results(prepare_cell, cells.values(), gpus=int(device == "cuda")):
            for name, files in found.items():
                if not _is_there(run.out / name):  # validation demonstrations are of several
                    copied(files, run.out / name)

    def _given(self, recipe: Recipe, run: RunConfig) -> tuple[Parcel, ...]:
        base = find_checkpoint(recipe.base, run.out, run.backbone_weights) if recipe.base else None
        there = [path for path in (*sources(recipe, run.out, bool(run.backbone_weights)), *([base] if base else [])) if _is_there(path)]
        return tuple(self._parcel(path, path.relative_to(run.out).as_posix()) for path in there)

    def _folder(self, recipe: Recipe, run: RunConfig, name: str) -> Path:
        """Folder of the checkpoint on the driver.

        Raises:
            ParaBenchError: the node gives it another name, so its code or settings differ.
        """
        base = find_checkpoint(recipe.base, run.out, run.backbone_weights) if recipe.base else None
        start = start_of(recipe, base, run.out, run.backbone_weights)
        if start is None or start.folder.name != name:
            own = start.folder.name if start else "nothing"
            raise ParaBenchError(f"a node trained {name}; allowed: {own}, with the driver's code of heads and backbones on every node")
        return start.folder

    def _device(self, asked: str) -> str:
        gpus = self._tasks.has("GPU")
        if asked == "auto":
            return "cuda" if gpus >= 1 else "cpu"
        allowed = ("auto", "cpu", "cuda") if gpus >= 1 else ("auto", "cpu")
        if asked not in allowed:
            raise ParaBenchError(f"--device is {asked!r} on a cluster of {gpus:g} GPUs; allowed there: {', '.join(allowed)}")
        return asked

    def _file(self, path: Path | None) -> Parcel | None:
        return None if path is None else self._parcel(path, path.name)

    def _parcel(self, path: Path, name: str) -> Parcel:
        if path not in self._parcels:
            self._parcels[path] = self._tasks.parcel(path, name)
        return self._parcels[path]


def _is_there(folder: Path) -> bool:
    return is_finished(folder.parent.name, folder)
