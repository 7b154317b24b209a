"""What checkpoints cost to train, from their folders; found again by the hash that records carry."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from para_bench.plugins import SOURCE_PREFIX
from para_bench.records.documents import exists, read_bytes, read_json
from para_bench.records.values import count, fields, name, number, optional, table
from para_bench.types import ParaBenchError

FOLDER, CONFIG, WEIGHTS = "checkpoints", "config.json", "model.safetensors"


class Cost(NamedTuple):
    parameters: int
    """Parameters of the head."""
    training_seconds: float
    device: str
    training_flops: float | None
    """Floating point operations of all training steps; None where they were not counted."""
    folder: Path


def weights_hash(folder: Path) -> str:
    """16 hex digits over the file of a checkpoint's weights, in older checkpoints over a plug-in's code too, as records state them."""
    return hashlib.sha256(read_bytes(folder / WEIGHTS) + _plugin_code(folder / CONFIG)).hexdigest()[:16]


def find_folders(paths: Iterable[str | Path]) -> dict[str, Path]:
    """Checkpoint hash -> folder, for all of `checkpoints/` in the folders given (or of the files given) and in their parents."""
    return dict(_hashed(paths))


def _hashed(paths: Iterable[str | Path]) -> Iterator[tuple[str, Path]]:
    roots = dict.fromkeys(root for path in map(Path, paths) for root in (path, path.parent, path.parent.parent))
    configs = (config for root in roots for config in sorted((root / FOLDER).glob(f"*/{CONFIG}")))
    return ((weights_hash(config.parent), config.parent) for config in configs if exists(config.with_name(WEIGHTS)))


def find_folder(path: Path, digest: str, head: str) -> Path:
    """The folder of one checkpoint; where one code has two names, and so two folders of the same weights, that of `head`.

    Raises:
        ParaBenchError: it is missing.
    """
    every = list(_hashed([path]))
    found = [folder for other, folder in every if other == digest]
    if not found:
        known = ", ".join(dict(every)) or "a results folder with its checkpoints"
        raise ParaBenchError(f"checkpoint {digest} is not in {path / FOLDER}; allowed: {known}")
    own = [folder for folder in found if recipe_of(folder)["head"] == head] if len(found) > 1 else found
    return (own or found)[-1]


def find_trained(path: Path, head: str, seed: int, training: str | None = None) -> Path:
    """The folder of a checkpoint in results; `path` itself if it is a checkpoint's folder.

    Raises:
        ParaBenchError: there is none, or there are several.
    """
    if (path / CONFIG).is_file() and (path / WEIGHTS).is_file():
        return path
    every = {folder: recipe_of(folder) for folder in dict.fromkeys(folder for _, folder in _hashed([path]))}
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


def costs(paths: Iterable[str | Path]) -> dict[str, Cost]:
    """Checkpoint hash -> cost."""
    return {digest: _cost(folder / CONFIG) for digest, folder in find_folders(paths).items()}


def _plugin_code(config: Path) -> bytes:
    """Names and hashes of a plug-in's files; empty for built-in heads, whose records are older than this."""
    try:
        value = read_json(config, lambda value: value, "") or {}
        if "format" in value:  # newer ones have a policy hash, which covers all of a policy's code
            return b""
        sources = value["state"]["sources"]
        found = sorted(f"{name} {digest}" for name, digest in sources.items() if name.startswith(SOURCE_PREFIX))
    except (ParaBenchError, AttributeError, KeyError, TypeError):  # reported where the configuration is needed
        return b""
    return "\n".join(found).encode()


_TRAINING = fields({"name": name})
_RECIPE = fields({"head": name, "train_seed": count(), "backbone": name, "training": _TRAINING})
_HEAD = fields({"head": count(10**15)})
_CONFIG = fields(
    {"parameters": _HEAD, "training_seconds": number(0), "device": name, "training_flops": optional(number(0))},
    defaults=("training_flops",),
)


def _cost(config: Path) -> Cost:
    found = read_json(config, _CONFIG, "as training wrote it; delete its folder to train again")
    if found is None:
        raise ParaBenchError(f"there is no {config}; allowed: as training wrote it")
    return Cost(found["parameters"]["head"], found["training_seconds"], found["device"], found.get("training_flops"), config.parent)
