"""What each field of a record may hold."""

from __future__ import annotations

from typing import Any

from para_bench.records.episode import REQUIRED, EpisodeRecord
from para_bench.records.values import MOST_SCENES, Check, WrongValueError, count, flag, mapping, name, name_or_empty, number, optional

_NAME_OR_NONE = ("backbone", "checkpoint_hash", "policy_hash")
"""References have no backbone and no weights; older records no policy hash."""
_NAMES = ("suite_version", "split", "condition", "level", "scene_hash", "head", "config_hash", "task", "robot", "stage", "reason")
MOST_SEED = 2**31 - 1

FIELDS: dict[str, Check] = {
    **dict.fromkeys(_NAMES, name),
    **dict.fromkeys(_NAME_OR_NONE, name_or_empty),
    **dict.fromkeys(("success_once", "success_at_end"), flag),
    **dict.fromkeys(("scene_index", "train_seed"), count(MOST_SCENES - 1)),
    **dict.fromkeys(("steps", "demos", "clamped_waypoints"), count()),
    "strict_success": optional(flag),
    "replan_steps": optional(count(least=1)),
    "demo_seed": optional(count(MOST_SEED)),
    **dict.fromkeys(("seconds", "sim_seconds"), number(0)),
    **dict.fromkeys(("grasp_error_m", "place_error_m"), optional(number(0))),
    "extra": mapping(number()),
}
"""By name; a test holds them against EpisodeRecord."""


def record_of(value: Any) -> EpisodeRecord:
    """A record from plain values; fields that no record has are left out.

    Raises:
        WrongValueError: a field is missing or is not what it has to be.
    """
    if type(value) is not dict:
        raise WrongValueError(f"a {type(value).__name__}", "an object", "the line")
    missing = [field for field in REQUIRED if field not in value]
    if missing:
        raise WrongValueError("missing", "every field of a record", ", ".join(missing))
    taken = {}
    for field, check in FIELDS.items():
        if field in value:
            try:
                taken[field] = check(value[field])
            except WrongValueError as wrong:
                raise wrong.inside(field) from None
    refuse_contradiction(taken["success_once"], taken["success_at_end"], taken.get("strict_success"), "the line")
    return EpisodeRecord(**taken)


def refuse_contradiction(once: bool, at_end: bool, strict: bool | None, where: str) -> None:
    """Raises WrongValueError for a narrower success without the wider one."""
    if at_end and not once:
        raise WrongValueError("success_at_end without success_once", "both, or the second alone", where)
    if strict and not at_end:
        raise WrongValueError("strict_success without success_at_end", "both, or the second alone", where)
