"""The file of a baseline: what each field may hold, and one item of a list a line."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from para_bench.files import write_text
from para_bench.records.documents import read_json
from para_bench.records.fields import FIELDS
from para_bench.records.values import Check, WrongValueError, count, fields, listing, mapping, name_or_empty, number, one_of, shown, text
from para_bench.report.gate.baselines import FORMAT, Baseline, Entry, SceneSet, TrainingFacts, Vector, WatchedCell
from para_bench.types import ParaBenchError, to_dict


def read(path: Path) -> Baseline:
    """The baseline in a file. Raises ParaBenchError where there is none, or a damaged one."""
    found = read_json(path, _baseline, "a file that --update wrote")
    if found is None:
        raise ParaBenchError(f'no baseline at {path}; allowed: a file made with --update --reason "..." --results DIR')
    return found


def write(path: Path, baseline: Baseline) -> None:
    """One item of a list a line, so that a diff names what moved.

    Raises:
        ParaBenchError: the file cannot be written.
    """
    parts = []
    for name, value in to_dict(baseline).items():
        items = ",\n".join(f"  {json.dumps(item)}" for item in value) if isinstance(value, list | tuple) else ""
        parts.append(f" {json.dumps(name)}: " + (f"[\n{items}\n ]" if items else json.dumps(value)))
    write_text(path, "{\n" + ",\n".join(parts) + "\n}\n")


_PLACE = {key: FIELDS[key] for key in ("split", "condition", "level")}


def _fraction(value: Any) -> float:
    found = number(0)(value)
    if found >= 1:
        raise WrongValueError(f"{found:g}", "0 or more, below 1")
    return found


def _matching(pattern: str, allowed: str) -> Check:
    def check(value: Any) -> str:
        if not re.fullmatch(pattern, text(value), re.ASCII):
            raise WrongValueError(shown(value), allowed)
        return value

    return check


def _made(cls: type[Any], checks: Mapping[str, Check], defaults: Collection[str] = ()) -> Check:
    checked = fields(checks, defaults)
    return lambda value: cls(**checked(value))


_INDICES = _matching(r"\d{1,6}(-\d{1,6})?(,\d{1,6}(-\d{1,6})?)*", "indices and ranges as 0-199 or 0,8,16-18")
_VECTOR = _made(
    Vector,
    _PLACE
    | {key: FIELDS[key] for key in ("head", "train_seed", "checkpoint_hash")}
    | {"outcomes": _matching("[01]+", "a 0 or a 1 for each episode")},
)
_TRAINING = _made(TrainingFacts, {name: FIELDS[name] for name in ("backbone", "demos", "replan_steps")}, defaults=("replan_steps",))
_BASELINE = fields(
    {
        "format": one_of(FORMAT),
        "suite": name_or_empty,
        "suite_version": FIELDS["suite_version"],
        "splits": mapping(count()),
        "heads": mapping(_TRAINING),
        "retrain": listing(FIELDS["train_seed"]),
        "cells": listing(_made(WatchedCell, {"head": FIELDS["head"], **_PLACE, "margin": _fraction}, defaults=("margin",))),
        "scenes": listing(_made(SceneSet, _PLACE | {"indices": _INDICES, "digest": FIELDS["scene_hash"]})),
        "fixed": listing(_VECTOR),
        "retrained": listing(_VECTOR),
        "history": listing(_made(Entry, {"date": text, "reason": text, "moved": listing(text)})),
        "alpha": _fraction,
    },
    defaults=("alpha",),
)


def _baseline(value: Any) -> Baseline:
    baseline = Baseline(**_BASELINE(value))
    if not baseline.cells or not baseline.history:
        raise WrongValueError("empty", "at least one entry", "cells" if not baseline.cells else "history")
    strangers = [cell.name for cell in baseline.cells if cell.split not in baseline.splits or cell.head not in baseline.heads]
    if strangers:
        raise WrongValueError(shown(strangers[0]), "cells of the baseline's splits and heads", "cells")
    return baseline
