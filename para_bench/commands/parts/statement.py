"""The fairness record that a finished run leaves in its folder."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from para_bench.commands.parts.fairness import Heads
from para_bench.records import EpisodeRecord
from para_bench.records.documents import read_json
from para_bench.report.checkpoints import CONFIG, find_folders
from para_bench.report.fairness.checkpoint import INFERENCE, checkpoint_facts
from para_bench.report.fairness.facts import Facts
from para_bench.report.fairness.policies import JSON, PolicyFacts, policies, read, write
from para_bench.rollouts.config import RunConfig
from para_bench.rollouts.policies import outside_checkpoint


def state(config: RunConfig, done: Iterable[EpisodeRecord]) -> list[PolicyFacts]:
    """Write the fairness record of a run that is finished into its folder; measures what one look costs where that is not known."""
    done = list(done)
    hashes, heads = {r.checkpoint_hash for r in done}, Heads(config.out)
    facts: dict[str, Facts] = {**_of_others(config)}
    for digest, folder in find_folders([config.out]).items():
        if digest in hashes:
            # a split may ask for another backbone than the run
            backbone = read_json(folder / CONFIG, lambda value: str(value["state"]["recipe"]["backbone"]), "as `para-bench run` wrote it")
            assert backbone  # the file is there: its folder was found by it
            if not (folder / INFERENCE).exists():
                from para_bench.rollouts.inference import measure  # loads torch

                measure(folder, backbone, config.image_size, config.backbone_weights, config.find_split().training)
            facts[digest] = checkpoint_facts(folder, heads)
    made = policies(done, facts, (*config.learned, *config.rows), heads)
    write(config.out / config.split, made)
    return made


def _of_others(config: RunConfig) -> dict[str, dict[str, Any]]:
    """What is known of policies that are not trained here: what they are given, and what a look costs."""
    known = {policy.checkpoint: policy.facts for policy in read(config.out / config.split / JSON)}
    facts: dict[str, dict[str, Any]] = {}
    for policy in config.policies:
        from para_bench.rollouts.inference import measure_outside  # loads torch
        from para_bench.rollouts.loading import outside_policy
        from para_bench.rollouts.meeting import meet

        met = meet(policy, config.image_size, config.replan_steps)
        digest = outside_checkpoint(config, met).hash
        own = getattr(outside_policy(met.outside, config.replan_steps), "facts", {})  # of a checkpoint of lerobot
        told = {**own, "sees": met.sees, "image_px": config.image_size}
        if "inference_ms" in (before := known.get(digest, {})):
            facts[digest] = {**before, **told}
        else:
            facts[digest] = told | measure_outside(met.outside, config.image_size, config.replan_steps, config.find_split().training)
    return facts
