"""Checkpoints that lie beside a baseline: the golden outcomes belong to their weights, byte for byte."""

from __future__ import annotations

from pathlib import Path

from para_bench.files import make_folder, write_bytes
from para_bench.report.checkpoints import weights_hash
from para_bench.report.gate.baselines import Baseline
from para_bench.training.saved import BACKBONE_WEIGHTS, CONFIG, WEIGHTS
from para_bench.types import ParaBenchError


def kept_folder(path: Path, head: str) -> Path:
    """Where the kept checkpoint of a head lies: in the folder beside the baseline that has its name."""
    return path.with_suffix("") / head


def refuse_other_checkpoints(path: Path, baseline: Baseline) -> None:
    """Raises ParaBenchError where a kept checkpoint is not the one that the baseline's outcomes were made with."""
    for head, golden in {v.head: v.checkpoint_hash for v in baseline.fixed}.items():
        weights = kept_folder(path, head) / WEIGHTS
        found = weights_hash(weights.parent) if weights.is_file() else "none"
        if found != golden:
            raise ParaBenchError(f"the kept checkpoint {weights} has hash {found}; allowed: {golden}, or --layer retrained to leave it out")


def keep_checkpoints(path: Path, baseline: Baseline, results: Path) -> None:
    """Copy the fixed layer's checkpoints from the results; one that is kept already stays."""
    for head, golden in {v.head: v.checkpoint_hash for v in baseline.fixed}.items():
        folder = kept_folder(path, head)
        if (folder / WEIGHTS).is_file() and weights_hash(folder) == golden:
            continue
        complete = (w.parent for w in sorted(results.rglob(WEIGHTS)) if (w.parent / CONFIG).is_file() and weights_hash(w.parent) == golden)
        source = next(complete, None)
        if source is None:
            raise ParaBenchError(
                f"no checkpoint of {head} with hash {golden} below {results}; "
                "allowed: --results with its checkpoints/, or --layer retrained"
            )
        make_folder(folder)
        for name in (CONFIG, WEIGHTS, BACKBONE_WEIGHTS):
            (folder / name).unlink(missing_ok=True)
            if (source / name).is_file():
                write_bytes(folder / name, (source / name).read_bytes())
