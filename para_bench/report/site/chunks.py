"""Episodes as files that a page loads when it needs them: one script a condition, one column a field.

A page that was opened from disk may not fetch files, but it may add a script tag; so a chunk is a script that hands its data over.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from para_bench.files import write_text
from para_bench.records import EpisodeKey, episode_key
from para_bench.report.file_names import FileNames
from para_bench.report.roster import ConditionKey
from para_bench.report.site.cells import RateCell
from para_bench.report.site.episodes import SplitEpisodes
from para_bench.report.site.wording import of_condition

COLUMNS = ("success_once", "success_at_end", "steps", "seconds", "sim_seconds", "grasp_error_m", "place_error_m")
POSITION = ("object_x_m", "object_y_m")
"""Where the object stands at the start, in `extra` of newer records."""


def chunk(results: SplitEpisodes, condition: ConditionKey, cells: Sequence[RateCell], videos: Mapping[EpisodeKey, str]) -> dict:
    """All records and rates of one condition. `videos` holds a file below the site for each episode that was filmed."""
    episodes = results.all(condition)
    policies = _Words((r.head, r.train_seed, r.checkpoint_hash, r.config_hash, r.backbone, r.demos) for r in episodes)
    scenes = _Words(sorted({(r.scene_index, r.scene_hash) for r in episodes}))
    reasons, stages = _Words(r.reason for r in episodes), _Words(r.stage for r in episodes)
    columns: dict[str, list] = {
        "policy": [policies.at[r.head, r.train_seed, r.checkpoint_hash, r.config_hash, r.backbone, r.demos] for r in episodes],
        "scene": [scenes.at[r.scene_index, r.scene_hash] for r in episodes],
        "reason": [reasons.at[r.reason] for r in episodes],
        "stage": [stages.at[r.stage] for r in episodes],
    }
    for name in COLUMNS:
        values = [getattr(r, name) for r in episodes]
        columns[name] = [int(value) for value in values] if name.startswith("success") else values
    for name in sorted({name for r in episodes for name in r.extra}):
        columns[f"extra.{name}"] = [_finite(r.extra.get(name)) for r in episodes]
    spots = {r.scene_index: [_finite(r.extra.get(name)) for name in POSITION] for r in episodes if POSITION[0] in r.extra}
    return {
        "split": results.name,
        "condition": condition[0],
        "level": condition[1],
        "words": of_condition(results.expected.description, condition),
        "policies": [dict(zip(("head", "seed", "checkpoint", "config", "backbone", "demos"), p, strict=True)) for p in policies.words],
        "scenes": [{"index": index, "hash": scene_hash, "at": spots.get(index)} for index, scene_hash in scenes.words],
        "rates": [rate_entry(cell) for cell in cells],
        "reasons": reasons.words,
        "stages": stages.words,
        "columns": columns,
        "videos": {str(row): videos[episode_key(r)] for row, r in enumerate(episodes) if episode_key(r) in videos},
    }


def rate_entry(cell: RateCell) -> dict:
    """A rate with its texts; the scripts only place them."""
    rate = cell.rate
    known = {"value": round(rate.value, 4), "low": round(rate.low, 4), "high": round(rate.high, 4), "kind": rate.kind} if rate else {}
    return {"head": cell.head, "count": cell.count, "rate": cell.rate_text, "gap": cell.gap_text, **known}


def file_stem(results: SplitEpisodes, condition: ConditionKey, names: FileNames) -> str:
    """Unique name of a chunk, safe in a file name and in an address."""
    number = results.conditions.index(condition)  # sorts as the pages do
    return names.of(f"{number:03d}", results.name, *condition)


def write_chunk(folder: Path, name: str, value: object) -> None:
    """NAME.js, which registers `value` under its name."""
    text = f"chunks.register({json.dumps(name)},{json.dumps(value, separators=(',', ':'), allow_nan=False)});\n"
    write_text(folder / f"{name}.js", text)


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


class _Words:
    """Distinct values in order of first appearance, and the place of each."""

    def __init__(self, values: Iterable) -> None:
        self.words = list(dict.fromkeys(values))
        self.at = {word: place for place, word in enumerate(self.words)}
