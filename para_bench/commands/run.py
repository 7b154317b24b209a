"""`para-bench run`: checks what was asked for, runs it, prints and writes the tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from rich.console import Console

from para_bench.backbones import backbone_row
from para_bench.benchmarks.conditions import CONTROL
from para_bench.benchmarks.profiles import find_profile
from para_bench.benchmarks.splits import find_split
from para_bench.commands.compare import between_heads, remarks
from para_bench.commands.statement import state
from para_bench.files import write_text
from para_bench.report.fairness.grid import fairness_grid
from para_bench.report.roster import call
from para_bench.report.tables import comparisons, failures, formats, render
from para_bench.report.tables import success as tables
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.references import REFERENCES
from para_bench.runs import run as run_split
from para_bench.sim.rendering import check_size
from para_bench.types import ParaBenchError

if TYPE_CHECKING:
    from para_bench.arguments.running import Run


def run(args: Run) -> None:
    run_and_show(resolve(args))


def run_and_show(config: RunConfig) -> None:
    """Run one split; print and write its tables."""
    done, expected = run_split(config)
    folder = config.out / config.split
    table = tables.success_table(done, CONTROL.key, expected)
    learned = replace(expected, seeds={head: seeds for head, seeds in expected.seeds.items() if head not in REFERENCES})
    seen = expected.description.seen_renderer
    why = failures.failure_table([record for record in done if record.head in learned.seeds], learned) if learned.seeds else None
    made = state(config, done)
    console = Console(soft_wrap=True)  # a table that is piped into a file keeps its lines whole
    console.print(tables.to_console(table, seen))
    markdown = tables.to_markdown(table, seen)
    if why is not None:
        console.print(failures.to_console(why))
        write_text(folder / "failures.csv", render.csv(why))
        markdown += f"\n{failures.to_markdown(why)}"
    (folder / "table.csv").write_text(tables.to_csv(tables.success_table(done, CONTROL.key, expected, pool=())))
    if len(learned.seeds) > 1:
        first, *others = (head for head in config.heads if head in learned.seeds)
        versus = comparisons.comparison_table(done, first, others, learned)
        console.print(comparisons.to_console(versus, seen))
        write_text(folder / "comparison.csv", render.csv(versus))
        markdown += f"\n{comparisons.to_markdown(versus, seen)}"
        roster, known = call(done, learned), {policy.checkpoint: policy.facts for policy in made}
        said = remarks(between_heads([roster], first, others, known))
        console.print(said, end="")
        markdown += f"\n{said.plain}" if said.plain else ""
    (folder / "table.md").write_text(markdown + "\n")
    if (fairness := fairness_grid(made)) is not None:  # a file of its own: seconds and milliseconds differ from run to run
        (folder / "fairness.md").write_text(formats.markdown(fairness) + "\n")
    console.print(f"\nepisodes, tables and videos: {folder}   checkpoints and their curves: {config.out / 'checkpoints'}")


def resolve(args: Run) -> RunConfig:
    """Defaults filled in from the profile.

    Raises:
        ParaBenchError: a name or number that is not allowed.
    """
    given = {
        name: getattr(args, name) for name in ("demos", "seeds", "episodes", "steps", "batch", "copies") if getattr(args, name) is not None
    }
    for name, value in (given | {"workers": args.workers}).items():
        least = 0 if name == "copies" else 1
        if value < least:
            raise ParaBenchError(f"--{name} is {value}; allowed: {least} or more")
    if args.demo_seed < 0:
        raise ParaBenchError(f"--demo-seed is {args.demo_seed}; allowed: 0 or more")
    if args.decode not in ("subcell", "argmax"):
        raise ParaBenchError(f"--decode is {args.decode!r}; allowed: subcell, argmax")
    if args.learning_rate is not None and not args.learning_rate > 0:
        raise ParaBenchError(f"--learning-rate is {args.learning_rate}; allowed: above 0")
    if args.freeze_stages and not args.finetune:
        raise ParaBenchError(f"--freeze-stages is {args.freeze_stages} without --finetune; allowed: 0, the whole backbone is frozen then")
    check_device(args.device)
    check_size(args.image_size)
    backbone_row(args.backbone)
    find_split(args.split)
    return RunConfig(
        split=args.split,
        heads=args.head,
        profile=replace(find_profile(args.profile), **given),
        demo_seed=args.demo_seed,
        backbone=args.backbone,
        backbone_weights=args.backbone_weights,
        image_size=args.image_size,
        decode=args.decode,
        finetune=args.finetune,
        freeze_stages=args.freeze_stages,
        learning_rate=args.learning_rate,
        turns=args.turns,
        workers=args.workers,
        out=args.out,
        device=args.device,
        videos=args.videos,
    )


def check_device(device: str) -> None:
    """Raises ParaBenchError for one that is not here."""
    if device not in ("auto", "cpu") and not (device.startswith("cuda") and torch.cuda.is_available()):
        raise ParaBenchError(f"--device is {device!r}; allowed here: auto, cpu{', cuda' if torch.cuda.is_available() else ''}")
