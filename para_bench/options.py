"""Groups of options that several commands share, and the range of every number; without torch, so that a mistake is reported at once."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Collection
from dataclasses import MISSING, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

from para_bench.types import ACTIONS, DEFAULT_BACKBONE, ParaBenchError

SuiteVersions = Literal[1, 2]
"""Rows of VERSIONS."""
DECODINGS = ("subcell", "argmax")
_ADDRESS = re.compile(r"([\w.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}", re.ASCII)
_DEVICE = re.compile(r"auto|cpu|cuda(:\d+)?")


@dataclass(frozen=True)
class Range:
    """Allowed range of a numeric option; stands beside its type in `Annotated`."""

    low: float
    high: float
    within: bool = False
    """Whether the two ends themselves are refused."""

    def holds(self, value: float) -> bool:
        """False for NaN."""
        return self.low < value < self.high if self.within else self.low <= value <= self.high

    def __str__(self) -> str:
        words = [f"{end:.0f}" if abs(end) >= 1 and end == math.floor(end) else f"{end:g}" for end in (self.low, self.high)]
        return f"{words[0]} to {words[1]}" + (", neither of them" if self.within else "")


COUNT, DEMOS, WORKERS = Range(1, 100_000), Range(1, 100_000), Range(1, 1024)
STEPS, BATCH, RATE, SHARE = Range(1, 10_000_000), Range(1, 65_536), Range(1e-9, 100), Range(0, 1)
VIEWS = Range(1, 1024)
SEED, SIZE_PX = Range(0, 2**31 - 1), Range(16, 4096)
REPLAN = Range(1, ACTIONS.horizon)
"""Beyond these ends no machine is expected to finish; the image sides are those that the renderer draws."""


def check_ranges(options: Any) -> None:
    """Check every number of a command's options and of its option groups, then call each group's own `check`.

    Raises:
        ParaBenchError: names the first option that is out of its range, its value and its range, or a list that is empty and may not be.
    """
    hints = get_type_hints(type(options), include_extras=True)
    for field in fields(options):
        value = getattr(options, field.name)
        if is_dataclass(value):
            check_ranges(value)
            continue
        if value == () and field.default is MISSING and field.default_factory is MISSING:
            raise ParaBenchError(f"no {field.name} are named; allowed: one or more")
        if value == () and isinstance(field.default, tuple) and field.default:
            raise ParaBenchError(
                f"--{field.name.replace('_', '-')} names none; allowed: one or more (if not given: {_listed(field.default)})"
            )
        for allowed in (mark for mark in getattr(hints[field.name], "__metadata__", ()) if isinstance(mark, Range)):
            for number in value if isinstance(value, tuple) else (value,):
                if not (number is None or isinstance(number, str) or allowed.holds(number)):
                    raise ParaBenchError(f"--{field.name.replace('_', '-')} is {_short(number)}; allowed: {allowed}")
    if check := getattr(options, "check", None):
        check()


def refuse_idle(options: Any, names: Collection[str], beside: str, allowed: str = "without it", usual: Any = None) -> None:
    """Refuse options that nothing would read.

    Args:
        options: A command's options, or a group of them.
        names: Fields that mean nothing here.
        beside: What leaves them without a meaning: "without --plan".
        allowed: What is allowed instead.
        usual: Values that they have where they are not given; None for the defaults of their class.

    Raises:
        ParaBenchError: names the first one that is given.
    """
    for field in fields(options):
        default = field.default if usual is None else getattr(usual, field.name)
        if field.name in names and (value := getattr(options, field.name)) != default:
            name = field.name.replace("_", "-")
            raise ParaBenchError(f"--{f'no-{name}' if value is False else name} {beside}; allowed: {allowed}")


@dataclass(frozen=True)
class SizeOptions:
    """Sizes, in place of those of the profile."""

    demos: Annotated[int | None, DEMOS] = None
    """Demonstrations to train on; the profile's number if not given."""
    seeds: Annotated[int | None, Range(1, 1000)] = None
    """Trainings on each demonstration set. With several, intervals are about the method instead of one checkpoint."""
    demo_seeds: Annotated[int | None, Range(1, 1000)] = None
    """Demonstration sets, from --demo-seed on, each with --seeds trainings. With several, intervals also cover which demonstrations."""
    episodes: Annotated[int | None, COUNT] = None
    """Test scenes of each condition; conditions of one factor share them."""
    steps: Annotated[int | None, STEPS] = None
    """Optimiser steps, the same for every head; steps times batch is the number of samples seen. If not given, as many epochs as the
    profile has, so three times the --demos take three times the steps (suite version 1: the profile's steps). A split that trains on
    several numbers of demonstrations scales them alike."""
    batch: Annotated[int | None, BATCH] = None
    """Samples in one optimiser step."""
    copies: Annotated[int | None, Range(0, 1000)] = None
    """Augmented copies of each training frame; 0 switches augmentation off."""

    @property
    def given(self) -> dict[str, int]:
        return {name: value for name, value in vars(self).items() if value is not None}


@dataclass(frozen=True)
class TrainingOptions:
    """How heads are trained and decoded."""

    demo_seed: Annotated[int, SEED] = 0
    """Which demonstrations, the same for every head; the first of several sets (--demo-seeds)."""
    demos_from: Path | None = None
    """Train on the demonstrations of this folder (`teleop`, `import-lerobot`, `demos`) instead of the scripted expert's: on all, or on the
    first --demos."""
    turns: bool = True
    """Older option: --no-turns means --augmentation colour."""
    augmentation: Literal["off", "colour", "turns"] | None = None
    """How the copies differ: off (not at all), colour, or turns (colour, and the camera turned and zoomed; heads that are given the
    calibration are given that of the copy). If not given, each head has what its search found."""
    learning_rate: Annotated[float | None, RATE] = None
    """Peak learning rate of every head, instead of what each head's search found."""
    decode: str = "subcell"
    """How heatmaps become places: subcell or argmax."""
    backbone: str = DEFAULT_BACKBONE
    """Which features: a name of `para-bench list`, or timm:NAME for any timm model. The default was trained further on this renderer;
    the published results of version 2 are on efficientnet_lite0, which never saw it."""
    backbone_weights: Path | None = None
    """A .safetensors file with the backbone's weights."""
    finetune: bool = False
    """Train through the backbone instead of on its cached features."""
    freeze_stages: Annotated[int, Range(0, 1000)] = 0
    """With --finetune: how many stages of the backbone stay frozen, from the input on; efficientnet_lite0 has 8, a small ViT 13."""
    image_size: Annotated[int, SIZE_PX] = 224
    """Side of the camera's images [px]."""

    def check(self) -> None:
        """Raises ParaBenchError for options that do not go together."""
        if self.decode not in DECODINGS:
            raise ParaBenchError(f"--decode is {self.decode!r}; allowed: {', '.join(DECODINGS)}")
        if self.freeze_stages and not self.finetune:
            raise ParaBenchError(f"--freeze-stages is {self.freeze_stages} without --finetune; allowed: 0, all of it is frozen then")
        if not self.turns and self.augmentation not in (None, "colour"):
            raise ParaBenchError(f"--augmentation is {self.augmentation!r} with --no-turns; allowed: colour, which is the same")
        if self.demos_from and self.demo_seed:
            raise ParaBenchError(f"--demo-seed is {self.demo_seed} with --demos-from, which is one set; allowed: 0")
        check_file("--backbone-weights", self.backbone_weights)


@dataclass(frozen=True)
class SeenOptions:
    """From which cameras and in which rooms the demonstrations are seen."""

    cameras: Annotated[int | Literal["each"], VIEWS] = 1
    """Number of training cameras (`view --cameras` shows their range); each: a new one for each demonstration; 1: the default camera."""
    rooms: Annotated[int | Literal["each"], VIEWS] = 1
    """Number of training rooms, drawn as in new_environment; each: a new one for each demonstration; 1: the default room."""


@dataclass(frozen=True)
class FeatureOptions:
    """What computes the features of frozen backbones."""

    feature_runtime: Literal["auto", "torch", "onnxruntime"] = "auto"
    """torch: PyTorch as it is; onnxruntime: twice as fast on the CPU, its features differ in the last bits; auto: onnxruntime where it is
    installed and training is on the CPU, torch with --suite-version 1. Fine-tuned backbones are torch's."""


@dataclass(frozen=True)
class PolicyOptions:
    """Policies that are not trained here: rows of the same table (docs/POLICIES.md)."""

    policy: tuple[str, ...] = ()
    """openpi+ws://HOST:PORT, vla-eval+ws://HOST:PORT, lerobot:FOLDER_OR_HUB_ID, or module:factory of a file of yours."""
    policy_name: tuple[str, ...] = ()
    """Names of their rows; openpi, vla-eval or the import path if not given."""
    policy_keys: tuple[str, ...] = ()
    """What the policies get and what their actions mean: a preset (ours, libero, ...) or a .toml or .json file, for each or for all."""
    policy_version: tuple[str, ...] = ()
    """Your name for their weights, for each or for all. Without it, a later run does not reuse their results."""
    policy_timeout: Annotated[float, Range(0.01, 86_400)] = 60.0
    """Seconds that one look may take; ten times as many for the first look of a run, since a server may compile its model."""

    def check(self) -> None:
        """Raises ParaBenchError for policy options without --policy."""
        if not self.policy:
            names = ("policy_name", "policy_keys", "policy_version", "policy_timeout")
            refuse_idle(self, names, "without --policy", "with one of openpi+ws://..., lerobot:..., module:factory")


@dataclass(frozen=True)
class MachineOptions:
    """Where the work is done and where its results go. --workers and --out change no result; another --device changes the last bits."""

    workers: Annotated[int, WORKERS] = os.cpu_count() or 1
    """Processes that work at once; the number changes no outcome."""
    out: Path = Path("runs")
    """Where demonstrations, checkpoints, episodes, tables and videos go."""
    device: str = "auto"
    """Where to train: auto, cpu or cuda."""

    def check(self) -> None:
        """Raises ParaBenchError for a name that no device has; whether the device exists is checked once torch is loaded."""
        check_device_name(self.device)


@dataclass(frozen=True)
class ExecutorOptions:
    """On which machines the work is done."""

    executor: Literal["local", "ray"] = "local"
    """local: --workers of this machine; ray: the nodes of a Ray cluster, one core a training or an episode (docs/CLUSTERS.md)."""
    address: str | None = None
    """With --executor ray: HOST:PORT of the cluster's head; if not given, the cluster that this machine is a node of."""

    def check(self) -> None:
        """Raises ParaBenchError for options that do not go together."""
        if self.address is None:
            return
        if self.executor != "ray":
            raise ParaBenchError(f"--address is {self.address[:80]!r} with --executor {self.executor}; allowed: with --executor ray")
        if not _ADDRESS.fullmatch(self.address):
            raise ParaBenchError(f"--address is {self.address[:80]!r}; allowed: HOST:PORT, such as 10.0.0.1:6379")

    def check_shard(self, shard: str | None) -> None:
        """Raises ParaBenchError where --shard and --executor would both divide the work."""
        if shard is not None and self.executor != "local":
            raise ParaBenchError(f"--shard is {shard!r} with --executor {self.executor}; allowed: one of them")


THIS_MACHINE = ExecutorOptions()


@dataclass(frozen=True)
class TableOptions:
    """What a table shows, and in which form."""

    format: Literal["md", "csv", "latex", "html"] = "md"
    """csv is the long form with every number."""
    rows: Literal["head", "condition"] = "head"
    """What the rows of the table are."""
    cols: Literal["head", "condition"] = "condition"
    """What its columns are."""
    published: bool = False
    """Add a table of published figures beside ours."""
    only: Literal["all", "published", "fairness", "contrasts"] = "all"
    """published: our verdict beside each published figure. fairness: parameters and compute of all heads at a glance, the cheapest
    first; as csv one trained policy a line. contrasts: what suites declared before their first episode, with its verdicts (md, csv)."""
    standalone: bool = False
    """A whole LaTeX document or HTML page."""

    def check(self) -> None:
        """Raises ParaBenchError for options that do not go together."""
        if self.standalone and self.format not in ("latex", "html"):
            raise ParaBenchError(f"--standalone with --format {self.format}; allowed with: latex, html")
        if (self.published or self.only == "published") and self.format == "csv":
            raise ParaBenchError(
                "published figures with --format csv; allowed with: md, latex, html (the figures are para_bench/assets/published.csv)"
            )
        if self.published and self.only != "all":
            raise ParaBenchError(f"--published with --only {self.only}; allowed: one of them")
        for other in (f"--only {self.only}" * (self.only != "all"), "--format csv" * (self.format == "csv")):
            if other:
                refuse_idle(self, ("rows", "cols"), f"with {other}, whose rows and columns are fixed")


def check_device_name(device: str) -> None:
    if not _DEVICE.fullmatch(device):
        raise ParaBenchError(f"--device is {device!r}; allowed: auto, cpu, cuda, cuda:NUMBER")


def check_file(option: str, path: Path | None) -> None:
    """Raises ParaBenchError where an input file does not exist, or is no plain file."""
    if path is not None and not path.is_file():
        found = "no plain file" if path.exists() else "not there"
        raise ParaBenchError(f"{option} {path} is {found}; allowed: a file")


def _listed(values: tuple[object, ...]) -> str:
    return " ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in values)


def _short(number: float) -> str:
    text = str(number)
    return text if len(text) <= 25 else f"{text[:22]}..."
