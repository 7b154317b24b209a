"""The fairness record: what each head was given, and what was the same for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from para_bench.report.site.episodes import SplitEpisodes

UNKNOWN = "not recorded"


@dataclass(frozen=True)
class Given:
    """One trained policy, by the words of the page's columns."""

    head: str
    seed: int
    checkpoint: str
    """Hash of its weights."""
    splits: tuple[str, ...]
    """Tested on."""
    facts: Mapping[str, str]
    """Column -> value, `UNKNOWN` where neither records nor a checkpoint's config.json tell."""


def fairness(splits: Iterable[SplitEpisodes], checkpoints: Mapping[str, Mapping], sees: Mapping[str, str]) -> list[Given]:
    """Every learned policy of the results, in the order of the pages.

    Args:
        splits: The results.
        checkpoints: config.json of checkpoints by the hash of their weights.
        sees: What each head is given, by head.
    """
    tested: dict[tuple[str, int, str], tuple[set[tuple[str, int]], list[str]]] = {}
    for results in splits:
        for condition in results.conditions:
            for r in results.all(condition):
                if r.checkpoint_hash:
                    told, names = tested.setdefault((r.head, r.train_seed, r.checkpoint_hash), (set(), []))
                    told.add((r.backbone, r.demos))
                    if results.name not in names:
                        names.append(results.name)
    found = []
    for (head, seed, digest), (told, names) in tested.items():
        facts = {
            "sees": sees.get(head, UNKNOWN),
            "demonstrations": _join(demos for _, demos in told),
            "backbone": _join(backbone for backbone, _ in told),
            **_from_config(checkpoints.get(digest, {})),
        }
        found.append(Given(head, seed, digest, tuple(names), facts))
    order = {head: place for place, head in enumerate(dict.fromkeys(head for results in splits for head in results.heads))}
    return sorted(found, key=lambda given: (order[given.head], given.seed))


def equal_and_different(found: list[Given]) -> tuple[dict[str, str], list[str]]:
    """Facts that are the same for every policy with their value, and the names of those that are not (or not known for all)."""
    equal, different = {}, []
    for name in found[0].facts if found else ():
        values = {given.facts[name] for given in found}
        if len(values) == 1 and UNKNOWN not in values:
            equal[name] = values.pop()
        elif values != {UNKNOWN}:
            different.append(name)
    return equal, different


def _from_config(config: Mapping) -> dict[str, str]:
    recipe, parameters = config.get("state", {}).get("recipe", {}), config.get("parameters", {})
    train, augmentation = recipe.get("train", {}), recipe.get("augmentation", {})
    values = {
        "demonstrations hash": config.get("demonstrations_hash"),
        "head parameters": _thousands(parameters.get("head")),
        "backbone parameters": _thousands(parameters.get("backbone")),
        "backbone trained": {True: "yes", False: "no"}.get(recipe.get("finetune")),
        "image px": recipe.get("image_size"),
        "steps": _thousands(train.get("steps")),
        "batch": train.get("batch"),
        "learning rate": train.get("learning_rate"),
        "augmented copies": augmentation.get("copies"),
        "training seconds": config.get("training_seconds"),
        "training operations": f"{config['training_flops']:.2e}" if config.get("training_flops") else None,
        "device": config.get("device"),
    }
    return {name: UNKNOWN if value is None else str(value) for name, value in values.items()}


def _thousands(value: int | None) -> str | None:
    return None if value is None else f"{value:,}"


def _join(values: Iterable) -> str:
    return ", ".join(sorted({str(value) for value in values}))
