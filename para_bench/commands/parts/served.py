"""The checkpoint that is served, and the server of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from para_bench.records.documents import read_json
from para_bench.records.values import count, fields, name, table
from para_bench.remote.policy import KEYS, VERSION
from para_bench.remote.server import PolicyServer
from para_bench.report.checkpoints import CONFIG, find_folders, weights_hash
from para_bench.rollouts.policy import LearnedPolicy, load_policy
from para_bench.training.saved import WEIGHTS, read_spec
from para_bench.types import ACTIONS, ParaBenchError

PRESETS = {"RGB": "ours_rgb", "RGB + calibration": "ours", "RGB-D + calibration": "ours_depth", "depth + calibration": "ours_depth"}
_TRAINING = fields({"name": name})
_RECIPE = fields({"head": name, "train_seed": count(), "backbone": name, "training": _TRAINING})


def find_served(path: Path, head: str, seed: int, training: str | None = None) -> Path:
    """The folder of a checkpoint in results, or the one that is given.

    Raises:
        ParaBenchError: there is none, or there are several.
    """
    if (path / CONFIG).is_file() and (path / WEIGHTS).is_file():
        return path
    every = {folder: recipe_of(folder) for folder in find_folders([path]).values()}
    found = [
        folder
        for folder, recipe in every.items()
        if (recipe["head"], recipe["train_seed"]) == (head, seed) and training in (None, recipe["training"]["name"])
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise ParaBenchError(f"{len(found)} checkpoints of {head}, seed {seed}; allowed: one, as --training or as the folder {found[0]}")
    there = ", ".join(sorted({f"{recipe['head']} (seed {recipe['train_seed']})" for recipe in every.values()}))
    asked = f"checkpoint of head {head}, training seed {seed}" + (f", training set {training}" if training else "")
    raise ParaBenchError(f"no {asked} in {path}; allowed: {there or 'a results folder with its checkpoints'}")


def recipe_of(folder: Path) -> dict[str, Any]:
    """What a checkpoint was trained on.

    Raises:
        ParaBenchError: its config.json is damaged.
    """
    found = read_json(folder / CONFIG, lambda value: _RECIPE(table(table(value)["state"])["recipe"]), "as `para-bench run` wrote it")
    if found is None:
        raise ParaBenchError(f"no checkpoint in {folder}; allowed: a folder with {CONFIG} and {WEIGHTS}")
    return found


def server_of(folder: Path, weights: Path | None = None) -> PolicyServer:
    """Raises ParaBenchError where the checkpoint cannot be loaded."""
    spec, recipe = read_spec(folder), recipe_of(folder)
    image_size = spec.features.image_size
    policy = load_policy(folder, recipe["backbone"], image_size, weights)
    sees = str(getattr(policy.head, "sees", "RGB"))
    metadata = {
        "server": "para-bench serve",
        "head": recipe["head"],
        VERSION: f"{recipe['head']} {weights_hash(folder)}",
        KEYS: PRESETS.get(sees, "ours"),
        "image_px": image_size,
        "sees": sees,
        "actions": ACTIONS.text,
    }
    return PolicyServer(lambda: LearnedPolicy(policy.backbone, policy.head), metadata, image_size, sees)
