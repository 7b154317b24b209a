"""`para-bench run`: checks what was asked for, runs it, prints and writes the tables."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated

from tyro.conf import OmitArgPrefixes

from para_bench.options import (
    REPLAN,
    ExecutorOptions,
    FeatureOptions,
    MachineOptions,
    PolicyOptions,
    SeenOptions,
    SizeOptions,
    SuiteVersions,
    TrainingOptions,
    refuse_idle,
)
from para_bench.types import REPLAN_STEPS, ParaBenchError

if TYPE_CHECKING:
    from pathlib import Path

    from para_bench.benchmarks.conditions import Split
    from para_bench.rollouts.config import RunConfig

DEFAULT_HEADS = ("para",)


@dataclass(frozen=True)
class Run:
    """Train heads on a split's demonstrations, test them in its conditions, print the table.

    What is finished is found again: the same command continues an interrupted run, and running it for another head adds to --out.
    Sizes that are not given are those of the profile. The default profile has 20 demonstrations, 1 training, 100 scenes and 1600 steps.

    To see that all works, in a minute: para-bench run --profile smoke

    Heads side by side, one of them yours: para-bench run --head para global_token my_package.my_module:MyHead --split novel_view

    A policy trained elsewhere: para-bench run --policy openpi+ws://127.0.0.1:8000 --policy-keys libero --head para
    """

    head: tuple[str, ...] = ()
    """Heads to compare: names of `para-bench list`, or your own as module:Class (docs/PLUGINS.md). Without --head and --policy,
    `para` is run."""
    split: str = "novel_view"
    """What to train and test on, see `para-bench list`."""
    task: str = "place"
    """What the robot has to do, see `para-bench list`."""
    robot: str = "so101"
    """Which arm does it, see `para-bench list`."""
    suite_version: SuiteVersions = 2
    """1 is the first release: one object and one target, whose results lie in results/v1/."""
    profile: str = "default"
    """smoke (does it run), default (minutes on a laptop) or paper (5 training seeds; a GPU, or overnight)."""
    size: OmitArgPrefixes[SizeOptions] = field(default_factory=SizeOptions)
    training: OmitArgPrefixes[TrainingOptions] = field(default_factory=TrainingOptions)
    training_views: OmitArgPrefixes[SeenOptions] = field(default_factory=SeenOptions)
    features: OmitArgPrefixes[FeatureOptions] = field(default_factory=FeatureOptions)
    machine: OmitArgPrefixes[MachineOptions] = field(default_factory=MachineOptions)
    policies: OmitArgPrefixes[PolicyOptions] = field(default_factory=PolicyOptions)
    replan_steps: Annotated[int, REPLAN] = REPLAN_STEPS
    """Waypoints executed before the policy looks again."""
    videos: bool = True
    """Write one rollout video a condition; the profile smoke films two conditions."""
    shard: str | None = None
    """i/n: do the part of machine i of n, each into an --out of its own, for `para-bench merge` (docs/CLUSTERS.md)."""
    cluster: OmitArgPrefixes[ExecutorOptions] = field(default_factory=ExecutorOptions)
    log: str | None = None
    """Follow the curves of trainings with tensorboard, trackio or wandb, each an extra of its name; nothing if not given."""

    def check(self) -> None:
        """Raises ParaBenchError for options that nothing would read."""
        if self.size.copies == 0 and self.training.augmentation != "off":
            refuse_idle(self.training, ("turns", "augmentation"), "with --copies 0, so without copies to augment", "--augmentation off")
        if self.training.finetune and self.features.feature_runtime == "onnxruntime":
            raise ParaBenchError("--feature-runtime is onnxruntime with --finetune, which is torch's; allowed: auto, torch")

    def __call__(self) -> None:
        config = self.resolve()

        from para_bench.commands.plans.suite_plan import share_of
        from para_bench.execution.cost import refuse_too_large
        from para_bench.rollouts.policies import recipes

        if self.cluster.executor == "local":  # else the nodes keep the features
            share = share_of([config], self.shard)
            own = recipes(config, config.find_split()) if share is None else share.trainings
            refuse_too_large(list(own), config.out, config.backbone_weights)

        from para_bench.commands.follow.followed import followed

        with followed(self.log, config.out):
            if self.shard is not None:
                from para_bench.commands.plans.shard_run import run_shard

                run_shard([config], self.shard)
            else:
                from para_bench.commands.parts.shown_run import run_and_show
                from para_bench.execution.executor import executor

                with executor(self.cluster.executor, self.cluster.address) as elsewhere:
                    run_and_show(config, elsewhere)

    def resolve(self) -> RunConfig:
        """Defaults filled in from the profile.

        Raises:
            ParaBenchError: a name that is unknown, or a device that is not here.
        """
        from para_bench.benchmarks.profiles import find_profile, resized
        from para_bench.benchmarks.versions import find_version

        if self.shard is not None:
            from para_bench.execution.share import parse_shard

            parse_shard(self.shard)
        self.cluster.check_shard(self.shard)
        profile = resized(find_profile(self.profile), self.size.given, find_version(self.suite_version).same_epochs)

        from para_bench.backbones import backbone_row
        from para_bench.benchmarks.splits import find_split

        split = find_split(self.split, self.task, self.robot, self.suite_version)
        backbone_row(self.training.backbone)

        from para_bench.commands.parts.device import check_device, find_runtime
        from para_bench.remote.keys import find_keys
        from para_bench.remote.outside import outsides
        from para_bench.rollouts.config import RunConfig

        other = self.policies
        keys = [find_keys(asked).text for asked in other.policy_keys]
        policies = outsides(other.policy, other.policy_name, keys, other.policy_version, other.policy_timeout)
        heads = self.head or (() if policies else DEFAULT_HEADS)
        runtime = find_runtime(self.features.feature_runtime, self.suite_version, self.machine.device)
        own = {"videos": self.videos, "replan_steps": self.replan_steps, "feature_runtime": runtime}
        settings = {**vars(self.training), **vars(self.training_views), **vars(self.machine), **own}
        folder = settings.pop("demos_from")
        config = RunConfig(split.name, heads, profile, self.suite_version, policies=policies, **settings)
        config.check()
        if not config.learned:
            self._refuse_training()
        if folder is not None:
            config = self._with_demos_of(folder, split, config)
        if self.cluster.executor == "ray":
            from para_bench.execution.cluster.reach import check_reachable

            check_reachable(policies)  # the device is the nodes'
        else:
            check_device(self.machine.device)
        return config

    def _refuse_training(self) -> None:
        """Raises ParaBenchError for options of trainings; sizes stand in the profile, which has them anyway."""
        own = ("demos_from", "turns", "augmentation", "learning_rate", "backbone_weights", "finetune", "freeze_stages")
        for options, names in ((self.training, own), (self, ("log",))):
            refuse_idle(options, names, f"with {', '.join(self.head or self.policies.policy)} alone, which trains nothing", "with a head")

    def _with_demos_of(self, folder: Path, split: Split, config: RunConfig) -> RunConfig:
        """The same run on the demonstrations of a folder, which are copied below --out."""
        from para_bench.benchmarks.profiles import find_profile, resized
        from para_bench.benchmarks.versions import find_version
        from para_bench.demonstrations.given import check_takes, place, read_given

        check_takes(split)
        if config.profile.demo_seeds > 1:
            raise ParaBenchError(f"--demo-seeds is {config.profile.demo_seeds} with --demos-from, which is one set; allowed: 1")
        given = place(read_given(folder, split, self.size.demos), split, config.out)
        sizes = {**self.size.given, "demos": given.count}
        same_epochs = find_version(self.suite_version).same_epochs
        return replace(config, given=given, profile=resized(find_profile(self.profile), sizes, same_epochs))
