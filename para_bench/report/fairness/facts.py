"""FACTS: what is stated of every trained policy, in the order of columns, and whether it may differ between heads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from para_bench.records.values import Check, WrongValueError, count, fields, flag, mapping, name_or_empty, number, shown
from para_bench.text import is_printable, printable

UNKNOWN = "not recorded"
MOST = 10**15
"""Largest value of a count."""
SAME, OWN, NOTED = "same", "own", "noted"
"""Must be the same in a fair comparison; belongs to the head; may differ but is stated."""

Facts = Mapping[str, Any]
"""Fact -> plain JSON value; unknown facts are left out."""


class Fact(NamedTuple):
    title: str
    """Title of its column."""
    role: str
    """SAME, OWN or NOTED."""
    show: Callable[[Any], str] = str
    check: Check = name_or_empty
    """Check of its value in a file."""


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


def _number_as_it_is(value: Any) -> float:
    number(0)(value)
    return value


def _line(value: str) -> str:
    if not is_printable(value):
        raise WrongValueError(shown(value), "text without control characters")
    return value


def _settings_or_text(value: Any) -> Any:
    """Text, or an object of plain values and further objects."""
    if isinstance(value, str):
        return _line(value)
    return mapping(_setting)(value)


def _setting(value: Any) -> Any:
    if isinstance(value, dict):
        return mapping(_setting)(value)
    if isinstance(value, list | tuple):
        return [_setting(item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _line(value)
    number()(value)
    return value


FACTS: dict[str, Fact] = {
    "sees": Fact("sees", OWN),
    "head_parameters": Fact("head parameters", OWN, _thousands, check=count(MOST)),
    "all_parameters": Fact("with backbone", OWN, _thousands, check=count(MOST)),
    "flop_per_sample": Fact("training FLOP/sample", OWN, _short, check=_number_as_it_is),
    "training_flop": Fact("training FLOP", OWN, _short, check=_number_as_it_is),
    "training_s": Fact("training s", OWN, check=_number_as_it_is),
    "inference_ms": Fact("inference ms", OWN, check=_number_as_it_is),
    "learning_rate": Fact("learning rate", OWN, _short, check=_number_as_it_is),
    "rates_tried": Fact("rates tried", SAME),
    "backbone": Fact("backbone", SAME),
    "backbone_hash": Fact("backbone hash", SAME),
    "backbone_trained": Fact("backbone trained", SAME, _yes, check=flag),
    "image_px": Fact("image px", SAME, check=count()),
    "demonstrations": Fact("demonstrations", SAME, check=count()),
    "demonstrations_hash": Fact("demonstrations hash", SAME),
    "cameras": Fact("training cameras", SAME),
    "rooms": Fact("training rooms", SAME),
    "steps": Fact("steps", SAME, _thousands, check=count(MOST)),
    "batch": Fact("batch", SAME, check=count()),
    "augmentation": Fact("augmentation", SAME, _settings, check=_settings_or_text),
    "optimiser": Fact("optimiser", SAME, _settings, check=_settings_or_text),
    "start": Fact("starts from", SAME, _settings, check=_settings_or_text),
    "settings": Fact("head settings", SAME, _settings, check=_settings_or_text),
    "trained_on": Fact("trained on", NOTED),
    "inference_on": Fact("inference on", NOTED),
    "training_code": Fact("training code", NOTED),
}
"""`inference_ms`: backbone and head of one look. `rates_tried`: the search for a learning rate. `start`: where fine-tuning began.
`cameras` and `rooms`: a number, or "each": a new one each demonstration."""


_BEFORE = {"cameras": "1", "rooms": "1"}
"""Values of older trainings, which do not state them."""


def show(name: str, value: Any) -> str:
    """A value as text; UNKNOWN for None."""
    return UNKNOWN if value is None else printable(FACTS[name].show(value))


def checked(value: Any) -> dict[str, Any]:
    """Facts from a file; unknown names are kept.

    Raises:
        WrongValueError: a value does not pass its fact's check.
    """
    found = mapping(_setting)(value)
    if "demonstrations" in found:
        found = _BEFORE | found
    return found | fields({name: fact.check for name, fact in FACTS.items()}, defaults=FACTS)(found)
