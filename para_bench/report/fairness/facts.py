"""FACTS: what is stated of every trained policy, in the order of columns, and whether it may differ between heads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

UNKNOWN = "not recorded"
SAME, OWN, NOTED = "same", "own", "noted"
"""Must be the same in a fair comparison; belongs to the head; may differ but is said."""

Facts = Mapping[str, Any]
"""Fact -> plain JSON value; one that is not known is not there."""


class Fact(NamedTuple):
    title: str
    """Of its column."""
    role: str
    """SAME, OWN or NOTED."""
    show: Callable[[Any], str] = str


def _thousands(value: int) -> str:
    return f"{value:,}"


def _short(value: float) -> str:
    return f"{value:.3g}"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _settings(value: Mapping[str, Any] | str) -> str:
    """ "copies 3, jitter 0.4": plain settings; deeper ones are left to the file."""
    if isinstance(value, str):
        return value
    return ", ".join(f"{name} {part}" for name, part in value.items() if not isinstance(part, Mapping | list | None))


FACTS: dict[str, Fact] = {
    "sees": Fact("sees", OWN),
    "head_parameters": Fact("head parameters", OWN, _thousands),
    "all_parameters": Fact("with backbone", OWN, _thousands),
    "flop_per_sample": Fact("training FLOP/sample", OWN, _short),
    "training_flop": Fact("training FLOP", OWN, _short),
    "training_s": Fact("training s", OWN),
    "inference_ms": Fact("inference ms", OWN),
    "learning_rate": Fact("learning rate", OWN, _short),
    "rates_tried": Fact("rates tried", SAME),
    "backbone": Fact("backbone", SAME),
    "backbone_hash": Fact("backbone hash", SAME),
    "backbone_trained": Fact("backbone trained", SAME, _yes),
    "image_px": Fact("image px", SAME),
    "demonstrations": Fact("demonstrations", SAME),
    "demonstrations_hash": Fact("demonstrations hash", SAME),
    "steps": Fact("steps", SAME, _thousands),
    "batch": Fact("batch", SAME),
    "augmentation": Fact("augmentation", SAME, _settings),
    "optimiser": Fact("optimiser", SAME, _settings),
    "start": Fact("starts from", SAME, _settings),
    "settings": Fact("head settings", SAME, _settings),
    "trained_on": Fact("trained on", NOTED),
    "inference_on": Fact("inference on", NOTED),
    "training_code": Fact("training code", NOTED),
}
"""`inference_ms`: backbone and head of one look. `rates_tried`: the search for a learning rate. `start`: what fine-tuning started from."""


def show(name: str, value: Any) -> str:
    """A value as text; UNKNOWN for None."""
    return UNKNOWN if value is None else FACTS[name].show(value)
