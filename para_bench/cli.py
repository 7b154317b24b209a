"""The `para-bench` command. Heavy packages load only inside the commands that need them."""

from __future__ import annotations

import os
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro

from para_bench.types import ParaBenchError


@dataclass(frozen=True)
class Run:
    """Train heads on a split's demonstrations, test them in its conditions, print the table.

    What is finished is found again: the same command continues an interrupted run, and running it for another head adds to --out.
    Example: para-bench run --head para global_token --split novel_view
    """

    head: tuple[str, ...] = ("para",)
    """Heads to compare, see `para-bench list`."""
    split: str = "novel_view"
    """What to train and test on, see `para-bench list`."""
    profile: str = "default"
    """smoke (does it run), default (minutes on a laptop) or paper (5 training seeds; a GPU, or overnight)."""
    demos: int | None = None
    """Demonstrations to train on; the profile's number if not given."""
    seeds: int | None = None
    """Training seeds; with several, intervals are about the method instead of one checkpoint."""
    episodes: int | None = None
    """Scenes of each condition group."""
    steps: int | None = None
    """Optimiser steps; with the batch the cap on samples seen, the same for every head."""
    batch: int | None = None
    """Windows an optimiser step."""
    copies: int | None = None
    """Augmented copies of each training frame; 0 switches augmentation off."""
    learning_rate: float | None = None
    """Instead of each head's own from the search on validation scenes."""
    decode: str = "subcell"
    """How heatmaps become places: subcell or argmax."""
    backbone: str = "efficientnet_lite0"
    """See `para-bench list`; timm:NAME is any timm model."""
    backbone_weights: Path | None = None
    """A .safetensors file with the backbone's weights."""
    finetune: bool = False
    """Train through the backbone instead of on its cached features."""
    image_size: int = 224
    """Side of the camera's images [px]."""
    workers: int = os.cpu_count() or 1
    """Processes that roll out episodes; the number changes no outcome."""
    out: Path = Path("runs")
    """Where demonstrations, checkpoints, episodes, tables and videos go."""
    device: str = "auto"
    """Where to train: auto, cpu or cuda."""
    videos: bool = True
    """Write one rollout video a condition."""

    def __call__(self) -> None:
        from para_bench.commands.run import run

        run(self)


@dataclass(frozen=True)
class Suite:
    """Run many heads, splits and training seeds; trainings that splits share are done once, and what is there is not done again.

    smoke (under a minute: does it run), ci (under 15 minutes on 2 cores: guards success rates), paper (everything).
    Example: para-bench suite ci --out runs/ci
    """

    name: tyro.conf.Positional[str] = "smoke"
    """smoke, ci or paper."""
    out: Path = Path("runs")
    """Where demonstrations, checkpoints, episodes and tables go."""
    workers: int = os.cpu_count() or 1
    """Processes that train and roll out; the number changes no outcome."""
    device: str = "auto"
    """Where to train: auto, cpu or cuda."""
    plan: bool = False
    """Only show what is there and what is left."""

    def __call__(self) -> None:
        from para_bench.commands.suite import suite

        suite(self)


@dataclass(frozen=True)
class List:
    """Show heads, splits, suites and backbones."""

    splits: bool = False
    """Only the splits, with all they train and test on."""
    out: Path | None = None
    """Write the splits as a Markdown page (docs/SPLITS.md) instead."""

    def __call__(self) -> None:
        from para_bench.commands.list import show

        show(self)


@dataclass(frozen=True)
class Demos:
    """Collect demonstrations with the scripted expert, and a picture of them."""

    n: int = 20
    """How many."""
    out: Path = Path("demos")
    """Folder for the demonstrations, contact_sheet.png and demonstrations.mp4."""
    seed: int = 0
    """Which demonstrations; 0 are the ones that `run` trains on."""
    image_size: int = 224
    """Side of the pictures [px]."""

    def __call__(self) -> None:
        from para_bench.commands.demos import collect

        collect(self)


@dataclass(frozen=True)
class View:
    """Draw sampled test scenes of a split's conditions into one picture."""

    split: str = "new_environment"
    """See `para-bench list`."""
    n: int = 6
    """Scenes of each condition."""
    out: Path | None = None
    """The picture; SPLIT.png if not given."""
    image_size: int = 224
    """Side of each scene [px]."""

    def __call__(self) -> None:
        from para_bench.commands.view import view

        view(self)


@dataclass(frozen=True)
class Compare:
    """Tell two or more heads of a results folder apart, in the words that the tests allow.

    Exact McNemar over the shared scenes, Holm over all rows; refuses where episodes are missing.
    Example: para-bench compare runs/novel_view --head para --others global_token diffusion
    """

    results: tyro.conf.Positional[Path]
    """A folder with the episodes.jsonl of one split."""
    head: str = "para"
    """The head that the verdicts are about."""
    others: tuple[str, ...] = ("global_token",)
    """Heads to compare it with."""

    def __call__(self) -> None:
        from para_bench.commands.compare import compare

        compare(self)


@dataclass(frozen=True)
class Table:
    """Print a paper's tables from records: k/n, intervals, control, gap, and the best where the declared test names one.

    Refuses where episodes are missing. LaTeX needs booktabs; --standalone makes a document that compiles as it is.
    Example: para-bench table runs --split novel_view --format latex --out table.tex
    """

    results: tyro.conf.Positional[tuple[Path, ...]]
    """Folders that hold the episodes.jsonl of runs."""
    format: Literal["md", "csv", "latex", "html"] = "md"
    """csv is the long form with every number."""
    split: tuple[str, ...] = ()
    """Which splits; all that are found if not given."""
    heads: tuple[str, ...] = ()
    """Which heads; all that are found if not given."""
    rows: Literal["head", "condition"] = "head"
    """What goes down."""
    cols: Literal["head", "condition"] = "condition"
    """What goes across."""
    published: bool = False
    """Add a table of published figures beside ours."""
    standalone: bool = False
    """A whole LaTeX document or HTML page."""
    out: Path | None = None
    """Write to this file instead of the terminal."""

    def __call__(self) -> None:
        from para_bench.commands.table import table

        table(self)


@dataclass(frozen=True)
class Site:
    """Make web pages of results: heads by splits, down to every scene and episode, with videos and the fairness record.

    The folder needs no server: open its index.html.
    Example: para-bench site runs --out site
    """

    results: tyro.conf.Positional[tuple[Path, ...]]
    """Folders that hold the episodes.jsonl of splits."""
    out: Path = Path("site")
    """A new or empty folder, or an earlier site, which is written over."""

    def __call__(self) -> None:
        from para_bench.commands.site import site

        site(self)


@dataclass(frozen=True)
class Replay:
    """Run a recorded episode again, say whether it went as recorded (SAME or DIFFERENT), and film it.

    Without --out the video goes beside the results, where `para-bench site` finds it. Exit code 1 where it went differently.
    Example: para-bench replay runs novel_view/view_angle/25/12/para/0 --beside global_token --out both.gif
    """

    results: tyro.conf.Positional[Path]
    """A results folder, with its checkpoints."""
    episode: tyro.conf.Positional[str]
    """SPLIT/CONDITION/LEVEL/SCENE/HEAD/SEED."""
    head: str | None = None
    """Another head in the same scene."""
    beside: tuple[str, ...] = ()
    """Further heads in the same scene, side by side in the video."""
    camera: str | None = None
    """Film from AZIMUTH,ELEVATION [deg], or from novel, side or top; the policy still sees through its own camera."""
    out: Path | None = None
    """A .mp4 or .gif."""
    width: int | None = None
    """Width of the video [px]."""
    speed: float = 1.0
    """Of the video given with --out; 1 is real time."""
    rerun: Path | None = None
    """Also write a Rerun recording (.rrd); needs `pip install 'para-bench[rerun]'`."""

    def __call__(self) -> None:
        from para_bench.commands.replay import replay

        replay(self)


@dataclass(frozen=True)
class Figures:
    """Draw a paper's figures from records, as PDF and PNG; the same records give the same files.

    A figure whose records are not there is skipped with a line that says so; missing episodes are refused.
    Example: para-bench figures runs --out figures
    """

    results: tyro.conf.Positional[tuple[Path, ...]]
    """Folders that hold the episodes.jsonl of runs."""
    out: Path = Path("figures")
    """Folder for the files."""
    split: tuple[str, ...] = ()
    """Which splits; all that are found if not given."""
    heads: tuple[str, ...] = ()
    """Which heads; all that are found if not given."""
    strip: bool = False
    """Also draw what each head sees and plans in one scene a split; needs the checkpoints beside the records."""

    def __call__(self) -> None:
        from para_bench.commands.figures import figures

        figures(self)


@dataclass(frozen=True)
class Watch:
    """Show what running experiments have done, their rates so far, and the time they still need; Ctrl-C ends it."""

    folder: tyro.conf.Positional[Path] = Path("runs")
    """The --out of a run, or the folder of a split in it."""
    once: bool = False
    """Print one frame and end."""

    def __call__(self) -> None:
        from para_bench.commands.watch import watch

        watch(self)


@dataclass(frozen=True)
class Plan:
    """How many scenes tell two success rates apart, by the exact test that `compare` uses."""

    baseline: float = 0.6
    """Success rate of one head, in [0, 1]."""
    effect: float = 0.1
    """Difference to the other head's rate."""
    power: float = 0.8
    """Probability with which the difference should be found."""
    family: int = 1
    """Comparisons made at once."""

    def __call__(self) -> None:
        from para_bench.report.power import plan

        scenes = plan(self.baseline, self.baseline + self.effect, self.power, family=self.family)
        print(f"{scenes} scenes tell {self.baseline:g} from {self.baseline + self.effect:g} with probability {self.power:g}")


@dataclass(frozen=True)
class Cache:
    """Show or clear the cache of features and images, which is made again when needed."""

    action: tyro.conf.Positional[Literal["list", "clear"]] = "list"

    def __call__(self) -> None:
        from para_bench.commands.cache import cache

        cache(self)


@dataclass(frozen=True)
class Check:
    """Regression gate for CI: exit code 0 HELD, 1 REGRESSED, 2 CANNOT TELL, 3 an error. See docs/GATE.md.

    Example: para-bench check --results runs/ci --junit gate.xml --summary gate.md
    """

    baseline: Path = Path("results/baselines/ci.json")
    """The outcomes to measure against; only --update writes it."""
    results: Path | None = None
    """A folder with the records of the suite; without it the baseline's suite is run into --out."""
    out: Path = Path("runs/check")
    """Where the suite runs; what is there already is not done again."""
    workers: int = os.cpu_count() or 1
    """Processes that train and roll out; the number changes no outcome."""
    layer: tuple[Literal["fixed", "retrained"], ...] = ()
    """What to check or to move: the kept checkpoint, the retrained heads; all that the baseline has if not given."""
    junit: Path | None = None
    """Write JUnit XML."""
    summary: Path | None = None
    """Write the table as Markdown."""
    update: bool = False
    """Move the baseline to the results, or make it."""
    reason: str = ""
    """Why it moves; kept in its history."""
    suite: str | None = None
    """With --update: the suite that makes the records."""
    margin: float | None = None
    """With --update: the largest loss of a rate that is tolerated, in [0, 1]."""
    cell: tuple[str, ...] = ()
    """With --update: what is watched, as HEAD/SPLIT/CONDITION/LEVEL, level `all` pools; every cell that can regress if not given."""
    new_seeds: int | None = None
    """With --update: how many training seeds a check trains anew."""

    def __call__(self) -> None:
        from para_bench.commands.check import check

        check(self)


def main() -> None:
    """Entry point; one line for what the user can act on, with exit code 1, or 3 from `check`, whose 1 and 2 are verdicts."""
    gate = sys.argv[1:2] == ["check"]
    try:
        command = tyro.cli(
            Annotated[Run, tyro.conf.subcommand("run")]
            | Annotated[Suite, tyro.conf.subcommand("suite")]
            | Annotated[List, tyro.conf.subcommand("list")]
            | Annotated[Demos, tyro.conf.subcommand("demos")]
            | Annotated[View, tyro.conf.subcommand("view")]
            | Annotated[Compare, tyro.conf.subcommand("compare")]
            | Annotated[Table, tyro.conf.subcommand("table")]
            | Annotated[Site, tyro.conf.subcommand("site")]
            | Annotated[Replay, tyro.conf.subcommand("replay")]
            | Annotated[Check, tyro.conf.subcommand("check")]
            | Annotated[Figures, tyro.conf.subcommand("figures")]
            | Annotated[Watch, tyro.conf.subcommand("watch")]
            | Annotated[Plan, tyro.conf.subcommand("plan")]
            | Annotated[Cache, tyro.conf.subcommand("cache")],
            prog="para-bench",
            description="Does the action head decide whether a policy survives a moved camera, a shifted object, a new room?",
        )
    except SystemExit as stop:
        if gate and stop.code:
            raise SystemExit(3) from None  # tyro's own code for a misspelt option is 2
        raise
    try:
        command()
        return
    except ParaBenchError as error:
        message = f"para-bench: {error}"
    except KeyboardInterrupt:
        message = "para-bench: interrupted; the same command continues"
    except Exception:
        if not gate:
            raise
        message = traceback.format_exc()
    print(message, file=sys.stderr)  # below what progress bars write when the exception lets go of them
    sys.exit(3 if gate else 1)
