"""One split run, its tables printed and written."""

from __future__ import annotations

import sys
import time
from dataclasses import replace

from rich.console import Console
from rich.text import Text

from para_bench.bars import duration
from para_bench.benchmarks.conditions import CONTROL
from para_bench.commands.parts.remarks import between_heads, remarks
from para_bench.commands.parts.seen_from import seen_from
from para_bench.commands.parts.statement import state
from para_bench.execution.executor import Executor
from para_bench.files import make_folder, write_text
from para_bench.report.eval_info import write_eval_infos
from para_bench.report.rollcall import call
from para_bench.report.tables import comparisons, errors, failures, formats, render
from para_bench.report.tables import success as tables
from para_bench.report.tables.fairness import fairness_grid
from para_bench.report.tables.summary import two_lines
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.references import REFERENCES
from para_bench.runs import run


def run_and_show(config: RunConfig, executor: Executor | None = None) -> None:
    """Run one split, on this machine or where `executor` does; print and write its tables."""
    started, console = time.monotonic(), Console(soft_wrap=True, highlight=False)  # a table that is piped into a file keeps its lines whole
    config.check()
    make_folder(config.out / config.split)  # a folder that cannot be written is told before the plan
    print(plan(config), file=sys.stderr, flush=True)
    done, expected = run(config, executor=executor)
    folder = config.out / config.split
    table = tables.success_table(done, CONTROL.key, expected)
    learned = replace(expected, seeds={head: seeds for head, seeds in expected.seeds.items() if head not in REFERENCES})
    seen = expected.description.seen_renderer
    why = failures.failure_table([record for record in done if record.head in learned.seeds], learned) if learned.seeds else None
    made = state(config, done)
    console.print(tables.to_console(table, seen, REFERENCES))
    markdown = tables.to_markdown(table, seen)
    if views := seen_from(config):
        console.print(f"{views}\n", markup=False)
        markdown += f"\n\n{views}\n"
    if "strict" in table:
        if learned.seeds:  # those of the references stand in table.md
            console.print(Text("\n").append_text(errors.to_console(table.loc[[head in learned.seeds for head in table["head"]]])))
        markdown += f"\n{errors.to_markdown(table)}"
    if why is not None:
        console.print(Text("\n").append_text(failures.to_console(why)))
        write_text(folder / "failures.csv", render.csv(why))
        markdown += f"\n{failures.to_markdown(why)}"
    write_eval_infos(folder, done)
    write_text(folder / "table.csv", tables.to_csv(tables.success_table(done, CONTROL.key, expected, pooled=False)))
    if len(learned.seeds) > 1:
        first, *others = (head for head in config.rows if head in learned.seeds)
        versus = comparisons.comparison_table(done, first, others, learned)
        console.print(Text("\n").append_text(comparisons.to_console(versus, seen)))
        write_text(folder / "comparison.csv", render.csv(versus))
        markdown += f"\n{comparisons.to_markdown(versus, seen)}"
        roster, known = call(done, learned), {policy.checkpoint: policy.facts for policy in made}
        said = remarks(between_heads([roster], first, others, known))
        console.print(said, end="")
        markdown += f"\n{said.plain}" if said.plain else ""
    write_text(folder / "table.md", markdown + "\n")
    if (fairness := fairness_grid(made)) is not None:  # a file of its own: seconds and milliseconds differ from run to run
        write_text(folder / "fairness.md", formats.markdown(fairness) + "\n")
    console.print(f"\n{ending(config, two_lines(table, list(learned.seeds), CONTROL.key), time.monotonic() - started)}", markup=False)


def plan(config: RunConfig) -> str:
    """What a run is about to do, in a few lines of at most 100 columns."""
    split, profile = config.find_split(), config.profile
    scenes = sum(len(condition.indices(profile.episodes)) for condition in split.all_conditions)
    trainings = len(config.learned) * len(profile.trainings) * len(split.trainings)
    given = "given demonstration" if config.given else "demonstration"
    policies = len(config.learned) * len(profile.trainings) + len(config.policies) + len(config.bounds)
    first = f"{_count(trainings, 'training')} on {_count(profile.demos, given)}, then " if trainings else ""
    stages = ["demonstrations and their features (to train on, then to validate on)", "training"] if trainings else []
    stages += ["episodes", *(["videos"] if config.videos else [])]
    return (
        f"para-bench: {', '.join(config.rows)} on {split.name}, suite version {config.suite_version}.\n"
        f"  {first}{_count(scenes, 'scene')} for each of {_count(policies, 'policy')} (references: {', '.join(config.bounds) or 'none'}).\n"
        f"  Stages: {', '.join(stages)}.\n"
        "  What is on record is not made again. Interrupt it at any moment: the same command continues."
    )


def _count(number: int, thing: str) -> str:
    plural = f"{thing[:-1]}ies" if thing.endswith("y") else f"{thing}s"
    return f"{number} {thing if number == 1 else plural}"


def ending(config: RunConfig, matter: list[str], seconds: float) -> str:
    """The lines that matter, how long it took, and what to open next."""
    folder = config.out / config.split
    films = sorted((folder / "videos").glob("*.mp4"), key=lambda film: (f"-{'-'.join(CONTROL.key)}-" in film.name, film.name))
    shown = [
        *matter,
        f"done in {duration(seconds)}. Open next:",
        f"  the table   {folder / 'table.md'}",
        *([f"  one film    {films[0]}"] if films else []),
        f"  {'all films' if films else 'all pages'}   para-bench site {config.out} --out site",
        f"episodes, tables and videos: {folder}   checkpoints and their curves: {config.out / 'checkpoints'}",
    ]
    return "\n".join(shown)
