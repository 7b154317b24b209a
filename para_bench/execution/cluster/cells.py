"""What a node does: the same functions as on one machine, on a folder of its own below the node's cache."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import torch

from para_bench.data.cache import NODES, cache_root
from para_bench.demonstrations.stored import VALIDATION_DEMOS, demonstrations, demonstrations_folder
from para_bench.execution.cluster.parcels import Files, Parcel, contents, placed
from para_bench.execution.cluster.sameness import check_code, check_same
from para_bench.report.checkpoints import FOLDER
from para_bench.rollouts.jobs import Job, Result, run_job
from para_bench.rollouts.workers import fenced
from para_bench.training.made_weights import made_weights, weights_path
from para_bench.training.recipe import Recipe
from para_bench.training.trained import trained
from para_bench.types import ParaBenchError, content_hash

T = TypeVar("T")
Fetch = Callable[[object], Files]
"""Turns a parcel's reference into its files."""


@dataclass(frozen=True)
class TrainingCell:
    """A training, or what trainings share: its demonstrations, and the weights of a backbone that is trained here."""

    recipe: Recipe
    device: str
    given: tuple[Parcel, ...]
    """The folders that the driver has already."""
    weights: Parcel | None
    """File of the backbone's weights instead of its row's source."""


@dataclass(frozen=True)
class EpisodesCell:
    """A policy in one scene."""

    job: Job
    checkpoint: Parcel | None
    weights: Parcel | None
    code: Mapping[str, str] = field(default_factory=dict)
    """Of others, as the driver has it (`sameness.code_of`)."""


def sources(recipe: Recipe, out: Path, weights: bool) -> list[Path]:
    """Folders below `out` that a training reads, whether they are there or not; with `weights` those of its backbone are given."""
    training = recipe.training
    found = [
        demonstrations_folder(training, recipe.demos, recipe.demo_seed, out),
        demonstrations_folder(training, VALIDATION_DEMOS, -1, out),
    ]
    made = None if weights else weights_path(recipe, out)
    return [*found, *([made.parent] if made else [])]


def prepare_cell(cell: TrainingCell, fetch: Fetch) -> dict[str, Files]:
    """What a training reads and the driver does not have, by its name below a results folder."""
    recipe, training, out = cell.recipe, cell.recipe.training, _workplace(cell, fetch)
    demonstrations(training, recipe.demos, recipe.demo_seed, out, progress=False)
    demonstrations(training, VALIDATION_DEMOS, -1, out, progress=False)
    if cell.weights is None:
        made_weights(recipe, out, torch.device(cell.device), progress=False)
    found = {path.relative_to(out).as_posix(): path for path in sources(recipe, out, cell.weights is not None)}
    had = {parcel.name for parcel in cell.given}
    files = {name: contents(path) for name, path in found.items() if name not in had}
    shutil.rmtree(out, ignore_errors=True)
    return files


def train_cell(cell: TrainingCell, fetch: Fetch) -> tuple[str, Files]:
    """Name of a checkpoint's folder, and its files. A task that is killed leaves its state to the next one on its node."""
    out = _workplace(cell, fetch)
    folder = trained(cell.recipe, out, torch.device(cell.device), _file(cell.weights, fetch), progress=False)
    files = contents(folder)
    shutil.rmtree(out, ignore_errors=True)
    return folder.name, files


def episodes_cell(cell: EpisodesCell, fetch: Fetch) -> list[Result]:
    """`run_job` on the node; the results carry the driver's job."""
    check_code(cell.code, cell.job)
    checkpoint = None
    if cell.checkpoint is not None:
        checkpoint = _here(cell.checkpoint, _root() / FOLDER / cell.checkpoint.digest, fetch)
    job = replace(cell.job, checkpoint=checkpoint, weights=_file(cell.weights, fetch))
    return [replace(result, job=cell.job) for result in run_job(job)]


def on_node(cell: Callable[[T, Fetch], object], driver: Mapping[str, str], node: str, fetch: Fetch, what: T) -> object:
    """Runs a cell on one thread, if this node has the driver's installation; its errors can be pickled and name the node."""
    torch.set_num_threads(1)  # as the workers of one machine
    try:
        check_same(driver)
        return fenced(lambda each: cell(each, fetch), what)
    except ParaBenchError as error:
        raise ParaBenchError(f"node {node}: {error}") from None


def _root() -> Path:
    return cache_root() / NODES


def _workplace(cell: TrainingCell, fetch: Fetch) -> Path:
    """A results folder of this cell alone, named by a hash of its inputs, so that equally named checkpoints of two runs never meet."""
    digests: Sequence[str] = sorted(f"{parcel.name} {parcel.digest}" for parcel in cell.given)
    out = _root() / content_hash([repr(cell.recipe), list(digests), cell.weights and cell.weights.digest, cell.device])
    for parcel in cell.given:
        _here(parcel, out / parcel.name, fetch)
    return out


def _file(weights: Parcel | None, fetch: Fetch) -> Path | None:
    return None if weights is None else _here(weights, _root() / "weights" / weights.digest, fetch) / weights.name


def _here(parcel: Parcel, target: Path, fetch: Fetch) -> Path:
    return target if target.is_dir() else placed(fetch(parcel.files), target)
