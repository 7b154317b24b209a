"""What tells one policy from another, and one way to roll policies out from another: settings and code (see `para_bench.provenance`)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from para_bench.benchmarks.conditions import Split
from para_bench.benchmarks.scenes import test_scene
from para_bench.benchmarks.splits import SPLITS
from para_bench.benchmarks.versions import find_version
from para_bench.demonstrations.modules import task_modules
from para_bench.provenance import closure
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.description import describe
from para_bench.rollouts.jobs import run_job
from para_bench.rollouts.meeting import Met
from para_bench.rollouts.policy import LearnedPolicy
from para_bench.rollouts.references import REFERENCES
from para_bench.rollouts.rollout import rollout
from para_bench.training.modules import backbone_modules, head_modules
from para_bench.training.saved import read_spec
from para_bench.types import ParaBenchError, content_hash, to_dict

OUTSIDE = "para_bench.remote"


def episode_state(config: RunConfig, split: Split) -> dict[str, Any]:
    """What decides an episode beside its policy: the scenes of the split's conditions, the task, the robot, and who rolls out."""
    modules: set[str] = set()
    conditions = {" ".join(condition.key): [condition.shift, condition.scenes_of] for condition in split.all_conditions}
    scenes = [split.placement, split.views, split.also_from, split.also_under, split.stream, split.world]
    settings = describe({"scenes": scenes, "conditions": conditions}, modules)
    row = split.row or split.name
    plugged = (SPLITS.plugins[row].module,) if row in SPLITS.plugins else ()
    own = {name.partition(".")[0] for name in ("para_bench", *plugged)}
    ours = ("rollouts/assign.py", rollout.__module__, run_job.__module__, test_scene.__module__, *task_modules(split.task, split.robot))
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
    """What a checkpoint does at test: its weights, its specification, and the code of head, backbone and what joins them.

    Args:
        config: How it is rolled out.
        folder: Of the checkpoint.
        head: Its name.
        weights: Hash of its weights.
        backbone: Row of BACKBONES.

    Raises:
        ParaBenchError: the checkpoint is not there, damaged, or another head's.
    """
    spec = read_spec(folder)
    if spec.head != head:
        raise ParaBenchError(f"checkpoint {folder} is of head {spec.head!r}; allowed: {head!r} (delete the folder to train again)")
    code = closure((*head_modules(head), "rollouts/loading.py", LearnedPolicy.__module__, *backbone_modules(backbone)))
    shown = replace(spec, head=head, head_config=replace(spec.head_config, decode=config.decode))
    return {"weights": weights, **to_dict(shown), "replan_steps": config.replan_steps, "sources": code}


def reference_state(config: RunConfig, split: Split, head: str) -> dict[str, Any]:
    """The same for a policy that learns nothing."""
    return {
        "head": head,
        "replan_steps": config.replan_steps,
        "sources": closure((REFERENCES[head].__module__, *task_modules(split.task, split.robot))),
    }


def outside_state(config: RunConfig, met: Met) -> dict[str, Any]:
    """The same for a policy of others: never its address. Weights behind a server show in what it answers, and in what its user says."""
    outside = met.outside
    module = "" if outside.protocol else outside.address.partition(":")[0]
    return {
        "policy": outside.protocol or outside.address,
        "version": outside.version,
        "says": outside.metadata,
        "answers": met.answer,
        "keys": json.loads(outside.keys),
        "image_px": config.image_size,
        "replan_steps": config.replan_steps,
        "sources": closure((f"{OUTSIDE}.local", module) if module else (f"{OUTSIDE}.policy",)) | closure(("rollouts/loading.py",)),
    }
