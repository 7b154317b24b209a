"""The facts of one checkpoint, from the config.json that training wrote beside its weights."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from para_bench.records.documents import read_json
from para_bench.records.values import table
from para_bench.report.checkpoints import CONFIG
from para_bench.report.fairness.facts import Facts, checked
from para_bench.types import content_hash

INFERENCE = "inference.json"
"""What one look costs, measured after training; beside config.json instead of in it, since it decides no result."""
_SHOWN_APART = ("steps", "batch", "learning_rate", "evaluations")
"""Settings of training that have columns of their own, or that change no weight."""

NO_SEARCH = "none"
SEARCHED_TASK = "place"
"""Task whose search speaks for tasks without one."""


class About(NamedTuple):
    """Facts of a head that its checkpoints do not hold."""

    sees: str
    tried: str = NO_SEARCH
    """Learning rates of its search in suite version 1."""
    taken: float | None = None
    """The rate that the search found; None where there was no search."""
    searches: Mapping[tuple[int, str], tuple[str, frozenset[tuple[float, str]]]] = MappingProxyType({})
    """Later searches by suite version and task: what was tried, and the rates and augmentations that were found."""


def checkpoint_facts(folder: Path, heads: Mapping[str, About]) -> Facts:
    """All facts that a checkpoint's folder holds.

    Raises:
        ParaBenchError: config.json or inference.json is damaged.
    """
    allowed = "as `para-bench run` wrote it, or no file"
    found = read_json(folder / CONFIG, lambda value: checked(_facts(table(value), heads)), allowed) or {}
    return {**found, **(read_json(folder / INFERENCE, checked, allowed) or {})}


def _facts(config: Mapping[str, Any], heads: Mapping[str, About]) -> dict[str, Any]:
    state, parameters = config.get("state", {}), config.get("parameters", {})
    recipe = state.get("recipe", {})
    train, head, base = recipe.get("train", {}), recipe.get("head", ""), recipe.get("base")
    steps, batch, flop = train.get("steps"), train.get("batch"), config.get("training_flops")
    about = heads.get(head)
    backbone, _, digest = state.get("features", {}).get("backbone", "").partition("@")
    if base and recipe.get("finetune"):
        digest = "of what it starts from"  # each head tunes its own backbone, so the hash differs by head
    values = {
        "sees": about.sees if about else None,
        "head_parameters": parameters.get("head"),
        "all_parameters": sum(parameters.values()) if "backbone" in parameters else None,
        "flop_per_sample": flop / (steps * batch) if flop and steps and batch else None,
        "training_flop": flop,
        "training_s": config.get("training_seconds"),
        "learning_rate": train.get("learning_rate"),
        "rates_tried": _tried(recipe, about) if about and train else None,
        "backbone": recipe.get("backbone") or backbone or None,
        "backbone_hash": digest or None,
        "backbone_trained": recipe.get("finetune"),
        "image_px": recipe.get("image_size"),
        "demonstrations": _demonstrations(recipe),
        "demonstrations_hash": config.get("demonstrations_hash"),
        "cameras": _count(recipe, "cameras"),
        "rooms": _count(recipe, "rooms"),
        "steps": steps,
        "batch": batch,
        "augmentation": recipe.get("augmentation"),
        "optimiser": {name: value for name, value in train.items() if name not in _SHOWN_APART} or None,
        "start": (_start(base) if base else "fresh weights") if recipe else None,
        "settings": recipe.get("head_config"),
        "trained_on": config.get("device"),
        "training_code": _shared_code(state.get("sources", {})),
    }
    return {name: value for name, value in values.items() if value is not None}


def _tried(recipe: Mapping[str, Any], about: About) -> str:
    """The search is stated only for a checkpoint trained with its best settings (fine-tuning: one that starts from such a checkpoint).

    Without a search for its suite version and task, settings are those of another search, which the words then name.
    """
    root = recipe
    while root.get("base"):
        root = root["base"]
    training = root.get("training", {})
    version, task = training.get("suite_version", 1), training.get("task", SEARCHED_TASK)
    rate = root["train"]["learning_rate"]
    for key in ((version, task), (version, SEARCHED_TASK)):
        if key in about.searches:
            words, found = about.searches[key]
            return words + _of(key, (version, task)) if (rate, _copies(root.get("augmentation", {}))) in found else NO_SEARCH
    if rate != about.taken or about.tried == NO_SEARCH:
        return NO_SEARCH
    return about.tried + _of((1, SEARCHED_TASK), (version, task))


def _of(searched: tuple[int, str], trained: tuple[int, str]) -> str:
    """ ", of suite version 1, task place": what a search was for, where that is not what was trained."""
    names = (f"suite version {searched[0]}", f"task {searched[1]}")
    other = [name for name, one, two in zip(names, searched, trained, strict=True) if one != two]
    return f", of {', '.join(other)}" if other else ""


def _copies(augmentation: Mapping[str, Any]) -> str:
    """ "off", "colour" or "turns": what the search calls these settings."""
    if any(augmentation.get(name) for name in ("pan_deg", "roll_deg", "zoom")):
        return "turns"
    return "colour" if any(augmentation.get(name) for name in ("jitter", "hue", "field")) else "off"


def _demonstrations(recipe: Mapping[str, Any]) -> int | None:
    """Number of demonstrations with those of the checkpoint that it started from, as records count them."""
    return (recipe["demos"] + (_demonstrations(recipe.get("base") or {}) or 0)) if "demos" in recipe else None


def _count(recipe: Mapping[str, Any], name: str) -> str | None:
    """From how many cameras, or in how many rooms, the demonstrations are seen; None where it is not stated."""
    return str(recipe["training"][name]) if name in recipe.get("training", {}) else None


def _start(base: Mapping[str, Any]) -> dict[str, Any]:
    """The training before, without what belongs to the head."""
    train = {name: value for name, value in base["train"].items() if name != "learning_rate"}
    plain = {name: value for name, value in base.items() if name not in ("head", "train_seed", "train", "training", "base", "head_config")}
    before = {"base": _start(base["base"])} if base.get("base") else {}
    return {"training": base["training"]["name"], "steps": train["steps"], **plain, "train": train, **before}


def _shared_code(sources: Mapping[str, str]) -> str | None:
    """8 hex digits over the sources that every head's training shares."""
    shared = {name: digest for name, digest in sources.items() if not name.startswith("heads/")}
    return content_hash(shared)[:8] if shared else None
