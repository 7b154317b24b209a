"""A keys file (TOML or JSON): the names of a policy's observations, and what the numbers of its actions mean."""

from __future__ import annotations

import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from importlib import resources
from pathlib import Path
from typing import Any

from para_bench.records.documents import parse_json, read_bytes, reason
from para_bench.records.values import Check, WrongValueError, listing, name, number, one_of, shown, table
from para_bench.remote.actions import FRAMES, IGNORED, KINDS, ROTATIONS, ActionKeys
from para_bench.remote.looks import APPROACHES, PARTS, TEXT, VECTORS, Template, parts_of
from para_bench.types import ParaBenchError

DEFAULT = "ours"
_FOLDER = resources.files("para_bench") / "assets" / "policy_keys"
_DEEPEST = 8
"""Objects within objects."""
_WORDS = ("observation", "action", "approach")


@dataclass(frozen=True)
class Keys:
    """Observations and actions of one policy."""

    observation: Template
    action: ActionKeys
    approach: str = "x"
    """See `looks.APPROACHES`."""

    @property
    def text(self) -> str:
        """As JSON, for fingerprints and for other processes."""
        return json.dumps({"observation": self.observation, "action": asdict(self.action), "approach": self.approach}, sort_keys=True)

    @property
    def needs_depth(self) -> bool:
        return "depth" in parts_of(self.observation)


def presets() -> tuple[str, ...]:
    """Names of the keys files in this package."""
    return tuple(sorted(file.name.removesuffix(".toml") for file in _FOLDER.iterdir() if file.name.endswith(".toml")))


def find_keys(asked: str) -> Keys:
    """A preset, or a .toml or .json file.

    Raises:
        ParaBenchError: there is neither, or the file is damaged or states what is not allowed.
    """
    if asked in presets():
        return keys_of(tomllib.loads((_FOLDER / f"{asked}.toml").read_text()))
    path = Path(asked)
    if path.suffix not in (".toml", ".json"):
        raise ParaBenchError(f"--policy-keys {asked}; allowed: {', '.join(presets())}, or a .toml or .json file")
    content = read_bytes(path)
    try:
        return keys_of(parse_json(content) if path.suffix == ".json" else tomllib.loads(content.decode()))
    except WrongValueError as wrong:
        raise ParaBenchError(f"{path}: {wrong.where or 'value'} is {wrong.found}; allowed: {wrong.allowed}") from None
    except (ValueError, RecursionError) as error:
        raise ParaBenchError(f"{path} cannot be read ({reason(error)}); allowed: TOML or JSON as docs/POLICIES.md says") from None


def from_text(text: str) -> Keys:
    """Keys from `Keys.text`."""
    return keys_of(json.loads(text))


def keys_of(value: Any) -> Keys:
    """Checked keys from plain values. Raises WrongValueError for a name or a value that is not allowed."""
    found = _known(value, _WORDS)
    observation = _within("observation", _template, found.get("observation"))
    action = _within("action", _action, found.get("action", {}))
    return Keys(observation, action, _within("approach", one_of(*APPROACHES), found.get("approach", "x")))


def _template(value: Any, depth: int = 0) -> dict[str, Any]:
    found = table(value)
    if not found or depth > _DEEPEST:
        raise WrongValueError(shown(value), "an object of names, not empty, not too deep")
    return {name(key): _within(key, lambda part: _part(part, depth), part) for key, part in found.items()}


def _part(value: Any, depth: int) -> Any:
    if isinstance(value, dict):
        return _template(value, depth + 1)
    if isinstance(value, list) and value:
        return list(listing(one_of(*VECTORS))(value))
    if isinstance(value, str) and value.startswith(TEXT):
        return name(value)
    return one_of(*PARTS)(value) if isinstance(value, str) else one_of(*PARTS, f"{TEXT}WORDS", "a list of vectors")(value)


def _action(value: Any) -> ActionKeys:
    checks: dict[str, Check] = {
        "key": name,
        "kind": one_of(*KINDS),
        "frame": one_of(*FRAMES),
        "columns": listing(name),
        "rotation": one_of(*ROTATIONS),
        **dict.fromkeys(("metres", "radians", "open", "closed"), number()),
    }
    found = _known(value, tuple(field.name for field in fields(ActionKeys)))
    keys = ActionKeys(**{key: _within(key, checks[key], part) for key, part in found.items()})
    wanted = ("x", "y", "z", *keys.rotation_columns, "opening")
    named = [column for column in keys.columns if column != IGNORED]
    if sorted(named) != sorted(wanted):
        raise WrongValueError(shown(" ".join(keys.columns)), f"each of {' '.join(wanted)} once, and {IGNORED} for others", "columns")
    if math.isclose(keys.open, keys.closed):
        raise WrongValueError(f"{keys.open:g}, as closed", "two different numbers", "open")
    if keys.kind == "delta" and keys.rotation == "double_yaw":
        raise WrongValueError(keys.rotation, "another with kind delta", "rotation")
    if keys.kind == "absolute" and keys.frame != "world":
        raise WrongValueError(keys.frame, "world with kind absolute", "frame")
    return keys


def _known(value: Any, allowed: tuple[str, ...]) -> Mapping[str, Any]:
    found = table(value)
    if odd := [key for key in found if key not in allowed]:
        raise WrongValueError("unknown", ", ".join(allowed), str(odd[0])[:60])
    return found


def _within(where: str, check: Check, value: Any) -> Any:
    try:
        return check(value)
    except WrongValueError as wrong:
        raise wrong.inside(where) from None
