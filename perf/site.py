"""Speed of the result site: seconds to build it from many records, and to the first view of its pages in headless Chromium.

    python perf/site.py

The records are made up (every outcome by a fixed random stream) in the shape of a large run: three heads with five training seeds.
A page counts as shown when its table is there; each is opened in a fresh browser profile, so nothing comes out of a cache.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tyro
from playwright.sync_api import Browser, sync_playwright

from para_bench.benchmarks.splits import SPLITS
from para_bench.commands.site import Site
from para_bench.records import FILE_NAME, EpisodeRecord
from para_bench.types import to_dict

HEADS = {"para": 0.7, "global_token": 0.3, "diffusion": 0.1}
SEEDS = 5
REASONS = ("wrong_place", "not_grasped", "not_lifted", "misplaced", "unreachable")
PAGES = {
    "overview, the browser just started": "index.html",
    "overview": "./index.html",
    "split": "split-novel_view.html",
    "condition, 320 scenes x 15 policies": "condition.html#novel_view/view_angle/25",
    "scene": "scene.html#novel_view/view_angle/25/7",
    "two heads": "compare.html#novel_view/view_angle/25/para/global_token",
    "all episodes": "episodes.html",
}


@dataclass(frozen=True)
class Args:
    episodes: int = 320
    """Scenes of each condition; 320 make 52,800 episodes."""
    keep: Path | None = None
    """Where to leave the site."""


def write_records(folder: Path, episodes: int) -> int:
    """Both of the larger splits; returns the number of records."""
    rng, total = np.random.default_rng(0), 0
    for name in ("novel_view", "new_environment"):
        path = folder / name / FILE_NAME
        path.parent.mkdir(parents=True)
        with path.open("w") as file:
            for condition in SPLITS[name].all_conditions:
                for index in condition.indices(episodes):
                    for head, chance in HEADS.items():
                        for seed in range(SEEDS):
                            record = _record(name, condition.key, index, head, seed, rng.random() < chance, rng)
                            file.write(json.dumps(to_dict(record)) + "\n")
                            total += 1
    return total


def _record(split: str, key: tuple[str, str], index: int, head: str, seed: int, won: bool, rng: np.random.Generator) -> EpisodeRecord:
    return EpisodeRecord(
        suite_version="1",
        split=split,
        condition=key[0],
        level=key[1],
        scene_index=index,
        scene_hash=f"{split}-{key[0]}-{key[1]}-{index}",
        head=head,
        backbone="efficientnet_lite0",
        train_seed=seed,
        demos=256,
        success_once=won,
        success_at_end=won,
        stage="place" if won else "reach",
        reason="success" if won else str(rng.choice(REASONS)),
        steps=int(rng.integers(28, 49)),
        seconds=round(float(rng.uniform(0.3, 0.6)), 4),
        sim_seconds=round(float(rng.uniform(6, 15)), 4),
        grasp_error_m=round(float(rng.uniform(0, 0.1)), 5),
        place_error_m=round(float(rng.uniform(0, 0.2)), 5),
        checkpoint_hash=f"{head}-{seed}",
        config_hash="made-up",
        extra={"path_m": 0.5, "object_x_m": 0.12 + 0.15 * (index % 17) / 17, "object_y_m": -0.15 + 0.3 * (index % 19) / 19},
    )


def seconds_to_view(browser: Browser, address: str) -> float:
    """From asking for a page to its table being drawn."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    started = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector("table tbody tr")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    seconds = time.perf_counter() - started
    context.close()
    return seconds


def main(args: Args) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        total = write_records(root / "records", args.episodes)
        out = args.keep or root / "site"
        started = time.perf_counter()
        Site((root / "records",), out, pictures=False)()
        built = time.perf_counter() - started
        size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
        print(f"\n{total} episodes: built in {built:.1f} s, {size / 1e6:.1f} MB\n\n| page | s to first view |\n|---|---:|")
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            for name, page in PAGES.items():
                print(f"| {name} | {seconds_to_view(browser, f'{out.resolve().as_uri()}/{page}'):.2f} |")
            browser.close()


if __name__ == "__main__":
    main(tyro.cli(Args))
