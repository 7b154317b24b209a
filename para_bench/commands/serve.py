"""`para-bench serve`: one trained policy behind a websocket."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from tyro.conf import Positional

from para_bench.options import SEED, Range, check_file, refuse_idle

if TYPE_CHECKING:
    from para_bench.remote.server import PolicyServer

LOOPBACK = ("127.0.0.1", "::1", "localhost")
PRESETS = {"RGB": "ours_rgb", "RGB + calibration": "ours", "RGB-D + calibration": "ours_depth", "depth + calibration": "ours_depth"}
"""What a policy that sees so much reads."""


@dataclass(frozen=True)
class Serve:
    """Serve a checkpoint to clients of openpi's and of vla-eval's protocol.

    Ctrl-C ends it (docs/POLICIES.md). Whoever reaches the port may use the policy: there is no password.

    Example: para-bench serve runs --head para
    """

    results: Positional[Path]
    """A results folder with its checkpoints, or the folder of one checkpoint."""
    head: str = "para"
    """The head whose checkpoint is served."""
    seed: Annotated[int, SEED] = 0
    """Its training seed."""
    training: str | None = None
    """Name of the training set (default, left, grid, ...); needed if the head was trained on several."""
    backbone_weights: Path | None = None
    """The file of the backbone's weights that the run was given."""
    host: str = "127.0.0.1"
    """Where to listen: this machine alone, unless another address is named."""
    port: Annotated[int, Range(0, 65535)] = 8000
    """0 for any that is free."""

    def __call__(self) -> None:
        check_file("--backbone-weights", self.backbone_weights)

        import asyncio
        import sys

        import torch

        from para_bench.remote.server import VLA_EVAL_PATH
        from para_bench.report.checkpoints import find_trained

        torch.set_num_threads(1)  # the same arithmetic as a worker's
        folder = find_trained(self.results, self.head, self.seed, self.training)
        if folder == self.results:
            refuse_idle(self, ("head", "seed", "training"), f"with {folder}, which is one checkpoint")
        server = server_of(folder, self.backbone_weights)
        if self.host not in LOOPBACK:
            print(f"para-bench: WARNING: {self.host} is reached from other machines, and anybody there may use it", file=sys.stderr)

        def ready(port: int) -> None:
            place = f"{f'[{self.host}]' if ':' in self.host else self.host}:{port}"
            print(f"{folder.name}: openpi+ws://{place} and vla-eval+ws://{place}{VLA_EVAL_PATH} (Ctrl-C ends it)", flush=True)

        asyncio.run(server.run(self.host, self.port, ready))
        print(f"stopped after {server.looks} looks")


def server_of(folder: Path, weights: Path | None = None) -> PolicyServer:
    """Raises ParaBenchError where the checkpoint cannot be loaded."""
    from para_bench.remote.policy import KEYS, VERSION
    from para_bench.remote.server import PolicyServer
    from para_bench.report.checkpoints import recipe_of, weights_hash
    from para_bench.rollouts.policy import LearnedPolicy, load_policy
    from para_bench.training.saved import read_spec
    from para_bench.types import ACTIONS

    spec, recipe = read_spec(folder), recipe_of(folder)
    image_size = spec.features.image_size
    policy = load_policy(folder, recipe["backbone"], image_size, weights)
    sees = str(getattr(policy.head, "sees", "RGB"))
    metadata = {
        "server": "para-bench serve",
        "head": recipe["head"],
        VERSION: f"{recipe['head']} {weights_hash(folder)}",
        KEYS: PRESETS.get(sees, "ours"),
        "image_px": image_size,
        "sees": sees,
        "actions": ACTIONS.text,
    }
    return PolicyServer(lambda: LearnedPolicy(policy.backbone, policy.head), metadata, image_size, sees)
