"""`para-bench serve`: one trained policy behind a websocket."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from tyro.conf import Positional

from para_bench.options import SEED, Range, check_file

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Serve:
    """Serve a checkpoint to clients of openpi's and of vla-eval's protocol, until Ctrl-C (docs/POLICIES.md).

    Whoever reaches the port may use the policy: there is no password. Example: para-bench serve runs --head para
    """

    results: Positional[Path]
    """A results folder with its checkpoints, or the folder of one checkpoint."""
    head: str = "para"
    """Whose checkpoint."""
    seed: Annotated[int, SEED] = 0
    """Of which training."""
    training: str | None = None
    """On which training set, where there are several (default, left, grid, ...)."""
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

        from para_bench.commands.parts.served import find_served, server_of
        from para_bench.remote.server import VLA_EVAL_PATH

        torch.set_num_threads(1)  # the same arithmetic as a worker's
        folder = find_served(self.results, self.head, self.seed, self.training)
        server = server_of(folder, self.backbone_weights)
        if self.host not in LOOPBACK:
            print(f"para-bench: WARNING: {self.host} is reached from other machines, and anybody there may use it", file=sys.stderr)

        def ready(port: int) -> None:
            place = f"{f'[{self.host}]' if ':' in self.host else self.host}:{port}"
            print(f"{folder.name}: openpi+ws://{place} and vla-eval+ws://{place}{VLA_EVAL_PATH} (Ctrl-C ends it)", flush=True)

        asyncio.run(server.run(self.host, self.port, ready))
        print(f"stopped after {server.looks} looks")
