"""What identifies a policy and a way of rolling policies out: settings and code (see `para_bench.provenance`)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from para_bench.backbones.runtimes import runtime_of
from para_bench.benchmarks.conditions import Split
from para_bench.benchmarks.splits import SPLITS
from para_bench.benchmarks.versions import find_version
from para_bench.demonstrations.modules import task_modules
from para_bench.provenance import closure
from para_bench.remote.outside import LEROBOT
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.description import describe
from para_bench.rollouts.references import REFERENCES
from para_bench.training.modules import backbone_modules, head_modules
from para_bench.training.specification import read_spec
from para_bench.types import ParaBenchError, content_hash, to_dict

if TYPE_CHECKING:
    from para_bench.rollouts.meeting import Met

_EPISODES = ("rollouts/assign.py", "para_bench.rollouts.rollout", "para_bench.rollouts.jobs", "para_bench.benchmarks.scenes")
"""Entry points of an episode apart from its policy, task and robot: named, not imported, since the first loads torch."""
OUTSIDE = "para_bench.remote"
UNSAID_PX = 224
"""Image size of a reference whose state says none: earlier records do not name it."""


def episode_state(config: RunConfig, split: Split) -> dict[str, Any]:
    """What decides an episode apart from its policy: the scenes of the split's conditions, task, robot and rollout code."""
    modules: set[str] = set()
    conditions = {" ".join(condition.key): [condition.shift, condition.scenes_of] for condition in split.all_conditions}
    scenes = [split.placement, split.views, split.also_from, split.also_under, split.stream, split.world]
    settings = describe({"scenes": scenes, "conditions": conditions}, modules)
    row = split.row or split.name
    plugged = (SPLITS.plugins[row].module,) if row in SPLITS.plugins else ()
    own = {name.partition(".")[0] for name in ("para_bench", *plugged)}
    ours = (*_EPISODES, *task_modules(split.task, split.robot))
    return {
        "suite_version": str(split.suite_version),
        "suite": find_version(split.suite_version).decides,
        "split": split.name,
        "split_version": split.version,
        "scenes": content_hash(settings["scenes"]),
        "conditions": {name: content_hash(shift) for name, shift in settings["conditions"].items()},
        "replan_steps": config.replan_steps,
        "sources": closure((*ours, *plugged, *(module for module in modules if module.partition(".")[0] in own))),
    }


def policy_state(config: RunConfig, folder: Path, head: str, weights: str, backbone: str) -> dict[str, Any]:
    """What decides how a checkpoint acts: its weights, its specification, and the code of head, backbone and policy.

    Args:
        config: How it is rolled out.
        folder: Folder of the checkpoint.
        head: Its name.
        weights: Hash of its weights.
        backbone: Row of BACKBONES.

    Raises:
        ParaBenchError: the checkpoint is missing, damaged, or of another head.
    """
    spec = read_spec(folder)
    if spec.head != head:
        raise ParaBenchError(f"checkpoint {folder} is of head {spec.head!r}; allowed: {head!r} (delete the folder to train again)")
    modules = backbone_modules(backbone, runtime_of(spec.features.backbone))
    code = closure((*head_modules(head), "rollouts/loading.py", "para_bench.rollouts.policy", *modules))
    shown = replace(spec, head=head, head_config=replace(spec.head_config, decode=config.decode))
    return {"weights": weights, **to_dict(shown), "replan_steps": config.replan_steps, "sources": code}


def reference_state(config: RunConfig, split: Split, head: str) -> dict[str, Any]:
    """The same for a policy that learns nothing; the size of the images decides for one that looks at them."""
    sees = REFERENCES[head]().looks and config.image_size != UNSAID_PX
    return {
        "head": head,
        "replan_steps": config.replan_steps,
        **({"image_px": config.image_size} if sees else {}),
        "sources": closure((REFERENCES[head].__module__, *task_modules(split.task, split.robot))),
    }


def outside_state(config: RunConfig, met: Met) -> dict[str, Any]:
    """The same for a policy of others, without its address. Weights behind a server show in its answers and in the stated version."""
    outside = met.outside
    kind = LEROBOT if outside.of_lerobot else outside.protocol
    code = {LEROBOT: (f"{OUTSIDE}.local", f"{OUTSIDE}.lerobot"), "": (f"{OUTSIDE}.local", outside.address.partition(":")[0])}
    return {
        "policy": kind or outside.address,
        "version": outside.version,
        "says": outside.metadata,
        "answers": met.answer,
        "keys": json.loads(outside.keys),
        "image_px": config.image_size,
        "replan_steps": config.replan_steps,
        "sources": closure(code.get(kind, (f"{OUTSIDE}.policy",))) | closure(("rollouts/loading.py",)),
    }
