"""The fairness record that a finished run leaves in its folder."""

from __future__ import annotations

from collections.abc import Iterable

from para_bench.commands.parts.fairness import ABOUT
from para_bench.records import EpisodeRecord
from para_bench.records.documents import read_json
from para_bench.report.checkpoints import CONFIG, find_folders
from para_bench.report.fairness.checkpoint import INFERENCE, checkpoint_facts
from para_bench.report.fairness.policies import PolicyFacts, policies, write
from para_bench.rollouts.config import RunConfig


def state(config: RunConfig, done: Iterable[EpisodeRecord]) -> list[PolicyFacts]:
    """Write the fairness record of a run that is finished into its folder; measures what one look costs where that is not known."""
    done = list(done)
    hashes, heads = {r.checkpoint_hash for r in done}, ABOUT
    facts = {}
    for digest, folder in find_folders([config.out]).items():
        if digest in hashes:
            # a split may ask for another backbone than the run
            backbone = read_json(folder / CONFIG, lambda value: str(value["state"]["recipe"]["backbone"]), "as `para-bench run` wrote it")
            assert backbone  # the file is there: its folder was found by it
            if not (folder / INFERENCE).exists():
                from para_bench.rollouts.inference import measure  # loads torch

                measure(folder, backbone, config.image_size, config.backbone_weights)
            facts[digest] = checkpoint_facts(folder, heads)
    made = policies(done, facts, config.learned, heads)
    write(config.out / config.split, made)
    return made
