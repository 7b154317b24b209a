"""Why episodes fail: reasons, furthest stage, and how far from the object the jaw closed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pandas as pd
from rich.text import Text

from para_bench.records import EpisodeRecord
from para_bench.report.rollcall import call
from para_bench.report.roster import Expected, Group, groups
from para_bench.report.tables import render
from para_bench.report.tables.labels import label

CAPTION = "Episodes by furthest stage; grasp: median distance from the object at which the jaw first closed; commonest reasons."


def failure_table(records: Iterable[EpisodeRecord], expected: Expected) -> pd.DataFrame:
    """One row per head and condition, as in `success_table`; it also raises where episodes are missing.

    Columns: head, condition, level, levels, n, `reason:<name>` and `stage:<name>` counts, `grasp_error_cm` (median of the episodes
    in which the jaw closed, nan where it never did), `grasps` (how many those are).
    """
    roster = call(records, expected)
    rows = [(head, group, roster.records(head, group)) for head in expected.seeds for group in groups(expected)]
    everything = [record for _, _, episodes in rows for record in episodes]
    reasons = [reason for reason, _ in Counter(r.reason for r in everything).most_common()]
    stages = list(dict.fromkeys((*expected.description.stages, *sorted({r.stage for r in everything}))))
    return pd.DataFrame([_row(head, group, episodes, reasons, stages) for head, group, episodes in rows])


def _row(head: str, group: Group, episodes: list[EpisodeRecord], reasons: list[str], stages: list[str]) -> dict[str, object]:
    errors_m = [r.grasp_error_m for r in episodes if r.grasp_error_m is not None]
    by_reason, by_stage = Counter(r.reason for r in episodes), Counter(r.stage for r in episodes)
    return {
        "head": head,
        "condition": group.condition,
        "level": group.level,
        "levels": len(group.members),
        "n": len(episodes),
        **{f"reason:{reason}": by_reason[reason] for reason in reasons},
        **{f"stage:{stage}": by_stage[stage] for stage in stages},
        "grasp_error_cm": 100 * float(np.median(errors_m)) if errors_m else float("nan"),
        "grasps": len(errors_m),
    }


def to_console(table: pd.DataFrame) -> Text:
    """For `rich.print`; at most 100 columns wide, so only the two commonest reasons are named."""
    return render.console(_header(table), _blocks(table), CAPTION, left=(0, 3))


def to_markdown(table: pd.DataFrame) -> str:
    """A pipe table with the caption below."""
    return render.markdown(_header(table), _blocks(table), CAPTION)


def _header(table: pd.DataFrame) -> tuple[str, ...]:
    stages = "/".join(name.removeprefix("stage:") for name in table.columns if name.startswith("stage:"))
    return "condition", stages, "grasp cm", "reasons"


def _blocks(table: pd.DataFrame) -> list[render.Block]:
    stages = [name for name in table.columns if name.startswith("stage:")]
    reasons = [name for name in table.columns if name.startswith("reason:") and name != "reason:success"]
    titled = []
    for row in table.to_dict("records"):
        why = sorted((name for name in reasons if row[name]), key=lambda name: -row[name])
        error = f"{row['grasp_error_cm']:.1f}" if row["grasps"] else ""
        stage = "/".join(str(row[name]) for name in stages)
        named = [f"{row[name]} {name.removeprefix('reason:')}" for name in why[:2]]
        others = [f"{sum(row[name] for name in why[2:])} other"] if why[2:] else []
        titled.append((row["head"], (label(row), stage, error, ", ".join(named + others))))
    return render.blocks(titled)
