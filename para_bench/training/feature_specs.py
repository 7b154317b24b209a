"""The FeatureSpec of a recipe's backbone, read from a small file of the cache where the same weights were used before.

Building a backbone for its hash takes seconds: torch and timm are imported, its weights read, its position embeddings resampled.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from para_bench.backbones import BACKBONES, backbone_row
from para_bench.backbones.runtimes import PACKAGES, TORCH, missing_packages
from para_bench.backbones.sources import asset_file, package_file
from para_bench.data.cache import cache_root
from para_bench.files import write_json
from para_bench.provenance import closure, stamp
from para_bench.records.documents import read_json
from para_bench.records.values import count, fields, listing, name, one_of
from para_bench.threads import start_flushing
from para_bench.training.modules import backbone_modules
from para_bench.training.recipe import Recipe
from para_bench.types import FeatureSpec, ParaBenchError, content_hash, to_dict

FOLDER, FORMAT = "backbones", 1
"""Folder below the cache root, with one file for each backbone, image size and weights; and the files' format."""


def feature_spec(recipe: Recipe, weights: Path | None) -> FeatureSpec:
    """FeatureSpec of the backbone that `prepare.read_inputs` makes.

    Raises:
        ParaBenchError: there is no such backbone, or its weights are not at hand.
    """
    runtime = TORCH if recipe.finetune else recipe.feature_runtime
    return _spec_of(recipe.backbone, recipe.image_size, weights, recipe.pretrained, not recipe.finetune, runtime, stamp(weights))


@lru_cache(maxsize=64)
def _spec_of(
    backbone: str, image_size: int, weights: Path | None, pretrained: bool, frozen: bool, runtime: str, written: object
) -> FeatureSpec:
    path = _note(backbone, image_size, weights, pretrained, runtime)
    if path is not None and (found := _read(path, backbone, image_size)) is not None:
        return found
    from para_bench.backbones.create import create_backbone  # loads torch
    from para_bench.training.frozen import fitting_backbone

    start_flushing()  # before a first look at a backbone starts torch's threads
    if runtime == TORCH:
        spec = create_backbone(backbone, image_size, weights, pretrained, frozen).spec
    else:
        spec = fitting_backbone(backbone, image_size, weights, pretrained, runtime).spec
    if path is not None:
        write_json(path, {"format": FORMAT, "spec": to_dict(spec)})
    return spec


def _note(backbone: str, image_size: int, weights: Path | None, pretrained: bool, runtime: str) -> Path | None:
    """The file of a FeatureSpec, named by all that decides it; None where weights are random, the hub's, or a plug-in's."""
    if backbone not in BACKBONES.builtin:
        return None
    row = backbone_row(backbone)
    source = weights
    if source is None and pretrained and row.package:
        source = package_file(row.package, backbone)
    elif source is None and pretrained and row.asset:
        source = asset_file(row.asset)
    if source is None or not source.is_file():
        return None
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    made_by: list[Any] = [version("torch"), version("timm"), closure(backbone_modules(backbone, runtime))]
    if runtime != TORCH:
        made_by += [runtime, *(version(name) for name in PACKAGES if name not in missing_packages())]
    return cache_root() / FOLDER / f"{content_hash([FORMAT, backbone, to_dict(row), image_size, digest, *made_by])}.json"


def _read(path: Path, backbone: str, image_size: int) -> FeatureSpec | None:
    """The stored FeatureSpec; None where there is no file, or where it is damaged (it is then written again)."""
    try:
        found = read_json(path, lambda value: FeatureSpec(**_FILE(value)["spec"]), "as it was written; delete it")
    except ParaBenchError:
        return None
    if found is None or found.image_size != image_size or not found.backbone.startswith(f"{backbone}@"):
        return None
    return found if 0 < len(found.channels) == len(found.sizes) else None


def _sizes(value: Any) -> tuple[int, ...]:
    return listing(count(least=1))(value)


_FILE = fields(
    {
        "format": one_of(FORMAT),
        "spec": fields({"backbone": name, "image_size": count(least=1), "channels": _sizes, "sizes": _sizes, "summary_dim": count()}),
    }
)
