"""Train one of lerobot's policies on a dump and write its chunks for every validation window. Runs in the environment with lerobot."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import torch
from lerobot.datasets.factory import resolve_delta_timestamps
from lerobot.policies.factory import make_pre_post_processors
from torch import Tensor
from tqdm import tqdm

from parity.dump import Dump, load
from parity.lerobot_data import IMAGE, read, write
from parity.lerobot_policies import GRIDS, WIDTHS, feature_map, make_policy, sample_chunks
from parity.loops import Loop, lerobot_loop, our_loop

SAVE_SECONDS = 300
"""Between two copies of the training state, which is three times the policy."""
USED = (IMAGE, "observation.state", "action", "action_is_pad")


def main() -> None:
    args = _parser().parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    dumps = {name: load(args.dumps / f"{name}.npz") for name in ("train", "validation")}
    for name, dump in dumps.items():
        if not (root := args.dumps / f"lerobot-{name}").exists():
            write(dump, root)
    train_set = read(args.dumps / "lerobot-train")
    torch.manual_seed(args.seed)
    channels = sum(level.shape[1] for level in dumps["train"].levels)
    policy = make_policy(args.policy, args.size, args.inputs, train_set.meta.features, channels, device)
    before, after = make_pre_post_processors(policy.config, dataset_stats=train_set.meta.stats)
    rate = None if args.rate == "preset" else float(args.rate)
    if args.loop == "ours" and rate is None:
        raise SystemExit("--loop ours --rate preset: our loop has no rate of lerobot's; allowed: a number")
    loop = our_loop(policy, rate, args.steps) if args.loop == "ours" else lerobot_loop(policy, rate, args.steps)

    def windows(name: str) -> Callable[[np.ndarray], dict[str, Tensor]]:
        grid = GRIDS[args.policy] if args.inputs == "features" else None
        return _windows(args.dumps / f"lerobot-{name}", policy.config, dumps[name], grid)

    seconds = _train(policy, loop, windows("train"), len(dumps["train"]), before, args)
    tested = policy if loop.average is None else loop.average
    chunks = _predict(tested, windows("validation"), len(dumps["validation"]), before, after, args.batch)
    meta = {
        "version": f"lerobot {version('lerobot')}",
        "parameters": sum(p.numel() for p in policy.parameters()),
        "seconds_per_step": seconds,
    }
    partial = args.out.with_name(f".{args.out.stem}.partial.npz")
    np.savez(partial, chunks=chunks, meta=json.dumps(meta))
    partial.replace(args.out)
    _state(args.out).unlink(missing_ok=True)


def _windows(root: Path, config: Any, dump: Dump, grid: int | None) -> Callable[[np.ndarray], dict[str, Tensor]]:
    """Read every window of a data set once. Returns what makes a batch of frames; `grid`: of our features in place of the images."""
    dataset = read(root, resolve_delta_timestamps(config, read(root).meta))
    items = [dataset[index] for index in tqdm(range(len(dataset)), desc=f"read {root.name}")]
    kept = {name: torch.stack([item[name] for item in items]) for name in USED if name != IMAGE}
    if grid is None:
        images = torch.stack([(item[IMAGE] * 255).round().to(torch.uint8) for item in items])
        return lambda index: {**{name: value[index] for name, value in kept.items()}, IMAGE: images[index].float() / 255}
    levels = [torch.from_numpy(level) for level in dump.levels]
    time_axis = items[0][IMAGE].ndim == 4

    def features(index: np.ndarray) -> Tensor:
        found = feature_map([level[index] for level in levels], grid)
        return found[:, None] if time_axis else found

    return lambda index: {**{name: value[index] for name, value in kept.items()}, IMAGE: features(index)}


def _train(policy: Any, loop: Loop, windows: Callable, count: int, before: Callable, args: argparse.Namespace) -> float:
    """Seconds a step. The windows of a step are those that para_bench.optimisation.loop takes at that step with that seed."""
    path, done = _state(args.out), 0
    if path.exists():
        state = torch.load(path, weights_only=True, map_location=policy.config.device)
        done = state["step"]
        policy.load_state_dict(state["policy"])
        loop.optimiser.load_state_dict(state["optimiser"])
        if loop.average is not None:
            loop.average.load_state_dict(state["average"])
    bar = tqdm(range(done, args.steps), initial=done, total=args.steps, desc=args.out.stem, mininterval=1)
    started = saved = time.monotonic()
    policy.train()
    for step in bar:
        batch = before(windows(np.random.default_rng([args.seed, step]).integers(count, size=args.batch)))
        torch.manual_seed(args.seed * 1_000_003 + step)
        loss, _ = policy.forward(batch)
        loss.backward()
        loop.step(policy, step)
        bar.set_postfix(loss=f"{loss.item():.3f}", refresh=False)
        if time.monotonic() - saved > SAVE_SECONDS:
            _save(path, step + 1, policy, loop)
            saved = time.monotonic()
    seconds = time.monotonic() - started
    if done < args.steps:
        _save(path, args.steps, policy, loop)  # a run cut off while it samples need not train again
    return seconds / max(1, args.steps - done)


def _save(path: Path, step: int, policy: Any, loop: Loop) -> None:
    state = {"step": step, "policy": policy.state_dict(), "optimiser": loop.optimiser.state_dict()}
    if loop.average is not None:
        state["average"] = loop.average.state_dict()
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def _predict(policy: Any, windows: Callable, count: int, before: Callable, after: Callable, batch: int) -> np.ndarray:
    """Encoded chunks of every window. Shape (N, T, 6)."""
    torch.manual_seed(0)  # Diffusion Policy draws its first noise; one sample a window, as our head gives
    found = []
    for start in tqdm(range(0, count, batch), desc="predict"):
        given = windows(np.arange(start, min(start + batch, count)))
        seen = before({name: value for name, value in given.items() if not name.startswith("action")})
        found.append(after(sample_chunks(policy, seen)))
    return torch.cat(found).numpy()


def _state(out: Path) -> Path:
    return out.with_suffix(".pt")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--dumps", type=Path, required=True, help="folder of train.npz and validation.npz; the LeRobotDatasets go there")
    parser.add_argument("--out", type=Path, required=True, help="file of the chunks, .npz")
    parser.add_argument("--policy", choices=list(GRIDS), required=True)
    parser.add_argument("--inputs", choices=["features", "images"], default="features", help="our features, or images and a ResNet18")
    parser.add_argument("--size", choices=list(WIDTHS), default="default", help="lerobot's own widths, or those of our heads")
    parser.add_argument("--loop", choices=["lerobot", "ours"], default="lerobot", help="whose optimiser, schedule and averaging")
    parser.add_argument("--rate", default="preset", help="learning rate; `preset` is that of lerobot's configuration")
    parser.add_argument("--steps", type=int, default=1600)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--seed", type=int, default=0)
    return parser


if __name__ == "__main__":
    main()
